"""The number of users that a matcher evaluates in a second."""

import datetime
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import segdsl
from benchmarks.report import Section, micro, table
from benchmarks.timing import Runner, race

REFERENCE = 'commercialIntent >= 0.6 and plan == "enterprise"'
EXPRESSIONS = {
    "the reference example": REFERENCE,
    "or, not, a list": 'plan in ["pro", "enterprise"] and not (seats < 5 or jailbreakDetected)',
    "more kinds of fields": 'lastSeen within 7d and (conversationCount > 5 or conversation.channel == "slack")',
}
NOW = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
User = Mapping[str, Any]


def users(random: Random, how_many: int) -> list[dict[str, Any]]:
    """Records; some match each expression, and some lack a field."""
    return [_user(random, number) for number in range(how_many)]


def _user(random: Random, number: int) -> dict[str, Any]:
    analysis = {"sentiment": random.random(), "commercialIntent": random.random()}
    properties = {"plan": random.choice(["free", "pro", "enterprise"]), "seats": random.randrange(50)}
    if random.random() < 0.1:
        analysis.popitem()
    seen = NOW - datetime.timedelta(days=random.randrange(30))
    return {
        "id": f"user-{number}",
        "analysis": analysis,
        "properties": properties,
        "flags": {"jailbreakDetected": random.random() < 0.1},
        "conversationProperties": {"channel": random.choice(["slack", "email"])},
        "conversationCount": random.randrange(20),
        "lastSeen": seen.isoformat(),
    }


def by_hand(user: User) -> bool | None:
    """The reference example written by hand, for comparison; it does not check the record."""
    intent = user.get("analysis", {}).get("commercialIntent")
    plan = user.get("properties", {}).get("plan")
    if intent is None or plan is None:
        return False if (intent is not None and intent < 0.6) or (plan is not None and plan != "enterprise") else None
    return bool(intent >= 0.6 and plan == "enterprise")


def matching(rounds: int) -> Section:
    """Matchers of expressions and of their filters, `evaluate`, and a function written by hand."""
    ways: dict[str, Callable[[User], object]] = {}
    for name, text in EXPRESSIONS.items():
        ways[f"`matcher` of {name}"] = segdsl.matcher(text, now=NOW)
    ways["`matcher` of the reference example's filters"] = segdsl.matcher(segdsl.compile(REFERENCE), now=NOW)
    tree = segdsl.parse(REFERENCE)
    ways["`evaluate` of the reference example's tree"] = lambda user: segdsl.evaluate(tree, user, now=NOW)
    ways["a function written by hand"] = by_hand
    random = Random(7)
    found = race({name: Runner(way, lambda calls: users(random, calls)) for name, way in ways.items()}, rounds)
    rows = [[name, micro(timing.median), f"{1 / timing.median:,.0f}"] for name, timing in found.items()]
    text = f"Users of about six fields, each seen once: `{REFERENCE}` and others.\n\n" + table(
        ["", "µs for a user", "users a second"], rows
    )
    measures = {
        "users": 1 / found["`matcher` of the reference example"].median,
        "mixed users": 1 / found["`matcher` of or, not, a list"].median,
    }
    return Section("Matching users", text, measures)

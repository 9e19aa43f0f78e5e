"""Users with conversations, expressions with scope clauses, and a model that tries the compiled rules one by one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import segdsl
from segdsl.sql.dialects import dialect_named
from segdsl.sql.expression import typed
from segdsl.sql.mapping import Mapping
from segdsl.sql.statements import Statements

from .sql_engines import Engine

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PRODUCTS = ("182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e", "00000000-0000-4000-8000-000000000001")
CONDITIONS = (
    "sentiment < 0.4", "sentiment >= 0.5", "jailbreakDetected", "not jailbreakDetected", "conversationCount >= 2",
    "conversationCount == 0", "lastSeen within 7d", "lastSeen before 30d", 'plan == "pro"', 'plan != "pro"',
    'conversation.channel == "slack"', 'conversation.channel != "web"', 'conversation.channel contains "a"',
    'conversation.channel not in ["slack", "web"]', 'conversation.channel in ["mail", "web"]',
    "1 < conversation.length < 9", "not (conversation.length > 4)", "conversation.length == 5",
)  # fmt: skip
SCOPES = (
    "", " during 7d", " during 30d", " during all", " from 2026-02-01", " to 2026-02-20",
    " from 2026-02-01 to 2026-03-01", " to 2026-03-05T12:00:00Z",
    f' for product "{PRODUCTS[0]}"', f' during 90d for product "{PRODUCTS[1].upper()}"',
)  # fmt: skip
Conversation = tuple[int, datetime, str | None, float | None, bool | None, str | None, int | None]


def expression(random: Random) -> str:
    def condition(depth: int) -> str:
        if depth == 0 or random.random() < 0.4:
            return random.choice(CONDITIONS)
        parts = [condition(depth - 1) for _ in range(2)]
        text = f"({random.choice([' and ', ' or ']).join(parts)})"
        return f"not {text}" if random.random() < 0.2 else text

    return condition(2) + random.choice(SCOPES)


def conversations(random: Random) -> list[Conversation]:
    return [
        (
            random.randrange(14),  # more than there are users
            NOW - timedelta(minutes=15 * random.randrange(4 * 24 * 100)),
            random.choice([None, *PRODUCTS]),
            random.choice([None, 0.25, 0.5, 0.75]),
            random.choice([None, False, True]),
            random.choice([None, "slack", "web", "mail"]),
            random.choice([None, 1, 5, 9]),
        )
        for _ in range(random.choice([0, 5, 30]))
    ]


def in_scope(filters: dict[str, Any], held: list[Conversation]) -> list[Conversation]:
    dates, products = filters.get("dateRange", {}), filters.get("productIds")
    if dates.get("preset", "all") != "all":
        held = [one for one in held if one[1] >= NOW - timedelta(days=int(dates["preset"][:-1]))]
    if "from" in dates:
        held = [one for one in held if one[1] >= moment(dates["from"])]
    if "to" in dates:
        end = dates["to"]
        held = [
            one
            for one in held
            if (one[1] < moment(end) + timedelta(days=1) if len(end) == 10 else one[1] <= moment(end))
        ]
    return [one for one in held if products is None or one[2] in products]


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_member(text: str, plan: str | None, held: list[Conversation]) -> bool:
    """Whether a segment that the expression compiles to has the user: each of its rules holds by itself."""
    for filters in segdsl.compile_all(text, max_segments=200):
        data = filters.to_dict()
        scoped = in_scope(data, held)
        moods = [one[3] for one in scoped if one[3] is not None]
        flags = [one[4] for one in scoped if one[4] is not None]
        user = {
            "analysis": {"sentiment": sum(moods) / len(moods) if moods else None},
            "flags": {"jailbreakDetected": any(flags) if flags else None},
            "properties": {"plan": plan},
            "conversationCount": len(scoped),
            "lastSeen": max(one[1] for one in held).isoformat() if held else None,
        }

        def holds(rule: dict[str, Any], user: dict[str, Any] = user, scoped: list[Conversation] = scoped) -> bool:
            one = segdsl.Filters.from_dict({"rules": [rule]})
            told = [user]
            if rule["type"] == "conversation_property":
                told = [user | {"conversationProperties": {"channel": row[5], "length": row[6]}} for row in scoped]
            return any(segdsl.evaluate(one, each, NOW) is True for each in told)

        if all(map(holds, data["rules"])):
            return True
    return False


def sayable(random: Random, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        text = expression(random)
        try:
            segdsl.compile_all(text, max_segments=200)
        except segdsl.CompileError:
            continue
        found.append(text)
    return found


# ── the same in SQL ────────────────────────────────────────────────────────────────────────────────────────────────

USER_COLUMNS = (("id", "integer"), ("plan", "string"))
FIELDS = {
    "sentiment": "mood", "jailbreakDetected": "jb", "conversation.channel": "channel", "conversation.length": "length",
}  # fmt: skip


def mapping_of(at: str) -> Mapping:
    """The tables of `fill`; `at` is the type of the moment."""
    moment = {"column": "started", "type": at}
    conversations = {"user": "owner", "at": moment, "product": "product", "columns": FIELDS}
    return Mapping.from_dict({"id": "id", "columns": {"plan": "plan"}, "conversations": conversations})


def fill(engine: Engine, at: str, plans: list[str | None], held: list[Conversation]) -> None:
    """Makes the tables of users and of their conversations."""
    columns = [
        ("owner", "integer"), ("started", at), ("product", "string"), ("mood", "number"), ("jb", "boolean"),
        ("channel", "string"), ("length", "integer"),
    ]  # fmt: skip
    kept: dict[str, Callable[[datetime], Any]] = {
        "timestamptz": lambda moment: moment,
        "timestamp": lambda moment: moment.replace(tzinfo=None),
        "epoch": lambda moment: moment.timestamp(),
        "epoch_ms": lambda moment: round(moment.timestamp() * 1000),
    }
    engine.fill("users", USER_COLUMNS, list(enumerate(plans)))
    engine.fill("conversations", columns, [(one[0], kept[at](one[1]), *one[2:]) for one in held])


def members_by_sql(engine: Engine, at: str, texts: list[str]) -> tuple[list[set[int]], list[int]]:
    """The users whom the condition of each expression picks, and the members that one statement counts."""
    segments = [(f"s{number}", typed(text)) for number, text in enumerate(texts)]
    statements = Statements(segments, mapping_of(at), dialect_named(engine.dialect), NOW)
    id_ = engine.quoted("id")
    picked = [
        {int(row[0]) for row in engine.query(f"SELECT {id_} FROM users WHERE {condition}")}
        for condition in statements.where()
    ]
    counts = {str(name): int(members) for name, _, members, *_ in engine.query(statements.count())}
    return picked, [counts[name] for name, _ in segments]


def members_by_rules(texts: list[str], plans: list[str | None], held: list[Conversation]) -> list[set[int]]:
    """The users in a segment of each expression."""
    of = [[one for one in held if one[0] == user] for user in range(len(plans))]
    return [{user for user, plan in enumerate(plans) if is_member(text, plan, of[user])} for text in texts]

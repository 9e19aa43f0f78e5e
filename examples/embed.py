"""Embedding segdsl: the code behind a screen where people type who they want to reach.

One function for each step: check the text while it is typed, store it in one spelling, show the members, and make the
JSON for the API. Run it: `python examples/embed.py`.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import segdsl

SCHEMA = segdsl.Schema(properties={"plan": ["free", "pro", "enterprise"], "seats": "integer", "company": "string"})
"""The properties that this product sends. With them, a typo in a name or value is an error, not an empty segment."""

DEFINITIONS = {"engaged": "conversationCount >= 5 and lastSeen within 7d"}
"""Parts that people may use by name: `@engaged`."""

USERS: list[dict[str, Any]] = [
    {
        "id": "ada",
        "analysis": {"commercialIntent": 0.9},
        "properties": {"plan": "enterprise"},
        "conversationCount": 12,
        "lastSeen": "2026-05-30T10:00:00Z",
    },
    {"id": "bob", "analysis": {"commercialIntent": 0.2}, "properties": {"plan": "free"}, "conversationCount": 40},
    {"id": "cleo", "analysis": {"commercialIntent": 0.7}},
]
NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def marks(text: str) -> list[dict[str, Any]]:
    """What to underline in the text field, and what to say beside it; empty when all is well.

    `check` never raises for a bad text, finds all errors at once, and counts characters. `compile` accepts every text
    in which `check` with `max_segments=1` finds no error.
    """
    return [
        {"from": one.span.start, "to": one.span.end, "level": one.severity, "says": one.message, "try": list(one.help)}
        for one in segdsl.check(text, SCHEMA, definitions=DEFINITIONS, max_segments=1)
    ]


def tidy(text: str) -> str:
    """The same expression in its one canonical spelling, as it should be stored."""
    return segdsl.unparse(segdsl.parse(text))


def preview(text: str, users: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of the members. Unknown (None) is not a member: a user without a plan matches no plan."""
    matches = segdsl.matcher(text, now=NOW, schema=SCHEMA, definitions=DEFINITIONS)
    return [user["id"] for user in users if matches(user)]


def request_body(name: str, text: str) -> dict[str, Any]:
    """The JSON that creates the segment; `segdsl.Client().create_segment(segment)` would send just that."""
    filters = segdsl.compile(text, SCHEMA, definitions=DEFINITIONS)
    return segdsl.Segment(name=name, filters=filters).to_dict()


def main() -> None:
    """One good text and two bad ones, as the screen might get them."""
    print("── checked while it is typed")
    for mark in marks('comercialIntent >= 0.6 and plan == "entreprise"'):
        print(f"{mark['from']:>3}–{mark['to']:<3} {mark['says']}; try: {'; '.join(mark['try'])}")

    text = 'commercialIntent>=0.6   AND (plan=="enterprise") && @engaged'
    print("\n── kept as\n" + tidy(text))
    print("\n── would hold\n" + ", ".join(preview(text, USERS)))
    print(
        "\n── why one user matches\n"
        + str(segdsl.explain_evaluation(text, USERS[1], NOW, SCHEMA, definitions=DEFINITIONS))
    )
    print("\n── sent as\n" + json.dumps(request_body("High intent", text)))

    print("\n── outside values are bound as parameters, never pasted in")
    plan = 'pro" or seats > 0 or plan == "free'
    print(segdsl.compile("plan == $plan", params={"plan": plan}).to_json().decode())

    print("\n── what the API cannot say in one segment")
    either = 'plan == "pro" or seats >= 10'
    try:
        segdsl.compile(either, SCHEMA)
    except segdsl.CompileError as error:
        print(error)
    for number, filters in enumerate(segdsl.compile_all(either, SCHEMA), start=1):
        print(f"{number}. {segdsl.unparse(segdsl.decompile(filters))}")


if __name__ == "__main__":
    main()

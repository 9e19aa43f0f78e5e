"""The content of the docs' playground: declarations, examples and people, all made up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from segdsl.semantics.schema import Schema
from segdsl.studio.session import Content, NamedText, People, Session

SCHEMA = Schema(
    properties={
        "plan": ["free", "trial", "pro", "enterprise"],
        "seats": "integer",
        "company": "string",
        "isInternal": "boolean",
        "signedUp": "date",
    },
    conversation_properties={"channel": ["web", "slack", "email"], "locale": "string"},
)

DEFINITIONS = (
    NamedText("engaged", "conversationCount >= 5 and lastSeen within 14d"),
    NamedText("paying", 'plan in ["pro", "enterprise"] and not isInternal'),
)

EXAMPLES = (
    NamedText("High intent on the enterprise plan", 'commercialIntent >= 0.6 and plan == "enterprise"'),
    NamedText("Frustrated paying users, seen this week", "@paying and frustration >= 0.7 and lastSeen within 7d"),
    NamedText("Trials that went quiet", 'plan == "trial" and 1 <= conversationCount <= 2 and lastSeen before 1w'),
    NamedText("Ready for a larger plan", 'plan == "pro" and seats >= 10 and commercialIntent > 0.5 and @engaged'),
    NamedText("Needs two segments", 'plan == "free" and (sentiment < 0.2 or frustration > 0.8)'),
    NamedText("Mistakes that a click fixes", 'plan == "entreprise" and commercialintent => 0.6 and @engagd'),
    NamedText("German companies, by Slack or e-mail", 'company contains "GmbH" and conversation.channel != "web"'),
)

_PEOPLE: dict[str, tuple[float | None, dict[str, Any]]] = {
    "Ada": (0.2, {
        "analysis": {"sentiment": 0.6, "commercialIntent": 0.82, "frustration": 0.1, "rating": 5},
        "flags": {"jailbreakDetected": False, "hallucinationDetected": False},
        "properties": {"plan": "enterprise", "seats": 240, "company": "Anker GmbH", "isInternal": False,
                       "signedUp": "2024-03-11"},
        "conversationProperties": {"channel": "slack", "locale": "de"}, "conversationCount": 41,
    }),
    "Ben": (2.5, {
        "analysis": {"sentiment": 0.2, "commercialIntent": 0.35, "frustration": 0.85, "rating": 2},
        "flags": {"jailbreakDetected": False, "missingCapabilityDetected": True},
        "properties": {"plan": "pro", "seats": 12, "company": "Cedar Ltd", "isInternal": False,
                       "signedUp": "2025-01-20"},
        "conversationProperties": {"channel": "email", "locale": "en"}, "conversationCount": 17,
    }),
    "Chloé": (1.0, {
        "analysis": {"sentiment": 0.6, "commercialIntent": 0.71, "frustration": 0.2},
        "flags": {"jailbreakDetected": False},
        "properties": {"plan": "pro", "seats": 35, "company": "Fjord SARL", "isInternal": False,
                       "signedUp": "2025-06-02"},
        "conversationProperties": {"channel": "web", "locale": "fr"}, "conversationCount": 9,
    }),
    "Dmitri": (23.0, {
        "analysis": {"sentiment": 0.5, "commercialIntent": 0.4, "frustration": 0.45},
        "properties": {"plan": "trial", "seats": 3, "company": "Birke GmbH", "isInternal": False},
        "conversationProperties": {"channel": "email", "locale": "de"}, "conversationCount": 2,
    }),
    "Emeka": (0.5, {
        "analysis": {"sentiment": 0.05, "frustration": 0.9, "rating": 1},
        "flags": {"userToxicityDetected": True, "jailbreakDetected": True},
        "properties": {"plan": "free", "seats": 1, "isInternal": False},
        "conversationProperties": {"channel": "web", "locale": "en"}, "conversationCount": 6,
    }),
    "Fatima": (3.2, {
        "analysis": {"sentiment": 0.55, "commercialIntent": 0.9, "frustration": 0.3, "rating": 4},
        "flags": {"jailbreakDetected": False},
        "properties": {"plan": "trial", "seats": 8, "company": "Delta Inc", "isInternal": False},
        "conversationProperties": {"channel": "slack", "locale": "en"}, "conversationCount": 7,
    }),
    "Goran": (60.0, {
        "analysis": {"sentiment": 0.4, "commercialIntent": 0.2},
        "properties": {"plan": "pro", "company": "Elm AB", "isInternal": False, "signedUp": "2023-10-05"},
        "conversationCount": 30,
    }),
    "Hana": (5.0, {
        "analysis": {"sentiment": 0.7, "commercialIntent": 0.65, "frustration": 0.05, "rating": 5},
        "properties": {"plan": "enterprise", "seats": 900, "company": "Harbour Ltd", "isInternal": False},
        "conversationProperties": {"channel": "slack", "locale": "ja"}, "conversationCount": 112,
    }),
    "Iris": (0.1, {
        "analysis": {"sentiment": 0.4, "commercialIntent": 0.99, "frustration": 0.75},
        "properties": {"plan": "enterprise", "seats": 20, "isInternal": True},
        "conversationProperties": {"channel": "web", "locale": "en"}, "conversationCount": 55,
    }),
    "Jürgen": (11.0, {
        "analysis": {"frustration": 0.72, "commercialIntent": 0.5, "rating": 3},
        "flags": {"hallucinationDetected": True},
        "properties": {"plan": "pro", "seats": 10, "company": "Granit GmbH", "isInternal": False},
        "conversationProperties": {"channel": "slack", "locale": "de"}, "conversationCount": 5,
    }),
    "Kim": (None, {"properties": {"plan": "free", "seats": 1}, "conversationCount": 0}),
    "Lúcia": (6.5, {
        "analysis": {"sentiment": 0.9, "commercialIntent": 0.62, "frustration": 0.0},
        "properties": {"seats": 4, "company": "Juniper Inc", "isInternal": False, "signedUp": "2026-02-14"},
        "conversationProperties": {"channel": "web", "locale": "pt"}, "conversationCount": 3,
    }),
}  # fmt: skip
"""By name: how many days ago a person was last seen (None: never), and the rest of the record for `evaluate`."""


def people(now: datetime) -> People:
    """The made-up people at the moment `now`."""

    def seen(days: float | None) -> dict[str, str]:
        return {} if days is None else {"lastSeen": f"{now - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"}

    records = tuple({"id": name, **record, **seen(days)} for name, (days, record) in _PEOPLE.items())
    return People("made-up people", len(records), records)


def playground(now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Session:
    """The session of the playground."""
    content = Content(schema=SCHEMA, definitions=DEFINITIONS, examples=EXAMPLES, people=people(now()))
    return Session(content, now=now)

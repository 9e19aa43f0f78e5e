"""The built-in names as data, and what every name of the language stands for (page create-segment of the API reference)."""

import json
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct


class Kind(StrEnum):
    """What a field is; each kind is one `type` of rule."""

    METRIC = "metric"
    FLAG = "flag"
    COUNT = "count"
    LAST_SEEN = "last_seen"
    PROPERTY = "property"
    CONVERSATION_PROPERTY = "conversation_property"


class Field(Struct, frozen=True):
    """Something that is known about a user: its kind, and its name or key on the wire."""

    kind: Kind
    key: str


SCALES: dict[str, tuple[int, int] | None] = {
    "sentiment": (0, 1),
    "frustration": (0, 1),
    "struggle": (0, 1),
    "commercialIntent": (0, 1),
    "cqi": (0, 100),
    "rating": None,
}
"""The metrics, each with its documented scale; that of `rating` is not documented."""

FLAGS = (
    "jailbreakDetected",
    "hallucinationDetected",
    "userToxicityDetected",
    "modelToxicityDetected",
    "userBiasDetected",
    "modelBiasDetected",
    "missingCapabilityDetected",
)

BUILT_INS: dict[str, Field] = {
    **{name: Field(Kind.METRIC, name) for name in SCALES},
    **{name: Field(Kind.FLAG, name) for name in FLAGS},
    "conversationCount": Field(Kind.COUNT, "conversationCount"),
    "lastSeen": Field(Kind.LAST_SEEN, "lastSeen"),
}

NAMESPACES = {"user": Kind.PROPERTY, "conversation": Kind.CONVERSATION_PROPERTY}


@lru_cache(maxsize=4096)
def field_of(name: str) -> Field:
    """What a name in its canonical spelling (`plan`, `user.plan`, `user["-x"]`) stands for."""
    if name in BUILT_INS:
        return BUILT_INS[name]
    bracket = name.find("[")
    if bracket > 0:
        return Field(NAMESPACES[name[:bracket]], json.loads(name[bracket + 1 : -1]))
    namespace, _, key = name.partition(".")
    if key and namespace in NAMESPACES:
        return Field(NAMESPACES[namespace], key)
    return Field(Kind.PROPERTY, name)


def is_bare(name: str) -> bool:
    """Whether a name is written without `user.` or `conversation.`, so that it may be a slip for a built-in one."""
    return name.partition(".")[0].partition("[")[0] not in NAMESPACES

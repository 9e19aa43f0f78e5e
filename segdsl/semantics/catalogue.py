"""The built-in names as data, and what every name stands for (page create-segment of the API reference)."""

from typing import ClassVar

from msgspec import Struct

from segdsl.syntax.memoize import memoize


class Kind(str):
    """What a field is; each kind is one `type` of rule. (An enum, but for its hash, which is on every hot path.)"""

    __slots__ = ()
    METRIC: ClassVar["Kind"]
    FLAG: ClassVar["Kind"]
    COUNT: ClassVar["Kind"]
    LAST_SEEN: ClassVar["Kind"]
    PROPERTY: ClassVar["Kind"]
    CONVERSATION_PROPERTY: ClassVar["Kind"]


Kind.METRIC = Kind("metric")
Kind.FLAG = Kind("flag")
Kind.COUNT = Kind("count")
Kind.LAST_SEEN = Kind("last_seen")
Kind.PROPERTY = Kind("property")
Kind.CONVERSATION_PROPERTY = Kind("conversation_property")


class Field(Struct, frozen=True, cache_hash=True):
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
_NAMESPACED = tuple(namespace + sign for namespace in NAMESPACES for sign in ".[")


@memoize
def field_of(name: str) -> Field:
    """What a name in its canonical spelling (`plan`, `user.plan`, `user["-x"]`) stands for."""
    if name in BUILT_INS:
        return BUILT_INS[name]
    bracket = name.find("[")
    if bracket > 0:
        return Field(NAMESPACES[name[:bracket]], name[bracket + len('["') : -len('"]')])
    namespace, _, key = name.partition(".")
    if key and namespace in NAMESPACES:
        return Field(NAMESPACES[namespace], key)
    return Field(Kind.PROPERTY, name)


def is_bare(name: str) -> bool:
    """Whether a name is written without `user.` or `conversation.`, so that it may be a slip for a built-in one."""
    return not name.startswith(_NAMESPACED)

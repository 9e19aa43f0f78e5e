"""The built-in names and the operators as data, after the page create-segment of the API reference.

Nothing else states them. Signatures, opposites, mirrored signs, the API's words, wording, the guide,
the JSON schema of configs and the checks of wire data read these tables. Adding a metric is one line of `METRICS`.
"""

from typing import ClassVar

from msgspec import Struct

# ── kinds of fields ──────────────────────────────────────────────────────────────────────────────────────────────────


class Kind(str):
    """The kind of a field; each kind is one `type` of rule.

    Not an enum: hot paths hash it, and an enum's hash is slow.
    """

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


class KindWords(Struct, frozen=True):
    """The words for a kind: one field of it, several, in a sentence about a name, and its operators for an error."""

    one: str
    several: str
    sentence: str
    operators: str


_ORDERED = "`==`, `!=`, `<`, `<=`, `>`, `>=`, `between` and `in`"
_PROPERTY = "`==`, `!=`, `<`, `<=`, `>`, `>=`, `between`, `in` and `contains`"
KIND_WORDS: dict[Kind, KindWords] = {
    Kind.METRIC: KindWords("a metric", "metrics", "a metric", _ORDERED),
    Kind.FLAG: KindWords("a flag", "flags", "a flag: true or false", "`==`, `!=`, `is`, or its name alone"),
    Kind.COUNT: KindWords("a count", "the conversation count", "the number of conversations", _ORDERED),
    Kind.LAST_SEEN: KindWords(
        "a moment",
        "lastSeen",
        "when the user was last seen",
        "`within` and `before`, as in `lastSeen within 7d`",
    ),
    Kind.PROPERTY: KindWords("a user property", "user properties", "a user property", _PROPERTY),
    Kind.CONVERSATION_PROPERTY: KindWords(
        "a conversation property", "conversation properties", "a conversation property", _PROPERTY
    ),
}

# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Field(Struct, frozen=True, cache_hash=True):
    """A fact about a user: its kind, and its name or key on the wire."""

    kind: Kind
    key: str


METRICS: dict[str, tuple[int, int] | None] = {
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
    **{name: Field(Kind.METRIC, name) for name in METRICS},
    **{name: Field(Kind.FLAG, name) for name in FLAGS},
    "conversationCount": Field(Kind.COUNT, "conversationCount"),
    "lastSeen": Field(Kind.LAST_SEEN, "lastSeen"),
}

SYNONYMS: dict[str, str] = {
    **dict.fromkeys("stars starrating".split(), "rating"),
    **dict.fromkeys("mood".split(), "sentiment"),
    **dict.fromkeys("jailbreakattempt jailbreakattempted".split(), "jailbreakDetected"),
    **dict.fromkeys("buyingintent purchaseintent".split(), "commercialIntent"),
    **dict.fromkeys("conversationquality conversationqualityindex".split(), "cqi"),
    **dict.fromkeys("numberofconversations numconversations totalconversations".split(), "conversationCount"),
    **dict.fromkeys(
        "lastactive lastactiveat lastactivity lastactivityat lastlogin lastloginat lastonline lastonlineat lastseenat "
        "lastvisit lastvisitat".split(),
        "lastSeen",
    ),
}
"""What people call a built-in, in lower case without `_` and `-`.

It is taken for the built-in only where that has the operator and takes the literal; a declared name always wins.
Entries are added in minor versions only, because each one refuses a name that was a user property before.
"""

NAMESPACES = {"user": Kind.PROPERTY, "conversation": Kind.CONVERSATION_PROPERTY}
NAMESPACE_OF = {kind: namespace for namespace, kind in NAMESPACES.items()}
PROPERTY_KINDS = frozenset(NAMESPACE_OF)


def scale_of(field: Field) -> tuple[int, int] | None:
    """The documented scale of a metric; None for every other field."""
    return METRICS.get(field.key) if field.kind is Kind.METRIC else None


# ── operators ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Operator(Struct, frozen=True):
    """An operator between a name and a literal.

    `opposite` is what `not` makes of it, `mirrored` the sign with the sides exchanged, `verb` how it is read aloud.
    `metric` and `property` are the API's words for it on those kinds of fields: the operator holds if any of them does.
    `count` is the API's word and the step from the literal to the rule's integer; `whole` likewise for a property that
    is declared an integer.
    """

    sign: str
    opposite: str
    verb: str
    mirrored: str | None = None
    metric: tuple[str, ...] = ()
    property: tuple[str, ...] = ()
    count: tuple[str, int] | None = None
    whole: tuple[str, int] | None = None


OPERATORS: dict[str, Operator] = {
    row.sign: row
    for row in (
        Operator("==", "!=", "is", "==", ("eq",), ("eq",)),
        Operator("!=", "==", "is not", "!=", ("lt", "gt"), ("neq",)),
        Operator("<", ">=", "is less than", ">", ("lt",), ("lt",), ("lte", -1)),
        Operator("<=", ">", "is at most", ">=", ("lte",), ("lt", "eq"), ("lte", 0), ("lt", 1)),
        Operator(">", "<=", "is more than", "<", ("gt",), ("gt",), ("gte", 1)),
        Operator(">=", "<", "is at least", "<=", ("gte",), ("gt", "eq"), ("gte", 0), ("gt", -1)),
        Operator("in", "not in", "is one of"),
        Operator("not in", "in", "is none of"),
        Operator("contains", "not contains", "contains", property=("contains",)),
        Operator("not contains", "contains", "does not contain"),
        Operator("within", "before", "is at most"),
        Operator("before", "within", "is more than"),
    )
}

OPPOSITES = {row.sign: row.opposite for row in OPERATORS.values()}
MIRRORED = {row.sign: row.mirrored for row in OPERATORS.values() if row.mirrored}
"""The sign with the same meaning when the sides change places: `3 < seats` is `seats > 3`."""

SIGNS = {"=": "==", "<>": "!=", **{sign: sign for sign in ("==", "!=", "<", "<=", ">", ">=")}}
"""For each spelling of a comparison sign, the one that a tree holds."""

_EQUALITY, _ORDER, _LISTS = ("==", "!="), ("<", "<=", ">", ">="), ("in", "not in")
_TEXT, _RECENCY = ("contains", "not contains"), ("within", "before")
_NUMERIC: dict[str, tuple[str, ...]] = dict.fromkeys((*_EQUALITY, *_ORDER, *_LISTS), ("number",))
_ANY = {
    **dict.fromkeys((*_EQUALITY, *_LISTS), ("string", "number", "boolean")),
    **dict.fromkeys(_ORDER, ("string", "number")),
    **dict.fromkeys(_TEXT, ("string",)),
}
TAKES: dict[Kind, dict[str, tuple[str, ...]]] = {
    Kind.METRIC: _NUMERIC,
    Kind.COUNT: _NUMERIC,
    Kind.FLAG: dict.fromkeys(_EQUALITY, ("boolean",)),
    Kind.LAST_SEEN: dict.fromkeys(_RECENCY, ("duration",)),
    Kind.PROPERTY: _ANY,
    Kind.CONVERSATION_PROPERTY: _ANY,
}
"""For each kind its operators, and for each operator the types of literal that it takes (of a list's items)."""

"""Which operators a kind of field has, and which literals they take: one table, and the words for what it refuses."""

from msgspec import Struct

from segdsl.semantics.catalogue import SCALES, Field, Kind, field_of, is_bare
from segdsl.semantics.names import near_miss
from segdsl.syntax.literals import shortened
from segdsl.syntax.memoize import memoize
from segdsl.syntax.nodes import Date, Duration

EQUALITY = ("==", "!=")
ORDER = ("<", "<=", ">", ">=")
LISTS = ("in", "not in")
TEXT = ("contains", "not contains")
RECENCY = ("within", "before")

_NUMBER = frozenset([int, float])
_STRING = frozenset([str])
_BOOLEAN = frozenset([bool])
_SCALAR = _NUMBER | _STRING | _BOOLEAN
_PROPERTY = {
    **dict.fromkeys((*EQUALITY, *LISTS), _SCALAR),
    **dict.fromkeys(ORDER, _NUMBER | _STRING),
    **dict.fromkeys(TEXT, _STRING),
}
_NUMERIC = dict.fromkeys((*EQUALITY, *ORDER, *LISTS), _NUMBER)

SIGNATURES: dict[Kind, dict[str, frozenset[type]]] = {
    Kind.METRIC: _NUMERIC,
    Kind.COUNT: _NUMERIC,
    Kind.FLAG: dict.fromkeys(EQUALITY, _BOOLEAN),
    Kind.LAST_SEEN: dict.fromkeys(RECENCY, frozenset([Duration])),
    Kind.PROPERTY: _PROPERTY,
    Kind.CONVERSATION_PROPERTY: _PROPERTY,
}
"""For each kind its operators, and for each operator the types of literal."""

KIND_WORDS = {
    Kind.METRIC: "a metric",
    Kind.COUNT: "a count",
    Kind.FLAG: "a flag",
    Kind.LAST_SEEN: "a moment",
    Kind.PROPERTY: "a user property",
    Kind.CONVERSATION_PROPERTY: "a conversation property",
}
_OPERATOR_WORDS = {
    Kind.METRIC: "`==`, `!=`, `<`, `<=`, `>`, `>=`, `between` and `in`",
    Kind.COUNT: "`==`, `!=`, `<`, `<=`, `>`, `>=`, `between` and `in`",
    Kind.FLAG: "`==`, `!=`, `is`, or its name alone",
    Kind.LAST_SEEN: "`within` and `before`, as in `lastSeen within 7d`",
    Kind.PROPERTY: "`==`, `!=`, `<`, `<=`, `>`, `>=`, `between`, `in` and `contains`",
    Kind.CONVERSATION_PROPERTY: "`==`, `!=`, `<`, `<=`, `>`, `>=`, `between`, `in` and `contains`",
}
_TYPE_WORDS: dict[type, str] = {
    str: "a string", int: "a number", float: "a number", bool: "a boolean", Duration: "a duration", Date: "a date",
}  # fmt: skip
_STORED = "properties hold strings, numbers and booleans; quote it if it is stored as text"
_HELP_FOR_TYPES: dict[tuple[frozenset[type], type], str] = {
    (_NUMBER, str): "write the number without quotes",
    (_BOOLEAN, str): "write `true` or `false` without quotes",
    (_BOOLEAN, int): "write `true` or `false`",
    (frozenset([Duration]), str): "write the duration without quotes: 7d",
    (frozenset([Duration]), int): "give the number its unit: 30m, 24h, 7d or 2w",
    (frozenset([Duration]), Date): "say how long ago it was, such as 30d",
    **{(kinds, kind): _STORED for kinds in (_SCALAR, _NUMBER | _STRING, _STRING) for kind in (Date, Duration)},
    (_STRING, int): "put it in quotes",
    (_STRING, float): "put it in quotes",
}


class Objection(Struct, frozen=True):
    """Why a comparison does not fit: a code, the part to point at (name, operator or value), a message, the way out."""

    code: str
    part: str
    message: str
    help: tuple[str, ...] = ()


def type_words(kind: type) -> str:
    """What a person calls a literal of the type."""
    return _TYPE_WORDS.get(kind, "a value of another kind")


@memoize
def signature(name: str, operator: str, literal: type, declared: bool) -> tuple[Field, Objection | None]:
    """What the name stands for, and whether it can be compared so. `declared` names are no slips for built-in ones."""
    field = field_of(name)
    if field.kind is Kind.PROPERTY and not declared and is_bare(name) and (meant := near_miss(name)):
        return field, Objection(
            "near-miss",
            "name",
            f"`{name}` is not a built-in name; did you mean `{meant}`?",
            (f"write `{meant}`", f"if it is a user property, insist on it with `user.{name}`"),
        )
    return field, unfit(field, name, operator, literal)


def unfit(field: Field, name: str, operator: str, literal: type) -> Objection | None:
    """Why the field cannot be compared with such a literal by the operator; None when it can."""
    accepted = SIGNATURES[field.kind].get(operator)
    if accepted is None:
        return without_operator(field, name, operator, literal)
    if literal in accepted:
        return None
    *others, last = dict.fromkeys(type_words(kind) for kind in (str, int, bool, Duration) if kind in accepted)
    wanted = f"{', '.join(others)} or {last}" if others else last
    if operator in TEXT:
        message = f"`{shortened(name)} {operator}` takes {wanted}, not {type_words(literal)}"
    else:
        message = f"`{shortened(name)}` is compared with {wanted}, not with {type_words(literal)}"
    if accepted == _NUMBER | _STRING and literal is bool:
        return Objection("wrong-type", "value", message, ("booleans are only equal or not: use `==` or `!=`",))
    help_ = _HELP_FOR_TYPES.get((accepted, literal))
    return Objection("wrong-type", "value", message, (help_,) if help_ else ())


def without_operator(field: Field, name: str, operator: str, literal: type) -> Objection:
    """The objection to an operator that the field's kind does not have; the advice may depend on the literal's type."""
    message = f"`{shortened(name)}` is {KIND_WORDS[field.kind]}, which has no `{operator}`"
    return Objection("wrong-operator", "operator", message, _operator_help(field, operator, literal))


def _operator_help(field: Field, operator: str, literal: type) -> tuple[str, ...]:
    if field.kind is Kind.LAST_SEEN and operator in ("<", "<=", ">", ">="):
        is_date = literal in (Date, str)
        lately = (operator[0] == ">") is is_date  # after a date, or less than a time ago
        ago = " (how long ago, not a date)" if is_date else ""
        return (f"write `lastSeen {'within' if lately else 'before'} 7d`{ago}",)
    return (f"{KIND_WORDS[field.kind]} takes {_OPERATOR_WORDS[field.kind]}",)


def scale_of(field: Field) -> tuple[int, int] | None:
    """The documented scale of a metric."""
    return SCALES.get(field.key) if field.kind is Kind.METRIC else None


def example(field: Field) -> str:
    """A condition on a field that is neither true nor false by itself."""
    if field.kind is Kind.LAST_SEEN:
        return "lastSeen within 7d"
    scale = scale_of(field)
    return f"{field.key} > {(scale[0] + scale[1]) / 2:g}" if scale else f"{field.key} >= 3"

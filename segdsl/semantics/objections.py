"""Why a comparison does not fit: its name, its operator, the type of its literal, the literal itself."""

from typing import Any

from msgspec import Struct

from segdsl.catalogue import KIND_WORDS, OPERATORS, TAKES, Field, Kind, scale_of
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.semantics.names import field_of, is_bare, near_miss, nearest
from segdsl.semantics.schema import DeclaredType, Schema
from segdsl.syntax import literals
from segdsl.syntax.literals import shortened
from segdsl.syntax.nodes import Date, Duration


class Objection(Struct, frozen=True):
    """Why a comparison does not fit: a code, the part to point at (name, operator or value), a message, the way out."""

    code: str
    part: str
    message: str
    help: tuple[str, ...] = ()


# ── the name ───────────────────────────────────────────────────────────────────────────────────────────────────────


def near_miss_objection(name: str) -> Objection | None:
    """The objection to a bare, undeclared name that is probably a slip for a built-in one."""
    meant = near_miss(name) if is_bare(name) and field_of(name).kind is Kind.PROPERTY else None
    if meant is None:
        return None
    return Objection(
        "near-miss",
        "name",
        f"`{name}` is not a built-in name; did you mean `{meant}`?",
        (f"write `{meant}`", f"if it is a user property, insist on it with `user.{name}`"),
    )


_MOST_SHOWN = 8  # declared keys or values named in a message


def undeclared(schema: Schema, field: Field) -> Objection | None:
    """The objection to a property that is not declared where properties are."""
    if schema.is_declared(field):
        return None
    of_user = field.kind is Kind.PROPERTY
    what = "user property" if of_user else "conversation property"
    declared = list(schema.keys(field.kind))
    meant = nearest(field.key, declared)
    if meant:
        help_ = f"did you mean `{meant if of_user else f'conversation.{meant}'}`?"
    elif declared:
        help_ = f"declared are {_some([f'`{shortened(key)}`' for key in declared])}"
    else:
        help_ = f"no {what} is declared"
    return Objection("undeclared-property", "name", f"there is no {what} `{shortened(field.key)}`", (help_,))


# ── the operator and the type of the literal ───────────────────────────────────────────────────────────────────────

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "duration": (Duration,),
}
"""The Python types of each type of literal that the catalogue names."""

SIGNATURES: dict[Kind, dict[str, frozenset[type]]] = {
    kind: {sign: frozenset(type_ for word in words for type_ in TYPES[word]) for sign, words in taken.items()}
    for kind, taken in TAKES.items()
}
"""For each kind its operators, and for each operator the Python types of literal that it takes."""

_TYPE_WORDS: dict[type, str] = {
    **{type_: f"a {word}" for word, types in TYPES.items() for type_ in types},
    Date: "a date",
}
_STORED = "properties hold strings, numbers and booleans; quote it if it is stored as text"
_HELP_FOR_TYPES: dict[tuple[tuple[str, ...], type], str] = {
    (("number",), str): "write the number without quotes",
    (("boolean",), str): "write `true` or `false` without quotes",
    (("boolean",), int): "write `true` or `false`",
    (("duration",), str): "write the duration without quotes: 7d",
    (("duration",), int): "give the number its unit: 30m, 24h, 7d or 2w",
    (("duration",), Date): "say how long ago it was, such as 30d",
    **{
        (taken, type_): _STORED
        for taken in (("string", "number", "boolean"), ("string", "number"), ("string",))
        for type_ in (Date, Duration)
    },
    **dict.fromkeys(((("string", "number"), bool),), "booleans are only equal or not: use `==` or `!=`"),
    (("string",), int): "put it in quotes",
    (("string",), float): "put it in quotes",
}


def type_words(type_: type) -> str:
    """What a person calls a literal of the type."""
    return _TYPE_WORDS.get(type_, "a value of another kind")


def unfit(field: Field, name: str, operator: str, literal: type) -> Objection | None:
    """Why the operator cannot compare the field with a literal of the type; None when it can."""
    taken = TAKES[field.kind].get(operator)
    if taken is None:
        return without_operator(field, name, operator, literal)
    if literal in SIGNATURES[field.kind][operator]:
        return None
    *others, last = [f"a {word}" for word in taken]
    wanted = f"{', '.join(others)} or {last}" if others else last
    if "contains" in operator:
        message = f"`{shortened(name)} {operator}` takes {wanted}, not {type_words(literal)}"
    else:
        message = f"`{shortened(name)}` is compared with {wanted}, not with {type_words(literal)}"
    help_ = _HELP_FOR_TYPES.get((taken, literal))
    return Objection("wrong-type", "value", message, (help_,) if help_ else ())


def without_operator(field: Field, name: str, operator: str, literal: type) -> Objection:
    """The objection to an operator that the field's kind does not have; the advice may depend on the literal's type."""
    message = f"`{shortened(name)}` is {KIND_WORDS[field.kind].one}, which has no `{operator}`"
    return Objection("wrong-operator", "operator", message, _operator_help(field, operator, literal))


def _operator_help(field: Field, operator: str, literal: type) -> tuple[str, ...]:
    if field.kind is Kind.LAST_SEEN and operator in ("<", "<=", ">", ">="):
        is_date = literal in (Date, str)
        lately = (operator[0] == ">") is is_date  # after a date, or less than a time ago
        ago = " (how long ago, not a date)" if is_date else ""
        return (f"write `lastSeen {'within' if lately else 'before'} 7d`{ago}",)
    words = KIND_WORDS[field.kind]
    return (f"{words.one} takes {words.operators}",)


def example(field: Field) -> str:
    """A condition on a field that is neither true nor false by itself."""
    if field.kind is Kind.LAST_SEEN:
        return "lastSeen within 7d"
    scale = scale_of(field)
    return f"{field.key} > {(scale[0] + scale[1]) / 2:g}" if scale else f"{field.key} >= 3"


# ── the literal itself ─────────────────────────────────────────────────────────────────────────────────────────────

_DECLARED_TYPES = {**TYPES, "integer": TYPES["number"]}


def misfit(declared: DeclaredType | None, field: Field, name: str, operator: str, value: Any) -> Objection | None:
    """Why a literal of a type that the operator takes does not fit the field all the same."""
    if field.kind is Kind.COUNT and type(wire_value(value)) is not int:
        return Objection("wrong-type", "value", f"`{shortened(name)}` is a whole number, and {value!r} is not")
    found = _declared_misfit(declared, name, operator, value) if declared else None
    if found is None and _names_a_neighbour(declared, field, operator) and abs(value) >= MAX_SAFE_INTEGER:
        message = f"whole numbers next to {value} are beyond ±(2^53−1), where the server would round them"
        return Objection("number-out-of-range", "value", message)
    return found


def _names_a_neighbour(declared: DeclaredType | None, field: Field, operator: str) -> bool:
    """Whether the rule for the comparison names the integer next to its literal."""
    if field.kind is Kind.COUNT:
        return operator in ("<", ">", "!=", "not in")
    return declared == "integer" and OPERATORS[operator].whole is not None


def _declared_misfit(declared: DeclaredType, name: str, operator: str, value: Any) -> Objection | None:
    kind = declared if isinstance(declared, str) else "string"
    if type(value) not in _DECLARED_TYPES[kind]:
        article = "an" if kind == "integer" else "a"
        message = f"`{shortened(name)}` is declared as {article} {kind}, and this is {type_words(type(value))}"
        return Objection("wrong-type", "value", message)
    if kind == "integer" and type(wire_value(value)) is not int:
        return Objection(
            "wrong-type", "value", f"`{shortened(name)}` is declared as an integer, and {value!r} is not whole"
        )
    if isinstance(declared, tuple) and operator in ("==", "!=", "in", "not in") and value not in declared:
        meant = nearest(value, declared)
        shown = _some([literals.quote(one) for one in declared])
        help_ = f"did you mean {literals.quote(meant)}?" if meant else f"declared are {shown}"
        message = f"`{literals.quote(shortened(value))}` is not among the values of `{shortened(name)}`"
        return Objection("not-allowed-value", "value", message, (help_,))
    return None


def _some(words: list[str]) -> str:
    return ", ".join(words[:_MOST_SHOWN]) + (" and others" if len(words) > _MOST_SHOWN else "")


def wire_value(value: Any) -> Any:
    """A literal as the wire has it: `5.0` is 5, a duration is its text."""
    kind = type(value)
    if kind is float:
        return int(value) if value.is_integer() and abs(value) <= MAX_SAFE_INTEGER else value
    return value.text if kind is Duration else value

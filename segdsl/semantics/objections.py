"""Objections to a comparison: to its name, its operator, the type of its literal, or the literal; with help."""

from collections.abc import Callable, Iterable
from math import ceil, floor
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from segdsl.catalogue import (
    BUILT_INS,
    KIND_WORDS,
    NAMESPACE_OF,
    NAMESPACES,
    OPERATORS,
    PROPERTY_KINDS,
    TAKES,
    Field,
    Kind,
    scale_of,
)
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.semantics import dates
from segdsl.semantics.names import (
    field_of,
    in_record,
    is_bare,
    is_one_edit,
    name_everywhere,
    near_miss,
    nearest,
    partly,
    spelled_as_path,
    synonym,
)
from segdsl.semantics.readings import boolean_in, day_in, duration_in, number_in
from segdsl.semantics.schema import DeclaredType, Schema
from segdsl.syntax import literals
from segdsl.syntax.literals import shortened
from segdsl.syntax.names import (
    NO_CONDITIONS,
    NULL_WORDS,
    ONLY_LAST_SEEN,
    PRESENCE,
    TIME,
    bound_of,
    folded,
    present,
    share_help,
    spelling,
)
from segdsl.syntax.nodes import Date, Duration
from segdsl.syntax.printer import literal as written

# ── help ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Change(Struct, frozen=True):
    """A fix of a comparison: a new name, operator or literal, or `between` two dates instead of operator and literal.

    A tuple in place of a literal is a list; in place of one item of a list it is several.

    `safe` says that its author certainly meant the result; `remark` follows the new text in the fix's title.
    """

    name: str | None = None
    operator: str | None = None
    value: Any | UnsetType = UNSET
    between: tuple[Date, Date] | None = None
    safe: bool = False
    remark: str = ""


class Declaration(Struct, frozen=True):
    """Help in the host's schema: its advice to declare a property of the type, between other words."""

    field: Field
    type: str
    before: str
    after: str = ""


GivenWay = Change | Declaration | str | None
Way = GivenWay | Callable[[Any], GivenWay]
"""A help; a function returns the one for the value of a literal. None and "" are no help."""


class Objection(Struct, frozen=True):
    """An objection to a comparison: a code, the part to point at (name, operator or value), a message, and help.

    A `Change` that would lead to another objection is not offered.
    """

    code: str
    part: str
    message: str
    ways: tuple[Way, ...] = ()


def with_article(noun: str) -> str:
    """The noun with `a` or `an`."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def _or(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


# ── the name ───────────────────────────────────────────────────────────────────────────────────────────────────────

ABSENCE = "the API cannot ask for users who lack something: every condition leaves them out, negated or not"
"""The help wherever people ask for missing values."""


def name_objection(name: str, operator: str, literal: type, schema: Schema) -> Objection | None:
    """The objection to an undeclared name that probably means something other than a user property."""
    if not is_bare(name) or field_of(name).kind is not Kind.PROPERTY:
        return _path(name, schema) if name.startswith("user.properties.") else None
    if name.lower() in NULL_WORDS:
        message = f"`{name}` cannot be a name; {ABSENCE}"
        return Objection("bad-name", "name", message, (_presence(schema), insist(name, schema)))
    meant = near_miss(name)
    if meant is not None:
        if folded(name) == "ratings" and not fits(meant, operator, literal):
            return None
        return _slip(name, [meant], schema)
    return _path(name, schema) or _other_words(name, operator, literal, schema)


def _presence(schema: Schema) -> str:
    """The help for users who have a property at all, with a declared one as the example if there are any."""
    declared = schema.declared(Kind.PROPERTY)
    types = {"plan": "string"} if declared is None else declared
    if not types:
        return "for users who have something at all, compare it: `conversationCount >= 1`"
    key = next(
        (key for key, type_ in types.items() if type_ == "string" or isinstance(type_, tuple)), next(iter(types))
    )
    name, type_ = shortened(name_everywhere(Field(Kind.PROPERTY, key))), types[key]
    of_text = " (all but the empty text)" if not isinstance(type_, str) or type_ == "string" else ""
    condition = present(name, type_ if isinstance(type_, str) else "string")
    return f"for users who have a property at all, compare it: `{condition}`{of_text}"


def fits(built_in: str, operator: str, literal: type) -> bool:
    """Whether the built-in name has the operator, and takes a literal of the type with it."""
    return literal in SIGNATURES[BUILT_INS[built_in].kind].get(operator, ())


def _slip(name: str, meant: list[str], schema: Schema) -> Objection:
    message = f"`{shortened(name)}` is not a built-in name; did you mean {_or(f'`{one}`' for one in meant)}?"
    if len(meant) > 1:
        return Objection(
            "near-miss", "name", message, (f"write {_or(f'`{one}`' for one in meant)}", insist(name, schema))
        )
    return Objection(
        "near-miss", "name", message, (Change(meant[0], safe=is_one_edit(name, meant[0])), insist(name, schema))
    )


def insist(name: str, schema: Schema) -> str | None:
    """The help that says how an undeclared name is read as a user property; None if properties must be declared."""
    if schema.declared(Kind.PROPERTY) is not None:
        return None
    return f"if it is a user property, insist on it with `{shortened(spelling('user', name))}`"


def _path(name: str, schema: Schema) -> Objection | None:
    """A name that is a path in the API's JSON or in a user record."""
    if found := spelled_as_path(name):
        wanted = spelling(*found)
        message = f"`{shortened(name)}` is a path in a record; here the property is `{shortened(wanted)}`"
        return Objection("near-miss", "name", message, (Change(wanted), insist(name.removeprefix("user."), schema)))
    inside = in_record(name)
    meant = inside if inside in BUILT_INS else near_miss(inside) if inside else None
    if meant is None:
        return None
    message = f"`{shortened(name)}` is a path in a record; here it is `{meant}`"
    return Objection("near-miss", "name", message, (Change(meant), insist(name, schema)))


def _other_words(name: str, operator: str, literal: type, schema: Schema) -> Objection | None:
    """A part of a built-in name, or another word for it, if operator and literal fit the built-in."""
    meant = [one for one in partly(name) if fits(one, operator, literal)]
    if meant:
        return _slip(name, meant, schema)
    other = synonym(name)
    if other is None or scale_of(BUILT_INS[other]) is not None:  # for a metric with a scale it depends on the number
        return None
    if fits(other, operator, literal):
        return _slip(name, [other], schema)
    recency = RECENCY.get(operator) if other == "lastSeen" and literal is Duration else None
    if recency is None:
        return None
    message = f"`{shortened(name)}` is not a built-in name; did you mean `lastSeen`?"
    return Objection("near-miss", "name", message, (Change("lastSeen", recency), insist(name, schema)))


def synonym_with_scale(name: str, operator: str, literal: type) -> str | None:
    """The metric for which a name may be another word, if the number is on the metric's scale."""
    other = synonym(name) if is_bare(name) else None
    return other if other and scale_of(BUILT_INS[other]) and fits(other, operator, literal) else None


def synonym_misfit(name: str, metric: str, schema: Schema, value: Any) -> Objection | None:
    """The objection to another word for a metric, compared with a number on its scale."""
    low, high = scale_of(BUILT_INS[metric]) or (0, 0)
    return _slip(name, [metric], schema) if low <= value <= high else None


_MOST_SHOWN = 8  # the most declared keys or values in a message


def undeclared(schema: Schema, field: Field, literal: type) -> Objection | None:
    """The objection to an undeclared property, if properties are declared."""
    if schema.is_declared(field):
        return None
    of_user = field.kind is Kind.PROPERTY
    what = "user property" if of_user else "conversation property"
    declared = list(schema.keys(field.kind))
    meant, why = _meant(schema, field)
    ways: list[Way] = []
    if meant:
        alike = folded(field_of(meant).key) == folded(field.key)
        ways.append(Change(meant, safe=alike, remark=why))
    elif declared:
        ways.append(f"declared are {_some([f'`{shortened(key)}`' for key in declared])}")
    else:
        ways.append(f"no {what} is declared")
    type_ = next((word for word, types in TYPES.items() if literal in types and word != "duration"), "date")
    ways.append(Declaration(field, type_, "or, if there is one, "))
    message = f"there is no {what} `{shortened(field.key)}`"
    return Objection("undeclared-property", "name", message, tuple(ways))


def _meant(schema: Schema, field: Field) -> tuple[str | None, str]:
    """The name that an undeclared one probably means; and its kind in words, if the kind is another one."""
    other = Kind.CONVERSATION_PROPERTY if field.kind is Kind.PROPERTY else Kind.PROPERTY
    own, others = nearest(field.key, schema.keys(field.kind)), nearest(field.key, schema.keys(other))
    if own and (others is None or folded(own) == folded(field.key) or folded(others) != folded(field.key)):
        return name_everywhere(Field(field.kind, own)), ""
    if others:
        return name_everywhere(Field(other, others)), f", {KIND_WORDS[other].one}"
    for name in (field.key, f"{NAMESPACE_OF[field.kind]}{field.key}"):
        if built_in := near_miss(name):
            return built_in, f", {KIND_WORDS[BUILT_INS[built_in].kind].sentence}"
    return None, ""


# ── a name alone ───────────────────────────────────────────────────────────────────────────────────────────────────

_ALONE = {
    TIME: "for when a user was last seen, write `lastSeen within 1d`; other moments are fixed dates: 2026-01-31",
    "everybody": "a segment needs a condition: everybody who has a conversation is `conversationCount >= 1`",
    "order": "a comparison has a sign and a value: `rating >= 4`",
}


def not_a_condition(field: Field, name: str, schema: Schema) -> Objection | None:
    """The objection to a name alone: that of a number or moment, or an undeclared word such as `unknown` or `today`."""
    if field.kind in (Kind.METRIC, Kind.COUNT, Kind.LAST_SEEN):
        message = f"`{shortened(name)}` alone is neither true nor false"
        return Objection("not-a-condition", "name", message, (f"compare it: `{_example(field)}`",))
    topic = NO_CONDITIONS.get(name.lower())
    if topic is None or schema.type_of(field) is not None:
        return None
    help_ = f"{_presence(schema)}; {ABSENCE}" if topic == PRESENCE else _ALONE[topic]
    return Objection("not-a-condition", "name", f"`{name}` alone is not a condition", (help_, insist(name, schema)))


def _example(field: Field) -> str:
    """A condition on a field that is neither true nor false by itself."""
    if field.kind is Kind.LAST_SEEN:
        return "lastSeen within 7d"
    scale = scale_of(field)
    return f"{field.key} > {(scale[0] + scale[1]) / 2:g}" if scale else f"{field.key} >= 3"


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

RECENCY = {"<": "within", "<=": "within", ">": "before", ">=": "before", "within": "within", "before": "before"}
"""The operator of `lastSeen` for a comparison with a duration: less than that long ago, or longer."""

_TYPE_WORDS: dict[type, str] = {
    **{type_: with_article(word) for word, types in TYPES.items() for type_ in types},
    Date: "a date",
}
_UNQUOTED, _QUOTED = ", without quotes", ", in quotes"


def type_words(type_: type) -> str:
    """The words for a literal of the type."""
    return _TYPE_WORDS.get(type_, "a value of another kind")


def unfit(
    field: Field, name: str, operator: str, literal: type, declared: DeclaredType | None = None
) -> Objection | None:
    """Why the operator cannot compare the field with a literal of the type; None if it can."""
    taken = TAKES[field.kind].get(operator)
    if taken is None or (declared == "date" and "contains" in operator):
        return without_operator(field, name, operator, literal, declared)
    if literal in SIGNATURES[field.kind][operator] or (literal is Date and declared == "date"):
        return None
    wanted = _or(map(with_article, taken))
    if scale := scale_of(field):
        wanted += f" from {scale[0]} to {scale[1]}"
    if "contains" in operator:
        message = f"`{shortened(name)} {operator}` takes {wanted}, not {type_words(literal)}"
    else:
        message = f"`{shortened(name)}` is compared with {wanted}, not with {type_words(literal)}"
    return Objection("wrong-type", "value", message, tuple(_ways_for_type(field, operator, taken, literal)))


def _ways_for_type(field: Field, operator: str, taken: tuple[str, ...], literal: type) -> Iterable[Way]:
    if literal is Duration:
        yield from _recency_of_property(field, operator)
    elif literal is Date and "string" in taken:
        yield lambda value: Change(value=value.text, remark=_QUOTED)
        if "contains" not in operator:
            yield Declaration(field, "date", "or, if it holds dates, ", "; then it is written without quotes")
    elif taken == ("duration",):
        yield from _ways_to_duration(literal)
    elif taken == ("number",) and literal is str:
        yield lambda value: _to_number(field, operator, value)
    elif taken == ("boolean",):
        yield _to_boolean
    elif taken == ("string",) and literal in (int, float):
        yield _to_string
    elif literal is bool and "string" in taken:
        yield "booleans are only equal or not: use `==` or `!=`"


def _recency_of_property(field: Field, operator: str) -> Iterable[Way]:
    """A duration beside a property: its author means the last visit, or nothing that can be said."""
    recency = RECENCY.get(operator)
    if recency and (folded(field.key) == "lastseen" or synonym(field.key) == "lastSeen"):
        yield Change("lastSeen", recency)
    yield ONLY_LAST_SEEN


def _ways_to_duration(literal: type) -> Iterable[Way]:
    if literal is str:
        yield _to_duration
    elif literal in (int, float):
        yield "give the number its unit: 30m, 24h, 7d or 2w"
    else:
        yield "say how long ago it was, such as 30d"


def _to_duration(value: Any) -> Change | str:
    found = duration_in(value)
    return (
        Change(value=found, safe=True, remark=_UNQUOTED)
        if found
        else "say how long ago it was, without quotes, such as 7d or 24h"
    )


def _to_number(field: Field, operator: str, value: Any, name: str = "", declared: str = "") -> Change | str:
    """The number that a text means, or help with a bound; `declared` is the type of a property called `name`."""
    found = number_in(value, scale_of(field))
    if found is not None:
        return Change(value=found, remark=_UNQUOTED)
    negated = operator in ("!=", "not in")
    bound = bound_of(name or field.key, value, declared, negated=negated) if operator in OF_VALUES else None
    return bound or share_help(value) or "write a number without quotes"


def _to_boolean(value: Any) -> Change | str:
    found = boolean_in(value)
    remark = _UNQUOTED if isinstance(value, str) else ""
    return "write `true` or `false`" if found is None else Change(value=found, safe=True, remark=remark)


def _to_string(value: Any) -> Change | None:
    return (
        Change(value=written(value), remark=_QUOTED)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else None
    )


def without_operator(
    field: Field, name: str, operator: str, literal: type, declared: DeclaredType | None = None
) -> Objection:
    """The objection to an operator that the field does not have; the help may depend on the literal's type."""
    what = KIND_WORDS[field.kind].one if declared != "date" else "declared as a date"
    message = f"`{shortened(name)}` is {what}, which has no `{operator}`"
    return Objection(
        "wrong-operator", "operator", message, tuple(_ways_for_operator(field, operator, literal, declared))
    )


def _ways_for_operator(field: Field, operator: str, literal: type, declared: DeclaredType | None) -> Iterable[Way]:
    if operator == "before" and field.kind in PROPERTY_KINDS and literal in (Date, str):
        yield lambda value: _to_earlier(value, declared)
    if declared == "date" and literal is Duration:
        yield ONLY_LAST_SEEN
    elif declared == "date":
        yield "a date takes `==`, `!=`, `<`, `<=`, `>`, `>=`, `between` and `in`"
    elif operator in ("within", "before") and field.kind in NAMESPACES.values():
        yield from _recency_of_property(field, operator)
    elif field.kind is Kind.LAST_SEEN and operator in ("<", "<=", ">", ">="):
        if literal is Duration:
            yield Change(operator=RECENCY[operator])
        elif literal in (Date, str):
            yield lambda value: _to_recency(operator, value)
            word = "within" if operator[0] == ">" else "before"
            yield f"say how long ago it was, not when: `lastSeen {word} 7d`"
        else:
            yield f"give the number its unit: `lastSeen {RECENCY[operator]} 7d`"
    else:
        words = KIND_WORDS[field.kind]
        yield f"{words.one} takes {words.operators}"


def _to_earlier(value: Any, declared: DeclaredType | None) -> Change | None:
    """`opened before 2026-01-31`."""
    text = value.text if type(value) is Date else value
    if literals.instant(text) is None:
        return None
    return Change(operator="<", value=text if declared is None else UNSET)


def _to_recency(operator: str, value: Any) -> Change | None:
    found = duration_in(value) if isinstance(value, str) else None
    return None if found is None else Change(operator=RECENCY[operator], value=found)


# ── the literal itself ─────────────────────────────────────────────────────────────────────────────────────────────

_DECLARED_TYPES: dict[str, tuple[type, ...]] = {**TYPES, "integer": TYPES["number"], "date": (str, Date)}
OF_VALUES = ("==", "!=", "in", "not in")
OF_SEVERAL = {"==": "in", "!=": "not in"}
"""The operator that takes a list in place of one value."""

_ROUNDED: dict[str, Callable[[float], int]] = {">": floor, ">=": ceil, "<": ceil, "<=": floor}
"""The whole number meant by a bound between two whole numbers."""


def misfit(declared: DeclaredType | None, field: Field, name: str, operator: str, value: Any) -> Objection | None:
    """Why a literal does not fit the field, although the operator takes its type."""
    is_whole = field.kind is Kind.COUNT or declared == "integer"
    if is_whole and type(value) is float and value.is_integer() and abs(value) > MAX_SAFE_INTEGER:
        message = f"`{value!r}` is beyond ±{MAX_SAFE_INTEGER}, where the server would round it"
        return Objection("number-out-of-range", "value", message)
    if field.kind is Kind.COUNT and type(wire_value(value)) is not int:
        message = f"`{shortened(name)}` is a whole number, and {value!r} is not"
        return Objection("wrong-type", "value", message, _to_whole(operator, value))
    found = _declared_misfit(declared, field, name, operator, value) if declared else None
    if found is None and _names_a_neighbour(declared, field, operator) and abs(value) >= MAX_SAFE_INTEGER:
        message = f"whole numbers next to {value} are beyond ±(2^53−1), where the server would round them"
        return Objection("number-out-of-range", "value", message)
    return found


def _to_whole(operator: str, value: float) -> tuple[Way, ...]:
    rounded = _ROUNDED.get(operator)
    if rounded is None:
        return ("no whole number is equal to it",)
    return (Change(value=rounded(value), safe=True),)


def _names_a_neighbour(declared: DeclaredType | None, field: Field, operator: str) -> bool:
    """Whether the rule for the comparison names the integer next to its literal."""
    if field.kind is Kind.COUNT:
        return operator in ("<", ">", "!=", "not in")
    return declared == "integer" and OPERATORS[operator].whole is not None


def _declared_misfit(declared: DeclaredType, field: Field, name: str, operator: str, value: Any) -> Objection | None:
    kind = declared if isinstance(declared, str) else "string"
    if type(value) not in _DECLARED_TYPES[kind]:
        message = f"`{shortened(name)}` is declared as {with_article(kind)}, and this is {type_words(type(value))}"
        ways = _ways_to_declared(declared, kind, field, name, operator, value)
        return Objection("wrong-type", "value", message, tuple(ways))
    if kind == "integer" and type(wire_value(value)) is not int:
        message = f"`{shortened(name)}` is declared as an integer, and {value!r} is not whole"
        return Objection("wrong-type", "value", message, _to_whole(operator, value))
    if kind == "date":
        return _date_misfit(name, value.text if type(value) is Date else value)
    is_presence = operator == "!=" and value == ""  # all users who have a value
    if isinstance(declared, tuple) and operator in OF_VALUES and value not in declared and not is_presence:
        return _not_allowed(declared, name, operator, value)
    return None


def _ways_to_declared(
    declared: DeclaredType, kind: str, field: Field, name: str, operator: str, value: Any
) -> Iterable[Way]:
    if kind == "date" and type(value) in (int, float):
        yield _to_days(name, operator, value)
    elif kind in ("number", "integer") and type(value) is str:
        yield _to_number(field, operator, value, name, kind)
    elif kind == "boolean":
        yield _to_boolean
    elif type(value) is not bool:
        yield _to_string
    elif isinstance(declared, tuple):
        yield f"declared are {_some([literals.quote(one) for one in declared])}"
    else:
        yield f"compare it with {with_article(kind)}"


def _to_days(name: str, operator: str, value: float) -> Change | str:
    """A year beside a date: its days, or the one of its ends that the bound means."""
    if value not in _YEARS:
        return "write a day as 2026-01-31"
    first, last = Date(f"{value:.0f}-01-01"), Date(f"{value:.0f}-12-31")
    if operator in ("==", "in"):
        return Change(between=(first, last))
    if operator in _ENDS_OF_YEAR:
        return Change(value=(first, last)[_ENDS_OF_YEAR[operator]])
    return f"write `not {shortened(name)} between {first.text} and {last.text}`"


_YEARS = range(1900, 2101)
_ENDS_OF_YEAR = {"<": 0, ">=": 0, ">": 1, "<=": 1}
"""The first or last day of a year that a bound means."""


def _date_misfit(name: str, text: str) -> Objection | None:
    """Why a text is not a date, for a property that holds dates."""
    problem = dates.date_problem(text)
    if problem is None:
        return None
    shown = f"{shortened(text)}" if literals.instant(text) else literals.quote(shortened(text))
    ways: list[Way] = []
    if literals.instant(text):
        ways.append(Change(value=Date(dates.in_utc(text)), safe=problem == "is not in UTC"))
    elif day := day_in(text):
        ways.append(Change(value=Date(day)))
    else:
        ways.append("write a day as 2026-01-31, or a moment in UTC as 2026-01-31T14:30:00Z")
        ways.append(ONLY_LAST_SEEN)
    return Objection(
        "wrong-type", "value", f"`{shortened(name)}` is declared as a date, and {shown} {problem}", tuple(ways)
    )


def _not_allowed(declared: tuple[str, ...], name: str, operator: str, value: str) -> Objection:
    alike = [one for one in declared if folded(one) == folded(value)]
    meant = alike[0] if len(alike) == 1 else nearest(value, declared)
    shown = _some([literals.quote(one) for one in declared])
    way: Way = f"declared are {shown}" if meant is None else Change(value=meant, safe=len(alike) == 1)
    parts = tuple([part.strip(" ") for part in value.split(",")])
    if len(parts) > 1 and set(parts) <= set(declared):
        way = Change(operator=OF_SEVERAL.get(operator), value=parts, safe=True)
    message = f"`{literals.quote(shortened(value))}` is not among the values of `{shortened(name)}`"
    return Objection("not-allowed-value", "value", message, (way,))


def _some(words: list[str]) -> str:
    return ", ".join(words[:_MOST_SHOWN]) + (" and others" if len(words) > _MOST_SHOWN else "")


def wire_value(value: Any) -> Any:
    """A literal in the form of the wire: `5.0` is 5, a duration is its text."""
    kind = type(value)
    if kind is float:
        return int(value) if value.is_integer() and abs(value) <= MAX_SAFE_INTEGER else value
    return value.text if kind is Duration else value

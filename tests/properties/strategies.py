"""Hypothesis strategies: trees of the whole language, and users who live at the edges of a given tree."""

import datetime
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from .trees import (
    And,
    Bare,
    Between,
    Chain,
    Comparison,
    Contains,
    Field,
    In,
    Is,
    Literal,
    Not,
    Or,
    Seen,
    Tree,
    literals,
    predicates,
)

NOW = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
MISSING = None
MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}

METRICS = tuple(Field("metric", name, (name,)) for name in ("sentiment", "rating", "commercialIntent", "cqi"))
FLAGS = tuple(Field("flag", name, (name,)) for name in ("jailbreakDetected", "modelBiasDetected"))
COUNT = Field("count", "conversationCount", ("conversationCount",))
INSTANT = Field("instant", "lastSeen", ("lastSeen",))
PLAIN_PROPERTIES = tuple(
    Field("property", key, (key, f"user.{key}", f'user["{key}"]', f"user['{key}']", f"user[ '{key}' ]"))
    for key in ("plan", "seats", "is-admin", "a.b2")
)
ODD_PROPERTIES = (
    Field("property", "2fa", ('user["2fa"]', "user['2fa']")),
    Field("property", "sentiment", ("user.sentiment", 'user["sentiment"]')),
    Field("property", "not", ('user["not"]',)),
)
KEYWORD_PROPERTIES = tuple(
    Field("property", word, (word, f'user["{word}"]')) for word in ("from", "and", "in", "is", "contains")
)
CONVERSATIONS = tuple(
    Field("conversation", key, (f"conversation.{key}", f'conversation["{key}"]')) for key in ("channel", "user.x")
)
PROPERTIES = PLAIN_PROPERTIES + ODD_PROPERTIES

COMPARED = ("==", "!=", "<", "<=", ">", ">=")
UP, DOWN = ("<", "<="), (">", ">=")

METRIC_NUMBERS = st.one_of(
    st.sampled_from([0, 0.25, 0.3, 0.5, 0.75, 1, 3]), st.floats(-100, 100, allow_subnormal=False), st.integers(-9, 99)
)
PROPERTY_NUMBERS = st.one_of(
    st.sampled_from([0, 1, 5, 5.5, 10, -1]), st.floats(-1e6, 1e6, allow_subnormal=False), st.integers(-(10**9), 10**9)
)
# No characters beyond U+D7FF but one: strings are ordered alike by code points and by UTF-16 units.
TEXTS = st.one_of(
    st.sampled_from(["", "a", "ab", "b", "GmbH", "1", "true", "it's", 'say "x"', "\\", "😀"]),
    st.text(
        st.characters(max_codepoint=0xD7FF, exclude_categories=("Cc", "Cs", "Cf"))
        | st.sampled_from(list("\n\r\t\\\"'#")),
        max_size=5,
    ),
)
BOOLEANS = st.booleans()
COUNTS = st.one_of(st.integers(0, 8), st.integers(-3, 1000), st.sampled_from([5.0, 7.0]))
DURATIONS = st.sampled_from(["30m", "60m", "1h", "24h", "1d", "3d", "7d", "1w", "168h", "30d", "5w"])
SCOPES = st.sampled_from(
    [
        (),
        ("during", "7d"),
        ("during", "all"),
        ("from", "2026-01-01", "to", "2026-03-31T10:00:00+01:00"),
        ("for", "product", '"182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"', "during", "30d"),
        ("for", "products", "'182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'", ",", '"0f8fad5b-d9cb-469f-a165-70867728950e"'),
    ]
)


def ordered(fields: st.SearchStrategy[Field], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    """Every predicate of a field whose values are ordered."""
    return st.one_of(
        st.builds(Comparison, fields, st.sampled_from(COMPARED), values),
        st.builds(Chain, values, st.sampled_from(UP), fields, st.sampled_from(UP), values),
        st.builds(Chain, values, st.sampled_from(DOWN), fields, st.sampled_from(DOWN), values),
        st.builds(Between, fields, values, values),
        st.builds(In, fields, st.lists(values, min_size=1, max_size=3).map(tuple), st.booleans()),
    )


def boolean(fields: st.SearchStrategy[Field]) -> st.SearchStrategy[Tree]:
    """Every predicate of a field that is true or false."""
    return st.one_of(
        st.builds(Bare, fields),
        st.builds(Is, fields, BOOLEANS, st.booleans()),
        st.builds(Comparison, fields, st.sampled_from(("==", "!=")), BOOLEANS),
    )


def of_property(fields: tuple[Field, ...], numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    """Every predicate of a property, but `contains`, which cannot be negated."""
    field = st.sampled_from(fields)
    mixed = st.one_of(TEXTS, numbers, BOOLEANS)
    return st.one_of(
        ordered(field, numbers),
        ordered(field, TEXTS),
        boolean(field),
        st.builds(In, field, st.lists(mixed, min_size=1, max_size=3).map(tuple), st.booleans()),
    )


KEYWORD_PREDICATES = st.one_of(  # a keyword is a name only before an operator
    st.builds(Comparison, st.sampled_from(KEYWORD_PROPERTIES), st.sampled_from(COMPARED), PROPERTY_NUMBERS),
    st.builds(
        In, st.sampled_from(KEYWORD_PROPERTIES), st.lists(TEXTS, min_size=1, max_size=2).map(tuple), st.just(False)
    ),
)
LAST_SEEN = st.builds(Seen, st.just(INSTANT), st.sampled_from(("within", "before")), DURATIONS)
CONTAINS = st.builds(Contains, st.sampled_from(PROPERTIES + CONVERSATIONS), TEXTS)
NEGATABLE = st.one_of(
    ordered(st.sampled_from(METRICS), METRIC_NUMBERS),
    boolean(st.sampled_from(FLAGS)),
    ordered(st.just(COUNT), COUNTS),
    LAST_SEEN,
    of_property(PROPERTIES, PROPERTY_NUMBERS),
    of_property(CONVERSATIONS, PROPERTY_NUMBERS),
    KEYWORD_PREDICATES,
)
REFUSED = st.one_of(  # well-formed, but wrong in one of the ways that the checker tells apart
    st.builds(Comparison, st.sampled_from((*METRICS, COUNT)), st.sampled_from(COMPARED), TEXTS),
    st.builds(Comparison, st.sampled_from(FLAGS), st.sampled_from(COMPARED), METRIC_NUMBERS),
    st.builds(Comparison, st.just(Field("near", "cQi", ("cQi", "CQI", "c_q_i"))), st.just(">"), METRIC_NUMBERS),
    st.builds(Bare, st.sampled_from((*METRICS, COUNT, INSTANT))),
    st.builds(Not, CONTAINS),
    st.builds(Contains, st.sampled_from(PROPERTIES), PROPERTY_NUMBERS),
)


def in_brief(strategy: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """The same strategy with a short repr: hypothesis writes it out, and warns when it is thousands of letters long."""

    @st.composite
    def tree(draw: st.DrawFn) -> Tree:
        return draw(strategy)

    return tree()


def combined(
    positive: st.SearchStrategy[Tree], negatable: st.SearchStrategy[Tree], *, leaves: int
) -> st.SearchStrategy[Tree]:
    """Trees over both kinds of leaves; only `negatable` ones are under `not`."""

    def larger(smaller: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        operands = st.lists(smaller, min_size=2, max_size=3).map(tuple)
        return st.one_of(st.builds(And, operands), st.builds(Or, operands))

    below_not = st.recursive(
        in_brief(negatable),
        lambda smaller: st.one_of(larger(smaller), st.builds(Not, smaller)),
        max_leaves=max(2, leaves // 2),
    )
    leaf = in_brief(st.one_of(positive, negatable, st.builds(Not, below_not)))
    return in_brief(st.recursive(leaf, larger, max_leaves=leaves))


TREES = combined(CONTAINS, NEGATABLE, leaves=6)
"""Trees that mean something, though they may never match, or need too many segments."""

DUBIOUS_TREES = combined(st.one_of(CONTAINS, REFUSED), NEGATABLE, leaves=6)
"""Trees; some are refused."""


def around(value: Literal) -> list[Any]:
    """Values at and beside a literal, and of other types that look like it."""
    if isinstance(value, bool):
        return [value, not value, int(value), str(value).lower()]
    if isinstance(value, str):
        return [value, value + "z", "z" + value, value[:-1], value.upper()]
    return [value, value - 1, value + 1, value + 0.125, value - 0.125, str(value)]


def candidates(tree: Tree) -> dict[Field, list[Any]]:
    """For each field of the tree, values that its predicates tell apart. An instant's are ages in minutes."""
    found: dict[Field, list[Any]] = {}
    for predicate in predicates(tree):
        values = found.setdefault(predicate.field, [MISSING])
        if isinstance(predicate, Seen):
            minutes = duration_minutes(predicate.duration)
            values += [minutes, minutes - 1 / 60, minutes + 1 / 60, minutes * 2]
        for literal in literals(predicate):
            values += around(literal)
    return {field: [value for value in values if fits(field, value)] for field, values in found.items()}


def fits(field: Field, value: Any) -> bool:
    """Whether a record may hold the value for the field."""
    if value is MISSING or field.kind in ("property", "conversation", "instant"):
        return True
    if field.kind == "flag":
        return isinstance(value, bool)
    if isinstance(value, str | bool):
        return False
    return field.kind == "metric" or (isinstance(value, int) and value >= 0)


def duration_minutes(duration: str) -> int:
    return int(duration[:-1]) * MINUTES[duration[-1]]


OTHER_TYPES: tuple[Any, ...] = ([], ["a"], {"a": 1}, "zzz", 0, True, False)


@st.composite
def values_for(draw: st.DrawFn, tree: Tree) -> dict[Field, Any]:
    """A value, or MISSING, for each field of the tree."""
    values = {}
    for field, known in candidates(tree).items():
        anything = known + list(OTHER_TYPES) if field.kind in ("property", "conversation") else known
        values[field] = draw(st.sampled_from(anything))
    return values


def one_field_apart(tree: Tree, values: dict[Field, Any]) -> Iterator[dict[Field, Any]]:
    """The values, and all that differ from them in one field."""
    yield values
    for field, known in candidates(tree).items():
        yield from ({**values, field: value} for value in known)


def record(values: dict[Field, Any]) -> dict[str, Any]:
    """The user record that holds these values."""
    user: dict[str, Any] = {"id": "u1"}
    parts = {"metric": "analysis", "flag": "flags", "property": "properties", "conversation": "conversationProperties"}
    for field, value in values.items():
        if field.kind in parts:
            user.setdefault(parts[field.kind], {})[field.key] = value
        elif field.kind == "count":
            user["conversationCount"] = value
        elif value is not MISSING:
            seen = NOW - datetime.timedelta(minutes=value)
            user["lastSeen"] = seen.isoformat().replace("+00:00", "Z")
    return user

"""A hypothesis strategy over the whole syntax tree: every node, every kind of name and literal, every scope clause.

The trees are all that some text says, sensible or not: `sentiment contains 7d` parses, and only the checker minds.
"""

import string
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.syntax.nodes import (
    And,
    BareName,
    Between,
    Chain,
    Comparison,
    Condition,
    Date,
    Duration,
    Expression,
    Not,
    Or,
    Parameter,
    Reference,
)

KEYWORDS = (
    *"and or in contains between is within before during from to for product".split(),
    *"products all AND Or prodUCTS".split(),
)
NEVER_NAMES = ("not", "true", "false")
KEY_LETTERS = string.ascii_letters + string.digits + "._-"

# ── names, in their canonical spelling ─────────────────────────────────────────────────────────────────────────────

PLAIN = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,8}(\.[A-Za-z0-9_][A-Za-z0-9_-]{0,3}){0,2}", fullmatch=True)
KEYS = st.one_of(
    st.sampled_from(
        ["and", "not", "true", "2fa", "-", ".", "a.", "a..b", "user", "user.x", "USER.x", "sentiment", "x-"]
    ),
    st.text(KEY_LETTERS, min_size=1, max_size=8),
)


def _is_dotted(key: str) -> bool:
    """Whether the key can follow a dot: its parts are not empty, and begin with a letter, a digit or `_`."""
    return all(part and part[0] != "-" for part in key.split("."))


def in_namespace(namespace: str, key: str) -> str:
    return f"{namespace}.{key}" if _is_dotted(key) else f'{namespace}["{key}"]'


def _is_bare_name(text: str) -> bool:
    """Whether the text, of the form of a name, is one, and in the canonical spelling of a user property."""
    namespace = text.partition(".")[0].lower()
    return text.lower() not in (*NEVER_NAMES, *map(str.lower, KEYWORDS)) and namespace not in ("user", "conversation")


ALONE = st.one_of(
    st.sampled_from(["sentiment", "jailbreakDetected", "lastSeen", "conversationCount", "plan", "android", "trueish"]),
    st.sampled_from(["not-paid", "orders", "and.x", "true.2fa", "User", "_", "a-", "users.x", "in-"]),
    PLAIN.filter(_is_bare_name),
    st.builds(in_namespace, st.sampled_from(["user", "conversation"]), KEYS),
)
BEFORE_OPERATOR = st.one_of(st.sampled_from(KEYWORDS), ALONE)
WORDS = st.one_of(
    st.sampled_from([*KEYWORDS, *NEVER_NAMES]), st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,6}", fullmatch=True)
)

# ── literals ───────────────────────────────────────────────────────────────────────────────────────────────────────

STRINGS = st.one_of(
    st.sampled_from(
        ['"', "'", "\\", '\\"', "\n", "\r\n", "\x00", "\x7f", "\u2028", "\u202e", "😀", '" or true', "#", "$a"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
INTEGERS = st.one_of(
    st.sampled_from([0, -1, MAX_SAFE_INTEGER, -MAX_SAFE_INTEGER]), st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
)
FLOATS = st.one_of(
    st.sampled_from(
        [0.0, -0.5, 5.0, 1e300, 1e-7, 1e16, 1e22, -1e-300, 5e-324, 2.0**53, 0.1 + 0.2, 1.7976931348623157e308]
    ),
    st.floats(allow_nan=False, allow_infinity=False),
)
DURATIONS = st.builds(lambda count, unit: Duration(f"{count}{unit}"), st.integers(1, 5000), st.sampled_from("mhdw"))
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda moment: moment.replace(tzinfo=UTC))
DATES = st.one_of(
    st.sampled_from(
        ["2024-02-29", "2026-01-01t00:00:00z", "2016-12-31T23:59:60Z", "2026-01-01T00:00:00.123456789+05:30"]
    ),
    st.dates().map(lambda date: date.isoformat()),
    MOMENTS.map(lambda moment: moment.isoformat()),
).map(Date)
PARAMETERS = WORDS.map(Parameter)
LITERALS = st.one_of(STRINGS, st.booleans(), INTEGERS, FLOATS, DURATIONS, DATES, PARAMETERS)
LISTS = st.one_of(PARAMETERS, st.lists(LITERALS, min_size=1, max_size=5).map(tuple))

# ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────────

UP = st.sampled_from(["<", "<="])
LEAVES: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Comparison, BEFORE_OPERATOR, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), LITERALS),
    st.builds(Comparison, BEFORE_OPERATOR, st.sampled_from(["contains", "not contains", "within", "before"]), LITERALS),
    st.builds(Comparison, BEFORE_OPERATOR, st.sampled_from(["in", "not in"]), LISTS),
    st.builds(Chain, LITERALS, UP, BEFORE_OPERATOR, UP, LITERALS),
    st.builds(Between, BEFORE_OPERATOR, LITERALS, LITERALS),
    st.builds(BareName, ALONE),
    st.builds(Reference, WORDS),
)


def _joined(smaller: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    operands = st.lists(smaller, min_size=2, max_size=4).map(tuple)
    return st.one_of(st.builds(Not, smaller), st.builds(And, operands), st.builds(Or, operands))


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(LEAVES, _joined, max_leaves=12)

# ── scope ──────────────────────────────────────────────────────────────────────────────────────────────────────────

PRODUCTS = st.lists(
    st.one_of(st.uuids().map(str), st.uuids().map(lambda uuid: str(uuid).upper()), PARAMETERS), max_size=3
)


def _moment(bound: Any) -> datetime:
    from segdsl.syntax.literals import instant

    moment = instant(bound.text)
    assert moment is not None
    return moment


@st.composite
def date_ranges(draw: st.DrawFn) -> tuple[Any, Any]:
    """`from` and `to`, each of them or none; in order where both are dates."""
    start, end = (draw(st.one_of(st.none(), DATES, PARAMETERS)) for _ in range(2))
    if isinstance(start, Date) and isinstance(end, Date) and _moment(start) > _moment(end):
        return end, start
    return start, end


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    """Conditions with scope clauses, each there or not."""
    start, end = draw(date_ranges())
    during = draw(st.sampled_from([None, "7d", "30d", "90d", "all"]))
    return Expression(draw(CONDITIONS), during, start, end, tuple(draw(PRODUCTS)))

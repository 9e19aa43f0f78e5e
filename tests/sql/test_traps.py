"""Where the straightforward translation is wrong: the answers of `evaluate`, which each engine confirms."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import segdsl
import segdsl.sql
from segdsl.sql import DIALECTS, Mapping

from .sql_cases import NOW
from .sql_engines import Engine


def said(
    engine: Engine, text: str, type_: str, values: list[Any], name: str = "x", **options: Any
) -> list[bool | str | None]:
    """The SQL's results for rows with these values; "malformed" if they cannot be evaluated."""
    mapped = {"nocase": "string", "float": "number", "decimal": "number"}.get(type_, type_)
    mapping = Mapping.from_dict({"columns": {name: {"column": "c", "type": mapped}}})
    condition = segdsl.sql.compile(text, mapping, engine.dialect, **{"now": NOW} | options)
    (answers,) = engine.ask([("c", type_)], [[value] for value in values], [condition])
    return ["malformed" if malformed else verdict for verdict, malformed in answers]


@pytest.mark.parametrize(
    ("text", "type_", "values", "verdicts"),
    [
        ("x == 5", "string", ["5", "5abc", None], [False, False, None]),
        ("x != 5", "string", ["5", None], [True, None]),
        ("x > 5", "string", ["6", None], [None, None]),
        ('x == "5"', "integer", [5, None], [False, None]),
        ("x == false", "number", [0.0, None], [False, None]),
        ("x == 1", "boolean", [True, None], [False, None]),
        ('x contains "1"', "number", [1.0], [None]),
        ('x contains ""', "string", ["", None], [True, None]),
        ('x contains ""', "boolean", [True], [None]),
    ],
)
def test_a_column_of_another_type_than_the_literal(
    engine: Engine, text: str, type_: str, values: list[str | float | bool | None], verdicts: list[bool | None]
) -> None:
    assert said(engine, text, type_, values) == verdicts


def test_json_values_keep_their_types(engine: Engine) -> None:
    values = ["5", 5, "true", True, None, [5], {"a": 5}]
    mapping = Mapping.from_dict({"properties": "c"})
    texts = {
        "x == 5": [False, True, False, False, None, False, False],
        "x": [False, False, False, True, None, False, False],
    }
    conditions = [segdsl.sql.compile(text, mapping, engine.dialect) for text in texts]
    answers = engine.ask([("c", "json")], [[{"x": value}] for value in values] + [[{}]], conditions)
    assert [[verdict for verdict, _ in one] for one in answers] == [[*wanted, None] for wanted in texts.values()]


def test_nan_and_infinity_are_no_numbers(engine: Engine) -> None:
    if not engine.has_nan:
        assert said(engine, "x > 5", "number", [float("inf")]) == [None]
        return
    odd = [float("nan"), float("inf"), float("-inf")]
    assert said(engine, "x > 5", "number", odd) == [None] * 3
    assert said(engine, "x <= 5", "number", odd) == [None] * 3
    assert said(engine, "x == 5", "number", odd) == [False] * 3
    assert said(engine, "x not in [5, 6]", "number", odd) == [True] * 3
    assert said(engine, "rating > 5", "number", odd, "rating") == ["malformed"] * 3


def test_negative_zero_is_zero(engine: Engine) -> None:
    assert said(engine, "x in [0, 1, 2, 3, 4, 5, 6]", "number", [-0.0, 0.0]) == [True, True]
    assert said(engine, "x == 0", "number", [-0.0]) == [True]


@pytest.mark.parametrize("part", ["%", "_", "\\", "o%", "[a-z]", "A"])
def test_contains_knows_no_wildcards_and_no_case(engine: Engine, part: str) -> None:
    assert said(engine, f"x contains {json.dumps(part)}", "string", ["hello", f"a{part}b"]) == [False, True]


@pytest.mark.parametrize("type_", ["string", "nocase"])
def test_text_is_compared_by_code_points(engine: Engine, type_: str) -> None:
    values = ["pro", "Pro", "pro ", "PRO", "é", "e\u0301"]
    assert said(engine, 'x == "pro"', type_, values) == [True, False, False, False, False, False]
    assert said(engine, 'x in ["pro", "é"]', type_, values) == [True, False, False, False, True, False]
    assert said(engine, 'x < "a"', type_, ["B", "b", "_"]) == [True, False, True]
    assert said(engine, 'x contains "ro"', type_, ["PRO", "pro"]) == [False, True]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_dialect_writes_like(dialect: str) -> None:
    assert (
        " LIKE "
        not in segdsl.sql.compile('plan contains "a%" and not plan contains "_"', None, dialect).verdict.upper()
    )


def test_a_week_is_seven_days_of_seconds_across_a_change_of_clocks(engine: Engine) -> None:
    seen = [NOW - timedelta(days=1), NOW - timedelta(days=1, microseconds=1), NOW - timedelta(hours=23, minutes=30)]
    assert said(engine, "lastSeen within 1d", "timestamptz", seen, "lastSeen") == [True, False, True]
    naive = [moment.replace(tzinfo=None) for moment in seen]
    assert said(engine, "lastSeen within 1d", "timestamp", naive, "lastSeen") == [True, False, True]


@pytest.mark.parametrize("type_", ["timestamptz", "timestamp", "epoch", "rfc3339", "date"])
def test_without_a_now_the_engines_clock_is_asked_in_utc(engine: Engine, type_: str) -> None:
    lately, before = (
        datetime.now(UTC) - timedelta(hours=47, minutes=30),
        datetime.now(UTC) - timedelta(hours=48, minutes=30),
    )
    ways: dict[str, Callable[[datetime], Any]] = {
        "timestamptz": lambda moment: moment,
        "timestamp": lambda moment: moment.replace(tzinfo=None),
        "epoch": lambda moment: moment.timestamp(),
        "rfc3339": lambda moment: moment.isoformat(),
        "date": lambda moment: (
            moment.date() + timedelta(days=1) * (moment is lately) - timedelta(days=1) * (moment is before)
        ),
    }
    as_stored = ways[type_]
    seen = [as_stored(lately), as_stored(before)]
    assert said(engine, "lastSeen within 48h", type_, seen, "lastSeen", now=None) == [True, False]
    assert said(engine, "lastSeen before 48h", type_, seen, "lastSeen", now=None) == [False, True]


def test_moments_that_no_calendar_has_are_malformed(engine: Engine) -> None:
    if engine.dialect == "sqlite":
        assert said(engine, "lastSeen within 7d", "timestamp", ["infinity", "now"], "lastSeen") == ["malformed"] * 2
    else:
        assert said(engine, "lastSeen within 7d", "timestamp", ["infinity"], "lastSeen") == ["malformed"]
        assert said(engine, "lastSeen within 7d", "timestamptz", ["infinity"], "lastSeen") == ["malformed"]


def test_single_precision_is_read_as_double(engine: Engine) -> None:
    if engine.dialect != "sqlite":
        assert said(engine, "x == 0.6", "float", [0.6]) == [False]  # 0.60000002384…
        assert said(engine, "x == 0.5", "float", [0.5]) == [True]


def test_twelve_hundred_terms_and_long_lists(engine: Engine) -> None:
    terms = " and ".join(f"x != {number}" for number in range(1200))
    assert said(engine, terms, "integer", [5, 1200, None]) == [False, True, None]
    assert said(engine, terms.replace(" and ", " or ").replace("!=", "=="), "integer", [5, 1200, None]) == [
        True,
        False,
        None,
    ]
    many = list(range(20_000))
    assert said(engine, "x in $many", "integer", [0, 19_999, 20_000, None], params={"many": many}) == [
        True,
        True,
        False,
        None,
    ]
    texts = [f"u{number}" for number in many]
    assert said(engine, "x not in $many", "string", ["u0", "u20000"], params={"many": texts}) == [False, True]


def test_two_hundred_nots(engine: Engine) -> None:
    assert said(engine, "not " * 199 + "x == 5", "integer", [5, 6, None]) == [False, True, None]


def alternating(levels: int) -> str:
    """`x != 0 and (x == 1 or (x != 2 and (…)))`, nested `depth` levels deep."""
    text = "x == 7"
    for level in range(levels):
        text = f"x {'!=' if level % 2 else '=='} {level + 10} {'and' if level % 2 else 'or'} ({text})"
    return text


def test_deep_nesting_runs_or_is_refused(engine: Engine) -> None:
    assert said(engine, alternating(39), "integer", [7, 8, None]) == [True, False, None]
    if engine.dialect != "sqlite":
        assert said(engine, alternating(190), "integer", [7, 8, None]) == [True, False, None]
        return
    with pytest.raises(segdsl.CompileError, match="too-deep"):
        said(engine, alternating(190), "integer", [7])


def test_whole_numbers_that_an_engine_would_round_are_refused(engine: Engine) -> None:
    for type_ in ("integer", "json"):
        mapping = Mapping.from_dict({"columns": {"x": {"column": "c", "type": type_}}})
        with pytest.raises(segdsl.CompileError) as caught:
            segdsl.sql.compile("x > 1e16", mapping, engine.dialect)
        assert [one.code for one in caught.value.diagnostics] == ["number-out-of-range"]
    assert said(engine, "x > 1e16", "number", [1e17, 1.0]) == [True, False]


def test_a_fraction_beside_whole_numbers_rounds_neither(engine: Engine) -> None:
    great = 2**53 + 1  # which no double holds
    assert said(engine, "x > 2251799813685248.5", "integer", [2251799813685248, 2251799813685249, great]) == [
        False,
        True,
        True,
    ]
    assert said(engine, "x <= -0.5", "integer", [-1, 0]) == [True, False]
    assert said(engine, "x == 5.5", "integer", [5, None]) == [False, None]


def test_dates_are_compared_as_their_iso_text(engine: Engine) -> None:
    assert said(engine, 'x >= "2026-03-30"', "date", [date(2026, 3, 29), date(2026, 3, 30), None]) == [
        False,
        True,
        None,
    ]
    moments = [datetime(2026, 3, 29, 23, 59, 59, 999_999), datetime(2026, 3, 30)]
    assert said(engine, 'x >= "2026-03-30"', "timestamp", moments) == [False, True]
    assert said(engine, 'x == "2026-03-30T00:00:00Z"', "timestamp", moments) == [False, True]

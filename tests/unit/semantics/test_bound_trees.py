"""Parameters and definitions in place: values as values, definitions as conditions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

import segdsl
from segdsl.semantics.checker import check
from segdsl.semantics.definitions import Definitions
from segdsl.semantics.typed import TypedExpression, fold

PRODUCT = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


def typed(
    text: str, params: dict[str, Any] | None = None, definitions: dict[str, Any] | None = None
) -> TypedExpression:
    found, problems = check(segdsl.parse(text), params=params, definitions=Definitions(definitions))
    assert found is not None, problems
    return found


def written(found: TypedExpression) -> str:
    """The condition as text, each value by its Python literal."""
    return fold(
        found.condition,
        lambda predicate: f"{predicate.field.key} {predicate.operator} {predicate.value!r}",
        lambda node, parts: f"({(' and ' if node.every else ' or ').join(parts)})",
    )


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("plan == $p", "pro", "plan == 'pro'"),
        ("plan == $p", '" or true', "plan == '\" or true'"),
        ("plan == $p", "@engaged", "plan == '@engaged'"),
        ("plan == $p", "7d", "plan == '7d'"),
        ("isAdmin == $p", True, "isAdmin == True"),
        ("seats > $p", 5.0, "seats > 5"),
        ("seats > $p", 5.5, "seats > 5.5"),
        ("$p < seats", -1, "seats > -1"),
        ("$p <= seats < 9", 3, "(seats >= 3 and seats < 9)"),
        ("1 <= seats < $p", 3, "(seats >= 1 and seats < 3)"),
        ("seats between $p and $p", 3, "(seats >= 3 and seats <= 3)"),
        ("plan in $p", ["a", 1, True], "plan in ('a', 1, True)"),
        ("plan not in $p", ("a",), "plan not in ('a',)"),
        ("plan in ['x', $p]", "a", "plan in ('x', 'a')"),
        ("plan contains $p", "a", "plan contains 'a'"),
        ("lastSeen within $p", "7d", "lastSeen within '7d'"),
        ("lastSeen within $p", timedelta(hours=36), "lastSeen within '36h'"),
        ("not lastSeen before $p", "2w", "lastSeen within '2w'"),
    ],
)
def test_a_value_takes_the_place_of_its_parameter(text: str, value: Any, bound: str) -> None:
    assert written(typed(text, {"p": value})) == bound


@pytest.mark.parametrize(
    ("clause", "value", "scope"),
    [
        ("during $p", "7D", ("7d", None, None, ())),
        ("from $p", "2026-01-01", (None, "2026-01-01", None, ())),
        ("to $p", date(2026, 1, 1), (None, None, "2026-01-01", ())),
        ("to $p", datetime(2026, 1, 1, tzinfo=UTC), (None, None, "2026-01-01T00:00:00+00:00", ())),
        ("for product $p", PRODUCT, (None, None, None, (PRODUCT,))),
        ("for product $p", UUID(PRODUCT), (None, None, None, (PRODUCT,))),
        ("for products $p", [PRODUCT, PRODUCT.upper()], (None, None, None, (PRODUCT,))),
    ],
)
def test_parameters_stand_in_scope_clauses_too(
    clause: str, value: Any, scope: tuple[str | None, str | None, str | None, tuple[str, ...]]
) -> None:
    found = typed(f"isAdmin {clause}", {"p": value})
    assert (found.preset, found.start, found.end, found.products) == scope


def test_definitions_are_expanded_in_place_as_conditions() -> None:
    definitions = {
        "engaged": "conversationCount >= $n or isAdmin",
        "both": segdsl.parse("@engaged and @active"),
        "active": "a == 1",
    }
    found = typed("not @both and @engaged and b", {"n": 5}, definitions)
    engaged = "(conversationCount >= 5 or isAdmin == True)"
    negated = "((conversationCount < 5 and isAdmin != True) or a != 1)"
    assert written(found) == f"({negated} and {engaged} and b == True)"


@pytest.mark.parametrize("count", [1, 2, 5_000])
def test_a_long_line_of_definitions_costs_no_recursion(count: int) -> None:
    definitions = {f"d{number}": f"not @d{number + 1}" for number in range(count)} | {f"d{count}": "a == 1"}
    assert written(typed("@d0", definitions=definitions)) == ("a == 1" if count % 2 == 0 else "a != 1")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("plan == $absent", "unbound-parameter"),
        ("@absent", "unknown-definition"),
        ("@circle", "definition-cycle"),
        ("plan == $list", "bad-parameter"),
        ("plan in $scalar", "bad-parameter"),
        ("lastSeen within $scalar", "bad-parameter"),
    ],
)
def test_an_unfit_value_is_an_error_at_its_parameter(text: str, code: str) -> None:
    definitions = Definitions({"circle": "a and @round", "round": "not @circle"})
    found, problems = check(segdsl.parse(text), params={"list": [1], "scalar": 1}, definitions=definitions)
    assert found is None
    assert [one.code for one in problems] == [code]


def test_a_definition_that_cannot_be_read_is_called_by_its_name() -> None:
    found, problems = check(segdsl.parse("@engaged"), definitions=Definitions({"engaged": "a =="}))
    assert found is None
    assert [one.source_name for one in problems] == ["@engaged"]

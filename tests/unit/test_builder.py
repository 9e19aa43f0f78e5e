"""The builder makes the trees of texts, and refuses mistakes at the line that makes them."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any
from uuid import UUID

import pytest

import segdsl
from segdsl import all_of, any_of, conversation, definition, field, param, scoped, user
from segdsl.syntax.nodes import Or
from tests.misuse import unchecked

PRODUCT = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
OTHER = "00000000-0000-4000-8000-000000000000"


class Plan(str, Enum):  # noqa: UP042  the kind whose `str()` is not its value
    PRO = "pro"


SAME = [
    (field("commercialIntent") >= 0.6, "commercialIntent >= 0.6"),
    (field("plan") == "enterprise", 'plan == "enterprise"'),
    (field("plan") != "free", 'plan != "free"'),
    (field("seats") > 10, "seats > 10"),
    (field("seats") < 10, "seats < 10"),
    (field("seats") <= 10, "seats <= 10"),
    (10 < field("seats"), "seats > 10"),  # noqa: SIM300  Python mirrors it
    (field("score") == 5.0, "score == 5.0"),
    (field("isAdmin") == True, "isAdmin == true"),  # noqa: E712  it builds a comparison
    (field("plan") == Plan.PRO, 'plan == "pro"'),
    (field("plan") == 'say "x" or true', r'plan == "say \"x\" or true"'),
    (field("plan") == param("plan"), "plan == $plan"),
    (field("plan").in_(["pro", "enterprise"]), 'plan in ["pro", "enterprise"]'),
    (field("plan").in_(("pro", param("other"))), 'plan in ["pro", $other]'),
    (field("plan").in_({"pro", "free"}), 'plan in ["free", "pro"]'),
    (field("seats").in_(number * 10 for number in (1, 2)), "seats in [10, 20]"),
    (field("plan").in_(param("plans")), "plan in $plans"),
    (field("plan").not_in(["pro"]), 'plan not in ["pro"]'),
    (field("company").contains("GmbH"), 'company contains "GmbH"'),
    (field("rating").between(2, 4), "rating between 2 and 4"),
    (field("rating").between(param("low"), 4), "rating between $low and 4"),
    (field("lastSeen").within("7d"), "lastSeen within 7d"),
    (field("lastSeen").before("2w"), "lastSeen before 2w"),
    (field("lastSeen").within(param("ago")), "lastSeen within $ago"),
    (field("lastSeen").within(timedelta(weeks=1)), "lastSeen within 7d"),
    (field("lastSeen").within(timedelta(hours=36)), "lastSeen within 36h"),
    (field("lastSeen").before(timedelta(minutes=90)), "lastSeen before 90m"),
    (field("jailbreakDetected").is_true(), "jailbreakDetected"),
    (field("jailbreakDetected").is_false(), "jailbreakDetected == false"),
    (field("from").is_true(), "from == true"),
    (field("user.plan") == 1, "user.plan == 1"),
    (field('user["2fa"]') == 1, 'user["2fa"] == 1'),
    (field('user["plan"]') == 1, "user.plan == 1"),
    (user["2fa"].is_true(), 'user["2fa"]'),
    (user["-x"] == 1, 'user["-x"] == 1'),
    (user("sentiment") == "grumpy", 'user.sentiment == "grumpy"'),
    (conversation["channel"] == "slack", 'conversation.channel == "slack"'),
    (definition("engaged"), "@engaged"),
    (field("a") & field("b"), "a and b"),
    (field("a") | field("b"), "a or b"),
    (~field("a"), "not a"),
    (~~field("a"), "not not a"),
    ((field("x") > 1) & field("b"), "x > 1 and b"),
    (field("b") & (field("x") > 1), "b and x > 1"),
    ((field("x") > 1) | field("b"), "x > 1 or b"),
    (field("b") | (field("x") > 1), "b or x > 1"),
    ((field("x") > 1) & (field("y") > 2) & (field("z") > 3), "x > 1 and y > 2 and z > 3"),
    ((field("x") > 1) & ((field("y") > 2) | ~(field("z") > 3)), "x > 1 and (y > 2 or not z > 3)"),
    (segdsl.parse("x > 1 or y") & (field("tenant") == 7), "(x > 1 or y) and tenant == 7"),
    (all_of(field("a"), field("x") > 1, field("b")), "a and x > 1 and b"),
    (any_of(field("a"), field("x") > 1), "a or x > 1"),
    (all_of(field("a")), "a"),
    (scoped(field("a"), during="30d"), "a during 30d"),
    (scoped(field("a"), during=param("period")), "a during $period"),
    (scoped(field("a"), from_="2026-01-01", to=date(2026, 3, 31)), "a from 2026-01-01 to 2026-03-31"),
    (
        scoped(field("a"), to=datetime(2026, 3, 31, 12, tzinfo=timezone(timedelta(hours=2)))),
        "a to 2026-03-31T12:00:00+02:00",
    ),
    (scoped(field("a"), products=PRODUCT), f'a for product "{PRODUCT}"'),
    (scoped(field("a"), products=[UUID(PRODUCT), OTHER]), f'a for products "{PRODUCT}", "{OTHER}"'),
    (scoped(field("a"), products=param("products")), "a for product $products"),
    (scoped(scoped(field("a"), during="7d"), products=OTHER), f'a during 7d for product "{OTHER}"'),
    (scoped(segdsl.parse("a or b"), from_=param("start")), "a or b from $start"),
]


@pytest.mark.parametrize(("built", "text"), SAME, ids=[text for _, text in SAME])
def test_built_trees_equal_parsed_trees(built: segdsl.Expression, text: str) -> None:
    assert built == segdsl.parse(text)
    assert segdsl.parse(segdsl.unparse(built)) == built


def test_built_expressions_compile_and_evaluate_like_texts() -> None:
    text = 'commercialIntent >= 0.6 and plan == "enterprise"'
    built = (field("commercialIntent") >= 0.6) & (field("plan") == "enterprise")
    assert segdsl.compile(built) == segdsl.compile(text)
    assert segdsl.evaluate(built, {"analysis": {"commercialIntent": 0.7}, "properties": {"plan": "enterprise"}})
    assert segdsl.compile(definition("high"), definitions={"high": built}) == segdsl.compile(text)


def test_a_member_of_an_enum_is_its_value_as_a_parameter_too() -> None:
    assert segdsl.compile("plan == $plan", params={"plan": Plan.PRO}) == segdsl.compile('plan == "pro"')


def test_a_mistake_found_when_compiling_points_into_the_canonical_text() -> None:
    built = (field("comercialIntent") >= 0.6) & (field("plan") == "pro")
    with pytest.raises(segdsl.CompileError) as caught:
        segdsl.compile(built)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.source.text) == ("near-miss", 'comercialIntent >= 0.6 and plan == "pro"')


REFUSED = [
    (lambda: field(""), "bad-name", "this is not a name"),
    (lambda: field("a b"), "bad-name", "this is not a name"),
    (lambda: field("a or b"), "bad-name", "this is not a name"),
    (lambda: field("a == 1 #"), "bad-name", "this is not a name"),
    (lambda: field("a\n"), "bad-name", "this is not a name"),
    (lambda: field("not"), "bad-name", "`not` cannot be a name"),
    (lambda: field("user"), "bad-name", "`user` needs a key after it"),
    (lambda: field("User.x"), "bad-name", "`User.` is written in lower case"),
    (lambda: field(r'user["\o"]'), "bad-name", "there is no such escape in a string"),
    (lambda: field('user["a b"]'), "bad-name", "a key holds only letters, digits, `.`, `-` and `_`"),
    (lambda: user[""], "bad-name", "a key must not be empty"),
    (lambda: param("a.b"), "bad-name", "this is not a parameter"),
    (lambda: definition("@a"), "bad-name", "this is not a definition"),
    (lambda: field("a") == None, "wrong-type", "there is no null"),  # noqa: E711  it builds a comparison
    (lambda: field("a") == [1], "wrong-type", "this is a list, where a string, a number or a boolean can stand"),
    (lambda: field("a") == unchecked(field("b")), "bad-comparison", "a comparison has one name and one literal"),
    (lambda: field("a") == "\ud800", "wrong-type", "this is a string with half a surrogate pair"),
    (lambda: field("a") > -math.inf, "number-out-of-range", "this is a number that is not finite"),
    (lambda: field("a") > 10**5000, "number-out-of-range", "this is a number that is not finite"),
    (lambda: field("a") > 2**53, "number-out-of-range", "this is a number that is not finite"),
    (lambda: field("a").between(1, unchecked(None)), "wrong-type", "there is no null"),
    (lambda: field("a").in_([]), "empty-list", "a list needs at least one value"),
    (lambda: field("a").in_("pro"), "wrong-type", "this takes a list of values"),
    (lambda: field("a").in_({"pro": 1}), "wrong-type", "this takes a list of values"),
    (lambda: field("a").in_(unchecked(7)), "wrong-type", "this takes a list of values"),
    (lambda: field("a").in_(["pro", unchecked(b"x")]), "wrong-type", "this is of Python's type `bytes`, where"),
    (lambda: field("a").within("7 days"), "bad-duration", 'this is "7 days", where a duration such as "7d"'),
    (lambda: field("a").within(unchecked(7)), "bad-duration", "this is a number, where a duration such as"),
    (lambda: field("a").within(timedelta(seconds=90)), "bad-duration", 'this is "0:01:30", where a duration'),
    (lambda: field("a").within(timedelta()), "bad-duration", 'this is "0:00:00", where a duration'),
    (lambda: field("a").within(timedelta(days=-1)), "bad-duration", 'this is "-1 day, 0:00:00", where'),
    (lambda: field("a").before(timedelta(days=36501)), "bad-duration", 'this is "36501d", where a duration'),
    (lambda: scoped(field("a"), during="8d"), "bad-duration", 'this is "8d", where one of'),
    (lambda: scoped(field("a"), from_="2026-02-30"), "bad-date", 'this is "2026-02-30", where a date'),
    (lambda: scoped(field("a"), to=datetime(2026, 1, 1)), "bad-date", "this is a datetime without a time zone"),
    (lambda: scoped(field("a"), products="shoes"), "bad-product", 'this is "shoes", where a product id'),
    (
        lambda: scoped(field("a"), products=[PRODUCT, unchecked(3)]),
        "bad-product",
        "this is a number, where a product id",
    ),
    (
        lambda: scoped(field("a"), from_=datetime(2026, 2, 1, tzinfo=UTC), to="2026-01-31"),
        "empty-date-range",
        "`from` is after `to`",
    ),
    (
        lambda: scoped(scoped(field("a"), to="2026-01-31"), from_="2026-02-01"),
        "empty-date-range",
        "`from` is after `to`",
    ),
    (lambda: scoped(segdsl.parse("a during 7d"), during="30d"), "repeated-clause", "`during` stands twice"),
    (
        lambda: scoped(scoped(field("a"), products=OTHER), products=PRODUCT),
        "repeated-clause",
        "`for product` stands twice",
    ),
]


@pytest.mark.parametrize(("build", "code", "message"), REFUSED, ids=[message for *_, message in REFUSED])
def test_trees_without_a_text_are_refused_at_once(build: Callable[[], object], code: str, message: str) -> None:
    with pytest.raises(segdsl.ParseError) as caught:
        build()
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == code
    assert diagnostic.message.startswith(message)
    assert str(caught.value).startswith(f"error[{code}]: {message}")


@pytest.mark.parametrize(("length", "shown"), [("7 days", "7 days"), (timedelta(seconds=90), "0:01:30")])
def test_the_place_of_a_refused_value_is_the_value(length: str | timedelta, shown: str) -> None:
    with pytest.raises(segdsl.ParseError) as caught:
        field("lastSeen").within(length)
    (diagnostic,) = caught.value.diagnostics
    text = diagnostic.source.text
    assert (text, text[diagnostic.span.start : diagnostic.span.end]) == (f"lastSeen within {shown}", shown)


# ── Python's own words ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: field("a") and field("b"),
        lambda: (field("a") > 1) or field("b"),
        lambda: not field("a"),
        lambda: not (field("a") > 1),
        lambda: 0.3 <= field("sentiment") < 0.7,
        lambda: field("a") in ["a", "b"],
        lambda: (segdsl.parse("a") & segdsl.parse("b")) and field("c"),
        lambda: [] if field("a") == 1 else [1],
    ],
)
def test_and_or_not_and_chains_are_refused_with_what_to_write(misuse: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=r"neither true nor false in Python: write `\(a\) & \(b\)`") as caught:
        misuse()
    assert ".between(low, high)" in str(caught.value)


def test_an_expression_that_was_read_is_true_as_any_object_is() -> None:
    assert segdsl.parse("a == false")


def test_forgotten_parentheses_are_reported() -> None:
    with pytest.raises(TypeError, match="put each comparison in parentheses"):
        _ = field("a") >= unchecked(0.6) & field("b")
    with pytest.raises(TypeError, match="put each comparison in parentheses"):
        _ = field("a") | unchecked("b")
    with pytest.raises(TypeError, match="unsupported operand"):
        (field("a") > 1) & unchecked(1)


def test_scope_clauses_stand_outside() -> None:
    recent = scoped(field("a"), during="7d")
    ways: list[Callable[[], object]] = [lambda: recent & field("b"), lambda: field("b") | recent, lambda: ~recent]
    for combine in ways:
        with pytest.raises(ValueError, match="combine the conditions first, then add the scope"):
            combine()


def test_nothing_joined_is_no_condition() -> None:
    with pytest.raises(ValueError, match="And joins at least two operands"):
        all_of()


@pytest.mark.parametrize("wrong", [None, 5, b"plan", ["plan"]])
@pytest.mark.parametrize("make", [field, user, conversation, param, definition])
def test_a_name_is_a_str(make: Callable[[Any], object], wrong: Any) -> None:
    with pytest.raises(TypeError, match="is a str, not"):
        make(wrong)


def test_a_field_is_no_key_of_a_dict() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(field("plan"))


def test_many_conditions_are_joined_at_once() -> None:
    built = any_of(*(field("plan") == f"p{number}" for number in range(5_000)))
    assert isinstance(built.condition, Or)
    assert len(built.condition.operands) == 5_000

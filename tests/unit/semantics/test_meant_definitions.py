"""A name alone that is the name of a definition: the author forgot the `@`."""

import pytest

import segdsl
from segdsl.semantics.definitions import Definitions

DEFINITIONS = {"engaged": "conversationCount >= 5 and lastSeen within 7d", "paying": "engaged and plan == 'pro'"}
PLANS = segdsl.Schema(properties={"plan": ["pro"]})


def errors(text: str, schema: segdsl.Schema | None = None, **definitions: str) -> list[segdsl.Diagnostic]:
    found = segdsl.check(text, schema, definitions=definitions or {"engaged": DEFINITIONS["engaged"]})
    return [one for one in found if one.severity == "error"]


@pytest.mark.parametrize("schema", [None, PLANS])
@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("engaged", "@engaged"),
        ("not engaged", "not @engaged"),
        ('(engaged) and plan == "pro"', '(@engaged) and plan == "pro"'),
    ],
)
def test_the_name_of_a_definition_alone_is_an_error_whose_fix_adds_the_sign(
    text: str, fixed: str, schema: segdsl.Schema | None
) -> None:
    (error,) = errors(text, schema)
    assert error.code == "near-miss"
    assert error.message == "`engaged` is not a property; did you mean the definition `@engaged`?"
    assert error.fixes[0].applied_to(text) == fixed
    assert errors(fixed, schema) == []


def test_a_typo_of_a_definition_is_an_error_where_properties_are_declared() -> None:
    (error,) = errors("engagd", PLANS)
    assert error.fixes[0].applied_to("engagd") == "@engaged"


@pytest.mark.parametrize("text", ["user.engaged", 'engaged == "yes"', "engaged > 3", "engagd"])
def test_other_uses_of_the_name_are_properties(text: str) -> None:
    assert errors(text) == []


def test_a_declared_property_keeps_its_name() -> None:
    assert errors("engaged", segdsl.Schema(properties={"engaged": "boolean"})) == []


def test_a_nearer_property_is_offered_and_not_the_definition() -> None:
    (error,) = errors("engage", segdsl.Schema(properties={"engages": "boolean"}))
    assert error.fixes[0].applied_to("engage") == "engages"


def test_inside_the_definition_itself_the_name_is_a_property() -> None:
    assert errors("@vip", vip="vip and seats > 3") == []


def test_a_definition_with_errors_is_not_offered() -> None:
    (error,) = errors("vip", PLANS, vip="sentimnt > 3")
    assert error.code == "undeclared-property"


def test_the_users_of_a_definition_use_it_directly_or_through_others() -> None:
    bodies = {
        "a": "x",
        "b": "@a and y",
        "c": "not @b or @a",
        "d": "@e",
        "e": "z",
        "round": "@circle",
        "circle": "@round",
    }
    definitions = Definitions(bodies)
    assert definitions.users("a") == {"a", "b", "c"}
    assert definitions.users("e") == {"e", "d"}
    assert definitions.users("d") == {"d"}
    assert definitions.users("circle") == {"circle", "round"}

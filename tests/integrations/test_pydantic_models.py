"""Expressions as fields of pydantic models: read, refused, written, described."""

import json
from typing import Annotated, Any

import jsonschema
import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.json_schema import JsonSchemaMode
from pydantic_core import ErrorDetails

import segdsl
from segdsl import Expression, Schema, field
from segdsl.integrations.pydantic import Checked, ExpressionText

SCHEMA = Schema(properties={"plan": ["free", "pro"], "seats": "integer"})


class Rule(BaseModel):
    name: str
    where: ExpressionText
    unless: ExpressionText | None = None


class Strict(BaseModel):
    where: Annotated[Expression, Checked(schema=SCHEMA, params={"n": 5}, definitions={"big": "seats > 9"})]


def problem(model: type[BaseModel], **data: Any) -> ErrorDetails:
    """The one error of the data."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    (error,) = caught.value.errors()
    return error


def test_a_text_becomes_an_expression() -> None:
    rule = Rule.model_validate_json('{"name": "A", "where": "rating>3 AND isAdmin"}')
    assert rule.where == segdsl.parse("rating > 3 and isAdmin")
    assert segdsl.compile(rule.where) == segdsl.compile("rating > 3 and isAdmin")


def test_an_expression_is_taken_as_it_is() -> None:
    built = (field("rating") > 3) & field("isAdmin")
    assert Rule(name="A", where=built).where is built


def test_json_gets_the_canonical_text_and_python_the_expression() -> None:
    rule = Rule.model_validate({"name": "A", "where": "rating>3 AND isAdmin  # yes"})
    assert json.loads(rule.model_dump_json()) == {"name": "A", "where": "rating > 3 and isAdmin", "unless": None}
    assert rule.model_dump(mode="json")["where"] == "rating > 3 and isAdmin"
    assert rule.model_dump()["where"] is rule.where
    assert Rule.model_validate_json(rule.model_dump_json()) == rule


def test_an_error_says_where_in_the_model_and_where_in_the_text() -> None:
    error = problem(Rule, name="A", where="comercialIntent > 0.5 and plan => 1")
    assert error["type"] == "segdsl_expression"
    assert error["loc"] == ("where",)
    assert error["msg"].startswith("error[near-miss]: ")
    assert "error[foreign-operator]: " in error["msg"]
    assert "plan => 1\n" in error["msg"]


def test_all_problems_of_a_text_are_reported_as_data() -> None:
    error = problem(Rule, name="A", where="comercialIntent > 0.5 and sentiment contains 'a'")
    assert [one["code"] for one in error["ctx"]["diagnostics"]] == ["near-miss", "wrong-operator"]
    assert (error["ctx"]["diagnostics"][0]["start"], error["ctx"]["diagnostics"][0]["end"]) == (0, 15)
    assert "error[near-miss]" in error["msg"]
    assert "error[wrong-operator]" in error["msg"]


def test_errors_can_be_sent_as_json() -> None:
    with pytest.raises(ValidationError) as caught:
        Rule.model_validate({"name": "A", "where": "rating >"})
    (error,) = json.loads(caught.value.json())
    assert error["ctx"]["diagnostics"][0]["code"] == "unexpected-end"


def test_braces_in_a_text_are_not_filled_in() -> None:
    error = problem(Rule, name="A", where='plan == "{diagnostics} {text}" and')
    assert 'plan == "{diagnostics} {text}" and' in error["msg"]


@pytest.mark.parametrize("wrong", [5, None, b"rating > 3", ["rating > 3"], {}])
def test_anything_but_a_text_is_an_error_of_the_field(wrong: Any) -> None:
    assert problem(Rule, name="A", where=wrong)["msg"] == "an expression is a string"


def test_warnings_are_no_errors() -> None:
    assert [one.severity for one in segdsl.check("sentiment > 60")] == ["warning"]
    assert Rule.model_validate({"name": "A", "where": "sentiment > 60"}).where == segdsl.parse("sentiment > 60")


# ── what is checked ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("plna == 'pro'", "undeclared-property"),
        ("plan == 'gold'", "not-allowed-value"),
        ("seats > $m", "unbound-parameter"),
        ("@small", "unknown-definition"),
        ("not (seats > 0 and not company contains 'x')", "undeclared-property"),
        ("sentiment > 1 and sentiment < 0", "never-matches"),
    ],
)
def test_given_names_are_checked(text: str, code: str) -> None:
    assert problem(Strict, where=text)["ctx"]["diagnostics"][0]["code"] == code
    assert problem(Strict, where=segdsl.parse(text))["ctx"]["diagnostics"][0]["code"] == code


def test_an_expression_right_by_everything_given_is_accepted() -> None:
    assert Strict.model_validate({"where": "@big or seats > $n"}).where == segdsl.parse("@big or seats > $n")


def test_names_not_given_are_left_for_later() -> None:
    later = Rule.model_validate({"name": "A", "where": "plan == $plan and @engaged"}).where
    assert segdsl.compile(later, params={"plan": "pro"}, definitions={"engaged": "rating > 3"})
    assert (
        problem(Rule, name="A", where="plan == $plan and sentimnt > 1")["ctx"]["diagnostics"][0]["code"] == "near-miss"
    )


def test_the_number_of_segments_can_be_bounded() -> None:
    one = TypeAdapter(Annotated[Expression, Checked(max_segments=1)])
    assert one.validate_python("rating > 3") == segdsl.parse("rating > 3")
    with pytest.raises(ValidationError, match="needs-split"):
        one.validate_python("rating > 3 or isAdmin")


def test_an_outer_mark_takes_the_place_of_an_inner_one() -> None:
    marked = TypeAdapter(Annotated[ExpressionText, Checked(schema=SCHEMA)])
    with pytest.raises(ValidationError, match="undeclared-property"):
        marked.validate_python("company == 'x'")


# ── JSON schema ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_json_schema_is_that_of_a_text(mode: JsonSchemaMode) -> None:
    schema = Rule.model_json_schema(mode=mode)
    assert schema["properties"]["where"]["type"] == "string"
    jsonschema.validate({"name": "A", "where": "rating > 3"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"name": "A", "where": 5}, schema)


def test_the_example_in_the_json_schema_is_one() -> None:
    for example in Rule.model_json_schema()["properties"]["where"]["examples"]:
        assert segdsl.check(example) == ()

"""Expressions and filters as fields of msgspec structs."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

import segdsl
from segdsl.integrations.msgspec import CheckedFilters, ExpressionText, dec_hook, dec_hook_for, enc_hook

FILTERS = segdsl.compile("rating > 3 and lastSeen within 7d during 30d")


class Rule(msgspec.Struct):
    where: ExpressionText
    filters: CheckedFilters | None = None


def decode(data: dict[str, Any], hook: Callable[[type, Any], Any] = dec_hook) -> Rule:
    return msgspec.json.decode(msgspec.json.encode(data), type=Rule, dec_hook=hook)


def refusal(data: dict[str, Any], hook: Callable[[type, Any], Any] = dec_hook) -> str:
    with pytest.raises(msgspec.ValidationError) as caught:
        decode(data, hook)
    return str(caught.value)


def test_a_text_is_read_and_written_canonically() -> None:
    rule = decode({"where": "rating>3 AND isAdmin"})
    assert rule.where == "rating > 3 and isAdmin"
    assert rule.where.expression == segdsl.parse("rating > 3 and isAdmin")
    assert msgspec.json.encode(rule, enc_hook=enc_hook) == b'{"where":"rating > 3 and isAdmin","filters":null}'


def test_the_text_can_stand_for_an_expression() -> None:
    rule = decode({"where": "rating>3"})
    assert segdsl.compile(rule.where) == segdsl.compile(rule.where.expression) == segdsl.compile("rating > 3")
    assert segdsl.check(rule.where) == ()


def test_it_is_copied_and_pickled_with_its_tree() -> None:
    text = ExpressionText("rating>3")
    for other in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert (other, other.expression) == (text, text.expression)


def test_it_is_made_from_a_tree_too_and_only_from_an_expression() -> None:
    assert ExpressionText(segdsl.field("rating") > 3) == "rating > 3"
    with pytest.raises(segdsl.ParseError):
        ExpressionText("rating >")


def test_plain_data_is_converted_both_ways() -> None:
    rule = msgspec.convert({"where": "rating>3"}, Rule, dec_hook=dec_hook)
    assert msgspec.to_builtins(rule, enc_hook=enc_hook) == {"where": "rating > 3", "filters": None}
    built = segdsl.field("rating") > 3
    assert msgspec.convert({"where": built}, Rule, dec_hook=dec_hook).where.expression is built


def test_an_error_shows_the_text_and_names_the_field() -> None:
    told = refusal({"where": "comercialIntent > 0.5"})
    assert told.startswith("error[near-miss]: ")
    assert "\n 1 | comercialIntent > 0.5\n" in told
    assert told.endswith(" - at `$.where`")
    assert refusal({"where": 5}) == "an expression is a string - at `$.where`"


def test_given_names_are_checked_and_others_are_left_for_later() -> None:
    hook = dec_hook_for(schema=segdsl.Schema({"seats": "integer"}), params={"n": 1}, definitions={}, max_segments=1)
    assert decode({"where": "seats > $n"}, hook).where == "seats > $n"
    for text, code in [
        ("plan == 1", "undeclared-property"),
        ("seats > $m", "unbound-parameter"),
        ("@x", "unknown-definition"),
        ("seats > 1 or rating > 1", "needs-split"),
    ]:
        assert f"error[{code}]" in refusal({"where": text}, hook)
    assert decode({"where": "plan == $plan and @x"}).where == "plan == $plan and @x"


# ── filters ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_filters_are_read_and_written_as_the_wire_has_them() -> None:
    rule = decode({"where": "rating > 3", "filters": FILTERS.to_dict()})
    assert rule.filters == FILTERS
    assert msgspec.json.decode(msgspec.json.encode(rule, enc_hook=enc_hook))["filters"] == FILTERS.to_dict()
    assert msgspec.convert({"where": "a", "filters": FILTERS}, Rule, dec_hook=dec_hook).filters is FILTERS


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"rules": []}, "rules: must be a list of at least one rule"),
        ({"rules": [{"type": "last_seen", "operator": "within", "value": "1 week"}]}, "rules[0].value"),
        (3, "filters: must be an object"),
    ],
)
def test_filters_that_the_api_would_refuse_are_an_error_of_the_field(
    filters: int | dict[str, list[dict[str, str]]], told: str
) -> None:
    message = refusal({"where": "rating > 3", "filters": filters})
    assert message.startswith(told)
    assert message.endswith(" - at `$.filters`")


def test_filters_are_a_struct_of_msgspec_and_need_no_hook() -> None:
    assert msgspec.json.decode(msgspec.json.encode(FILTERS), type=segdsl.Filters) == FILTERS


# ── other types ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_types_of_others_are_left_to_others() -> None:
    with pytest.raises(NotImplementedError, match="segdsl decodes no <class 'complex'>"):
        dec_hook(complex, "1j")
    with pytest.raises(NotImplementedError, match="segdsl encodes no <class 'complex'>"):
        enc_hook(1j)

"""Law 4: the official client's own types accept every compiled rule, and every rule they know is reachable."""

import itertools
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pydantic
import pytest
from greenflash.types.segment_create_params import FiltersDateRange, FiltersRule
from hypothesis import given

import segdsl

from .strategies import SCOPES, TREES
from .trees import Tree, spell

OFFICIAL_RULE = pydantic.TypeAdapter(FiltersRule)
OFFICIAL_DATE_RANGE = pydantic.TypeAdapter(FiltersDateRange)

NAMES = {
    "analysis": ("sentiment", "frustration", "struggle", "commercialIntent", "cqi", "rating"),
    "analysis_flag": (
        "jailbreakDetected",
        "hallucinationDetected",
        "userToxicityDetected",
        "modelToxicityDetected",
        "userBiasDetected",
        "modelBiasDetected",
        "missingCapabilityDetected",
    ),
    "property": ("plan", "user.plan", 'user["2fa"]'),
    "conversation_property": ("conversation.channel", 'conversation["2fa"]'),
    "conversation_count": ("conversationCount",),
    "last_seen": ("lastSeen",),
}
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
OPERATORS = (*COMPARISONS, "contains", "not contains", "is", "is not", "within", "before")
LITERALS = {
    "string": '"x"',
    "integer": "5",
    "fraction": "0.5",
    "boolean": "true",
    "duration": "7d",
    "date": "2026-01-01",
    "list": '["x", 5]',
}
PROPERTY = {
    (operator, literal)
    for operator, types in {
        "==": ("string", "integer", "fraction", "boolean"),
        "!=": ("string", "integer", "fraction", "boolean"),
        "<": ("string", "integer", "fraction"),
        "<=": ("string", "integer", "fraction"),
        ">": ("string", "integer", "fraction"),
        ">=": ("string", "integer", "fraction"),
        "contains": ("string",),
        "is": ("string", "integer", "fraction", "boolean"),
        "is not": ("string", "integer", "fraction", "boolean"),
    }.items()
    for literal in types
}
ACCEPTED = {
    "analysis": set(itertools.product((*COMPARISONS, "is", "is not"), ("integer", "fraction"))),
    "analysis_flag": set(itertools.product(("==", "!=", "is", "is not"), ("boolean",))),
    "property": PROPERTY,
    "conversation_property": PROPERTY,
    "conversation_count": set(itertools.product((*COMPARISONS, "is", "is not"), ("integer",))),
    "last_seen": {("within", "duration"), ("before", "duration")},
}
"""The operators of the language, by kind of rule; everything else of the table is refused."""


def assert_official(filters: dict[str, Any]) -> None:
    assert filters["rules"]
    for rule in filters["rules"]:
        OFFICIAL_RULE.validate_python(rule, strict=True, extra="forbid")
    if "dateRange" in filters:
        OFFICIAL_DATE_RANGE.validate_python(filters["dateRange"], strict=True, extra="forbid")


@given(tree=TREES, scope=SCOPES)
def test_every_compiled_rule_is_accepted_strictly(tree: Tree, scope: tuple[str, ...]) -> None:
    try:
        several = segdsl.compile_all(spell(tree, scope))
    except segdsl.CompileError:
        return
    for filters in several:
        assert_official(filters.to_dict())


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names])
def test_the_whole_table_of_kind_operator_and_type(kind: str, name: str) -> None:
    for operator, literal in itertools.product(OPERATORS, LITERALS):
        text = f"{name} {operator} {LITERALS[literal]}"
        if (operator, literal) in ACCEPTED[kind]:
            for filters in segdsl.compile_all(text):
                assert_official(filters.to_dict())
                assert {rule["type"] for rule in filters.to_dict()["rules"]} == {kind}
        else:
            with pytest.raises((segdsl.ParseError, segdsl.CompileError)):
                segdsl.compile_all(text)


def choices(annotation: Any) -> tuple[Any, ...]:
    """Sample values of a key as the official client declares it: all of a `Literal`'s, one of each type of the rest."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    types = get_args(annotation) or (annotation,)
    return tuple(value for of, value in ((str, "x"), (float, 0.5), (bool, True), (int, 5)) if of in types)


def official_rules() -> Iterator[dict[str, Any]]:
    """A rule for each kind, field, operator and type of value that the official client knows."""
    for member in get_args(FiltersRule):
        hints = get_type_hints(member)
        keys = ["type", *(key for key in ("field", "key", "operator", "value") if key in hints)]
        assert set(keys) == set(hints)
        for values in itertools.product(*(choices(hints[key]) for key in keys)):
            rule = dict(zip(keys, values, strict=True))
            yield {**rule, "value": "7d"} if rule["type"] == "last_seen" else rule


def sayable(rule: dict[str, Any]) -> bool:
    """Values that the client's types allow and the API's reference does not: `contains 5`, an order of booleans."""
    types = {"contains": (str,), "gt": (str, float), "lt": (str, float)}.get(rule.get("operator", "eq"), (object,))
    return "property" not in rule["type"] or isinstance(rule["value"], types)


SYMBOLS = {"gt": ">", "lt": "<", "eq": "==", "gte": ">=", "lte": "<=", "neq": "!="}
PREFIXES = {"property": "user.", "conversation_property": "conversation."}
BUILT_IN = {"conversation_count": "conversationCount", "last_seen": "lastSeen"}


def text_of(rule: dict[str, Any]) -> str:
    """An expression for one rule."""
    kind = rule["type"]
    name = BUILT_IN.get(kind) or PREFIXES.get(kind, "") + rule.get("field", rule.get("key", ""))
    operator = rule.get("operator", "eq")
    value = rule["value"]
    literal = str(value).lower() if isinstance(value, bool) else repr(value)
    return f"{name} {SYMBOLS.get(operator, operator)} {value if kind == 'last_seen' else literal}"


@pytest.mark.parametrize("kind", NAMES)
def test_every_rule_of_the_official_client_is_reachable(kind: str) -> None:
    for rule in filter(sayable, official_rules()):
        if rule["type"] == kind:
            OFFICIAL_RULE.validate_python(rule, strict=True, extra="forbid")
            (filters,) = segdsl.compile_all(text_of(rule))
            assert filters.to_dict() == {"rules": [rule]}
            assert list(filters.to_dict()["rules"][0]) == list(rule)


def test_the_official_client_knows_these_kinds_and_fields() -> None:
    fields = {
        kind: {rule["field"] for rule in official_rules() if rule["type"] == kind and "field" in rule} for kind in NAMES
    }
    assert {rule["type"] for rule in official_rules()} == set(NAMES)
    assert fields["analysis"] == set(NAMES["analysis"])
    assert fields["analysis_flag"] == set(NAMES["analysis_flag"])

"""The authoring guide is true for any declarations."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segdsl
from segdsl import Schema
from segdsl.catalogue import BUILT_INS, Field, Kind
from segdsl.guide import authoring_guide
from segdsl.guide.markdown import code
from segdsl.semantics.names import field_of, name_everywhere
from segdsl.semantics.objections import SIGNATURES
from segdsl.syntax.nodes import BareName, Comparison

SCHEMA = Schema(
    properties={
        "plan": ["free", "pro"],
        "seats": "integer",
        "score": "number",
        "company": "string",
        "isAdmin": "boolean",
        "from": "string",
        "sentiment": "number",
        "-x": "boolean",
        "odd": ["a|b`c"],
    },
    conversation_properties={"channel": ["web", "slack"]},
)
DEFINITIONS = {"engaged": "conversationCount >= 5 # many\n and lastSeen within 7d", "broken": "plan =", "wrong": "plna"}
BOTH = pytest.mark.parametrize(("schema", "definitions"), [(None, {}), (SCHEMA, DEFINITIONS), (Schema({}, {}), {})])


def section(guide: str, title: str) -> str:
    (text,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", guide, re.MULTILINE | re.DOTALL)
    return str(text)


def accepted(guide: str) -> list[str]:
    (block,) = re.findall(r"```segdsl\n(.*?)```", section(guide, "Accepted"), re.DOTALL)
    return str(block).splitlines()


def spans(text: str) -> list[str]:
    """The codes in Markdown, without their fences."""
    return [match[1] if match[1] is not None else match[2] for match in re.finditer(r"`` (.*?) ``|`([^`]+)`", text)]


def refused(guide: str) -> Iterator[tuple[str, str, str | None]]:
    """Expression, code, and the suggested text, if any."""
    for line in section(guide, "Refused, or warned about").strip().splitlines():
        text, name = spans(line)[:2]
        fix = spans(line.rpartition(" Write ")[2])[0] if " Write `" in line else None
        yield text, name, fix


@BOTH
def test_accepted_expressions_compile_without_a_warning(schema: Schema | None, definitions: dict[str, str]) -> None:
    texts = accepted(authoring_guide(schema, definitions))
    assert len(texts) >= 10
    for text in texts:
        assert segdsl.check(text, schema, definitions=definitions) == ()
        assert segdsl.compile_all(text, schema, definitions=definitions)


@BOTH
def test_refused_expressions_have_that_code_and_their_fixes_have_none(
    schema: Schema | None, definitions: dict[str, str]
) -> None:
    entries = list(refused(authoring_guide(schema, definitions)))
    assert len(entries) >= 20
    for text, name, fix in entries:
        found = {one.code for one in segdsl.check(text, schema, definitions=definitions)}
        if name == "needs-split":
            with pytest.raises(segdsl.CompileError, match="needs-split"):
                segdsl.compile(text, schema, definitions=definitions)
        else:
            assert name in found
        assert fix is None or segdsl.check(fix, schema, definitions=definitions) == ()


def test_every_construct_and_nearly_every_code_has_an_example() -> None:
    guide = authoring_guide(SCHEMA, DEFINITIONS)
    text = "\n".join(accepted(guide))
    for word in ("<= sentiment <", " between ", " in [", " contains ", " within ", "not (", " during ", " from ", "@"):
        assert word in text
    names = {name for _, name, _ in refused(guide)}
    assert {"undeclared-property", "not-allowed-value", "near-miss", "not-expressible", "never-matches"} <= names
    assert {name for _, name, _ in refused(authoring_guide())} >= names - {"undeclared-property", "not-allowed-value"}


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def rows(guide: str) -> Iterator[list[str]]:
    """Names, operators and the rest of each row of the table."""
    for line in section(guide, "Names").splitlines():
        cells = re.split(r"(?<!\\) \| ", line.strip("| ").replace("\\|", "\x00"))
        if len(cells) == 4 and "`" in cells[0]:
            yield [cell.replace("\x00", "|") for cell in cells]


VALUES = {"a string": '"x"', "a number": "0.5", "a whole number": "5", "a boolean": "true", "a duration": "7d"}


@pytest.mark.parametrize("schema", [None, SCHEMA])
def test_each_name_takes_just_the_operators_and_values_that_stand_beside_it(schema: Schema | None) -> None:
    seen = 0
    for names, _, operators, values in rows(authoring_guide(schema)):
        literals = spans(values) if values.startswith("one of") else [VALUES[word] for word in values.split(" or ")]
        fields = [name for name in spans(names) if "KEY" not in name] or ["tier"]
        possible = {
            *(word for signature in SIGNATURES.values() for word in signature if not word.startswith("not ")),
            "between",
        }
        for name, operator in product(fields, possible):
            texts = [_comparison(name, operator, literal) for literal in literals]
            fits = any(not _misfits(text, schema) for text in texts)
            assert fits == (operator in spans(operators)), f"{name} {operator}"
            seen += 1
        for name in fields:
            assert ("its name alone" in operators) == (not _misfits(name, schema))
    assert seen > 100


def _comparison(name: str, operator: str, literal: str) -> str:
    if operator == "between":
        return f"{name} between {literal} and {literal}"
    return f"{name} {operator} [{literal}]" if operator == "in" else f"{name} {operator} {literal}"


def _misfits(text: str, schema: Schema | None) -> set[str]:
    wrong = {"wrong-operator", "wrong-type", "not-allowed-value", "not-a-condition", "undeclared-property", "bad-name"}
    return {one.code for one in segdsl.check(text, schema)} & wrong


def test_every_built_in_name_is_there() -> None:
    named = {name for names, *_ in rows(authoring_guide()) for name in spans(names)}
    assert set(BUILT_INS) <= named


def test_it_says_what_other_names_there_are() -> None:
    assert "| any other name, `user.KEY`, " in authoring_guide()
    assert "*no other user property exists*" in authoring_guide(SCHEMA)
    empty = authoring_guide(Schema({}, {}))
    assert "*no user property exists*" in empty
    assert "*no conversation property exists*" in empty


@given(st.sampled_from([Kind.PROPERTY, Kind.CONVERSATION_PROPERTY]), st.from_regex(r"[A-Za-z0-9._-]+", fullmatch=True))
def test_a_name_stands_for_its_property_everywhere(kind: Kind, key: str) -> None:
    name = name_everywhere(Field(kind, key))
    for text in (f"{name} == 1", f"1 < {name}", name):
        node = segdsl.parse(text).condition
        assert isinstance(node, Comparison | BareName)
        assert field_of(node.name) == Field(kind, key)
    assert isinstance(segdsl.parse(f"{name} contains 'a'").condition, Comparison)


def test_only_usable_definitions_are_offered_without_their_comments() -> None:
    guide = authoring_guide(SCHEMA, DEFINITIONS)
    assert "- `@engaged`: `conversationCount >= 5 and lastSeen within 7d`" in guide
    assert "@broken" not in guide
    assert "@wrong" not in guide
    assert "## Definitions" not in authoring_guide(SCHEMA, {"broken": "plan ="})


# ── form ───────────────────────────────────────────────────────────────────────────────────────────────────────────

KEYS = st.from_regex(r"[A-Za-z0-9._-]{1,8}", fullmatch=True)
TYPES = st.one_of(
    st.sampled_from(["string", "number", "integer", "boolean"]),
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), min_size=1, max_size=3),
)
TABLES = st.none() | st.dictionaries(KEYS, TYPES, max_size=4)


@given(TABLES, TABLES)
@settings(max_examples=12)
def test_it_can_be_written_and_holds_for_any_declarations(
    properties: dict[str, Any] | None, conversation_properties: dict[str, Any] | None
) -> None:
    schema = Schema(properties, conversation_properties)
    guide = authoring_guide(schema)
    for text in accepted(guide):
        assert segdsl.check(text, schema) == ()
    assert {line.replace("\\|", "").count("|") for line in guide.split("\n") if line.startswith("|")} == {5}


def test_it_is_short() -> None:
    assert len(authoring_guide().splitlines()) < 120
    assert len(authoring_guide()) < 12_000


def test_code_with_a_back_quote_gets_a_longer_fence() -> None:
    assert code("a") == "`a`"
    assert code("a`b") == "`` a`b ``"

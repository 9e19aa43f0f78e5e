"""What warnings and help say is so: of every part that they underline, and for every user."""

import re
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import segdsl
from segdsl.catalogue import BUILT_INS
from segdsl.limits import MAX_SAFE_INTEGER
from tests.diagnosed import underlined

from .effort import rounds, seeded
from .random_trees import random_tree, random_values
from .strategies import NOW, record
from .trees import Field, Tree, predicates, spell

TREES = rounds(dev=200, ci=450, deep=40_000)
USERS = 40

FREE = "free_of_all_else"
"""A property that no tree has: `FREE == 1` takes the place of a part, and a user has 1 where the part shall hold."""


def reunderlined(text: str, found: segdsl.Diagnostic, by: str) -> str:
    return text[: found.span.start] + by + text[found.span.end :]


def without(text: str, found: segdsl.Diagnostic) -> Iterator[tuple[str, Any]]:
    """The text without a part, as an expression and the value of `FREE` for it; all possible meanings.

    A bound of a range goes with its sign; of `between` it gives way to a number far out.
    """
    part = underlined(found)
    if re.fullmatch(r"[<>]=?\s*\S.*|.*\S\s*[<>]=?", part):
        yield reunderlined(text, found, ""), None
    elif _is_literal(part) and "between" in text:
        for far in ("-9007199254740990", "9007199254740990", '""', '"\ud7ff"'):
            yield reunderlined(text, found, far), None
    else:
        for value in (1, 2):
            yield reunderlined(text, found, f"({FREE} == 1)"), value


def _is_literal(part: str) -> bool:
    return bool(re.fullmatch(r'-?[\d.]+(e-?\d+)?|true|false|"(\\.|[^"\\])*"', part))


def condition_of(text: str, found: segdsl.Diagnostic) -> str:
    """The part as a condition: a bound of a range with its name."""
    part, before, after = underlined(found), text[: found.span.start], text[found.span.end :]
    if re.fullmatch(r".*\S\s*[<>]=?", part):
        return f"{part} {re.match(NAME, after.lstrip())[0]}"  # type: ignore[index]  # the name stands there
    if re.fullmatch(r"[<>]=?\s*\S.*", part):
        return f"{re.search(NAME + r'$', before.rstrip())[0]} {part}"  # type: ignore[index]  # likewise
    if low := re.search(rf"({NAME}) between $", before):
        return f"{low[1]} >= {part}"
    if high := re.search(rf"({NAME}) between \S+ and $", before):
        return f"{high[1]} <= {part}"
    return part


NAME = r'(?:(?:user|conversation)\["[^"]*"\]|[A-Za-z_][\w.-]*)'


def verdicts(text: str, users: list[dict[str, Any]], free: Any) -> list[bool]:
    matches = segdsl.matcher(text, now=NOW)
    return [matches(with_free(user, free)) is True for user in users]


def with_free(user: dict[str, Any], value: Any) -> dict[str, Any]:
    return {**user, "properties": {**user.get("properties", {}), FREE: value}}


def random_warnings(random: Random) -> Iterator[tuple[Tree, str, segdsl.Diagnostic, list[dict[str, Any]]]]:
    for _ in range(TREES):
        tree = random_tree(random)
        text = spell(tree)
        found = segdsl.check(text, max_segments=64)
        warnings = [one for one in found if one.severity == "warning"]
        if warnings and len(warnings) == len(found):
            users = [record(values) for values in random_values(random, tree, USERS)]
            for one in warnings:
                yield tree, text, one, users


def test_a_part_that_changes_nothing_may_go() -> None:
    random, seen = seeded(20261129), Counter[str]()
    for _, text, found, users in random_warnings(random):
        if found.code != "redundant" or "stands in the list already" in found.message:
            continue
        seen[found.message] += 1
        wanted = verdicts(text, users, 1)
        options = list(without(text, found))
        assert any(verdicts(shorter, users, free) == wanted for shorter, free in options), (text, underlined(found))
    assert len(seen) == 4, seen
    assert seen.total() > TREES / 10, seen


def test_a_part_that_always_or_never_holds_does() -> None:
    random, seen = seeded(20261130), Counter[str]()
    for tree, text, found, _ in random_warnings(random):
        part = condition_of(text, found)
        says = next((words for words in CLAIMS if words in found.message), None)
        if says is None:
            continue
        seen[says] += 1
        users = [record(values) for values in random_values(random, tree, USERS)]
        fields = {one.field for one in predicates(tree)}
        for user in users:
            verdict = segdsl.evaluate(part, user, now=NOW)
            if says in ("holds for every user who has", "holds for no user who has"):
                name = re.findall("`([^`]+)`", found.message)[0]
                fields_of_part = [one for one in fields if one.key == name and one.spellings[0] in part]
                assert fields_of_part, (text, part, found.message)
                field = max(fields_of_part, key=lambda one: len(one.spellings[0]))
                assert (verdict is CLAIMS[says]) is (_has(user, field)), (text, part, user)
            else:
                assert verdict is not CLAIMS[says], (text, part, user)
    assert set(seen) == set(CLAIMS), seen


CLAIMS = {
    "holds for every user who has": True,
    "holds for no user who has": False,
    "no user can match this part": True,
    "no user can fail this part": False,
}
"""The verdict of a part for users who have its field, or the one that it has for none."""


def _has(user: dict[str, Any], field: Field) -> bool:
    parts = {"metric": "analysis", "flag": "flags", "property": "properties", "conversation": "conversationProperties"}
    place = {"count": "conversationCount", "instant": "lastSeen"}.get(field.kind)
    value = user.get(place) if place else user.get(parts[field.kind], {}).get(field.key)
    return value is not None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("sentiment > 0.5 and 0.3 <= sentiment <= 0.9", "0.3 <="),
        ("sentiment < 0.5 and 0.3 <= sentiment <= 0.9", "<= 0.9"),
        ("sentiment < 0.5 and 0.9 >= sentiment > 0.3", "0.9 >="),
        ("rating >= 4 and rating between 2 and 9", "2"),
        ("rating <= 4 and rating between 2 and 9", "9"),
        ("conversationCount > 7 and 3 < conversationCount < 20", "3 <"),
        ("seats > 7 and 3 < seats < 20", "3 <"),
        ("rating >= 4 and @range", "2 <="),
        ("rating < 4 and not @outside", "9"),
    ],
)
def test_only_the_implied_bound_of_a_range_is_underlined(text: str, kept: str) -> None:
    definitions = {"range": "2 <= rating <= 9", "outside": "not rating between 2 and 9"}
    (found,) = segdsl.check(text, definitions=definitions)
    assert (found.code, underlined(found)) == ("redundant", kept)


# ── who has a field ────────────────────────────────────────────────────────────────────────────────────────────────

OF_TYPES: dict[Any, st.SearchStrategy[Any]] = {
    "string": st.text(st.characters(codec="ascii"), min_size=1),
    "number": st.floats(-1e15, 1e15),
    "integer": st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER),
    "boolean": st.booleans(),
    "date": st.dates().map(str),
    ("low", "high"): st.sampled_from(["low", "high"]),
}
PRESENT = ["{} exists", "{} is not null", "has {}", "exists {}", "{} is set", "exists({})", "{} is null", "{} is empty"]
PROPOSED = re.compile(r"is `([^`]+)`$")


@given(type_=st.sampled_from([*OF_TYPES]), form=st.sampled_from(PRESENT), data=st.data())
def test_who_has_a_field_is_a_condition_of_its_type(type_: Any, form: str, data: st.DataObject) -> None:
    environment = segdsl.Environment(segdsl.Schema(properties={"field": type_}))
    name = data.draw(st.sampled_from(["field", "user.field"]))
    told = [line for found in environment.check(form.format(name)) for line in found.help]
    (condition,) = [one for line in told for one in PROPOSED.findall(line)]
    assert condition.startswith(name)
    assert not [one for one in environment.check(condition) if one.severity == "error"]
    value = data.draw(OF_TYPES[type_])
    assert environment.evaluate(condition, {"id": "u1", "properties": {"field": value}}, now=NOW) is True


@pytest.mark.parametrize("name", BUILT_INS)
def test_who_has_a_built_in_is_a_condition(name: str) -> None:
    (found,) = segdsl.check(f"{name} exists")
    (condition,) = PROPOSED.findall(found.help[0])
    assert condition.startswith(name)
    assert not [one for one in segdsl.check(condition) if one.severity == "error"]


# ── what a comparison becomes ──────────────────────────────────────────────────────────────────────────────────────

WHOLE = segdsl.Schema(properties={"seats": "integer"})
LIMITS = [MAX_SAFE_INTEGER, MAX_SAFE_INTEGER - 1, MAX_SAFE_INTEGER - 2]
NUMBERS = st.integers(-9, 99) | st.sampled_from([*LIMITS, *(-one for one in LIMITS), 1.0, 5.5, -0.0, 20.0, 0])
SIGNS = st.sampled_from(["<", "<=", ">", ">="])


def written(number: Any, parameter: bool, name: str, params: dict[str, Any]) -> str:
    if parameter:
        params[name] = number
        return f"${name}"
    return repr(number)


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Comparisons and ranges of `seats`, some with parameters, some after `not`."""
    params: dict[str, Any] = {}
    low, high = (written(draw(NUMBERS), draw(st.booleans()), name, params) for name in ("low", "high"))
    up = draw(st.sampled_from([("<", "<="), ("<=", "<"), ("<=", "<=")]))
    text = draw(
        st.sampled_from(
            [
                f"seats {draw(SIGNS)} {low}",
                f"{low} {draw(SIGNS)} seats",
                f"not seats {draw(SIGNS)} {low}",
                f"{low} {up[0]} seats {up[1]} {high}",
                f"{high} {up[0].replace('<', '>')} seats {up[1].replace('<', '>')} {low}",
                f"seats between {low} and {high}",
                f"not seats between {low} and {high}",
            ]
        )
    )
    return text, params


@given(made=comparisons())
@example(made=("1.0 <= seats < 20", {}))
@example(made=("seats between $low and $high", {"low": 1, "high": 7}))
@example(made=("1 <= seats <= 5.5", {}))
@example(made=(f"seats <= {MAX_SAFE_INTEGER - 1}", {}))
def test_what_it_becomes_says_the_same_for_a_declared_integer(made: tuple[str, dict[str, Any]]) -> None:
    text, params = made
    params = {name: value for name, value in params.items() if f"${name}" in text}
    found = [one for one in segdsl.check(text, params=params, max_segments=1) if one.code == "needs-split"]
    assume(found)
    became = re.findall("becomes `(.*)`", found[0].help[0])
    try:
        declared = segdsl.compile_all(text, WHOLE, params)
    except segdsl.CompileError:
        assert not became, "the declaration would make it an error"
        return
    if became:
        assert len(declared) == 1
        assert segdsl.compile(became[0], WHOLE) == segdsl.compile(became[0]) == declared[0]
    else:
        assert len(declared) > 1, "the declaration would help"

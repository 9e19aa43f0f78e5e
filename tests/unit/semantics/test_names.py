"""Near misses: how far a name may be from the one that was meant."""

from random import Random

import pytest

from segdsl import Schema, check
from segdsl.catalogue import BUILT_INS
from segdsl.semantics.names import distance, is_bare, near_miss, nearest
from segdsl.syntax.names import folded


def by_the_definition(name: str) -> str | None:
    """What `near_miss` says of itself, every built-in name tried."""
    edits = {built_in: distance(folded(name), folded(built_in), 2) for built_in in BUILT_INS}
    allowed = {built_in: (len(built_in) >= 5) + (len(built_in) >= 9) for built_in in BUILT_INS}
    near = [(away, built_in) for built_in, away in edits.items() if away <= allowed[built_in]]
    return min(near)[1] if near else None


def edited(random: Random, name: str) -> str:
    letters = list(name)
    for _ in range(random.randrange(4)):
        at = random.randrange(len(letters) + 1)
        kind = random.choice(["insert", "take", "swap", "replace"])
        if kind == "swap":
            letters[at : at + 2] = reversed(letters[at : at + 2])
        else:
            letters[at : at + (kind != "insert")] = random.choice("aeXt_-") * (kind != "take")
    return "".join(letters)


@pytest.mark.parametrize("name", ["", "x", "sentiment" * 4, "a" * 200])
def test_names_of_other_lengths_have_no_near_miss(name: str) -> None:
    assert near_miss(name) is None


def test_near_misses_are_found_as_defined() -> None:
    random = Random(20261127)
    names = [edited(random, random.choice(list(BUILT_INS))) for _ in range(2_000)]
    found = [near_miss(name) for name in names]
    assert found == [by_the_definition(name) for name in names]
    assert 200 < sum(one is None for one in found) < 1_800


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("averageSentiment < 0.3", "sentiment"),
        ("sentiment_score >= 1", "sentiment"),
        ("avg-rating > 3", "rating"),
        ("commercialIntentLevel > 0.7", "commercialIntent"),
        ("cqiScore > 80", "cqi"),
        ("missingCapability", "missingCapabilityDetected"),
        ("jailbreakAttempted", "jailbreakDetected"),
        ("customer.sentiment < 0.3", "sentiment"),
        ("metrics.cqi > 80", "cqi"),
    ],
)
def test_a_built_in_with_other_words_is_not_a_property(text: str, meant: str) -> None:
    (problem,) = check(text)
    assert (problem.code, problem.fixes[0].edits[0].text) == ("near-miss", meant)
    name = text.split(maxsplit=1)[0]
    assert not check(text, schema=Schema(properties={name: "boolean" if name == text else "number"}))


@pytest.mark.parametrize(
    "text",
    ["sentimentScore > 60", "score > 0.5", "averageScore > 0.5", "capability", "customer.plan", "survey.rating > 3"],
)
def test_words_of_built_ins_alone_are_properties(text: str) -> None:
    assert not check(text)


@pytest.mark.parametrize("name", ["user.plan", 'user["-x"]', "conversation.plan", 'conversation["-x"]'])
def test_names_in_a_namespace_are_not_bare(name: str) -> None:
    assert not is_bare(name)


@pytest.mark.parametrize("name", ["plan", "users", "user_plan", "company.user.x", "conversations.x"])
def test_other_names_are_bare(name: str) -> None:
    assert is_bare(name)


@pytest.mark.parametrize(
    ("name", "candidates", "meant"),
    [
        ("pln", ["plan"], "plan"),
        ("pxyn", ["plan"], None),
        ("regxxn", ["region"], "region"),
        ("rexxxn", ["region"], None),
        ("pla", ["plans", "plan"], "plan"),
        ("p-l-a-n", ["plan"], "plan"),
        ("p-l-a-n-", ["plan"], None),
        ("plan", [], None),
    ],
)
def test_the_nearest_name(name: str, candidates: list[str], meant: str | None) -> None:
    assert nearest(name, candidates) == meant


@pytest.mark.parametrize(
    ("one", "other", "edits"), [("plan", "plan", 0), ("plan", "paln", 1), ("plan", "pan", 1), ("plan", "oxen", 3)]
)
def test_edits_are_counted_up_to_a_limit(one: str, other: str, edits: int) -> None:
    assert distance(one, other, 2) == min(edits, 3)
    assert distance(other, one, 2) == min(edits, 3)


@pytest.mark.parametrize(
    ("one", "other", "limit", "edits"),
    [
        ("ab", "ba", 1, 1),  # neighbours swapped, at the very start
        ("xab", "xba", 1, 1),
        ("aaa", "a", 2, 2),
        ("abab", "ab", 2, 2),
        ("a", "abcd", 1, 2),
        ("abcd", "a", 1, 2),
        ("ab", "cda", 1, 2),
        ("abc", "xyz", 1, 2),
        ("", "", 1, 0),
        ("", "a", 1, 1),
    ],
)
def test_more_edits_than_the_limit_are_the_limit_and_one(one: str, other: str, limit: int, edits: int) -> None:
    assert distance(one, other, limit) == edits


@pytest.mark.parametrize(
    ("key", "text", "fixed"),
    [
        ("2fa", 'user["2fb"] == true', "user.2fa == true"),
        ("plan.-x", 'user["plan.-y"] == true', 'user["plan.-x"] == true'),
        ("within", "user.withn", "user.within"),
    ],
)
def test_a_declared_name_that_is_meant_is_written_so_that_it_is_one(key: str, text: str, fixed: str) -> None:
    schema = Schema(properties={key: "boolean"})
    (problem,) = check(text, schema=schema)
    assert problem.code == "undeclared-property"
    assert problem.fixes[0].applied_to(text) == fixed
    assert check(fixed, schema=schema) == ()

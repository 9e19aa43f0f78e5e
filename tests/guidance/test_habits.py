"""Messages lead from what people type to what they mean, and never to another meaning."""

import re
from collections.abc import Iterator

import pytest

import segdsl
from segdsl.syntax.nodes import BareName
from tests.guidance.walks import Habit, Walk, checked, habits, parts, walk, words

HABITS = habits()
SHARES = {"at most one fix run": 0.97, "at most two": 0.97, "told": 0.97}
"""The least share of what can be said that is right after so many runs of fixes; of what must be told, that is."""


@pytest.fixture(scope="module")
def walks() -> list[Walk]:
    return [walk(habit) for habit in HABITS]


def test_nothing_is_accepted_with_another_meaning(walks: list[Walk]) -> None:
    assert [one.texts for one in walks if one.end == "wrong"] == []


def test_right_texts_are_accepted_as_typed(walks: list[Walk]) -> None:
    right = [one for one in walks if one.habit.kind == "right"]
    assert len(right) > 40
    assert [one.habit.typed for one in right if one.end != "right" or len(one.texts) > 1] == []


@pytest.mark.parametrize(("share", "runs"), [("at most one fix run", 1), ("at most two", 2)])
def test_what_can_be_said_is_right_soon(walks: list[Walk], share: str, runs: int) -> None:
    sayable = [one for one in walks if one.habit.kind == "sayable"]
    right = [one for one in sayable if one.end == "right" and len(one.texts) <= runs + 1]
    assert len(right) >= SHARES[share] * len(sayable)


def test_what_cannot_be_said_is_refused_or_warned_of(walks: list[Walk]) -> None:
    assert {one.end for one in walks if one.habit.kind == "unsayable"} <= {"refused", "warned", "right"}


def test_most_required_diagnostics_appear_at_first(walks: list[Walk]) -> None:
    asked = [one for one in walks if one.habit.told]
    assert sum(not one.untold for one in asked) >= SHARES["told"] * len(asked)


# ── every fix, and every text that is proposed ─────────────────────────────────────────────────────────────────────


def proposed(habit: Habit) -> Iterator[tuple[str, str]]:
    """The typed text with each fix made by itself, where that is accepted, and the fix's title."""
    for problem in checked(habit.typed, habit.schema):
        for fix in problem.fixes:
            text = fix.applied_to(habit.typed)
            if not any(one.severity == "error" for one in checked(text, habit.schema)):
                yield text, fix.title


@pytest.mark.parametrize("habit", HABITS, ids=[habit.name for habit in HABITS])
def test_each_fix_leads_to_the_intended_text_or_is_refused(habit: Habit) -> None:
    assert [found for found in proposed(habit) if not habit.is_meant(found[0])] == []


_PROPOSED = re.compile(r"`([^`]+)`")
_LITERAL = re.compile(r'"([^"]*)"|\b[0-9]+(?:\.[0-9]+)?\b')


def conditions_told(habit: Habit) -> Iterator[list[str]]:
    """For each problem the complete comparisons in its help that hold a literal of the typed text."""
    for problem in checked(habit.typed, habit.schema):
        quoted = [text for line in problem.help for text in _PROPOSED.findall(line) if holds_any_of(habit.typed, text)]
        if conditions := [text for text in quoted if is_condition(text, habit.schema)]:
            yield conditions


def holds_any_of(typed: str, text: str) -> bool:
    """Whether a text holds a literal of the typed text; examples hold their own."""
    literals = [literal[1] or literal[0] for literal in _LITERAL.finditer(text)]
    return any(one in typed for one in literals)


def is_condition(text: str, schema: segdsl.Schema | None) -> bool:
    """Whether a text is accepted, and more than a name."""
    is_accepted = not any(problem.severity == "error" for problem in checked(text, schema))
    return is_accepted and not isinstance(segdsl.parse(text).condition, BareName)


@pytest.mark.parametrize("habit", HABITS, ids=[habit.name for habit in HABITS])
def test_the_first_condition_of_help_is_a_part_of_the_intended_text(habit: Habit) -> None:
    """Further ones are for other cases, which their lines name."""
    meant = set[str]().union(*(parts(one, habit.schema) for one in habit.meant if one is not None))
    first = [some[0] for some in conditions_told(habit)]
    assert [text for text in first if not parts(text, habit.schema) <= meant] == []


def test_words_are_read(walks: list[Walk]) -> None:
    """The laws above look at something: most lines are refused, and most refusals say a way out."""
    refused = [one for one in walks if any(problem.severity == "error" for problem in one.first)]
    assert len(refused) > 200
    assert sum(len(words(one.first)) > len(one.first) for one in refused) > 180

"""Promise 3, bounded: nesting and definitions that multiply are answered with little work, in little memory."""

import json
import tracemalloc
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import segdsl

from .counted import lines_run

LINES = 10_000_000
"""The most lines of Python that may run for one answer."""

MEGABYTES = 40

LONG = 1_200
"""More levels than Python has frames."""


def by_turns(levels: int, word: Callable[[int], str]) -> str:
    """`a0 or (a1 and (a2 or …))`."""
    text = f"a{levels} == {levels}"
    for level in reversed(range(levels)):
        text = f"(a{level} == {level} {word(level)} {text})"
    return text


def stacked(count: int, definition: str, last: str = "x == 1") -> dict[str, str]:
    """Definitions in which each may name the next one, `{next}`, and its own number, `{i}`."""
    named = {f"d{i}": definition.replace("{next}", f"@d{i + 1}").replace("{i}", str(i)) for i in range(count)}
    return named | {f"d{count}": last}


def excluded(lists: int) -> str:
    return " and ".join(f"plan not in {json.dumps([f'v{50 * k + i}' for i in range(50)])}" for k in range(lists))


TEXTS: dict[str, tuple[str, object]] = {
    "or, and by turns, 100 levels": (by_turns(100, lambda level: "and" if level % 2 else "or"), "too-many-segments"),
    "or, and by turns, 15 levels": (by_turns(15, lambda level: "and" if level % 2 else "or"), 9),
    "not of or, and by turns": (
        "not " + by_turns(100, lambda level: "and" if level % 2 else "or"),
        "too-many-segments",
    ),
    "50 lists of 50 excluded values": (excluded(50), 1),
    "50 lists of 50 values, nothing in common": (excluded(50).replace("not in", "in"), "never-matches"),
    "50 lists of 50 values, any": (excluded(50).replace("not in", "in").replace(" and ", " or "), "too-many-segments"),
    "50 lists of 50 excluded values, each of its own field": (
        " and ".join(f"p{k} not in {list(range(50))}" for k in range(50)),
        1,
    ),
    "50 lists of 50 values, each of its own field": (
        " and ".join(f"p{k} in {list(range(50))}" for k in range(50)),
        "too-many-segments",
    ),
    "not of 50 lists of 50 values": (f"not ({excluded(50)})", "too-many-segments"),
}
STACKS: dict[str, tuple[Mapping[str, str], object]] = {
    "each twice the next, 10": (stacked(10, "{next} and {next}"), 1),
    "each twice the next, 100": (stacked(100, "{next} and {next}"), "too-long"),
    "each twice the next, or": (stacked(100, "{next} or {next}"), "too-long"),
    "each the negation of twice the next": (stacked(100, "not ({next} or {next})"), "too-long"),
    "300 levels": (stacked(300, "{next} and b{i} == {i}"), 1),
    "120 levels of or under not": (stacked(120, "not ({next} or b{i} == {i})"), "too-many-segments"),
    "1,200 levels": (stacked(LONG, "{next}"), 1),
    "1,200 levels, and then an error": (stacked(LONG, "{next}", "sentiment == 'x'"), "wrong-type"),
    "1,200 levels, and then none": (stacked(LONG, "{next}", "@nowhere"), "unknown-definition"),
    "a circle of 1,200": (stacked(LONG, "{next}", "@d0"), "definition-cycle"),
    "30 circles in one another": (
        {f"d{i}": " or ".join(f"@d{j}" for j in range(30)) for i in range(30)},
        "definition-cycle",
    ),
    "each all that come after it": (
        {f"d{i}": " and ".join(f"@d{j}" for j in range(i + 1, 60)) or "x" for i in range(60)},
        "too-long",
    ),
}
USES: dict[str, Callable[..., Any]] = {
    "compile_all": lambda text, definitions: len(segdsl.compile_all(text, definitions=definitions)),
    "check": lambda text, definitions: [str(one) for one in segdsl.check(text, definitions=definitions)],
    # `evaluate` is this, and no more
    "matcher": lambda text, definitions: segdsl.matcher(text, definitions=definitions)({}),
}


def answer(use: str, text: str, definitions: Mapping[str, str] | None = None) -> Any:
    """What the use answers, or the code of the refusal."""
    try:
        return USES[use](text, definitions)
    except (segdsl.ParseError, segdsl.CompileError) as refused:
        return refused.diagnostics[0].code


def answer_in_little_memory(text: str, definitions: Mapping[str, str] | None = None) -> object:
    tracemalloc.start()
    try:
        found = answer("compile_all", text, definitions)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEGABYTES * 2**20
    return found


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("name", TEXTS)
def test_nesting_and_lists(name: str, use: str) -> None:
    text, _ = TEXTS[name]
    lines_run(lambda: answer(use, text), LINES)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("name", STACKS)
def test_definitions(name: str, use: str) -> None:
    definitions, _ = STACKS[name]
    lines_run(lambda: answer(use, "@d0", definitions), LINES)


@pytest.mark.parametrize("name", TEXTS)
def test_what_becomes_of_nesting_and_lists(name: str) -> None:
    text, expected = TEXTS[name]
    assert answer_in_little_memory(text) == expected


@pytest.mark.parametrize("name", STACKS)
def test_what_becomes_of_definitions(name: str) -> None:
    definitions, expected = STACKS[name]
    assert answer_in_little_memory("@d0", definitions) == expected


@pytest.mark.parametrize("name", STACKS)
def test_messages_about_definitions_stay_readable(name: str) -> None:
    definitions, _ = STACKS[name]
    for problem in segdsl.check("@d0", definitions=definitions):
        assert len(problem.message) < 500
        assert len(problem.notes) <= 5

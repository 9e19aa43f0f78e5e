"""The laws of completion: sound, complete, total, linear, local."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import segdsl

from ..counted import lines_run
from .sentences import DEFINITIONS, PARAMS, SCHEMA, sentence

ENVIRONMENT = segdsl.Environment(SCHEMA, DEFINITIONS)
UNCHECKED = segdsl.Environment()


def complete(text: str, offset: int) -> segdsl.Completions:
    return ENVIRONMENT.complete(text, offset, PARAMS)


# ── complete: a word that can be known is offered from its first letter on ─────────────────────────────────────────


def is_offered(word: str, found: segdsl.Completions, prefix: str) -> bool:
    """Whether an item is the word, or leads to it: `user.` to `user.plan`, `not in` to `not`."""
    return any(
        item.label == word
        or item.label.startswith(f"{word} ")
        or (item.kind == "namespace" and word.startswith(item.label) and len(prefix) < len(item.label))
        for item in found.items
    )


@pytest.mark.parametrize("seed", range(40))
def test_every_known_word_is_offered(seed: int) -> None:
    words = sentence(Random(seed))
    written = " ".join(word.text for word in words)
    problems = segdsl.check(written, SCHEMA, PARAMS, DEFINITIONS, 1_000)
    assert not [one for one in problems if one.severity == "error" and one.code in WRONG]
    start = 0
    for word, is_known in words:
        cuts = {0, 1, len(word) // 2, len(word) - 1}
        for typed in sorted(cut for cut in cuts if is_known and cut < len(word)):
            text = written[: start + typed]
            found = complete(text, len(text))
            assert found.start == start or not typed, (text, found)
            assert is_offered(word, found, word[:typed]), (text, word, found)
        start += len(word) + 1


# ── sound: completions lead to texts without errors ───────────────────────────────────────────────────────────

LOWERED = frozenset(
    "needs-split too-many-segments never-matches may-never-match always-true redundant not-expressible out-of-scale "
    "scope-not-applied empty-date-range ambiguous-value".split()
)
"""The errors of meaning in a text without wrong words."""
WRONG = frozenset(code for code in segdsl.diagnostics.codes.CODES if code not in LOWERED)

FREE = {
    "a string": '"x"',
    "a number": "3",
    "a date such as 2026-01-31": "2026-01-31",
    "a product id in quotes": '"182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"',
    "true or false": "true",
    "a duration such as 7d": "7d",
}
"""The texts that a person types where no values can be listed."""


def step(
    text: str, random: Random, environment: segdsl.Environment, params: dict[str, Any], definition: str | None
) -> str | None:
    """The text after one item, or one literal of a person's own."""
    found = environment.complete(text, len(text), params, definition=definition)
    free = [FREE[kind] for kind in found.expected.split(" or ") if kind in FREE]
    if not found.items or (free and random.random() < 0.3):
        assert free or "the end" in found.expected, (text, found)
        return f"{text}{random.choice(free)} " if free else None
    item = random.choice(found.items)
    blank = "" if item.kind == "namespace" else " "
    text = f"{text[: found.start]}{item.insert}{blank}"
    return f"{text}k " if item.kind == "namespace" and not environment.complete(text, len(text)).items else text


def can_end(found: segdsl.Completions) -> bool:
    """Whether the text before the cursor is whole: it may go on with `or`, or end, and no parenthesis is open."""
    labels = {item.label for item in found.items}
    return ("or" in labels or "the end" in found.expected) and ")" not in labels


@pytest.mark.parametrize(
    ("environment", "params"), [(ENVIRONMENT, PARAMS), (UNCHECKED, {})], ids=["schema", "unchecked"]
)
@pytest.mark.parametrize("seed", range(40))
def test_walks_along_items_end_in_texts_without_errors(
    seed: int, environment: segdsl.Environment, params: dict[str, Any]
) -> None:
    for text in walk(seed, environment, params):
        problems = environment.check(text, params, 1_000)
        assert not [one for one in problems if one.severity == "error" and one.code in WRONG], (text, problems)


@pytest.mark.parametrize("seed", range(40))
def test_walks_in_the_body_of_a_definition_end_in_definitions_without_errors(seed: int) -> None:
    for text in walk(seed, ENVIRONMENT, PARAMS, definition="engaged"):
        environment = segdsl.Environment(SCHEMA, {**DEFINITIONS, "engaged": text})
        for name in DEFINITIONS:
            problems = environment.check_definition(name, PARAMS)
            assert not [one for one in problems if one.severity == "error" and one.code in WRONG], (text, problems)


def walk(
    seed: int, environment: segdsl.Environment, params: dict[str, Any], definition: str | None = None
) -> Iterator[str]:
    """The texts of a walk that are whole."""
    random, text = Random(seed), random_start(seed)
    ends = 0
    for _ in range(40):
        following = step(text, random, environment, params, definition)
        if following is None:
            break
        text = following
        if can_end(environment.complete(text, len(text), params, definition=definition)):
            ends += 1
            yield text
    assert ends or "(" in text, text


def random_start(seed: int) -> str:
    """Most walks begin with nothing, some with a literal, which a name follows."""
    return ["", "", "3 ", '"x" ', "true "][seed % 5]


# ── total, local, linear ───────────────────────────────────────────────────────────────────────────────────────────

WORDS = (
    'plan seats sentiment lastSeen user. user[ "free" "fr \'x 7 7d 2026-01-31 == = < <= ! != in not between and or is '
    "( ) [ ] , @engaged @ $who $ during from to for products contains within # \n \r é 😀 \\ \ud800 \0 && || .5 -"
)
PIECES = st.sampled_from(WORDS.split(" "))
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=14).map(" ".join) | st.lists(PIECES, max_size=9).map(
    "".join
)


@given(text=TEXTS, after=TEXTS, offset=st.integers(-2, 60))
@example(text='plan == "fr', after='" and seats > 3', offset=11)
@example(text="plan == 'fr", after="ee' or a # '", offset=11)
def test_any_text_is_answered_and_only_the_end_depends_on_what_follows(text: str, after: str, offset: int) -> None:
    found = complete(text, offset)
    assert 0 <= found.start <= min(max(offset, 0), len(text)) <= found.end <= len(text)
    alone, followed = complete(text, len(text)), complete(text + after, len(text))
    assert (alone.start, alone.items, alone.expected) == (followed.start, followed.items, followed.expected)
    assert alone.end == len(text) <= followed.end
    assert len({item.label for item in alone.items}) == len(alone.items)
    hover = ENVIRONMENT.hover(text, offset, PARAMS)
    assert hover is None or (hover.text and hover.start <= max(offset, 0) <= hover.end)


SHAPES = {
    "conditions": lambda size: 'plan == "pro" and ' * size,
    "broken words": lambda size: "foo bar " * size,
    "no tokens": lambda size: "é " * size,
    "strings without end": lambda size: '"x\n' * size,
    "broken conditions": lambda size: "a == == 3 and " * size,
    "parentheses": lambda size: "(" * size,
    "closing": lambda size: ") " * size,
    "not": lambda size: "not " * size,
    "list": lambda size: "plan in [" + '"pro", ' * size,
    "signs": lambda size: "= " * size,
    "comments": lambda size: "# x\n" * size,
    "clauses": lambda size: "a " + "during 7d " * size,
    "products": lambda size: "a for products " + '"x", ' * size,
    "quotes after": lambda size: 'plan == "' + "' " * size,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_takes_twice_the_work(shape: str) -> None:
    def work(size: int) -> int:
        text = SHAPES[shape](size)
        return lines_run(lambda: (complete(text, len(text)), ENVIRONMENT.hover(text, len(text) // 2)))

    work(10)  # fills the caches
    assert work(600) <= 2.3 * work(300)


@pytest.mark.parametrize("mistake", ["seats == 1)", "seats == == 1", "seats seats", "(seats", "é", "seats in [1"])
def test_a_mistake_before_the_cursor_costs_no_more_than_the_text_around_it(mistake: str) -> None:
    def work(text: str) -> int:
        return lines_run(lambda: complete(text, len(text)))

    work(f"{mistake} and pl")  # fills the caches
    around = ' and plan == "pro" and seats > 3' * 50
    for start, end in (("seats == 1", mistake), (mistake, "seats == 1")):
        assert work(f"{start}{around} and {end} and pl") <= 1.2 * work(f"seats == 1{around} and seats == 1 and pl")


def test_a_text_past_the_limit_is_not_read() -> None:
    text = "a and " * 20_000
    assert complete(text, len(text)).items == ()
    assert ENVIRONMENT.hover(text, 3) is None
    assert lines_run(lambda: complete(text, len(text))) < 100

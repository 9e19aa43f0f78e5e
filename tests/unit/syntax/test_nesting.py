"""The nesting of a text, and the place where it becomes too deep, on texts of known depth."""

from random import Random

import pytest

from segdsl.syntax import nesting
from segdsl.syntax.nesting import first_too_deep

Tokens = list[tuple[str, int]]
"""Pieces of a text with the levels they stand on; blanks go between them."""

LEAVES: list[Tokens] = [
    [("a", 0)],
    [("plan in [1, 2]", 0)],
    [("plan not in (1, 2)", 1)],
    [("plan", 0), ("not", 0), ("in", 0), ("(", 1), ("$p", 1), (")", 0)],
    [("seats > 1", 0)],
    [("@d", 0)],
]


def deeper(tokens: Tokens) -> Tokens:
    return [(piece, level + 1) for piece, level in tokens]


def condition(random: Random, size: int) -> Tokens:
    """Parts joined by `and`s or `or`s."""
    found = list(unary(random, size))
    while size and random.random() < 0.4:
        found += [(random.choice(["and", "or", "&&", "||"]), 0), *unary(random, size - 1)]
    return found


def unary(random: Random, size: int) -> Tokens:
    """A leaf, something in parentheses, or either under `not`."""
    kind = random.choice(["leaf", "not", "parentheses", "parentheses"]) if size else "leaf"
    if kind == "not":
        return [(random.choice(["not", "!"]), 1), *deeper(unary(random, size - 1))]
    if kind == "parentheses":
        return [("(", 1), *deeper(condition(random, size - 1)), (")", 0)]
    return random.choice(LEAVES)


@pytest.mark.parametrize("limit", range(1, 6))
def test_the_first_token_that_goes_too_deep_is_found(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nesting, "MAX_NESTING", limit)
    random, deep = Random(limit), 0
    for _ in range(1_500):
        tokens = condition(random, 7)
        text = " ".join(piece for piece, _ in tokens)
        first = next((at for at, (_, level) in enumerate(tokens) if level > limit), None)
        found = first_too_deep(text)
        assert (found is None) == (first is None), text
        if first is not None and found is not None:
            assert found.start == sum(len(piece) + 1 for piece, _ in tokens[:first]), text
            assert text[found.start : found.end] == tokens[first][0]
            deep += 1
    assert deep > 150


def test_a_sign_of_inequality_is_no_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nesting, "MAX_NESTING", 1)
    assert first_too_deep("!a and b != 1 and !(c)") is not None
    assert first_too_deep("a != 1 and b != 2 and (c != 3)") is None


@pytest.mark.parametrize("text", [")" * 9, ") and (a)", "a) and (b)", "(a)) and (b)"])
def test_brackets_that_are_not_open_close_nothing(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nesting, "MAX_NESTING", 1)
    assert first_too_deep(text) is None

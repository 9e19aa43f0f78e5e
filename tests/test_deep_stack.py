"""Promise 1, total: no RecursionError at any depth of the caller, in any use of the results."""

import copy
import pickle
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import segdsl
from segdsl.limits import MAX_NESTING

FRAMES = 800
"""How deep the calls are made; the interpreter's limit is 1,000 by default, and the test runner has taken some."""


def nested(levels: int, opening: Callable[[int], str], inside: str = "a == 1", closing: str = ")") -> str:
    return "".join(map(opening, range(levels))) + inside + closing * levels


TEXTS = {
    "flat": "a == 1 and b",
    "parentheses": nested(MAX_NESTING, lambda _: "("),
    "not": nested(MAX_NESTING, lambda _: "not ", closing=""),
    "not in parentheses": nested(MAX_NESTING // 2, lambda _: "!("),
    "and, or by turns": nested(MAX_NESTING, lambda level: f"(a{level} == 1 {'and' if level % 2 else 'or'} "),
    "not and, not or by turns": nested(
        MAX_NESTING // 2, lambda level: f"not (a{level} {'and' if level % 2 else 'or'} "
    ),
    "too deep": nested(MAX_NESTING + 1, lambda _: "("),
    "far too deep": nested(20_000, lambda _: "("),
}
LEVELS = 200
"""More levels of definitions than frames are left."""

DEFINITIONS = {
    "through definitions": {f"d{i}": f"not (@d{i + 1} or b{i} == {i})" for i in range(LEVELS)}
    | {f"d{LEVELS}": "a == 1"},
    "round in a circle": {f"d{i}": f"@d{i + 1}" for i in range(LEVELS)} | {f"d{LEVELS}": "@d0"},
    "doubled": {f"d{i}": f"@d{i + 1} and @d{i + 1}" for i in range(100)} | {"d100": "a == 1"},
}
USER = {"properties": {"a": 1, "b": True}}
MAKERS: dict[str, Callable[..., Any]] = {
    "compile": segdsl.compile,
    "compile_all": segdsl.compile_all,
    "check": segdsl.check,
    "evaluate": lambda text, **given: segdsl.evaluate(text, USER, **given),
    "explain_evaluation": lambda text, **given: segdsl.explain_evaluation(text, USER, **given),
    "matcher": lambda text, **given: segdsl.matcher(text, **given)(USER),
}


def deep_in_the_stack(work: Callable[[], Any], frames: int = FRAMES) -> Any:
    """What `work` answers when it is called so many frames further down; an error of segdsl's is an answer too."""
    __tracebackhide__ = True
    if frames:
        return deep_in_the_stack(work, frames - 1)
    try:
        return work()
    except segdsl.SegdslError as error:
        return error


def used(value: Any) -> None:
    """Shows, compares, hashes, copies and stores a value."""
    assert str(value)
    assert repr(value)
    stored = pickle.loads(pickle.dumps(value))
    for other in (copy.copy(value), copy.deepcopy(value), stored):
        assert type(other) is type(value)
        assert str(other) == str(value)
    if not isinstance(value, BaseException):
        assert stored == value
        assert not stored != value  # noqa: SIM202  `!=` is a question of its own
        assert hash(stored) == hash(value)


def test_the_limit_of_the_interpreter_is_the_default() -> None:
    assert sys.getrecursionlimit() == 1_000


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", TEXTS)
def test_text_is_used_deep_in_the_stack(name: str, maker: str) -> None:
    made = deep_in_the_stack(lambda: MAKERS[maker](TEXTS[name]))
    deep_in_the_stack(lambda: used(made))


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", DEFINITIONS)
def test_definitions_are_used_deep_in_the_stack(name: str, maker: str) -> None:
    made = deep_in_the_stack(lambda: MAKERS[maker]("@d0", definitions=DEFINITIONS[name]))
    deep_in_the_stack(lambda: used(made))


@pytest.mark.parametrize("name", TEXTS)
def test_trees_are_used_deep_in_the_stack(name: str) -> None:
    tree = deep_in_the_stack(lambda: segdsl.parse(TEXTS[name]))
    assert isinstance(tree, segdsl.ParseError if name.endswith("too deep") else segdsl.Expression)
    deep_in_the_stack(lambda: used(tree))
    if isinstance(tree, segdsl.Expression):
        assert deep_in_the_stack(lambda: segdsl.parse(segdsl.unparse(tree, width=60))) == tree
        for maker in MAKERS.keys() - {"check"}:  # which takes text only
            deep_in_the_stack(partial(MAKERS[maker], tree))


def test_filters_are_used_deep_in_the_stack() -> None:
    filters = segdsl.compile("sentiment > 0.5 and plan == true and lastSeen within 7d during 30d")
    deep_in_the_stack(lambda: used(filters))
    assert deep_in_the_stack(lambda: segdsl.compile(segdsl.decompile(filters))) == filters
    assert deep_in_the_stack(lambda: segdsl.Filters.from_dict(filters.to_dict())) == filters
    assert deep_in_the_stack(lambda: segdsl.matcher(filters)(USER)) is None

"""Answers that depend on a name only are remembered, for names recur; but not those for names that fill the memory."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

MAX_NAME = 100
"""Characters of a name that is remembered."""

MAX_NAMES = 8192
"""Answers that are remembered at a time."""


def remembered(function: Function) -> Function:
    """The function with its latest answers remembered. Its first argument is a name; all are given by position."""
    cached = lru_cache(maxsize=MAX_NAMES)(function)

    @wraps(function)
    def answer(name: str, *others: Any) -> Any:
        return cached(name, *others) if len(name) <= MAX_NAME else function(name, *others)

    return cast(Function, answer)

"""A cache for functions of a name, because names recur within and between expressions."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

MAX_NAME = 100
"""Characters: results for longer names are not cached, so that long names cannot fill the memory."""

MAX_NAMES = 8192
"""The number of cached results."""


def memoize(function: Function) -> Function:
    """Caches the function's latest results. Its first argument is a name; all arguments are positional."""
    cached = lru_cache(maxsize=MAX_NAMES)(function)

    @wraps(function)
    def answer(name: str, *others: Any) -> Any:
        return cached(name, *others) if len(name) <= MAX_NAME else function(name, *others)

    return cast(Function, answer)

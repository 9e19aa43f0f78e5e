"""Memory for functions of a name: names recur, within one expression and between them."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

MAX_NAME = 100
"""Characters: the answer for a longer name is computed each time, so that long names cannot fill the memory."""

MAX_NAMES = 8192
"""How many answers are kept at a time."""


def memoize(function: Function) -> Function:
    """The function with its latest answers kept. Its first argument is a name; all arguments are positional."""
    cached = lru_cache(maxsize=MAX_NAMES)(function)

    @wraps(function)
    def answer(name: str, *others: Any) -> Any:
        return cached(name, *others) if len(name) <= MAX_NAME else function(name, *others)

    return cast(Function, answer)

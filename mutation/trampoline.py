"""Chooses, at each call of a mutated function, the function itself or the mutant that is tried.

mutmut's own way reads the environment and takes names apart at each call, which costs more than most functions do; here
each function does that once for each mutant.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from mutmut.core import MutmutProgrammaticFailException
from mutmut.mutation import trampoline
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name

Function = Callable[..., Any]
_ORIGINAL = "_mutmut_orig"


class _Chosen(dict[str | None, Function]):
    """What a function does while a mutant is tried, by the mutant's name, or by the name of a phase of mutmut."""

    def __init__(self, module: str, variants: dict[str, Function]) -> None:
        super().__init__()
        self._module = module
        self._variants = variants

    def __missing__(self, name: str | None) -> Function:
        module, _, variant = (name or "").rpartition(".")
        if name == "fail":
            chosen = _fail
        elif name == "stats":
            chosen = self._recording()
        elif module == self._module:
            chosen = self._variants.get(variant, self._variants[_ORIGINAL])
        else:
            chosen = self._variants[_ORIGINAL]
        self[name] = chosen
        return chosen

    def _recording(self) -> Function:
        original = self._variants[_ORIGINAL]
        name = f"{original.__module__}.{mangled_name_from_mutant_name(original.__name__)}"

        def record(*args: Any, **kwargs: Any) -> Any:
            state()._stats.add(name)
            return original(*args, **kwargs)

        return record


def _fail(*_: Any, **__: Any) -> None:
    raise MutmutProgrammaticFailException


def quick(slow: Callable[..., Callable[[Function], Function]]) -> Callable[..., Callable[[Function], Function]]:
    """A decorator for mutated functions in place of `slow`, which still decorates class methods."""

    def mutated(variants: dict[str, Function], is_classmethod: bool = False) -> Callable[[Function], Function]:
        if is_classmethod:
            return slow(variants, is_classmethod)

        def decorate(function: Function) -> Function:
            chosen = _Chosen(function.__module__, variants)

            @wraps(function)
            def call(*args: Any, **kwargs: Any) -> Any:
                return chosen[trampoline._mutant_under_test](*args, **kwargs)

            return call

        return decorate

    return mutated

"""Drives mutmut: lists the mutants, chooses the tests for each, and collects the outcomes.

Three defaults of mutmut are changed. Words for people (strings with two words or more) are not mutated: snapshots hold
the messages, and they would only add thousands of mutants that say nothing about the code. And a mutant first gets the
quick tests nearest to it, then, if it survives, hundreds of the tests that reach it, including slow ones. The choice
of the mutant at each call is `trampoline.quick`.
"""

import functools
import re
import resource
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import libcst
import mutmut.__main__ as mutmut
from mutmut.mutation import mutators, trampoline
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd

from mutation.trampoline import quick

_KILLED, _UNTRIED = "killed", "not tried"
_STATES = {1: _KILLED, 3: _KILLED, 0: "survived", 33: "reached by no test", None: _UNTRIED}
_STATES |= dict.fromkeys((-24, 24, 36, 152, 255), _KILLED)  # runs far longer than the tests need
_AT_FIRST, _AT_MOST, _SLOW = 60, 200, 10
"""The tests of a mutant: a number of quick ones first; if it survives, more of them, all unit tests and quick tests of
its package, and slow tests for a number of seconds."""

_STOP = ("-x", "-q", "--timeout=60")
"""Stop at the first failure, and at a test that waits forever."""

_QUICK = 0.05
_PATIENCE = 30
"""Seconds: the most that a quick test takes, and that a mutant may take beyond twice the time of its tests."""

_CLEAN = "tests/snapshots"
_CORPUS = ("tests/conformance/test_conformance.py", "tests/snapshots/test_kept.py")
"""Tests that compile hundreds of expressions, for each surviving mutant that any of them reaches."""

_TWO_WORDS = re.compile(r"[A-Za-z`,;:)] [A-Za-z`(]")
_DATA = frozenset(["'not in'", '"not in"', '"not contains"'])
"""Operators of the language with two words."""


class Mutant:
    """One change to one function."""

    def __init__(self, name: str, path: Path, state: str) -> None:
        self.name = name
        self.path = path
        self.state = state

    @property
    def package(self) -> str:
        return self.path.parts[1]

    @property
    def is_tried(self) -> bool:
        return self.state != _UNTRIED

    @property
    def is_killed(self) -> bool:
        return self.state == _KILLED

    @property
    def survives(self) -> bool:
        return self.is_tried and not self.is_killed

    @property
    def function(self) -> str:
        """The function's name as people write it: `wire.emit.to_filters`, `lowering.lines.Metric.mask`."""
        module, _, mangled = self.name.removeprefix("segdsl.").rpartition("__mutmut_")[0].rpartition(".")
        return f"{module}.{mangled.removeprefix('x_').removeprefix('xǁ').replace('ǁ', '.')}"

    @property
    def change(self) -> str:
        """The changed lines of the function, `-` before the old and `+` before the new ones."""
        diff = get_diff_for_mutant(self.name, path=self.path).splitlines()[2:]
        return "\n".join(line[0] + " " + line[1:].strip() for line in diff if line[:1] in ("-", "+"))


def run(packages: Iterable[str], children: int, size: int | None) -> None:
    """Tries `size` mutants of each package, all without a size, and earlier survivors, in the folder `mutants`."""
    _install()
    names: list[str] = []
    made = _made(children)
    for package in packages:
        own = [one for one in made if one.package == package]
        chosen = {one.name for one in sample(own, size)}
        names += [one.name for one in own if one.survives or (not one.is_tried and one.name in chosen)]
    if names:
        mutmut._run(names, children)


def sample(mutants: Sequence[Mutant], size: int | None) -> list[Mutant]:
    """`size` mutants at equal distances: each file has its share."""
    size = len(mutants) if size is None else min(size, len(mutants))
    return [mutants[at * len(mutants) // size] for at in range(size)]


def mutants() -> list[Mutant]:
    """All mutants, file by file, with their outcomes."""
    found = []
    for path in sorted(Path("mutants/segdsl").rglob("*.py.meta")):
        source = path.relative_to("mutants").with_suffix("")
        data = SourceFileMutationData(path=source)
        data.load()
        found += [
            Mutant(name, source, _STATES.get(code, f"ended with {code}"))
            for name, code in data.exit_code_by_key.items()
        ]
    return found


def _made(children: int) -> list[Mutant]:
    mutmut.set_mutant_under_test("mutant_generation")
    Path("mutants/.git").mkdir(parents=True, exist_ok=True)  # files that a config includes stay inside their repository
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.create_mutants(children)
    return mutants()


# ── changed defaults ─────────────────────────────────────────────────────────────────────────────────────────────────


def _install() -> None:
    trampoline.wrap_in_trampoline = quick(trampoline.wrap_in_trampoline)
    PytestRunner.run_tests = _run_tests
    PytestRunner._pytest_args_regular_run = _arguments_while_recording
    for at, (kind, mutate) in enumerate(mutators.mutation_operators):
        if mutate is mutators.operator_string:
            mutators.mutation_operators[at] = (kind, _but_words_for_people(mutate))


def _but_words_for_people(mutate: Callable[[Any], Iterable[Any]]) -> Callable[[Any], Iterable[Any]]:
    def of(node: Any) -> Iterable[Any]:
        return () if is_for_people(node) else mutate(node)

    return of


def is_for_people(node: Any) -> bool:
    """Whether a string literal holds two words with a blank between them, and so is prose."""
    return isinstance(node, libcst.SimpleString) and node.value not in _DATA and bool(_TWO_WORDS.search(node.value))


def _arguments_while_recording(self: PytestRunner, tests: Iterable[str]) -> list[str]:
    return ["-x", "-q", "--timeout=1800", *(tests or self._pytest_add_cli_args_test_selection)]


def _run_tests(self: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    with change_cwd("mutants"):
        if mutant_name is None:
            # All have just passed, when mutmut recorded which tests reach which functions.
            return int(self.execute_pytest(["-x", "-q", _CLEAN]))
        _forget()
        first, slow = nearest_first(mutant_name, set(tests))
        package = mutant_name.split(".")[1]
        own = f"tests/unit/{package}"
        nearby = [test for test in first[_AT_MOST:] if test.startswith(f"tests/{package}/")]
        others = [test for test in [*first[_AT_FIRST:_AT_MOST], *nearby, *_first(slow)] if not test.startswith(own)]
        seconds = sum(state().duration_by_test[test] for test in {*first[:_AT_FIRST], *others})
        patience = _PATIENCE + int(2 * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (patience, patience + 1))
        code: int = self.execute_pytest([*_STOP, *(first[:_AT_FIRST] or slow[:1])])
        if code == 0:
            everywhere = _CORPUS if any(test.startswith("tests/conformance/") for test in tests) else ()
            code = self.execute_pytest([*_STOP, *([own] if Path(own).exists() else []), *everywhere, *others])
        return code


def _first(slow: list[str]) -> Iterator[str]:
    """The first slow tests that together take `_SLOW` seconds."""
    seconds = 0.0
    for test in slow:
        if seconds + state().duration_by_test[test] <= _SLOW:
            seconds += state().duration_by_test[test]
            yield test


def _forget() -> None:
    """Clears all caches of code and tests: answers from before the mutant would hide it."""
    here = str(Path.cwd())
    for module in list(sys.modules.values()):
        if (getattr(module, "__file__", None) or "").startswith(here):
            for value in vars(module).values():
                inside = [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
                for one in (value, *inside):
                    if isinstance(one, functools._lru_cache_wrapper):
                        one.cache_clear()
                    elif hasattr(type(one), "__missing__"):
                        one.clear()


def nearest_first(mutant_name: str, tests: set[str]) -> tuple[list[str], list[str]]:
    """The quick and the slow tests that reach a mutant: a case of each in turn, those named after its module first."""
    module = mutant_name.split(".")[2] if mutant_name.count(".") > 2 else mutant_name
    cases: dict[str, list[str]] = defaultdict(list)
    durations = state().duration_by_test
    for test in sorted(tests, key=lambda test: (module not in test.partition("::")[0], durations[test], test)):
        cases[test.partition("[")[0]].append(test)
    turns = [test for turn in zip_longest(*cases.values()) for test in turn if test is not None]
    quick = [test for test in turns if durations[test] <= _QUICK]
    return quick, [test for test in turns if durations[test] > _QUICK]

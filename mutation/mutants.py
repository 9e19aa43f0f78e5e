"""mutmut, driven: which mutants there are, which tests each meets, and what became of them.

Two of mutmut's habits are changed. Words for people (a string with two words in it) are not mutated: messages are held
by snapshots, letter for letter, and would only make for thousands of mutants that say nothing of the code. And a mutant
meets first the quick tests that lie nearest to it, then, if it lives, hundreds of those that reach it, slow ones among
them.
"""

import functools
import re
import resource
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import libcst
import mutmut.__main__ as mutmut
from mutmut.mutation import mutators
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd

KILLED = "killed"
_STATES = {1: KILLED, 3: KILLED, 0: "survived", 33: "reached by no test", None: "not tried"}
_STATES |= dict.fromkeys((-24, 24, 36, 152, 255), KILLED)  # runs on and on, where the tests take a fraction of the time
_AT_FIRST, _AT_MOST, _SLOW = 60, 200, 10
"""What a mutant meets: so many quick tests at first; if it lives, more, all unit tests and quick tests of its package,
and as many of the slow ones as take so many seconds."""

_STOP = ("-x", "-q", "--timeout=15")
"""At the first failure, and at a test that waits for ever."""

_QUICK = 0.05
_PATIENCE = 30
"""Seconds: what a quick test takes at most, and what a mutant may take beyond twice the time of its tests."""

_CLEAN = "tests/snapshots"
_CORPUS = ("tests/conformance/test_conformance.py", "tests/snapshots/test_kept.py")
"""What says of hundreds of expressions what becomes of them: for each mutant that any of them reaches, if it lives."""

_TWO_WORDS = re.compile(r"[A-Za-z`,;:)] [A-Za-z`(]")
_DATA = frozenset(["'not in'", '"not in"', '"not contains"'])
"""Words of the language that are two."""


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
    def function(self) -> str:
        """The function's name as one writes it: `wire.emit.to_filters`, `lowering.lines.Metric.mask`."""
        module, _, mangled = self.name.removeprefix("segdsl.").rpartition("__mutmut_")[0].rpartition(".")
        return f"{module}.{mangled.removeprefix('x_').removeprefix('xǁ').replace('ǁ', '.')}"

    @property
    def change(self) -> str:
        """The lines of the function that differ, `-` before the old and `+` before the new ones."""
        diff = get_diff_for_mutant(self.name, path=self.path).splitlines()[2:]
        return "\n".join(line[0] + " " + line[1:].strip() for line in diff if line[:1] in ("-", "+"))


def run(packages: Iterable[str], children: int) -> None:
    """Try all mutants of the packages that were not killed yet, in the folder `mutants`."""
    _install()
    names = [one.name for one in _made(children) if one.package in packages and one.state != KILLED]
    if names:
        mutmut._run(names, children)


def mutants() -> list[Mutant]:
    """All of them, in the order of the text, with what became of them."""
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
    Path("mutants").mkdir(exist_ok=True)
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.create_mutants(children)
    return mutants()


# ── habits changed ─────────────────────────────────────────────────────────────────────────────────────────────────


def _install() -> None:
    PytestRunner.run_tests = _run_tests
    for at, (kind, mutate) in enumerate(mutators.mutation_operators):
        if mutate is mutators.operator_string:
            mutators.mutation_operators[at] = (kind, _but_words_for_people(mutate))


def _but_words_for_people(mutate: Callable[[Any], Iterable[Any]]) -> Callable[[Any], Iterable[Any]]:
    def of(node: Any) -> Iterable[Any]:
        return () if is_for_people(node) else mutate(node)

    return of


def is_for_people(node: Any) -> bool:
    """Whether a string literal holds two words with a blank between them, and so is no data."""
    return isinstance(node, libcst.SimpleString) and node.value not in _DATA and bool(_TWO_WORDS.search(node.value))


def _run_tests(self: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    with change_cwd("mutants"):
        if mutant_name is None:
            # All have just passed, when it was counted who calls whom.
            return int(self.execute_pytest(["-x", "-q", _CLEAN]))
        _forget()
        quick, slow = nearest_first(mutant_name, set(tests))
        package = mutant_name.split(".")[1]
        own = f"tests/unit/{package}"
        nearby = [test for test in quick[_AT_MOST:] if test.startswith(f"tests/{package}/")]
        others = [test for test in [*quick[_AT_FIRST:_AT_MOST], *nearby, *_first(slow)] if not test.startswith(own)]
        seconds = sum(state().duration_by_test[test] for test in {*quick[:_AT_FIRST], *others})
        patience = _PATIENCE + int(2 * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (patience, patience + 1))
        code: int = self.execute_pytest([*_STOP, *(quick[:_AT_FIRST] or slow[:1])])
        if code == 0:
            everywhere = _CORPUS if any(test.startswith("tests/conformance/") for test in tests) else ()
            code = self.execute_pytest([*_STOP, *([own] if Path(own).exists() else []), *everywhere, *others])
        return code


def _first(slow: list[str]) -> Iterator[str]:
    """Of the slow tests the first ones, as many as take `_SLOW` seconds together."""
    seconds = 0.0
    for test in slow:
        if seconds + state().duration_by_test[test] <= _SLOW:
            seconds += state().duration_by_test[test]
            yield test


def _forget() -> None:
    """Empty all that code and tests remember: answers from before the mutant was put in place would hide it."""
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
    """The quick and the slow tests that reach a mutant: a case of each in turn, those named for its module first."""
    module = mutant_name.split(".")[2] if mutant_name.count(".") > 2 else mutant_name
    cases: dict[str, list[str]] = defaultdict(list)
    durations = state().duration_by_test
    for test in sorted(tests, key=lambda test: (module not in test.partition("::")[0], durations[test], test)):
        cases[test.partition("[")[0]].append(test)
    turns = [test for turn in zip_longest(*cases.values()) for test in turn if test is not None]
    quick = [test for test in turns if durations[test] <= _QUICK]
    return quick, [test for test in turns if durations[test] > _QUICK]

"""A plan does its work once, for every outcome.

Each segment of the config is parsed and compiled once, each remote one is decompiled and compiled once. The tests count
calls of functions and read no clock.
"""

import sys
from collections import Counter
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

import pytest

from segdsl.compiler import decompile, pipeline
from segdsl.planning.plan import Plan
from segdsl.planning.pull import to_config
from segdsl.syntax import parser

from .planned import account_of, desired, plan_of, remote

COUNTED: dict[CodeType, str] = {
    parser.parse_repaired.__code__: "parse",
    pipeline._outcome.__code__: "compile",
    decompile.decompiled.__code__: "decompile",
}
CONFIG = 'plan == "pro" and rating > 1'
RATING = {"type": "analysis", "field": "rating", "operator": "gt"}
SAME = {"rules": [RATING | {"value": 1}, {"type": "property", "key": "plan", "operator": "eq", "value": "pro"}]}
OTHER = {"rules": [RATING | {"value": 5}]}
REDUNDANT = {"rules": [RATING | {"value": 5}, RATING | {"operator": "gte", "value": 2.0}]}


def work(function: Callable[[], object]) -> Counter[str]:
    """How often each counted function is called."""
    calls: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in COUNTED:
            calls[COUNTED[frame.f_code]] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(before)
    return calls


def planned(*where: str, held: str | dict[str, Any] | None) -> Plan:
    tables = "".join(f"[[segment]]\nname = 'S{number}'\nwhere = '{one}'\n" for number, one in enumerate(where))
    account = [] if held is None else [remote(f"id{number}", f"S{number}", held) for number in range(len(where))]
    plan = plan_of(desired(tables), *account)
    plan.to_dict()
    return plan


@pytest.mark.parametrize(
    ("held", "kind", "expected"),
    [
        (None, "create", {"parse": 3, "compile": 3, "decompile": 3}),
        (SAME, "unchanged", {"parse": 3, "compile": 6, "decompile": 3}),
        (OTHER, "differs", {"parse": 3, "compile": 6, "decompile": 6}),
        (REDUNDANT, "differs", {"parse": 3, "compile": 6, "decompile": 6}),
        ({"conditions": []}, "differs", {"parse": 3, "compile": 3, "decompile": 6}),
    ],
    ids=["to create", "unchanged", "differs", "differs and redundant", "no expression"],
)
def test_a_plan_of_three_segments(held: Any, kind: str, expected: dict[str, int]) -> None:
    assert len(getattr(planned(CONFIG, CONFIG, CONFIG, held=held), kind)) == 3
    assert work(lambda: planned(CONFIG, CONFIG, CONFIG, held=held)) == expected


def test_a_pull_of_three_segments() -> None:
    account = [remote(f"id{number}", f"S{number}", OTHER) for number in range(3)]
    assert len(to_config(account_of(*account)).said) == 3
    assert work(lambda: to_config(account_of(*account))) == {"parse": 3, "compile": 6, "decompile": 3}

"""The tables that pages hold say what the code says."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec

import segdsl
from segdsl.catalogue import BUILT_INS, FLAGS, METRICS
from segdsl.wire.rules import Rule

DOCS = Path(__file__).parents[2] / "docs"
KLEENE = {"true": True, "false": False, "unknown": None}


def rows(page: str, first_heading: str) -> Iterator[list[str]]:
    """The rows below the heading row that begins so, each as its cells."""
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"| {first_heading} |"))
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split(" |")]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_table_of_unknowns_is_what_evaluating_gives() -> None:
    table = list(rows("unknowns.md", "a"))
    assert len(table) == 5
    for a, b, *results in table:
        user = {"properties": {name: KLEENE[value] for name, value in (("p", a), ("q", b))}}
        assert [segdsl.evaluate(text, user) for text in ("p and q", "p or q", "not p")] == [
            KLEENE[result] for result in results
        ]


def test_the_names_of_the_language_page_are_the_built_in_ones_with_their_scales() -> None:
    table = {name: type_ for cell, _, type_ in rows("language.md", "name") for name in names(cell)}
    assert set(BUILT_INS) == {name for name in table if "KEY" not in name}
    assert {name for name, type_ in table.items() if type_ == "true or false"} == set(FLAGS)
    for name, scale in METRICS.items():
        assert table[name] == ("a number" if scale is None else f"a number from {scale[0]} to {scale[1]}")


def test_the_rules_of_the_api_page_are_those_of_the_wire() -> None:
    shown = {names(kind)[0]: set(names(operators)) for kind, _, operators, _ in rows("api.md", "rule's `type`")}
    wire = {}
    for kind in get_args(Rule):
        operators = get_args(get_type_hints(kind).get("operator"))
        type_ = msgspec.inspect.type_info(kind)
        assert isinstance(type_, msgspec.inspect.StructType)
        wire[type_.tag] = set(operators)
    assert shown == wire

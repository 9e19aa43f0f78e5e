"""Fixes of expressions as edits of files: exactly the new value, spelled for its literal, and nothing else changed."""

import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from segdsl.config.document import FormatName, LocatedText, relocate
from segdsl.diagnostics import Diagnostic
from segdsl.diagnostics.diagnostic import Edit, Fix, with_edits
from segdsl.source import Source, Span
from tests.config.config_files import AFTER, BEFORE, config_of, where_of
from tests.config.spelled_strings import Spelled, json_strings, toml_strings, yaml_scalars

READ: dict[FormatName, Callable[[str], Any]] = {"toml": tomllib.loads, "yaml": yaml.safe_load, "json": json.loads}
"""What decides what a file says, independently of the code under test."""

PIECES = st.text(st.sampled_from("ab =<'\"\\#:-{}[],\t\né😀"), max_size=6)


def fixed(text: LocatedText, *edits: tuple[int, int, str]) -> tuple[str, tuple[Edit, ...]]:
    """The file with a fix of the expression made, and the edits of the file."""
    source = Source(text.value)
    fix = Fix("mend it", tuple(Edit(Span(start, end), new) for start, end, new in edits))
    problem = Diagnostic("bad-name", "wrong", Span(0, 0), source, fixes=(fix,))
    relocated = relocate(problem, text, "", {})
    (in_file,) = relocated.fixes
    assert (in_file.title, in_file.safe, relocated.source) == ("mend it", False, text.document.source)
    return in_file.applied_to(text.document.source.text), in_file.edits


def text_of(form: FormatName, literal: str) -> str:
    return BEFORE[form] + literal + (AFTER[form].removeprefix("\n") if literal.endswith("\n") else AFTER[form])


@pytest.mark.parametrize(
    ("form", "literal", "edits", "new"),
    [
        ("toml", "'a = 1'", [(2, 3, "==")], "'a == 1'"),
        ("toml", "'a = b'", [(4, 5, "'b'")], "\"a = 'b'\""),
        ("toml", '"a = b # \\u00e9"', [(4, 5, '"b"')], '"a = \\"b\\" # \\u00e9"'),
        ("toml", "'''\na = b'''", [(4, 5, "'b'")], '"""\na = \'b\'"""'),
        ("toml", '"""\na \\\n   =< b"""', [(2, 4, "<=")], '"""\na \\\n   <= b"""'),
        ("toml", '"""a ""b\\u0022"""', [(4, 5, '"')], '"""a ""\\"\\u0022"""'),
        ("yaml", "a = 1", [(2, 3, "==")], "a == 1"),
        ("yaml", "a = b", [(4, 5, '"b"')], 'a = "b"'),
        ("yaml", "a b", [(0, 1, '"a"')], "'\"a\" b'"),
        ("yaml", "a b", [(1, 2, ": ")], "'a: b'"),
        ("yaml", "'it''s = b'", [(5, 6, "==")], "'it''s == b'"),
        ("yaml", "'a = b'", [(4, 5, "'b'")], "'a = ''b'''"),
        ("yaml", '"\\x61 = b"', [(4, 5, '"c"')], '"\\x61 = \\"c\\""'),
        ("yaml", ">-\n    a\n    = b\n", [(2, 3, "==")], ">-\n    a\n    == b\n"),
        ("yaml", "|\n    a\n    =< b\n", [(2, 4, "<=")], "|\n    a\n    <= b\n"),
        ("json", '"a = \\u0062"', [(2, 3, "=="), (4, 5, '"b"')], '"a == \\"b\\""'),
        ("json", '"a \\u003d b"', [(2, 3, "=="), (4, 5, "é")], '"a == \\u00e9"'),
    ],
)
def test_the_new_literal(form: FormatName, literal: str, edits: list[tuple[int, int, str]], new: str) -> None:
    where = where_of(config_of(text_of(form, literal), form))
    text, _ = fixed(where, *edits)
    assert text == text_of(form, new)


def test_an_edit_changes_only_its_own_characters() -> None:
    where = where_of(config_of(text_of("toml", '"\\u0061 = 1"'), "toml"))
    _, edits = fixed(where, (2, 3, "=="))
    start = len(BEFORE["toml"]) + len('"\\u0061 ')
    assert edits == (Edit(Span(start, start + 1), "=="),)


def check(form: FormatName, spelled: Spelled, data: st.DataObject) -> None:
    where = where_of(config_of(text_of(form, spelled.literal), form))
    start = data.draw(st.integers(0, len(where.value)))
    end = data.draw(st.integers(start, len(where.value)))
    later = data.draw(st.integers(end, len(where.value)))
    edits = [(start, end, data.draw(PIECES))] + [(later, later, data.draw(PIECES))] * (later > end)
    text, changes = fixed(where, *edits)
    expected = with_edits(where.value, [Edit(Span(first, last), new) for first, last, new in edits])
    before = READ[form](where.document.source.text)
    before["segment"][0]["where"] = expected
    assert READ[form](text) == before
    assert all(where.span.start <= change.span.start <= change.span.end <= where.span.end for change in changes)


@given(toml_strings, st.data())
def test_toml(spelled: Spelled, data: st.DataObject) -> None:
    check("toml", spelled, data)


@given(json_strings, st.data())
def test_json(spelled: Spelled, data: st.DataObject) -> None:
    check("json", spelled, data)


@given(yaml_scalars, st.data())
def test_yaml(spelled: Spelled, data: st.DataObject) -> None:
    check("yaml", spelled, data)


@given(PIECES, st.integers(0, 3))
@example(",b", 3)
@example("}", 1)
def test_yaml_between_braces(piece: str, at: int) -> None:
    where = where_of(config_of("segment: [{name: A, where: a b}]\n", "yaml"))
    text, _ = fixed(where, (at, at, piece))
    assert yaml.safe_load(text) == {"segment": [{"name": "A", "where": "a b"[:at] + piece + "a b"[at:]}]}


def test_a_fix_of_a_definition_goes_to_its_file() -> None:
    config = config_of('[define]\nbig = "seats =< 9"\n[[segment]]\nname = "A"\nwhere = "@big"\n', "toml")
    problem = Diagnostic(
        "bad-name", "wrong", Span(6, 8), Source("seats =< 9", "@big"), fixes=(Fix("x", (Edit(Span(6, 8), "<="),)),)
    )
    relocated = relocate(problem, where_of(config), "", config.definitions)
    (fix,) = relocated.fixes
    assert fix.applied_to(config.source.text) == config.source.text.replace("=<", "<=")
    assert relocate(problem, None, "", {}).fixes == problem.fixes


def test_a_fix_that_the_file_cannot_hold_is_left_out() -> None:
    where = where_of(config_of(text_of("toml", "'a'"), "toml"))
    problem: Any = Diagnostic(
        "bad-name", "wrong", Span(0, 1), Source("a"), ("write half",), fixes=(Fix("x", (Edit(Span(0, 1), "\ud83d"),)),)
    )
    relocated = relocate(problem, where, "", {})
    assert (relocated.fixes, relocated.help) == ((), ("write half",))

"""Rewriting expressions in a file: the new values exactly, their style where it can be, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segdsl.config.document import FormatName
from segdsl.config.model import Config
from segdsl.config.rewrite import formatted_config, rewrite
from segdsl.diagnostics.diagnostic import with_edits
from segdsl.errors import ConfigError
from segdsl.syntax.parser import parse

from .config_files import AFTER, BEFORE, config_of, where_of
from .spelled_strings import Spelled, json_strings, toml_strings, yaml_scalars

TOML_CASES = [
    ("'a'", "b == 1", "'b == 1'"),
    ("'a'", 'b == "c"', "'b == \"c\"'"),
    ("'a'", "b == 'c'", "\"b == 'c'\""),
    ("'a'", "it's \"\\", '"it\'s \\"\\\\"'),
    ("'a'", "tab\tstays", "'tab\tstays'"),
    ('"a"', 'b == "c"', '"b == \\"c\\""'),
    ('"a"', "nul\x00 del\x7f", '"nul\\u0000 del\\u007f"'),
    ("'a'", "b and\nc", "'''\nb and\nc'''"),
    ('"a"', "b and\nc", '"""\nb and\nc"""'),
    ("'''a'''", "b", "'''b'''"),
    ("'''\na\n'''", "b\n", "'''\nb\n'''"),
    ("'''\na\n'''", "''' '", '"""\n\'\'\' \'"""'),
    ("'''a'''", "\n\nb", "'''\n\n\nb'''"),
    ("'''a'''", "ends with '", '"""ends with \'"""'),
    ('"""a"""', 'b == """" \\', '"""b == \\"\\"\\"" \\\\"""'),
    ('"""a"""', 'b == "c"', '"""b == "c\\""""'),
    ('"""\na"""', "b\r\nc", '"""\nb\\r\nc"""'),
    ("'a'", "é😀", "'é😀'"),
]
YAML_CASES = [
    ("a", "b == 1", "b == 1"),
    ("a", 'b == "c"', 'b == "c"'),
    ("a", '"b" == c', "'\"b\" == c'"),
    ("a", "b # c", "'b # c'"),
    ("a", "@b", "'@b'"),
    ("a", "true", "'true'"),
    ("a", "it's: 'b'", "'it''s: ''b'''"),
    ("'a'", "b", "'b'"),
    ("'a'", "it's", "'it''s'"),
    ("'a'", "\x07", '"\\u0007"'),
    ('"a"', 'b == "c"', '"b == \\"c\\""'),
    ("!!str a", "1", "!!str '1'"),
    ("&x a", "b", "&x b"),
    ("a\n    b", "c", "c"),
    ("a\n     b", "b and\nc", "|-\n    b and\n    c"),
    ("a", "b\nc\n", "|\n    b\n    c"),
    ("'a'", "b\nc\n\n", '"b\\nc\\n\\n"'),
    ("a", "\tb\nc", '"\\tb\\nc"'),
    ("|\n     a\n", "b\n", "|\n     b\n"),
    ("|\n     a\n", "b", "|-\n     b\n"),
    ("|-  # why\n   a\n\n\n", "b and\n  c", "|-  # why\n   b and\n     c\n\n\n"),
    ("|\n   a  \n     \n", "b", "|-\n   b\n\n"),
    (">-\n   a\n   b\n", "c", ">-\n   c\n"),
    (">-\n   a\n   b\n", "c\nd", "|-\n   c\n   d\n"),
    ("|3-\n      a\n", "c", "|-\n     c\n"),
    ("|3-\n      a\n", "  c", "|3-\n       c\n"),
    ("|+\n   a\n\n", "c\n\n", "|+\n   c\n\n"),
    ("|+\n   a\n\n", "c", "|-\n   c\n\n"),
    ("|\n", "c", "|-\n    c\n"),
    ("|\n   a\n", "", '""\n'),
    ("|\n   a\n", "\x85", '"\\u0085"\n'),
]
JSON_CASES = [
    ('"a"', 'b == "c"', '"b == \\"c\\""'),
    ('"a"', "é\n", '"é\\n"'),
    ('"\\u00e9"', "é", '"\\u00e9"'),
    ('"\\u0009\\\\u"', "é", '"é"'),
]


@pytest.mark.parametrize(
    ("form", "old", "value", "new"),
    [("toml", *case) for case in TOML_CASES]
    + [("yaml", *case) for case in YAML_CASES]
    + [("json", *case) for case in JSON_CASES],
)
def test_the_new_literal(form: FormatName, old: str, value: str, new: str) -> None:
    assert rewritten(form, old, value) == new


def rewritten(form: FormatName, old: str, value: str) -> str:
    """The literal that takes the place of `old`; all else is shown to stay."""
    after = AFTER[form].removeprefix("\n") if old.endswith("\n") else AFTER[form]
    text = rewrite_where(config_of(BEFORE[form] + old + after, form), value)
    assert text.startswith(BEFORE[form])
    assert text.endswith(after)
    assert where_of(config_of(text, form)).value == value
    return text[len(BEFORE[form]) : len(text) - len(after)]


def rewrite_where(config: Config, value: str) -> str:
    return with_edits(config.source.text, rewrite(config, [(where_of(config), value)]))


EXPRESSIONS = st.text(st.characters(codec="utf-8") | st.sampled_from("ab \n\t'\"\\#:-{[]},|>&*!%@`é😀"), max_size=40)


@given(toml_strings, EXPRESSIONS)
def test_toml_takes_any_value(spelled: Spelled, value: str) -> None:
    rewritten("toml", spelled.literal, value)


@given(json_strings, EXPRESSIONS)
def test_json_takes_any_value(spelled: Spelled, value: str) -> None:
    rewritten("json", spelled.literal, value)


@given(yaml_scalars, EXPRESSIONS)
def test_yaml_takes_any_value(spelled: Spelled, value: str) -> None:
    rewritten("yaml", spelled.literal, value)


@given(EXPRESSIONS, st.sampled_from(["a", "'a'", '"a"']))
def test_yaml_takes_any_value_between_braces(value: str, literal: str) -> None:
    text = f"segment: [{{name: A, where: {literal}, icon: b}}]\n"
    new = rewrite_where(config_of(text, "yaml"), value)
    assert where_of(config_of(new, "yaml")).value == value
    assert new.startswith("segment: [{name: A, where: ")
    assert new.endswith(", icon: b}]\n")


def test_a_comment_behind_a_scalar_stays_one() -> None:
    config = config_of("segment:\n- name: A\n  where: a # why\n", "yaml")
    assert rewrite_where(config, "b\nc") == 'segment:\n- name: A\n  where: "b\\nc" # why\n'


def test_plain_stays_plain_only_where_it_can_between_braces() -> None:
    config = config_of("segment: [{name: A, where: a}]", "yaml")
    assert rewrite_where(config, "b in [1, 2]") == "segment: [{name: A, where: 'b in [1, 2]'}]"
    assert rewrite_where(config, "b == 1") == "segment: [{name: A, where: b == 1}]"


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        ("toml", "'''\r\na\r\n'''", "'''\r\nb\r\nc\r\n'''"),
        ("toml", "'a'", "'''\r\nb\r\nc\r\n'''"),
        ("yaml", "|\r\n    a\r\n", "|\r\n    b\r\n    c\r\n"),
        ("yaml", "a", "|\r\n    b\r\n    c"),
    ],
)
def test_line_breaks_of_windows_are_kept(form: FormatName, old: str, new: str) -> None:
    before, after = (part.replace("\n", "\r\n") for part in (BEFORE[form], AFTER[form]))
    after = after.removeprefix("\r\n") if old.endswith("\n") else after
    config = config_of(before + old + after, form)
    assert rewrite_where(config, "b\nc\n") == before + new + after


def test_several_expressions_in_any_order() -> None:
    text = """\
define = { one = "a", two = 'b' } # stays
[[segment]]
name = "A" # stays
where = '''
c'''
[[segment]]
where = "d"
name = "B"
"""
    config = config_of(text, "toml")
    found = [*config.definitions.values(), *(segment.where for segment in config.segments)]
    new = with_edits(text, rewrite(config, [(one, one.value * 2) for one in reversed(found)]))
    assert new == text.replace('"a"', '"aa"').replace("'b'", "'bb'").replace("\nc'", "\ncc'").replace('"d"', '"dd"')


def test_unchanged_values_are_not_touched() -> None:
    text = '[[segment]]\nname = "A"\nwhere = "\\u0061"\n'
    config = config_of(text, "toml")
    assert rewrite(config, [(where_of(config), "a")]) == ()
    assert rewrite(config, []) == ()


@pytest.mark.parametrize(
    ("literal", "new"),
    [("'''\na\n'''", "'''\na\n'''"), ("'''\na \n\n  '''", "'''\na\n\n  '''"), ("'''a '''", "'''a'''"), ("'a'", "'a'")],
)
def test_a_final_line_break_belongs_to_the_file(literal: str, new: str) -> None:
    config = config_of(BEFORE["toml"] + literal, "toml")
    assert formatted_config(config) == BEFORE["toml"] + new


def test_unwritable_values_are_refused() -> None:
    config = config_of(BEFORE["toml"] + "'a'", "toml")
    with pytest.raises(ConfigError, match="cannot rewrite this file"):
        rewrite_where(config, "half a pair: \ud83d")


def test_line_breaks_that_only_old_yaml_knows_are_refused() -> None:
    config = config_of("define:\n  a: |\n    b\x85  c: d\nsegment:\n- name: A\n  where: a\n", "yaml")
    with pytest.raises(ConfigError, match="cannot rewrite this file"):
        rewrite(config, [(config.definitions["a"], "new"), (where_of(config), "new")])


def test_a_block_at_the_very_end_of_a_file() -> None:
    config = config_of("segment:\n- name: A\n  where: |\n    a", "yaml")
    assert rewrite_where(config, "b") == "segment:\n- name: A\n  where: |-\n    b"
    assert rewrite_where(config, "b\n") == "segment:\n- name: A\n  where: |\n    b\n"


# ── formatting ─────────────────────────────────────────────────────────────────────────────────────────────────────

CLAUSES = ["a==1", "plan IN ['x' ,'y']", 'company contains "it\'s"', "not(b or  c)", "seats>10", 'd == "é😀\\n"', "@a"]
GAPS = [" ", "  ", "\n", "\n  ", "\r\n\t", "  # note\n", "\n# 'why'\n  ", "\n\n"]


@st.composite
def untidy_expressions(draw: st.DrawFn) -> str:
    """An expression with blanks, line breaks and comments in it."""
    gap = st.sampled_from(GAPS)
    text = draw(st.sampled_from(CLAUSES))
    for connective in draw(st.lists(st.sampled_from(["and", "AND", "or"]), max_size=4)):
        text += draw(gap) + connective + draw(gap) + draw(st.sampled_from(CLAUSES))
    return draw(st.just("") | gap) + text + draw(st.just("") | gap)


STYLES: dict[FormatName, list[str]] = {
    "toml": ["'a'", '"a"', "'''a'''", '"""a"""', "'''\na\n'''", '"""\na\n"""'],
    "yaml": [
        "a",
        "'a'",
        '"a"',
        "|\n    a\n",
        "|-\n   a\n",
        ">\n     a\n",
        ">-\n   a\n\n",
        "|4\n       a\n",
        "|+\n    a\n\n",
    ],
    "json": ['"a"', '"\\u00e9"'],
}


@pytest.mark.parametrize(("form", "style"), [(form, style) for form, styles in STYLES.items() for style in styles])
@settings(max_examples=settings().max_examples // 4)
@given(expression=untidy_expressions())
def test_formatting_twice_is_formatting_once(form: FormatName, style: str, expression: str) -> None:
    after = AFTER[form].removeprefix("\n") if style.endswith("\n") else AFTER[form]
    untidy = rewrite_where(config_of(BEFORE[form] + style + after, form), expression)
    once = formatted_config(config_of(untidy, form))
    assert once.startswith(BEFORE[form])
    assert once.endswith(after)
    assert parse(where_of(config_of(once, form)).value) == parse(expression)
    assert formatted_config(config_of(once, form)) == once

"""A comment that goes on to a later line of the file is an error; one that ends with its line is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.config.check import check_config, compile_config
from segdsl.config.document import FormatName
from segdsl.config.rewrite import formatted_config
from segdsl.errors import ConfigError
from tests.config.config_files import AFTER, BEFORE, config_of

HIDING: list[tuple[FormatName, str, str, str]] = [
    ("yaml", ">-\n    a  # why\n    and b\n", "# why", "and b"),
    ("yaml", ">\n    a  # why\n    and b\n    and c\n", "# why", "and b\n    and c"),
    ("yaml", "'a # why\n    and b'", "# why", "and b"),
    ("yaml", '"a # why\\\n    and b"', "# why", "and b"),
    ("yaml", '"a # why\n\n    and b # so\n    and c"', "# so", "and c"),
    ("toml", '"""a # why \\\n  and b"""', "# why", "and b"),
    ("toml", '"""a # why\\\r\n\r\n  and b"""', "# why", "and b"),
    ("toml", '"""\na # one\nand b # two \\\nand c"""', "# two", "and c"),
]
SHOWING: list[tuple[FormatName, str]] = [
    ("yaml", "|\n    a  # why\n    and b\n"),
    ("yaml", ">\n    a\n    and b # why\n"),
    ("yaml", ">\n    a  # why\n\n    and b\n"),
    ("yaml", "'a # why\n\n    and b'"),
    ("yaml", '"a # why\\n\\\n    and b"'),
    ("yaml", "a\n    and b"),
    ("yaml", "'a == \"# no\n    comment\" and b'"),
    ("toml", '"""a # why\n and b"""'),
    ("toml", '"""a # why \\\n """'),
    ("toml", '"a # why\\nand b"'),
    ("toml", "'''a # why\\\nand b'''"),
    ("json", '"a # why\\nand b"'),
]


def text_of(form: FormatName, literal: str) -> str:
    return BEFORE[form] + literal + (AFTER[form].removeprefix("\n") if literal.endswith("\n") else AFTER[form])


@pytest.mark.parametrize(("form", "literal", "comment", "hidden"), HIDING)
def test_a_comment_that_hides_a_line(form: FormatName, literal: str, comment: str, hidden: str) -> None:
    config = config_of(text_of(form, literal), form)
    compiled, problems = compile_config(config)
    (problem,) = [problem for problem in problems if problem.code == "hiding-comment"]
    (note,) = problem.notes
    assert compiled == ()
    assert config.source.text[problem.span.start : problem.span.end] == comment
    assert config.source.text[note.span.start : note.span.end] == hidden
    assert problem.context == 'segment "Große 😀"'
    with pytest.raises(ConfigError, match="hiding-comment"):
        formatted_config(config)


@pytest.mark.parametrize(("form", "literal"), SHOWING)
def test_a_comment_that_ends_with_its_line(form: FormatName, literal: str) -> None:
    config = config_of(text_of(form, literal), form)
    assert "hiding-comment" not in [problem.code for problem in check_config(config)]
    formatted_config(config)


def test_a_definition_is_looked_at_too() -> None:
    config = config_of('[define]\na = """b # c \\\n d"""\n[[segment]]\nname = "A"\nwhere = "b"\n', "toml")
    (problem,) = check_config(config)
    assert (problem.code, problem.context) == ("hiding-comment", "definition @a")


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=4), min_size=1, max_size=3))
def test_a_folded_block_hides_what_follows_the_first_comment_of_a_paragraph(paragraphs: list[list[bool]]) -> None:
    lines = ["\n".join("    and a" + "  # why" * commented for commented in paragraph) for paragraph in paragraphs]
    config = config_of(text_of("yaml", ">-\n    b\n\n" + "\n\n".join(lines) + "\n"), "yaml")
    found = [problem for problem in check_config(config) if problem.code == "hiding-comment"]
    assert len(found) == sum(any(paragraph[:-1]) for paragraph in paragraphs)

"""Twice the config takes about twice the work: in reading, checking, locating problems and formatting.

The work is the number of lines of Python that run.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest

from segdsl.config.check import check_config
from segdsl.config.document import FormatName
from segdsl.config.load import loads
from segdsl.config.rewrite import formatted_config
from segdsl.errors import ConfigError
from tests.counted import lines_run

RATIO = 2.5
"""Between linear, 2, and quadratic, 4."""

SIZE = 30
"""Parts of the smaller config."""

Shape = tuple[FormatName, Callable[[int], str]]


def toml_segments(where: str) -> Callable[[int], str]:
    return lambda parts: "".join(f'[[segment]]\nname = "S{i}"\nwhere = {where.format(i=i)}\n' for i in range(parts))


def one_toml(start: str, part: str, end: str) -> Callable[[int], str]:
    return lambda parts: f'[[segment]]\nname = "S"\nwhere = {start}{part * parts}{end}\n'


def yaml_where(start: str, part: str, end: str) -> Callable[[int], str]:
    return lambda parts: f"segment:\n- name: S\n  where: {start}{part * parts}{end}\n"


SHAPES: dict[str, Shape] = {
    "toml segments": ("toml", toml_segments("'plan{i} == 1 # é'")),
    "toml segments with errors": ("toml", toml_segments("'sentiment > \"x{i}\"'")),
    "toml segments that hide a line": ("toml", toml_segments('"""a{i} # b \\\n and c"""')),
    "toml keys of many parts": ("toml", lambda parts: "".join(f"x{i}{'.y' * 30} = 1\n" for i in range(parts))),
    "toml inline tables": ("toml", lambda parts: f"x = [{', '.join(['{ a = [1], b.c = 2 }'] * parts)}]\n"),
    "toml duplicates": ("toml", lambda parts: "".join(f"x{i} = 1\nx{i} = 2\n" for i in range(parts))),
    "toml escapes and an error": ("toml", one_toml('"sentiment > ', "\\u0020", "'x'\"")),
    "toml continued lines and an error": ("toml", one_toml('"""sentiment > ', "\\\n   ", '\'x\'"""')),
    "yaml segments": ("yaml", lambda parts: "segment:\n" + "- {name: S, where: a}\n" * parts),
    "yaml folded block and an error": ("yaml", yaml_where(">\n", "    a or\n\n", "    sentiment > 'x'\n")),
    "yaml quoted lines and an error": ("yaml", yaml_where("'a or\n", "    a or\n", "    sentiment > ''x'''")),
    "json segments": (
        "json",
        lambda parts: '{"segment": [' + ", ".join(['{"name": "S", "where": "a"}'] * parts) + "]}",
    ),
    "json escapes and an error": (
        "json",
        lambda parts: '{"segment": [{"name": "S", "where": "sentiment > ' + "\\u0020\\t" * parts + "'x'\"}]}",
    ),
    "definitions": (
        "toml",
        lambda parts: "[define]\nd0 = 'a'\n" + "".join(f"d{i} = '@d{i // 2} and b{i}'\n" for i in range(1, parts)),
    ),
    "uses of a broken definition": ("toml", lambda parts: toml_segments("'@bad'")(parts) + "[define]\nbad = 'a >'\n"),
}


def work(form: FormatName, text: str) -> int:
    def check_and_format() -> None:
        config, _ = loads(text, "segments", form)
        if config is not None:
            for problem in check_config(config):
                assert problem.line
            with suppress(ConfigError):
                formatted_config(config)

    return lines_run(check_and_format)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_twice_the_config_is_twice_the_work(shape: Shape) -> None:
    form, text = shape
    work(form, text(SIZE))  # imports and patterns that are loaded once
    assert work(form, text(4 * SIZE)) / work(form, text(2 * SIZE)) < RATIO

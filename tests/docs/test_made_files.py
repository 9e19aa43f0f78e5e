"""The pages and pictures of docs/ that are made from the code are what `make docs-files` would write now."""

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docsgen import editor_picture, error_picture, neovim_session, railroads, staircase, terminal
from docsgen.outputs import DOCS, outputs
from docsgen.shapes import Alt, Many, Maybe, Ref, Seq, Shape, Word, shape_of
from docsgen.shapes import terminal as shape_of_terminal

from segdsl.config.load import loads
from segdsl.lsp.analyses import RememberingEnvironment
from segdsl.syntax.grammar import lark_parser

from .terminal_session import terminal_session

MADE = list(outputs())

Sentence = tuple[str, ...]


@pytest.mark.parametrize(("path", "text"), MADE, ids=[path.relative_to(DOCS).as_posix() for path, _ in MADE])
def test_a_made_file_is_up_to_date(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run `make docs-files`"


def test_no_picture_is_left_over() -> None:
    assert set((DOCS / "images").rglob("*.svg")) == {path for path, _ in MADE if path.suffix == ".svg"}


@pytest.mark.parametrize("text", [text for path, text in MADE if path.suffix == ".svg"])
def test_a_picture_is_well_formed(text: str) -> None:
    assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"


SVG = {"svg": "http://www.w3.org/2000/svg"}


def written_in(picture: str) -> list[str]:
    """The lines of a picture of a terminal, as they are to be read: each run of text at the cell where it begins."""
    lines = {}
    for text in ElementTree.fromstring(picture).iterfind("svg:text", SVG):
        runs = [(float(run.attrib["x"]), run.text or "") for run in text.iterfind("svg:tspan", SVG)]
        assert runs == sorted(runs)
        lines[int(text.attrib["y"])] = "".join(written for _, written in runs)
    return list(lines.values())


def test_the_picture_of_an_error_shows_what_the_command_writes(tmp_path: Path) -> None:
    (tmp_path / "segments.toml").write_text(error_picture.CONFIG)
    with terminal_session(tmp_path) as session:
        report = session.run("segdsl check segments.toml")
    shown = written_in(error_picture.picture())
    assert shown == ["$ segdsl check segments.toml", *filter(None, report.splitlines())]
    assert max(map(len, shown)) <= 100


def test_a_picture_of_a_terminal_keeps_colours_cells_and_markup() -> None:
    picture = terminal.picture("\x1b[1;31merror\x1b[0m: 日本 <b>\n  && x", "a title")
    assert written_in(picture) == ["error: 日本 <b>", "  && x"]
    first, rest, second = (run.attrib for run in ElementTree.fromstring(picture).iterfind(".//svg:tspan", SVG))
    assert (first["font-weight"], first["fill"]) == ("bold", "#ff7b72")
    assert "fill" not in rest
    cell = float(first["textLength"]) / len("error")
    assert float(rest["x"]) - float(first["x"]) == pytest.approx(len("error") * cell)
    assert float(rest["textLength"]) == pytest.approx(len(": .... <b>") * cell)  # each ideograph takes two cells
    assert second["x"] == first["x"]


def test_the_picture_of_an_editor_shows_the_completion_of_today() -> None:
    config, _ = loads(neovim_session.CONFIG, "segments.toml", "toml")
    assert config
    found = RememberingEnvironment(config).complete(neovim_session.TYPED, len(neovim_session.TYPED))
    offered = [
        item for item in found.items if item.label.startswith(neovim_session.TYPED[found.start :])
    ]  # as Neovim does
    chosen = offered[1]
    text = neovim_session.TYPED[: found.start] + chosen.insert
    written = neovim_session.CONFIG.replace("where = ''", f"where = '{text}'")
    *editor, file, explained = written_in(editor_picture.picture())
    menu = editor[-len(offered) :]
    assert "\n".join(editor[: -len(menu)]) == "\n".join(filter(None, written.splitlines()))
    shown = [re.split(r"  +| (?=a )|(?<=[a-z]) (?=[A-Z])", line.strip()) for line in menu]
    assert [(label, detail) for label, _, detail in shown] == [(item.label, item.detail) for item in offered]
    assert (file, explained) == ("segments.toml [+]", chosen.help), "run `make docs-screen`"


def test_a_picture_of_a_terminal_keeps_true_colours_and_backgrounds_over_the_ends_of_lines() -> None:
    picture = terminal.picture(
        "\x1b[38;2;255;0;16m\x1b[48;2;1;2;3m\x1b[4m\x1b[58;2;1;1;1mab\nc\x1b[39;49md\x1b[1me\x1b[22mf", "t"
    )
    drawn = ElementTree.fromstring(picture)
    assert written_in(picture) == ["ab", "cdef"]
    runs = [(run.text, run.get("fill"), run.get("font-weight")) for run in drawn.iterfind(".//svg:tspan", SVG)]
    red = "#ff0010"
    assert runs == [("ab", red, None), ("c", red, None), ("d", None, None), ("e", None, "bold"), ("f", None, None)]
    assert [path.get("fill") for path in drawn.iterfind("svg:path", SVG)] == ["#010203"] * 2


def test_the_page_goes_down_the_stairs_with_the_expression_of_the_picture() -> None:
    assert repr(staircase.TEXT) in (DOCS / "how-it-compiles.md").read_text(encoding="utf-8")


LENGTH = 6
"""Symbols of the sentences that are compared; the longest production has five."""


def sentences(shape: Shape, length: int) -> set[Sentence]:
    """All that a shape allows, up to `length` symbols."""
    match shape:
        case Word(text):
            return {(text,)}
        case Ref(name):
            return {(name,)}
        case Alt(options):
            return {sentence for option in options for sentence in sentences(option, length)}
        case Maybe(item):
            return {(), *sentences(item, length)}
        case Seq(parts):
            return joined([sentences(part, length) for part in parts], length)
        case Many(item, separator):
            once = found = sentences(item, length)
            between = sentences(separator, length)
            while True:
                more = found | joined([found, between, once], length)
                if more == found:
                    return found
                found = more


def joined(languages: list[set[Sentence]], length: int) -> set[Sentence]:
    whole = (tuple(itertools.chain(*parts)) for parts in itertools.product(*languages))
    return {sentence for sentence in whole if len(sentence) <= length}


def derived(rule: str, rules: dict[str, list[Sentence]], terminals: dict[str, Shape], length: int) -> set[Sentence]:
    """Everything that the productions of a rule derive, up to `length` symbols; shown rules are symbols,
    and so is the rule itself except in left recursion, which is repetition."""
    found: dict[str, set[Sentence]] = {name: set() for name in rules}
    for name in railroads.SHOWN:
        if name != rule:
            found[name] = {(name,)}
    known: dict[str, set[Sentence]] = {
        name: {(name,)} if name in railroads.SHOWN else sentences(one, 1) for name, one in terminals.items()
    }
    grown = True
    while grown:
        grown = False
        for name in [name for name in rules if name == rule or name not in railroads.SHOWN]:
            for expansion in rules[name]:
                parts: list[set[Sentence]] = [
                    {(rule,)} if one == rule and at else found[one] if one in found else known[one]
                    for at, one in enumerate(expansion)
                ]
                new = joined(parts, length) - found[name]
                found[name] |= new
                grown = grown or bool(new)
    return found[rule]


LARK = lark_parser()
TERMINALS = {one.name: shape_of_terminal(one.name, one.pattern.to_regexp()) for one in LARK.terminals}
RULES: dict[str, list[Sentence]] = {}
for one in LARK.rules:
    if one.alias not in railroads.ERRORS:
        RULES.setdefault(one.origin.name, []).append(tuple(symbol.name for symbol in one.expansion))


@pytest.mark.parametrize("rule", [name for name in railroads.SHOWN if name in RULES])
def test_a_diagram_allows_what_the_grammar_derives_and_nothing_else(rule: str) -> None:
    drawn = sentences(shape_of(rule, RULES, TERMINALS, railroads.SHOWN), LENGTH)
    assert drawn == derived(rule, RULES, TERMINALS, LENGTH)
    assert drawn


def test_every_sign_and_word_of_the_language_is_drawn() -> None:
    drawn = " ".join(text for path, text in MADE if path.parent.name == "grammar")
    shapes = [shape for name, shape in TERMINALS.items() if name not in ("BLANK", "COMMENT")]
    words = [sentence[0] for shape in shapes if not isinstance(shape, Ref) for sentence in sentences(shape, 1)]
    escaped = [word.replace("&", "&amp;").replace("<", "&lt;") for word in words]
    assert [word for word in escaped if f">{word}</text>" not in drawn] == []
    assert len(words) > 30

"""Everything on a page of docs/ is true: its files, commands, Python and expressions are tried in order."""

import doctest
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import segdsl
from segdsl.config.check import check_config
from segdsl.config.load import loads
from segdsl.environment import Environment
from segdsl.semantics.advice import COMMAND_LINE

from . import fenced_blocks
from .fenced_blocks import Block
from .terminal_session import TerminalSession, terminal_session

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))

BUILT = "playground/index.html"
"""`make docs` builds it, and finds a link to it that leads nowhere; so does tests/web/test_playground.py."""

FINDING = re.compile(r"#.*\b(?:error|warning)\[(?P<code>[a-z-]+)\]")
"""In the comment after an expression: what segdsl says of it."""


class Reader:
    """Follows a page in its own folder; each method tries one kind of block and yields the problems."""

    def __init__(self, folder: Path, terminal: TerminalSession) -> None:
        self.folder = folder
        self.terminal = terminal
        self.names: dict[str, Any] = {}

    def file(self, block: Block) -> Iterator[str]:
        (self.folder / block.title).write_text(block.text, encoding="utf-8")
        yield from ()

    def console(self, block: Block) -> Iterator[str]:
        for command in fenced_blocks.commands(block):
            output = self.terminal.run(command.line)
            if not fenced_blocks.is_shown(output, command.output):
                yield f"$ {command.line}\n{output}"

    def python(self, block: Block) -> Iterator[str]:
        exec(compile(block.text, f"line {block.line}", "exec"), self.names)
        yield from ()

    def pycon(self, block: Block) -> Iterator[str]:
        test = doctest.DocTestParser().get_doctest(block.text, {}, str(block), "a page", block.line)
        test.globs = self.names
        report: list[str] = []
        outcome = doctest.DocTestRunner().run(test, out=report.append, clear_globs=False)
        if outcome.failed or not outcome.attempted:
            yield "".join(report) or "nothing to run"

    def toml(self, block: Block) -> Iterator[str]:
        """A piece of a config: correct, if not complete."""
        config, problems = loads(block.text, "a piece of a config", "toml")
        found = [*problems, *(check_config(config) if config else ())]
        yield from map(str, found)

    def segdsl(self, block: Block) -> Iterator[str]:
        """An expression on each line: valid, unless its comment names its diagnostic."""
        for line in filter(None, map(str.strip, block.text.splitlines())):
            expected = FINDING.search(line)
            found = {one.code for one in Environment(advice=COMMAND_LINE).check(line, PARAMETERS, 1)}
            if found != ({expected["code"]} if expected else set()):
                yield f"{line}\n{found}"

    def rules(self, block: Block) -> Iterator[str]:
        """`expression → rules` on each line."""
        for line in block.text.splitlines():
            text, _, rules = line.partition("→")
            if (made := compiled(text)) != " ".join(rules.split()):
                yield f"{text.strip()} → {made}"

    def yaml(self, block: Block) -> Iterator[str]:
        """A piece of an example for CI."""
        if not any(block.text in path.read_text(encoding="utf-8") for path in (ROOT / "examples" / "ci").iterdir()):
            yield "is in no file of examples/ci"

    def js(self, block: Block) -> Iterator[str]:
        """A piece of the page of the form, which a test of its own runs."""
        if block.text not in (ROOT / "examples" / "form" / "page" / "form.js").read_text(encoding="utf-8"):
            yield "is not in examples/form/page/form.js"

    def sh(self, block: Block) -> Iterator[str]:
        """How to install; that it works, the tests of packaging say."""
        if not all(line.startswith("python -m pip install ") for line in block.text.splitlines()):
            yield "does more than install"


PARAMETERS = {"plan": "pro", "plans": ["pro"], "since": "2026-01-01"}
DECLARED = segdsl.Schema(properties={"members": "integer", "renewal": "date"})
"""For the expressions that are about `members` or `renewal`; to others nothing is declared."""


def compiled(text: str) -> str:
    """The rules of each segment, in the notation of the pages."""
    schema = DECLARED if any(name in text for name in DECLARED.properties or ()) else None
    segments = segdsl.compile_all(text, schema, PARAMETERS)
    return " | ".join(" and ".join(map(rule_words, segment.to_dict()["rules"])) for segment in segments)


def rule_words(rule: dict[str, Any]) -> str:
    words = [rule["type"], rule.get("field") or rule.get("key"), rule.get("operator"), segdsl_literal(rule["value"])]
    return " ".join(word for word in words if word)


def segdsl_literal(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def by_hand(page: Path) -> Iterator[Block]:
    """The blocks above the generated part, which has its own test."""
    made = page.read_text(encoding="utf-8").find("<!-- What follows is made from the code")
    lines = page.read_text(encoding="utf-8").count("\n", 0, made) if made >= 0 else None
    return (block for block in fenced_blocks.blocks(page) if lines is None or block.line < lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_everything_on_a_page_is_true(page: Path, tmp_path: Path) -> None:
    wrong = []
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    with terminal_session(tmp_path) as terminal:
        reader = Reader(tmp_path, terminal)
        for block in by_hand(page):
            kind = "file" if block.title and block.language != "yaml" else block.language
            try_block: Callable[[Block], Iterator[str]] = getattr(reader, kind)
            wrong += [f"docs/{page.name}:{block.line}\n{problem}" for problem in try_block(block)]
    assert not wrong, "\n\n".join(wrong)


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    assert sorted(re.findall(r"([a-z-]+\.md)$", navigation, re.MULTILINE)) == [page.name for page in PAGES]


def anchors(page: Path) -> set[str]:
    """The anchors of the page's headings, by the rule of Markdown's own `toc`."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_to_pages_pictures_and_headings_that_are_there(page: Path) -> None:
    broken = []
    for target in fenced_blocks.links(page):
        name, _, anchor = target.partition("#")
        linked = page.parent / name if name else page
        if "://" in target or target == BUILT:
            continue
        if not (linked.is_file() and (not anchor or anchor in anchors(linked))):
            broken.append(target)
    assert broken == []

"""Reading TOML: `tomllib` says what is valid and what it means, tree-sitter where it stands."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, partial
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from segdsl.config.document import Path, Place, Reading
from segdsl.diagnostics import Diagnostic, Note
from segdsl.source import Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_HUGE_NUMBER = re.compile(r"[0-9_]{1000,}")
_DUPLICATE_WORDS = ("Cannot", "Duplicate")
_EXPRESSION_HELP = "an expression that holds double quotes goes into single ones: `where = 'plan == \"pro\"'`"
_LINES_HELP = "a string ends on its line; one of several lines stands in `'''`"
_HELP = {
    "Invalid value": "a string stands in quotes: `where = 'rating > 3'`",
    "Expected newline or end of document after a statement": _EXPRESSION_HELP,
    "Unclosed inline table": _EXPRESSION_HELP,
    'Expected "\'"': _LINES_HELP,
    "Illegal character '\\n'": _LINES_HELP,
    "Found invalid character '\\n'": _LINES_HELP,
}
_BLANK_AFTER_BACKSLASH = re.compile(rb"\\+[ \t]+(?=\r?\n)")
_CHARACTER_STARTS = bytes((byte & 0xC0) != 0x80 for byte in range(256))


class _Duplicate(NamedTuple):
    key: str
    again: Span
    first: Span


def read(source: Source) -> Reading:
    """The values of a TOML text."""
    try:
        values = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        return Reading(problems=tuple(_refusal(source, str(error))))
    except RecursionError:
        return Reading(problems=(_unreadable(source, "lists or tables are nested too deeply", Span(0, 0)),))
    except ValueError:  # Python reads no whole number of more than some thousand digits
        huge = _HUGE_NUMBER.search(source.text)
        span = Span(*huge.span()) if huge else Span(0, 0)
        return Reading(problems=(_unreadable(source, "a number of too many digits", span),))
    return Reading(values, places=partial(_places, source.text))


def _refusal(source: Source, message: str) -> Iterator[Diagnostic]:
    """What `tomllib` refuses. It points behind the second of two equal keys; the tree knows both, and all of them."""
    duplicates = _Tree(source.text).duplicates if message.startswith(_DUPLICATE_WORDS) else []
    for key, again, first in duplicates:
        note = Note("it stands here first", first, source)
        yield Diagnostic("unreadable-config", f"`{key}` stands twice", again, source, notes=(note,))
    if duplicates:
        return
    at = _POSITION.search(message)
    sentence = message[: at.start()] if at else message
    span = Span(len(source.text), len(source.text))
    if at and at[1]:
        start = min(source.line_start(int(at[1])) + int(at[2]) - 1, len(source.text))
        span = Span(start, min(start + 1, len(source.text)))
    help_ = [_HELP[sentence]] if sentence in _HELP else []
    yield _unreadable(source, f"this is not TOML: {sentence[:1].lower()}{sentence[1:]}", span, *help_)


def _unreadable(source: Source, message: str, span: Span, *help_: str) -> Diagnostic:
    return Diagnostic("unreadable-config", message, span, source, help_)


def _places(text: str) -> dict[Path, Place]:
    return _Tree(text).places


@cache
def _parser() -> "Parser":
    import tree_sitter_toml  # noqa: PLC0415  needed only when something has to be pointed at
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_toml.language()))


class _Tree:
    """The places of a TOML text, and the keys that stand twice in it.

    A text that `tomllib` accepts and tree-sitter does not understand in some spot has no places there.
    """

    def __init__(self, text: str) -> None:
        self.places: dict[Path, Place] = {}
        self.duplicates: list[_Duplicate] = []
        self._text = text
        self._defined: set[Path] = set()
        self._lengths: dict[Path, int] = {}
        data = text.encode("utf-8", "replace")
        # The grammar does not know that blanks may follow the backslash that continues a line.
        parsed = _BLANK_AFTER_BACKSLASH.sub(lambda found: b"x" * len(found[0]), data)
        self._offsets = None if text.isascii() else list(accumulate(data.translate(_CHARACTER_STARTS), initial=0))
        # What is left to visit: a node, and the path of the table or list that it stands in. No recursion: texts nest.
        self._open: list[tuple[Node, Path]] = []
        self._visit_document(_parser().parse(parsed).root_node)

    def _visit_document(self, root: "Node") -> None:
        for node in root.named_children:
            if node.type == "pair":
                self._visit_pair(node, ())
            elif node.type in ("table", "table_array_element"):
                self._visit_table(node)
            while self._open:
                inner, path = self._open.pop()
                self._visit_value(inner, path)

    def _visit_table(self, node: "Node") -> None:
        children = node.children
        header = Span(self._offset(node.start_byte), self._header_end(children))
        path: Path = ()
        keys = self._keys(children[1])
        for depth, (key, span) in enumerate(keys, 1):
            path = (*path, key)
            self.places.setdefault(path, Place(span, header))
            if depth == len(keys) and node.type == "table_array_element":
                self._lengths[path] = self._lengths.get(path, 0) + 1
            elif depth == len(keys):
                self._define(path, span)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
                self.places.setdefault(path, Place(span, header))
        for child in children[3:]:
            if child.type == "pair":
                self._visit_pair(child, path)

    def _visit_pair(self, node: "Node", path: Path) -> None:
        children = node.children
        value_node = children[2]
        value = self._span(value_node)
        for key, span in self._keys(children[0]):
            path = (*path, key)
            self.places.setdefault(path, Place(span, value))
        self._define(path, span)
        if value_node.type in ("inline_table", "array"):
            self._open.append((value_node, path))

    def _visit_value(self, node: "Node", path: Path) -> None:
        if node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self._visit_pair(child, path)
        elif node.type == "array":
            items = [child for child in node.named_children if child.type != "comment"]
            for index, child in enumerate(items):
                span = self._span(child)
                self.places[(*path, index)] = Place(span, span)
                self._open.append((child, (*path, index)))

    def _define(self, path: Path, span: Span) -> None:
        if path in self._defined:
            self.duplicates.append(_Duplicate(str(path[-1]), span, self.places[path].key))
        self._defined.add(path)

    def _keys(self, node: "Node") -> list[tuple[str, Span]]:
        """The parts of a key; the tree of `a.b.c` leans to the left."""
        if node.type != "dotted_key":
            return [self._key(node)]
        parts: list[Node] = []
        while node.type == "dotted_key":
            *rest, last = node.named_children
            parts.append(last)
            node = rest[0]
        return [self._key(part) for part in (node, *reversed(parts))]

    def _key(self, node: "Node") -> tuple[str, Span]:
        span = self._span(node)
        spelled = self._text[span.start : span.end]
        if not spelled.startswith(('"', "'")):
            return spelled, span
        try:
            return next(iter(tomllib.loads(f"{spelled} = 0"))), span
        except ValueError:  # in a text that is refused anyway
            return spelled, span

    def _header_end(self, children: "list[Node]") -> int:
        return next(self._offset(child.end_byte) for child in children if child.type in ("]", "]]"))

    def _span(self, node: "Node") -> Span:
        offsets = self._offsets
        if offsets is None:
            return Span(node.start_byte, node.end_byte)
        return Span(offsets[node.start_byte], offsets[node.end_byte])

    def _offset(self, byte: int) -> int:
        return byte if self._offsets is None else self._offsets[byte]

"""TOML: `tomllib` decides what is valid and what the values are; tree-sitter finds where they stand."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from segdsl.config.document import TOO_DEEP, CharacterMap, Location, Parsed, Path, Surroundings, is_too_deep
from segdsl.diagnostics import Diagnostic, Note
from segdsl.limits import MAX_CONFIG_NESTING, MAX_KEY_PARTS
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


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(source: Source) -> Parsed:
    """The values of a TOML text."""
    text = source.text
    if any(line.count(".") >= MAX_KEY_PARTS for line in text.split("\n")):
        long_keys = _Tree(text).long_keys  # found before `tomllib` reads them
        if long_keys:
            message = f"a key of more than {MAX_KEY_PARTS} parts"
            return Parsed(problems=tuple(_unreadable(source, message, span) for span in long_keys))
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Parsed(problems=tuple(_refusal(source, str(error))))
    except RecursionError:
        return Parsed(problems=(_too_deep(source),))
    except ValueError:  # Python refuses integers of more than 4,300 digits
        huge = _HUGE_NUMBER.search(text)
        span = Span(*huge.span()) if huge else Span(0, 0)
        return Parsed(problems=(_unreadable(source, "a number of too many digits", span),))
    if is_too_deep(values):
        return Parsed(problems=(_too_deep(source),))
    return Parsed(values, locate=lambda: _Tree(text).locations)


def _too_deep(source: Source) -> Diagnostic:
    return _unreadable(source, TOO_DEEP, _Tree(source.text).too_deep or Span(0, 0))


def _refusal(source: Source, message: str) -> Iterator[Diagnostic]:
    """The errors of a text that `tomllib` refuses.

    It reports one duplicate key, after its end; the tree finds all of them and the first.
    """
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


# ── locations ──────────────────────────────────────────────────────────────────────────────────────────────────────

_BLANK_AFTER_BACKSLASH = re.compile(rb"\\+[ \t]+(?=\r?\n)")
_CHARACTER_STARTS = bytes((byte & 0xC0) != 0x80 for byte in range(256))


@cache
def _parser() -> "Parser":
    import tree_sitter_toml  # noqa: PLC0415  needed only if something has to be located
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_toml.language()))


class _Duplicate(NamedTuple):
    key: str
    again: Span
    first: Span


class _Tree:
    """The locations in a TOML text, and what only the tree knows: duplicate keys, keys and values that are too deep.

    Parts that `tomllib` accepts and tree-sitter does not understand have no locations. Neither have parts that are too
    deep; so paths are short, and their number and length stay linear in the text.
    """

    def __init__(self, text: str) -> None:
        self.locations: dict[Path, Location] = {}
        self.duplicates: list[_Duplicate] = []
        self.long_keys: list[Span] = []
        self.too_deep: Span | None = None
        self._text = text
        self._defined: set[Path] = set()
        self._lengths: dict[Path, int] = {}
        data = text.encode("utf-8", "replace")
        # The grammar of tree-sitter allows no blanks after the backslash that continues a line.
        parsed = _BLANK_AFTER_BACKSLASH.sub(lambda found: b"x" * len(found[0]), data)
        self._offsets = None if text.isascii() else list(accumulate(data.translate(_CHARACTER_STARTS), initial=0))
        # Nodes to visit, each with the path of the table or list around it. A list, since recursion has a limit.
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
            self.locations.setdefault(path, Location(span, header))
            if depth == len(keys) and node.type == "table_array_element":
                self._lengths[path] = self._lengths.get(path, 0) + 1
            elif depth == len(keys):
                self._define(path, span)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
                self.locations.setdefault(path, Location(span, header))
        for child in children[3:]:
            if child.type == "pair":
                self._visit_pair(child, path)

    def _visit_pair(self, node: "Node", path: Path) -> None:
        children = node.children
        value_node = children[2]
        value = self._span(value_node)
        keys = self._keys(children[0])
        for key, span in keys:
            path = (*path, key)
            self.locations.setdefault(path, Location(span, value))
        if keys:
            self._define(path, keys[-1][1])
            self._enter(value_node, path)

    def _visit_value(self, node: "Node", path: Path) -> None:
        if node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self._visit_pair(child, path)
        elif node.type == "array":
            items = [child for child in node.named_children if child.type != "comment"]
            for index, child in enumerate(items):
                span = self._span(child)
                self.locations[(*path, index)] = Location(span, span)
                self._enter(child, (*path, index))

    def _enter(self, node: "Node", path: Path) -> None:
        """Notes that the list or table `node` is to be visited."""
        if node.type not in ("inline_table", "array"):
            return
        if len(path) < MAX_CONFIG_NESTING:
            self._open.append((node, path))
        else:
            self.too_deep = self.too_deep or self._span(node)

    def _define(self, path: Path, span: Span) -> None:
        if path in self._defined:
            self.duplicates.append(_Duplicate(str(path[-1]), span, self.locations[path].key))
        self._defined.add(path)

    def _keys(self, node: "Node") -> list[tuple[str, Span]]:
        """The parts of a key, none if there are too many. The tree of `a.b.c` leans to the left."""
        last_parts: list[Node] = []
        whole = node
        while node.type == "dotted_key":
            *rest, last = node.named_children
            last_parts.append(last)
            node = rest[0]
        if len(last_parts) >= MAX_KEY_PARTS:
            self.long_keys.append(self._span(whole))
            return []
        return [self._key(part) for part in (node, *reversed(last_parts))]

    def _key(self, node: "Node") -> tuple[str, Span]:
        span = self._span(node)
        spelled = self._text[span.start : span.end]
        if not spelled.startswith(('"', "'")):
            return spelled, span
        try:
            return next(iter(tomllib.loads(f"{spelled} = 0"))), span
        except ValueError:  # only in a text that is refused
            return spelled, span

    def _header_end(self, children: "list[Node]") -> int:
        return next(self._offset(child.end_byte) for child in children if child.type in ("]", "]]"))

    def _span(self, node: "Node") -> Span:
        return Span(self._offset(node.start_byte), self._offset(node.end_byte))

    def _offset(self, byte: int) -> int:
        return byte if self._offsets is None else self._offsets[byte]


# ── strings ────────────────────────────────────────────────────────────────────────────────────────────────────────

_BASIC = re.compile(
    r"(?P<nothing>\\[ \t]*\r?\n[ \t\r\n]*)"  # a continued line: the value has neither its break nor the indentation
    r"|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|\\[^uUx]"
    r"|\r\n|[^\\]"
)
_LITERAL = re.compile(r"\r\n|[\s\S]")
_FIRST_BREAK = re.compile(r"\r?\n")
_NEEDS_ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_QUOTES_TO_ESCAPE = re.compile(r'"(?="|\Z)')


def characters(literal: str, value: str) -> CharacterMap:
    """The characters of `value` as offsets into its literal, which has one of TOML's four kinds of quotes."""
    quotes = 3 if literal.startswith(('"""', "'''")) else 1
    start, end = quotes, len(literal) - quotes
    trimmed = _FIRST_BREAK.match(literal, start) if quotes == 3 else None
    if trimmed:
        start = trimmed.end()
    if literal[start:end] == value:
        return CharacterMap.verbatim(start, end)
    return CharacterMap.scan(literal, start, end, _BASIC if literal.startswith('"') else _LITERAL)


def spell(value: str, literal: str, surroundings: Surroundings) -> str:
    """`value` as a TOML string in the style of `literal`.

    The quotes stay unless they cannot hold the value; a value with line breaks gets a string of several lines.
    """
    newline = surroundings.newline
    breaks = "\n" in value
    multiline = breaks or literal.startswith(('"""', "'''"))
    quote = literal[0] * (3 if multiline else 1)
    if quote[0] == "'" and not _fits_literal(value, quote):
        quote = '"' * len(quote)
    if not multiline:
        return quote + (value if quote == "'" else _escaped(value, '"\\')) + quote
    opening = newline if (breaks and not literal.startswith(quote)) or _opens_with_break(literal) else ""
    if value.startswith("\n"):
        opening = newline
    body = value if quote == "'''" else _QUOTES_TO_ESCAPE.sub('\\\\"', _escaped(value, "\\", keep="\n\t"))
    return quote + opening + body.replace("\n", newline) + quote


def enclose(literal: str, _: Surroundings) -> str:
    """A file that holds the literal under the key `k`."""
    return f"k = {literal}\n"


def _fits_literal(value: str, quote: str) -> bool:
    return not _NEEDS_ESCAPE.search(value) and quote not in value and not value.endswith("'")


def _opens_with_break(literal: str) -> bool:
    return literal.startswith(('"""', "'''")) and _FIRST_BREAK.match(literal, 3) is not None


def _escaped(value: str, marks: str, keep: str = "\t") -> str:
    return "".join(
        _ESCAPES.get(character) or f"\\u{ord(character):04x}"
        if character in marks or (character not in keep and (_NEEDS_ESCAPE.match(character) or character == "\n"))
        else character
        for character in value
    )

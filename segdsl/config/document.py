"""A config file as plain data, and where in the file each value and each character of a string stands.

A caret gets from an expression into the file in two steps. `Format.characters` maps the characters of a string to the
characters of its literal (one file for each format, in `formats`); `Document` knows where the literal stands.
`relocate` takes both steps for every place in a diagnostic.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import msgspec

from segdsl.diagnostics import Diagnostic, Edit, Fix, Note
from segdsl.diagnostics.diagnostic import with_edits
from segdsl.limits import MAX_CONFIG_NESTING
from segdsl.source import Source, Span

Path = tuple[str | int, ...]
"""Keys and 0-based list positions from the top of the file down to a value."""

FormatName = Literal["toml", "yaml", "json"]


class Location(msgspec.Struct, frozen=True):
    """Where a key and its value stand, as offsets into the file. For an item of a list, `key` is the value's span.

    The value of a table with a header of its own is the header. `flow` is true inside YAML's `[ ]` or `{ }`.
    """

    key: Span
    value: Span
    flow: bool = False


Locations = Mapping[Path, Location]


class Parsed(msgspec.Struct, frozen=True):
    """The result of a format's reader: plain data and a function that locates it, or the problems that prevent both."""

    values: Any = None
    problems: tuple[Diagnostic, ...] = ()
    locate: Callable[[], Locations] = dict


TOO_DEEP = f"more than {MAX_CONFIG_NESTING} levels of lists and tables"


def is_too_deep(values: Any) -> bool:
    """Whether the values of a file hold more than `MAX_CONFIG_NESTING` lists and tables inside one another."""
    level = [values]
    for _ in range(MAX_CONFIG_NESTING + 1):
        containers = [value for value in level if isinstance(value, dict | list)]
        if not containers:
            return False
        level = [item for value in containers for item in (value.values() if isinstance(value, dict) else value)]
    return True


class CharacterMap(msgspec.Struct, frozen=True):
    """Which characters of a literal spell each character of its value.

    `literal[starts[i]:ends[i]]` spells character `i` of the value. `starts` has one more item: the end of the last
    character. Characters between two spellings, such as the indentation of a continued line, spell nothing.
    """

    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def verbatim(cls, start: int, end: int) -> "CharacterMap":
        """The map of a value that `literal[start:end]` spells without escapes."""
        return cls(range(start, end + 1), range(start + 1, end + 1))

    @classmethod
    def whole(cls, end: int, length: int) -> "CharacterMap":
        """The map for a value of unknown spelling: each of its characters points at the whole literal."""
        return cls((0,) * (length + 1), (end,) * length)

    @classmethod
    def of(cls, spelled: Iterable[tuple[int, int]], end: int) -> "CharacterMap":
        """The map from the start and end of each spelling; `end` is where the value ends."""
        pairs = tuple(spelled)
        return cls((*(start for start, _ in pairs), end), tuple(end for _, end in pairs))

    @classmethod
    def scan(cls, literal: str, start: int, end: int, spelling: re.Pattern[str]) -> "CharacterMap":
        """The map of `literal[start:end]`: each match of `spelling` is one character, or none if its group `nothing`
        matched."""
        matches = spelling.finditer(literal, start, end)
        return cls.of((match.span() for match in matches if match.lastgroup != "nothing"), end)

    def __len__(self) -> int:
        return len(self.ends)

    def span(self, span: Span, base: int = 0) -> Span:
        """The spelling of the characters `span` of the value, shifted by `base`. An empty span stays empty."""
        if span.end <= span.start:
            start = base + self.starts[min(span.start, len(self))]
            return Span(start, start)
        return Span(base + self.starts[span.start], base + self.ends[min(span.end, len(self)) - 1])


class Surroundings(msgspec.Struct, frozen=True):
    """The context of a string's spelling, apart from its old spelling.

    `indent` is the column of its key, from 0; `flow` is true inside YAML's `[ ]` or `{ }`; `alone` is true if nothing,
    not even a blank, follows it on its line, and `last` if nothing follows it in the file; `newline` is the file's line
    break.
    """

    indent: int
    flow: bool
    alone: bool
    newline: str
    last: bool = False


class Format(msgspec.Struct, frozen=True):
    """One file format.

    `read(source)` decides what is valid and what the values are; `characters(literal, value)` maps the characters of a
    string into its literal; `spell(value, literal, surroundings)` writes a string in the style of `literal`;
    `enclose(literal, surroundings)` is a file that holds only the literal, under the key `k`. `table` is the format's
    word for a table.
    """

    name: FormatName
    table: str
    read: Callable[[Source], Parsed]
    characters: Callable[[str, str], CharacterMap]
    spell: Callable[[str, str, Surroundings], str]
    enclose: Callable[[str, Surroundings], str]

    def says(self, literal: str, value: str, surroundings: Surroundings) -> bool:
        """Whether the literal, in these surroundings, has this value."""
        return bool(self.read(Source(self.enclose(literal, surroundings))).values == {"k": value})


class Document:
    """A readable config file. Its values are at hand; its locations take a second pass, which few files need."""

    def __init__(self, source: Source, form: Format, parsed: Parsed) -> None:
        self.source = source
        self.format = form
        self.values = parsed.values
        self._locate = parsed.locate
        self._maps: dict[Path, CharacterMap] = {}

    @cached_property
    def locations(self) -> Locations:
        """The location of every key and list item, by path."""
        return self._locate()

    def location(self, path: Path) -> Location:
        """The location of `path`, or of the nearest table around it that has one."""
        for length in range(len(path), 0, -1):
            found = self.locations.get(path[:length])
            if found is not None:
                return found
        return Location(Span(0, 0), Span(0, 0))

    def literal(self, path: Path) -> str:
        """The value of `path` as the file spells it."""
        span = self.location(path).value
        return self.source.text[span.start : span.end]

    def characters(self, path: Path, value: str) -> CharacterMap:
        """The characters of the string `value` at `path`, as offsets into its literal."""
        known = self._maps.get(path)
        if known is None:
            literal = self.literal(path)
            known = self.format.characters(literal, value)
            if len(known) != len(value) or path not in self.locations:
                known = CharacterMap.whole(len(literal), len(value))
            self._maps[path] = known
        return known

    def surroundings(self, path: Path) -> Surroundings:
        """The surroundings of the string at `path`."""
        text, location = self.source.text, self.location(path)
        end = location.value.end
        return Surroundings(
            indent=self.source.position(location.key.start)[1] - 1,
            flow=location.flow,
            alone=text[end : end + 1] in ("", "\r", "\n"),
            newline="\r\n" if text[: text.find("\n") + 1].endswith("\r\n") else "\n",
            last=end == len(text),
        )


class LocatedText(msgspec.Struct, frozen=True):
    """A string of a config file."""

    value: str
    path: Path
    document: Document

    @property
    def span(self) -> Span:
        """The literal in the file, with its quotes."""
        return self.document.location(self.path).value

    def in_file(self, span: Span) -> Span:
        """Where the file spells the characters `span` of the value."""
        return self.document.characters(self.path, self.value).span(span, self.span.start)

    def spelled(self, value: str) -> str:
        """The literal that says `value` instead, in the style of this one."""
        document = self.document
        return document.format.spell(value, document.literal(self.path), document.surroundings(self.path))

    def edits_in_file(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Edits of the value as edits of the file; none if the file cannot hold the result.

        The new characters are spelled for this literal. Where that takes other quotes, one edit replaces the literal.
        """
        document = self.document
        value = with_edits(self.value, edits)
        if self.path not in document.locations or HALF_PAIR.search(value):
            return ()
        surroundings = document.surroundings(self.path)
        literal = document.literal(self.path)
        whole = document.format.spell(value, literal, surroundings)
        for found in (self._piecewise(edits, value, whole), (Edit(Span(0, len(literal)), whole),)):
            if found and document.format.says(with_edits(literal, found), value, surroundings):
                base = self.span.start
                return tuple(Edit(Span(base + one.span.start, base + one.span.end), one.text) for one in found)
        return ()

    def _piecewise(self, edits: Sequence[Edit], value: str, whole: str) -> tuple[Edit, ...]:
        """Each edit by itself, as one of the literal, spelled as `whole` spells it, the literal of the new value."""
        old, new = self.document.characters(self.path, self.value), self.document.format.characters(whole, value)
        if len(new) != len(value) or _quotes(whole) != _quotes(self.document.literal(self.path)):
            return ()
        pieces, moved = [], 0
        for edit in sorted(edits, key=lambda edit: edit.span):
            start = edit.span.start + moved
            spelled = new.span(Span(start, start + len(edit.text)))
            pieces.append(Edit(old.span(edit.span), whole[spelled.start : spelled.end]))
            moved += len(edit.text) - (edit.span.end - edit.span.start)
        return tuple(pieces)


HALF_PAIR = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which no file can hold."""

_QUOTES = re.compile(r"""(?:[!&]\S*\s+)*(\"{3}|'{3}|["'|>]|)""")


def _quotes(literal: str) -> str:
    """The beginning of the literal, after YAML's tag or anchor: quotes, the mark of a block, or nothing."""
    found = _QUOTES.match(literal)
    return found[1] if found else ""


def relocate(
    diagnostic: Diagnostic, text: LocatedText | None, context: str, definitions: Mapping[str, LocatedText]
) -> Diagnostic:
    """The diagnostic of the expression `text`, as one of the file that holds the text; so are its fixes.

    A span in the source `@name` goes to that definition, and the diagnostic is then about the definition instead of
    `context`. Without `text` only such spans move: the expression stands in no file.
    """

    def owner_of(source: Source) -> LocatedText | None:
        return definitions.get(source.name.removeprefix("@"), text) if source.name.startswith("@") else text

    def in_file(source: Source, span: Span) -> tuple[Source, Span]:
        owner = owner_of(source)
        return (owner.document.source, owner.in_file(span)) if owner else (source, span)

    source, span = in_file(diagnostic.source, diagnostic.span)
    places = [in_file(note.source, note.span) for note in diagnostic.notes]
    notes = [Note(note.message, at, file) for note, (file, at) in zip(diagnostic.notes, places, strict=True)]
    if diagnostic.source.name.startswith("@"):
        context = definition_label(diagnostic.source.name[1:])
    owner = owner_of(diagnostic.source)
    fixes = diagnostic.fixes
    if owner is not None:
        edited = [(fix, owner.edits_in_file(fix.edits)) for fix in fixes]
        fixes = tuple(Fix(fix.title, edits, fix.safe) for fix, edits in edited if edits)
    return msgspec.structs.replace(
        diagnostic, span=span, source=source, notes=tuple(notes), context=context, fixes=fixes
    )


def definition_label(name: str) -> str:
    """The name of a definition in diagnostics."""
    return f"definition @{name}"

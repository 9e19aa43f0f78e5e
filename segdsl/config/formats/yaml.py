"""YAML as PyYAML's safe loader reads it, from its events, which know where they stand.

A config may not hold what would surprise its readers: aliases and merges, keys that are not strings, duplicate keys,
tags of other types.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from segdsl.config.document import TOO_DEEP, CharacterMap, Location, Parsed, Path, Surroundings
from segdsl.diagnostics import Diagnostic, Note
from segdsl.limits import MAX_CONFIG_NESTING
from segdsl.source import Source, Span

if TYPE_CHECKING:
    import yaml

_TAG = "tag:yaml.org,2002:"
_SCALAR_TYPES = frozenset(("int", "float", "bool", "null", "timestamp"))
_COLLECTION_TAGS = frozenset((None, "!", _TAG + "map", _TAG + "seq"))
_QUOTE_IT = "put it in quotes to make it a string"
_EXPRESSION_HELP = "an expression stands best in single quotes, or below `where: |`"
_WRITE_OUT = "write the value out, or share an expression through `define`"


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(source: Source) -> Parsed:
    """The values of a YAML text, which holds one document."""
    try:
        import yaml  # noqa: PLC0415  an extra
    except ImportError:
        help_ = ("install it with `pip install 'segdsl[yaml]'`",)
        return Parsed(
            problems=(Diagnostic("unreadable-config", "reading YAML needs PyYAML", Span(0, 0), source, help_),)
        )
    builder = _Builder(source)
    try:
        for event in yaml.parse(source.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.YAMLError as error:
        builder.refuse(*_refusal(error, source.text), _EXPRESSION_HELP)
    except _StopError as error:
        builder.refuse(error.message, error.span)
    if builder.problems:
        return Parsed(problems=tuple(builder.problems))
    return Parsed(builder.root, locate=lambda: builder.locations)


def _refusal(error: "yaml.YAMLError", text: str) -> tuple[str, Span]:
    """The error of PyYAML and its place. For a character that YAML forbids it reports only the character."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        start = min(int(mark.index), len(text))
        said = " ".join(words for words in (getattr(error, "context", None), getattr(error, "problem", None)) if words)
        if "maximum nesting depth" in said:  # since 6.0.4, which looks ahead and has a limit of its own
            return TOO_DEEP, Span(start, start + 1)
    else:
        character = chr(getattr(error, "character", 0))
        start = max(text.find(character), 0)
        said = f"the character U+{ord(character):04X} is not allowed"
    return f"this is not YAML: {said}", Span(start, min(start + 1, len(text)))


class _StopError(Exception):
    """A problem that makes reading on pointless."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


class _Container(Struct):
    """A mapping (with its keys) or a list that the builder is in, and its position in it."""

    built: dict[str, Any] | list[Any]
    path: Path
    start: int
    flow: bool
    keys: dict[str, Span] | None = None
    key: str | None = None


class _Builder:
    """Builds plain data with locations from a stream of events, without recursion."""

    def __init__(self, source: Source) -> None:
        import yaml  # noqa: PLC0415  an extra

        self.root: Any = None
        self.locations: dict[Path, Location] = {}
        self.problems: list[Diagnostic] = []
        self._source = source
        self._inside: list[_Container] = []
        self._documents = 0
        self._yaml = yaml
        self._resolve: Callable[..., str] = yaml.resolver.Resolver().resolve
        self._construct: Callable[..., Any] = yaml.constructor.SafeConstructor().construct_object
        self._actions = {
            yaml.DocumentStartEvent: self._start_document,
            yaml.ScalarEvent: self._take_scalar,
            yaml.AliasEvent: self._take_alias,
            yaml.MappingStartEvent: self._open_mapping,
            yaml.SequenceStartEvent: self._open_list,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
        }

    def take(self, event: "yaml.Event") -> None:
        """The next event."""
        action = self._actions.get(type(event))
        if action:
            action(event)

    def refuse(self, message: str, span: Span, *help_: str) -> None:
        """A problem that makes the file unreadable."""
        self.problems.append(Diagnostic("unreadable-config", message, span, self._source, help_))

    def _start_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents == 2:
            self.refuse("a config is one YAML document, and here begins another", _span(event))

    def _take_alias(self, event: Any) -> None:
        self.refuse(f"`*{event.anchor}` refers to another part of the file", _span(event), _WRITE_OUT)
        self._take(None, _span(event))

    def _take_scalar(self, event: Any) -> None:
        span = _span(event)
        self._take(self._value(event, span), span)

    def _take(self, value: Any, span: Span) -> None:
        here = self._inside[-1] if self._inside else None
        if here and here.keys is not None and here.key is None:
            self._enter_key(here, here.keys, value, span)
        else:
            self._enter_value(value, span)

    def _value(self, event: Any, span: Span) -> Any:
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._resolve(self._yaml.ScalarNode, event.value, event.implicit)
        if tag == _TAG + "str":
            return event.value
        name = tag.removeprefix(_TAG)
        if name not in _SCALAR_TYPES:
            help_ = _WRITE_OUT if name == "merge" else _QUOTE_IT
            self.refuse(f"a config cannot use YAML's `{event.value if name == 'merge' else name}`", span, help_)
            return event.value
        try:
            return self._construct(self._yaml.ScalarNode(tag, event.value))
        except (ValueError, LookupError, AttributeError, ArithmeticError, self._yaml.YAMLError):
            self.refuse(f"this is not a valid {name} of YAML", span, _QUOTE_IT)
            return None

    def _enter_key(self, here: _Container, keys: dict[str, Span], key: Any, span: Span) -> None:
        if not isinstance(key, str):
            spelled = self._source.text[span.start : span.end]
            self.refuse(f"a key must be a string, and YAML reads `{spelled}` as something else", span, _QUOTE_IT)
            key = spelled
        elif key in keys:
            note = Note("it stands here first", keys[key], self._source)
            self.problems.append(
                Diagnostic("unreadable-config", f"`{key}` stands twice", span, self._source, notes=(note,))
            )
        keys[key] = span
        here.key = key

    def _open_mapping(self, event: Any) -> None:
        self._open(event, _Container({}, (), 0, bool(event.flow_style), keys={}))

    def _open_list(self, event: Any) -> None:
        self._open(event, _Container([], (), 0, bool(event.flow_style)))

    def _open(self, event: Any, opened: _Container) -> None:
        span = _span(event)
        here = self._inside[-1] if self._inside else None
        if len(self._inside) == MAX_CONFIG_NESTING:
            raise _StopError(TOO_DEEP, span)
        if here and here.keys is not None and here.key is None:
            raise _StopError("a key must be a string", span)
        if event.tag not in _COLLECTION_TAGS:
            self.refuse(f"a config cannot use YAML's `{event.tag.removeprefix(_TAG)}`", span)
        opened.path, opened.start = self._enter_value(opened.built, span), span.start
        opened.flow = opened.flow or bool(here and here.flow)
        self._inside.append(opened)

    def _close(self, event: Any) -> None:
        closed = self._inside.pop()
        opening = self.locations.get(closed.path)
        if opening:  # the outermost container has no location
            end = closed.start + len(self._source.text[closed.start : event.end_mark.index].rstrip())
            value = Span(closed.start, end)
            self.locations[closed.path] = Location(
                value if isinstance(closed.path[-1], int) else opening.key, value, opening.flow
            )

    def _enter_value(self, value: Any, span: Span) -> Path:
        """Puts a value where the builder is; returns its path."""
        if not self._inside:
            self.root = value
            return ()
        here = self._inside[-1]
        key = span
        if isinstance(here.built, list):
            path = (*here.path, len(here.built))
            here.built.append(value)
        else:
            assert here.key is not None  # noqa: S101  for the type checker: a value in a mapping follows its key
            assert here.keys is not None  # noqa: S101  likewise
            path, key = (*here.path, here.key), here.keys[here.key]
            here.built[here.key] = value
            here.key = None
        self.locations[path] = Location(key, span, here.flow)
        return path


def _span(event: Any) -> Span:
    return Span(event.start_mark.index, event.end_mark.index)


# ── where the characters of a scalar stand ─────────────────────────────────────────────────────────────────────────

_ANY_BREAK = r"(?:\r\n|[\r\n\x85\u2028\u2029])"
_PROPERTIES = re.compile(r"(?:[!&]\S*(?:\s+|\Z))*")  # a tag or an anchor before the scalar itself
_BREAK = re.compile(_ANY_BREAK)
_UNFOLDED = "\u2028\u2029"
_FOLD = (
    rf"(?P<fold>[ \t]*+{_ANY_BREAK}(?:[ \t]*+{_ANY_BREAK})*+[ \t]*+)"
    r"|(?P<blanks>[ \t]++)"  # taken as one, so that no run of blanks is read twice
    r"|[\s\S]"
)
_FLOW_SPELLINGS = {
    "": re.compile(_FOLD),
    "'": re.compile(rf"''|{_FOLD}"),
    '"': re.compile(
        rf"(?P<joined>\\{_ANY_BREAK}[ \t]*+(?:{_ANY_BREAK}[ \t]*+)*+)"
        rf"|\\x[0-9A-Fa-f]{{2}}|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}}|\\[^xuU]|{_FOLD}"
    ),
}
_BLOCK_HEADER = re.compile(r"[|>][^\r\n\x85\u2028\u2029]*")
_LINE = re.compile(rf"([^\r\n\x85\u2028\u2029]*+)({_ANY_BREAK}|\Z)")


def characters(literal: str, value: str) -> CharacterMap:
    """The characters of `value` as offsets into its literal, which begins with its tag or anchor if it has one."""
    start = len(literal) - len(_PROPERTIES.sub("", literal, count=1))
    mark = literal[start : start + 1]
    if mark in ("|", ">"):
        return _block_characters(literal, start, value)
    quotes = 1 if mark in ("'", '"') else 0
    end = len(literal) - quotes
    if literal[start + quotes : end] == value:
        return CharacterMap.verbatim(start + quotes, end)
    spelling = _FLOW_SPELLINGS[mark if quotes else ""]
    return CharacterMap.of(_flow(literal, start + quotes, end, spelling), end)


def _flow(literal: str, start: int, end: int, spelling: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The spellings in a plain or quoted scalar.

    A single line break reads as a blank; of several, all but the first read as themselves. Unicode's separators, which
    are line breaks in YAML 1.1, always read as themselves.
    """
    for match in spelling.finditer(literal, start, end):
        if match.lastgroup is None:
            yield match.span()
        elif match.lastgroup == "blanks":
            yield from ((offset, offset + 1) for offset in range(*match.span()))
        else:
            breaks = [found.span() for found in _BREAK.finditer(literal, *match.span())]
            folded = match.lastgroup == "fold" and (len(breaks) == 1 or literal[breaks[0][0]] in _UNFOLDED)
            yield from breaks if folded else breaks[1:]


def _block_characters(literal: str, start: int, value: str) -> CharacterMap:
    """The map of a block. Its indentation follows from the blanks that begin its first line, in the literal and in the
    value: the header may state it, but only relative to a parent that the literal does not show."""
    header = _BLOCK_HEADER.match(literal, start)
    body = header.end() if header else start
    first = _BREAK.match(literal, body)
    lines = [match.span(1) for match in _LINE.finditer(literal, first.end() if first else body)]
    indent = _leading_blanks(literal[a:b] for a, b in lines) - _leading_blanks(_BREAK.split(value))
    spelled = tuple(_block(literal, lines, max(indent, 0), folded=literal[start] == ">"))[: len(value)]
    if not _agrees(literal, spelled, value):
        spelled = ()
    last = spelled[-1] if spelled else (body, body)
    return CharacterMap.of(spelled, last[0] if value.endswith("\n") else last[1])


def _leading_blanks(lines: Iterable[str]) -> int:
    """The number of blanks before the first line that holds more than blanks."""
    line = next((line for line in lines if line.strip(" ")), "")
    return len(line) - len(line.lstrip(" "))


def _block(literal: str, lines: list[tuple[int, int]], indent: int, *, folded: bool) -> Iterator[tuple[int, int]]:
    """The spellings in the lines of a block, with every line break at its end; the value has some of those.

    In a folded block the break between two lines that begin with no blank reads as a blank; before empty lines it
    is dropped.
    """
    texts = [(min(start + indent, end), end) for start, end in lines]
    dropped = _dropped_breaks(literal, texts) if folded else frozenset()
    for number, (start, end) in enumerate(texts):
        yield from ((offset, offset + 1) for offset in range(start, end))
        if number + 1 < len(lines) and number not in dropped:
            yield end, lines[number + 1][0]


def _dropped_breaks(literal: str, texts: list[tuple[int, int]]) -> frozenset[int]:
    """The numbers of the lines whose break a folded block drops: one or more empty lines stand between two lines
    that begin with no blank."""
    written = [number for number, (start, end) in enumerate(texts) if start < end]
    return frozenset(
        number
        for number, following in pairwise(written)
        if following > number + 1
        and literal[texts[number][1]] not in _UNFOLDED
        and not {literal[texts[number][0]], literal[texts[following][0]]} & {" ", "\t"}
    )


def _agrees(literal: str, spelled: tuple[tuple[int, int], ...], value: str) -> bool:
    return len(spelled) == len(value) and all(
        literal[start:end] == character or (character in " \n" and _BREAK.match(literal, start) is not None)
        for (start, end), character in zip(spelled, value, strict=True)
    )


# ── spelling a string ──────────────────────────────────────────────────────────────────────────────────────────────

_PROPERTIES_AND_MARK = re.compile(r"((?:[!&]\S*\s+)*)(.?)", re.DOTALL)
_BLOCK = re.compile(r"[|>]([-+0-9]*)([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def spell(value: str, literal: str, surroundings: Surroundings) -> str:
    """`value` as a YAML scalar in the style of `literal`.

    Plain and quoted scalars stay so if they can hold the value. A value with line breaks gets a literal block where
    one can stand; with several breaks at its end it is quoted, since empty lines that follow would count as more.
    A block keeps its indentation, the comment on its first line and the empty lines after it.
    """
    found = _PROPERTIES_AND_MARK.match(literal)
    properties, mark = (found[1], found[2]) if found else ("", "")
    if mark in "|>" and mark:
        block = literal[len(properties) :]
        return properties + (_block_of(value, block, surroundings) or _double(value) + _tail(block))
    if "\n" in value and surroundings.alone and not surroundings.flow and not value.endswith("\n\n"):
        block = _block_of(value, "|", surroundings) or _double(value)
        ending = "" if surroundings.last else surroundings.newline  # the break of the file follows
        return properties + block.removesuffix(ending)
    if _UNPRINTABLE.search(value) or "\n" in value or mark == '"':
        return properties + _double(value)
    # PyYAML's own scanner refuses a tab that libyaml accepts
    if mark != "'" and "\t" not in value and read(Source(enclose(value, surroundings))).values == {"k": value}:
        return properties + value
    return properties + "'" + value.replace("'", "''") + "'"


def enclose(literal: str, surroundings: Surroundings) -> str:
    """A file that holds the literal under the key `k`, at the same column, so that lines continue as they do there."""
    if surroundings.flow:
        return f"{{k: {literal}}}"
    return f"{' ' * surroundings.indent}k: {literal}" + "\n" * (not literal.endswith("\n"))


def _double(value: str) -> str:
    quoted = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _block_of(value: str, literal: str, surroundings: Surroundings) -> str | None:
    """`value` as a block in place of the block `literal`; None if no block can hold it."""
    body = value.rstrip("\n")
    breaks = len(value) - len(body)
    header = _BLOCK.match(literal)
    if header is None or not body.strip() or _UNPRINTABLE.search(value) or body.lstrip("\n").startswith("\t"):
        return None
    signs, comment, old = header[1], header[2], literal[header.end() :]
    column, newline = _content_column(old, signs, surroundings.indent), surroundings.newline
    sign = str(column - surroundings.indent) if body.lstrip("\n").startswith(" ") else ""
    chomping = ("-", "", "+")[min(breaks, 2)]
    mark = "|" if "\n" in body else literal[0]
    lines = (" " * column + line if line else "" for line in body.split("\n"))
    tail = newline * breaks if breaks > 1 else _tail(old)
    if not tail and (breaks or literal.endswith(("\r", "\n"))):
        tail = newline
    return f"{mark}{sign}{chomping}{comment}{newline}{newline.join(lines)}{tail}"


def _tail(old: str) -> str:
    """The line break and the empty lines that end a block, without their blanks: those could become part of a value."""
    return re.sub(r"[ \t]", "", old[len(old.rstrip(" \t\r\n")) :])


def _content_column(old: str, signs: str, indent: int) -> int:
    """The column at which the lines of a block begin."""
    stated = signs.strip("+-")
    if stated:
        return indent + int(stated)
    line = next((line for line in old.split("\n") if line.strip()), "")
    return len(line) - len(line.lstrip(" ")) or indent + 2

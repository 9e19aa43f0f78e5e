"""Reading YAML as PyYAML's safe loader does, from its events, which know where they stand.

What would surprise a reader of segments is refused with a word on it: aliases and merges, keys that are no strings,
a key that stands twice, tags of other types.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from segdsl.config.document import Path, Place, Reading
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
_TOO_DEEP = f"more than {MAX_CONFIG_NESTING} levels of lists and mappings"
_WRITE_OUT = "write the value out, or share an expression through `define`"


def read(source: Source) -> Reading:
    """The values of a YAML text, which holds one document."""
    try:
        import yaml  # noqa: PLC0415  an extra
    except ImportError:
        help_ = ("install it with `pip install 'segdsl[yaml]'`",)
        return Reading(
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
        return Reading(problems=tuple(builder.problems))
    return Reading(builder.root, places=lambda: builder.places)


def _refusal(error: "yaml.YAMLError", text: str) -> tuple[str, Span]:
    """What PyYAML says and where; of a character that YAML does not allow it tells only which one it is."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        start = min(int(mark.index), len(text))
        said = " ".join(words for words in (getattr(error, "context", None), getattr(error, "problem", None)) if words)
        if "maximum nesting depth" in said:  # since 6.0.4: it looks ahead as far as to a limit of its own
            return _TOO_DEEP, Span(start, start + 1)
    else:
        character = chr(getattr(error, "character", 0))
        start = max(text.find(character), 0)
        said = f"the character U+{ord(character):04X} is not allowed"
    return f"this is not YAML: {said}", Span(start, min(start + 1, len(text)))


class _StopError(Exception):
    """Something after which reading on makes no sense."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


class _Container(Struct):
    """A mapping (with its keys) or a list that the builder is in, and how far it has come in it."""

    built: dict[str, Any] | list[Any]
    path: Path
    start: int
    flow: bool
    keys: dict[str, Span] | None = None
    key: str | None = None


class _Builder:
    """Makes plain data with places of a stream of events; no recursion, for texts nest as they like."""

    def __init__(self, source: Source) -> None:
        import yaml  # noqa: PLC0415  an extra

        self.root: Any = None
        self.places: dict[Path, Place] = {}
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
        """Something that makes the file unreadable."""
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
            self._place(value, span)

    def _value(self, event: Any, span: Span) -> Any:
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._resolve(self._yaml.ScalarNode, event.value, event.implicit)
        if tag == _TAG + "str":
            return event.value
        name = tag.removeprefix(_TAG)
        if name not in _SCALAR_TYPES:
            help_ = _WRITE_OUT if name == "merge" else _QUOTE_IT
            self.refuse(f"YAML's `{event.value if name == 'merge' else name}` has no place in a config", span, help_)
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
            raise _StopError(_TOO_DEEP, span)
        if here and here.keys is not None and here.key is None:
            raise _StopError("a key must be a string", span)
        if event.tag not in _COLLECTION_TAGS:
            self.refuse(f"YAML's `{event.tag.removeprefix(_TAG)}` has no place in a config", span)
        opened.path, opened.start = self._place(opened.built, span), span.start
        opened.flow = opened.flow or bool(here and here.flow)
        self._inside.append(opened)

    def _close(self, event: Any) -> None:
        closed = self._inside.pop()
        opening = self.places.get(closed.path)
        if opening:  # the outermost has no place
            end = closed.start + len(self._source.text[closed.start : event.end_mark.index].rstrip())
            value = Span(closed.start, end)
            self.places[closed.path] = Place(
                value if isinstance(closed.path[-1], int) else opening.key, value, opening.flow
            )

    def _place(self, value: Any, span: Span) -> Path:
        """Puts a value where the builder has come to; its path."""
        if not self._inside:
            self.root = value
            return ()
        here = self._inside[-1]
        key = span
        if isinstance(here.built, list):
            path = (*here.path, len(here.built))
            here.built.append(value)
        else:
            assert here.key is not None  # noqa: S101  for the type checker: a value in a mapping comes behind its key
            assert here.keys is not None  # noqa: S101  likewise
            path, key = (*here.path, here.key), here.keys[here.key]
            here.built[here.key] = value
            here.key = None
        self.places[path] = Place(key, span, here.flow)
        return path


def _span(event: Any) -> Span:
    return Span(event.start_mark.index, event.end_mark.index)

"""Compiling every segment of a config. The compiler's diagnostics of its expressions become diagnostics of the file."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from segdsl.config.comments import hiding_comments
from segdsl.config.document import LocatedText, definition_label, relocate
from segdsl.config.load import load_all
from segdsl.config.model import Config, SegmentConfig
from segdsl.config.reader import ONE_TO_A_SERVER
from segdsl.diagnostics import Diagnostic, Note
from segdsl.environment import Environment
from segdsl.limits import MAX_NAME_LENGTH
from segdsl.semantics.advice import CONFIG
from segdsl.semantics.schema import Schema
from segdsl.source import Span
from segdsl.syntax.literals import shortened
from segdsl.syntax.parser import parse_repaired
from segdsl.wire.filters import Filters
from segdsl.wire.segment import plain_name, utf16_length

_MOST_USES = 3
"""How many uses of a definition a diagnostic about it shows."""


_FIRST_SEGMENT = {
    "toml": "a segment begins with a line `[[segment]]`",
    "yaml": "segments are a list under `segment:`",
    "json": 'segments are a list under `"segment"`',
}


class CompiledSegment(msgspec.Struct, frozen=True):
    """A segment of a config with its filters (several only if it has `split`), and the whole config that holds it."""

    config: SegmentConfig
    filters: tuple[Filters, ...]
    holder: Config

    @property
    def parts(self) -> tuple[tuple[str, Filters], ...]:
        """The segments to create: a name for each of the filters."""
        return tuple(zip(part_names(self.config.name, len(self.filters)), self.filters, strict=True))


def part_names(name: str, count: int) -> tuple[str, ...]:
    """`Name (1/3)` and so on; the plain name if there is one part."""
    return (name,) if count == 1 else tuple(f"{name} ({number}/{count})" for number in range(1, count + 1))


def check_files(
    paths: Iterable[str | os.PathLike[str]], data: Mapping[str, bytes] | None = None
) -> tuple[tuple[Config, ...], tuple[Diagnostic, ...]]:
    """The readable configs of several files, and every problem of shapes and expressions, in the order of the files.

    If none of them is an error, every segment compiles. `data` holds the bytes of files that are not to be read, by
    name.
    """
    names = [os.fspath(path) for path in paths]
    configs, problems = load_all(names, data)
    checker = Checker()
    for config in configs:
        checker.check(config)
    return configs, in_order((*problems, *checker.problems), names)


def compile_files(
    paths: Iterable[str | os.PathLike[str]], data: Mapping[str, bytes] | None = None
) -> tuple[tuple[CompiledSegment, ...], tuple[Diagnostic, ...]]:
    """The segments of several files that compile and have a usable name, and the diagnostics of `check_files`.

    A file without segments is an error here.
    """
    names = [os.fspath(path) for path in paths]
    configs, problems = load_all(names, data)
    checker = Checker()
    compiled = [segment for config in configs for segment in checker.compile(config)]
    empty = (problem for config in configs for problem in missing_segments(config))
    return tuple(compiled), in_order((*problems, *checker.problems, *empty), names)


def declared_in(config: Config) -> tuple[Schema, dict[str, str]]:
    """The schema and the definitions of a config, as `Environment` takes them."""
    schema = Schema(config.properties, config.conversation_properties)
    return schema, {name: text.value for name, text in config.definitions.items()}


def check_config(config: Config, environment: Environment | None = None) -> tuple[Diagnostic, ...]:
    """Every error and warning of the expressions of a config, in the order of the file.

    A problem inside a definition is reported once, with the segments that use it; unused definitions are checked too.
    `load` reports what is wrong with the shape of the file. `environment` is that of the config, if it is at hand.
    """
    checker = Checker()
    checker.compile(config, environment)
    return in_order(checker.problems, (config.name,))


def compile_config(config: Config) -> tuple[tuple[CompiledSegment, ...], tuple[Diagnostic, ...]]:
    """The segments that compile and have a usable name, and the diagnostics of `check_config`."""
    checker = Checker()
    compiled = checker.compile(config)
    return compiled, in_order(checker.problems, (config.name,))


def missing_segments(config: Config) -> tuple[Diagnostic, ...]:
    """The error of a config without segments, for commands that need some."""
    values = {} if config.document.values is None else config.document.values
    if not isinstance(values, dict) or values.get("segment"):
        return ()
    form = config.document.format.name
    span = config.document.location(("segment",)).value
    return (Diagnostic("no-segments", "this config holds no segment", span, config.source, (_FIRST_SEGMENT[form],)),)


def in_order(problems: Iterable[Diagnostic], names: Iterable[str]) -> tuple[Diagnostic, ...]:
    """The problems file by file, in the order of `names` and then of included files, from top to bottom in each."""
    number = {name: index for index, name in enumerate(names)}
    return tuple(
        sorted(
            problems,
            key=lambda problem: (number.get(problem.source_name, len(number)), problem.source_name, problem.span),
        )
    )


class Checker:
    """Checks configs, and moves the compiler's diagnostics into their files.

    Equal diagnostics at one place become one: configs may share the definitions of an included file.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, Span], list[Diagnostic]] = {}
        self._holders: dict[str, SegmentConfig] = {}
        self._split: list[CompiledSegment] = []

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """All diagnostics so far."""
        return (*(_merged(same) for same in self._found.values()), *_name_problems(self._holders, self._split))

    def check(self, config: Config) -> None:
        """Checks the expressions of a config."""
        self.compile(config)

    def compile(self, config: Config, environment: Environment | None = None) -> tuple[CompiledSegment, ...]:
        """Checks the expressions of a config; returns the segments that compile and have a usable name."""
        environment = environment or Environment(*declared_in(config), advice=CONFIG)
        compiled = _Checking(config, environment, self._add).compiled_segments()
        self._holders |= {plain_name(segment.name): segment for segment in config.segments}
        self._split += [segment for segment in compiled if len(segment.filters) > 1]
        return tuple(segment for segment in compiled if segment.config.name)

    def _add(self, problem: Diagnostic) -> None:
        place = (problem.code, problem.message, problem.source_name, problem.span)
        self._found.setdefault(place, []).append(problem)


class _Checking:
    """The expressions of one config on their way through the compiler."""

    def __init__(self, config: Config, environment: Environment, add: Callable[[Diagnostic], None]) -> None:
        self._config = config
        self._environment = environment
        self._add_located = add

    def compiled_segments(self) -> list[CompiledSegment]:
        """Checks all expressions; returns the segments without errors, each with its filters."""
        for name, text in self._config.definitions.items():
            self._check_definition(name, text)
        found = [(segment, self._filters(segment)) for segment in self._config.segments]
        return [CompiledSegment(segment, filters, self._config) for segment, filters in found if filters]

    def _filters(self, segment: SegmentConfig) -> tuple[Filters, ...]:
        if not self._config.includes_all:
            self._check_syntax(segment.where, segment.label)
            return ()
        filters, found = self._environment.analyse(segment.where.value, max_segments=segment.max_segments)
        for problem in found:
            self._add(problem, segment.where, segment.label)
        return () if self._hides(segment.where, segment.label) else filters

    def _check_definition(self, name: str, text: LocatedText) -> None:
        """Checks a definition by itself: a segment need not use it."""
        if not self._config.includes_all:
            self._check_syntax(text, definition_label(name))
            return
        for problem in self._environment.check_definition(name):
            self._add(problem, text, definition_label(name))
        self._hides(text, definition_label(name))

    def _check_syntax(self, text: LocatedText, label: str) -> None:
        """Reports errors of syntax alone, without advice: others may come from the declarations that are missing."""
        for problem in parse_repaired(text.value).problems:
            self._add(msgspec.structs.replace(problem, fixes=(), help=()), text, label)
        self._hides(text, label)

    def _hides(self, text: LocatedText, label: str) -> bool:
        """Whether a comment hides a part of the expression, which is an error."""
        hiding = list(hiding_comments(text, label))
        for problem in hiding:
            self._add_located(problem)
        return bool(hiding)

    def _add(self, problem: Diagnostic, text: LocatedText, label: str) -> None:
        if not self._config.declares_all:  # the advice could be about a declaration that is unusable
            problem = msgspec.structs.replace(problem, fixes=(), help=())
        if problem.code != "unknown-definition" or self._config.complete:
            self._add_located(relocate(problem, text, label, self._config.definitions))


def _merged(same: Sequence[Diagnostic]) -> Diagnostic:
    """One diagnostic for several that differ only in their notes: the uses of a definition."""
    if len(same) == 1:
        return same[0]
    notes = list(dict.fromkeys(note for problem in same for note in problem.notes))
    if len(notes) > _MOST_USES + 1:
        more = len(notes) - _MOST_USES
        notes = [*notes[:_MOST_USES], msgspec.structs.replace(notes[_MOST_USES], message=f"and in {more} more places")]
    return msgspec.structs.replace(same[0], notes=tuple(notes))


def _name_problems(holders: Mapping[str, SegmentConfig], split: Iterable[CompiledSegment]) -> Iterator[Diagnostic]:
    """Names of parts that are too long, or that another segment has. `holders` are all segments by `plain_name`."""
    for done in split:
        segment = done.config
        source = segment.document.source
        for name, _ in done.parts:
            if utf16_length(name) > MAX_NAME_LENGTH:
                message = f"the name `{shortened(name)}` of a part is longer than {MAX_NAME_LENGTH} UTF-16 code units"
                yield Diagnostic("wrong-value", message, segment.span("name"), source, context=segment.label)
                break
            if holder := holders.get(plain_name(name)):
                yield Diagnostic(
                    "duplicate-name",
                    f"a part of the segment `{segment.name}` has the name `{name}` too",
                    holder.span("name"),
                    holder.document.source,
                    () if name == holder.name else (ONE_TO_A_SERVER,),
                    (Note("the segment that is split", segment.span("name"), source),),
                    holder.label,
                )

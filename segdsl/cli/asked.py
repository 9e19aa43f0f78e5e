"""EXPR or FILE: the segments for `sql` and `count`, and where their users are."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import Struct
from msgspec.structs import replace

from segdsl.cli.expressions import given, read_expression
from segdsl.diagnostics import Diagnostic
from segdsl.environment import Environment
from segdsl.errors import CompileError, ConfigError, ParseError
from segdsl.semantics.advice import CONFIG
from segdsl.semantics.schema import Schema
from segdsl.sql.compiler import scope_warnings
from segdsl.sql.expression import Field, TypedExpression, predicates
from segdsl.sql.mapping import Mapping as Columns

if TYPE_CHECKING:
    from segdsl.config.model import Config, SegmentConfig

Command = TypeVar("Command", bound=Callable[..., Any])


_WHERE_MAPPINGS_STAND = "[source.columns] stands in a config: give it with `--schema FILE`"


class Segment(Struct, frozen=True):
    """A segment with its name. `located` moves a diagnostic about its expression to the place in the file."""

    name: str
    text: str
    typed: TypedExpression
    located: Callable[[Diagnostic], Diagnostic]


class Asked(Struct, frozen=True):
    """Segments, the declarations for their expressions, and the mapping of `[source]`, if any."""

    segments: tuple[Segment, ...]
    arguments: Mapping[str, Any]
    mapping: Columns | None

    @property
    def schema(self) -> Schema | None:
        """The declared properties."""
        schema: Schema | None = self.arguments["schema"]
        return schema

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields in the segments."""
        found = [one.field for segment in self.segments for one in predicates(segment.typed.condition)]
        return tuple(dict.fromkeys(found))

    @property
    def named(self) -> list[tuple[str, TypedExpression]]:
        """The names and expressions alone."""
        return [(segment.name, segment.typed) for segment in self.segments]

    def warnings(self) -> list[Diagnostic]:
        """The parts of the expressions that counts leave out."""
        return [one for segment in self.segments for one in self.scope_warnings(segment)]

    def scope_warnings(self, segment: Segment) -> list[Diagnostic]:
        """The warning that a segment is counted without its scope."""
        conversations = self.mapping.conversations if self.mapping else None
        return [segment.located(one) for one in scope_warnings(segment.typed, conversations)]

    def require(self, compile_one: Callable[[TypedExpression], object]) -> None:
        """Compiles each segment alone. Raises `CompileError` with the problems of all segments, each in its place."""
        problems: list[Diagnostic] = []
        for segment in self.segments:
            try:
                compile_one(segment.typed)
            except CompileError as error:
                problems += map(segment.located, error.diagnostics)
        if problems:
            raise CompileError(problems)


def segments_argument(command: Command) -> Command:
    """The argument EXPR or FILE, from which `asked` makes segments."""
    return click.argument("expression", metavar="EXPR|FILE")(command)


def asked(operand: str, params: Mapping[str, Any], schema: str | None) -> Asked:
    """The segments of a config file, or one segment for an expression (`-` reads it from stdin).

    Raises `ParseError`, `CompileError` and `ConfigError`, with the place in the file.
    """
    from segdsl.config.formats import format_of  # noqa: PLC0415  click shows help without it

    if format_of(operand) is not None and (len(operand.split()) == 1 or os.path.lexists(operand)):
        return _of_file(operand, params, schema)
    return asked_expression(read_expression(operand), params, schema)


def asked_expression(text: str, params: Mapping[str, Any], schema: str | None) -> Asked:
    """One segment for the text of an expression. Raises like `asked`."""
    known = given(params, schema)
    with known.locating():
        expression = known.environment.typed(text, known.params)

    def located(diagnostic: Diagnostic) -> Diagnostic:
        found = known.relocate(diagnostic)
        without_config = schema is None and found.code == "unmapped-field"
        return replace(found, help=(*found.help, _WHERE_MAPPINGS_STAND)) if without_config else found

    only = Segment(text, text, expression, located)
    return Asked((only,), known.arguments, _mapping_of(schema))


def _of_file(file: str, params: Mapping[str, Any], schema: str | None) -> Asked:
    from segdsl.config.check import missing_segments  # noqa: PLC0415  an expression needs no config
    from segdsl.config.load import load  # noqa: PLC0415

    if schema is not None:
        raise click.UsageError("--schema is for an expression; a config has its own declarations")
    config, problems = load(file)
    if config is None or problems:
        raise ConfigError(diagnostics=problems)
    if missing := missing_segments(config):
        raise ConfigError(diagnostics=missing)
    return asked_of(config, config.segments, params)


def asked_of(config: "Config", segments: Iterable["SegmentConfig"], params: Mapping[str, Any] = {}) -> Asked:
    """Some segments of a config. Raises `ConfigError` with every error of their expressions."""
    from segdsl.config.document import relocate  # noqa: PLC0415  an expression needs no config

    arguments: dict[str, Any] = {
        "schema": Schema(config.properties, config.conversation_properties),
        "params": params,
        "definitions": {name: text.value for name, text in config.definitions.items()},
    }
    environment = Environment(arguments["schema"], arguments["definitions"], advice=CONFIG)
    found: list[Segment] = []
    wrong: list[Diagnostic] = []
    for segment in segments:

        def located(diagnostic: Diagnostic, segment: "SegmentConfig" = segment) -> Diagnostic:
            return relocate(diagnostic, segment.where, segment.label, config.definitions)

        try:
            expression = environment.typed(segment.where.value, params)
        except (CompileError, ParseError) as error:
            wrong += map(located, error.diagnostics)
        else:
            found.append(Segment(segment.name, segment.where.value, expression, located))
    if wrong:
        raise ConfigError(diagnostics=wrong)
    return Asked(tuple(found), arguments, config.mapping)


def _mapping_of(schema: str | None) -> Columns | None:
    if schema is None:
        return None
    from segdsl.config.load import load  # noqa: PLC0415  as above

    config, _ = load(schema)  # without problems: `asked` has refused bad declarations
    mapping: Columns | None = config.mapping if config else None
    return mapping


@contextmanager
def progress_bar(label: str, *, shown: bool) -> Iterator[Callable[[float], None] | None]:
    """Takes percentages, and shows them on stderr if wanted."""
    import sys  # noqa: PLC0415

    if not shown:
        yield None
        return
    with click.progressbar(length=100, file=sys.stderr, label=label) as bar:
        yield lambda percent: bar.update(int(percent) - bar.pos)

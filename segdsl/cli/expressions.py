"""The argument EXPR of commands, its parameters, and its declarations and definitions."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import click
import msgspec

from segdsl.cli.files import STDIN, read_stdin
from segdsl.diagnostics import Diagnostic
from segdsl.environment import Environment
from segdsl.errors import CompileError, ConfigError, ParseError
from segdsl.limits import MAX_TEXT_LENGTH
from segdsl.semantics.advice import COMMAND_LINE
from segdsl.semantics.schema import Schema
from segdsl.syntax.literals import instant

Command = TypeVar("Command", bound=Callable[..., Any])

_NUMBER = re.compile(r"-\.?[0-9]")
_PARAMETER = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)(:?=)(.*)", re.DOTALL)
_MOST_BYTES = 4 * MAX_TEXT_LENGTH
"""Bytes of an expression in UTF-8. The compiler refuses a shorter one that has too many characters."""


class ExpressionCommand(click.Command):
    """A command whose EXPR may begin with a negative number (`-5 < seats`), which click would read as an option."""

    ignore_unknown_options = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuses unknown options, which click lets pass because of negative numbers."""
        values, rest, _ = self.make_parser(ctx).parse_args(args=list(args))
        operands = [values.get(param.name or "") for param in self.params if isinstance(param, click.Argument)]
        known = [name for param in self.params for name in param.opts if name.startswith("-")]
        for operand in (*operands, *rest):
            if isinstance(operand, str) and _is_option(operand) and not ctx.resilient_parsing:
                raise click.NoSuchOption(operand.partition("=")[0], possibilities=_near(operand, known), ctx=ctx)
        return super().parse_args(ctx, args)


def _is_option(operand: str) -> bool:
    return operand.startswith("-") and operand != STDIN and not _NUMBER.match(operand)


def _near(operand: str, known: list[str]) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415  only when something is wrong

    return get_close_matches(operand, known)


def expression_argument(command: Command) -> Command:
    """The argument EXPR; `read_expression` returns its text."""
    return click.argument("expression", metavar="EXPR")(command)


def read_expression(text: str) -> str:
    """The text of EXPR: the argument itself, or for `-` stdin without its last line break."""
    return read_stdin(_MOST_BYTES, "an expression").removesuffix("\n") if text == STDIN else text


# ── parameters, and the schema file ──────────────────────────────────────────────────────────────────────────────────


class Given(msgspec.Struct, frozen=True):
    """The declarations for an expression. `relocate` moves a diagnostic of a definition into its file."""

    schema: Schema | None
    params: Mapping[str, Any]
    definitions: Mapping[str, str]
    relocate: Callable[[Diagnostic], Diagnostic]

    @property
    def arguments(self) -> dict[str, Any]:
        """The keyword arguments for the compiler."""
        return {"schema": self.schema, "params": self.params, "definitions": self.definitions}

    @property
    def environment(self) -> Environment:
        """The environment of the options."""
        return Environment(self.schema, self.definitions, advice=COMMAND_LINE)

    def located(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """The diagnostics; those of a definition point into its file."""
        return tuple(self.relocate(diagnostic) for diagnostic in diagnostics)

    @contextmanager
    def locating(self) -> Iterator[None]:
        """The same for the diagnostics of errors raised inside."""
        try:
            yield
        except (CompileError, ParseError) as error:
            raise type(error)(self.located(error.diagnostics)) from error


def moment_option(command: Command) -> Command:
    """`--now`."""
    help_ = "The present, for lastSeen.  [default: this moment]"
    return click.option("--now", metavar="DATE", callback=_moment, help=help_)(command)


def _moment(_ctx: click.Context, _param: click.Parameter, text: str | None) -> datetime | None:
    moment = instant(text) if text is not None else None
    if text is not None and moment is None:
        raise click.BadParameter(f"{text!r} is neither a date nor an RFC 3339 date-time with its offset")
    return moment


def given_options(command: Command) -> Command:
    """`--param` and `--schema`, which together become the argument `given`."""
    param = click.option(
        "--param",
        "params",
        multiple=True,
        metavar="K=TEXT | K:=JSON",
        callback=_parameters,
        help="Bind $K to a text, or to a JSON value (a number, a list, ...).",
    )
    schema = click.option(
        "--schema",
        metavar="FILE",
        type=click.Path(),
        help="Take [properties], [conversation_properties] and [define] from this config.",
    )
    return param(schema(command))


def given(params: Mapping[str, Any], schema: str | None) -> Given:
    """The values of the options. Raises `ConfigError` if the schema file is unusable."""
    if schema is None:
        return Given(None, params, {}, lambda diagnostic: diagnostic)
    from segdsl.config.document import relocate  # noqa: PLC0415  most expressions need no file
    from segdsl.config.load import load  # noqa: PLC0415

    config, problems = load(schema)
    if config is None or problems:
        raise ConfigError(diagnostics=problems)
    definitions = config.definitions
    return Given(
        Schema(config.properties, config.conversation_properties),
        params,
        {name: text.value for name, text in definitions.items()},
        lambda diagnostic: relocate(diagnostic, None, diagnostic.context, definitions),
    )


def _parameters(_ctx: click.Context, _param: click.Parameter, texts: tuple[str, ...]) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for text in texts:
        name, value = _parameter(text)
        if name in params:
            raise click.BadParameter(f"{name} is given twice")
        params[name] = value
    return params


def _parameter(text: str) -> tuple[str, Any]:
    found = _PARAMETER.fullmatch(text)
    if found is None:
        raise click.BadParameter(f"{text!r} is neither NAME=TEXT nor NAME:=JSON")
    name, sign, value = found.groups()
    if sign == "=":
        return name, value
    try:
        return name, json.loads(value)
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(f"what follows {name}:= is not JSON; for a text write {name}={value}") from error

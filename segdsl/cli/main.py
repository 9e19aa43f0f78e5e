"""`segdsl`: the table of commands. A command is imported when it is run, so that the others cost nothing."""

from importlib import import_module
from typing import Any, NamedTuple

import click

from segdsl import __version__
from segdsl.cli import console
from segdsl.cli.failure import sigterm_interrupts, told
from segdsl.semantics.names import nearest


class Entry(NamedTuple):
    """A command as `module:attribute`, and its line in the list of commands."""

    target: str
    summary: str


SECTIONS: dict[str, dict[str, Entry]] = {
    "Expressions": {
        "compile": Entry("segdsl.cli.compile:compile_expression", "Print the filters JSON of an expression."),
        "explain": Entry("segdsl.cli.explain:explain", "Show how an expression is understood."),
        "complete": Entry("segdsl.cli.complete:complete", "List what can stand at a place of an expression."),
        "match": Entry("segdsl.cli.match:match", "List the users who match an expression."),
        "count": Entry("segdsl.cli.count:count", "Count the users of each segment, before it is created."),
        "sql": Entry("segdsl.cli.sql:sql", "Print SQL with the same meaning as an expression."),
        "decompile": Entry("segdsl.cli.decompile:decompile", "Print the expression of filters JSON."),
    },
    "Config files": {
        "check": Entry("segdsl.cli.check:check", "Report every problem of config files."),
        "fmt": Entry("segdsl.cli.fmt:fmt", "Format the expressions of config files."),
        "test": Entry("segdsl.cli.test:test", "Run the examples written beside the segments."),
        "schema": Entry("segdsl.cli.schema:schema", "Print the JSON Schema of a config, for editors."),
        "studio": Entry("segdsl.cli.studio:studio", "Serve a page to write segments on, with live counts."),
        "lsp": Entry("segdsl.cli.lsp:lsp", "Serve an editor: completion, problems, fixes."),
    },
    "Segments on the server": {
        "plan": Entry("segdsl.cli.plan:plan", "Show what push would create, and what differs."),
        "push": Entry("segdsl.cli.push:push", "Create the missing segments, none twice."),
        "pull": Entry("segdsl.cli.pull:pull", "Print the account's segments as a config."),
        "sandbox": Entry("segdsl.cli.sandbox:sandbox", "Run a local server for trying things out."),
    },
    "Help": {
        "guide": Entry("segdsl.cli.guide:guide", "Print a guide to writing expressions."),
        "explain-code": Entry("segdsl.cli.explain_code:explain_code", "Explain a diagnostic code."),
        "completion": Entry("segdsl.cli.completion:completion", "Print a script that completes commands in a shell."),
    },
}
COMMANDS = {name: entry for section in SECTIONS.values() for name, entry in section.items()}


class CommandLine(click.Group):
    """The commands of the table. Their output works in any encoding, and their errors show no traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command; this imports it."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name. The error for an unknown name suggests the nearest one."""
        if args[0] not in COMMANDS and (meant := nearest(args[0], COMMANDS)):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {meant!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table by sections, without importing a command."""
        longest = max(map(len, COMMANDS))
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(longest), entry.summary) for name, entry in section.items()])

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Parses the arguments; `--help` ends here."""
        console.prepare()
        with told():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; its errors are reported in sentences."""
        with told(), sigterm_interrupts():
            return super().invoke(ctx)


@click.group("segdsl", cls=CommandLine, context_settings={"max_content_width": 80})
@click.version_option(__version__, message="segdsl %(version)s")
def main() -> None:
    """Compile user-segment expressions, and keep segments as code.

    \b
      segdsl compile 'commercialIntent >= 0.6 and plan == "enterprise"'
      segdsl check segments.toml
      segdsl push segments.toml

    The API key is read from GREENFLASH_API_KEY, or from the file .greenflash in
    the current folder; never from an argument.
    """

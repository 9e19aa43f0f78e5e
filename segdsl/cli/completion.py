"""`segdsl completion`: the script that completes segdsl's commands, options and files in a shell."""

import click
from click.shell_completion import get_completion_class

from segdsl.cli import console


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a script that completes segdsl's commands and options in SHELL.

    \b
      eval "$(segdsl completion bash)"       # in ~/.bashrc
      eval "$(segdsl completion zsh)"        # in ~/.zshrc
      segdsl completion fish | source        # in ~/.config/fish/config.fish
    """
    script = get_completion_class(shell)
    if script is None:  # click may drop support for a shell
        raise click.ClickException(f"this version of click cannot complete in {shell}")
    console.out(script(ctx.find_root().command, {}, "segdsl", "_SEGDSL_COMPLETE").source())

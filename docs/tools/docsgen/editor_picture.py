"""The picture of completion in an editor: a screen of Neovim, which `docsgen.neovim_session` keeps."""

from docsgen import terminal
from docsgen.neovim_session import SCREEN

TITLE = "Neovim completes a word inside a TOML string, and says what the chosen name means"


def picture() -> str:
    """The screen, without blank lines at its end."""
    return terminal.picture(SCREEN.read_text(encoding="utf-8").rstrip(), TITLE)

"""A real Neovim in which somebody completes a word inside a TOML string: `python -m docsgen.neovim_session`.

It writes the screen, with its colours, to `neovim_screen.ansi`. It needs nvim and tmux; the tests do not, nor does
`make docs-files`: they make the picture from that file.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCREEN = Path(__file__).with_name("neovim_screen.ansi")

WIDTH, HEIGHT = 72, 18
CONFIG = """\
[properties]
plan = ["free", "pro", "enterprise"]
seats = "integer"

[[segment]]
name = "Big Teams"
where = 'plan != "free" and seats >= 10'

[[segment]]
name = "Ready to Buy"
where = ''
"""
TYPED = 'plan == "pro" and s'
_COLOURS = {
    "Normal": "guifg=#e6edf3 guibg=#0d1117",
    "EndOfBuffer": "gui=none",
    "Title": "guifg=#d2a8ff gui=none",
    "Type": "guifg=#79c0ff gui=none",
    "Identifier": "guifg=#79c0ff gui=none",
    "String": "guifg=#a5d6ff",
    "Pmenu": "guifg=#e6edf3 guibg=#21262d",
    "PmenuSel": "guifg=#ffffff guibg=#1f6feb",
    "StatusLine": "guifg=#8b949e guibg=#0d1117 gui=none",
    "StatusLineNC": "guifg=#8b949e guibg=#0d1117 gui=none",
    "DiagnosticError": "guifg=#ff7b72",
    "DiagnosticUnderlineError": "gui=underline guisp=#ff7b72",
}
_SETTINGS = (
    "termguicolors noswapfile noruler noshowmode noshowcmd shortmess+=cF signcolumn=no laststatus=0 fillchars=eob:\\ "
)
_COMMANDS = [
    f'lua vim.g.segdsl_cmd = {{ [==[{sys.executable}]==], "-m", "segdsl", "lsp" }}',
    f"luafile {ROOT / 'editors' / 'neovim.lua'}",
    f"set {_SETTINGS} splitbelow previewheight=1 completeopt=menuone,preview",
    *(f"highlight {group} {colours}" for group, colours in _COLOURS.items()),
    "edit segments.toml",
    "normal G$",
]
_STEPS = [("", "■"), (f"i{TYPED}", TYPED), ("C-x C-o", "a user property"), ("C-n", "from 0 to 1")]
"""The keys, and the text to wait for after each; first, until the server marks the empty expression."""


def screen() -> str:
    """The screen at the end of the session, with SGR sequences for its colours."""
    with tempfile.TemporaryDirectory() as folder, _tmux(Path(folder)) as tmux:
        for keys, awaited in _STEPS:
            named = keys.startswith("C-")
            tmux("send-keys", *([] if named else ["-l"]), *(keys.split() if named else [keys]))
            for _ in range(600):
                if awaited in tmux("capture-pane", "-p"):
                    break
                time.sleep(0.1)
            else:
                raise TimeoutError(f"Neovim does not show {awaited!r}:\n{tmux('capture-pane', '-p')}")
        return tmux("capture-pane", "-p", "-e")


@contextmanager
def _tmux(folder: Path) -> Iterator["_Run"]:
    (folder / "segments.toml").write_text(CONFIG, encoding="utf-8")
    run = _Run(folder)
    size = ["-x", str(WIDTH), "-y", str(HEIGHT)]
    (folder / "session.vim").write_text("\n".join(_COMMANDS), encoding="utf-8")
    run("-f", os.devnull, "new-session", "-d", *size, "-c", str(folder), "nvim", "--clean", "-S", "session.vim")
    try:
        yield run
    finally:
        run("kill-server")


class _Run:
    """A tmux of its own, whose socket is in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._command = ["tmux", "-S", str(folder / "socket")]
        self._environment = {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}

    def __call__(self, *words: str) -> str:
        command = [*self._command, *words]
        return subprocess.run(command, env=self._environment, check=True, capture_output=True, encoding="utf-8").stdout


if __name__ == "__main__":
    SCREEN.write_text(screen(), encoding="utf-8", newline="\n")

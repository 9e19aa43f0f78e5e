"""The generated files: for each its path below `docs`, and its text."""

from collections.abc import Callable, Iterator
from pathlib import Path

from docsgen import commands_page, config_page, diagnostics_page, editor_picture, error_picture, railroads, staircase

DOCS = Path(__file__).parents[2]

MARKER = "<!-- What follows is made from the code by `make docs-files`; change it there. -->\n"
"""Ends the part of a page that is written by hand."""

_PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page.body,
    "config.md": config_page.body,
    "diagnostics.md": diagnostics_page.body,
}
_PICTURES: dict[str, Callable[[], str]] = {
    "images/editor.svg": editor_picture.picture,
    "images/error.svg": error_picture.picture,
    "images/staircase.svg": staircase.picture,
}


def outputs() -> Iterator[tuple[Path, str]]:
    """Yields each file with the text that it should have."""
    for name, body in _PAGES.items():
        page = DOCS / name
        by_hand, _, _ = page.read_text(encoding="utf-8").partition(MARKER)
        yield page, f"{by_hand}{MARKER}\n{body().strip()}\n"
    for name, picture in _PICTURES.items():
        yield DOCS / name, picture()
    for title, diagram in railroads.diagrams():
        yield DOCS / "images" / "grammar" / f"{title}.svg", diagram

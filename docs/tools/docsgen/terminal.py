"""A picture of a terminal, made of what a program writes to one."""

import re
from collections.abc import Iterator
from html import escape

from segdsl.diagnostics.cells import width

_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_CELL, _LINE, _MARGIN, _BAR = 8.4, 19, 18, 34
_SIZE = 14
_COLOURS = {
    "31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#76e3ea",
}  # fmt: skip
_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_DOTS = ("#ff5f56", "#ffbd2e", "#27c93f")


def picture(written: str, title: str) -> str:
    """An SVG of `written`, with its SGR sequences for colour and bold; `title` is read to whoever cannot see it."""
    lines = written.rstrip("\n").split("\n")
    columns = max(width(_SGR.sub("", line)) for line in lines)
    wide, high = round(columns * _CELL + 2 * _MARGIN), len(lines) * _LINE + _BAR + _MARGIN
    dots = [f'<circle cx="{_MARGIN + 4 + 18 * at}" cy="17" r="5.5" fill="{fill}"/>' for at, fill in enumerate(_DOTS)]
    rows = [
        f'<text x="{_MARGIN}" y="{_BAR + _LINE * (number + 1) - 5}">{"".join(_runs(line))}</text>'
        for number, line in enumerate(lines)
        if line
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
            'role="img" xml:space="preserve">',
            f"<title>{escape(title)}</title>",
            f"<style>text {{ font: {_SIZE}px {_FONT}; fill: #e6edf3; white-space: pre }}</style>",
            f'<rect width="{wide}" height="{high}" rx="9" fill="#0d1117"/>',
            *dots,
            *rows,
            "</svg>\n",
        ]
    )


def _runs(line: str) -> Iterator[str]:
    """The line in pieces of one style, each at the cell where it begins, whatever the font's own widths are."""
    style, at = "", 0
    for number, part in enumerate(_SGR.split(line)):
        if number % 2:
            style = part
        elif part:
            cells = width(part)
            yield (
                f'<tspan x="{_MARGIN + at * _CELL:g}" textLength="{cells * _CELL:g}"{_attributes(style)}>'
                f"{escape(part, quote=False)}</tspan>"
            )
            at += cells


def _attributes(style: str) -> str:
    codes = style.split(";")
    colour = next((_COLOURS[code] for code in codes if code in _COLOURS), None)
    return ' font-weight="bold"' * ("1" in codes) + (f' fill="{colour}"' if colour else "")

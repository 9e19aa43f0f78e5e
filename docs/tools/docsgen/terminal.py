"""A picture of a terminal, made from a program's output."""

import itertools
import re
from html import escape
from typing import Any, NamedTuple

from segdsl.diagnostics.cells import width

_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_CELL, _LINE, _MARGIN, _BAR = 8.4, 19, 18, 34
_SIZE = 14
_CHANGES: dict[str, dict[str, Any]] = {
    "1": {"bold": True},
    "22": {"bold": False},
    "31": {"colour": "#ff7b72"},
    "32": {"colour": "#7ee787"},
    "33": {"colour": "#e3b341"},
    "34": {"colour": "#79c0ff"},
    "36": {"colour": "#76e3ea"},
    "39": {"colour": None},
    "49": {"background": None},
}
"""The style changes of the codes of an SGR sequence."""
_TRUE_COLOURS = {"38": "colour", "48": "background", "58": "underline"}
"""The part that `38;2;RED;GREEN;BLUE` and so on colour."""
_BACKGROUND = "#0d1117"
_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_DOTS = ("#ff5f56", "#ffbd2e", "#27c93f")


class _Style(NamedTuple):
    """The style that SGR sequences have set. None is the terminal's own colour. Underlining is not drawn."""

    colour: str | None = None
    background: str | None = None
    underline: str | None = None
    bold: bool = False

    def after(self, sequence: str) -> "_Style":
        """The style after a sequence."""
        style, codes = self, iter(sequence.split(";"))
        for code in codes:
            if code in ("", "0"):
                style = _Style()
            elif code in _TRUE_COLOURS:
                _, *rgb = itertools.islice(codes, 4)
                change: dict[str, Any] = {_TRUE_COLOURS[code]: "#" + bytes(map(int, rgb)).hex()}
                style = style._replace(**change)
            else:
                style = style._replace(**_CHANGES.get(code, {}))
        return style


class _Run(NamedTuple):
    """A piece of a line in one style, and the cells where it begins and ends."""

    text: str
    start: int
    end: int
    style: _Style


def picture(written: str, title: str) -> str:
    """An SVG of `written`, with its SGR sequences for colours and bold; screen readers read `title`."""
    lines = _lines(written.rstrip("\n"))
    columns = max(run.end for line in lines for run in line)
    wide, high = round(columns * _CELL + 2 * _MARGIN), len(lines) * _LINE + _BAR + _MARGIN
    dots = [f'<circle cx="{_MARGIN + 4 + 18 * at}" cy="17" r="5.5" fill="{fill}"/>' for at, fill in enumerate(_DOTS)]
    rows = [
        f'<text x="{_MARGIN}" y="{_BAR + _LINE * (number + 1) - 5}">{"".join(map(_span, line))}</text>'
        for number, line in enumerate(lines)
        if line
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
            'role="img" xml:space="preserve">',
            f"<title>{escape(title)}</title>",
            f"<style>text {{ font: {_SIZE}px {_FONT}; fill: #e6edf3; white-space: pre }}</style>",
            f'<rect width="{wide}" height="{high}" rx="9" fill="{_BACKGROUND}"/>',
            *dots,
            *(_backing(run, number) for number, line in enumerate(lines) for run in line if _is_backed(run)),
            *rows,
            "</svg>\n",
        ]
    )


def _lines(written: str) -> list[list[_Run]]:
    """The runs of each line. A style continues over line ends."""
    style, lines = _Style(), []
    for line in written.split("\n"):
        runs, at = [], 0
        for number, part in enumerate(_SGR.split(line)):
            if number % 2:
                style = style.after(part)
            elif part:
                runs.append(_Run(part, at, at + width(part), style))
                at = runs[-1].end
        lines.append(runs)
    return lines


def _span(run: _Run) -> str:
    """The text of a run, at the cell where it begins, whatever the font's own widths are."""
    bold = ' font-weight="bold"' * run.style.bold
    colour = f' fill="{run.style.colour}"' if run.style.colour else ""
    cells = run.end - run.start
    return (
        f'<tspan x="{_MARGIN + run.start * _CELL:g}" textLength="{cells * _CELL:g}"{bold}{colour}>'
        f"{escape(run.text, quote=False)}</tspan>"
    )


def _is_backed(run: _Run) -> bool:
    return run.style.background not in (None, _BACKGROUND)


def _backing(run: _Run, line: int) -> str:
    left, right = (f"{_MARGIN + cell * _CELL:g}" for cell in (run.start, run.end))
    return f'<path d="M{left} {_BAR + _LINE * line}H{right}v{_LINE}H{left}z" fill="{run.style.background}"/>'

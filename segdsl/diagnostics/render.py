"""Diagnostics as text for people, in the shape that modern compilers have made familiar.

error[wrong-type]: `sentiment` is a number
  --> segments.toml:14:21 (segment "Big teams")
   |
14 | where = 'sentiment > "high"'
   |                      ^^^^^^
   = help: compare it with a number, such as `sentiment > 0.8`
"""

from collections.abc import Callable, Sequence

from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.diagnostic import Diagnostic
from segdsl.diagnostics.excerpt import Excerpt, excerpt
from segdsl.diagnostics.summary import summary
from segdsl.source import Source

_STYLES = {"error": "1;31", "warning": "1;33", "note": "1;36", "help": "1;36", "message": "1", "frame": "1;34"}
"""What is coloured, with its parameters of the terminal's SGR sequence."""

_LEAST_DIGITS = 2
"""Room for line numbers; findings in the first 99 lines line up."""

_Paint = Callable[[str, str], str]


def render(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """One diagnostic as lines of text, without a line break at the end.

    Shown are the first line of the span with carets under it, each help, and a like snippet for each note. Characters
    that would act on a terminal or deceive the reader are escaped throughout; `colour` adds SGR sequences only.
    """
    paint = _painted if colour else _plain
    place = excerpt(diagnostic.source, diagnostic.span)
    notes = [(note, excerpt(note.source, note.span)) for note in diagnostic.notes]
    lines_shown = [place.line, *(noted.line for _, noted in notes)]
    digits = max(_LEAST_DIGITS, len(str(max(lines_shown))))
    severity = diagnostic.severity
    lines = [
        paint(severity, f"{severity}[{diagnostic.code}]") + paint("message", f": {visible(diagnostic.message)}"),
        _arrow(diagnostic.source, place, digits, paint)
        + (f" ({visible(diagnostic.context)})" * bool(diagnostic.context)),
        *_snippet(place, digits, paint, "^", severity),
    ]
    pointer = paint("frame", " " * (digits + 1) + "=")
    lines += [f"{pointer} {paint('help', 'help')}: {visible(help_)}" for help_ in diagnostic.help]
    for note, noted in notes:
        lines.append(f"{paint('note', 'note')}: {visible(note.message)}")
        lines.append(_arrow(note.source, noted, digits, paint))
        lines += _snippet(noted, digits, paint, "-", "note")
    return "\n".join(lines)


def render_all(diagnostics: Sequence[Diagnostic], colour: bool = False) -> str:
    """All diagnostics in the order given, blank lines between them, and a last line that counts them."""
    return "\n\n".join([*(render(diagnostic, colour=colour) for diagnostic in diagnostics), summary(diagnostics)])


def _arrow(source: Source, place: Excerpt, digits: int, paint: _Paint) -> str:
    return f"{paint('frame', ' ' * digits + '-->')} {visible(source.name)}:{place.line}:{place.column}"


def _snippet(place: Excerpt, digits: int, paint: _Paint, mark: str, style: str) -> list[str]:
    """The source line between two lines of gutter, the second with the marks."""
    marks = mark * place.marks
    if place.last_line != place.line:
        marks += f" goes on to line {place.last_line}"
    gutter = paint("frame", " " * (digits + 1) + "|")
    return [
        gutter,
        f"{paint('frame', f'{place.line:>{digits}} |')} {place.text}".rstrip(),
        f"{gutter} {' ' * place.indent}{paint(style, marks)}",
    ]


def _plain(_style: str, text: str) -> str:
    return text


def _painted(style: str, text: str) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"

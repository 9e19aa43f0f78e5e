"""Diagnostics as text for people, in the style of modern compilers.

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
from segdsl.limits import MAX_SNIPPET
from segdsl.source import Source

_STYLES = {"error": "1;31", "warning": "1;33", "note": "1;36", "help": "1;36", "message": "1", "frame": "1;34"}
"""The coloured parts, with the parameters of their SGR sequences."""

_LEAST_DIGITS = 2
"""Room for line numbers; findings in the first 99 lines line up."""

_LEAST_ROOM = 20
"""Cells of a source line that are always shown, even on a narrower terminal."""

_Paint = Callable[[str, str], str]


def render(diagnostic: Diagnostic, *, colour: bool = False, width: int | None = None) -> str:
    """One diagnostic as lines of text, without a line break at the end.

    It shows the first line of the span with carets under it, each help, and a similar snippet for each note. A source
    line that is wider than `width` cells is trimmed around the span. Characters that would control the terminal or
    deceive the reader are escaped throughout; `colour` adds SGR sequences only.
    """
    paint = _painted if colour else _plain
    places = [(diagnostic.source, diagnostic.span), *((note.source, note.span) for note in diagnostic.notes)]
    last_line = max(source.position(min(span.start, len(source.text)))[0] for source, span in places)
    digits = max(_LEAST_DIGITS, len(str(last_line)))
    room = MAX_SNIPPET if width is None else min(MAX_SNIPPET, max(_LEAST_ROOM, width - digits - len(" | ")))
    place, *noted_places = [excerpt(source, span, room) for source, span in places]
    notes = list(zip(diagnostic.notes, noted_places, strict=True))
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


def render_all(diagnostics: Sequence[Diagnostic], colour: bool = False, width: int | None = None) -> str:
    """All diagnostics in the order given, blank lines between them, and a last line that counts them."""
    rendered = [render(diagnostic, colour=colour, width=width) for diagnostic in diagnostics]
    return "\n\n".join([*rendered, summary(diagnostics)])


def _arrow(source: Source, place: Excerpt, digits: int, paint: _Paint) -> str:
    return f"{paint('frame', ' ' * digits + '-->')} {visible(source.name)}:{place.line}:{place.column}"


def _snippet(place: Excerpt, digits: int, paint: _Paint, mark: str, style: str) -> list[str]:
    """The source line between two gutter lines, the second with the marks."""
    marks = mark * place.marks + place.goes_on
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

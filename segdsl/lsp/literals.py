"""The strings that hold expressions in a file that cannot be read: found by their keys, line by line.

A file is broken most of the time while it is edited. Each string is read by itself, as a file of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from segdsl.config.document import (
    HALF_PAIR,
    Document,
    Format,
    FormatName,
    LocatedText,
    Surroundings,
    definition_label,
    relocate,
)
from segdsl.diagnostics import Diagnostic, Edit, Fix, Note
from segdsl.source import Source, Span
from segdsl.syntax.parser import parse_repaired


class Literal(Struct, frozen=True):
    """The string of an expression, with its quotes: that of a `definition`, or of a segment if it is None.

    `column` is that of its key. Unless it is `closed`, its end is not known.
    """

    definition: str | None
    span: Span
    column: int = 0
    closed: bool = True


class Alone(Struct, frozen=True):
    """The string in a file of its own. Adding `shift` to an offset of that file gives the offset in the whole one."""

    text: LocatedText
    shift: int = 0

    def span(self, span: Span) -> Span:
        """A span of the file of its own in the whole file."""
        return Span(span.start + self.shift, span.end + self.shift)

    def in_file(self, span: Span) -> Span:
        """Where the whole file spells the characters `span` of the value."""
        return self.span(self.text.in_file(span))

    def edit(self, edit: Edit) -> Edit:
        """An edit of the file of its own as one of the whole file."""
        return Edit(self.span(edit.span), edit.text)


def literals(text: str, form: FormatName) -> Iterator[Literal]:
    """The strings of expressions, in the order of the file."""
    return _FINDERS[form](text)


def alone(written: str, start: int, column: int, form: Format) -> Alone | None:
    """The string `written` at an offset of a file, read by itself; None if it cannot be read, or is not a string."""
    if HALF_PAIR.search(written):
        return None
    source = Source(form.enclose(written, Surroundings(indent=column, flow=False, alone=True, newline="\n")))
    parsed = form.read(source)
    value = parsed.values.get("k") if isinstance(parsed.values, dict) else None
    if parsed.values != {"k": value} or not isinstance(value, str):
        return None
    text = LocatedText(value, ("k",), Document(source, form, parsed))
    return Alone(text, start - text.span.start)


def found_alone(text: str, form: Format) -> Iterator[tuple[Literal, Alone]]:
    """The strings of expressions that are closed and can be read by themselves."""
    for literal in literals(text, form.name):
        span = literal.span
        if literal.closed and (read := alone(text[span.start : span.end], span.start, literal.column, form)):
            yield literal, read


def syntax_errors(source: Source, form: Format) -> Iterator[Diagnostic]:
    """The syntax errors of the expressions of a file. Names are not checked: what the file declares is not known."""
    for literal, read in found_alone(source.text, form):
        label = "" if literal.definition is None else definition_label(literal.definition)
        for problem in parse_repaired(read.text.value).problems:
            yield _in_file(relocate(problem, read.text, label, {}), read, source)


def _in_file(problem: Diagnostic, read: Alone, source: Source) -> Diagnostic:
    """A diagnostic of a string by itself as one of the whole file."""
    notes = tuple(Note(note.message, read.span(note.span), source) for note in problem.notes)
    fixes = tuple(Fix(fix.title, tuple(map(read.edit, fix.edits)), fix.safe) for fix in problem.fixes)
    return replace(problem, span=read.span(problem.span), source=source, notes=notes, fixes=fixes)


# ── TOML ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_LINE_STRING = r"""'[^'\r\n]*+'?+|"(?:\\.|[^"\\\r\n])*+"?+"""
_LOST = r"(?=^[ \t]*(?:\[|where[ \t]*=))|\Z"
"""Where a string of several lines without an end ends: before something that begins no line of an expression."""
_TOML_STRING = (
    rf"'''[\s\S]*?(?:'''|{_LOST})"
    rf'|"""(?:\\[\s\S]|[^\\])*?(?:"""|{_LOST})'
    rf"|{_LINE_STRING}"
)
_TOML_KEY = r"""[A-Za-z0-9_-]+|'[^'\r\n]*'|"[^"\r\n]*\""""
_TOML = re.compile(
    r"#[^\r\n]*+"
    r"|^[ \t]*+\[(?P<table>[^\]\r\n]*)\]"
    rf"|^[ \t]*+(?P<define>define[ \t]*\.[ \t]*)?(?P<key>{_TOML_KEY})[ \t]*=[ \t]*(?P<value>{_TOML_STRING})"
    rf"|{_TOML_STRING}",
    re.MULTILINE,
)


def _of_toml(text: str) -> Iterator[Literal]:
    table = ""
    for found in _TOML.finditer(text):
        if found["table"] is not None:
            table = found["table"].strip("[ \t")
        elif found["value"] is not None:
            key, defines = found["key"].strip("\"'"), found["define"] or table == "define"
            if defines or key == "where":
                yield Literal(key if defines else None, Span(*found.span("value")), closed=_is_closed(found["value"]))


def quotes_of(literal: str) -> str:
    """The quotes with which a string begins, and which end it."""
    return literal[:3] if literal[:3] in ("'''", '"""') else literal[0]


def _is_closed(literal: str) -> bool:
    quotes = quotes_of(literal)
    return len(literal) >= 2 * len(quotes) and literal.endswith(quotes)


# ── YAML ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_YAML = re.compile(
    r"""^(?P<indent>[ ]*(?:-[ ]+)*)(?P<key>[A-Za-z_][A-Za-z0-9_-]*|'[^'\r\n]*'|"[^"\r\n]*")[ ]*:"""
    r"(?P<blanks>[ \t]+|(?=[\r\n]|\Z))(?P<value>[^\r\n]*)",
    re.MULTILINE,
)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_BREAK = re.compile(r"\r\n|\r|\n")
_YAML_QUOTED = {"'": re.compile(r"'(?:''|[^'])*+'"), '"': re.compile(r'"(?:\\[\s\S]|[^"\\])*+"')}
_YAML_COMMENT = re.compile(r"(?:^|[ \t])[ \t]*#.*")


def _of_yaml(text: str) -> Iterator[Literal]:
    at, is_in_define = 0, False
    while found := _YAML.search(text, at):
        at = found.end()
        column, key = len(found["indent"]), found["key"].strip("\"'")
        is_in_define = key == "define" if column == 0 else is_in_define and "-" not in found["indent"]
        if column and (is_in_define or key == "where"):
            start, end = found.start("value"), _yaml_end(text, found.end(), column)
            literal = _yaml_literal(text, start, end, found["value"])
            if literal is not None:
                yield replace(literal, definition=key if is_in_define else None, column=column)
                at = max(at, literal.span.end if literal.closed else at)


def _yaml_end(text: str, end: int, column: int) -> int:
    """The end of the lines from an offset on that are indented further than a column, without blank ones at the end."""
    at = last = end
    while at < len(text) and (line := _LINE.match(text, at)):
        inner = line[0].strip()
        if at > end and inner and len(line[0]) - len(line[0].lstrip(" ")) <= column:
            break
        at = line.end()
        last = at - (len(line[0]) - len(line[0].rstrip("\r\n"))) if inner else last
    return last


def _yaml_literal(text: str, start: int, end: int, value: str) -> Literal | None:
    """The scalar between two offsets whose first line is `value`."""
    mark = value[:1]
    if mark in _YAML_QUOTED:
        found = _YAML_QUOTED[mark].match(text, start, end)
        return Literal(None, Span(start, found.end() if found else end), closed=found is not None)
    if mark in ("|", ">"):
        after = _BREAK.match(text, end)
        return Literal(None, Span(start, after.end() if after else end))
    if mark in ("&", "*", "!", "{", "["):
        return None
    comment = _YAML_COMMENT.search(value)
    written = value[: comment.start()] if comment else value.rstrip()
    return Literal(None, Span(start, start + len(written)), closed=bool(written) and end <= start + len(value))


# ── JSON ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_JSON = re.compile(r'"(?:\\.|[^"\\\r\n])*+"?+|[{}:,\[\]]')


def _of_json(text: str) -> Iterator[Literal]:
    objects: list[str] = []  # the keys of the open objects
    key, before = "", ""
    for found in _JSON.finditer(text):
        sign = found[0]
        if sign == "{":
            objects.append(key if before == ":" else "")
        elif sign == "}" and objects:
            objects.pop()
        elif sign[0] == '"' and before != ":":
            key = sign.strip('"')
        elif sign[0] == '"':
            defines = objects[-1:] == ["define"]
            if defines or key == "where":
                yield Literal(key if defines else None, Span(*found.span()), closed=_is_closed(sign))
        before = sign


_FINDERS: Mapping[FormatName, Callable[[str], Iterator[Literal]]] = {
    "toml": _of_toml,
    "yaml": _of_yaml,
    "json": _of_json,
}

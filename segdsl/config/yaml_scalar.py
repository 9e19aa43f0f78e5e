"""YAML's five kinds of scalar: where each character of the value is spelled."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from segdsl.config.characters import Characters

_ANY_BREAK = r"(?:\r\n|[\r\n\x85\u2028\u2029])"
_PROPERTIES = re.compile(r"(?:[!&]\S*(?:\s+|\Z))*")  # a tag or an anchor before the scalar itself
_BREAK = re.compile(_ANY_BREAK)
_UNFOLDED = "\u2028\u2029"
_FOLD = (
    rf"(?P<fold>[ \t]*+{_ANY_BREAK}(?:[ \t]*+{_ANY_BREAK})*+[ \t]*+)"
    r"|(?P<blanks>[ \t]++)"  # taken as one, so that no run of blanks is looked at twice
    r"|[\s\S]"
)
_FLOW_SPELLINGS = {
    "": re.compile(_FOLD),
    "'": re.compile(rf"''|{_FOLD}"),
    '"': re.compile(
        rf"(?P<joined>\\{_ANY_BREAK}[ \t]*+(?:{_ANY_BREAK}[ \t]*+)*+)"
        rf"|\\x[0-9A-Fa-f]{{2}}|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}}|\\[^xuU]|{_FOLD}"
    ),
}
_BLOCK_HEADER = re.compile(r"[|>][^\r\n\x85\u2028\u2029]*")
_LINE = re.compile(rf"([^\r\n\x85\u2028\u2029]*+)({_ANY_BREAK}|\Z)")


def characters(literal: str, value: str) -> Characters:
    """The characters of `value` as offsets into its literal, tag and anchor included."""
    start = len(literal) - len(_PROPERTIES.sub("", literal, count=1))
    mark = literal[start : start + 1]
    if mark in ("|", ">"):
        return _block_characters(literal, start, value)
    quotes = 1 if mark in ("'", '"') else 0
    end = len(literal) - quotes
    if literal[start + quotes : end] == value:
        return Characters.verbatim(start + quotes, end)
    spelling = _FLOW_SPELLINGS[mark if quotes else ""]
    return Characters.of(_flow(literal, start + quotes, end, spelling), end)


def _flow(literal: str, start: int, end: int, spelling: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """A single line break reads as a blank, and of several all but the first as themselves. The separators of Unicode,
    which YAML 1.1 takes for line breaks, always read as themselves."""
    for match in spelling.finditer(literal, start, end):
        if match.lastgroup is None:
            yield match.span()
        elif match.lastgroup == "blanks":
            yield from ((offset, offset + 1) for offset in range(*match.span()))
        else:
            breaks = [found.span() for found in _BREAK.finditer(literal, *match.span())]
            folded = match.lastgroup == "fold" and (len(breaks) == 1 or literal[breaks[0][0]] in _UNFOLDED)
            yield from breaks if folded else breaks[1:]


def _block_characters(literal: str, start: int, value: str) -> Characters:
    """The indentation of a block is that of its first line, unless its header says another, relative to a parent
    that the literal does not show: so the ones possible are tried, largest first."""
    header = _BLOCK_HEADER.match(literal, start)
    body = header.end() if header else start
    first = _BREAK.match(literal, body)
    lines = [match.span(1) for match in _LINE.finditer(literal, first.end() if first else body)]
    written = next((line for line in (literal[a:b] for a, b in lines) if line.strip(" ")), "")
    indents = range(len(written) - len(written.lstrip(" ")), -1, -1)
    folded = literal[start] == ">"
    read = (tuple(islice(_block(literal, lines, indent, folded=folded), len(value))) for indent in indents)
    spelled = next((characters for characters in read if _agrees(literal, characters, value)), ())
    last = spelled[-1] if spelled else (body, body)
    return Characters.of(spelled, last[0] if value.endswith("\n") else last[1])


def _block(literal: str, lines: list[tuple[int, int]], indent: int, *, folded: bool) -> Iterator[tuple[int, int]]:
    """What the lines of a block spell, every line break at its end included, for how many of those count is told by
    the value.

    In a folded block the break between two lines that begin with no blank reads as a blank; before empty lines it
    is dropped.
    """
    texts = [(min(start + indent, end), end) for start, end in lines]
    dropped = _dropped_breaks(literal, texts) if folded else frozenset()
    for number, (start, end) in enumerate(texts):
        yield from ((offset, offset + 1) for offset in range(start, end))
        if number + 1 < len(lines) and number not in dropped:
            yield end, lines[number + 1][0]


def _dropped_breaks(literal: str, texts: list[tuple[int, int]]) -> frozenset[int]:
    """The numbers of the lines whose break a folded block drops: one or more empty lines stand between two lines
    that begin with no blank."""
    written = [number for number, (start, end) in enumerate(texts) if start < end]
    return frozenset(
        number
        for number, following in pairwise(written)
        if following > number + 1
        and literal[texts[number][1]] not in _UNFOLDED
        and not {literal[texts[number][0]], literal[texts[following][0]]} & {" ", "\t"}
    )


def _agrees(literal: str, spelled: tuple[tuple[int, int], ...], value: str) -> bool:
    return len(spelled) == len(value) and all(
        literal[start:end] == character or (character in " \n" and _BREAK.match(literal, start) is not None)
        for (start, end), character in zip(spelled, value, strict=True)
    )

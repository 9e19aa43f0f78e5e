"""Strings spelled in every style of TOML, YAML and JSON, the place of each character known beforehand."""

import json
from collections.abc import Sequence

from hypothesis import strategies as st
from msgspec import Struct

Piece = tuple[str, tuple[tuple[str, int, int], ...]]
"""A spelling, and the characters that it spells, each with its offsets into the spelling."""


class Spelled(Struct, frozen=True):
    """A literal, its value, and where in the literal each character of the value is spelled."""

    literal: str
    value: str
    places: tuple[tuple[int, int], ...]


def verbatim(character: str) -> Piece:
    return character, ((character, 0, 1),)


def escape(character: str, spelling: str) -> Piece:
    return spelling, ((character, 0, len(spelling)),)


def nothing(spelling: str) -> Piece:
    return spelling, ()


def assemble(pieces: Sequence[Piece], opening: str, closing: str) -> Spelled:
    literal, value, places = opening, "", []
    for spelling, characters in pieces:
        for character, start, end in characters:
            value += character
            places.append((len(literal) + start, len(literal) + end))
        literal += spelling
    return Spelled(literal + closing, value, tuple(places))


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\"\\'\ufeff ")
PLAIN = LETTERS.map(verbatim)
BLANK = st.just(verbatim(" "))
BREAK = st.sampled_from([escape("\n", "\n"), escape("\n", "\r\n")])


def unicode_escapes(*forms: str) -> st.SearchStrategy[Piece]:
    return st.builds(
        lambda character, form: escape(character, form.format(ord(character))),
        st.characters(codec="utf-8", max_codepoint=0xFFFF),
        st.sampled_from(forms),
    )


SHORT_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
SHORT = st.sampled_from(sorted(SHORT_ESCAPES.items())).map(lambda item: escape(*item))
ASTRAL = st.characters(min_codepoint=0x10000, max_codepoint=0x10FFFF)


def surrogates(character: str) -> Piece:
    return escape(character, json.dumps(character)[1:-1])


def without_blanks_after_continuation(pieces: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for piece in pieces:
        if kept and not kept[-1][1] and piece[0][0] in " \t\r\n\\" and (piece[0][0] != "\\" or not piece[1]):
            continue
        kept.append(piece)
    return kept


# ── TOML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
TOML_ESCAPES = unicode_escapes("\\u{:04x}", "\\u{:04X}", "\\U{:08x}") | SHORT
CONTINUATION = st.sampled_from(["\\\n", "\\\r\n", "\\  \n", "\\\n \t \n  ", "\\\t\r\n\r\n "]).map(nothing)
MULTILINE_OPENINGS = st.sampled_from(["\n", "\r\n"])

toml_basic = st.lists(PLAIN | BLANK | TOML_ESCAPES | st.just(verbatim("'"))).map(
    lambda pieces: assemble(pieces, '"', '"')
)
toml_literal = st.lists(PLAIN | BLANK | st.sampled_from([verbatim("\\"), verbatim('"')])).map(
    lambda pieces: assemble(pieces, "'", "'")
)
toml_multiline_basic = st.builds(
    lambda pieces, opening: assemble(without_blanks_after_continuation(pieces), '"""' + opening, '"""'),
    st.lists(PLAIN | BLANK | TOML_ESCAPES | BREAK | CONTINUATION),
    MULTILINE_OPENINGS,
)
toml_multiline_literal = st.builds(
    lambda pieces, opening: assemble(pieces, "'''" + opening, "'''"),
    st.lists(PLAIN | BLANK | BREAK | st.sampled_from([verbatim("\\"), verbatim('"')])),
    MULTILINE_OPENINGS,
)
toml_strings = toml_basic | toml_literal | toml_multiline_basic | toml_multiline_literal

# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
json_strings = st.lists(
    PLAIN
    | BLANK
    | SHORT
    | unicode_escapes("\\u{:04x}", "\\u{:04X}")
    | ASTRAL.map(surrogates)
    | st.just(escape("/", "\\/"))
).map(lambda pieces: assemble(pieces, '"', '"'))

# ── YAML (the parent is at column 2, so continued lines are at column 3 or more) ───────────────────────────────
WORD = st.text("bcWé😀漢", min_size=1, max_size=5)  # nothing that YAML reads as a number or a boolean


@st.composite
def yaml_flow(draw: st.DrawFn, opening: str, specials: Sequence[Piece]) -> Spelled:
    """Words and special pieces, with blanks and folded line breaks between them, and neither at the ends."""
    special = st.sampled_from(specials).map(lambda piece: [piece]) if specials else st.nothing()
    chunk = WORD.map(lambda word: [verbatim(character) for character in word]) | special
    pieces = draw(chunk)
    for _ in range(draw(st.integers(0, 5))):
        continued = pieces[-1][0].startswith("\\\n")  # it takes the blanks behind it away
        pieces = [*pieces, *([] if continued else [draw(st.just(verbatim(" ")) | yaml_fold())]), *draw(chunk)]
    return assemble(pieces, opening, opening)


@st.composite
def yaml_fold(draw: st.DrawFn) -> Piece:
    breaks = draw(st.lists(st.sampled_from(["\n", "\r\n", "\u2028"]), min_size=1, max_size=3))
    spelling, characters = draw(st.sampled_from(["", " ", "  "])), []
    for number, newline in enumerate(breaks):
        read = newline if newline == "\u2028" else " " if len(breaks) == 1 else "\n"
        if len(breaks) == 1 or number > 0 or newline == "\u2028":
            characters.append((read, len(spelling), len(spelling) + len(newline)))
        spelling += newline
    return spelling + " " * draw(st.integers(3, 6)), tuple(characters)


YAML_ESCAPES = [
    escape("é", "\\xe9"), escape("é", "\\u00e9"), escape("😀", "\\U0001f600"), escape('"', '\\"'), escape("\\", "\\\\"),
    escape("\n", "\\n"), escape("\t", "\\t"), escape(" ", "\\ "), escape("\x85", "\\N"), nothing("\\\n     "),
    escape("/", "\\/"), ("\\\n  \n   ", (("\n", 4, 5),)), verbatim("'"), verbatim("#"), verbatim(":"),
]  # fmt: skip
yaml_plain = yaml_flow("", ())
yaml_single = yaml_flow("'", (escape("'", "''"), verbatim('"'), verbatim("\\"), verbatim("#")))
yaml_double = yaml_flow('"', YAML_ESCAPES)


@st.composite
def yaml_block(draw: st.DrawFn) -> Spelled:
    """A literal or folded block with or without a stated indentation, and each way to end it."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    stated = draw(st.booleans())
    indent = draw(st.integers(1, 4))
    mark, chomping = draw(st.sampled_from("|>")), draw(st.sampled_from(["", "-", "+"]))
    first = draw(WORD) if not stated else " " * draw(st.integers(0, 2)) + draw(WORD)
    lines = [
        first,
        *draw(
            st.lists(
                WORD | st.just("") | WORD.map(lambda word: "  " + word) | WORD.map(lambda word: word + " a"), max_size=5
            )
        ),
        draw(WORD),
    ]
    ends = draw(st.integers(1, 3))
    literal = f"{mark}{indent if stated else ''}{chomping}{draw(st.sampled_from(['', ' # why']))}{newline}"
    spelled: list[tuple[str, int, int]] = []
    for number, line in enumerate(lines):
        literal += " " * (2 + indent) * bool(line)
        spelled += [(character, len(literal) + at, len(literal) + at + 1) for at, character in enumerate(line)]
        literal += line
        kind = folded_break(lines, number) if mark == ">" and number + 1 < len(lines) else "\n"
        if number + 1 < len(lines):
            spelled += [(kind, len(literal), len(literal) + len(newline))] * bool(kind)
            literal += newline
    for number in range(ends):
        if chomping == "+" or (chomping == "" and number == 0):
            spelled.append(("\n", len(literal), len(literal) + len(newline)))
        literal += newline
    value = "".join(character for character, _, _ in spelled)
    return Spelled(literal, value, tuple((start, end) for _, start, end in spelled))


def folded_break(lines: Sequence[str], number: int) -> str:
    """The text for the break after line `number` of a folded block."""
    line = lines[number]
    following = next((later for later in lines[number + 1 :] if later), "")
    if not line or line.startswith(" ") or following.startswith(" "):
        return "\n"
    return " " if lines[number + 1] else ""


yaml_scalars = yaml_plain | yaml_single | yaml_double | yaml_block()

"""The tests' own trees of expressions, and how they are spelled.

A tree says what an expression means; `spell` writes it down, plainly, or oddly: with blanks, comments, needless
parentheses, keywords in any case, the literal on the other side.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random

Literal = str | int | float | bool

FLIPPED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
KEYWORDS = {"and", "or", "in", "contains", "between", "is", "within", "before", "during", "from", "to", "for", "all"}


@dataclass(frozen=True)
class Field:
    """The meaning of a name: its `kind`, its `key` in a user record, and all its spellings."""

    kind: str  # metric, flag, count, instant, property, conversation
    key: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    field: Field
    operator: str
    literal: Literal


@dataclass(frozen=True)
class Chain:
    """`low left field right high`, such as `1 <= seats < 5`; both operators point one way."""

    low: Literal
    left: str
    field: Field
    right: str
    high: Literal


@dataclass(frozen=True)
class Between:
    field: Field
    low: Literal
    high: Literal


@dataclass(frozen=True)
class In:
    field: Field
    values: tuple[Literal, ...]
    negated: bool


@dataclass(frozen=True)
class Contains:
    field: Field
    part: Literal


@dataclass(frozen=True)
class Is:
    field: Field
    value: bool
    negated: bool


@dataclass(frozen=True)
class Bare:
    field: Field


@dataclass(frozen=True)
class Seen:
    """`lastSeen within 7d`; the duration as written."""

    field: Field
    operator: str
    duration: str


@dataclass(frozen=True)
class Not:
    operand: "Tree"


@dataclass(frozen=True)
class And:
    operands: tuple["Tree", ...]


@dataclass(frozen=True)
class Or:
    operands: tuple["Tree", ...]


Predicate = Comparison | Chain | Between | In | Contains | Is | Bare | Seen
Tree = Predicate | Not | And | Or


def predicates(tree: Tree) -> Iterator[Predicate]:
    """Every predicate of the tree, from left to right."""
    match tree:
        case Not(operand):
            yield from predicates(operand)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from predicates(operand)
        case _:
            yield tree


def literals(predicate: Predicate) -> tuple[Literal, ...]:  # noqa: PLR0911  one for each kind of predicate
    """The literals of one predicate, without durations."""
    match predicate:
        case Comparison(_, _, literal):
            return (literal,)
        case Chain(low, _, _, _, high) | Between(_, low, high):
            return low, high
        case In(_, values, _):
            return values
        case Contains(_, part):
            return (part,)
        case Is(_, value, _):
            return (value,)
        case Bare():
            return (True,)
        case Seen():
            return ()


def spell(tree: Tree, scope: tuple[str, ...] = (), odd: Random | None = None) -> str:
    """The text of the tree, with a scope clause's words after it; oddly when `odd` is given."""
    writer = _Plain() if odd is None else _Odd(odd)
    return writer.join([*_words(tree, writer), *(writer.keyword(word) if word.isalpha() else word for word in scope)])


class _Plain:
    """The choices of the plain spelling; `_Odd` makes others."""

    def blank(self) -> str:
        return " "

    def keyword(self, word: str) -> str:
        return word

    def spelling(self, field: Field) -> str:
        return field.spellings[0]

    def literal(self, value: Literal) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return _quoted(value, '"') if isinstance(value, str) else repr(value)

    def parentheses(self, *, needed: bool) -> int:
        return int(needed)

    def flips(self) -> bool:
        return False

    def join(self, words: list[str]) -> str:
        text = words[0]
        for before, after in pairwise(words):
            text += self.blank_between(before, after) + after
        return text

    def blank_between(self, before: str, after: str) -> str:
        return "" if before in "([!" or after in ")]," else " "


class _Odd(_Plain):
    def __init__(self, random: Random) -> None:
        self.random = random

    def blank(self) -> str:
        return self.random.choice([" ", "  ", "\t", "\n", "\r\n", "\r", " # why\n", "#\r\n", "# \")'\r", " \n\t "])

    def keyword(self, word: str) -> str:
        word = self.random.choice([word, {"and": "&&", "or": "||", "not": "!"}.get(word, word)])
        return "".join(self.random.choice([letter, letter.upper()]) for letter in word)

    def spelling(self, field: Field) -> str:
        return self.random.choice(field.spellings)

    def literal(self, value: Literal) -> str:
        if isinstance(value, bool):
            return self.random.choice(["true", "TRUE", "True"] if value else ["false", "FALSE", "False"])
        if isinstance(value, str):
            return _quoted(value, self.random.choice("\"'"))
        plain = repr(value)
        return self.random.choice([plain, plain + ".0" if isinstance(value, int) else plain.removeprefix("0")])

    def parentheses(self, *, needed: bool) -> int:
        return int(needed) + self.random.choice([0, 0, 0, 1, 2])

    def flips(self) -> bool:
        return self.random.random() < 0.5

    def blank_between(self, before: str, after: str) -> str:
        apart = self.blank()
        together = before in ("(", "[", ",", "!", *FLIPPED, "&&", "||") or after in (
            ")",
            "]",
            ",",
            *FLIPPED,
            "&&",
            "||",
        )
        return self.random.choice(["", apart]) if together else apart


def _quoted(text: str, quote: str) -> str:
    escapes = {"\\": "\\\\", quote: "\\" + quote, "\n": "\\n", "\r": "\\r"}
    return quote + "".join(escapes.get(letter, letter) for letter in text) + quote


def _words(tree: Tree, writer: _Plain) -> list[str]:
    words = [*_bare_words(tree, writer)]
    for _ in range(writer.parentheses(needed=False)):
        words = ["(", *words, ")"]
    return words


def _bare_words(tree: Tree, writer: _Plain) -> Iterator[str]:
    match tree:
        case Not(operand):
            yield writer.keyword("not")
            yield from _operand(operand, writer, (And, Or))
        case And(operands):
            yield from _joined("and", operands, writer, (And, Or))
        case Or(operands):
            yield from _joined("or", operands, writer, (Or,))
        case _:
            yield from _predicate(tree, writer)


def _joined(word: str, operands: tuple[Tree, ...], writer: _Plain, enclosed: tuple[type, ...]) -> Iterator[str]:
    for index, operand in enumerate(operands):
        if index:
            yield writer.keyword(word)
        yield from _operand(operand, writer, enclosed)


def _operand(operand: Tree, writer: _Plain, enclosed: tuple[type, ...]) -> list[str]:
    words = _words(operand, writer)
    return ["(", *words, ")"] if isinstance(operand, enclosed) else words


def _predicate(predicate: Predicate, writer: _Plain) -> list[str]:  # noqa: PLR0911  one for each kind
    name = writer.spelling(predicate.field)
    match predicate:
        case Comparison(_, operator, literal):
            flips = name not in KEYWORDS and writer.flips()
            words = [name, operator, writer.literal(literal)]
            return [words[2], FLIPPED[operator], name] if flips else words
        case Chain(low, left, _, right, high):
            return [writer.literal(low), left, name, right, writer.literal(high)]
        case Between(_, low, high):
            joint = writer.keyword("and").replace("&&", "AND")  # `&&` is not the `and` of `between`
            return [name, writer.keyword("between"), writer.literal(low), joint, writer.literal(high)]
        case In(_, values, negated):
            listed = [word for value in values for word in (writer.literal(value), ",")]
            return [name, *_not(writer, negated=negated), writer.keyword("in"), "[", *listed[:-1], "]"]
        case Contains(_, part):
            return [name, writer.keyword("contains"), writer.literal(part)]
        case Is(_, value, negated):
            return [name, writer.keyword("is"), *_not(writer, negated=negated), writer.literal(value)]
        case Bare():
            return [name]
        case Seen(_, operator, duration):
            return [name, writer.keyword(operator), duration]


def _not(writer: _Plain, *, negated: bool) -> list[str]:
    return [writer.keyword("not").replace("!", "NOT")] if negated else []  # `!` is not the `not` of `not in`

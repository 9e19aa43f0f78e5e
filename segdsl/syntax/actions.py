"""What each named production of the grammar builds.

An action gets what its symbols stand for: a token's number, or what an earlier action returned. It reads the text of
a token from `reading`, and records there what is wrong with it; the tree is then discarded, so any stand-in will do.
"""

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from segdsl.syntax import literals
from segdsl.syntax.literals import LiteralError, shortened
from segdsl.syntax.nodes import (
    MIRRORED,
    And,
    BareName,
    Between,
    Chain,
    Comparison,
    Condition,
    Date,
    Duration,
    Expression,
    Not,
    Or,
    Parameter,
    Reference,
    Value,
)
from segdsl.syntax.remembering import remembered

Row = tuple[str, str, str, str, str, str, str, str, str, str]
"""What the lexer's `findall` gives for a token. Of a whole condition: the `and` or `or` before it, the lower end of a
chain, the name, then sign and literal (a string or other) or a phrase. Else a word or sign; or a literal; or the rest
of the text, which is no token."""
_WORD, _LITERAL = 7, 8

KEYWORDS = frozenset(
    "and or not in contains between is true false within before during from to for product products all".split()
)
NEVER_NAMES = frozenset(["not", "true", "false"])
_NO_NAMES_ALONE = KEYWORDS - NEVER_NAMES
_KEY = re.compile(r"[A-Za-z0-9._-]+")
_DOTTED = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*")


class Problem(Struct, frozen=True):
    """Something wrong with the tokens `first` to `last`; `start` and `end` narrow it to a part of the first one."""

    code: str
    message: str
    first: int
    last: int
    help: tuple[str, ...] = ()
    start: int = 0
    end: int | None = None


class Reading(Struct, eq=False):
    """The tokens of the text that is being read, and the problems met."""

    source: str
    rows: list[Row]
    problems: list[Problem] = []

    def text(self, token: int) -> str:
        """The text of a token that is not a whole condition."""
        row = self.rows[token]
        return row[_WORD] or row[_LITERAL]

    def problem(self, code: str, message: str, first: int, last: int, *help_: str) -> None:
        """Record something wrong."""
        self.problems.append(Problem(code, message, first, last, help_))

    def literal(self, read: Callable[[str], Any], token: int) -> Any:
        """The token's text through `read`; a problem, and the text itself, when it is no literal after all."""
        try:
            return read(self.text(token))
        except LiteralError as error:
            self.problems.append(Problem(error.code, error.message, token, token, error.help, error.start, error.end))
            return self.text(token)


class Named(Struct, frozen=True):
    """A name in its canonical spelling, with its tokens."""

    text: str
    first: int
    last: int


class Literal(Struct, frozen=True):
    """A literal's value, with its tokens."""

    value: Any
    first: int
    last: int


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def spelling(namespace: str, key: str) -> str:
    """The canonical spelling of a key in a namespace: `user.plan`, or `user["-x"]` where dots cannot say it."""
    return f"{namespace}.{key}" if _DOTTED.fullmatch(key) else f'{namespace}["{key}"]'


@remembered
def name_problem(text: str) -> tuple[str, tuple[str, ...]] | None:
    """What keeps a plain name from being one: a message and help; None when nothing does."""
    lowered = text.lower()
    namespace, _, rest = text.partition(".")
    if lowered in NEVER_NAMES:
        return f"`{text}` cannot be a name", (f'a property of that name is `user["{lowered}"]`',)
    if text in ("user", "conversation"):
        return f"`{text}` needs a key after it", (f'write `{text}.KEY` or `{text}["KEY"]`',)
    if rest and namespace.lower() in ("user", "conversation") and namespace not in ("user", "conversation"):
        return f"`{namespace}.` is written in lower case", (f"write `{namespace.lower()}.{shortened(rest)}`",)
    return None


def _plain_name(reading: Reading, token: int) -> Named:
    text = reading.text(token)
    found = name_problem(text)
    if found:
        reading.problem("bad-name", found[0], token, token, *found[1])
    return Named(text, token, token)


def _bracketed_name(reading: Reading, namespace: int, _: int, key: int, last: int) -> Named:
    known = len(reading.problems)
    prefix, text = reading.text(namespace), reading.literal(literals.unquote, key)
    if prefix not in ("user", "conversation"):
        help_ = 'write `user["KEY"]` or `conversation["KEY"]`'
        reading.problem("bad-name", f"`{shortened(prefix)}` takes no key in brackets", namespace, namespace, help_)
    elif len(reading.problems) == known and not _KEY.fullmatch(text):
        message = "a key must not be empty" if not text else "a key holds only letters, digits, `.`, `-` and `_`"
        reading.problem("bad-name", message, key, key)
    return Named(spelling(prefix, text), namespace, last)


def _not_alone(reading: Reading, name: Named) -> None:
    """A keyword is a name only directly before an operator."""
    if name.text.lower() in _NO_NAMES_ALONE:
        message = f"`{name.text}` is a word of the language, and no name here"
        reading.problem("bad-name", message, name.first, name.last, f"a property of that name is `user.{name.text}`")


# ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _bare_name(reading: Reading, name: Named) -> BareName:
    _not_alone(reading, name)
    return BareName(name.text, name.first, name.last)


def _comparison(reading: Reading, name: Named, operator: int, value: Literal) -> Comparison:
    return Comparison(name.text, reading.text(operator), value.value, name.first, value.last)


def _mirrored(reading: Reading, value: Literal, operator: int, name: Named) -> Comparison:
    _not_alone(reading, name)
    return Comparison(name.text, MIRRORED[reading.text(operator)], value.value, value.first, name.last)


def _chain(reading: Reading, left: Literal, first: int, name: Named, second: int, right: Literal) -> Condition:
    one, two = reading.text(first), reading.text(second)
    if one in ("<", "<=") and two in ("<", "<="):
        return Chain(left.value, one, name.text, two, right.value, left.first, right.last)
    if one in (">", ">=") and two in (">", ">="):
        low, high = MIRRORED[two], MIRRORED[one]
        return Chain(right.value, low, name.text, high, left.value, left.first, right.last, downwards=True)
    message = f"`{one}` and `{two}` do not make a range"
    reading.problem(
        "bad-chain", message, first, second, "write `low <= name < high`, or two comparisons joined by `and`"
    )
    return BareName(name.text, left.first, right.last)


def _between(_: Reading, name: Named, __: int, low: Literal, ___: int, high: Literal) -> Between:
    return Between(name.text, low.value, high.value, name.first, high.last)


def _named_operator(operator: str) -> Callable[..., Comparison]:
    def build(_: Reading, name: Named, *rest: Any) -> Comparison:
        value: Literal = rest[-1]
        return Comparison(name.text, operator, value.value, name.first, value.last)

    return build


def _recency(reading: Reading, name: Named, operator: int, value: Literal) -> Comparison:
    return Comparison(name.text, reading.text(operator).lower(), value.value, name.first, value.last)


def _reference(reading: Reading, token: int) -> Reference:
    return Reference(reading.text(token)[1:], token, token)


def _negate(_: Reading, sign: int, operand: Condition) -> Not:
    return Not(operand, sign)


# ── literals ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _literal(read: Callable[[str], Any]) -> Callable[[Reading, int], Literal]:
    def build(reading: Reading, token: int) -> Literal:
        try:
            return Literal(read(reading.text(token)), token, token)
        except LiteralError:
            return Literal(reading.literal(read, token), token, token)

    return build


def _list(_: Reading, opening: int, items: list[Literal], *rest: int) -> Literal:
    return Literal(tuple([item.value for item in items]), opening, rest[-1])


def _empty_list(reading: Reading, opening: int, closing: int) -> Literal:
    reading.problem("empty-list", "a list needs at least one value", opening, closing)
    return Literal((), opening, closing)


# ── scope clauses ──────────────────────────────────────────────────────────────────────────────────────────────────


def _product(text: str) -> str:
    return literals.product(literals.unquote(text))


_CLAUSES = {"during": "during", "from": "from_", "to": "to", "for": "products"}


def _clause(reading: Reading, keyword: int, value: Literal) -> tuple[str, Literal]:
    return _CLAUSES[reading.text(keyword).lower()], Literal(value.value, keyword, value.last)


def _product_clause(_: Reading, keyword: int, __: int, items: list[Literal], *___: int) -> tuple[str, Literal]:
    return "products", Literal(tuple(item.value for item in items), keyword, items[-1].last)


def _add_clause(reading: Reading, clauses: dict[str, Literal], clause: tuple[str, Literal]) -> dict[str, Literal]:
    name, value = clause
    if name in clauses:
        word = name.rstrip("_").replace("products", "for product")
        reading.problem("repeated-clause", f"`{word}` stands twice", value.first, value.last, "keep one of them")
    return {**clauses, name: value}


def _expression(reading: Reading, condition: Condition, clauses: dict[str, Literal] | None = None) -> Expression:
    if clauses is None:
        return Expression(condition, text=reading.source)
    values: dict[str, Any] = {name: value.value for name, value in clauses.items()}
    if not reading.problems:
        _check_date_order(reading, clauses)
    tokens = tuple((name, value.first, value.last) for name, value in clauses.items())
    return Expression(condition, **values, text=reading.source, clause_tokens=tokens)


def _check_date_order(reading: Reading, clauses: dict[str, Literal]) -> None:
    bounds = [clauses[name].value for name in ("from_", "to") if name in clauses]
    if len(bounds) == 2 and all(type(bound) is Date for bound in bounds):
        start, end = (literals.instant(bound.text) for bound in bounds)
        if start and end and start > end:
            later = max(clauses["from_"], clauses["to"], key=lambda clause: clause.first)
            reading.problem("empty-date-range", "`from` is after `to`", later.first, later.last)


# ── the table ──────────────────────────────────────────────────────────────────────────────────────────────────────


def pass_on(*_: Any) -> Any:
    """The mark of a phrase that is its one part, which the driver leaves where it is."""
    raise AssertionError("there is nothing to do")


def _append(_: Reading, items: list[Any], *rest: Any) -> list[Any]:
    items.append(rest[-1])
    return items


ACTIONS: dict[str, Callable[..., Any]] = {
    "expression": _expression,
    "pass_on": pass_on,
    "one": lambda _, item: [item],
    "pair": lambda _, left, __, right: [left, right],
    "append": _append,
    "any_of": lambda _, items: Or(tuple(items)),
    "all_of": lambda _, items: And(tuple(items)),
    "negate": _negate,
    "parenthesised": lambda _, __, inside, ___: inside,
    "bare_name": _bare_name,
    "comparison": _comparison,
    "mirrored": _mirrored,
    "chain": _chain,
    "between": _between,
    "membership": _named_operator("in"),
    "non_membership": _named_operator("not in"),
    "containment": _named_operator("contains"),
    "non_containment": _named_operator("not contains"),
    "recency": _recency,
    "is_boolean": _named_operator("=="),
    "is_not_boolean": _named_operator("!="),
    "reference": _reference,
    "plain_name": _plain_name,
    "bracketed_name": _bracketed_name,
    "number": _literal(literals.number),
    "string": _literal(literals.unquote),
    "true": lambda _, token: Literal(True, token, token),
    "false": lambda _, token: Literal(False, token, token),
    "duration": _literal(lambda text: Duration(literals.duration(text))),
    "date": _literal(lambda text: Date(literals.date(text))),
    "parameter": lambda reading, token: Literal(Parameter(reading.text(token)[1:]), token, token),
    "empty_list": _empty_list,
    "list": _list,
    "first_clause": lambda _, clause: {clause[0]: clause[1]},
    "add_clause": _add_clause,
    "clause": _clause,
    "product_clause": _product_clause,
    "preset": _literal(literals.preset),
    "product": _literal(_product),
}

__all__ = ["ACTIONS", "Problem", "Reading", "Row", "Value", "name_problem", "spelling"]

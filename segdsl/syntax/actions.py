"""The action of each named production of the grammar: what it builds.

An action gets the values of its symbols: the number of a token, or the result of an earlier action. It reads the text
of a token from the `ParseContext` and records errors there; the tree is then discarded, so any stand-in will do. When
spans are wanted, the actions also record the tokens of each leaf and scope clause.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from msgspec import Struct

from segdsl.catalogue import MIRRORED, SIGNS
from segdsl.syntax import literals
from segdsl.syntax.literals import LiteralError, quote, shortened
from segdsl.syntax.names import KEY, NAMESPACES, NO_NAMES_ALONE, name_problem, spelling, with_namespace
from segdsl.syntax.nodes import (
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
    Unreadable,
    valid_expression,
)

Row = tuple[str, str, str, str, str, str, str, str, str, str]
"""A token, as the lexer's `findall` returns it.

For a fused condition: the `and` or `or` before it, the lower end of a chain, the name, then sign and literal (a string
or other) or a phrase. Otherwise a word or sign; or a literal; or the rest of the text, which is not a token.
"""
_WORD, _LITERAL = 7, 8

UNREADABLE = "@\0"
"""The text of a token for an unreadable condition; it never occurs in a user's text."""

TokenRange = tuple[int, int]
"""The numbers of a part's first and last token."""


class Problem(Struct, frozen=True):
    """An error in the tokens `first` to `last`; `start` and `end` narrow it to a part of the first one."""

    code: str
    message: str
    first: int
    last: int
    help: tuple[str, ...] = ()
    start: int = 0
    end: int | None = None
    replacement: str | None = None
    """The text that fixes it, as the first help says."""


class LeafTokens(Struct, frozen=True):
    """The tokens of a leaf and of its parts. `values` are the items of a list, or low and high of a range; `bounds`
    are low and high with their signs."""

    whole: TokenRange
    name: TokenRange
    operator: TokenRange
    values: Sequence[TokenRange]
    bounds: Sequence[TokenRange]


class ParseContext(Struct, eq=False):
    """The tokens of the text that is being parsed, and the problems found.

    `leaves` are the tokens of all leaves in the order of the text, if they are recorded (None if not); `clauses` those
    of the scope clauses, by name.
    """

    source: str
    rows: list[Row]
    problems: list[Problem] = []
    leaves: list[LeafTokens] | None = None
    clauses: dict[str, TokenRange] = {}

    def text(self, token: int) -> str:
        """The text of a token that is not a fused condition."""
        row = self.rows[token]
        return row[_WORD] or row[_LITERAL]

    def problem(
        self, code: str, message: str, first: int, last: int, *help_: str, replacement: str | None = None
    ) -> None:
        """Records an error."""
        self.problems.append(Problem(code, message, first, last, help_, replacement=replacement))

    def literal(self, read: Callable[[str], Any], token: int) -> Any:
        """Applies `read` to the token's text; if `read` refuses it, records a problem and returns the text itself."""
        try:
            return read(self.text(token))
        except LiteralError as error:
            place = (error.start, error.end, error.replacement)
            self.problems.append(Problem(error.code, error.message, token, token, error.help, *place))
            return self.text(token)

    def leaf(
        self, whole: TokenRange, name: "Part", operator: TokenRange, *values: "Part", bounds: Sequence[TokenRange] = ()
    ) -> None:
        """Records the tokens of a leaf, if they are wanted."""
        if self.leaves is not None:
            items = [(item.first, item.last) for value in values for item in value.items or (value,)]
            self.leaves.append(LeafTokens(whole, (name.first, name.last), operator, items, bounds or items))


class Part(Struct, frozen=True):
    """A name in its canonical spelling, or a literal's value, with its tokens; for a list also those of its items."""

    value: Any
    first: int
    last: int
    items: Sequence["Part"] = ()


_USERS = frozenset("user users properties property attributes traits customer account person profile".split())
_CONVERSATIONS = frozenset("conversation conversations chat thread session".split())
"""Words before a key in brackets, in lower case, that mean one of the namespaces."""


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plain_name(context: ParseContext, token: int) -> Part:
    text = context.text(token)
    found = name_problem(text)
    if found:
        context.problem("bad-name", found[0], token, token, *found[1], replacement=with_namespace(text))
    return Part(text, token, token)


def _bracketed_name(context: ParseContext, namespace: int, _: int, key: int, last: int) -> Part:
    known = len(context.problems)
    prefix, text = context.text(namespace), context.literal(literals.unquote, key)
    if prefix not in NAMESPACES:
        help_ = 'write `user["KEY"]` or `conversation["KEY"]`'
        if prefix.lower() == "in":
            help_ = f"a name comes before `in`: `name in [{quote(shortened(text))}]`"
        meant = "user" if prefix.lower() in _USERS else "conversation" if prefix.lower() in _CONVERSATIONS else None
        context.problem(
            "bad-name",
            f"`{shortened(prefix)}` takes no key in brackets",
            namespace,
            namespace,
            f'write `{meant}["KEY"]`' if meant else help_,
            replacement=meant,
        )
        known = len(context.problems)
    if len(context.problems) == known and not KEY.fullmatch(text):
        message = "a key must not be empty" if not text else "a key holds only letters, digits, `.`, `-` and `_`"
        context.problem("bad-name", message, key, key)
    return Part(spelling(prefix, text), namespace, last)


def _not_alone(context: ParseContext, name: Part) -> None:
    """A keyword is a name only directly before an operator."""
    if name.value.lower() in NO_NAMES_ALONE:
        message = f"`{name.value}` is a word of the language, not a name here"
        key = f"user.{name.value}"
        help_ = f"a property of that name is `{key}`"
        context.problem("bad-name", message, name.first, name.last, help_, replacement=key)


# ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _bare_name(context: ParseContext, name: Part) -> BareName:
    _not_alone(context, name)
    if context.leaves is not None:
        tokens = (name.first, name.last)
        context.leaf(tokens, name, tokens, name)
    return BareName(name.value)


def _comparison(context: ParseContext, name: Part, operator: int, value: Part) -> Comparison:
    context.leaf((name.first, value.last), name, (operator, operator), value)
    return Comparison(name.value, SIGNS[context.text(operator)], value.value)


def _mirrored(context: ParseContext, value: Part, operator: int, name: Part) -> Comparison:
    _not_alone(context, name)
    context.leaf((value.first, name.last), name, (operator, operator), value)
    return Comparison(name.value, MIRRORED[SIGNS[context.text(operator)]], value.value)


def _chain(context: ParseContext, left: Part, first: int, name: Part, second: int, right: Part) -> Condition:
    one, two = context.text(first), context.text(second)
    whole = left.first, right.last
    bounds = ((left.first, first), (second, right.last))
    if one in ("<", "<=") and two in ("<", "<="):
        context.leaf(whole, name, (first, first), left, right, bounds=bounds)
        return Chain(left.value, one, name.value, two, right.value)
    context.leaf(whole, name, (first, first), right, left, bounds=bounds[::-1])
    if one in (">", ">=") and two in (">", ">="):
        return Chain(right.value, MIRRORED[two], name.value, MIRRORED[one], left.value)
    message = f"`{one}` and `{two}` do not make a range"
    help_ = "write `low <= name < high`, or two comparisons joined by `and`"
    context.problem("bad-chain", message, first, second, help_)
    return BareName(name.value)


def _between(context: ParseContext, name: Part, operator: int, low: Part, _: int, high: Part) -> Between:
    context.leaf((name.first, high.last), name, (operator, operator), low, high)
    return Between(name.value, low.value, high.value)


def _non_between(context: ParseContext, name: Part, first: int, last: int, low: Part, _: int, high: Part) -> Not:
    context.leaf((name.first, high.last), name, (first, last), low, high)
    return Not(Between(name.value, low.value, high.value))


def _word_operator(operator: str) -> Callable[..., Comparison]:
    def build(context: ParseContext, name: Part, *rest: Any) -> Comparison:
        value: Part = rest[-1]
        context.leaf((name.first, value.last), name, (rest[0], rest[-2]), value)
        return Comparison(name.value, operator, value.value)

    return build


def _recency(context: ParseContext, name: Part, operator: int, value: Part) -> Comparison:
    context.leaf((name.first, value.last), name, (operator, operator), value)
    return Comparison(name.value, context.text(operator).lower(), value.value)


def _reference(context: ParseContext, token: int) -> Condition:
    name, tokens = Part(context.text(token)[1:], token, token), (token, token)
    context.leaf(tokens, name, tokens, name)
    return Reference(name.value) if name.value != UNREADABLE[1:] else cast(Condition, Unreadable())


# ── literals ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _literal(read: Callable[[str], Any]) -> Callable[[ParseContext, int], Part]:
    def build(context: ParseContext, token: int) -> Part:
        try:
            return Part(read(context.text(token)), token, token)
        except LiteralError:
            return Part(context.literal(read, token), token, token)

    return build


def _list(_: ParseContext, opening: int, items: list[Part], *rest: int) -> Part:
    return Part(tuple([item.value for item in items]), opening, rest[-1], items)


def _empty_list(context: ParseContext, opening: int, closing: int) -> Part:
    context.problem("empty-list", "a list needs at least one value", opening, closing)
    return Part((), opening, closing)


# ── scope clauses ──────────────────────────────────────────────────────────────────────────────────────────────────


def _product(text: str) -> str:
    return literals.product(literals.unquote(text))


_CLAUSES = {"during": "during", "from": "from_", "to": "to", "for": "products"}


def _clause(context: ParseContext, keyword: int, value: Part) -> tuple[str, Part]:
    return _CLAUSES[context.text(keyword).lower()], Part(value.value, keyword, value.last)


def _product_clause(_: ParseContext, keyword: int, __: int, items: list[Part], *___: int) -> tuple[str, Part]:
    return "products", Part(tuple([item.value for item in items]), keyword, items[-1].last)


def _add_clause(context: ParseContext, clauses: dict[str, Part], clause: tuple[str, Part]) -> dict[str, Part]:
    name, value = clause
    if name in clauses:
        word = name.rstrip("_").replace("products", "for product")
        context.problem("repeated-clause", f"`{word}` stands twice", value.first, value.last, "keep one of them")
    return {**clauses, name: value}


def _expression(context: ParseContext, condition: Condition, clauses: dict[str, Part] | None = None) -> Expression:
    if clauses is None:
        return valid_expression(condition, text=context.source)
    if not context.problems:
        _check_date_order(context, clauses)
    context.clauses = {name: (clause.first, clause.last) for name, clause in clauses.items()}
    during, from_, to = (clauses[name].value if name in clauses else None for name in ("during", "from_", "to"))
    products = clauses["products"].value if "products" in clauses else ()
    return valid_expression(condition, during, from_, to, products, text=context.source)


def _check_date_order(context: ParseContext, clauses: dict[str, Part]) -> None:
    bounds = [clauses[name].value for name in ("from_", "to") if name in clauses]
    dates = [bound.text for bound in bounds if type(bound) is Date]
    if len(dates) == 2 and literals.is_after(*dates):
        later = max(clauses["from_"], clauses["to"], key=lambda clause: clause.first)
        context.problem("empty-date-range", "`from` is after `to`", later.first, later.last)


# ── the table ──────────────────────────────────────────────────────────────────────────────────────────────────────


def pass_on(*_: Any) -> Any:
    """Marks a production that has the value of its only symbol; the driver leaves the value in place."""
    raise AssertionError("there is nothing to do")


def _append(_: ParseContext, items: list[Any], *rest: Any) -> list[Any]:
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
    "negate": lambda _, __, operand: Not(operand),
    "parenthesised": lambda _, __, inside, ___: inside,
    "bare_name": _bare_name,
    "comparison": _comparison,
    "mirrored": _mirrored,
    "chain": _chain,
    "between": _between,
    "non_between": _non_between,
    "membership": _word_operator("in"),
    "non_membership": _word_operator("not in"),
    "containment": _word_operator("contains"),
    "non_containment": _word_operator("not contains"),
    "recency": _recency,
    "equality": _word_operator("=="),
    "inequality": _word_operator("!="),
    "reference": _reference,
    "plain_name": _plain_name,
    "bracketed_name": _bracketed_name,
    "number": _literal(literals.number),
    "string": _literal(literals.unquote),
    "true": lambda _, token: Part(True, token, token),
    "false": lambda _, token: Part(False, token, token),
    "duration": _literal(lambda text: Duration(literals.duration(text))),
    "date": _literal(lambda text: Date(literals.date(text))),
    "parameter": lambda context, token: Part(Parameter(context.text(token)[1:]), token, token),
    "empty_list": _empty_list,
    "list": _list,
    "first_clause": lambda _, clause: {clause[0]: clause[1]},
    "add_clause": _add_clause,
    "clause": _clause,
    "product_clause": _product_clause,
    "preset": _literal(literals.preset),
    "product": _literal(_product),
}

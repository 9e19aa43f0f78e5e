"""Completion: what can stand at the cursor, best first.

The parser's stack gives the kinds of token that can come next. One entry of `_PLACES` recognizes the place, and a
function names the candidates there; the checker's own resolver decides which of them fit.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, to_builtins

from segdsl.authoring import candidates as offered
from segdsl.authoring.candidates import Candidate, Completion, candidate, words
from segdsl.authoring.cursor import Cursor, Token, cursor_at, string_begun
from segdsl.authoring.fitting import ANY_STRING, accepts, names_of, operators_of, samples_for
from segdsl.catalogue import MIRRORED, SIGNS
from segdsl.limits import MAX_NESTING, MAX_TEXT_LENGTH
from segdsl.semantics import parameters as bound
from segdsl.semantics.definitions import Definitions
from segdsl.semantics.resolution import Resolver
from segdsl.syntax import literals
from segdsl.syntax.literals import PRESETS, LiteralError
from segdsl.syntax.names import KEYWORDS, NAMESPACES, is_word, name_problem, spelling
from segdsl.syntax.nodes import Date, Duration
from segdsl.syntax.printer import unparse

_VERSION = 1
"""Of the plain data: raised when a reader would have to change; keys may be added without."""


class Completions(Struct, frozen=True):
    """What can stand at the cursor: `text[start:end]` is replaced by the `insert` of an item.

    `expected` says in words what can come next, also where nothing can be listed ("a value"); "" where nothing can.
    """

    start: int
    end: int
    items: tuple[Completion, ...] = ()
    expected: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The completions as plain data, the shape of `segdsl complete --json`."""
        return {"version": _VERSION, **to_builtins(self), "items": [to_builtins(item) for item in self.items]}


class Given(Struct, frozen=True):
    """What the host gives: the checker's resolver, with its schema; definitions; and the values of parameters.

    `definition` is the name of the definition that the text is the body of, None if it is an expression.
    """

    resolver: Resolver
    definitions: Definitions
    params: Mapping[str, Any]
    definition: str | None = None


def completions(text: str, offset: int, given: Given) -> Completions:
    """What can stand at an offset. Never raises for any text; an offset outside of it counts as its end."""
    offset = min(max(offset, 0), len(text))
    if len(text) > MAX_TEXT_LENGTH:
        return Completions(offset, offset)
    cursor = cursor_at(text, offset)
    if not cursor.is_open:
        return Completions(cursor.start, cursor.end)
    place = _Place(cursor, given)
    expected, list_candidates = next(
        (words_, function) for fits, words_, function in _PLACES if fits(place) and place.expected
    )
    items = tuple(_best(list_candidates(place), cursor))
    return Completions(cursor.start, cursor.end, items, expected(place) if callable(expected) else expected)


# ── the place ──────────────────────────────────────────────────────────────────────────────────────────────────────


class _Symbol(Struct, frozen=True):
    """Something on the parser's stack: its names in the grammar, and its first and last token."""

    names: frozenset[str]
    first: int
    last: int


class _Place:
    """The cursor with what stands before it on the parser's stack."""

    def __init__(self, cursor: Cursor, given: Given) -> None:
        self.cursor, self.given, self.resolver = cursor, given, given.resolver
        self.prefix, self.text = cursor.prefix, cursor.text
        self.expected: frozenset[str] = cursor.expected if given.definition is None else cursor.expected - _CLAUSE_WORDS
        self.is_unsettled = "NAME" in next(cursor.stack.symbols())[0]
        self.stack = cursor.stack.settled("COMPARE") if "COMPARE" in self.expected else cursor.stack
        self.symbols = self._symbols()

    def _symbols(self) -> list[_Symbol]:
        """From the top down: as many as a comparison has, at most."""
        found: list[_Symbol] = []
        last = len(self.cursor.tokens) - 1
        for names, first in self.stack.symbols():
            found.append(_Symbol(names, first, last))
            last = first - 1
            if len(found) == _DEEPEST:
                break
        return found

    def has(self, at: int, *names: str) -> bool:
        """Whether the symbol at a depth (0 is the top) has one of the names."""
        return at < len(self.symbols) and not self.symbols[at].names.isdisjoint(names)

    def tokens(self, at: int) -> list[Token]:
        """The tokens of a symbol."""
        return self.cursor.tokens[self.symbols[at].first : self.symbols[at].last + 1]

    def written(self, at: int) -> str:
        """The text of a symbol."""
        return self.cursor.written(self.symbols[at].first, self.symbols[at].last)

    def name(self, at: int) -> str | None:
        """The name that a symbol is, in its canonical spelling; None when it is none that can be."""
        tokens = self.tokens(at)
        text = self.text[tokens[0].start : tokens[0].end]
        if len(tokens) == 1:
            return text if name_problem(text) is None else None
        key = tokens[2]
        try:
            return spelling(text, literals.unquote(self.text[key.start : key.end])) if text in NAMESPACES else None
        except LiteralError:
            return None

    def value(self, at: int) -> Any:
        """The value of the literal that a symbol is; None when it is not known."""
        token = self.tokens(at)[0]
        text = self.text[token.start : token.end]
        try:
            return _READ[token.kind](self, text)
        except (LiteralError, bound.UnfitParameterError):
            return None

    def bound_value(self, text: str) -> Any:
        """The value of a parameter for a comparison; None when there is none."""
        value = self.given.params.get(text[1:])
        return None if value is None else bound.scalar(value)

    # ── questions that tell the places apart ──

    @property
    def is_chain(self) -> bool:
        """`low < name |`."""
        return self.has(0, "name") and self.has(1, "COMPARE") and self.has(2, "value")

    @property
    def subject(self) -> tuple[str | None, str]:
        """The name that is being compared, and the operator as the checker knows it."""
        operator: list[str] = []
        for at, symbol in enumerate(self.symbols):
            if "name" in symbol.names:
                return self.name(at), _operator(operator[::-1])
            if symbol.names & _OPERATOR_SYMBOLS:
                operator.append(self.written(at).lower())
        return None, ""

    def listed(self) -> set[str]:
        """The strings and other literals that the list holds already, as the formatter writes them."""
        opening = next((one.first for one in self.symbols if one.names & {"LSQB", "LPAR"}), None)
        if opening is None or "items" not in {name for one in self.symbols[:2] for name in one.names}:
            return set()
        found = set()
        for token in self.cursor.tokens[opening + 1 :]:
            text = self.text[token.start : token.end]
            try:
                found.add(literals.quote(literals.unquote(text)) if token.kind == "STRING" else text.lower())
            except LiteralError:
                continue
        return found

    def parameters(
        self, fit: Callable[[Any], Any], accepted: Callable[[Any], bool] = lambda _: True
    ) -> Iterable[Candidate]:
        """The parameters that fit here."""
        return offered.parameters(self.given.params, fit, accepted)


_DEEPEST = 8
"""`name not between value and`, and a chain, are the longest beginnings of a comparison; two for what is around."""

_OPERATOR_SYMBOLS = frozenset(["COMPARE", "IN", "NOT", "CONTAINS", "WITHIN", "BEFORE", "BETWEEN", "IS"])
_READ: dict[str, Callable[[_Place, str], Any]] = {
    "NUMBER": lambda _, text: literals.number(text),
    "STRING": lambda _, text: literals.unquote(text),
    "TRUE": lambda _, __: True,
    "FALSE": lambda _, __: False,
    "DURATION": lambda _, text: Duration(literals.duration(text)),
    "DATE": lambda _, text: Date(literals.date(text)),
    "PARAMETER": _Place.bound_value,
}


def _operator(parts: list[str]) -> str:
    """The operator as the checker knows it: of a range any sign of order, for `is` the sign that says the same."""
    text = " ".join(parts)
    if "between" in text:
        return "<="
    return {"is": "==", "is not": "!="}.get(text) or SIGNS.get(text, text)


# ── candidates in each place ───────────────────────────────────────────────────────────────────────────────────────


def _condition(place: _Place) -> Iterator[Candidate]:
    yield from offered.names(place.resolver, place.prefix, lambda _: True)
    definitions, body = place.given.definitions, place.given.definition
    circle = set() if body is None else definitions.users(body)
    for name in definitions:
        origin = definitions.origin(name) if is_word(name) and name not in circle else None
        if origin is not None:
            body = unparse(origin.expression)
            yield candidate(f"@{name}", "definition", offered.shortened(body), body, rank=1)
    if place.prefix.startswith("$"):
        yield from place.parameters(bound.scalar, lambda value: any(_mirrored_signs(place.resolver, value)))
    if _depth(place) < MAX_NESTING:
        yield from words("not", rank=5)
        yield from words("(", kind="punctuation", rank=6)


def _depth(place: _Place) -> int:
    """How deep the cursor is nested in parentheses and `not`."""
    return sum(not names.isdisjoint(("LPAR", "_not")) for names, _ in place.stack.symbols())


def _mirrored_signs(resolver: Resolver, value: Any) -> Iterator[str]:
    """The signs that can follow a literal: some name takes them, mirrored."""
    every = [*names_of(resolver.schema), *(f"{space}.x" for space in NAMESPACES)]
    for sign, mirrored in MIRRORED.items():
        if any(_takes(name, mirrored, value, resolver) for name in every):
            yield sign


def _takes(name: str, operator: str, value: Any, resolver: Resolver) -> bool:
    """Whether a name takes a literal; one that is not known (None) may be of any type."""
    if value is None:
        return any(accepts(name, operator, one, resolver) for one in samples_for(name, resolver))
    return accepts(name, operator, value, resolver)


def _sign_after_value(place: _Place) -> Iterable[Candidate]:
    return [offered.operator(sign) for sign in _mirrored_signs(place.resolver, place.value(0))]


def _name_after_sign(place: _Place) -> Iterable[Candidate]:
    """The names that fit the literal and the sign before them."""
    mirrored = MIRRORED[SIGNS[place.written(0)]]
    value, resolver = place.value(1), place.resolver
    return offered.names(resolver, place.prefix, lambda name: _takes(name, mirrored, value, resolver))


def _after_name(place: _Place) -> Iterator[Candidate]:
    name = place.name(0)
    if name is None:
        if place.is_unsettled and place.written(0) in NAMESPACES:
            yield from words("[", kind="punctuation")
        return
    if place.is_chain:
        first = place.written(1)
        signs = [sign for sign in ("<", "<=", ">", ">=") if sign[0] == first[0] and first in ("<", "<=", ">", ">=")]
        yield from (offered.operator(sign) for sign in signs)
        yield from _after_condition(place)
        return
    yield from offered.operators(name, place.resolver)
    if name.lower() not in KEYWORDS and accepts(name, "==", True, place.resolver):
        yield from _after_condition(place)


def _after_not(place: _Place) -> Iterator[Candidate]:
    name = place.name(1)
    for word in operators_of(name, place.resolver) if name else ():
        if word in ("in", "between"):
            yield candidate(word, "operator", "none of a list" if word == "in" else "outside of both ends")


def _value(place: _Place) -> Iterator[Candidate]:
    name, operator = place.subject
    if name is None:
        return
    used, resolver = place.listed(), place.resolver
    for one in offered.values_for(name, operator, resolver, place.prefix):
        if one.label not in used:
            yield one
    if operator in ("within", "before"):
        fit: Callable[[Any], Any] = bound.duration
    else:
        fit = bound.scalar
    yield from place.parameters(fit, lambda value: accepts(name, operator, value, resolver))
    if place.has(0, "IS"):
        yield from words("not")


def _list(place: _Place) -> Iterator[Candidate]:
    name, operator = place.subject
    yield from words("[", kind="punctuation", rank=0)
    if name is not None:
        resolver = place.resolver
        yield from place.parameters(
            bound.many, lambda values: all(accepts(name, operator, value, resolver) for value in values)
        )


def _in_list(place: _Place) -> Iterable[Candidate]:
    closing = "]" if "RSQB" in place.expected else ")"
    return words(closing, ",", kind="punctuation")


def _after_condition(place: _Place) -> Iterator[Candidate]:
    expected = place.expected
    yield from words(*(word for word in ("and", "or") if word.upper() in expected))
    if "RPAR" in expected:
        yield from words(")", kind="punctuation", rank=6)
    used = _clauses_used(place)
    yield from words(*(word for word in _CLAUSES if word.upper() in expected and word.upper() not in used), rank=5)


_CLAUSES = ("during", "from", "to", "for")
_CLAUSE_WORDS = frozenset(word.upper() for word in _CLAUSES)


def _clauses_used(place: _Place) -> set[str]:
    """The kinds of scope clauses that stand before the cursor."""
    begins = [symbol.first for symbol in place.symbols if symbol.names & _CLAUSE_SYMBOLS]
    return {token.kind for token in place.cursor.tokens[min(begins) :]} if begins else set()


_CLAUSE_SYMBOLS = frozenset(["clauses", "clause", "DURING", "FROM", "TO", "FOR"])


def _preset(place: _Place) -> Iterator[Candidate]:
    for text in PRESETS:
        says = "all conversations" if text == "all" else f"the conversations of the last {text[:-1]} days"
        yield candidate(text, "value", says)
    yield from place.parameters(bound.preset)


def _moment(place: _Place) -> Iterable[Candidate]:
    return place.parameters(bound.moment)


def _product(place: _Place) -> Iterator[Candidate]:
    yield from place.parameters(bound.products)
    if "DURING" in place.expected:  # after a comma that may be the last one
        yield from _after_condition(place)


def _products(place: _Place) -> Iterator[Candidate]:
    yield from _after_condition(place)
    yield from words(",", kind="punctuation", rank=6)


def _key(place: _Place) -> Iterable[Candidate]:
    return offered.keys(place.resolver, place.written(1))


# ── the table of places ────────────────────────────────────────────────────────────────────────────────────────────


def _expects(*kinds: str) -> Callable[[_Place], bool]:
    needed = frozenset(kinds)
    return lambda place: needed <= place.expected


def _value_words(place: _Place) -> str:
    """What a name is compared with, in words."""
    name, operator = place.subject
    if name is None:
        return "a value"
    fitting = [one for one in samples_for(name, place.resolver) if accepts(name, operator, one, place.resolver)]
    is_listed = ANY_STRING not in fitting
    found = ["a declared value" if is_listed and isinstance(one, str) else _TYPE_WORDS[type(one)] for one in fitting]
    return " or ".join(dict.fromkeys(found)) or "a value"


_TYPE_WORDS: dict[type, str] = {
    str: "a string",
    int: "a number",
    bool: "true or false",
    Duration: "a duration such as 7d",
    Date: "a date such as 2026-01-31",
}


def _after_condition_words(place: _Place) -> str:
    if "RPAR" in place.expected:
        return "`and`, `or` or `)`"
    return "`and`, `or`, a scope clause or the end" if "DURING" in place.expected else "`and`, `or` or the end"


def _end_words(place: _Place) -> str:
    return "a scope clause or the end" if "DURING" in place.expected else "the end"


_PLACES: list[
    tuple[Callable[[_Place], bool], str | Callable[[_Place], str], Callable[[_Place], Iterable[Candidate]]]
] = [
    (_expects("NAME", "NOT"), "a condition", _condition),
    (_expects("NAME"), "a name", _name_after_sign),
    (lambda place: place.has(0, "name"), "a comparison", _after_name),
    (lambda place: place.has(0, "NOT") and place.has(1, "name"), "`in` or `between`", _after_not),
    (
        lambda place: place.has(0, "value") and place.expected == {"COMPARE"},
        "a comparison such as `<`",
        _sign_after_value,
    ),
    (_expects("STRING", "NUMBER"), _value_words, _value),
    (_expects("LSQB", "LPAR"), "a list such as `[1, 2]`", _list),
    (lambda place: place.expected == {"AND"}, "`and`", _after_condition),
    (_expects("ALL"), "7d, 30d, 90d or all", _preset),
    (_expects("DATE"), "a date such as 2026-01-31", _moment),
    (_expects("PRODUCT"), "`product` or `products`", lambda _: words("product", "products")),
    (_expects("STRING", "PARAMETER"), "a product id in quotes", _product),
    (_expects("STRING"), "a key in quotes", _key),
    (lambda place: place.expected == {"RSQB"}, "`]`", lambda _: words("]", kind="punctuation")),
    (_expects("COMMA", "RSQB"), "`,` or `]`", _in_list),
    (lambda place: {"COMMA", "RPAR"} <= place.expected and "AND" not in place.expected, "`,` or `)`", _in_list),
    (_expects("COMMA", "$END"), "`,`, a scope clause or the end", _products),
    (_expects("AND"), _after_condition_words, _after_condition),
    (lambda _: True, _end_words, _after_condition),
]
"""For each place how it is recognized, what is expected there, and what is offered. The first that fits is taken."""


# ── the best ───────────────────────────────────────────────────────────────────────────────────────────────────────

_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+|[^\W_a-zA-Z0-9]+")
_LEAST_INSIDE = 3  # letters that are searched for in the middle of a word
_TOUCHED = "\"')],"
"""After these an inserted word needs a blank, for the eye."""


def _best(found: Iterable[Candidate], cursor: Cursor) -> Iterator[Completion]:
    """Those that the prefix leads to, the nearest first."""
    ranked: list[tuple[int, int, int, Completion]] = []
    wanted = string_begun(cursor.prefix)
    is_quoted = cursor.prefix[:1] in ("'", '"')
    for one in found:
        if is_quoted and one.label[:1] != '"':
            continue
        distance = None if wanted is None else _distance(one.match, wanted)
        if distance is not None:
            ranked.append((distance, one.rank, len(ranked), one.shown))
    before = cursor.text[cursor.start - 1 : cursor.start]
    for *_, item in sorted(ranked, key=lambda one: one[:3]):
        needs_blank = before and before in _TOUCHED and (item.insert[0].isalnum() or item.insert[0] in '_"$@')
        yield Completion(item.label, f" {item.insert}", item.kind, item.detail, item.help) if needs_blank else item


def _distance(match: str, prefix: str) -> int | None:
    """How near a text is to what is typed: the same, its beginning, a later part, somewhere inside; None if not."""
    if match == prefix:
        return 0
    lowered, typed = match.lower(), prefix.lower()
    if lowered.startswith(typed):
        return 1
    if any(part.lower().startswith(typed) for part in _PART.findall(match)):
        return 2
    return 3 if len(typed) >= _LEAST_INSIDE and typed in lowered else None

"""Completion: what can stand at the cursor, best first.

The parser's stack gives the kinds of token that can come next. One entry of `_KINDS` recognizes the place, and a
function lists the candidates there; the checker's own resolver decides which of them fit.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import Struct, to_builtins

from segdsl.authoring import candidates as offered
from segdsl.authoring.candidates import Candidate, Completion, candidate, words
from segdsl.authoring.cursor import Cursor, cursor_at, string_begun
from segdsl.authoring.fitting import ANY_STRING, accepts, names_of, operators_of, samples_for
from segdsl.authoring.place import CLAUSES, Given, Place
from segdsl.catalogue import MIRRORED, SIGNS
from segdsl.limits import MAX_NESTING, MAX_TEXT_LENGTH
from segdsl.semantics import parameters as bound
from segdsl.semantics.resolution import Resolver
from segdsl.syntax.literals import PRESETS
from segdsl.syntax.names import KEYWORDS, NAMESPACES
from segdsl.syntax.nodes import Date, Duration

_VERSION = 1
"""The version of the plain data: raised when readers have to change; new keys do not raise it."""


class Completions(Struct, frozen=True):
    """What can stand at the cursor: `text[start:end]` is replaced by the `insert` of an item.

    `expected` says in words what can come next ("a value"), also where nothing can be listed. It is empty in a comment
    and after something broken.
    """

    start: int
    end: int
    items: tuple[Completion, ...] = ()
    expected: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The completions as plain data, the shape of `segdsl complete --json`."""
        return {"version": _VERSION, **to_builtins(self), "items": [to_builtins(item) for item in self.items]}


def completions(text: str, offset: int, given: Given) -> Completions:
    """What can stand at an offset. Never raises for any text; an offset outside of it counts as its end."""
    offset = min(max(offset, 0), len(text))
    if len(text) > MAX_TEXT_LENGTH:
        return Completions(offset, offset)
    cursor = cursor_at(text, offset)
    if not cursor.is_open:
        return Completions(cursor.start, cursor.end)
    place = Place(cursor, given)
    kind = next(kind for kind in _KINDS if kind.fits(place))
    expected = kind.expected if isinstance(kind.expected, str) else kind.expected(place)
    return Completions(cursor.start, cursor.end, tuple(_best(kind.candidates(place), cursor)), expected)


# ── candidates in each place ───────────────────────────────────────────────────────────────────────────────────────


def _condition(place: Place) -> Iterator[Candidate]:
    yield from offered.names(place.resolver, place.prefix, lambda _: True)
    yield from offered.definitions(place.given.definitions, place.given.definition)
    if place.prefix.startswith("$"):
        yield from _parameters(place, bound.scalar, lambda value: any(_mirrored_signs(place.resolver, value)))
    if place.depth() < MAX_NESTING:
        yield from words("not", rank=5)
        yield from words("(", kind="punctuation", rank=6)


def _parameters(
    place: Place, fit: Callable[[Any], Any], accepted: Callable[[Any], bool] = lambda _: True
) -> Iterator[Candidate]:
    """The parameters that fit here."""
    return offered.parameters(place.given.params, fit, accepted)


def _mirrored_signs(resolver: Resolver, value: Any) -> Iterator[str]:
    """The signs that can follow a literal: some name takes them, mirrored."""
    every = [*names_of(resolver.schema), *(f"{space}.x" for space in NAMESPACES)]
    for sign, mirrored in MIRRORED.items():
        if any(_takes(name, mirrored, value, resolver) for name in every):
            yield sign


def _takes(name: str, operator: str, value: Any, resolver: Resolver) -> bool:
    """Whether a name takes a literal. An unknown one (None) may be of any type."""
    if value is None:
        return any(accepts(name, operator, one, resolver) for one in samples_for(name, resolver))
    return accepts(name, operator, value, resolver)


def _sign_after_value(place: Place) -> Iterable[Candidate]:
    return [offered.operator(sign) for sign in _mirrored_signs(place.resolver, place.value(0))]


def _name_after_sign(place: Place) -> Iterable[Candidate]:
    """The names that fit the literal and the sign before them."""
    mirrored = MIRRORED[SIGNS[place.written(0)]]
    value, resolver = place.value(1), place.resolver
    return offered.names(resolver, place.prefix, lambda name: _takes(name, mirrored, value, resolver))


def _after_name(place: Place) -> Iterator[Candidate]:
    name = place.name(0)
    if name is None:
        if place.is_unsettled and place.written(0) in NAMESPACES:
            yield from words("[", kind="punctuation")
        return
    if place.is_chain:
        yield from map(offered.operator, _SIGNS_OF_CHAIN.get(place.written(1), ()))
        yield from _after_condition(place)
        return
    yield from offered.operators(name, place.resolver)
    if name.lower() not in KEYWORDS and accepts(name, "==", True, place.resolver):
        yield from _after_condition(place)


_SIGNS_OF_CHAIN = dict.fromkeys(("<", "<="), ("<", "<=")) | dict.fromkeys((">", ">="), (">", ">="))
"""For the first sign of a chain the signs that can be the second."""


def _after_not(place: Place) -> Iterator[Candidate]:
    name = place.name(1)
    for word in operators_of(name, place.resolver) if name else ():
        if word in ("in", "between"):
            yield candidate(word, "operator", "none of a list" if word == "in" else "outside of both ends")


def _value(place: Place) -> Iterator[Candidate]:
    name, operator = place.subject
    if name is None:
        return
    used, resolver = place.listed(), place.resolver
    for one in offered.values_for(name, operator, resolver, place.prefix):
        if one.label not in used:
            yield one
    fit: Callable[[Any], Any] = bound.duration if operator in ("within", "before") else bound.scalar
    yield from _parameters(place, fit, lambda value: accepts(name, operator, value, resolver))
    if place.has(0, "IS"):
        yield from words("not")
    if place.has(0, "COMMA"):  # it may be the last one
        yield from _end_of_list(place)


def _list(place: Place) -> Iterator[Candidate]:
    name, operator = place.subject
    yield from words("[", kind="punctuation", rank=0)
    if name is not None:
        resolver = place.resolver
        yield from _parameters(
            place, bound.many, lambda values: all(accepts(name, operator, value, resolver) for value in values)
        )


def _in_list(place: Place) -> Iterable[Candidate]:
    return [*_end_of_list(place), *words(",", kind="punctuation")]


def _end_of_list(place: Place) -> Iterable[Candidate]:
    """The bracket that can close a list here."""
    return words(*(sign for sign, kind in _CLOSING.items() if kind in place.expected), kind="punctuation")


_CLOSING = {"]": "RSQB", ")": "RPAR"}


def _after_condition(place: Place) -> Iterator[Candidate]:
    expected = place.expected
    yield from words(*(word for word in ("and", "or") if word.upper() in expected))
    if "RPAR" in expected:
        yield from words(")", kind="punctuation", rank=6)
    said = place.clauses()
    yield from words(*(word for word in CLAUSES if word.upper() in expected and word not in said), rank=5)


def _preset(place: Place) -> Iterator[Candidate]:
    for text in PRESETS:
        says = "all conversations" if text == "all" else f"the conversations of the last {text[:-1]} days"
        yield candidate(text, "value", says)
    yield from _parameters(place, bound.preset)


def _moment(place: Place) -> Iterable[Candidate]:
    return _parameters(place, bound.moment)


def _product(place: Place) -> Iterator[Candidate]:
    yield from _parameters(place, bound.products)
    if "DURING" in place.expected:  # after a comma that may be the last one
        yield from _after_condition(place)


def _products(place: Place) -> Iterator[Candidate]:
    yield from _after_condition(place)
    yield from words(",", kind="punctuation", rank=6)


def _key(place: Place) -> Iterable[Candidate]:
    return offered.keys(place.resolver, place.written(1))


# ── the kinds of place ─────────────────────────────────────────────────────────────────────────────────────────────


class _Kind(NamedTuple):
    """How a kind of place is recognized, what is expected there in words, and what is offered."""

    fits: Callable[[Place], bool]
    expected: str | Callable[[Place], str]
    candidates: Callable[[Place], Iterable[Candidate]]


def _expects(*kinds: str) -> Callable[[Place], bool]:
    needed = frozenset(kinds)
    return lambda place: needed <= place.expected


def _expects_only(kind: str) -> Callable[[Place], bool]:
    return lambda place: place.expected == {kind}


def _value_words(place: Place) -> str:
    """The kind of literal that a name takes, in words."""
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


def _after_condition_words(place: Place) -> str:
    if "RPAR" in place.expected:
        return "`and`, `or` or `)`"
    return "`and`, `or`, a scope clause or the end" if "DURING" in place.expected else "`and`, `or` or the end"


def _end_words(place: Place) -> str:
    return "a scope clause or the end" if "DURING" in place.expected else "the end"


_KINDS = (
    _Kind(_expects("NAME", "NOT"), "a condition", _condition),
    _Kind(_expects("NAME"), "a name", _name_after_sign),
    _Kind(lambda place: place.has(0, "name"), "a comparison", _after_name),
    _Kind(lambda place: place.has(0, "NOT") and place.has(1, "name"), "`in` or `between`", _after_not),
    _Kind(_expects_only("COMPARE"), "a comparison such as `<`", _sign_after_value),
    _Kind(_expects("STRING", "NUMBER"), _value_words, _value),
    _Kind(_expects("LSQB", "LPAR"), "a list such as `[1, 2]`", _list),
    _Kind(_expects_only("AND"), "`and`", _after_condition),
    _Kind(_expects("ALL"), "7d, 30d, 90d or all", _preset),
    _Kind(_expects("DATE"), "a date such as 2026-01-31", _moment),
    _Kind(_expects("PRODUCT"), "`product` or `products`", lambda _: words("product", "products")),
    _Kind(_expects("STRING", "PARAMETER"), "a product id in quotes", _product),
    _Kind(_expects("STRING"), "a key in quotes", _key),
    _Kind(_expects_only("RSQB"), "`]`", lambda _: words("]", kind="punctuation")),
    _Kind(_expects("COMMA", "RSQB"), "`,` or `]`", _in_list),
    _Kind(lambda place: {"COMMA", "RPAR"} <= place.expected and "AND" not in place.expected, "`,` or `)`", _in_list),
    _Kind(_expects("COMMA", "$END"), "`,`, a scope clause or the end", _products),
    _Kind(_expects("AND"), _after_condition_words, _after_condition),
    _Kind(lambda _: True, _end_words, _after_condition),
)
"""The first that fits is taken."""


# ── the best ───────────────────────────────────────────────────────────────────────────────────────────────────────

_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+|[^\W_a-zA-Z0-9]+")
_LEAST_INSIDE = 3  # letters that are searched for in the middle of a word
_TOUCHED = "\"')],"
"""After these signs an inserted word gets a blank, for readability."""


def _best(found: Iterable[Candidate], cursor: Cursor) -> Iterator[Completion]:
    """The candidates that match the prefix, the nearest first."""
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
    """0 if the text is the prefix, 1 if it begins with it, 2 if a later word does, 3 if it holds it; None otherwise."""
    if match == prefix:
        return 0
    lowered, typed = match.lower(), prefix.lower()
    if lowered.startswith(typed):
        return 1
    if any(part.startswith(typed) for part in _parts(match)):
        return 2
    return 3 if len(typed) >= _LEAST_INSIDE and typed in lowered else None


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, ...]:
    """The words that a name is made of, in lower case."""
    return tuple(part.lower() for part in _PART.findall(name))

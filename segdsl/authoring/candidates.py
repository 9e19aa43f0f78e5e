"""The candidates: names, operators, values. The checker decides which of them fit."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from segdsl.authoring.fitting import accepts, names_of, operators_of, segments_of
from segdsl.catalogue import (
    KIND_WORDS,
    MIRRORED,
    NAMESPACE_OF,
    NAMESPACES,
    OPERATORS,
    PROPERTY_KINDS,
    Field,
    Kind,
    scale_of,
)
from segdsl.semantics.definitions import Definitions
from segdsl.semantics.names import field_of, name_everywhere
from segdsl.semantics.parameters import UnfitParameterError
from segdsl.semantics.resolution import Resolver
from segdsl.semantics.schema import Schema
from segdsl.semantics.wording import name_sentence
from segdsl.syntax.literals import LiteralError, duration, quote
from segdsl.syntax.names import is_word, spelling
from segdsl.syntax.nodes import Date, Duration
from segdsl.syntax.printer import literal, unparse

_LENGTHS = ("24h", "7d", "30d", "90d")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SHOWN = 60  # characters of a value or definition in the line beside a label


class Completion(Struct, frozen=True):
    """One thing that can stand at the cursor: `label` for a menu, `insert` for the text, `detail` and `help` to read.

    `kind` is the kind of a field ("metric", "flag", "count", "last_seen", "property", "conversation_property"), or
    "namespace", "operator", "value", "keyword", "definition", "parameter", "punctuation".
    """

    label: str
    insert: str
    kind: str
    detail: str = ""
    help: str = ""


class Candidate(Struct, frozen=True):
    """A completion, the text that a prefix is compared with, and how late it comes among equally good ones."""

    shown: Completion
    match: str
    rank: int = 0

    @property
    def label(self) -> str:
        """The item for a menu."""
        return self.shown.label


def candidate(label: str, kind: str, detail: str = "", help_: str = "", *, rank: int = 0, match: str = "") -> Candidate:
    """A candidate that inserts its label."""
    return Candidate(Completion(label, label, kind, detail, help_), match or label, rank)


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def names(resolver: Resolver, prefix: str, fits: Callable[[str], bool]) -> Iterator[Candidate]:
    """The names that fit, and the namespaces. Properties are spelled with `user.` once that is typed."""
    schema = resolver.schema
    for name, one, spelled in _every_name(schema):
        if fits(name):
            yield spelled if spelled and prefix.startswith("user.") else one
    for kind, space in NAMESPACE_OF.items():
        declared = schema.declared(kind)
        shown = [f"{space}.x"] if declared is None else [name_everywhere(Field(kind, key)) for key in declared]
        if not prefix.startswith(f"{space}.") and any(map(fits, shown)):
            yield candidate(f"{space}.", "namespace", f"{KIND_WORDS[kind].one} by its key", rank=4)


@lru_cache(maxsize=16)
def _every_name(schema: Schema) -> tuple[tuple[str, Candidate, Candidate | None], ...]:
    """Each name as a candidate; a user property also as one that is spelled with `user.`."""
    found: list[tuple[str, Candidate, Candidate | None]] = []
    for name in names_of(schema):
        field = field_of(name)
        rank = 1 if field.kind is Kind.PROPERTY else 3 if field.kind in PROPERTY_KINDS else 2
        says = str(field.kind), KIND_WORDS[field.kind].one, name_sentence(name, schema)
        spelled = None
        if field.kind is Kind.PROPERTY:
            spelled = candidate(spelling(NAMESPACE_OF[field.kind], field.key), *says, rank=rank)
        found.append((name, candidate(name, *says, rank=rank), spelled))
    return tuple(found)


def keys(resolver: Resolver, space: str) -> Iterator[Candidate]:
    """The declared keys of a namespace, as strings. Any other name has none."""
    kind = NAMESPACES.get(space)
    if kind is None:
        return
    for key in resolver.schema.keys(kind):
        yield candidate(quote(key), str(kind), KIND_WORDS[kind].one, match=key)


# ── operators ──────────────────────────────────────────────────────────────────────────────────────────────────────


def operators(name: str, resolver: Resolver) -> Iterator[Candidate]:
    """The operators that a name takes."""
    taken = operators_of(name, resolver)
    is_text = not any(accepts(name, "<", one, resolver) for one in (1, Date("2026-01-31")))
    for word in taken:  # the order of texts is not documented, and seldom meant
        rank = 2 if is_text and word in _ORDER else 0
        segments = segments_of(name, word, resolver.schema) if word in MIRRORED else 1
        yield operator(word, segments, rank=rank)
    if "<" in taken:
        yield operator("not between", rank=2 if is_text else 0)
    if "==" in taken:
        yield candidate("is", "operator", "the same as ==", rank=1)
        yield candidate("is not", "operator", "the same as !=", rank=1)


_ORDER = frozenset(["<", "<=", ">", ">=", "between"])


def operator(word: str, segments: int = 1, *, rank: int = 0) -> Candidate:
    """An operator, with the number of segments that it needs if they are several."""
    if "between" in word:
        says = "both ends included" if word == "between" else "outside of both ends"
    else:
        says = OPERATORS[word].verb
    needs = f"; needs {segments} segments" if segments > 1 else ""
    return candidate(word, "operator", says + needs, rank=rank)


# ── values ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def values_for(name: str, word: str, resolver: Resolver, prefix: str = "") -> Iterator[Candidate]:
    """The literals that can be listed for a name and an operator; `prefix` may be a number that lacks its unit."""

    def fits(value: Any) -> bool:
        return accepts(name, word, value, resolver)

    field = field_of(name)
    declared = resolver.schema.type_of(field)
    for value in declared if isinstance(declared, tuple) else ():
        if fits(value):
            yield candidate(quote(value), "value", "a declared value", match=value)
    for truth in (True, False):
        if fits(truth):
            yield candidate(literal(truth), "value")
    if fits(Duration("7d")):
        yield from _durations(prefix)
    if (scale := scale_of(field)) and fits(1):
        low, high = scale
        for part in (0.25, 0.5, 0.75):
            yield candidate(f"{low + (high - low) * part:g}", "value", f"from {low} to {high}")


def _durations(prefix: str) -> Iterator[Candidate]:
    lengths = list(_LENGTHS)
    if prefix.rstrip("".join(_UNITS)).isdecimal():
        number = prefix.rstrip("".join(_UNITS))
        lengths += [number + unit for unit in _UNITS if number + unit not in lengths]
    for text in lengths:
        try:
            yield candidate(duration(text), "value", f"{text[:-1]} {_UNITS[text[-1]]}")
        except LiteralError:
            continue


# ── what the host gives ────────────────────────────────────────────────────────────────────────────────────────────


def definitions(known: Definitions, body: str | None) -> Iterator[Candidate]:
    """The readable definitions. In the `body` of a definition, it and the definitions that use it are left out."""
    circle = set() if body is None else known.users(body)
    for name in known:
        origin = known.origin(name) if is_word(name) and name not in circle else None
        if origin is not None:
            text = unparse(origin.expression)
            yield candidate(f"@{name}", "definition", shortened(text), text, rank=1)


def parameters(
    params: Mapping[str, Any], fit: Callable[[Any], Any], accepted: Callable[[Any], bool]
) -> Iterator[Candidate]:
    """The parameters whose value `fit` takes, as the checker does, and that are accepted then."""
    for name, value in params.items():
        try:
            fitting = isinstance(name, str) and is_word(name) and accepted(fit(value))
        except UnfitParameterError:
            fitting = False
        if fitting:
            yield candidate(f"${name}", "parameter", shortened(repr(value)), rank=1)


def words(*each: str, kind: str = "keyword", rank: int = 4) -> Iterable[Candidate]:
    """Words or signs of the language."""
    return [candidate(word, kind, _WORDS.get(word, ""), rank=rank) for word in each]


_WORDS = {
    "not": "the opposite",
    "during": "the conversations of the last days",
    "from": "the conversations since a date",
    "to": "the conversations until a date",
    "for": "the conversations about products",
    "[": "a list",
}


def shortened(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"

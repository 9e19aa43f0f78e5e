"""Warnings about single values: thresholds out of scale, and characters that make text read other than it is."""

import re
from collections.abc import Iterator, Sequence

from segdsl.catalogue import scale_of
from segdsl.diagnostics import Diagnostic
from segdsl.diagnostics.cells import named
from segdsl.semantics.typed import Origin, Predicate
from segdsl.source import Span
from segdsl.syntax.lexer import PlainTokens
from segdsl.syntax.literals import MISLEADING
from segdsl.syntax.nodes import BareName


def value_lints(predicates: Sequence[Predicate]) -> list[Diagnostic]:
    """All warnings about the values of predicates, each place once."""
    found: list[Diagnostic] = []
    unique = {(id(one.origin), one.leaf, one.bound): one for one in predicates}  # a definition used twice is one
    for predicate in unique.values():
        values = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
        for index, value in enumerate(values, predicate.bound):
            found += [*_out_of_scale(predicate, value, index), *_misleading(predicate, value, index)]
        if len(values) > 1:
            found += _repeated(predicate, values)
    return found


def _repeated(predicate: Predicate, values: tuple[object, ...]) -> Iterator[Diagnostic]:
    seen = set()
    for index, value in enumerate(values):
        key = (isinstance(value, bool), value)
        if key in seen:
            yield _warning("redundant", "this value stands in the list already", predicate, index)
        seen.add(key)


def comment_lints(origin: Origin) -> Iterator[Diagnostic]:
    """Warnings about comments: a character in them may make the rest of the line read other than it is, too."""
    text = origin.expression.text
    if text is None or text.isascii() or not re.search(MISLEADING, text):
        return
    tokens = PlainTokens(text)
    for found in re.finditer(MISLEADING, text):
        if not tokens.covers(found.start()):
            message = f"this comment holds an invisible character that changes the direction of text: {named(found[0])}"
            yield Diagnostic("misleading-character", message, Span(*found.span()), origin.source)


def _out_of_scale(predicate: Predicate, value: object, index: int) -> Iterator[Diagnostic]:
    scale = scale_of(predicate.field)
    if scale is None or not isinstance(value, int | float):
        return
    low, high = scale
    name = predicate.field.key
    if not low <= value <= high:
        message = f"{value} is outside the scale of `{name}`, which runs from {low} to {high}"
    elif high > 1 and 0 < value < 1:
        message = f"{value} is near the bottom of the scale of `{name}`, which runs from {low} to {high}"
    else:
        return
    yield _warning("out-of-scale", message, predicate, index)


def _misleading(predicate: Predicate, value: object, index: int) -> Iterator[Diagnostic]:
    if not isinstance(value, str) or isinstance(predicate.node, BareName):
        return
    found = dict.fromkeys(re.findall(MISLEADING, value))
    if found:
        names = ", ".join(map(named, found))
        message = f"this string holds invisible characters that change the direction of text: {names}"
        yield _warning("misleading-character", message, predicate, index)


def _warning(code: str, message: str, predicate: Predicate, index: int) -> Diagnostic:
    origin = predicate.origin
    return Diagnostic(code, message, origin.spans.value(predicate.leaf, index), origin.source)

"""Hover: what the word at the cursor is, and its comparison in words."""

from typing import Any

from msgspec import Struct, to_builtins

from segdsl.authoring.cursor import Token, tokens_of
from segdsl.authoring.place import Given, name_of_words
from segdsl.catalogue import OPERATORS, SIGNS
from segdsl.limits import MAX_TEXT_LENGTH
from segdsl.semantics.wording import name_sentence, scope_sentences, sentence
from segdsl.syntax.fold import leaves
from segdsl.syntax.nodes import Condition, Expression, Reference
from segdsl.syntax.parser import parse_or_none
from segdsl.syntax.printer import unparse
from segdsl.syntax.spans import Spans


class Hover(Struct, frozen=True):
    """An explanation of `text[start:end]`: one sentence or more, a line each."""

    start: int
    end: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The hover as plain data."""
        plain: dict[str, Any] = to_builtins(self)
        return plain


def hover(text: str, offset: int, given: Given) -> Hover | None:
    """The explanation of the word at an offset; None where there is none. Never raises for any text."""
    if len(text) > MAX_TEXT_LENGTH:
        return None
    tokens = tokens_of(text)
    at = next((number for number, one in enumerate(tokens) if one.start <= offset < one.end), None)
    if at is None:
        at = next((number for number, one in enumerate(tokens) if one.end == offset), None)
    if at is None or not tokens[at].kind:
        return None
    expression = parse_or_none(text)
    if expression is not None:
        found = _leaf(expression, tokens[at], given) or _clause(expression, tokens[at], given)
        if found is not None:
            return found
    return _word(text, tokens, at, given)


# ── in a text that can be parsed ───────────────────────────────────────────────────────────────────────────────────


def _leaf(expression: Expression, token: Token, given: Given) -> Hover | None:
    """A comparison, a name alone or a reference in words."""
    spans = Spans(expression)
    for number, leaf in enumerate(leaves(expression.condition)):
        whole = spans.leaf(number)
        if whole.start <= token.start and token.end <= whole.end:
            name = spans.name(number)
            on_name = name.start <= token.start and token.end <= name.end
            span = name if on_name else whole
            says = sentence(leaf, given.params).says
            if isinstance(leaf, Reference):
                return Hover(span.start, span.end, _definition(leaf.name, given))
            is_said = f"`{leaf.name}`: {name_sentence(leaf.name, given.resolver.schema)}"
            return Hover(span.start, span.end, f"{is_said}\n{says}")
    return None


def _clause(expression: Expression, token: Token, given: Given) -> Hover | None:
    """A scope clause in words."""
    spans = Spans(expression)
    for name in ("during", "from_", "to", "products"):
        value = getattr(expression, name)
        if value:
            span = spans.clause(name)
            if span.start <= token.start and token.end <= span.end:
                alone = Expression(Reference("a"), **{name: value})
                return Hover(
                    span.start, span.end, f"which conversations count: {scope_sentences(alone, given.params)[0]}"
                )
    return None


# ── in any text ────────────────────────────────────────────────────────────────────────────────────────────────────


def _word(text: str, tokens: list[Token], at: int, given: Given) -> Hover | None:
    """A name, definition, parameter or sign by itself in words."""
    token = tokens[at]
    written = text[token.start : token.end]
    if token.kind == "DEFINITION":
        return Hover(token.start, token.end, _definition(written[1:], given))
    if token.kind == "PARAMETER":
        value = given.params.get(written[1:])
        says = "has no value" if written[1:] not in given.params else f"is {value!r}"
        return Hover(token.start, token.end, f"`{written}` {says}")
    if token.kind == "COMPARE":
        return Hover(token.start, token.end, f"`{written}`: {OPERATORS[SIGNS[written]].verb}")
    first, last, name = _name(text, tokens, at)
    if name is None:
        return None
    return Hover(tokens[first].start, tokens[last].end, f"`{name}`: {name_sentence(name, given.resolver.schema)}")


def _name(text: str, tokens: list[Token], at: int) -> tuple[int, int, str | None]:
    """The first and last token of the name that a token is part of, and the name; None if it is part of none."""
    candidates = range(max(at - 3, 0), at + 1)
    first = next((one for one in candidates if _kinds(tokens[one : one + 4]) == _BRACKETED), None)
    if first is None and tokens[at].kind != "NAME":
        return at, at, None
    start, end = (at, at) if first is None else (first, first + 3)
    return start, end, name_of_words([text[token.start : token.end] for token in tokens[start : end + 1]])


_BRACKETED = ["NAME", "LSQB", "STRING", "RSQB"]
"""The kinds of token of `user["key"]`."""


def _kinds(tokens: list[Token]) -> list[str]:
    return [token.kind for token in tokens]


def _definition(name: str, given: Given) -> str:
    """A definition's expression, and its condition in words."""
    if name not in given.definitions:
        return f"`@{name}` is not defined"
    origin = given.definitions.origin(name)
    if origin is None:
        return f"`@{name}` cannot be read"
    condition: Condition = origin.expression.condition
    return f"`@{name}`: `{unparse(origin.expression)}`\n{_in_words(condition, given)}"


def _in_words(condition: Condition, given: Given) -> str:
    """A condition in words, a line for each part."""
    of_conversations = given.definitions.of_conversations(leaves(condition))
    outline = sentence(condition, given.params, of_conversations).outline()
    return "\n".join(f"{'  ' * min(depth, 8)}{says}" for says, depth in outline)

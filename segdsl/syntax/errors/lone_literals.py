"""Literals where a condition should be: alone, before `in`, after `or`, next to a name without an operator."""

import re

from segdsl.syntax.errors import names
from segdsl.syntax.errors.expected import CONNECTIVES, VALUES
from segdsl.syntax.errors.failure import Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import PHRASES
from segdsl.syntax.errors.operators import NOT_CONTAINS, ORDER
from segdsl.syntax.errors.tokens import NAME, NUMBER, Token
from segdsl.syntax.literals import quote
from segdsl.syntax.names import OPEN_ENDS, WHICH_VALUES

_ALONE = "a literal alone is not a condition"
_NAME_FIRST = "the name comes first"
_COMPARISONS = {"DURATION": "lastSeen within {text}", "DATE": '{name} == "{text}"'}
"""The comparison for kinds of literal that no property equals."""
_WORD_OPERATORS = frozenset(["IN", "CONTAINS", "BETWEEN", "IS", "WITHIN", "BEFORE"])
_ENDS = CONNECTIVES | {"$END", "RPAR"}


def literal_first(failure: Failure) -> Repair | None:
    """A literal that is not compared with a name: alone, before `in`, or a name in quotes."""
    if failure.expected == {"NAME"} and failure.before(2) == "STRING":
        return names.in_quotes(failure, failure.at - 2)
    if failure.expected != {"COMPARE"}:
        return None
    return failure.first_of(_AFTER_LITERAL)


def _before_operator(failure: Failure) -> Repair | None:
    """`"nordic" in company`, `"plan" in ["pro"]`."""
    at, literal = failure.at, failure.tokens[failure.at - 1]
    negated = failure.kind == "NOT"
    operator = failure.kind_of(at + negated)
    if operator not in (("IN", "CONTAINS") if negated else _WORD_OPERATORS):
        return None
    name = at + 1 + negated
    if operator == "IN" and failure.kind_of(name) == "NAME" and literal.kind in ("STRING", "PARAMETER"):
        return _literal_in_name(failure, name, negated)
    if failure.kind == "CONTAINS" and failure.kind_of(name) == "NAME":
        return failure.repair("bad-comparison", _NAME_FIRST, (), None, 'write `company contains "text"`')
    return names.in_quotes(failure, at - 1) if literal.kind == "STRING" else None


def _literal_in_name(failure: Failure, at: int, negated: bool) -> Repair:
    name, literal = failure.tokens[at].text, failure.tokens[failure.at - 1].text
    span = failure.between(failure.at - 1, at)
    if negated:
        return failure.repair("foreign-operator", f"{_NAME_FIRST}; {NOT_CONTAINS}", span=span)
    text = f"{name} contains {literal}"
    edits = [TokenEdit(failure.at - 1, at + 1, text)]
    help_ = f"for a value that is one of several write `{name} in [{literal}]`"
    return failure.repair("bad-comparison", _NAME_FIRST, edits, f"write `{shown(text)}`", help_, span=span)


def _further_value(failure: Failure) -> Repair | None:
    """`market == "NO" or "SE" or "DK"`: more values of the previous comparison."""
    first = failure.begin
    connective = failure.kind_of(first - 1)
    if connective not in CONNECTIVES or failure.at != first + 1 or failure.kind_of(first) not in VALUES:
        return None
    further = [first]
    while (
        failure.kind_of(further[-1] + 1) == connective
        and failure.kind_of(further[-1] + 2) in VALUES
        and failure.kind_of(further[-1] + 3) in _ENDS
    ):
        further.append(further[-1] + 2)
    if failure.kind_of(further[-1] + 1) not in _ENDS:
        return None
    return _into_list(failure, further) or _into_new_list(failure, further) or _into_texts(failure, further)


def _into_list(failure: Failure, further: list[int]) -> Repair | None:
    """The values in the list of the previous comparison."""
    connective, end = further[0] - 1, further[-1] + 1
    value = connective - 1
    opening = failure.partner(value) if failure.kind_of(value) == "RSQB" else None
    if opening is None or failure.kind_of(opening - 1) != "IN":
        return None
    if failure.connective(connective) != "or" and failure.kind_of(opening - 2) != "NOT":
        return None
    commas = [TokenEdit(number - 1, number, ",") for number in further]
    edits = [TokenEdit(value, value + 1, ""), *commas, TokenEdit(end, end, "]")]
    span = failure.between(further[0], further[-1])
    return failure.repair("bad-comparison", _ALONE, edits, "put it in the list, too", span=span)


def _into_new_list(failure: Failure, further: list[int]) -> Repair | None:
    """The values in one list with the value of the previous comparison."""
    connective, end = further[0] - 1, further[-1] + 1
    value, operator = connective - 1, connective - 2
    is_not = failure.kind_of(operator) == "NOT"
    negated = failure.word(operator) in ("!=", "<>") or (is_not and failure.kind_of(operator - 1) == "IS")
    equal = failure.word(operator) in ("=", "==") or failure.kind_of(operator) == "IS"
    start = operator - is_not
    if failure.kind_of(value) not in VALUES or failure.kind_of(start - 1) not in ("NAME", "RSQB"):
        return None
    if not negated and not (equal and failure.connective(connective) == "or"):
        return None
    meant = "not in" if negated else "in"
    commas = [TokenEdit(number - 1, number, ",") for number in further]
    edits = [TokenEdit(start, operator + 1, f"{meant} ["), *commas, TokenEdit(end, end, "]")]
    span = failure.between(further[0], further[-1])
    return failure.repair("bad-comparison", _ALONE, edits, f"use a list with `{meant}`", span=span)


def _into_texts(failure: Failure, further: list[int]) -> Repair | None:
    """`contains "a" or "b"`, with the name and `contains` before each."""
    connective = further[0] - 1
    kinds = [failure.kind_of(connective - back) for back in (1, 2, 3)]
    if kinds[0] not in VALUES or kinds[1:] != ["CONTAINS", "NAME"]:
        return None
    name = failure.tokens[connective - 3].text
    edits = [TokenEdit(number, number, f"{name} contains") for number in further]
    title, span = "say the name and `contains` again", failure.between(further[0], further[-1])
    return failure.repair("bad-comparison", _ALONE, edits, title, span=span)


def _before_phrase(failure: Failure) -> Repair | None:
    """`"plan" equals "pro"`."""
    is_phrase = failure.kind in ("NAME", NAME) and (failure.word(failure.at),) in PHRASES
    return names.in_quotes(failure, failure.at - 1) if failure.before() == "STRING" and is_phrase else None


def _alone(failure: Failure) -> Repair:
    first, literal = failure.begin, failure.tokens[failure.at - 1]
    text, negated = shown(literal.text), failure.kind_of(first - 1) == "NOT"
    name = names.before(failure, first - 1 - negated)
    if name is not None and not failure.takes(name, literal.kind):
        name = None
    if negated and failure.kind_of(first - 4) == "CONTAINS":  # `contains "a" and not "b"`
        return failure.repair("bad-comparison", f"{_ALONE}; {NOT_CONTAINS}", (), None, WHICH_VALUES, span=literal.span)
    if name and negated and literal.kind not in _COMPARISONS and failure.kind_of(first - 2) == "AND":
        edits, title = [TokenEdit(first - 1, first, f"{name} !=")], f"write `{shown(name)} != {text}`"
        return failure.repair("bad-comparison", _ALONE, edits, title, span=literal.span)
    comparison = _COMPARISONS.get(literal.kind, "{name} == {text}").format(name=shown(name or "name"), text=text)
    help_ = _way_out(failure, literal, text, comparison)
    return failure.repair("bad-comparison", _ALONE, (), None, help_, span=literal.span)


def _way_out(failure: Failure, literal: Token, text: str, comparison: str) -> str:
    if failure.kind in ("IN", "CONTAINS") and literal.kind in ("STRING", "PARAMETER"):
        return f"the name comes first: `name contains {text}`, `name in [{text}]`"
    if failure.kind == "IN" and literal.kind not in _COMPARISONS:
        return f"the name comes first: `name in [{text}]`"
    if failure.before(2) in CONNECTIVES and literal.kind not in _COMPARISONS:
        return f"say the name again, `{comparison}`; several values also go in a list, `name in [1, 2]`"
    return f"compare it with a name: `{comparison}`"


_AFTER_LITERAL = (_before_operator, _further_value, _before_phrase, _alone)


def two_literals(failure: Failure) -> Repair | None:
    """A literal compared with another one."""
    if failure.expected == {"NAME"} and failure.kind in VALUES:
        return failure.repair("bad-comparison", "a literal is compared with a name, not with another literal")
    return None


def without_sign(failure: Failure) -> Repair | None:
    """`role "editor"`, or `plan pro` with a declared value: a name and a value without an operator."""
    at, text = failure.at, failure.token.text
    if failure.name_end != at or failure.name_end == failure.begin:
        return None
    if failure.kind == NUMBER and (many := re.fullmatch(r"([0-9]+)\+", text)):
        meant = f">= {many[1]}"
        return failure.repair("bad-number", f"`{text}` is not a number", [failure.edit(meant)], f"write `{meant}`")
    values = failure.type_of(failure.name)
    if isinstance(values, tuple) and text in values and failure.kind_of(at + 1) in _ENDS | {"COMMA"}:
        message, meant = f"expected a comparison, found `{shown(text)}`", f"== {quote(text)}"
        return failure.repair("unexpected-token", message, [failure.edit(meant)], f"write `{shown(meant)}`")
    if failure.kind not in VALUES - {"DURATION"}:
        return None
    operator = OPEN_ENDS.get(failure.word(at + 2)) if failure.kind_of(at + 1) in ("OR", "AND") else None
    if failure.kind == "NUMBER" and operator is not None:  # `seats 10 or more`
        meant, span = f"{operator} {text}", failure.between(at, at + 2)
        message = f"`{shown(failure.written(at, at + 2))}` is not a comparison"
        edits = [TokenEdit(at, at + 3, meant)]
        return failure.repair("unexpected-token", message, edits, f"write `{meant}`", span=span)
    message = f"expected a comparison such as `==` or `<`, found `{shown(text)}`"
    is_number = failure.before() == "NAME" and failure.kind == "NUMBER"
    title = "use `==`, or another comparison" if is_number else "use `==`"
    word = PHRASES.get((failure.name.lower(),))
    is_comparison = word in ORDER and failure.declared_as(failure.name) is None  # `max 10`
    ways = (None, f"say what is compared: `name {word} …`") if is_comparison else (title,)
    return failure.repair("unexpected-token", message, [TokenEdit(at, at, "==")], *ways)

"""The meaning of filters: compares a config's filters with a server's, in the compiler's normal form."""

import json
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from msgspec import UNSET, structs

from segdsl.compiler.decompile import decompile, decompiled
from segdsl.environment import DEFAULT
from segdsl.errors import CompileError, InvalidSegmentError
from segdsl.semantics.schema import UNCHECKED, Schema
from segdsl.syntax.literals import minutes
from segdsl.syntax.nodes import Expression
from segdsl.wire.filters import Filters
from segdsl.wire.rules import LastSeenRule, Rule
from segdsl.wire.segment import plain_name
from segdsl.wire.validation import instant

_LONGEST_DURATION = 100
"""Characters of a duration that is read as a number. The wire allows any length, but Python refuses 5,000 digits."""


class Meaning:
    """The meaning of filters: equal for filters with the same meaning in any spelling.

    Rules and product ids count in any order and once, numbers as numbers, durations by length, dates as moments, UUIDs
    without case. Filters that do not compile, because they never match for example, are compared rule by rule, and
    invalid filters by their JSON.
    """

    def __init__(self, key: Hashable, expression: Callable[[], Expression | None], problem: str | None = None) -> None:
        self._key = key
        self._expression = expression
        self.problem = problem

    @classmethod
    def of_json(cls, data: Mapping[str, Any] | None, schema: Schema = UNCHECKED) -> "Meaning":
        """The meaning of the `filters` that a server holds. The schema has a say in the spelling of `expression`."""
        data = _without_nulls(data)
        try:
            expression = decompile(data or {})
        except InvalidSegmentError as error:
            return cls(_key_of_rules(data), lambda: None, error.problems[0])
        normal = _compiled(expression)
        key = _key_of_rules(data) if normal is None else _key_of(normal)
        return cls(key, lambda: expression if schema == UNCHECKED else decompiled(data or {}, schema))

    @classmethod
    def of_compiled(cls, filters: Filters, schema: Schema = UNCHECKED) -> "Meaning":
        """The meaning of filters that the compiler made: they are in normal form already."""
        return cls(_key_of(filters), lambda: decompiled(filters, schema))

    @cached_property
    def expression(self) -> Expression | None:
        """The filters as an expression; None if the language cannot say them, and `problem` says why."""
        return self._expression()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Meaning) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _without_nulls(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The filters without the keys of rules that are null: a server may write null for what is absent."""
    rules = data.get("rules") if isinstance(data, Mapping) else None
    if not isinstance(rules, list | tuple) or data is None:
        return data
    plain = [
        {key: value for key, value in rule.items() if value is not None} if isinstance(rule, Mapping) else rule
        for rule in rules
    ]
    return {**data, "rules": plain}


def loose_name(name: str) -> str:
    """A name without case and blanks: equal for names that may be one, if a server changed it."""
    return "".join(plain_name(name).casefold().split())


def _compiled(expression: Expression) -> Filters | None:
    try:
        return DEFAULT.compile(expression)
    except CompileError:
        return None


def _key_of_rules(data: Mapping[str, Any] | None) -> Hashable:
    if data is not None:
        with suppress(InvalidSegmentError):
            return _key_of(Filters.from_dict(data))
    try:
        return json.dumps(data, sort_keys=True)
    except RecursionError:  # JSON nested a thousand levels deep equals nothing that segdsl has sent
        return object()


def _key_of(filters: Filters) -> Hashable:
    dates = () if filters.date_range is UNSET else structs.astuple(filters.date_range)
    return (
        frozenset(map(_with_minutes, filters.rules)),
        tuple(text if text is UNSET else instant(text) or text for text in dates),
        frozenset() if filters.product_ids is UNSET else frozenset(map(str.lower, filters.product_ids)),
    )


def _with_minutes(rule: Rule) -> Rule:
    """The rule with its duration in minutes, because `24h` and `1d` are the same length of time."""
    if isinstance(rule, LastSeenRule) and len(rule.value) <= _LONGEST_DURATION:
        return structs.replace(rule, value=f"{minutes(rule.value)}m")
    return rule

"""Expressions and filters as fields of msgspec structs.

    class Rule(msgspec.Struct):
        where: ExpressionText
        filters: CheckedFilters | None = None

    rule = msgspec.json.decode(data, type=Rule, dec_hook=dec_hook)
    segdsl.compile(rule.where)
    msgspec.json.encode(rule, enc_hook=enc_hook)

An error in an expression raises a `msgspec.ValidationError` that shows it and names the field. An `Expression`
itself cannot be a field: msgspec would write the nodes of its tree, which are structs.
"""

from abc import ABC
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from segdsl.errors import InvalidSegmentError
from segdsl.integrations.checks import Checks, expression_of, rendered
from segdsl.limits import MAX_SEGMENTS
from segdsl.semantics.schema import Schema
from segdsl.syntax.nodes import Expression
from segdsl.syntax.printer import unparse
from segdsl.wire.filters import Filters

Hook = Callable[[type[Any], Any], Any]


class ExpressionText(str):
    """The canonical text of an expression, a `str` with its tree beside it; made from a text or a tree."""

    __slots__ = ("expression",)
    expression: Expression

    def __new__(cls, given: str | Expression) -> "ExpressionText":
        """Raises `ParseError` for a text that is not an expression."""
        expression = expression_of(given)
        text = super().__new__(cls, unparse(expression))
        text.expression = expression
        return text


if TYPE_CHECKING:
    CheckedFilters = Filters
else:

    class CheckedFilters(ABC):  # noqa: B024  only a name for those registered below
        """`Filters` that are valid by the API's reference; for a plain `Filters`, msgspec checks the shape only."""

    CheckedFilters.register(Filters)


def dec_hook_for(
    *,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Mapping[str, str | Expression] | None = None,
    max_segments: int = MAX_SEGMENTS,
) -> Hook:
    """A `dec_hook` that checks expressions against the given values (None: not checked)."""
    checks = Checks(schema=schema, params=params, definitions=definitions, max_segments=max_segments)

    def hook(kind: type[Any], value: Any) -> Any:
        if kind is ExpressionText:
            return _expression(checks, value)
        if kind is CheckedFilters:
            return _filters(value)
        raise NotImplementedError(f"segdsl decodes no {kind!r}")

    return hook


dec_hook = dec_hook_for()
"""Checks that expressions can be compiled; parameters and definitions come later."""


def enc_hook(value: Any) -> Any:
    """An expression as its text. (Filters need no hook.)"""
    if isinstance(value, ExpressionText):
        return str(value)
    raise NotImplementedError(f"segdsl encodes no {type(value)!r}")


def _expression(checks: Checks, value: Any) -> ExpressionText:
    if not isinstance(value, str | Expression):
        raise ValueError("an expression is a string")  # noqa: TRY004  msgspec says where only for a ValueError
    problems = checks.problems(value)
    if problems:
        raise ValueError(rendered(problems))
    return ExpressionText(value)


def _filters(value: Any) -> Filters:
    try:
        return value if isinstance(value, Filters) else Filters.from_dict(value)
    except InvalidSegmentError as error:
        raise ValueError(str(error)) from error

"""The checks of a model on its expressions."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
from segdsl.environment import Environment
from segdsl.limits import MAX_SEGMENTS
from segdsl.semantics.schema import Schema
from segdsl.syntax.nodes import Expression
from segdsl.syntax.parser import parse


class Checks(Struct, frozen=True, kw_only=True):
    """What is known when a model is read; nothing is checked against values that are not given (None).

    `schema` are the declared properties, `params` the values of parameters, `definitions` what `@name` stands for,
    `max_segments` how many segments the expression may become.
    """

    schema: Schema | None = None
    params: Mapping[str, Any] | None = None
    definitions: Mapping[str, str | Expression] | None = None
    max_segments: int = MAX_SEGMENTS

    def problems(self, given: str | Expression) -> tuple[Diagnostic, ...]:
        """The errors of an expression, without its warnings."""
        found = Environment(self.schema, self.definitions).check(given, self.params, self.max_segments)
        later = {
            "unbound-parameter": self.params is None,
            "unknown-definition": self.definitions is None,
        }
        return tuple(one for one in found if one.severity == "error" and not later.get(one.code))


def expression_of(given: str | Expression) -> Expression:
    """The tree of an expression without `problems`."""
    return given if isinstance(given, Expression) else parse(given)


def rendered(problems: tuple[Diagnostic, ...]) -> str:
    """The problems as a person reads them."""
    return "\n\n".join(map(str, problems))

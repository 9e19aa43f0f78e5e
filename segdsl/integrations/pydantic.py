"""Expressions as fields of pydantic models.

    class Rule(BaseModel):
        where: ExpressionText                                          # an `Expression`, parsed and checked
        target: Annotated[Expression, Checked(schema=SCHEMA)]          # and of declared properties only

A model takes a text or an `Expression`, holds the `Expression`, and writes its canonical text to JSON. An error in the
expression is a validation error of the type `segdsl_expression`: its message shows the place and the help, and its
context holds the diagnostics as data.
"""

from typing import Annotated, Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from segdsl.integrations.checks import Checks, expression_of, rendered
from segdsl.limits import MAX_TEXT_LENGTH
from segdsl.syntax.nodes import Expression
from segdsl.syntax.printer import unparse

ERROR_TYPE: Final = "segdsl_expression"
"""The `type` of the validation errors."""


class Checked(Checks, frozen=True, kw_only=True):
    """A mark for `Annotated[Expression, …]` that says what is checked. See `Checks`."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """How pydantic reads and writes the value; an outer mark replaces inner ones."""
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                _written, return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A string, for people who write the JSON."""
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_TEXT_LENGTH,
            "description": "A segdsl expression: who is in a segment.",
            "examples": ['commercialIntent >= 0.6 and plan == "enterprise"'],
        }

    def _read(self, given: Any) -> Expression:
        if not isinstance(given, str | Expression):
            raise PydanticCustomError(ERROR_TYPE, "an expression is a string", {"diagnostics": []})
        problems = self.problems(given)
        if problems:
            data = [problem.to_dict() for problem in problems]
            # the text last: pydantic fills in one placeholder after the other, and a text may hold braces
            raise PydanticCustomError(ERROR_TYPE, "{text}", {"diagnostics": data, "text": rendered(problems)})
        return expression_of(given)


def _written(expression: Expression) -> str:
    return unparse(expression)


ExpressionText = Annotated[Expression, Checked()]
"""An expression, given as text, that can be compiled; parameters and definitions come later."""

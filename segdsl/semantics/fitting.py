"""Why a literal does not fit a field that takes its type, or a property is not there at all: what a schema adds."""

from typing import Any

from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.semantics.catalogue import Field, Kind
from segdsl.semantics.names import nearest
from segdsl.semantics.schema import DeclaredType, Schema
from segdsl.semantics.signatures import Objection, type_words
from segdsl.syntax import literals
from segdsl.syntax.literals import shortened
from segdsl.syntax.nodes import Duration

_TAKES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int, float),
    "boolean": (bool,),
}
_SHIFTED: dict[object, tuple[str, ...]] = {Kind.COUNT: ("<", ">", "!=", "not in"), "integer": (">=", "<=")}
"""The operators whose rule names the integer next to the literal: of the count, and of a declared integer."""

_SHOWN = 8  # declared keys or values named in a message


def undeclared(schema: Schema, field: Field) -> Objection | None:
    """The objection to a property that is not declared where properties are."""
    if schema.is_declared(field):
        return None
    of_user = field.kind is Kind.PROPERTY
    what = "user property" if of_user else "conversation property"
    declared = list(schema.keys(field.kind))
    meant = nearest(field.key, declared)
    if meant:
        help_ = f"did you mean `{meant if of_user else f'conversation.{meant}'}`?"
    elif declared:
        help_ = f"declared are {_shortened([f'`{shortened(key)}`' for key in declared])}"
    else:
        help_ = f"no {what} is declared"
    return Objection("undeclared-property", "name", f"there is no {what} `{shortened(field.key)}`", (help_,))


def misfit(schema: Schema, field: Field, name: str, operator: str, value: Any) -> Objection | None:
    """Why a literal of a type that the operator takes does not fit the field all the same."""
    if field.kind is Kind.COUNT and type(wire_value(value)) is not int:
        return Objection("wrong-type", "value", f"`{shortened(name)}` is a whole number, and {value!r} is not")
    declared = schema.type_of(field)
    found = _declared_misfit(declared, name, operator, value) if declared else None
    if found is None and operator in _SHIFTED.get(declared or field.kind, ()) and abs(value) >= MAX_SAFE_INTEGER:
        message = f"whole numbers next to {value} are beyond ±(2^53−1), where the server would round them"
        return Objection("number-out-of-range", "value", message)
    return found


def _declared_misfit(declared: DeclaredType, name: str, operator: str, value: Any) -> Objection | None:
    kind = declared if isinstance(declared, str) else "string"
    if type(value) not in _TAKES[kind]:
        article = "an" if kind == "integer" else "a"
        message = f"`{shortened(name)}` is declared as {article} {kind}, and this is {type_words(type(value))}"
        return Objection("wrong-type", "value", message)
    if kind == "integer" and type(wire_value(value)) is not int:
        return Objection(
            "wrong-type", "value", f"`{shortened(name)}` is declared as an integer, and {value!r} is not whole"
        )
    if isinstance(declared, tuple) and operator in ("==", "!=", "in", "not in") and value not in declared:
        meant = nearest(value, declared)
        shown = _shortened([literals.quote(one) for one in declared])
        help_ = f"did you mean {literals.quote(meant)}?" if meant else f"declared are {shown}"
        message = f"`{literals.quote(shortened(value))}` is not among the values of `{shortened(name)}`"
        return Objection("not-allowed-value", "value", message, (help_,))
    return None


def _shortened(words: list[str]) -> str:
    return ", ".join(words[:_SHOWN]) + (" and others" if len(words) > _SHOWN else "")


def wire_value(value: Any) -> Any:
    """A literal as the wire has it: `5.0` is 5, a duration is its text."""
    kind = type(value)
    if kind is float:
        return int(value) if value.is_integer() and abs(value) <= MAX_SAFE_INTEGER else value
    return value.text if kind is Duration else value

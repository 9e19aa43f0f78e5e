"""The part of a text's spelling that depends on the schema: dates of declared date properties have no quotes."""

from segdsl.catalogue import PROPERTY_KINDS
from segdsl.semantics.dates import date_problem, in_utc
from segdsl.semantics.names import field_of
from segdsl.semantics.schema import Schema
from segdsl.source import Span
from segdsl.syntax.fold import leaves
from segdsl.syntax.nodes import Between, Chain, Comparison
from segdsl.syntax.parser import parse_or_none
from segdsl.syntax.spans import Spans


def with_unquoted_dates(text: str, schema: Schema) -> str:
    """The text with the dates of declared date properties unquoted; any other text unchanged."""
    if not any(schema.keys_of_type(kind, "date") for kind in PROPERTY_KINDS):
        return text
    expression = parse_or_none(text)
    if expression is None:
        return text
    spans = Spans(expression)
    found: list[tuple[Span, str]] = []
    for number, leaf in enumerate(leaves(expression.condition)):
        if not isinstance(leaf, Comparison | Chain | Between) or schema.type_of(field_of(leaf.name)) != "date":
            continue
        values = (leaf.value if type(leaf.value) is tuple else (leaf.value,)) if isinstance(leaf, Comparison) else ()
        for index, value in enumerate(values or (leaf.low, leaf.high)):  # type: ignore[union-attr]  # no values: a range
            if type(value) is str and date_problem(value) is None:
                found.append((spans.value(number, index), in_utc(value)))
    for span, day in sorted(found, reverse=True):
        text = text[: span.start] + day + text[span.end :]
    return text

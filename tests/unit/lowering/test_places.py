"""Where the parts of a condition stand, as diagnostics point at them."""

from typing import Any

import pytest

from segdsl.lowering.split_errors import place_of

from .lowered import text_space, typed

DEFINITIONS: dict[str, Any] = {
    "a": "seats < 2 and plan == 'x'",
    "b": "plan == 'y' or @c",
    "c": "rating < 3 or rating > 4",
}


@pytest.mark.parametrize(
    ("text", "source", "part"),
    [
        ("rating > 3 or seats < 2", "expression", "rating > 3 or seats < 2"),
        ("rating > 3 or @a", "expression", "rating > 3 or @a"),
        ("@a or rating > 3", "expression", "@a or rating > 3"),
        ("@a or @c", "expression", "@a or @c"),
        ("@c", "@c", "rating < 3 or rating > 4"),
        ("@b", "expression", "@b"),
        ("(rating > 3 or (@a))", "expression", "rating > 3 or (@a)"),
    ],
)
def test_a_part_stands_in_one_definition_or_where_they_are_used(text: str, source: str, part: str) -> None:
    found = typed(text, **DEFINITIONS)
    for condition in (found.condition, text_space(text, **DEFINITIONS).condition):
        span, origin = place_of(condition, found.uses)
        assert (origin.name, origin.source.text[span.start : span.end]) == (source, part)

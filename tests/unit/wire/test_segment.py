"""`Segment`: the limits of its texts, all problems at once, and the body of the request."""

from typing import Any

import pytest

from segdsl.errors import InvalidSegmentError
from segdsl.wire import Filters, PropertyRule, Segment
from segdsl.wire.segment import utf16_length
from tests.misuse import unchecked

FILTERS = Filters(rules=(PropertyRule("plan", "eq", "pro"),))


@pytest.mark.parametrize(
    ("texts"),
    [
        {},
        {"name": "A"},
        {"name": "x" * 255, "icon": "x" * 50},
        {"name": "😀" * 127 + "x", "icon": "😀" * 25},
        {"name": " padded "},
        {"description": "", "icon": ""},
        {"description": "x" * 100_000},
    ],
)
def test_within_the_limits(texts: dict[str, str]) -> None:
    segment = Segment(filters=FILTERS, **texts)
    assert segment.to_dict() == {"filters": FILTERS.to_dict(), **texts}


@pytest.mark.parametrize(
    ("texts", "problems"),
    [
        ({"name": ""}, ["name: must not be blank"]),
        ({"name": " \t\u3000"}, ["name: must not be blank"]),
        ({"name": 5}, ["name: must be a string"]),
        ({"icon": b"Users"}, ["icon: must be a string"]),
        ({"description": "\ud800"}, ["description: must not hold a lone surrogate"]),
        ({"icon": "a\udfff"}, ["icon: must not hold a lone surrogate"]),
        (
            {"name": "x" * 256},
            ["name: must be at most 255 UTF-16 code units, this has 256 UTF-16 code units (256 characters)"],
        ),
        (
            {"name": "😀" * 128},
            ["name: must be at most 255 UTF-16 code units, this has 256 UTF-16 code units (128 characters)"],
        ),
        (
            {"name": "", "description": 1, "icon": "x" * 51},
            [
                "description: must be a string",
                "icon: must be at most 50 UTF-16 code units, this has 51 UTF-16 code units (51 characters)",
                "name: must not be blank",
            ],
        ),
    ],
)
def test_over_the_limits(texts: dict[str, Any], problems: list[str]) -> None:
    with pytest.raises(InvalidSegmentError) as caught:
        Segment(filters=FILTERS, **texts)
    assert list(caught.value.problems) == problems


def test_filters_must_be_filters() -> None:
    with pytest.raises(InvalidSegmentError, match="filters: must be a Filters"):
        Segment(filters=unchecked(FILTERS.to_dict()))


def test_a_segment_is_named_key_by_key_and_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Segment(FILTERS, "A")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Segment(filters=FILTERS).name = "A"  # type: ignore[misc]


def test_the_body_is_in_the_order_of_the_api_reference() -> None:
    segment = Segment(icon="Users", description="d", name="n", filters=FILTERS)
    assert list(segment.to_dict()) == ["filters", "name", "description", "icon"]


@pytest.mark.parametrize(("text", "length"), [("", 0), ("aé日", 3), ("😀", 2), ("\uffff\U00010000", 3), ("\ud800", 1)])
def test_length_as_javascript_counts_it(text: str, length: int) -> None:
    assert utf16_length(text) == length
    assert len(text.encode("utf-16-le", "surrogatepass")) == 2 * length

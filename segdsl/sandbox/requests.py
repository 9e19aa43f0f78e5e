"""The content of a request: the segment in its body, the page in its query. All problems are reported at once."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from segdsl.errors import InvalidSegmentError
from segdsl.wire import Filters, Segment
from segdsl.wire.validation import filters_problems

DEFAULT_PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 100

_BODY_KEYS: Final = ("filters", "name", "description", "icon")
_NO_FILTERS: Final = Filters(rules=())
"""Replaces invalid filters, so that the other keys are still checked."""

# A client that types `page` as a number may write 2 as `2.0`.
_WHOLE: Final = re.compile(r"([0-9]{1,9})(?:\.0*)?")


class Page(msgspec.Struct, frozen=True):
    """A page of a list; `number` counts from 1."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """The number of items before this page."""
        return (self.number - 1) * self.size


def segment_from_json(raw: bytes) -> Segment:
    """The segment that the body of `POST /segments` describes.

    Raises `InvalidSegmentError` with every problem; each begins with its path in the body.
    """
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise InvalidSegmentError([f"the body is not JSON: {error}"]) from error
    if not isinstance(body, dict):
        raise InvalidSegmentError(["the body must be a JSON object"])
    problems = [f"unknown key {key!r}; a segment has {', '.join(_BODY_KEYS)}" for key in body if key not in _BODY_KEYS]
    # In the API's reference these keys are optional, not nullable.
    problems += [f"{key}: must be a string, or left out" for key in _BODY_KEYS[1:] if key in body and body[key] is None]
    problems += _filters_problems(body)
    try:
        segment = Segment(
            filters=_NO_FILTERS if problems else Filters.from_dict(body["filters"]),
            name=body.get("name"),
            description=body.get("description"),
            icon=body.get("icon"),
        )
    except InvalidSegmentError as error:
        problems += error.problems
    if problems:
        raise InvalidSegmentError(problems)
    return segment


def _filters_problems(body: dict[str, Any]) -> list[str]:
    if "filters" not in body:
        return ["filters: must be present"]
    found = filters_problems(body["filters"])
    return [problem if problem.startswith("filters:") else f"filters.{problem}" for problem in found]


def page_from_query(query: Mapping[str, str]) -> Page:
    """The page that `page` and `pageSize` name. Raises `ValueError` with a sentence."""
    return Page(
        number=_whole(query, "page", default=1, largest=None),
        size=_whole(query, "pageSize", default=DEFAULT_PAGE_SIZE, largest=MAX_PAGE_SIZE),
    )


def _whole(query: Mapping[str, str], key: str, *, default: int, largest: int | None) -> int:
    text = query.get(key)
    if text is None:
        return default
    match = _WHOLE.fullmatch(text)
    number = int(match[1]) if match else 0
    if number < 1 or (largest is not None and number > largest):
        wanted = "a whole number from 1" + (f" to {largest}" if largest is not None else "")
        raise ValueError(f"{key}: must be {wanted}, not {text[:40]!r}")
    return number

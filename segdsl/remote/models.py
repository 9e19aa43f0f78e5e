"""Segments as the server describes them: the three shapes of its answers.

`id` is required, and so are `name` and `type` of segments that are read: without them nothing can be decided. All other
attributes are None if they are missing or do not have the documented type. `filters` stays the JSON of the answer.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from msgspec import UNSET, Struct, UnsetType, structs

from segdsl.errors import InvalidSegmentError
from segdsl.limits import MAX_ID_LENGTH
from segdsl.remote.replies import UnusableReplyError
from segdsl.wire.filters import Filters


class SegmentSummary(Struct, frozen=True, rename="camel", kw_only=True):
    """A segment as the listing shows it, without its filters. `type` is "custom" or "system"."""

    id: str
    name: str
    type: str
    preset_id: str | None = None
    member_count: int | None = None
    is_favorited: bool | None = None

    @property
    def is_custom(self) -> bool:
        """Whether the account created it. A system segment is never adopted, compared or managed."""
        return self.type == "custom"


class SegmentList(Struct, frozen=True):
    """A listing, and the number of pages that it was read in.

    If there were several, a segment that was deleted or moved meanwhile may hide another one.
    """

    segments: tuple[SegmentSummary, ...]
    pages: int

    def agrees_with(self, other: "SegmentList") -> bool:
        """Whether both have the same segments under the same names, in any order."""
        return self._known() == other._known()

    def _known(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((segment.id, segment.name, segment.type) for segment in self.segments)


class SegmentDetail(SegmentSummary, frozen=True, rename="camel", kw_only=True):
    """One segment with everything. `filters` is the JSON as the server holds it; a system segment's has another shape
    (`operator` and `conditions`)."""

    description: str | None = None
    icon: str | None = None
    filters: Mapping[str, Any] | None = None
    created_by: str | None = None
    created_at: str | None = None
    updated_at: str | None = None

    def parsed_filters(self) -> Filters | None:
        """The filters as a value; None if they are not valid (`Filters.from_dict` says why)."""
        return _parsed(self.filters)


class CreatedSegment(Struct, frozen=True, rename="camel", kw_only=True):
    """The segment that a create made.

    `adopted` is true if the server's answer was lost or unusable and the segment was found in the list instead.
    `filters` is the JSON that the server returned, or the JSON that was sent if it returned none. `differs` says, in
    sentences, how the name or the filters that the server shows differ from what was sent; it is empty if they
    have the same meaning.
    """

    id: str
    name: str | None = None
    type: str | None = None
    description: str | None = None
    icon: str | None = None
    filters: Mapping[str, Any] | None = None
    created_at: str | None = None
    updated_at: str | None = None
    adopted: bool = False
    differs: tuple[str, ...] = ()

    def parsed_filters(self) -> Filters | None:
        """The filters as a value; None if they are not valid (`Filters.from_dict` says why)."""
        return _parsed(self.filters)


_Model = TypeVar("_Model", SegmentSummary, SegmentDetail, CreatedSegment)

_ENCODABLE = re.compile("[^\ud800-\udfff]*")

_OURS = frozenset({"adopted", "differs"})
"""Attributes that no answer sets."""

# The JSON types of attributes that are not strings; a `bool` is not a number.
_TYPES: dict[str, type] = {"member_count": int, "is_favorited": bool, "filters": dict}


def is_id(text: str) -> bool:
    """Whether the text can be a segment's id: one part of a URL's path."""
    return text not in ("", ".", "..") and len(text) <= MAX_ID_LENGTH and _ENCODABLE.fullmatch(text) is not None


def model_of(kind: type[_Model], data: Any) -> _Model:
    """`data` (JSON) as a `kind`; raises `UnusableReplyError` unless it is an object with the required keys."""
    if not isinstance(data, dict):
        raise UnusableReplyError("a segment should be a JSON object")
    read = {field.name: _read(field, data) for field in _fields(kind)}
    return kind(**{name: value for name, value in read.items() if value is not UNSET})


def models_of(kind: type[_Model], data: Any) -> list[_Model]:
    """`data`, a JSON array of segments, as `kind`s; raises like `model_of`."""
    if not isinstance(data, list):
        raise UnusableReplyError("the list of segments is not a JSON array")
    return [model_of(kind, item) for item in data]


@cache
def _fields(kind: type[Struct]) -> tuple[structs.FieldInfo, ...]:
    """The attributes that an answer sets."""
    return tuple(field for field in structs.fields(kind) if field.name not in _OURS)


def _read(field: structs.FieldInfo, data: dict[str, Any]) -> Any | UnsetType:
    wanted = _TYPES.get(field.name, str)
    value = data.get(field.encode_name)
    if field.name == "member_count" and isinstance(value, float) and value.is_integer():
        return int(value)
    if type(value) is wanted and (field.name != "id" or is_id(data["id"])):
        return value
    if field.required:
        raise UnusableReplyError(f"a segment has no usable `{field.encode_name}`")
    return UNSET


def _parsed(filters: Mapping[str, Any] | None) -> Filters | None:
    try:
        return Filters.from_dict(filters) if filters is not None else None
    except InvalidSegmentError:
        return None

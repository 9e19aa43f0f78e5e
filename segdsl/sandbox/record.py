"""A segment as the server keeps it, and the three views of it that the endpoints answer with."""

from typing import Any, Literal

import msgspec


class StoredSegment(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A segment of the account; times are ISO 8601 in UTC, `filters` is the wire's JSON. Field order is key order."""

    id: str
    name: str
    type: Literal["system", "custom"]
    preset_id: str | None = None
    member_count: int = 0
    is_favorited: bool = False
    description: str | None = None
    icon: str | None = None
    filters: dict[str, Any]
    created_by: str | None = None
    created_at: str
    updated_at: str

    def detail(self) -> dict[str, Any]:
        """Everything: the answer of `GET /segments/{id}`."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    def summary(self) -> dict[str, Any]:
        """An item of the answer of `GET /segments`."""
        return _only(self.detail(), "id", "name", "type", "presetId", "memberCount", "isFavorited")

    def created(self) -> dict[str, Any]:
        """The answer of `POST /segments`."""
        return _only(self.detail(), "id", "name", "type", "description", "icon", "filters", "createdAt", "updatedAt")


def _only(plain: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: plain[key] for key in keys}

"""The system segments that every account has; their `filters` have a shape of their own (page get-segment)."""

from typing import Any

from segdsl.sandbox.record import StoredSegment

_SINCE = "2026-01-01T00:00:00.000Z"


def _system(number: int, preset_id: str, name: str, icon: str, description: str, *conditions: Any) -> StoredSegment:
    keys = ("field", "operator", "value")
    return StoredSegment(
        id=f"00000000-0000-4000-8000-{number:012}",
        name=name,
        type="system",
        preset_id=preset_id,
        description=description,
        icon=icon,
        filters={
            "operator": "AND",
            "conditions": [dict(zip(keys, condition, strict=True)) for condition in conditions],
        },
        created_at=_SINCE,
        updated_at=_SINCE,
    )


SYSTEM_SEGMENTS = (
    _system(
        1, "all-users", "All Users", "Users", "Everyone who has had a conversation", ("conversationCount", "gte", 1)
    ),
    _system(2, "power-users", "Power Users", "Zap", "Many conversations", ("conversationCount", "gte", 20)),
    _system(3, "frustrated-users", "Frustrated Users", "Frown", "High frustration", ("frustration", "gte", 0.7)),
    _system(
        4,
        "at-risk-users",
        "At-Risk Users",
        "TriangleAlert",
        "Unhappy, and not seen for two weeks",
        ("sentiment", "lte", 0.3),
        ("lastSeen", "before", "14d"),
    ),
)
"""In the order in which they are listed, before all custom segments."""

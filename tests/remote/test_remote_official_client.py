"""The official client as a witness: what it posts and what segdsl posts is the same JSON, to the same place."""

from typing import Any

import pytest

from segdsl.wire import Filters, Segment

from .callers import KEY, AsyncCaller, SyncCaller
from .fault_server import FaultServer

greenflash = pytest.importorskip("greenflash")

BODIES: list[dict[str, Any]] = [
    {
        "name": "High-Intent Enterprise Users",
        "description": "Users with high commercial intent from the enterprise plan",
        "icon": "Users",
        "filters": {
            "rules": [
                {"type": "analysis", "field": "commercialIntent", "operator": "gte", "value": 0.6},
                {"type": "property", "key": "plan", "operator": "eq", "value": "enterprise"},
            ]
        },
    },
    {
        "name": 'Всё 🎉 \u2028 "quoted"',
        "filters": {
            "rules": [
                {"type": "analysis_flag", "field": "jailbreakDetected", "value": True},
                {"type": "conversation_property", "key": "channel.of-entry_1", "operator": "contains", "value": "é"},
                {"type": "property", "key": "seats", "operator": "gt", "value": 10},
                {"type": "property", "key": "ratio", "operator": "lt", "value": 1e-7},
                {"type": "property", "key": "isAdmin", "operator": "neq", "value": False},
                {"type": "conversation_count", "operator": "lte", "value": 5},
                {"type": "last_seen", "operator": "within", "value": "24h"},
            ],
            "dateRange": {"preset": "30d", "from": "2026-01-01", "to": "2026-03-31T00:00:00Z"},
            "productIds": ["182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"],
        },
    },
]


@pytest.mark.parametrize("body", BODIES, ids=["reference", "everything"])
def test_the_bodies_are_the_same(body: dict[str, Any], caller: SyncCaller | AsyncCaller, server: FaultServer) -> None:
    ours = caller.create(server.url, Segment(**body | {"filters": Filters.from_dict(body["filters"])}))
    arguments = body | {"filters": _snake_case(body["filters"])}
    with greenflash.Greenflash(api_key=KEY, base_url=server.url) as client:
        theirs = client.segments.create(**arguments)
    first, second = server.received("create")
    assert first.json == second.json == body
    assert (first.method, first.target) == (second.method, second.target)
    for header in ("authorization", "content-type"):
        assert first.headers[header] == second.headers[header]
    assert (ours.name, ours.description, ours.icon) == (theirs.name, theirs.description, theirs.icon)


def _snake_case(filters: dict[str, Any]) -> dict[str, Any]:
    """The client's own spelling of the keys of `filters`."""
    spelling = {"dateRange": "date_range", "productIds": "product_ids"}
    return {spelling.get(key, key): value for key, value in filters.items()}

"""The official client against the sandbox: it creates, lists and gets, and its types accept every answer strictly."""

from collections.abc import Iterator
from typing import Any

import greenflash
import httpx
import pytest
from greenflash import Greenflash
from greenflash.types import CreateSegmentResponse, GetSegmentResponse, SegmentSummary
from greenflash.types.segment_create_params import Filters
from pydantic import TypeAdapter

from segdsl import sandbox as local_server
from segdsl.sandbox import RunningSandbox

RULES: list[Any] = [
    {"type": "analysis", "field": "commercialIntent", "operator": "gte", "value": 0.6},
    {"type": "analysis_flag", "field": "jailbreakDetected", "value": False},
    {"type": "property", "key": "plan", "operator": "eq", "value": "enterprise"},
    {"type": "conversation_property", "key": "seats", "operator": "gt", "value": 10},
    {"type": "conversation_count", "operator": "gte", "value": 5},
    {"type": "last_seen", "operator": "within", "value": "7d"},
]


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[Greenflash]:
    with Greenflash(api_key=sandbox.api_key, base_url=sandbox.base_url, max_retries=0) as client:
        yield client


def test_it_creates_lists_and_gets(client: Greenflash) -> None:
    filters: Filters = {
        "rules": RULES,
        "date_range": {"preset": "30d"},
        "product_ids": ["182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"],
    }

    created = client.segments.create(filters=filters, name="All six", description="one of each", icon="Users")
    listed = client.segments.list(page=1, page_size=100)
    detail = client.segments.get(created.id)
    system = client.segments.get("frustrated-users")

    assert isinstance(created, CreateSegmentResponse)
    assert created.filters["rules"] == RULES
    assert created.filters["dateRange"] == {"preset": "30d"}
    assert isinstance(listed, list)
    assert [summary.name for summary in listed if summary.type == "custom"] == ["All six"]
    assert all(isinstance(summary, SegmentSummary) for summary in listed)
    assert (detail.id, detail.filters, detail.created_at) == (created.id, created.filters, created.created_at)
    assert (system.preset_id, system.filters["operator"]) == ("frustrated-users", "AND")


def test_a_page_given_as_a_float_is_a_page(client: Greenflash) -> None:
    assert len(client.segments.list(page=2.0, page_size=1.0)) == 1


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/segments", list[SegmentSummary]),
        ("/segments/power-users", GetSegmentResponse),
    ],
)
def test_answers_fit_the_clients_types(http: httpx.Client, path: str, shape: Any) -> None:
    # The client itself builds its models without validating.
    TypeAdapter(shape).validate_json(http.get(path).content, strict=True)


def test_a_created_segment_fits_the_clients_types(http: httpx.Client) -> None:
    answer = http.post("/segments", json={"filters": {"rules": RULES}})

    TypeAdapter(CreateSegmentResponse).validate_json(answer.content, strict=True)


def test_its_errors_are_those_of_the_status(client: Greenflash, sandbox: RunningSandbox) -> None:
    with pytest.raises(greenflash.BadRequestError, match="at least one rule"):
        client.segments.create(filters={"rules": []})
    with pytest.raises(greenflash.NotFoundError):
        client.segments.get("nothing")
    with pytest.raises(greenflash.AuthenticationError), Greenflash(api_key="no", base_url=sandbox.base_url) as stranger:
        stranger.segments.list()


def test_the_full_quota_is_a_permission_error() -> None:
    with (
        local_server.running(max_segments=0) as sandbox,
        Greenflash(api_key=sandbox.api_key, base_url=sandbox.base_url) as client,
        pytest.raises(greenflash.PermissionDeniedError),
    ):
        client.segments.create(filters={"rules": RULES})


def test_an_answer_lost_after_the_commit_makes_it_create_twice(sandbox: RunningSandbox) -> None:
    """The purpose of the faults: to catch a pipeline that retries blindly."""
    sandbox.faults.once("drop-after-commit")

    with Greenflash(api_key=sandbox.api_key, base_url=sandbox.base_url, max_retries=1) as client:
        client.segments.create(filters={"rules": RULES}, name="Twice")

    assert [segment.name for segment in sandbox.store.custom()].count("Twice") == 2

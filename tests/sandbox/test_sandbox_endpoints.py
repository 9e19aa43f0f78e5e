"""The three endpoints, as the API's reference tells them, over a real socket."""

import re
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from segdsl import sandbox as local_server
from segdsl.limits import MAX_REQUEST_BODY
from segdsl.sandbox import RunningSandbox

FILTERS = {
    "rules": [
        {"type": "analysis", "field": "commercialIntent", "operator": "gte", "value": 0.6},
        {"type": "property", "key": "plan", "operator": "eq", "value": "enterprise"},
    ]
}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SUMMARY_KEYS = ["id", "name", "type", "presetId", "memberCount", "isFavorited"]


# ── create ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_create_answers_with_the_whole_segment(http: httpx.Client) -> None:
    body = {"filters": FILTERS, "name": "High intent", "description": "They want it", "icon": "Users"}

    answer = http.post("/segments", json=body)

    created = answer.json()
    assert answer.status_code == 201
    assert list(created) == ["id", "name", "type", "description", "icon", "filters", "createdAt", "updatedAt"]
    assert UUID.fullmatch(created["id"])
    assert {key: created[key] for key in body} == body
    assert list(created["filters"]["rules"][0]) == ["type", "field", "operator", "value"]
    assert created["type"] == "custom"
    age = datetime.now(UTC) - datetime.fromisoformat(created["createdAt"])
    assert 0 <= age.total_seconds() + 0.001 < 60
    assert created["updatedAt"] == created["createdAt"]


def test_a_nameless_segment_gets_a_name_and_nulls(http: httpx.Client) -> None:
    created = http.post("/segments", json={"filters": FILTERS}).json()

    assert created["name"].strip()
    assert (created["description"], created["icon"]) == (None, None)


def test_one_name_may_be_used_twice(http: httpx.Client) -> None:
    ids = {http.post("/segments", json={"filters": FILTERS, "name": "Twice"}).json()["id"] for _ in range(2)}

    assert len(ids) == 2


def test_date_range_and_products_are_kept(http: httpx.Client) -> None:
    scope = {"dateRange": {"preset": "30d"}, "productIds": ["182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"]}

    created = http.post("/segments", json={"filters": FILTERS | scope}).json()

    assert created["filters"] == FILTERS | scope


def test_the_quota_refuses_with_403_and_creates_nothing(authorized: Callable[[RunningSandbox], httpx.Client]) -> None:
    with local_server.running(max_segments=10) as sandbox, authorized(sandbox) as http:
        post = lambda number: http.post("/segments", json={"filters": FILTERS, "name": f"n{number}"})  # noqa: E731
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(post, range(25)))

        assert sorted(answer.status_code for answer in answers) == [201] * 10 + [403] * 15
        refused = next(answer.json() for answer in answers if answer.status_code == 403)
        assert refused["code"] == "quota_exceeded"
        assert "10 custom segments" in refused["error"]
        assert len(sandbox.store.custom()) == 10


# ── get ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_get_answers_with_the_detail(http: httpx.Client) -> None:
    created = http.post("/segments", json={"filters": FILTERS, "name": "Detail"}).json()

    answer = http.get(f"/segments/{created['id']}")

    detail = answer.json()
    assert answer.status_code == 200
    assert list(detail) == [*SUMMARY_KEYS, "description", "icon", "filters", "createdBy", "createdAt", "updatedAt"]
    assert {key: detail[key] for key in created} == created
    assert (detail["presetId"], detail["memberCount"], detail["isFavorited"]) == (None, 0, False)


def test_a_system_segment_is_found_by_either_id_and_has_other_filters(http: httpx.Client) -> None:
    by_preset = http.get("/segments/at-risk-users").json()

    assert by_preset["type"] == "system"
    assert by_preset["filters"] == {
        "operator": "AND",
        "conditions": [
            {"field": "sentiment", "operator": "lte", "value": 0.3},
            {"field": "lastSeen", "operator": "before", "value": "14d"},
        ],
    }
    assert http.get(f"/segments/{by_preset['id']}").json() == by_preset


@pytest.mark.parametrize("key", ["nothing", "00000000-0000-0000-0000-000000000000", "a%2Fb", "%00", "x" * 3000])
def test_an_unknown_segment_is_404(http: httpx.Client, key: str) -> None:
    answer = http.get(f"/segments/{key}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


# ── list ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def pages(http: httpx.Client, first: str) -> list[list[dict[str, Any]]]:
    """The items of every page, found by following `rel="next"`."""
    found: list[list[dict[str, Any]]] = []
    url: str | None = first
    while url:
        answer = http.get(url)
        assert answer.status_code == 200
        found.append(answer.json())
        url = answer.links.get("next", {}).get("url")
    return found


def test_listing_shows_system_segments_then_custom_ones_in_order(
    authorized: Callable[[RunningSandbox], httpx.Client],
) -> None:
    with local_server.running() as sandbox, authorized(sandbox) as http:
        names = [f"Segment {number}" for number in range(101)]
        for name in names:
            assert http.post("/segments", json={"filters": FILTERS, "name": name}).status_code == 201
        summaries = [summary for page in pages(http, "/segments") for summary in page]

        assert [len(page) for page in pages(http, "/segments")] == [50, 50, 5]
        assert [len(page) for page in pages(http, "/segments?pageSize=100")] == [100, 5]
        assert [len(page) for page in pages(http, "/segments?page=2&pageSize=35")] == [35, 35]
        assert [summary["type"] for summary in summaries] == ["system"] * 4 + ["custom"] * 101
        assert [summary["name"] for summary in summaries[4:]] == names
        assert all(list(summary) == SUMMARY_KEYS for summary in summaries)
        assert all((summary["presetId"] is None) == (summary["type"] == "custom") for summary in summaries)
        assert [item for page in pages(http, "/segments?pageSize=3") for item in page] == summaries


def test_links_are_absolute_and_on_the_origin_that_was_asked(http: httpx.Client, sandbox: RunningSandbox) -> None:
    links = http.get("/segments?page=2&pageSize=2").links

    assert links["first"]["url"] == f"{sandbox.base_url}/segments?page=1&pageSize=2"
    assert links["prev"]["url"] == f"{sandbox.base_url}/segments?page=1&pageSize=2"
    assert set(links) >= {"first", "prev", "last"}
    by_name = sandbox.base_url.replace("127.0.0.1", "localhost")
    assert http.get(f"{by_name}/segments?pageSize=1").links["next"]["url"].startswith(by_name + "/")


def test_past_the_last_page_there_is_nothing_and_no_next(http: httpx.Client) -> None:
    answer = http.get("/segments?page=999999999&pageSize=100")

    assert (answer.status_code, answer.json()) == (200, [])
    assert "next" not in answer.links


@pytest.mark.parametrize("query", ["page=1.0&pageSize=2.", "page=01&pageSize=002"])
def test_a_number_may_be_written_as_another_client_would(http: httpx.Client, query: str) -> None:
    assert len(http.get(f"/segments?{query}").json()) == 2


@pytest.mark.parametrize(
    ("query", "named"),
    [(f"page={bad}", "page") for bad in ("0", "-1", "x", "", "1.5", "1e3", "%D9%A1", "1" * 5000, "NaN")]
    + [(f"pageSize={bad}", "pageSize") for bad in ("0", "101", "-5", "all", "")],
)
def test_a_bad_page_is_400_and_names_it(http: httpx.Client, query: str, named: str) -> None:
    answer = http.get(f"/segments?{query}")

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"{named}: must be a whole number from 1")


# ── refused before reading ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Basic c2FuZGJveC1rZXk=", "sandbox-key", "Bearer sandbox-keyx"]
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/segments"), ("POST", "/segments"), ("GET", "/elsewhere")])
def test_a_wrong_key_is_401(sandbox: RunningSandbox, authorization: str | None, method: str, path: str) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = httpx.request(method, sandbox.base_url + path, headers=headers, trust_env=False)

    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthorized"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "sandbox-key" not in answer.text


def test_the_scheme_is_read_in_any_case(sandbox: RunningSandbox) -> None:
    headers = {"Authorization": f"bearer  {sandbox.api_key}"}

    assert httpx.get(f"{sandbox.base_url}/segments", headers=headers, trust_env=False).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/segments", {"GET", "POST"}),
        ("DELETE", "/segments/all-users", {"GET"}),
        ("PATCH", "/segments/all-users", {"GET"}),
        ("POST", "/segments/all-users", {"GET"}),
    ],
)
def test_the_api_has_no_update_and_no_delete(http: httpx.Client, method: str, path: str, allowed: set[str]) -> None:
    answer = http.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) - {"HEAD"} == allowed  # some versions of Starlette name it


@pytest.mark.parametrize("path", ["/", "/segments/", "/segment", "/segments/a/b"])
def test_other_paths_are_404_and_not_a_redirect(http: httpx.Client, path: str) -> None:
    answer = http.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_body_over_the_cap_is_413_and_the_connection_lives_on(http: httpx.Client) -> None:
    largest = b'{"filters":' + b" " * (MAX_REQUEST_BODY - 12) + b"}"

    assert http.post("/segments", content=largest).status_code == 400
    answer = http.post("/segments", content=largest + b" ")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert http.get("/segments").status_code == 200


def test_a_client_that_leaves_in_the_middle_harms_nobody(http: httpx.Client, sandbox: RunningSandbox) -> None:
    address = ("127.0.0.1", httpx.URL(sandbox.base_url).port)
    with socket.create_connection(address) as connection:
        key = sandbox.api_key
        connection.sendall(
            f"POST /api/v1/segments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
            "Content-Length: 100\r\n\r\n{".encode()
        )

    assert http.get("/segments").status_code == 200


def test_a_failure_of_its_own_is_a_500_that_is_logged_without_the_key(
    authorized: Callable[[RunningSandbox], httpx.Client],
) -> None:
    lines: list[str] = []
    with local_server.running(log=lines.append) as sandbox, authorized(sandbox) as http:
        sandbox.store.close()
        answer = http.get("/segments")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "ProgrammingError" in answer.json()["error"]
    assert lines[0] == "GET /api/v1/segments 500"
    assert lines[1].startswith("Traceback")
    assert sandbox.api_key not in "".join(lines)
    assert sandbox.api_key not in repr(sandbox)


def test_who_has_the_answer_finds_the_line_in_the_log(authorized: Callable[[RunningSandbox], httpx.Client]) -> None:
    lines: list[str] = []

    def slowly(line: str) -> None:
        time.sleep(0.05)
        lines.append(line)

    with local_server.running(log=slowly) as sandbox, authorized(sandbox) as http:
        http.get("/segments")
        assert lines == ["GET /api/v1/segments 200"]


def test_a_path_cannot_write_control_codes_into_the_log(authorized: Callable[[RunningSandbox], httpx.Client]) -> None:
    lines: list[str] = []
    with local_server.running(log=lines.append) as sandbox, authorized(sandbox) as http:
        http.get("/segments/%1b%5b31mred%0a?page=%1b")

    assert lines == ["GET /api/v1/segments/%1b%5b31mred%0a 404"]

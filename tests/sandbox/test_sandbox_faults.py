"""Each fault over a real socket: the client's answer, and whether a segment was created."""

import json
import random
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from segdsl import sandbox as local_server
from segdsl.sandbox.faults import FAULTS, Faults, FaultSetting
from segdsl.sandbox.server import RunningSandbox

BODY = {"filters": {"rules": [{"type": "conversation_count", "operator": "gte", "value": 5}]}, "name": "A"}


@contextmanager
def struck(sandbox: RunningSandbox, name: str, **more: float) -> Iterator[list[Any]]:
    """Lets one fault strike the next request; gives the number of segments created meanwhile."""
    before = len(sandbox.store.custom())
    created: list[Any] = []
    sandbox.faults.once(name, **more)
    yield created
    created += sandbox.store.custom()[before:]


@pytest.mark.parametrize(
    ("name", "error", "count"),
    [
        ("drop-before-commit", httpx.RemoteProtocolError, 0),
        ("drop-after-commit", httpx.RemoteProtocolError, 1),
        ("reset-after-commit", httpx.ReadError, 1),
        ("truncated-body", httpx.RemoteProtocolError, 1),
    ],
)
def test_a_broken_connection_is_really_closed(
    http: httpx.Client, sandbox: RunningSandbox, name: str, error: type[Exception], count: int
) -> None:
    with struck(sandbox, name) as created, pytest.raises(error):
        http.post("/segments", json=BODY)

    assert len(created) == count
    assert http.get("/segments").status_code == 200


def test_a_large_create_is_dropped_without_a_reset(http: httpx.Client, sandbox: RunningSandbox) -> None:
    with struck(sandbox, "drop-before-commit"), pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
        http.post("/segments", content=b" " * 900_000)


@pytest.mark.parametrize(
    ("name", "status", "media", "count"),
    [
        ("error-500-before-commit", 500, "application/json", 0),
        ("error-500-after-commit", 500, "application/json", 1),
        ("error-502-after-commit", 502, "text/html", 1),
        ("error-503", 503, "application/json", 0),
        ("rate-limit", 429, "application/json", 0),
        ("html-body", 200, "text/html", 1),
    ],
)
def test_another_answer_takes_the_place_of_201(
    http: httpx.Client, sandbox: RunningSandbox, *, name: str, status: int, media: str, count: int
) -> None:
    with struck(sandbox, name) as created:
        answer = http.post("/segments", json=BODY)

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, media)
    assert len(created) == count
    if media == "application/json":
        assert set(answer.json()) == {"error", "code"}


def test_a_rate_limit_says_how_long_to_wait(http: httpx.Client, sandbox: RunningSandbox) -> None:
    with struck(sandbox, "rate-limit", seconds=2.5):
        answer = http.get("/segments")

    assert answer.headers["Retry-After"] == "2.5"


def test_a_truncated_body_announces_its_full_length(sandbox: RunningSandbox) -> None:
    with struck(sandbox, "truncated-body") as created:
        head, body = everything_answered(sandbox, json.dumps(BODY)).split(b"\r\n\r\n")

    (length,) = re.findall(rb"content-length: ([0-9]+)", head)
    assert head.startswith(b"HTTP/1.1 201")
    assert len(body) == int(length) // 2
    assert created[0].id in body.decode()


def everything_answered(sandbox: RunningSandbox, body: str) -> bytes:
    """All bytes that come back for a create until the connection is closed."""
    with socket.create_connection(("127.0.0.1", httpx.URL(sandbox.base_url).port), timeout=5) as connection:
        connection.sendall(
            f"POST /api/v1/segments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sandbox.api_key}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_slow_answers_late_but_handles_at_once(http: httpx.Client, sandbox: RunningSandbox) -> None:
    with struck(sandbox, "slow", seconds=600) as created, pytest.raises(httpx.ReadTimeout):
        http.post("/segments", json=BODY, timeout=1)

    assert len(created) == 1


def test_slow_before_commit_creates_after_the_client_has_gone(http: httpx.Client, sandbox: RunningSandbox) -> None:
    count = len(sandbox.store.custom())
    with struck(sandbox, "slow-before-commit", seconds=1), pytest.raises(httpx.ReadTimeout):
        http.post("/segments", json=BODY, timeout=0.1)

    while len(sandbox.store.custom()) == count:
        time.sleep(0.02)
    assert len(sandbox.store.custom()) == count + 1


def test_faults_of_a_create_leave_other_requests_alone(http: httpx.Client, sandbox: RunningSandbox) -> None:
    with struck(sandbox, "error-500-before-commit") as created:
        assert http.get("/segments").status_code == 200
        assert http.post("/segments", json=BODY).status_code == 500
        assert http.post("/segments", json=BODY).status_code == 201

    assert len(created) == 1


def test_the_client_sees_the_first_of_two_faults_in_the_table(http: httpx.Client, sandbox: RunningSandbox) -> None:
    sandbox.faults.once("drop-after-commit")
    with struck(sandbox, "slow", seconds=0.2) as created, pytest.raises(httpx.RemoteProtocolError):
        http.post("/segments", json=BODY)
    sandbox.faults.once("html-body")
    with struck(sandbox, "error-500-after-commit") as hidden:
        status = http.post("/segments", json=BODY).status_code

    assert (len(created), status, len(hidden)) == (1, 500, 1)


def test_chance_is_repeatable_and_near_the_probability() -> None:
    def sequence(seed: int) -> list[list[str]]:
        settings = map(FaultSetting.parse, ["drop-after-commit=0.2", "slow=0.5:3"])
        faults = Faults(settings, chance=random.Random(seed))
        return [[setting.name for setting in faults.strike("POST")] for _ in range(1_000)]

    first = sequence(7)

    assert sequence(7) == first
    assert sequence(8) != first
    assert 150 < sum("drop-after-commit" in struck for struck in first) < 250
    assert 430 < sum("slow" in struck for struck in first) < 570


def test_settings_of_a_run_strike_over_the_socket() -> None:
    with local_server.running(faults=["error-503=1"], seed=1, api_key="k") as sandbox:
        answers = [httpx.get(f"{sandbox.base_url}/segments", trust_env=False) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [503, 503]


def test_probability_0_never_strikes_and_1_always() -> None:
    faults = Faults([FaultSetting("slow", 0.0, 1.0), FaultSetting("error-503", 1.0, 0.0)])

    assert {setting.name for _ in range(500) for setting in faults.strike("GET")} == {"error-503"}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_can_be_set(name: str) -> None:
    assert FaultSetting.parse(f"{name}=0.25") == FaultSetting(name, 0.25, FAULTS[name].seconds or 0.0)


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.seconds is not None])
def test_a_fault_with_a_length_takes_seconds(name: str) -> None:
    assert FaultSetting.parse(f"{name}=1:0.5") == FaultSetting(name, 1.0, 0.5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("drop-after-comit=0.2", "did you mean drop-after-commit?"),
        ("explode=1", "there are slow, slow-before-commit"),
        ("slow=2", "must be a number from 0 to 1, not '2'"),
        ("slow=-0.1", "must be a number from 0 to 1"),
        ("slow=nan", "must be a number from 0 to 1"),
        ("slow", "must be a number from 0 to 1, not ''"),
        ("slow=1:inf", "the seconds of slow must be a number from 0 to 3600"),
        ("slow=1:", "the seconds of slow"),
        ("error-503=1:5", "takes no seconds"),
    ],
)
def test_a_bad_setting_names_the_error(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        FaultSetting.parse(text)


def test_a_server_stops_though_an_answer_is_under_way() -> None:
    """The answer would come long after the run's time-out."""
    lines: list[str] = []
    with local_server.running(faults=["slow=1:3600"], log=lines.append) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.api_key}"}

        def ask() -> None:
            with pytest.raises(httpx.RemoteProtocolError):
                httpx.post(f"{sandbox.base_url}/segments", json=BODY, headers=headers, trust_env=False, timeout=None)

        asking = threading.Thread(target=ask)
        asking.start()
        while not sandbox.store.custom():
            time.sleep(0.02)
    asking.join()

    assert lines == ["POST /api/v1/segments no answer (slow)"]

"""A model of the server, without sockets: it keeps segments honestly and answers badly on request."""

import itertools
import json
from collections import deque
from collections.abc import Callable, Collection
from typing import Any

from segdsl.remote.create import create
from segdsl.remote.endpoint import Endpoint
from segdsl.remote.exchange import Answer, Failure, Reply, Request, Wait, drive
from segdsl.remote.models import CreatedSegment, SegmentDetail, SegmentSummary
from segdsl.remote.read import read_list, read_segment
from segdsl.remote.retry import RetryPolicy, RetryState
from segdsl.wire.segment import Segment

ENDPOINT = Endpoint("https", "model", 443, "")
POLICY = RetryPolicy(max_retries=2, budget=120.0, now=lambda: 0.0, jitter=lambda: 1.0)

LOST = Failure("the connection broke", sent=True)
NOT_SENT = Failure("no connection", sent=False)
POST_FAULTS: dict[str, tuple[bool, Answer | None]] = {
    "not sent": (False, NOT_SENT),
    "lost before": (False, LOST),
    "lost after": (True, LOST),
    "500 before": (False, Reply(500, {}, b"")),
    "500 after": (True, Reply(500, {}, b"")),
    "503 before": (False, Reply(503, {}, b"")),
    "502 after": (True, Reply(502, {}, b"<html>")),
    "409 before": (False, Reply(409, {}, b"")),
    "429": (False, Reply(429, {"retry-after": "7"}, b"")),
    "429 for an hour": (False, Reply(429, {"retry-after": "3600"}, b"")),
    "400": (False, Reply(400, {}, b'{"error":"no"}')),
    "401": (False, Reply(401, {}, b"")),
    "half an answer": (True, Reply(201, {}, b'{"id":')),
    "a page": (True, Reply(200, {}, b"<html>")),
}
"""By name: is the segment created, and what comes back."""

LATE = {"committed late": 0.3, "committed later": 3.0, "committed much later": 500.0}
"""The client gives up, and the server creates the segment some seconds afterwards."""

INTERRUPTIONS = {"Ctrl-C before": False, "Ctrl-C after": True}
GET_FAULTS: dict[str, Answer] = {"lost": LOST, "503": Reply(503, {}, b""), "404": Reply(404, {}, b"")}


class ModelServer:
    """`segments` are its custom ones; `posts` counts what each name was asked for. Its clock goes on in `sleep`.

    It tidies up what it receives: names are trimmed, rules come back in another order, and whole numbers as `5.0`.
    """

    def __init__(self) -> None:
        self.segments: list[dict[str, Any]] = []
        self.quota = 1_000
        self.post_faults: deque[str] = deque()
        self.get_faults: deque[str] = deque()
        self.after_commit: Callable[[dict[str, Any]], None] = lambda body: None
        self._now = 0.0
        self._late: list[tuple[float, dict[str, Any]]] = []
        self._ids = itertools.count(1)

    # ── what a client does ─────────────────────────────────────────────────────────────────────────────────────────

    def create_segment(self, segment: Segment, *, known_ids: Collection[str]) -> CreatedSegment:
        steps = create(segment, ENDPOINT, RetryState(POLICY), frozenset(known_ids))
        return drive(steps, self._perform, self._wait)

    def list_segments(self) -> tuple[SegmentSummary, ...]:
        return drive(read_list(ENDPOINT, RetryState(POLICY)), self._perform, self._wait).segments

    def get_segment(self, id_: str) -> SegmentDetail:
        return drive(read_segment(ENDPOINT, RetryState(POLICY), id_), self._perform, self._wait)

    # ── what happens on its side ───────────────────────────────────────────────────────────────────────────────────

    def commit(self, body: dict[str, Any]) -> dict[str, Any]:
        """Creates a segment for any caller."""
        rules = [_tidied(rule) for rule in reversed(body["filters"]["rules"])]
        segment = {
            **body,
            "id": f"id-{next(self._ids)}",
            "type": "custom",
            "name": body["name"].strip(),
            "filters": {**body["filters"], "rules": rules, "dateRange": body["filters"].get("dateRange")},
        }
        self.segments.append(segment)
        return segment

    def finish(self) -> None:
        """Finishes late commits and drops the remaining faults."""
        self._sleep(1_000.0)
        self.post_faults.clear()
        self.get_faults.clear()

    def _sleep(self, seconds: float) -> None:
        self._now += seconds
        due = [body for at, body in self._late if at <= self._now]
        self._late = [(at, body) for at, body in self._late if at > self._now]
        for body in due:
            self.commit(body)

    def _wait(self, wait: Wait) -> None:
        self._sleep(wait.seconds)

    def _perform(self, request: Request) -> Answer:
        if request.method == "POST":
            assert request.body is not None
            return self._post(json.loads(request.body), self.post_faults.popleft() if self.post_faults else "")
        fault = self.get_faults.popleft() if self.get_faults else ""
        return GET_FAULTS[fault] if fault in GET_FAULTS else self._get(request.target.partition("?")[0])

    def _get(self, path: str) -> Answer:
        if path == "/segments":
            return _json(200, [{key: it[key] for key in ("id", "name", "type")} for it in self.segments])
        found = [it for it in self.segments if path == f"/segments/{it['id']}"]
        return _json(200, found[0]) if found else Reply(404, {}, b"")

    def _post(self, body: dict[str, Any], fault: str) -> Answer:
        if len(self.segments) >= self.quota:
            return Reply(403, {}, b'{"error":"quota"}')
        if fault in LATE:
            self._late.append((self._now + LATE[fault], body))
            return LOST
        commits, answer = (
            (INTERRUPTIONS[fault], None) if fault in INTERRUPTIONS else POST_FAULTS.get(fault, (True, None))
        )
        made = self.commit(body) if commits else None
        if made is not None:
            self.after_commit(body)
        if fault in INTERRUPTIONS:
            raise KeyboardInterrupt
        return answer if answer is not None else _json(201, made)


def _json(status: int, data: Any) -> Reply:
    return Reply(status, {"content-type": "application/json"}, json.dumps(data).encode())


def _tidied(rule: dict[str, Any]) -> dict[str, Any]:
    value = rule["value"]
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return {**dict(reversed(rule.items())), "value": float(value) if is_whole else value}

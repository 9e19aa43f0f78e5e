"""Answers as JSON. An error's body is `{"error": sentence, "code": word}`, with `problems` when there are several."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from starlette.responses import Response

from segdsl.limits import MAX_DIAGNOSTICS


class Refusal(Exception):  # noqa: N818  it is an answer, not a failure
    """A request that is answered with an error: an HTTP status, a code for programs and a sentence for people."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        problems: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.problems = tuple(problems)
        self.headers = headers

    def answer(self) -> Response:
        """The refusal as a response."""
        body: dict[str, Any] = {"error": self.message, "code": self.code}
        if self.problems:
            body["problems"] = self.problems
        return json_answer(body, status=self.status, headers=self.headers)


def json_answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`data` as a JSON response."""
    return Response(msgspec.json.encode(data), status, headers, "application/json")


def bad_request(problems: Sequence[str]) -> Refusal:
    """A 400 that lists every problem, up to a limit."""
    shown = list(problems[:MAX_DIAGNOSTICS])
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    return Refusal(400, "bad_request", "; ".join(shown), problems=shown)

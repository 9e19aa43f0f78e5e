"""The meaning of an answer: its JSON, or an error. Pure; the server's words are bounded and escaped."""

import json
import math
from http import HTTPStatus
from typing import Any, NoReturn

from segdsl.errors import ApiError, AuthenticationError, RateLimitError
from segdsl.limits import MAX_QUOTED_WORDS
from segdsl.remote.endpoint import origin_of
from segdsl.remote.exchange import Answer, Reply, Request

_REQUEST_ID_HEADERS = ("x-request-id", "request-id")
QUOTED_HEADERS = (*_REQUEST_ID_HEADERS, "content-type", "location")
"""The headers whose values may appear in error messages."""

_KINDS: dict[int, type[ApiError]] = {401: AuthenticationError, 429: RateLimitError}
_HELP = {401: " (is the API key right, and of this account?)"}


class UnusableReplyError(ValueError):
    """An answer without the expected JSON; the text says why. Stays inside `segdsl.remote`."""


def json_of(reply: Reply) -> Any:
    """The JSON of an answer's body.

    Stricter than `json.loads`: UTF-8 only, no NaN or infinite number, and no key twice in an object, because two
    readers could disagree about its value. Raises `UnusableReplyError`.
    """
    try:
        return json.loads(
            reply.body.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except (ValueError, RecursionError):
        kind = plain_words(reply.headers.get("content-type", "no content type"), 60)
        raise UnusableReplyError(f"the body is not valid JSON ({len(reply.body)} bytes, {kind})") from None


def compact_json(data: Any) -> str:
    """JSON data as one line of ASCII, because a server may send what no terminal or file can hold."""
    try:
        return json.dumps(data)
    except RecursionError:
        return "JSON that is nested too deep to be shown"


def error_of(request: Request, answer: Answer, kinds: dict[int, type[ApiError]] = _KINDS) -> ApiError:
    """The error for an unsuccessful answer: of the class that `kinds` has for its status, else `ApiError`."""
    if not isinstance(answer, Reply):
        return ApiError(f"{request}: {answer.words}")
    data = _lenient_json(answer)
    code = _first_text(answer, data, "code")
    kind = kinds.get(answer.status, ApiError)
    return kind(
        f"{request}: {status_words(answer.status)}{_HELP.get(answer.status, '')}{_said(answer, data)}",
        status=answer.status,
        code=plain_words(code, 100) if code else None,
        request_id=_request_id(answer),
    )


def unusable(request: Request, reply: Reply, why: str) -> ApiError:
    """The error for a successful answer without the expected content."""
    words = f"{request}: {status_words(reply.status)}, but {why}"
    return ApiError(words, status=reply.status, request_id=_request_id(reply))


def status_words(status: int) -> str:
    """`404 Not Found`; the number alone if it has no name."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def plain_words(text: str, limit: int = MAX_QUOTED_WORDS) -> str:
    """Foreign text made safe to print: one line, at most `limit` characters, unprintable characters escaped."""
    line = " ".join(text[: 4 * limit].split())
    shown = "".join(letter if letter.isprintable() else f"\\u{{{ord(letter):x}}}" for letter in line)
    return shown if len(shown) <= limit and len(text) <= 4 * limit else shown[:limit] + "…"


def _said(reply: Reply, data: Any) -> str:
    if 300 <= reply.status < 400:
        return f", a redirect {_direction(reply.headers.get('location', ''))}, which is not followed"
    texts = [text for key in ("error", "message") if (text := _first_text(reply, data, key))]
    words = ": ".join(dict.fromkeys(texts)) or reply.body[: 8 * MAX_QUOTED_WORDS].decode("utf-8", "replace")
    return f": {plain_words(words)}" if words.strip() else ""


def _direction(location: str) -> str:
    if location.startswith("/") and not location.startswith("//"):
        return "on the same origin"
    origin = origin_of(f"https:{location}" if location.startswith("//") else location)
    return f"to {origin}" if origin else "to an unusable address"


def _lenient_json(reply: Reply) -> Any:
    try:
        return json_of(reply)
    except UnusableReplyError:
        return None


def _first_text(reply: Reply, data: Any, key: str) -> str | None:
    """The text or number under `key`, else under `error.message` or `error.code`: the shape is not documented."""
    if not isinstance(data, dict):
        return None
    found = data.get(key)
    nested = data.get("error")
    if isinstance(nested, dict) and not isinstance(found, str):
        found = nested.get("message" if key == "error" else key)
    return reply.redact(str(found)) if type(found) in (str, int) and found else None


def _request_id(reply: Reply) -> str | None:
    found = next((reply.headers[name] for name in _REQUEST_ID_HEADERS if reply.headers.get(name)), None)
    return plain_words(found, 100) if found else None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a key appears twice in an object")
    return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number too large for a double")
    return number

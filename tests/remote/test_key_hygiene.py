"""The key is found, checked and sent, and shows itself nowhere else."""

import copy
import logging
import pickle
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segdsl.errors import ApiError, ConfigError
from segdsl.remote.api_key import ApiKey, find_api_key
from segdsl.remote.client import AsyncClient, Client
from segdsl.wire import Segment

from .callers import KEY, AsyncCaller, SyncCaller
from .fault_server import Behaviour, Exchange, FaultServer
from .faults import CREATE_FAULTS
from .test_create_outcomes import answering

Caller = SyncCaller | AsyncCaller


def everything_said(error: BaseException) -> str:
    """All that can be read off an error: its traceback with locals, and its whole chain, suppressed links included."""
    return "\n".join(
        "".join(traceback.TracebackException.from_exception(link, capture_locals=True).format()) + repr(vars(link))
        for link in chain(error)
    )


def chain(error: BaseException | None) -> Iterator[BaseException]:
    if error is not None:
        yield error
        yield from chain(error.__cause__)
        yield from chain(error.__context__)


# ── found ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_where_it_is_found(tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_bytes(b"\xef\xbb\xbf  from-file \r\nsecond line\n")
    environment = {"GREENFLASH_API_KEY": "from-variable\n"}
    assert find_api_key("given", environment, tmp_path).authorization() == "Bearer given"
    assert find_api_key(None, environment, tmp_path).authorization() == "Bearer from-variable"
    assert find_api_key(None, {"GREENFLASH_API_KEY": " "}, tmp_path).authorization() == "Bearer from-file"
    assert find_api_key(None, {}, tmp_path).authorization() == "Bearer from-file"


def test_the_file_is_the_current_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: FaultServer) -> None:
    (tmp_path / ".greenflash").write_text("from-file\n")
    monkeypatch.chdir(tmp_path)
    with Client(base_url=server.url) as client:
        list(client.list_segments())
    assert server.requests[0].headers["authorization"] == "Bearer from-file"


@pytest.mark.parametrize("content", [None, b"", b"\n", b"# a comment"])
def test_there_is_none(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / ".greenflash").write_bytes(content)
    with pytest.raises(ConfigError, match=r"API key|no key"):
        find_api_key(None, {}, tmp_path)


def test_the_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".greenflash").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        find_api_key(None, {}, tmp_path)


# ── checked ───────────────────────────────────────────────────────────────────────────────────────────────────────────

BAD_KEYS = {
    "line break inside": f"{KEY}\nsecond",
    "header injection": f"{KEY}\r\nX-Evil: 1",
    "blank inside": f"Bearer {KEY}",
    "tab inside": f"{KEY}\t{KEY}",
    "NUL": f"{KEY}\0",
    "not ASCII": f"{KEY}é",
    "surrogate": f"{KEY}\udc80",
    "delete": f"{KEY}\x7f",
    "in quotes": f'"{KEY}"',
    "too long": KEY * 1000,
    "empty": "",
    "blank": " \t\r\n",
}


@pytest.mark.parametrize("bad", BAD_KEYS)
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_malformed_key_is_refused_without_being_shown(bad: str, kind: type[Client | AsyncClient]) -> None:
    with pytest.raises(ConfigError, match="the API key") as caught:
        kind(BAD_KEYS[bad])
    assert KEY not in everything_said(caught.value)


def test_a_malformed_key_from_outside_is_not_shown_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".greenflash").write_text(f"{KEY} {KEY}")
    with pytest.raises(ConfigError) as from_file:
        Client()
    monkeypatch.setenv("GREENFLASH_API_KEY", f"{KEY}\n{KEY}")
    with pytest.raises(ConfigError) as from_variable:
        Client()
    assert KEY not in everything_said(from_file.value) + everything_said(from_variable.value)


def test_another_bad_setting_does_not_show_a_good_key() -> None:
    with pytest.raises(ConfigError) as caught:
        Client(KEY, "http://evil.example")
    assert KEY not in everything_said(caught.value)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_bad_base_url_from_outside_does_not_show_a_good_key(
    kind: type[Client | AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENFLASH_API_KEY", KEY)
    monkeypatch.setenv("GREENFLASH_BASE_URL", "http://evil.example")
    with pytest.raises(ConfigError) as caught:
        kind()
    assert KEY not in everything_said(caught.value)


def test_a_key_is_text() -> None:
    with pytest.raises(TypeError, match="is a str") as caught:
        Client(KEY.encode())  # type: ignore[arg-type]  # the wrong type is the point
    assert KEY not in everything_said(caught.value)


@pytest.mark.parametrize("text", [f"{KEY}\n", f" \t{KEY}\r\n"])
def test_outer_white_space_is_dropped(text: str) -> None:
    assert ApiKey(text).authorization() == f"Bearer {KEY}"


# ── and shown nowhere ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_key_type_cannot_be_printed_pickled_or_looked_into() -> None:
    key = ApiKey(KEY)
    shown = [repr(key), str(key), f"{key}", repr([getattr(key, name) for name in dir(key) if name != "authorization"])]
    assert KEY not in " ".join(shown)
    with pytest.raises(TypeError):
        vars(key)
    for refused in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled or copied"):
            refused(key)


def test_a_client_does_not_show_it(caller: Caller, server: FaultServer) -> None:
    client = caller.client(server.url)
    caller.list(server.url)
    seen: list[Any] = [client]
    for thing in seen:
        assert KEY not in repr(thing)
        inner = [] if isinstance(thing, ApiKey) else list(getattr(thing, "__dict__", {}).values())
        seen += [value for value in inner if type(value).__module__.startswith(("segdsl", "httpx", "httpcore"))]
    assert any(isinstance(thing, ApiKey) for thing in seen)
    with pytest.raises(TypeError):
        pickle.dumps(client)


def echoing(exchange: Exchange) -> None:
    exchange.answer(401, {"error": f"unknown key {exchange.headers['authorization']}"}, [("X-Request-Id", KEY)])


def echoing_in_a_status_line(exchange: Exchange) -> None:
    exchange.send(f"{exchange.headers['authorization']} is what you sent\r\n\r\n".encode())
    exchange.drop()


def echoing_in_html(exchange: Exchange) -> None:
    exchange.answer(200, KEY.encode(), [("Content-Type", KEY), ("Retry-After", KEY)])


def echoing_in_the_html_of_an_error(exchange: Exchange) -> None:
    exchange.answer(400, f"<p>{KEY} is what you sent</p>".encode())


def echoing_escaped(exchange: Exchange) -> None:
    """JSON has several ways to write a letter, and a server may choose."""
    key = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
    exchange.answer(401, f'{{"error": "unknown key {key}", "code": "{key}"}}'.encode())


def echoing_an_escaped_message(exchange: Exchange) -> None:
    key = KEY.replace("m", "\\u006D")
    exchange.answer(422, f'{{"error": {{"message": "no {key}"}}, "message": "{key}"}}'.encode())


ERRORS: dict[str, Behaviour] = CREATE_FAULTS | {
    "echo in a redirect": answering(307, b"", ("Location", f"http://{KEY}.example/")),
    "400": answering(400),
    "401": answering(401),
    "429": answering(429, b"", ("Retry-After", "3600")),
    "echo": echoing,
    "echo in a status line": echoing_in_a_status_line,
    "echo in HTML": echoing_in_html,
    "echo in the HTML of an error": echoing_in_the_html_of_an_error,
    "echo in JSON's escapes": echoing_escaped,
    "echo in an escaped message": echoing_an_escaped_message,
}


@pytest.mark.parametrize("fault", ERRORS)
def test_it_is_in_no_log_and_no_error(
    fault: str, caller: Caller, server: FaultServer, segment: Segment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)
    for name in ("httpx", "httpcore", "asyncio", "segdsl"):
        caplog.set_level(1, logger=name)
    logging.getLogger("httpx").debug("the log is being read")
    server.script("create", *[ERRORS[fault]] * 3)
    links: list[BaseException] = []
    try:
        said = repr(caller.create(server.url, segment, timeout=0.5))
    except ApiError as error:
        said, links = everything_said(error), list(chain(error))
    assert KEY not in said
    assert all(type(link).__module__ == "segdsl.errors" for link in links)  # httpx's exceptions hold the request
    if not fault.startswith(
        "echo"
    ):  # httpcore's own log shows the answer's head, with anything that the server puts there
        assert KEY not in caplog.text
    assert "the log is being read" in caplog.text
    assert server.received("create")[0].headers["authorization"] == f"Bearer {KEY}"

"""The studio on a socket: the page and its headers, who may ask, and a file that changes while it is served."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import segdsl
from segdsl.errors import ConfigError
from segdsl.limits import MAX_REQUEST_BODY
from segdsl.studio.app import PAGE, page_files
from segdsl.studio.session import METHODS

from .conftest import Studio, exchange, question

STRICT = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


# ── the page ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_is_served_with_headers_that_keep_it_alone(studio: Studio) -> None:
    for path, name, type_ in [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/index.html", "index.html", "text/html; charset=utf-8"),
        ("/page.js", "page.js", "text/javascript; charset=utf-8"),
        ("/page.css", "page.css", "text/css; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ]:
        reply = studio.http.get(path)
        assert (reply.status_code, reply.content) == (200, (PAGE / name).read_bytes())
        assert reply.headers["content-type"] == type_
        assert reply.headers["content-security-policy"] == STRICT
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/../app.py", "/%2e%2e/app.py", "/app.py", "/page.js/", "/ask/", "//"])
def test_nothing_but_the_page_is_served(studio: Studio, path: str) -> None:
    answer = exchange(studio.port, f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{studio.port}")
    assert status_of(answer) == 404
    assert b"Content-Security-Policy".lower() in answer.lower()


def test_a_page_that_was_not_built_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="make web"):
        page_files(tmp_path)


# ── who may ask ────────────────────────────────────────────────────────────────────────────────────────────────────


def asked(studio: Studio, *headers: str, target: str = "POST /ask", body: bytes = question("start")) -> bytes:
    """A question with exactly these headers."""
    return exchange(studio.port, f"{target} HTTP/1.1", *headers, body=body)


JSON = "Content-Type: application/json"


def test_the_page_may_ask_by_each_name_of_this_machine(studio: Studio) -> None:
    for name in ("127.0.0.1", "localhost", "LOCALHOST"):
        host = f"{name}:{studio.port}"
        for origins in ([], [f"Origin: http://{host.lower()}"]):
            answer = asked(studio, f"Host: {host}", JSON, *origins)
            assert status_of(answer) == 200, answer
            assert b"access-control" not in answer.lower()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.evil.example:{port}",
        "[::1]:{port}",
    ],
)
def test_a_name_that_dns_was_made_to_lead_here_is_refused(studio: Studio, host: str) -> None:
    here = f"Host: {host.format(port=studio.port)}"
    for answer in (asked(studio, here, JSON), asked(studio, here, target="GET /")):
        assert status_of(answer) == 403
        assert b'{"error": "this server answers to its own address only"}' in answer


def test_a_request_with_no_host_or_with_two_is_refused(studio: Studio) -> None:
    own = f"Host: 127.0.0.1:{studio.port}"
    assert status_of(asked(studio, JSON)) in (400, 403)
    assert status_of(asked(studio, own, "Host: evil.example", JSON)) in (400, 403)


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", "http://127.0.0.1:1", "http://127.0.0.1", "https://127.0.0.1:{port}",
     "http://localhost:{port}", "http://127.0.0.1:{port}/", "http://127.0.0.1:{port}.evil.example"],
)  # fmt: skip
def test_another_page_is_refused_also_one_of_another_port(studio: Studio, origin: str) -> None:
    headers = [f"Host: 127.0.0.1:{studio.port}", f"Origin: {origin.format(port=studio.port)}", JSON]
    answer = asked(studio, *headers)
    assert status_of(answer) == 403
    assert b"access-control" not in answer.lower()
    preflight = asked(studio, *headers, "Access-Control-Request-Method: POST", target="OPTIONS /ask", body=b"")
    assert status_of(preflight) == 403
    assert b"access-control" not in preflight.lower()


@pytest.mark.parametrize("type_", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", None])
def test_a_form_of_another_page_cannot_ask(studio: Studio, type_: str | None) -> None:
    headers = [] if type_ is None else [f"Content-Type: {type_}"]
    assert status_of(asked(studio, f"Host: 127.0.0.1:{studio.port}", *headers)) == 415


def test_a_charset_is_allowed(studio: Studio) -> None:
    header = "Content-Type: Application/JSON; charset=utf-8"
    assert status_of(asked(studio, f"Host: 127.0.0.1:{studio.port}", header)) == 200


def test_only_a_post_asks(studio: Studio) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        answer = asked(studio, f"Host: 127.0.0.1:{studio.port}", JSON, target=f"{method} /ask")
        assert status_of(answer) == 405
        assert b'{"error": ' in answer


def test_a_large_question_is_refused_before_it_is_read(studio: Studio) -> None:
    reply = studio.http.post(
        "/ask", content=b" " * (MAX_REQUEST_BODY + 1), headers={"Content-Type": "application/json"}
    )
    assert reply.status_code == 413
    text = "\U0001f600" * 65_536  # the most that a text may have, each twelve bytes of JSON
    assert studio.ask("read", text=f'plan == "{text[:-20]}"')["diagnostics"]


def test_it_listens_on_this_machine_only(studio: Studio) -> None:
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line]
    mine = [address for address in listening if address.endswith(f":{studio.port:04X}")]
    assert mine == [f"0100007F:{studio.port:04X}"]


# ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_answers_are_those_of_the_session(studio: Studio) -> None:
    text = '@paying and plan == "pro" and seats > 3'
    schema, definitions = studio_declarations(studio)
    read = studio.ask("read", text=text, dialect="spark")
    assert [one["filters"] for one in read["segments"]] == [
        one.to_dict() for one in segdsl.compile_all(text, schema, definitions=definitions)
    ]
    start = studio.ask("start")
    assert (start["file"], start["counts"], start["problems"]) == (str(studio.file), True, [])
    assert {one["name"] for one in start["definitions"]} == set(definitions)
    assert "Frustrated Paying Users" in [one["name"] for one in start["segments"]]
    assert studio.ask("hover", text=text + "  # no more", offset=200) is None
    assert studio.ask("complete", text="pl", offset=2)["items"][0]["label"] == "plan"
    people = studio.ask("people", text=text, limit=3)
    assert len(people["people"]) == 3
    assert people["people"][0]["name"] == "u0001"


def studio_declarations(studio: Studio) -> tuple[segdsl.Schema, dict[str, str]]:
    from segdsl.config.check import declared_in
    from segdsl.config.load import load

    config, _ = load(studio.file)
    assert config is not None
    return declared_in(config)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[]", b'{"method": "reed"}', question("read"), question("read", text=5), question("count")],
)
def test_a_wrong_question_is_answered_with_a_sentence(studio: Studio, body: bytes) -> None:
    reply = studio.http.post("/ask", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 200
    assert list(reply.json()) == ["error"]


# ── a file that changes ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def restored(studio: Studio) -> Iterator[Studio]:
    before = studio.file.read_bytes()
    yield studio
    studio.file.write_bytes(before)


def start(studio: Studio) -> dict[str, Any]:
    found: dict[str, Any] = studio.ask("start")
    return found


def test_the_next_question_sees_a_change_even_one_that_keeps_size_and_time(restored: Studio) -> None:
    studio, file = restored, restored.file
    file.write_text('[define]\na = "seats > 1"\n')
    status = os.stat(file)
    first = start(studio)
    assert first["definitions"] == [{"name": "a", "text": "seats > 1"}]
    assert studio.ask("read", text="@b")["diagnostics"][0]["code"] == "unknown-definition"
    file.write_text('[define]\nb = "seats > 2"\n')
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    read = studio.ask("read", text="@b")
    assert "unknown-definition" not in [one["code"] for one in read["diagnostics"]]
    assert read["revision"] > first["revision"]
    second = start(studio)
    assert second["definitions"] == [{"name": "b", "text": "seats > 2"}]
    assert start(studio)["revision"] == second["revision"] == read["revision"]


def test_a_broken_file_keeps_its_declarations_and_its_problems_are_reported(restored: Studio) -> None:
    studio, file = restored, restored.file
    good = start(studio)
    for broken in (b"[properties\n", b"\xff\xfe", b"plan = \xe4"):
        file.write_bytes(broken)
        said = start(studio)
        assert [one["severity"] for one in said["problems"]] == ["error"]
        assert said["problems"][0]["source"] == str(file)
        assert said["definitions"] == good["definitions"]
        assert studio.ask("read", text='plan == "pro"')["segments"]
    file.unlink()
    assert [one["message"] for one in start(studio)["problems"]] == ["there is no such file"]
    file.write_text("")
    assert (start(studio)["problems"], start(studio)["definitions"]) == ([], [])


def test_a_file_with_mistakes_is_used_as_far_as_it_goes(restored: Studio) -> None:
    restored.file.write_text('[define]\na = "seats > 1"\nb = 5\n[[segment]]\nname = "A"\nwhere = "@a"\nwhen = 1\n')
    said = start(restored)
    assert [one["code"] for one in said["problems"]] == ["wrong-value", "unknown-key"]
    assert (said["definitions"], said["segments"]) == (
        [{"name": "a", "text": "seats > 1"}],
        [{"name": "A", "text": "@a"}],
    )


def test_a_change_of_an_included_file_is_seen(restored: Studio) -> None:
    studio, common = restored, restored.file.with_name("common.toml")
    studio.file.write_text('include = ["common.toml"]\n')
    assert [one["code"] for one in start(studio)["problems"]] == ["bad-include"]
    for number in (1, 2):
        common.write_text(f'[define]\na = "seats > {number}"\n')
        said = start(studio)
        assert (said["definitions"], said["problems"]) == ([{"name": "a", "text": f"seats > {number}"}], [])
    common.unlink()
    assert [one["code"] for one in start(studio)["problems"]] == ["bad-include"]


def test_every_method_answers_over_http(studio: Studio) -> None:
    for method in METHODS:
        params: dict[str, Any] = {} if method == "start" else {"text": "seats > 3"}
        params |= {"offset": 1} if method in ("complete", "hover") else {}
        answer = studio.ask(method, **params)
        assert json.dumps(answer)
        assert "error" not in (answer or {})

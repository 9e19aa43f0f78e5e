"""Reading answers: JSON strictly, errors leniently, with the server's words made safe; and the `Link` header."""

from typing import Any

import pytest

from segdsl.remote.exchange import Failure, Reply, Request
from segdsl.remote.read import next_link
from segdsl.remote.replies import UnusableReplyError, compact_json, error_of, json_of, plain_words, unusable

GET = Request("GET", "/v1/segments?page=1")


def reply(body: bytes, status: int = 400, **headers: str) -> Reply:
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (b'{"a": [1, 2.50, true, null, "\xc3\xa9"]}', {"a": [1, 2.5, True, None, "é"]}),
        (b"\xef\xbb\xbf[]", []),
        (b" 7 ", 7),
    ],
)
def test_json(body: bytes, data: Any) -> None:
    assert json_of(reply(body)) == data


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"<html>",
        b"[] []",
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e400]",
        b'{"a": 1, "a": 1}',
        b'[{"b": {"a": 1, "a": 2}}]',
        b'"\xe9"',
        b'"\xed\xa0\x80"',
        "[]".encode("utf-16"),
        b"[" * 200_000,
        b"1" * 10_000,
    ],
)
def test_answers_that_are_not_json(body: bytes) -> None:
    with pytest.raises(UnusableReplyError, match=rf"not valid JSON \({len(body)} bytes, text/html\)"):
        json_of(reply(body, content_type="text/html"))


@pytest.mark.parametrize(
    ("body", "words", "code"),
    [
        (b'{"error": "Bad"}', "Bad", None),
        (b'{"message": "Bad"}', "Bad", None),
        (b'{"error": "Bad", "message": "rules[0]", "code": "x-1"}', "Bad: rules[0]", "x-1"),
        (b'{"error": "Bad", "message": "Bad", "code": 12}', "Bad", "12"),
        (b'{"error": {"message": "Bad", "code": "x"}}', "Bad", "x"),
        (b'{"error": {"message": "Bad"}, "message": "rules[0]"}', "Bad: rules[0]", None),
        (b'{"error": {"reason": 1}}', '{"error": {"reason": 1}}', None),
        (b'{"error": null, "code": {"a": 1}}', '{"error": null, "code": {"a": 1}}', None),
        (b'{"error": true, "message": "Bad", "code": false}', "Bad", None),
        (b'["Bad"]', '["Bad"]', None),
        (b"Bad Request", "Bad Request", None),
        (b"<h1>Bad\r\n\tRequest</h1>", "<h1>Bad Request</h1>", None),
        (b"Bad \xff", "Bad \ufffd", None),
        (b'{"error": "a\\u001b[31mb\\u202ec\\u0000"}', "a\\u{1b}[31mb\\u{202e}c\\u{0}", None),
    ],
)
def test_an_errors_words(body: bytes, words: str, code: str | None) -> None:
    error = error_of(GET, reply(body, x_request_id="r\x1b-1"))
    assert str(error) == f"GET /v1/segments: 400 Bad Request: {words}"
    assert (error.status, error.code, error.request_id) == (400, code, "r\\u{1b}-1")


@pytest.mark.parametrize("body", [b"", b" \n", b'{"error": ""}'[:0]])
def test_an_error_without_words(body: bytes) -> None:
    assert str(error_of(GET, reply(body, 599))) == "GET /v1/segments: 599"


def test_an_error_of_megabytes_is_short() -> None:
    for body in (b"x" * 5_000_000, b'{"message": "' + b"\\u202e" * 500_000 + b'"}'):
        assert len(str(error_of(GET, reply(body)))) < 400


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://evil.example/x?secret", "to https://evil.example"),
        ("//evil.example/x", "to https://evil.example"),
        ("/x", "on the same origin"),
        ("https://me:pw@evil.example", "to an unusable address"),
        ("", "to an unusable address"),
    ],
)
def test_a_redirects_words(location: str, words: str) -> None:
    error = error_of(GET, reply(b"Moved", 302, location=location))
    assert str(error) == f"GET /v1/segments: 302 Found, a redirect {words}, which is not followed"


@pytest.mark.parametrize("status", [300, 399])
def test_every_3xx_is_a_redirect(status: int) -> None:
    assert "a redirect on the same origin" in str(error_of(GET, reply(b"", status, location="/x")))


def test_no_answer_at_all() -> None:
    error = error_of(GET, Failure("no route to host", sent=False))
    assert str(error) == "GET /v1/segments: no route to host"
    assert error.status is None


def test_plain_words_are_bounded() -> None:
    assert plain_words(" a\n b\t") == "a b"
    assert plain_words("abcdef", 5) == "abcde…"
    assert plain_words("abcde", 5) == "abcde"
    assert plain_words(" " * 100 + "abcde", 5) == "…"


def test_a_type_and_a_code_are_quoted_in_bounds() -> None:
    with pytest.raises(UnusableReplyError) as caught:
        json_of(reply(b"", content_type="t" * 1_000))
    assert f" {'t' * 60}…)" in str(caught.value)
    error = error_of(GET, reply(b'{"code": "' + b"c" * 1_000 + b'"}', x_request_id="r" * 1_000))
    assert (error.code, error.request_id) == ("c" * 100 + "…", "r" * 100 + "…")


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("", None),
        ('</x?page=2>; rel="next"', "/x?page=2"),
        ("</x?page=2>; rel=next", "/x?page=2"),
        ("</x>; REL = Next", "/x"),
        ('</a>; rel="prev", </b>; rel="next", </c>; rel="last"', "/b"),
        ('</a>; title="x, y; rel=\\"next\\""; rel="prev", </b>; rel="next"', "/b"),
        ('</a,b>; rel="last next"', "/a,b"),
        ('</a>; rel="nextish", </b>; rel="not-next"', None),
        ('</a>; hreflang=de; rel="next"; title=x', "/a"),
        ("</a>;rel=next,</b>;rel=next", "/a"),
        ("</a>", None),
        ("rel=next", None),
        ("<", None),
        ('</a>; title="unterminated, </b>; rel=next', "/b"),
    ],
)
def test_the_next_link(header: str, target: str | None) -> None:
    assert next_link(header) == target


@pytest.mark.parametrize("piece", ["<", "<a>", "<a>;", '<a>;"', '<a>; rel="', "<a>; rel=x,", "; ", '"\\', "<a>; rel "])
def test_a_hostile_link_header_is_read_in_linear_time(piece: str) -> None:
    """In quadratic time the test would not end before the run's time-out."""
    next_link(piece * (1_000_000 // len(piece)))


def test_no_more_of_a_text_is_looked_at_than_four_times_the_limit() -> None:
    assert plain_words(" " * 15 + "abcde", 5) == "abcde"
    assert plain_words(" " * 20 + "abc", 5) == "…"


def test_what_an_error_quotes_of_a_request_id_is_bounded() -> None:
    long = reply(b"", x_request_id="x" * 150)
    assert error_of(GET, long).request_id == "x" * 100 + "…"
    assert unusable(GET, long, "it is empty").request_id == "x" * 100 + "…"


def test_json_nested_beyond_what_can_be_shown() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert compact_json(deep) == "JSON that is nested too deep to be shown"

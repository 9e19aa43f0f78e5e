"""Where the key may go, decided on the parsed host."""

import pytest

from segdsl.errors import ConfigError
from segdsl.remote.endpoint import find_endpoint, origin_of, parse_base_url


@pytest.mark.parametrize(
    ("text", "origin", "path"),
    [
        ("https://www.greenflash.ai/api/v1", "https://www.greenflash.ai", "/api/v1"),
        ("https://www.greenflash.ai/api/v1//", "https://www.greenflash.ai", "/api/v1"),
        ("HTTPS://API.Example:443", "https://api.example", ""),
        ("https://api.example:8443/", "https://api.example:8443", ""),
        ("https://10.0.0.1/x", "https://10.0.0.1", "/x"),
        ("https://10.0.0.1/X/", "https://10.0.0.1", "/X"),
        ("http://localhost:8000", "http://localhost:8000", ""),
        ("http://LOCALHOST", "http://localhost", ""),
        ("http://127.0.0.1:80/api", "http://127.0.0.1", "/api"),
        ("http://127.8.9.10:81", "http://127.8.9.10:81", ""),
        ("http://[::1]:8000/api/v1", "http://[::1]:8000", "/api/v1"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[0:0:0:0:0:0:0:1]", ""),
    ],
)
def test_allowed_addresses(text: str, origin: str, path: str) -> None:
    endpoint = parse_base_url(text)
    assert (endpoint.origin, endpoint.path) == (origin, path)
    assert endpoint.target("/segments") == f"{path}/segments"


@pytest.mark.parametrize(
    "text",
    [
        "http://example.com",
        "http://localhost.evil.com",
        "http://127.0.0.1.evil.com",
        "http://evil.com#127.0.0.1",
        "http://evil.com/127.0.0.1",
        "http://evil.com?localhost",
        "http://localhost.",
        "http://0.0.0.0",
        "http://10.0.0.1",
        "http://127.1",
        "http://2130706433",
        "http://0x7f.0.0.1",
        "http://017700000001",
        "http://[::2]",
        "http://[::1].evil.com",
        "http://[::1%25eth0]",
        "http://localhost\\@evil.com",
        "http://localhost:80\\evil.com",
        "http://ⓛocalhost",
        "http://localhost\n.evil.com",
        " https://api.example",
        "https://api.example\r\nX: 1",
        "https://bücher.example",
        "https://",
        "https:///path",
        "https://:443",
        "https://api.example:0",
        "https://api.example:65536",
        "https://api.example:x",
        "https://api.example/" + "x" * 9_000,
        "https://[::1",
        "https://[nonsense]",
        "//api.example",
        "api.example",
        "ftp://api.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
        "https",
    ],
)
def test_refused_addresses_come_with_advice(text: str) -> None:
    with pytest.raises(ConfigError, match="https"):
        parse_base_url(text)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["api.example", "localhost", "127.0.0.1"])
def test_user_info_is_refused_and_not_shown(scheme: str, host: str) -> None:
    with pytest.raises(ConfigError, match=r"user name or password.*https") as caught:
        parse_base_url(f"{scheme}://me:hunter2@{host}")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("text", ["https://api.example?key=1", "https://api.example/#x", "https://api.example/?"])
def test_a_query_or_fragment_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="query or a fragment"):
        parse_base_url(text)


def test_where_it_is_found() -> None:
    environment = {"GREENFLASH_BASE_URL": " https://variable.example\n"}
    assert find_endpoint("https://given.example", environment).host == "given.example"
    assert find_endpoint(None, environment).host == "variable.example"
    assert find_endpoint(None, {"GREENFLASH_BASE_URL": ""}) == find_endpoint(None, {})
    assert find_endpoint(None, {}).origin + find_endpoint(None, {}).path == "https://www.greenflash.ai/api/v1"
    with pytest.raises(ConfigError):
        find_endpoint("", environment)


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://api.example/v1/segments?page=2&pageSize=100", "/v1/segments?page=2&pageSize=100"),
        ("HTTPS://API.EXAMPLE:443/v1/segments?page=2", "/v1/segments?page=2"),
        ("/elsewhere?page=2", "/elsewhere?page=2"),
        ("?page=2", "/v1/segments?page=2"),
        ("segments?cursor=a%20b", "/v1/segments?cursor=a%20b"),
        ("https://api.example", "/"),
        ("?page=2#fragment", "/v1/segments?page=2"),
        ("https://api.example:444/v1", None),
        ("http://api.example/v1", None),
        ("https://api.example.evil.com/v1", None),
        ("https://evil.com/api.example", None),
        ("https://me@api.example/v1", None),
        ("https://api.example@evil.com/v1", None),
        ("//evil.com/v1", None),
        ("\\\\evil.com/v1", None),
        ("/\\evil.com/v1", None),
        ("https://api.example\\@evil.com", None),
        ("javascript:alert(1)", None),
        ("https://[", None),
        ("?page= 2", None),
        ("?page=2\r\nX: 1", None),
        ("", None),
    ],
)
def test_where_a_link_may_lead(link: str, target: str | None) -> None:
    endpoint = parse_base_url("https://api.example/v1")
    assert endpoint.same_origin_target(link, "/v1/segments?page=1") == target


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Evil.example:443/path?secret", "https://evil.example"),
        ("http://[::1]:80", "http://[::1]"),
        ("https://me:pw@evil.example", None),
        ("/path", None),
        ("mailto:me", None),
        ("https://[", None),
    ],
)
def test_the_origin_that_a_message_names(url: str, origin: str | None) -> None:
    assert origin_of(url) == origin

"""The key file is read as it should be, and what goes wrong is said; `test_key_hygiene` has the secrecy."""

import pickle
from pathlib import Path

import pytest

from segdsl.errors import ConfigError
from segdsl.remote.api_key import MAX_KEY_LENGTH, ApiKey, find_api_key

LONGEST = "k" * MAX_KEY_LENGTH


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"from-file\nsecond line\n", "from-file"),
        (b"\xef\xbb\xbffrom-file\r\n", "from-file"),
        (LONGEST.encode() + b"\n", LONGEST),
    ],
    ids=["first line", "byte order mark", "longest"],
)
def test_the_first_line_of_the_file(content: bytes, key: str, tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_bytes(content)
    assert find_api_key(None, {}, tmp_path).authorization() == f"Bearer {key}"


def test_a_longer_one_is_refused_and_not_cut(tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_text(f"{LONGEST}k")
    with pytest.raises(ConfigError, match="is longer than 4096 characters"):
        find_api_key(None, {}, tmp_path)


def test_no_file_and_one_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no API key: set GREENFLASH_API_KEY, or put the key on the first line of"):
        find_api_key(None, {}, tmp_path)
    (tmp_path / ".greenflash").mkdir()
    with pytest.raises(ConfigError, match=r"\.greenflash cannot be read: Is a directory"):
        find_api_key(None, {}, tmp_path)


def test_what_is_seen_of_a_key() -> None:
    assert repr(ApiKey("a-made-up-key")) == "ApiKey(hidden)"
    with pytest.raises(TypeError, match="not pickled or copied"):
        pickle.dumps(ApiKey("a-made-up-key"))


@pytest.mark.parametrize("before", ["\ufeff", " " * 100, "\ufeff \t"])
def test_what_stands_before_a_long_key_takes_nothing_from_it(before: str, tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_text(before + LONGEST + "\n", "utf-8")
    assert find_api_key(None, {}, tmp_path).authorization() == f"Bearer {LONGEST}"


@pytest.mark.parametrize("line", [" " * 100_000 + "key", " " * 8_000 + LONGEST, LONGEST * 3])
def test_a_line_that_is_too_long_to_hold_a_key_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_text(line, "utf-8")
    with pytest.raises(ConfigError) as caught:
        find_api_key(None, {}, tmp_path)
    assert "kkk" not in str(caught.value)
    assert "longer than" in str(caught.value)

"""The key file is read as it should be, and what goes wrong is said; `test_key_hygiene` has the secrecy."""

import pickle
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import segdsl
from segdsl.errors import ConfigError
from segdsl.remote.api_key import MAX_KEY_LENGTH, ApiKey, find_api_key

LONGEST = "k" * MAX_KEY_LENGTH


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"from-file\nsecond line\n", "from-file"),
        (b"\xef\xbb\xbffrom-file\r\n", "from-file"),
        (LONGEST.encode() + b"\n", LONGEST),
        (b"\n \n# the key of the test account\n\t# another line\nfrom-file\n", "from-file"),
        (b"GREENFLASH_API_KEY=from-file\n", "from-file"),
        (b"\xef\xbb\xbfGREENFLASH_API_KEY = from-file \n", "from-file"),
        (b"export GREENFLASH_API_KEY='from-file'\n", "from-file"),
        (b'GREENFLASH_API_KEY="from-file"\r\nOTHER=x\n', "from-file"),
        (b"a=b", "a=b"),
        (b"GREENFLASH_API_KEYS=x", "GREENFLASH_API_KEYS=x"),
        (b"#\n" * 99 + b"from-file", "from-file"),
    ],
    ids=str,
)
def test_the_key_in_the_file(content: bytes, key: str, tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_bytes(content)
    assert find_api_key(None, {}, tmp_path).authorization() == f"Bearer {key}"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ".greenflash contains no key"),
        (b"# only a comment\n\n", ".greenflash contains no key"),
        (b"#\n" * 100 + b"sk-marker-7f3a9c51e2", ".greenflash contains no key"),
        (b"GREENFLASH_API_KEY=", "the API key is empty"),
        (b"GREENFLASH_API_KEY=''", "the API key is empty"),
        (b"GREENFLASH_API_KEY='", "the API key is in quotes: remove them"),
        (b"'sk-marker-7f3a9c51e2'", "the API key is in quotes: remove them"),
        (b"sk-marker-7f3a9c51e2 # a comment", "the API key contains a blank (give the key alone, without `Bearer`)"),
    ],
    ids=str,
)
def test_a_file_without_a_usable_key(content: bytes, problem: str, tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        find_api_key(None, {}, tmp_path)
    assert str(caught.value) == problem
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    own = [line for line in shown if str(Path(segdsl.__file__).parent) in line]
    assert own
    assert "sk-marker" not in "".join(own)


@pytest.mark.parametrize(
    ("mode", "warned"), [(0o600, False), (0o400, False), (0o620, False), (0o640, True), (0o604, True), (0o644, True)]
)
def test_a_file_that_others_can_read_draws_a_warning(mode: int, warned: bool, tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_text("from-file\n")
    (tmp_path / ".greenflash").chmod(mode)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert find_api_key(None, {}, tmp_path).authorization() == "Bearer from-file"
        find_api_key(None, {"GREENFLASH_API_KEY": "another"}, tmp_path)
    told = ["other users of this machine can read .greenflash: chmod 600 .greenflash"] * warned
    assert [str(warning.message) for warning in caught] == told


def test_a_longer_one_is_refused_and_not_cut(tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_text(f"{LONGEST}k")
    with pytest.raises(ConfigError, match="is longer than 4096 characters"):
        find_api_key(None, {}, tmp_path)


def test_no_file_and_one_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no API key: set GREENFLASH_API_KEY, or put the key into a file"):
        find_api_key(None, {}, tmp_path)
    (tmp_path / ".greenflash").mkdir()
    with pytest.raises(ConfigError, match=r"\.greenflash cannot be read: Is a directory"):
        find_api_key(None, {}, tmp_path)


def test_the_visible_part_of_a_key() -> None:
    assert repr(ApiKey("a-made-up-key")) == "ApiKey(hidden)"
    with pytest.raises(TypeError, match="cannot be pickled or copied"):
        pickle.dumps(ApiKey("a-made-up-key"))


@pytest.mark.parametrize("before", ["\ufeff", " " * 100, "\ufeff \t"])
def test_text_before_a_long_key_does_not_shorten_it(before: str, tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_text(before + LONGEST + "\n", "utf-8")
    assert find_api_key(None, {}, tmp_path).authorization() == f"Bearer {LONGEST}"


@pytest.mark.parametrize("line", [" " * 100_000 + "key", " " * 8_000 + LONGEST, LONGEST * 3])
def test_a_line_that_is_too_long_to_hold_a_key_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_text(line, "utf-8")
    with pytest.raises(ConfigError) as caught:
        find_api_key(None, {}, tmp_path)
    assert "kkk" not in str(caught.value)
    assert "too long" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        (" \t\r\n", "is empty"),
        ('"a-key"', "is in quotes: remove them"),
        ("'a-key'", "is in quotes: remove them"),
        ('"', "is in quotes: remove them"),
        ("k" * (MAX_KEY_LENGTH + 1), "is longer than 4096 characters"),
        ("a\x07key", "contains a control character or a character that is not ASCII"),
        ("a-kéy", "contains a control character or a character that is not ASCII"),
        ("\u00a0a-key", "contains a control character or a character that is not ASCII"),
        ("a-key\x0b", "contains a control character or a character that is not ASCII"),
        ("Bearer a-key", "contains a blank (give the key alone, without `Bearer`)"),
    ],
)
def test_values_that_are_no_key(text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ApiKey(text)
    assert str(caught.value) == f"the API key {problem}"


@pytest.mark.parametrize("text", ["k", "kk", "a\"b'c", "'a", "a'", "XkX", "\"a'", LONGEST])
def test_any_word_of_printable_ascii_is_a_key(text: str) -> None:
    assert ApiKey(f" \t{text}\r\n").authorization() == f"Bearer {text}"


def test_a_key_is_text() -> None:
    with pytest.raises(TypeError, match=r"^an API key is a str$"):
        ApiKey(b"a-key")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "said"),
    [("7letter", "no 7letter here"), ("8letters", "no [API key] here"), ("9-letters", "no [API key] here")],
)
def test_a_quoted_answer_never_shows_a_key_that_is_long_enough_to_be_one(key: str, said: str) -> None:
    assert ApiKey(key).redact(f"no {key} here") == said


@pytest.mark.parametrize("key", ["sk-Marker-7F3A", "sk-marker", "SK.MARKER"])
@pytest.mark.parametrize("change", [str, str.upper, str.lower, str.swapcase])
def test_it_is_taken_out_in_upper_and_lower_case(key: str, change: Callable[[str], str]) -> None:
    text = f"İ{change(key)}{key} ß, {change(key)}"
    assert ApiKey(key).redact(text) == "İ[API key][API key] ß, [API key]"


def test_a_variable_that_is_blank_counts_as_unset(tmp_path: Path) -> None:
    (tmp_path / ".greenflash").write_text("from-file\n")
    for blank in ("", " \t\r\n"):
        assert find_api_key(None, {"GREENFLASH_API_KEY": blank}, tmp_path).authorization() == "Bearer from-file"
    found = find_api_key(None, {"GREENFLASH_API_KEY": " from-variable\n", "OTHER": "x"}, tmp_path)
    assert found.authorization() == "Bearer from-variable"
    with pytest.raises(ConfigError, match="not ASCII"):  # set, if to nothing that can be seen
        find_api_key(None, {"GREENFLASH_API_KEY": "\u00a0"}, tmp_path)

"""The API key: where it is read from, how it is checked, and that it is never shown."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from segdsl.errors import ConfigError

KEY_VARIABLE = "GREENFLASH_API_KEY"
KEY_FILE = ".greenflash"
MAX_KEY_LENGTH = 4_096
MIN_SECRET_LENGTH = 8
_MAX_LINE = 2 * MAX_KEY_LENGTH
"""Bytes of the key file's first line: a key and the blanks around it."""

_OUTER_BLANKS = " \t\r\n"
_MISSING = f"no API key: set {KEY_VARIABLE}, or put the key on the first line of {KEY_FILE} in the current folder"


class ApiKey:
    """A bearer key that only the transport can read: no repr, no pickle and no attribute holds its text.

    Outer white space is dropped, because keys read from files end in a line break. Raises `ConfigError`, which never
    quotes the key, unless the rest is one word of printable ASCII: HTTP libraries echo a header that they cannot send.
    """

    __slots__ = ("_reveal",)

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            del text
            raise TypeError("an API key is a str")
        text = text.strip(_OUTER_BLANKS)
        problem = _problem(text)
        self._reveal = _sealed(text)
        del text  # a traceback that shows locals must not show this one
        if problem is not None:
            raise ConfigError(f"the API key {problem}")

    def __repr__(self) -> str:
        return "ApiKey(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key cannot be pickled or copied")

    def authorization(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self._reveal()}"

    def redact(self, text: str) -> str:
        """`text` without the key. A server may echo the key, and its words are quoted in error messages.

        A short key is not a secret: somebody made it up for a server on this machine, and it may be an ordinary word.
        """
        key = self._reveal()
        return text.replace(key, "[API key]") if len(key) >= MIN_SECRET_LENGTH else text


def find_api_key(given: str | None, environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> ApiKey:
    """The given key, else `GREENFLASH_API_KEY`, else the first line of `.greenflash` in `folder` (default: here).

    A variable that is set but blank counts as unset, as in CI jobs whose secret is missing. Raises `ConfigError`.
    """
    try:
        if given is not None:
            return ApiKey(given)
        if environment.get(KEY_VARIABLE, "").strip(_OUTER_BLANKS):
            return ApiKey(environment[KEY_VARIABLE])
        return ApiKey(_first_line((folder or Path()) / KEY_FILE))
    finally:
        del given, environment  # a traceback must not show them


def _first_line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            line = file.readline(_MAX_LINE)
    except FileNotFoundError:
        raise ConfigError(_MISSING) from None
    except OSError as error:
        raise ConfigError(f"{KEY_FILE} cannot be read: {error.strerror}") from None
    if len(line) == _MAX_LINE:
        del line  # a traceback must not show it
        raise ConfigError(f"the first line of {KEY_FILE} is too long for a key")
    # Latin-1 never fails to decode; `ApiKey` refuses a key that is not ASCII.
    return line.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _sealed(text: str) -> Callable[[], str]:
    return lambda: text


def _problem(text: str) -> str | None:
    if not text:
        return "is empty"
    if len(text) > MAX_KEY_LENGTH:
        return f"is longer than {MAX_KEY_LENGTH} characters"
    if text[0] == text[-1] and text[0] in "\"'":
        return "is in quotes: remove them"
    if not (text.isascii() and text.isprintable()):
        return "contains a control character or a character that is not ASCII"
    if " " in text:
        return "contains a blank (give the key alone, without `Bearer`)"
    return None

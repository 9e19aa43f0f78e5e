"""The API key: where it is read from, how it is checked, and that it is never shown."""

import hmac
import os
import re
import string
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from segdsl.errors import ConfigError

KEY_VARIABLE = "GREENFLASH_API_KEY"
KEY_FILE = ".greenflash"
MAX_KEY_LENGTH = 4_096
MIN_SECRET_LENGTH = 8
_MAX_LINE = 2 * MAX_KEY_LENGTH
"""Bytes of a line of the key file: a key and the blanks around it."""

_MAX_LINES = 100
"""Lines of the key file that are read: comments, and the one with the key."""

_OTHERS_MAY_READ = 0o044
_ASSIGNMENT = re.compile(rf"(?:export[ \t]+)?{KEY_VARIABLE}[ \t]*=(.*)")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
"""Unlike `str.lower`, it keeps the length of every text."""

_OUTER_BLANKS = " \t\r\n"
_BOM = b"\xef\xbb\xbf".decode("latin-1")
_MISSING = f"no API key: set {KEY_VARIABLE}, or put the key into a file {KEY_FILE} in the current folder"


class KeyFileWarning(UserWarning):
    """Other users of this machine can read the key file."""


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

    def fingerprint(self, text: str) -> str:
        """A short name for `text` that only holders of the key can compute, and that does not show the key."""
        return hmac.new(self._reveal().encode(), text.encode(), "sha256").hexdigest()[:16]

    def redact(self, text: str) -> str:
        """`text` without the key, in upper or lower case. A server may echo it, and errors quote the server's words.

        A short key is not a secret: somebody made it up for a server on this machine, and it may be an ordinary word.
        """
        key = self._reveal()
        if len(key) < MIN_SECRET_LENGTH:
            return text
        lower, sought = text.translate(_LOWER), key.translate(_LOWER)
        pieces, start = [], 0
        while (found := lower.find(sought, start)) >= 0:
            pieces += [text[start:found], "[API key]"]
            start = found + len(key)
        return "".join([*pieces, text[start:]])


def find_api_key(given: str | None, environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> ApiKey:
    """The given key, else `GREENFLASH_API_KEY`, else the key in the file `.greenflash` of `folder` (default: here).

    A variable that is set but blank counts as unset, as in CI jobs whose secret is missing. Raises `ConfigError`; warns
    of a file that other users can read.
    """
    try:
        if given is not None:
            return ApiKey(given)
        if environment.get(KEY_VARIABLE, "").strip(_OUTER_BLANKS):
            return ApiKey(environment[KEY_VARIABLE])
        return ApiKey(_key_in((folder or Path()) / KEY_FILE))
    finally:
        del given, environment  # a traceback must not show them


def _key_in(path: Path) -> str:
    """The first line of the file that is neither blank nor a comment: the key, or `GREENFLASH_API_KEY=` and the key."""
    try:
        with path.open("rb") as file:
            _warn_of_readers(os.fstat(file.fileno()).st_mode)
            # Latin-1 never fails to decode; `ApiKey` refuses a key that is not ASCII.
            lines = [file.readline(_MAX_LINE).decode("latin-1") for _ in range(_MAX_LINES)]
    except FileNotFoundError:
        raise ConfigError(_MISSING) from None
    except OSError as error:
        raise ConfigError(f"{KEY_FILE} cannot be read: {error.strerror}") from None
    try:
        for line in lines:
            text = line.removeprefix(_BOM).strip(_OUTER_BLANKS)
            if len(line) >= _MAX_LINE:
                raise ConfigError(f"a line of {KEY_FILE} is too long for a key")
            if text and not text.startswith("#"):
                return _assigned(text)
        raise ConfigError(f"{KEY_FILE} contains no key")
    finally:
        lines.clear()  # a traceback must not show them
        line = text = ""


def _warn_of_readers(mode: int) -> None:
    if mode & _OTHERS_MAY_READ and sys.platform != "win32":
        message = f"other users of this machine can read {KEY_FILE}: chmod 600 {KEY_FILE}"
        warnings.warn(message, KeyFileWarning, stacklevel=6)


def _assigned(text: str) -> str:
    """The key in a line, which may be an assignment as in a shell, with or without quotes."""
    assignment = _ASSIGNMENT.fullmatch(text)
    if assignment is None:
        return text
    value = assignment[1].strip(_OUTER_BLANKS)
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


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

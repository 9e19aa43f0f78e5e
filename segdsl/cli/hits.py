"""The users that match, written as they are found: ids, whole records, a number, or one JSON object."""

import json
from typing import Any, Protocol

from msgspec import Struct

from segdsl.cli import console
from segdsl.cli.users import Record


class Tally(Struct):
    """How many users match, do not, may or may not; and how many records could not be used."""

    matching: int = 0
    others: int = 0
    unknown: int = 0
    malformed: int = 0

    @property
    def users(self) -> int:
        """Those of whom something could be said."""
        return self.matching + self.others + self.unknown


class Hits(Protocol):
    """Where matching users go."""

    def add(self, record: Record) -> None:
        """Takes one, in the order of the file."""

    def end(self, tally: Tally) -> None:
        """Finishes the output."""


def hits(*, records: bool, count: bool, as_json: bool) -> Hits:
    """What the options ask for; `count` has precedence over `records`."""
    if as_json:
        return _Document(None if count else "records" if records else "ids")
    return _Count() if count else _Lines(records=records)


class _Lines:
    def __init__(self, *, records: bool) -> None:
        self._text = _record_text if records else _id_text

    def add(self, record: Record) -> None:
        console.out(self._text(record))

    def end(self, tally: Tally) -> None:
        pass


class _Count:
    def add(self, record: Record) -> None:
        pass

    def end(self, tally: Tally) -> None:
        console.out(str(tally.matching))


class _Document:
    """`{"version": 1, "ids": […], "matching": 2, "notMatching": 1, "unknown": 0, "malformed": 0}`, in flat memory."""

    def __init__(self, key: str | None) -> None:
        self._key = key
        self._waiting = f'{{"version": 1, "{key}": ['  # a line is written when it is known whether it ends in a comma
        self._comma = ""

    def add(self, record: Record) -> None:
        if self._key is None:
            return
        text = _record_text(record) if self._key == "records" else _json(identity(record))
        console.out(self._waiting + self._comma)
        self._waiting, self._comma = f"  {text}", ","

    def end(self, tally: Tally) -> None:
        counts = {
            "matching": tally.matching,
            "notMatching": tally.others,
            "unknown": tally.unknown,
            "malformed": tally.malformed,
        }
        if self._key is None:
            console.out(_json({"version": 1} | counts))
        else:
            console.out(self._waiting)
            console.out(f"], {_json(counts)[1:]}")


def identity(record: Record) -> str | int:
    """The user's id, or the number of the record when it has none."""
    given = record.user.get("id")
    return given if isinstance(given, str | int) and not isinstance(given, bool) else record.number


def _id_text(record: Record) -> str:
    """The id on one line, as JSON where it would not be one."""
    known = identity(record)
    return known if isinstance(known, str) and known.isprintable() else _json(known)


def _record_text(record: Record) -> str:
    return _json(record.user) if record.raw is None else record.raw.decode().strip()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

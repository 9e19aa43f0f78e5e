"""SQLite 3.38 and newer. Its moments are text; a moment has a zone if one is written."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from segdsl.sql.dialects.dialect import Dialect, Dynamic, case, utc

_N = "[0-9]"
_DAY = "-".join((_N * 4, _N * 2, _N * 2))
_CLOCK = ":".join((_N * 2, _N * 2, _N * 2))


class SQLite(Dialect):
    name: ClassVar[str] = "sqlite"
    title: ClassVar[str] = "SQLite"
    quote: ClassVar[str] = "`"  # a misspelt "x" is silently the text x
    unknown: ClassVar[str] = "NULL"
    moments_are_text: ClassVar[bool] = True
    json_is_text: ClassVar[bool] = True
    operands: ClassVar[int] = 100
    nesting: ClassVar[int] = 40  # because its parser's stack has 100 entries; in newer versions it grows

    def string(self, value: str) -> str:
        pieces = [super(SQLite, self).string(piece) for piece in value.split("\0")]
        return pieces[0] if len(pieces) == 1 else f"({' || char(0) || '.join(pieces)})"

    def text(self, x: str) -> str:
        return f"{x} COLLATE BINARY"

    def contains(self, x: str, part: str) -> str:
        return f"instr({x}, {self.string(part)}) > 0"

    def as_text(self, x: str) -> str:
        return f"CAST({x} AS TEXT)"

    def double(self, x: str) -> str:
        return f"CAST({x} AS REAL)"

    def is_finite(self, x: str) -> str:
        return f"{x} BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308"

    def instant(self, moment: datetime) -> str:
        return f"'{utc(moment)}'"

    naive = instant

    def instant_ago(self, seconds: int) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '-{seconds} seconds')"

    naive_ago = instant_ago

    def epoch_ago(self, seconds: int) -> str:
        return f"(julianday('now') - 2440587.5) * 86400.0 - {seconds}"

    def with_zone(self, x: str) -> str:
        return _moment(x, _ZONED, "[T ]")

    def without_zone(self, x: str) -> str:
        return _moment(x, _UNZONED, "[T ]")

    def midnight(self, x: str) -> str:
        return case((_is_a_day(x), f"{x} || ' 00:00:00.000000'"))

    def from_rfc3339(self, x: str) -> str:
        return _moment(x, _ZONED, "T")

    def date_text(self, x: str) -> str:
        return x

    def timestamp_text(self, x: str) -> str:
        return f"strftime('%Y-%m-%dT%H:%M:%SZ', {x})"

    def member(self, x: str, key: str) -> tuple[str, ...]:
        path = self.string(f'$."{key}"')
        return f"json_type({x}, {path})", f"json_extract({x}, {path})"

    def value(self, x: str) -> tuple[str, ...]:
        x = self.parsed_json(x)
        return f"json_type({x})", f"json_extract({x}, '$')"

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        kind, value = parts
        return Dynamic(
            present=f"{kind} <> 'null'",
            is_text=f"{kind} = 'text'",
            text=value,
            is_number=f"{kind} IN ('integer', 'real') AND {self.is_finite(value)}",
            number=value,
            is_boolean=f"{kind} IN ('true', 'false')",
            boolean=value,
        )

    def is_json(self, x: str) -> str:
        return f"json_valid({x})"

    def parsed_json(self, x: str) -> str:
        return case((f"json_valid({x})", x))

    def is_no_object(self, x: str) -> str:
        return f"json_type({x}) NOT IN ('object', 'null')"


_ZONED = (
    "CASE WHEN t GLOB '*Z' THEN 'Z'"
    " WHEN t GLOB '*[+-][0-2][0-9]:[0-5][0-9]' AND substr(t, -5, 2) < '24' THEN substr(t, -6) END"
)
_UNZONED = "''"


def _moment(x: str, zone: str, separator: str) -> str:
    """The moment that text names, in UTC with microseconds; NULL for other text.

    SQLite's own functions accept much that is not a date-time, and know milliseconds only. They get whole seconds, from
    text whose form is tested, to move them to UTC. `t` is the text, `body` the part before its zone.
    """
    well_formed = (
        f"(body GLOB '{_DAY}{separator}{_CLOCK}' OR (body GLOB '{_DAY}{separator}{_CLOCK}.{_N}*'"
        " AND rtrim(substr(body, 21), '0123456789') = ''))"
        " AND substr(body, 12, 2) < '24' AND substr(body, 15, 2) < '60' AND substr(body, 18, 2) <= '60'"
        f" AND {_is_a_day('substr(t, 1, 10)')}"
    )
    back = case(
        ("zone LIKE '+%'", "'-' || substr(zone, 2)"), ("zone LIKE '-%'", "'+' || substr(zone, 2)"), ("TRUE", "'+00:00'")
    )
    minute = "strftime('%Y-%m-%d %H:%M:%S', substr(t, 1, 10) || ' ' || substr(body, 12, 6)"
    seconds = case(
        ("substr(body, 18, 2) = '60'", f"{minute} || '59', {back}, '+1 second')"),
        ("TRUE", f"{minute} || substr(body, 18, 2), {back})"),
    )
    moment = case(
        (_is_a_day("t"), "t || ' 00:00:00.000000'"),
        (well_formed, f"{seconds} || '.' || substr(substr(body, 21) || '000000', 1, 6)"),
    )
    zones = f"SELECT t, {zone} AS zone FROM (SELECT upper({x}) AS t)"
    return f"(SELECT {moment} FROM (SELECT t, zone, substr(t, 1, length(t) - length(zone)) AS body FROM ({zones})))"


def _is_a_day(x: str) -> str:
    return f"{x} GLOB '{_DAY}' AND date({x}, '+0 days') = {x} AND {x} >= '0001'"

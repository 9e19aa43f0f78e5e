"""MySQL 8.0.17 and newer, and MariaDB 10.6 and newer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar

from segdsl.sql.dialects.dialect import Dialect, Dynamic, Limit, case, epoch, utc


class MySQL(Dialect):
    name: ClassVar[str] = "mysql"
    title: ClassVar[str] = "MySQL"
    quote: ClassVar[str] = "`"
    unknown: ClassVar[str] = "NULL"
    limit: ClassVar[Limit | None] = Limit(4_000_000, "max_allowed_packet")
    earliest: ClassVar[datetime] = datetime(1000, 1, 1, tzinfo=UTC)
    reads_rfc3339: ClassVar[bool] = False

    def string(self, value: str) -> str:
        if "\\" in value or "\0" in value:
            # whether a backslash escapes depends on the session's sql_mode
            return f"CONVERT(X'{value.encode().hex()}' USING utf8mb4)"
        return super().string(value)

    def text(self, x: str) -> str:
        return f"CAST(CONVERT({x} USING utf8mb4) AS BINARY)"

    def text_literal(self, value: str) -> str:
        return f"CAST(CONVERT({self.string(value)} USING utf8mb4) AS BINARY)"

    def contains(self, x: str, part: str) -> str:
        return f"LOCATE({self.text_literal(part)}, {self.text(x)}) > 0"

    def as_text(self, x: str) -> str:
        return f"CAST({x} AS CHAR)"

    def is_finite(self, x: str) -> str:
        return ""

    # TIMESTAMP columns are shown in the session's time zone, but seconds since 1970 have none
    def instant(self, moment: datetime) -> str:
        return f"{Decimal(epoch(moment)).scaleb(-6):f}"

    def naive(self, moment: datetime) -> str:
        return f"TIMESTAMP'{utc(moment)}'"

    def instant_ago(self, seconds: int) -> str:
        return f"UNIX_TIMESTAMP() - {seconds}"

    epoch_ago = instant_ago

    def naive_ago(self, seconds: int) -> str:
        return f"UTC_TIMESTAMP(6) - INTERVAL {seconds} SECOND"

    def with_zone(self, x: str) -> str:
        return f"UNIX_TIMESTAMP({x})"

    def midnight(self, x: str) -> str:
        return f"CAST({x} AS DATETIME)"

    def date_text(self, x: str) -> str:
        return f"DATE_FORMAT({x}, '%Y-%m-%d')"

    def timestamp_text(self, x: str) -> str:
        return f"DATE_FORMAT({x}, '%Y-%m-%dT%H:%i:%sZ')"

    def member(self, x: str, key: str) -> tuple[str, ...]:
        path = self.string(f'$."{key}"')
        return (f"JSON_EXTRACT({x}, {path})",)

    def value(self, x: str) -> tuple[str, ...]:
        return (f"JSON_EXTRACT({x}, '$')",)

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        (value,) = parts
        kind, text = f"JSON_TYPE({value})", f"JSON_UNQUOTE({value})"
        return Dynamic(
            present=f"{kind} <> 'NULL'",
            is_text=f"{kind} = 'STRING'",
            text=text,
            is_number=f"{kind} IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL')",
            number=f"CAST({text} AS DOUBLE)",
            is_boolean=f"{kind} = 'BOOLEAN'",
            boolean=f"({text} = 'true')",
        )

    def is_json(self, x: str) -> str:
        return f"JSON_VALID({x})"

    def parsed_json(self, x: str) -> str:
        return case((self.is_json(x), x))

    def is_no_object(self, x: str) -> str:
        return f"JSON_TYPE({x}) NOT IN ('OBJECT', 'NULL')"

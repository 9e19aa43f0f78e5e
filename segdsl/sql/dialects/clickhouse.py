"""ClickHouse 23.8 and newer. JSON is in a column of type String."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from segdsl.sql.dialects.dialect import Dialect, Dynamic, Limit, case, utc


class ClickHouse(Dialect):
    name: ClassVar[str] = "clickhouse"
    title: ClassVar[str] = "ClickHouse"
    quote: ClassVar[str] = "`"
    sets_by_bits: ClassVar[bool] = True
    unknown: ClassVar[str] = "CAST(NULL AS Nullable(Bool))"
    json_is_text: ClassVar[bool] = True
    limit: ClassVar[Limit | None] = Limit(262_144, "max_query_size")
    earliest: ClassVar[datetime] = datetime(1900, 1, 1, tzinfo=UTC)
    reads_rfc3339: ClassVar[bool] = False

    def identifier(self, name: str) -> str:
        return super().identifier(name.replace("\\", "\\\\"))

    def string(self, value: str) -> str:
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0") + "'"

    def contains(self, x: str, part: str) -> str:
        return f"position({x}, {self.string(part)}) > 0"

    def as_text(self, x: str) -> str:
        return f"toString({x})"

    def double(self, x: str) -> str:
        return f"toFloat64({x})"

    def is_finite(self, x: str) -> str:
        return f"isFinite({x})"

    def is_in(self, x: str, literals: Sequence[str]) -> str:
        return f"if({x} IS NULL, NULL, {super().is_in(x, literals)})"  # NULL IN (…) is 0 here

    def instant(self, moment: datetime) -> str:
        return f"toDateTime64('{utc(moment)}', 6, 'UTC')"

    naive = instant

    def instant_ago(self, seconds: int) -> str:
        return f"now64(6) - toIntervalSecond({seconds})"

    naive_ago = instant_ago

    def epoch_ago(self, seconds: int) -> str:
        return f"toUnixTimestamp64Micro(now64(6)) / 1e6 - {seconds}"

    def midnight(self, x: str) -> str:
        return f"toDateTime64({x}, 6, 'UTC')"

    def date_text(self, x: str) -> str:
        return f"toString({x})"

    def timestamp_text(self, x: str) -> str:
        return f"formatDateTime({x}, '%Y-%m-%dT%H:%i:%SZ', 'UTC')"

    def member(self, x: str, key: str) -> tuple[str, ...]:
        return self._read(f"{x}, {self.string(key)}")

    def value(self, x: str) -> tuple[str, ...]:
        return self._read(self.parsed_json(x))

    @staticmethod
    def _read(arguments: str) -> tuple[str, ...]:
        readings = ("JSONExtractString", "JSONExtractFloat", "JSONExtractBool")
        return f"toString(JSONType({arguments}))", *[f"{reading}({arguments})" for reading in readings]

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        kind, text, number, boolean = parts
        return Dynamic(
            present=f"{kind} <> 'Null'",
            is_text=f"{kind} = 'String'",
            text=text,
            is_number=f"{kind} IN ('Int64', 'UInt64', 'Double') AND isFinite({number})",
            number=number,
            is_boolean=f"{kind} = 'Bool'",
            boolean=boolean,
        )

    def is_json(self, x: str) -> str:
        return f"isValidJSON({x})"

    def parsed_json(self, x: str) -> str:
        return case((self.is_json(x), x))

    def joined(self, x: str) -> str:
        return f"toNullable({x})"  # the default of a type without NULL would be 0 or ''

    def is_no_object(self, x: str) -> str:
        return f"toString(JSONType({x})) NOT IN ('Object', 'Null')"

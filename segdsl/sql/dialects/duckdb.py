"""DuckDB 1.4 and newer."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from segdsl.sql.dialects.dialect import RFC3339, Dialect, Dynamic, case, utc


class DuckDB(Dialect):
    name: ClassVar[str] = "duckdb"
    title: ClassVar[str] = "DuckDB"

    def string(self, value: str) -> str:
        pieces = [super(DuckDB, self).string(piece) for piece in value.split("\0")]
        return pieces[0] if len(pieces) == 1 else f"({' || chr(0) || '.join(pieces)})"

    def text(self, x: str) -> str:
        return f'{x} COLLATE "C"'

    def contains(self, x: str, part: str) -> str:
        return f"contains({self.text(x)}, {self.string(part)})"

    def instant(self, moment: datetime) -> str:
        return f"TIMESTAMPTZ '{utc(moment)}+00'"

    def instant_ago(self, seconds: int) -> str:
        return f"now() - to_seconds({seconds})"

    def naive_ago(self, seconds: int) -> str:
        return f"(now() AT TIME ZONE 'UTC') - to_seconds({seconds})"

    def epoch_ago(self, seconds: int) -> str:
        return f"epoch_us(now()) / 1e6 - {seconds}"

    def from_rfc3339(self, x: str) -> str:
        day = f"TRY_CAST({x} || ' 00:00:00+00' AS TIMESTAMPTZ)"
        leap = f"TRY_CAST(upper(left({x}, 17) || '59' || substr({x}, 20)) AS TIMESTAMPTZ) + to_seconds(1)"
        moment = case(
            (f"length({x}) = 10", day),
            (f"substr({x}, 18, 2) = '60'", leap),
            ("TRUE", f"TRY_CAST(upper({x}) AS TIMESTAMPTZ)"),
        )
        return case((f"regexp_full_match({x}, '{RFC3339}') AND NOT starts_with({x}, '0000')", moment))

    def is_a_moment(self, x: str) -> str:
        return f"isfinite({x})"

    def date_text(self, x: str) -> str:
        return f"strftime({x}, '%Y-%m-%d')"

    def timestamp_text(self, x: str) -> str:
        return f"strftime({x}, '%Y-%m-%dT%H:%M:%SZ')"

    def member(self, x: str, key: str) -> tuple[str, ...]:
        path = self.string(f'$."{key}"')
        return f"json_type({x}, {path})", f"json_extract_string({x}, {path})"

    def value(self, x: str) -> tuple[str, ...]:
        return f"json_type({x})", f"json_extract_string({x}, '$')"

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        kind, text = parts
        number = f"TRY_CAST({text} AS DOUBLE)"
        return Dynamic(
            present=f"{kind} <> 'NULL'",
            is_text=f"{kind} = 'VARCHAR'",
            text=text,
            is_number=f"{kind} IN ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT') AND isfinite({number})",
            number=number,
            is_boolean=f"{kind} = 'BOOLEAN'",
            boolean=f"({text} = 'true')",
        )

    def shown(self, parts: Sequence[str]) -> str:
        """The value from its parts, as text for people."""
        return parts[1]

    def is_json(self, x: str) -> str:
        return f"json_valid({x})"

    def parsed_json(self, x: str) -> str:
        return case((f"json_valid({x})", f"CAST({x} AS JSON)"))

    def is_no_object(self, x: str) -> str:
        return f"json_type({x}) NOT IN ('OBJECT', 'NULL')"

    def count_if(self, x: str) -> str:
        return f"coalesce(count_if({x}), 0)"  # NULL where x is NULL everywhere

"""PostgreSQL 12 and newer (JSON in a text column: 16)."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from segdsl.sql.dialects.dialect import RFC3339, Dialect, Dynamic, case, utc


class Postgres(Dialect):
    name: ClassVar[str] = "postgres"
    title: ClassVar[str] = "PostgreSQL"
    holds_nul: ClassVar[bool] = False
    unknown: ClassVar[str] = "CAST(NULL AS boolean)"

    def string(self, value: str) -> str:
        # E'…' reads backslashes in the same way for both values of standard_conforming_strings
        escaped = value.replace("\\", "\\\\").replace("'", "''")
        return f"E'{escaped}'" if "\\" in value else f"'{escaped}'"

    def text(self, x: str) -> str:
        return f'CAST({x} AS text) COLLATE "C"'

    def as_text(self, x: str) -> str:
        return f"CAST({x} AS text)"

    def double(self, x: str) -> str:
        return f"CAST({x} AS double precision)"

    def is_finite(self, x: str) -> str:
        return f"abs({x}) < 'Infinity'"  # NaN is the greatest number

    def instant(self, moment: datetime) -> str:
        return f"TIMESTAMPTZ '{utc(moment)}+00'"

    def instant_ago(self, seconds: int) -> str:
        return f"now() - INTERVAL '{seconds} seconds'"

    def naive_ago(self, seconds: int) -> str:
        return f"(now() AT TIME ZONE 'UTC') - INTERVAL '{seconds} seconds'"

    def epoch_ago(self, seconds: int) -> str:
        return f"CAST(extract(epoch FROM now()) AS double precision) - {seconds}"

    def from_rfc3339(self, x: str) -> str:
        month_end = f"(CAST(substr({x}, 1, 7) || '-01' AS date) + INTERVAL '1 month' - INTERVAL '1 day')"
        is_a_day = f"CAST(substr({x}, 9, 2) AS integer) <= extract(day FROM {month_end})"
        # a cast would round fractions of a microsecond, and refuse offsets of 16 hours
        local = f"CAST(upper(substring({x} from '^.{{10,19}}(?:[.][0-9]{{1,6}})?')) AS timestamp) AT TIME ZONE 'UTC'"
        offset = case((f"{x} ~ '[+-]..:..$'", f"CAST(right({x}, 6) AS interval)"), ("TRUE", "INTERVAL '0'"))
        moment = case((is_a_day, case((f"length({x}) = 10", local), ("TRUE", f"{local} - {offset}"))))
        return case((f"{x} ~ '^{RFC3339}$' AND substr({x}, 1, 4) <> '0000'", moment))

    def is_a_moment(self, x: str) -> str:
        return f"isfinite({x})"

    def date_text(self, x: str) -> str:
        return f"to_char({x}, 'YYYY-MM-DD')"

    def timestamp_text(self, x: str) -> str:
        return f"""to_char({x}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""

    def member(self, x: str, key: str) -> tuple[str, ...]:
        return (f"(CAST({x} AS jsonb) -> {self.string(key)})",)

    def value(self, x: str) -> tuple[str, ...]:
        return (f"CAST({x} AS jsonb)",)

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        (value,) = parts
        kind = f"jsonb_typeof({value})"
        size = f"abs(CAST({value} AS numeric))"
        # JSON has numbers that no double holds; a cast would refuse both the greater and the smaller ones
        number = case((f"{size} < 5e-324", "0"), ("TRUE", f"CAST(CAST({value} AS numeric) AS double precision)"))
        return Dynamic(
            present=f"{kind} <> 'null'",
            is_text=f"{kind} = 'string'",
            text=f"({value} #>> '{{}}')",
            is_number=case((f"{kind} = 'number'", f"{size} <= 1.7976931348623157e308")),
            number=number,
            is_boolean=f"{kind} = 'boolean'",
            boolean=f"CAST({value} AS boolean)",
        )

    def is_json(self, x: str) -> str:
        return f"pg_input_is_valid({x}, 'jsonb')"

    def parsed_json(self, x: str) -> str:
        return case((self.is_json(x), f"CAST({x} AS jsonb)"))

    def is_no_object(self, x: str) -> str:
        return f"jsonb_typeof(CAST({x} AS jsonb)) NOT IN ('object', 'null')"

    def field(self, x: str, key: str) -> str:
        return f"({x}).{self.identifier(key)}"

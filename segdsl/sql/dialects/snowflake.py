"""Snowflake. JSON is in a column of type VARIANT; quoted names have the spelling of the catalogue."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from segdsl.sql.dialects.dialect import Dialect, Dynamic, Limit, utc


class Snowflake(Dialect):
    name: ClassVar[str] = "snowflake"
    title: ClassVar[str] = "Snowflake"
    escapes_backslash: ClassVar[bool] = True
    unknown: ClassVar[str] = "CAST(NULL AS BOOLEAN)"
    limit: ClassVar[Limit | None] = Limit(1_000_000)
    reads_rfc3339: ClassVar[bool] = False

    def string(self, value: str) -> str:
        return super().string(value).replace("\0", "\\0")

    def text(self, x: str) -> str:
        return f"COLLATE({x}, '')"

    def contains(self, x: str, part: str) -> str:
        return f"CONTAINS({self.text(x)}, {self.string(part)})"

    def number(self, value: int | float) -> str:
        return str(value) if isinstance(value, int) else f"CAST('{value!r}' AS DOUBLE)"

    def is_finite(self, x: str) -> str:
        return f"{x} NOT IN (CAST('NaN' AS DOUBLE), CAST('inf' AS DOUBLE), CAST('-inf' AS DOUBLE))"

    def instant(self, moment: datetime) -> str:
        return f"CAST('{utc(moment)} +00:00' AS TIMESTAMP_TZ)"

    def naive(self, moment: datetime) -> str:
        return f"CAST('{utc(moment)}' AS TIMESTAMP_NTZ)"

    def instant_ago(self, seconds: int) -> str:
        return f"DATEADD(second, -{seconds}, CURRENT_TIMESTAMP())"

    def naive_ago(self, seconds: int) -> str:
        return f"DATEADD(second, -{seconds}, SYSDATE())"

    def epoch_ago(self, seconds: int) -> str:
        return f"DATE_PART(epoch_microsecond, CURRENT_TIMESTAMP()) / 1000000 - {seconds}"

    def midnight(self, x: str) -> str:
        return f"CAST({x} AS TIMESTAMP_NTZ)"

    def date_text(self, x: str) -> str:
        return f"TO_CHAR({x}, 'YYYY-MM-DD')"

    def timestamp_text(self, x: str) -> str:
        return f"""TO_CHAR({x}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""

    def member(self, x: str, key: str) -> tuple[str, ...]:
        return (f"GET({x}, {self.string(key)})",)

    def value(self, x: str) -> tuple[str, ...]:
        return (x,)

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        (value,) = parts
        kind = f"TYPEOF({value})"
        return Dynamic(
            present=f"{kind} <> 'NULL_VALUE'",
            is_text=f"{kind} = 'VARCHAR'",
            text=f"AS_VARCHAR({value})",
            is_number=f"{kind} IN ('INTEGER', 'DECIMAL', 'DOUBLE')",
            number=f"TO_DOUBLE({value})",
            is_boolean=f"{kind} = 'BOOLEAN'",
            boolean=f"AS_BOOLEAN({value})",
        )

    def is_json(self, x: str) -> str:
        return f"CHECK_JSON({x}) IS NULL"

    def parsed_json(self, x: str) -> str:
        return f"TRY_PARSE_JSON({x})"

    def is_no_object(self, x: str) -> str:
        return f"TYPEOF({x}) NOT IN ('OBJECT', 'NULL_VALUE')"

    def count_if(self, x: str) -> str:
        return f"COUNT_IF({x})"

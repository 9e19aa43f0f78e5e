"""Apache Spark 3.4 and newer (JSON, in a VARIANT column or in text: 4.0)."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from segdsl.sql.dialects.dialect import RFC3339, Dialect, Dynamic, case, utc


class Spark(Dialect):
    name: ClassVar[str] = "spark"
    title: ClassVar[str] = "Spark"
    quote: ClassVar[str] = "`"
    rfc3339_clock: ClassVar[str] = "naive"

    def string(self, value: str) -> str:
        if any(character in "'\\" or character < " " for character in value):
            # the meaning of '' and \ in a literal depends on the version and on the session's settings
            return f"CAST(X'{value.encode().hex()}' AS STRING)"
        return f"'{value}'"

    def text(self, x: str) -> str:
        return f"CAST({x} AS BINARY)"

    def text_literal(self, value: str) -> str:
        return f"CAST({self.string(value)} AS BINARY)"

    def contains(self, x: str, part: str) -> str:
        return f"contains({self.text(x)}, {self.text_literal(part)})"

    def as_text(self, x: str) -> str:
        return f"CAST({x} AS STRING)"

    def is_finite(self, x: str) -> str:
        return f"abs({x}) < DOUBLE('Infinity')"  # NaN is the greatest number

    def instant(self, moment: datetime) -> str:
        return f"TIMESTAMP_LTZ '{utc(moment)}+00:00'"

    def naive(self, moment: datetime) -> str:
        return f"TIMESTAMP_NTZ '{utc(moment)}'"

    def instant_ago(self, seconds: int) -> str:
        # subtracting an interval goes by calendar days of the session's zone, even if it is given in seconds
        return f"timestamp_micros(unix_micros(current_timestamp()) - {seconds}000000)"

    def naive_ago(self, seconds: int) -> str:
        return f"CAST(to_utc_timestamp({self.instant_ago(seconds)}, current_timezone()) AS TIMESTAMP_NTZ)"

    def epoch_ago(self, seconds: int) -> str:
        return f"unix_micros(current_timestamp()) / 1e6 - {seconds}"

    def midnight(self, x: str) -> str:
        return f"CAST({x} AS TIMESTAMP_NTZ)"

    def from_rfc3339(self, x: str) -> str:
        # a cast refuses offsets of more than 18 hours, and rounds fractions of a microsecond
        is_moment = f"regexp_replace({x}, '^{RFC3339}', '') = '' AND NOT startswith({x}, '0000')"
        minute = f"TRY_CAST(concat(substr({x}, 1, 10), ' ', substr({x}, 12, 6), '00') AS TIMESTAMP_NTZ)"
        seconds = f"CAST(regexp_extract({x}, '^.{{17}}([0-9]{{2}}([.][0-9]{{1,6}})?)', 1) AS DECIMAL(18, 6))"
        sign = f"CASE WHEN substr({x}, -6, 1) = '-' THEN 1 WHEN substr({x}, -6, 1) = '+' THEN -1 ELSE 0 END"
        hours, minutes = (f"{sign} * COALESCE(TRY_CAST(substr({x}, {at}, 2) AS INT), 0)" for at in (-5, -2))
        moment = f"{minute} + make_dt_interval(0, {hours}, {minutes}, {seconds})"
        return case((is_moment, case((f"length({x}) = 10", f"TRY_CAST({x} AS TIMESTAMP_NTZ)"), ("TRUE", moment))))

    def date_text(self, x: str) -> str:
        return f"date_format({x}, 'yyyy-MM-dd')"

    def timestamp_text(self, x: str) -> str:
        return f"date_format({x}, \"yyyy-MM-dd'T'HH:mm:ss'Z'\")"

    def member(self, x: str, key: str) -> tuple[str, ...]:
        path = self.string(f'$["{key}"]')
        return (f"variant_get({x}, {path})",)

    def value(self, x: str) -> tuple[str, ...]:
        return (x,)

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        (value,) = parts
        kind = f"schema_of_variant({value})"
        return Dynamic(
            present=f"{kind} <> 'VOID'",
            is_text=f"{kind} = 'STRING'",
            text=f"variant_get({value}, '$', 'string')",
            is_number=f"({kind} IN ('BIGINT', 'DOUBLE', 'FLOAT') OR startswith({kind}, 'DECIMAL'))",
            number=f"variant_get({value}, '$', 'double')",
            is_boolean=f"{kind} = 'BOOLEAN'",
            boolean=f"variant_get({value}, '$', 'boolean')",
        )

    def is_json(self, x: str) -> str:
        return f"try_parse_json({x}) IS NOT NULL"

    def parsed_json(self, x: str) -> str:
        return f"try_parse_json({x})"

    def is_no_object(self, x: str) -> str:
        return f"NOT (startswith(schema_of_variant({x}), 'OBJECT') OR schema_of_variant({x}) = 'VOID')"

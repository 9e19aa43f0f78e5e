"""BigQuery (GoogleSQL). JSON is in a column of type JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from segdsl.sql.dialects.dialect import Dialect, Dynamic, Limit, utc

_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\0": "\\x00"}


class BigQuery(Dialect):
    name: ClassVar[str] = "bigquery"
    title: ClassVar[str] = "BigQuery"
    quote: ClassVar[str] = "`"
    unknown: ClassVar[str] = "CAST(NULL AS BOOL)"
    limit: ClassVar[Limit | None] = Limit(1_000_000)
    reads_rfc3339: ClassVar[bool] = False

    def identifier(self, name: str) -> str:
        return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"

    def string(self, value: str) -> str:
        return "'" + "".join(_ESCAPES.get(character, character) for character in value) + "'"

    def text(self, x: str) -> str:
        return f"COLLATE({x}, '')"

    def as_text(self, x: str) -> str:
        return f"CAST({x} AS STRING)"

    def double(self, x: str) -> str:
        return f"CAST({x} AS FLOAT64)"

    def is_finite(self, x: str) -> str:
        return f"NOT (IS_NAN({x}) OR IS_INF({x}))"

    def naive(self, moment: datetime) -> str:
        return f"DATETIME '{utc(moment)}'"

    def instant_ago(self, seconds: int) -> str:
        return f"TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL {seconds} SECOND)"

    def naive_ago(self, seconds: int) -> str:
        return f"DATETIME_SUB(CURRENT_DATETIME('UTC'), INTERVAL {seconds} SECOND)"

    def epoch_ago(self, seconds: int) -> str:
        return f"UNIX_MICROS(CURRENT_TIMESTAMP()) / 1e6 - {seconds}"

    def midnight(self, x: str) -> str:
        return f"DATETIME({x})"

    def date_text(self, x: str) -> str:
        return f"FORMAT_DATE('%F', {x})"

    def timestamp_text(self, x: str) -> str:
        return f"FORMAT_DATETIME('%FT%TZ', {x})"

    def member(self, x: str, key: str) -> tuple[str, ...]:
        return (f"{x}[{self.string(key)}]",)

    def value(self, x: str) -> tuple[str, ...]:
        return (x,)

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        (value,) = parts
        kind, number = f"JSON_TYPE({value})", f"FLOAT64({value}, wide_number_mode => 'round')"
        return Dynamic(
            present=f"{kind} <> 'null'",
            is_text=f"{kind} = 'string'",
            text=f"LAX_STRING({value})",
            is_number=f"{kind} = 'number'",
            number=number,
            is_boolean=f"{kind} = 'boolean'",
            boolean=f"BOOL({value})",
        )

    def is_json(self, x: str) -> str:
        return f"{self.parsed_json(x)} IS NOT NULL"

    def parsed_json(self, x: str) -> str:
        return f"SAFE.PARSE_JSON({x}, wide_number_mode => 'round')"

    def is_no_object(self, x: str) -> str:
        return f"JSON_TYPE({x}) NOT IN ('object', 'null')"

    def count_if(self, x: str) -> str:
        return f"COUNTIF({x})"

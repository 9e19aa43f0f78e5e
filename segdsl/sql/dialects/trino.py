"""Trino, and Amazon Athena. JSON is in a column of type JSON or VARCHAR."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from segdsl.sql.dialects.dialect import Dialect, Dynamic, Limit, utc


class Trino(Dialect):
    name: ClassVar[str] = "trino"
    title: ClassVar[str] = "Trino"
    limit: ClassVar[Limit | None] = Limit(1_000_000, "query.max-length")
    reads_rfc3339: ClassVar[bool] = False

    def string(self, value: str) -> str:
        pieces = [super(Trino, self).string(piece) for piece in value.split("\0")]
        return pieces[0] if len(pieces) == 1 else f"({' || chr(0) || '.join(pieces)})"

    def is_finite(self, x: str) -> str:
        return f"is_finite({x})"

    def instant(self, moment: datetime) -> str:
        return f"TIMESTAMP '{utc(moment)} UTC'"

    def naive_ago(self, seconds: int) -> str:
        return f"CAST(CURRENT_TIMESTAMP AT TIME ZONE 'UTC' AS TIMESTAMP(6)) - INTERVAL '{seconds}' SECOND"

    def epoch_ago(self, seconds: int) -> str:
        return f"to_unixtime(CURRENT_TIMESTAMP) - {seconds}"

    def date_text(self, x: str) -> str:
        return f"CAST({x} AS VARCHAR)"

    def timestamp_text(self, x: str) -> str:
        return f"date_format({x}, '%Y-%m-%dT%H:%i:%sZ')"

    def member(self, x: str, key: str) -> tuple[str, ...]:
        path = self.string(f'$["{key}"]')
        return f"json_format(json_extract({x}, {path}))", f"json_extract_scalar({x}, {path})"

    def value(self, x: str) -> tuple[str, ...]:
        return f"json_format(json_extract({x}, '$'))", f"json_extract_scalar({x}, '$')"

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        raw, text = parts
        number = f"TRY_CAST({text} AS DOUBLE)"
        return Dynamic(
            present=f"{raw} <> 'null'",
            is_text=f"""substr({raw}, 1, 1) = '"'""",
            text=text,
            is_number=f"regexp_like({raw}, '^[-0-9]') AND is_finite({number})",
            number=number,
            is_boolean=f"{raw} IN ('true', 'false')",
            boolean=f"({raw} = 'true')",
        )

    def is_json(self, x: str) -> str:
        return f"{self.parsed_json(x)} IS NOT NULL"

    def parsed_json(self, x: str) -> str:
        return f"TRY(json_parse({x}))"

    def is_no_object(self, x: str) -> str:
        whole = f"json_format(json_extract({x}, '$'))"
        return f"{whole} <> 'null' AND substr({whole}, 1, 1) <> '{{'"

    def count_if(self, x: str) -> str:
        return f"count_if({x})"

"""The differences between SQL engines: one class of small methods, in standard SQL, which dialects override."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from msgspec import Struct


class Dynamic(Struct, frozen=True):
    """SQL for a value whose type only the row knows: tests of its type, and the value read as each type.

    A reading is evaluated only if its test is true. `present` is true for any value but JSON's null.
    """

    present: str
    is_text: str
    text: str
    is_number: str
    number: str
    is_boolean: str
    boolean: str


class Limit(Struct, frozen=True):
    """A bound of an engine: the most characters of SQL that it takes, and the setting for it ("" if there is none)."""

    characters: int
    setting: str = ""


class Dialect:
    """Standard SQL. A method takes SQL that is already quoted, and returns SQL that is valid inside parentheses."""

    name: ClassVar[str]
    title: ClassVar[str]
    """The name of the engine in messages."""
    quote: ClassVar[str] = '"'
    escapes_backslash: ClassVar[bool] = False
    """Whether a backslash in a string literal is an escape, and must be doubled."""
    holds_nul: ClassVar[bool] = True
    """Whether text can hold U+0000."""
    sets_by_bits: ClassVar[bool] = False
    """Whether IN treats -0.0 and 0 as different numbers."""
    unknown: ClassVar[str] = "CAST(NULL AS BOOLEAN)"
    true: ClassVar[str] = "TRUE"
    false: ClassVar[str] = "FALSE"
    operands: ClassVar[int] = 0
    """The most operands of one AND or OR; more are written in groups. 0: no limit."""
    nesting: ClassVar[int] = 0
    """The most levels of AND under OR under AND … that the engine's parser takes. 0: no limit."""
    limit: ClassVar[Limit | None] = None
    earliest: ClassVar[datetime] = datetime(1, 1, 1, tzinfo=UTC)
    """The first moment that a timestamp can hold."""
    reads_rfc3339: ClassVar[bool] = True
    """Whether text can be read as RFC 3339 strictly, as `evaluate` reads it."""
    rfc3339_clock: ClassVar[str] = "instant"
    """The kind of moment with which one that was read from text is compared: `instant` or `naive`."""
    moments_are_text: ClassVar[bool] = False
    """Whether a timestamp is text, which may be invalid: then reading it gives NULL."""
    json_is_text: ClassVar[bool] = False
    """Whether the engine has no type for JSON, so that a text may be invalid JSON."""

    # ── names and literals ─────────────────────────────────────────────────────────────────────────────────────────

    def identifier(self, name: str) -> str:
        """A quoted name of a column or table."""
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote

    def string(self, value: str) -> str:
        """A string literal: the only way for text of an expression to get into SQL."""
        value = value.replace("\\", "\\\\") if self.escapes_backslash else value
        return "'" + value.replace("'", "''") + "'"

    def number(self, value: int | float) -> str:
        """A number: an integer exactly, any other as a double."""
        text = repr(value)
        return text if isinstance(value, int) or "e" in text else f"{text}e0"

    def boolean(self, value: bool) -> str:
        """TRUE or FALSE."""
        return self.true if value else self.false

    # ── text ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def text(self, x: str) -> str:
        """A text operand in the form in which it is compared: by code points, independent of its collation."""
        return x

    def text_literal(self, value: str) -> str:
        """A string literal in a comparison with such an operand."""
        return self.string(value)

    def contains(self, x: str, part: str) -> str:
        """Whether the text holds `part`, which is not empty."""
        return f"strpos({self.text(x)}, {self.text_literal(part)}) > 0"

    def as_text(self, x: str) -> str:
        """A column of another type (a UUID, an enum) as text."""
        return f"CAST({x} AS VARCHAR)"

    # ── numbers ────────────────────────────────────────────────────────────────────────────────────────────────────

    def double(self, x: str) -> str:
        """A number as a double."""
        return f"CAST({x} AS DOUBLE)"

    def is_finite(self, x: str) -> str:
        """Whether a double is neither NaN nor infinite; empty for an engine without these."""
        return f"isfinite({x})"

    def is_in(self, x: str, literals: Sequence[str]) -> str:
        """Whether the value is one of several literals."""
        test = f"{x} IN ({', '.join(literals)})"
        return f"({x} = 0 OR {test})" if self.sets_by_bits and "0" in literals else test

    # ── moments ────────────────────────────────────────────────────────────────────────────────────────────────────

    def instant(self, moment: datetime) -> str:
        """A moment, in the form for comparisons with a column with a time zone."""
        return f"TIMESTAMP '{utc(moment)}+00:00'"

    def naive(self, moment: datetime) -> str:
        """A moment, in the form for comparisons with a column without time zone, which holds UTC."""
        return f"TIMESTAMP '{utc(moment)}'"

    def instant_ago(self, seconds: int) -> str:
        """The engine's clock minus some seconds, for comparisons with a column with a time zone."""
        return f"CURRENT_TIMESTAMP - INTERVAL '{seconds}' SECOND"

    def naive_ago(self, seconds: int) -> str:
        """The same for a column without time zone."""
        raise NotImplementedError

    def epoch_ago(self, seconds: int) -> str:
        """The same as seconds since 1970, a double."""
        raise NotImplementedError

    def with_zone(self, x: str) -> str:
        """A column with a time zone, in the form in which it is compared."""
        return x

    def without_zone(self, x: str) -> str:
        """A column without time zone, in the form in which it is compared."""
        return x

    def midnight(self, x: str) -> str:
        """A date as its midnight, without time zone."""
        return f"CAST({x} AS TIMESTAMP)"

    def from_rfc3339(self, x: str) -> str:
        """The moment that RFC 3339 text or an ISO date names, in UTC; NULL for any other text."""
        raise NotImplementedError

    def is_a_moment(self, x: str) -> str:
        """Whether a timestamp is a real date; empty for an engine whose timestamps all are."""
        return ""

    def date_text(self, x: str) -> str:
        """A date as ISO text."""
        raise NotImplementedError

    def timestamp_text(self, x: str) -> str:
        """A timestamp without zone, in UTC, as ISO text of whole seconds with a Z."""
        raise NotImplementedError

    # ── values in JSON, and in structs ─────────────────────────────────────────────────────────────────────────────

    def member(self, x: str, key: str) -> tuple[str, ...]:
        """The parts to read of one member of a JSON object, for `dynamic`; each is worth reading only once."""
        raise NotImplementedError

    def value(self, x: str) -> tuple[str, ...]:
        """The parts to read of a JSON value, for `dynamic`."""
        raise NotImplementedError

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        """The value from its parts."""
        raise NotImplementedError

    def is_json(self, x: str) -> str:
        """Whether text is JSON."""
        raise NotImplementedError

    def parsed_json(self, x: str) -> str:
        """Text as JSON; NULL for text that is not JSON."""
        raise NotImplementedError

    def is_no_object(self, x: str) -> str:
        """Whether a JSON value is present, and neither an object nor null; empty if it can be nothing else."""
        return ""

    def field(self, x: str, key: str) -> str:
        """A field of a struct."""
        return f"{x}.{self.identifier(key)}"

    # ── whole queries ──────────────────────────────────────────────────────────────────────────────────────────────

    def count_if(self, x: str) -> str:
        """How many rows have a condition that is true."""
        return f"COUNT(CASE WHEN {x} THEN 1 END)"

    def joined(self, x: str) -> str:
        """A column of the right side of a LEFT JOIN: it is NULL where that side has no row."""
        return x

    def rows(self, relation: str) -> str:
        """The relation after FROM once all conditions are written."""
        return relation


def select(shown: Sequence[str], relation: str) -> str:
    """A SELECT on separate lines."""
    return "SELECT\n" + indented(",\n".join(shown)) + f"\nFROM {relation}"


def indented(text: str) -> str:
    """The lines, indented by two blanks."""
    return "\n".join(f"  {line}" for line in text.split("\n"))


def case(*branches: tuple[str, str]) -> str:
    """CASE: the first branch whose test is true, else NULL."""
    return "CASE" + "".join(f" WHEN {test} THEN {result}" for test, result in branches) + " END"


def utc(moment: datetime) -> str:
    """The moment in UTC, with microseconds; also before the year 1000."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def epoch(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.][0-9]+)?"
ZONE = r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
RFC3339 = rf"{DAY}([Tt]{TIME}{ZONE})?"
"""The text that `evaluate` accepts as a moment, except for the length of months and the year 0000."""

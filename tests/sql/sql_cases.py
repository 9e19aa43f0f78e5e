"""Expressions and users at the edges where SQL engines and `evaluate` may differ.

They are made by a `random.Random` that hypothesis seeds: a table of users and a dozen expressions at once, for one
question to an engine costs more than a hundred answers.
"""

import json
import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import segdsl.sql
from segdsl.sql import Mapping
from segdsl.sql.counting import Counter, Counts
from segdsl.sql.duckdb import Database

from .sql_engines import NOTHING

NOW = datetime(2026, 3, 30, 1, 30, 0, 250_000, tzinfo=UTC)
"""A day after the clocks of Berlin went forward: a day ago is not the same hour there."""

TEXTS = (
    "", "a", "A", "ab", "pro", "Pro", "pro ", "PRO", "p%o", "p_o", "%", "_", "\\", "\\'", "'", "''", '"', "`",
    "' OR 1=1 --",
    "\\' OR 1=1 -- ", "é", "e\u0301", "É", "ß", "ss", "😀", "\uffff", "a\nb", "\t", "\0", "a\0b", "a\0", "1",
    "5", "5.0", "true", "null",
    "NaN", "2026-03-30", "/*", ";", "$$", "?", ":x", "{}", "{fn x}", "zoë",
)  # fmt: skip
NUMBERS = (
    0, 1, 5, -1, 5.5, 0.1, 0.6, 0.3, -0.25, 1e-7, 2**53 - 1, -(2**53 - 1), 2**31,
    0.12345678901234568, 2251799813685248.5, 1e-300,
)  # fmt: skip
GREAT_NUMBERS = (1e16, 1e300, -1e22)
"""Whole numbers that are refused beside what may hold integers."""
DURATIONS = ("30m", "1h", "24h", "1d", "7d", "1w", "30d", "36500d")

COUNT = "conversationCount"
SEEN = "lastSeen"
METRICS = ("sentiment", "rating")
FLAGS = ("jailbreakDetected",)
PROPERTIES = ("plan", "seats", "user.sentiment", 'user["2fa"]', "a.b")
CONVERSATION = ("conversation.channel",)


def text(random: Random) -> str:
    if random.random() < 0.8:
        return random.choice(TEXTS)
    return "".join(
        chr(random.choice([random.randrange(0xD800), random.randrange(0xE000, 0x110000)]))
        for _ in range(random.randrange(5))
    )


def whole(random: Random) -> int:
    return random.choice(
        [random.choice([one for one in NUMBERS if isinstance(one, int)]), random.randrange(-(2**53) + 1, 2**53)]
    )


def number(random: Random) -> int | float:
    return random.choice([random.choice(NUMBERS), random.choice(NUMBERS), random.uniform(-1e6, 1e6), whole(random)])


def number_or_great(random: Random) -> int | float:
    return random.choice(GREAT_NUMBERS) if random.random() < 0.05 else number(random)


def _boolean(random: Random) -> bool:
    return random.random() < 0.5


def literal(random: Random) -> Any:
    return random.choice([text, text, number_or_great, _boolean])(random)


def spelled(value: Any) -> str:
    """A literal of the language."""
    return ("true" if value else "false") if isinstance(value, bool) else json.dumps(value)


# ── expressions ────────────────────────────────────────────────────────────────────────────────────────────────────

COMPARED = ("<", "<=", ">", ">=", "==", "!=")


def expression(random: Random, levels: int = 2) -> str:
    """The text of a condition; `not` stands anywhere."""
    dice = random.random()
    if levels == 0 or dice < 0.4:
        return predicate(random)
    if dice < 0.55:
        return f"not ({expression(random, levels - 1)})"
    word = random.choice([" and ", " or "])
    return word.join(f"({expression(random, levels - 1)})" for _ in range(random.randrange(2, 4)))


def predicate(random: Random) -> str:
    """The text of one comparison, about any field."""
    name = random.choice((*METRICS, *FLAGS, COUNT, SEEN, *PROPERTIES, *PROPERTIES, *CONVERSATION, *CONVERSATION))
    if name in FLAGS:
        return name
    if name == SEEN:
        return f"{SEEN} {random.choice(['within', 'before'])} {random.choice(DURATIONS)}"
    if name == COUNT:
        return f"{COUNT} {random.choice(COMPARED)} {random.randrange(-2, 10)}"
    values = number_or_great if name in METRICS else literal
    match random.randrange(4):
        case 0:
            listed = ", ".join(spelled(values(random)) for _ in range(random.randrange(1, 5)))
            return f"{name} {random.choice(['in', 'not in'])} [{listed}]"
        case 1 if name not in METRICS:
            return f"{name} contains {spelled(text(random))}"
        case _:
            value = values(random)
            operators = ("==", "!=") if isinstance(value, bool) else COMPARED
            return f"{name} {random.choice(operators)} {spelled(value)}"


# ── users in columns of one type each ──────────────────────────────────────────────────────────────────────────────

SEEN_TYPES = ("timestamptz", "timestamp", "date", "rfc3339", "epoch", "epoch_ms")
PROPERTY_TYPES = ("string", "nocase", "number", "integer", "boolean", "float", "decimal", "date", "timestamp")
_MAPPED = {"nocase": "string", "float": "number", "decimal": "number"}
"""The mapping's type for a column with this declaration."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Table:
    """Rows of columns, and the records that `evaluate` takes for the same users."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]
    users: tuple[dict[str, Any], ...]
    mapping: Mapping


RFC3339 = (
    "2026-03-30", "2026-03-23", "2026-03-29T02:30:00+01:00", "2026-03-29t23:59:60z",
    "2026-03-30T01:30:00.2500009Z",
    "2026-03-30T03:30:00.25-00:00", "2024-02-29", "2026-03-29T10:00:60.5+05:30", "2026-03-29T10:00:00+23:59",
    "0001-01-01",
    "2026-03-30T01:00:00.249999999Z", "2026-03-29T01:30:00.25-23:59",
)  # fmt: skip
NO_MOMENT = (
    "", "yesterday", "2026-02-30", "2026-02-30T10:00:00Z", "2026-03-30T10:00:00", "2026-03-30 10:00:00Z",
    "2026-03-30T24:00:00Z",
    "2026-03-30T10:60:00Z", "2026-03-30T10:00:61Z", "2026-3-30", "2026-03-30T10:00:00+24:00",
    "2026-03-30T10:00:00+01:60", "0000-01-01",
    "20260330", "2025-02-29", "now",
    "2026-03-30T10:00:00.Z", "2026-03-30T10:00Z", "1774834200", "2026-03-30Z", " 2026-03-30",
    "2026-03-30T10:00:00+05", "2026-03-30T10:00:00Z\n",
    "2026-03-30\n", "2026-13-01", "2026-00-10", "2026-03-00", "+2026-03-30", "infinity",
    "2026-03-30T10:00:00 Z", "２０２６-03-30",
)  # fmt: skip


def moment(random: Random) -> datetime:
    """A moment at the bound of a duration, or beside it."""
    minutes = random.choice([0, 30, 60, 24 * 60, 7 * 24 * 60, 30 * 24 * 60, 36500 * 24 * 60])
    micros = random.choice([-1, 0, 1, 250_000, 1_000_000, -3_600_000_000])
    return NOW - timedelta(minutes=minutes, microseconds=micros)


def rfc3339(random: Random) -> str:
    return random.choice(
        [random.choice(RFC3339), random.choice(NO_MOMENT), moment(random).isoformat(), moment(random).isoformat()]
    )


def _seen(random: Random, type_: str) -> tuple[Any, Any]:
    """A value of the column, and of the record."""
    at = moment(random)
    match type_:
        case "timestamptz":
            return at, at.isoformat()
        case "timestamp":
            return at.replace(tzinfo=None), at.isoformat()
        case "date":
            return at.date(), at.date().isoformat()
        case "epoch":
            seconds = round(at.timestamp() * 8) / 8
            return seconds, (_EPOCH + timedelta(seconds=seconds)).isoformat()
        case "epoch_ms":
            millis = (at - _EPOCH) // timedelta(milliseconds=1)
            return millis, (_EPOCH + timedelta(milliseconds=millis)).isoformat()
        case _:
            written = rfc3339(random)
            return written, written


def _value(random: Random, type_: str, *, odd: bool) -> tuple[Any, Any]:
    """A value of a property's column, and of the record."""
    value: Any
    match type_:
        case "date":
            value = random.choice([date(2026, 3, 30), date(2026, 3, 29), date(1999, 12, 31)])
            return value, value.isoformat()
        case "timestamp":
            value = random.choice(
                [datetime(2026, 3, 30), datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 30, 1, 30, 0, 500_000)]
            )
            return value, value.replace(microsecond=0).isoformat() + "Z"
        case "string" | "nocase":
            value = text(random)
        case "integer":
            value = random.choice([whole(random), 2**62, -(2**62), 2**53])
        case "boolean":
            value = random.random() < 0.5
        case "decimal":
            value = random.randrange(-10_000, 10_000) / 1000
        case _:
            edges = [-0.0, 1e16, 1e300, *([math.nan, math.inf, -math.inf] if odd else [])]
            value = random.choice(edges) if random.random() < 0.2 else float(number(random))
            if type_ == "float":
                value = _as_float32(value)
    return value, value


def _as_float32(value: float) -> float:
    single: float
    (single,) = struct.unpack("f", struct.pack("f", value if math.isnan(value) or abs(value) < 1e38 else 1e38))
    return single


def flat_table(random: Random, *, odd: bool, rows: int) -> Table:
    """Users in a table with a column for each field. `odd`: doubles may be NaN and infinite."""
    types = dict.fromkeys(METRICS, "number") | dict.fromkeys(FLAGS, "boolean")
    types[COUNT] = random.choice(["integer", "number"])
    types[SEEN] = random.choice(SEEN_TYPES)
    types |= {name: random.choice(PROPERTY_TYPES) for name in (*PROPERTIES, *CONVERSATION)}

    def pair(name: str) -> tuple[Any, Any]:
        if random.random() < 0.2:
            return None, None
        if name == SEEN:
            return _seen(random, types[SEEN])
        if name == COUNT:
            value = (
                random.choice([-1, 0, 1, 3, 9])
                if types[COUNT] == "integer"
                else random.choice([0.0, 3.0, 9.0, 2.5, -1.0])
            )
            return value, value
        return _value(random, types[name], odd=odd and (name not in METRICS or random.random() < 0.2))

    drawn = [{name: pair(name) for name in types} for _ in range(rows)]
    return Table(
        tuple((f"c{at}", type_) for at, type_ in enumerate(types.values())),
        tuple(tuple(stored for stored, _ in row.values()) for row in drawn),
        tuple(record({name: known for name, (_, known) in row.items()}) for row in drawn),
        Mapping.from_dict(
            {
                "columns": {
                    name: {"column": f"c{at}", "type": _MAPPED.get(type_, type_)}
                    for at, (name, type_) in enumerate(types.items())
                }
            }
        ),
    )


def key(name: str) -> str:
    """The key of the field that an expression calls `name`."""
    return name.removeprefix("user.").removeprefix("conversation.").removeprefix('user["').removesuffix('"]')


def record(values: dict[str, Any]) -> dict[str, Any]:
    """The user whose fields, by their names in an expression, have these values."""
    user: dict[str, Any] = {}
    for name, value in values.items():
        if name in (COUNT, SEEN):
            user[name] = value
        else:
            user.setdefault(_part(name), {})[key(name)] = value
    return user


def _part(name: str) -> str:
    if name in METRICS:
        return "analysis"
    if name in FLAGS:
        return "flags"
    return "conversationProperties" if name in CONVERSATION else "properties"


# ── users in JSON ──────────────────────────────────────────────────────────────────────────────────────────────────

JSON_MAPPING = Mapping.from_dict(
    {
        "analysis": "analysis", "flags": "flags", "properties": "properties",
        "conversation_properties": "conversationProperties",
        "columns": {COUNT: {"column": COUNT, "type": "json"}, SEEN: {"column": SEEN, "type": "json"}},
    }
)  # fmt: skip
JSON_COLUMNS = ("analysis", "flags", "properties", "conversationProperties", COUNT, SEEN)
_OTHERS: tuple[Any, ...] = ([], ["a"], {}, {"a": 1}, -0.0, 1e300, "5", "true", 2**53, None, True)
_NO_OBJECTS: tuple[Any, ...] = (NOTHING, None, {}, [], "x", 5, True)


def json_table(random: Random, *, rows: int) -> Table:
    """Users whose parts are JSON, well-formed and not."""

    def members(names: tuple[str, ...], value: Any) -> Any:
        if random.random() < 0.1:
            return random.choice(_NO_OBJECTS)
        return {
            key(name): random.choice([value, value, value, value, lambda _: random.choice(_OTHERS)])(random)
            for name in names
            if random.random() < 0.8
        }

    drawn = tuple(
        (
            members(METRICS, lambda random: number(random) if random.random() < 0.95 else "x"),
            members(FLAGS, lambda random: random.random() < 0.5),
            members(PROPERTIES, literal),
            members(CONVERSATION, literal),
            random.choice([NOTHING, 0, 1, 3, 9, 3.0, 2.5, -1, "3", None]),
            random.choice([rfc3339(random), rfc3339(random), rfc3339(random), NOTHING, None, 5, True]),
        )
        for _ in range(rows)
    )
    users = tuple(
        {name: value for name, value in zip(JSON_COLUMNS, row, strict=True) if value is not NOTHING} for row in drawn
    )
    return Table(tuple((name, "json") for name in JSON_COLUMNS), drawn, users, JSON_MAPPING)


def without_nul(table: Table) -> Table:
    """The same with another character in the place of U+0000, which some engines cannot hold."""

    def clean(value: Any) -> Any:
        match value:
            case str():
                return value.replace("\0", "\1")
            case list() | tuple():
                return type(value)(map(clean, value))
            case dict():
                return {clean(name): clean(member) for name, member in value.items()}
            case _:
                return value

    return replace(table, rows=clean(table.rows), users=clean(table.users))


def expected(expression: str, users: Iterable[dict[str, Any]]) -> list[tuple[bool | None, bool]]:
    """What `evaluate` says of each: a verdict and no fault, or no verdict and a fault."""
    matches = segdsl.matcher(expression, now=NOW)

    def said(user: dict[str, Any]) -> tuple[bool | None, bool]:
        try:
            return matches(user), False
        except segdsl.UserError:
            return None, True

    return [said(user) for user in users]


def all_counts(counter: Counter, db: Database) -> Counts:
    """The counts of all segments; those of the first alone, in one pass, must be the same."""
    counts, first = counter.count(db, overlap=True), counter.first(db)
    one = counts.segments[0]
    assert (first.members, first.unknown, first.malformed) == (one.members, one.unknown, one.malformed)
    assert first.users == one.members + one.others + one.unknown
    assert counts.overlap is not None
    assert first.both == counts.overlap[0][1:]
    return counts

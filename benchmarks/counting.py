"""What it costs to count users, beside the query that a person would write: `python -m benchmarks.counting`.

Ten million made-up users in Parquet, and a million in JSON lines, are written to a temporary folder.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

import duckdb

import segdsl
import segdsl.sql
from benchmarks.processes import cost
from benchmarks.report import Section, ratio, table
from benchmarks.texts import DIALECTS, clauses
from benchmarks.timing import Runner, race
from segdsl.sql.counting import Counter
from segdsl.sql.duckdb import database
from segdsl.sql.expression import predicates, typed
from segdsl.sql.users import Wanted, users_in

NOW = datetime(2026, 6, 1, tzinfo=UTC)
USERS, LINES, ROUNDS = 10_000_000, 1_000_000, 3
CASES = (
    ("one expression", 1, False, 5),
    ("12 segments in one pass", 12, False, ROUNDS),
    ("100 segments in one pass", 100, False, 1),
    ("20 segments and their overlap", 20, True, 1),
)
"""What is counted in Parquet: the number of segments, whether with their overlap, and the rounds."""

COLUMNS = """
    'u' || range AS id,
    CASE WHEN hash(range, 1) % 20 > 0 THEN
        ['free', 'trial', 'pro', 'enterprise'][1 + (hash(range, 2) % 4)::INT] END AS plan,
    CASE WHEN hash(range, 3) % 10 > 0 THEN (hash(range, 4) % 400)::BIGINT END AS seats,
    CASE WHEN hash(range, 5) % 10 > 0 THEN (hash(range, 6) % 1000) / 1000.0::DOUBLE END AS "commercialIntent",
    CASE WHEN hash(range, 7) % 10 > 0 THEN (hash(range, 8) % 1000) / 1000.0::DOUBLE END AS sentiment,
    hash(range, 9) % 25 = 0 AS "jailbreakDetected",
    (hash(range, 10) % 50)::BIGINT AS "conversationCount",
    TIMESTAMPTZ '2026-06-01 00:00:00+00' - to_seconds((hash(range, 11) % 8000000)::BIGINT) AS "lastSeen"
"""
RECORDS = """
    SELECT id, {'plan': plan, 'seats': seats} AS properties, "conversationCount",
        {'commercialIntent': "commercialIntent", 'sentiment': sentiment} AS analysis,
        {'jailbreakDetected': "jailbreakDetected"} AS flags, strftime("lastSeen", '%Y-%m-%dT%H:%M:%SZ') AS "lastSeen"
"""
TEMPLATES = (
    ('commercialIntent >= 0.{n} and plan == "enterprise"', "\"commercialIntent\" >= 0.{n} AND plan = 'enterprise'"),
    ('plan in ["pro", "enterprise"] and not (seats < {n} or jailbreakDetected)',
     "plan IN ('pro', 'enterprise') AND NOT (seats < {n} OR \"jailbreakDetected\")"),
    ("conversationCount > {n} and sentiment < 0.4", '"conversationCount" > {n} AND sentiment < 0.4'),
    ("seats > {n} and lastSeen within 30d and conversationCount >= 5",
     "seats > {n} AND \"lastSeen\" >= TIMESTAMPTZ '2026-05-02 00:00:00+00' AND \"conversationCount\" >= 5"),
)  # fmt: skip
LINE_BY_HAND = (
    "SELECT count(*) FROM '{file}' WHERE analysis.\"commercialIntent\" >= 0.10 AND properties.plan = 'enterprise'"
)
_PAGE = """{users:,} users in Parquet ({size:,.0f} MB): processor seconds of a count in this process (DuckDB {version}),
beside the query that a person would write, `count(*) FILTER (WHERE …)` for each segment and for each pair of segments.
That query tells neither unknown nor malformed users. Both find the same members.

{parquet}

{lines:,} of these users in JSON lines: processor seconds of a process that counts those with
`{text}`. The query by hand lets DuckDB guess the columns.

{json}

The most memory that counting took is {peak:.1f} GiB. The SQL of 2 clauses takes {sql} times as long as their filters.
"""

Members = list[int]


def expressions(count: int) -> list[tuple[str, str]]:
    """Expressions, each with the condition that a person would write."""
    numbered = [(10 + number // len(TEMPLATES), TEMPLATES[number % len(TEMPLATES)]) for number in range(count)]
    return [(text.format(n=n), sql.format(n=n)) for n, (text, sql) in numbered]


def by_segdsl(file: Path, texts: list[str], *, overlap: bool) -> Members:
    """Counts the members of each segment."""
    segments = [(text, typed(text)) for text in texts]
    fields = tuple(dict.fromkeys(one.field for _, whole in segments for one in predicates(whole.condition)))
    with database() as db:
        found = Counter(users_in(db, [str(file)], Wanted(fields)), segments, NOW).count(db, overlap=overlap)
    return [one.members for one in found.segments]


def by_hand(file: Path, conditions: list[str], *, overlap: bool) -> Members:
    """The same by one query; for the overlap by one count for each pair of segments."""
    asked = [f"count(*) FILTER (WHERE {one})" for one in conditions]
    if overlap:
        asked += [f"count(*) FILTER (WHERE ({a}) AND ({b}))" for a in conditions for b in conditions if a < b]
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        (row,) = connection.execute(f"SELECT {', '.join(asked)} FROM '{file}'").fetchall()
    return list(row[: len(conditions)])


def measured(rounds: int, *ways: Callable[[], Members]) -> list[float]:
    """Of each way the median of its processor seconds, all threads; the ways take turns, and must agree."""
    seconds: list[list[float]] = [[] for _ in ways]
    answers = []
    for _ in range(rounds):
        for spent, way in zip(seconds, ways, strict=True):
            before = _processor_seconds()
            answers.append(way())
            spent.append(_processor_seconds() - before)
    assert all(answer == answers[0] for answer in answers)
    return list(map(median, seconds))


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def write(folder: Path, users: int, lines: int) -> tuple[Path, Path]:
    """The users in Parquet, and some of them in JSON lines."""
    parquet, jsonl = folder / "users.parquet", folder / "users.jsonl"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY (SELECT {COLUMNS} FROM range({users})) TO '{parquet}' (FORMAT parquet)")
        connection.execute(f"COPY ({RECORDS} FROM (FROM '{parquet}' LIMIT {lines})) TO '{jsonl}' (FORMAT json)")
    return parquet, jsonl


def in_parquet(file: Path) -> dict[str, tuple[float, float]]:
    """Processor seconds of segdsl and of the query by hand, for each number of segments."""
    found = {}
    for name, count, overlap, rounds in CASES:
        texts, conditions = map(list, zip(*expressions(count), strict=True))
        own, hand = measured(
            rounds,
            partial(by_segdsl, file, texts, overlap=overlap),
            partial(by_hand, file, conditions, overlap=overlap),
        )
        found[name] = (own, hand)
        print(f"  counting: {name}: {own:.2f} s, by hand {hand:.2f} s", flush=True)
    return found


def in_json_lines(file: Path) -> dict[str, float]:
    """Processor seconds of commands that count one expression."""
    segdsl_, text = [sys.executable, "-m", "segdsl"], expressions(1)[0][0]
    query = f"import duckdb; print(duckdb.sql({LINE_BY_HAND.format(file=file)!r}))"
    commands = {
        "`segdsl count`": [*segdsl_, "count", text, "--users", str(file), "--json"],
        "`segdsl match --count`": [*segdsl_, "match", text, str(file), "--count"],
        "by hand": [sys.executable, "-c", query],
    }
    rounds = [{name: cost(command).seconds for name, command in commands.items()} for _ in range(ROUNDS)]
    return {name: median(one[name] for one in rounds) for name in commands}


def sql_text(rounds: int) -> float:
    """How much longer the SQL of 2 clauses takes than their filters."""
    random = Random(2)

    def fresh(calls: int) -> list[str]:
        return [DIALECTS["segdsl"](clauses(random, 2)) for _ in range(calls)]

    found = race({"sql": Runner(segdsl.sql.compile, fresh), "filters": Runner(segdsl.compile, fresh)}, rounds)
    return found["sql"].median / found["filters"].median


def counting(rounds: int, users: int = USERS, lines: int = LINES) -> Section:
    """Counts in Parquet and in JSON lines, and the text of SQL."""
    text_ratio = sql_text(rounds)
    with tempfile.TemporaryDirectory(prefix="segdsl-bench-") as folder:
        parquet, jsonl = write(Path(folder), users, lines)
        of_parquet, of_json = in_parquet(parquet), in_json_lines(jsonl)
        size = parquet.stat().st_size / 1e6
    rows = [[name, f"{own:.2f}", f"{hand:.2f}", ratio(own / hand)] for name, (own, hand) in of_parquet.items()]
    own = of_json["`segdsl count`"]
    text = _PAGE.format(
        users=users, size=size, version=duckdb.__version__, lines=lines, text=expressions(1)[0][0],
        parquet=table(["", "segdsl", "by hand", "ratio"], rows),
        json=table(["", "s", "against `segdsl count`"],
                   [[name, f"{one:.2f}", ratio(one / own)] for name, one in of_json.items()]),
        peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, sql=ratio(text_ratio),
    )  # fmt: skip
    one, dozen, hundred, overlap = (own / hand for own, hand in of_parquet.values())
    measures = {
        "count 1": one, "count 12": dozen, "count 100": hundred, "overlap": overlap, "sql text": text_ratio,
        "count lines": own / of_json["`segdsl match --count`"],
    }  # fmt: skip
    return Section("Counting users", text.rstrip("\n"), measures)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--lines", type=int, default=LINES)
    options = parser.parse_args()
    section = counting(25, options.users, options.lines)
    print(section.text, section.measures, sep="\n\n")

"""Counts equal those of `evaluate`, user by user, for every file format."""

import json
import threading
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import segdsl
from segdsl.limits import MAX_COUNT_MEMORY
from segdsl.sql.counting import Counter, Counts, SegmentCount
from segdsl.sql.duckdb import CountError, Database, Progress, database
from segdsl.sql.expression import predicates, typed
from segdsl.sql.mapping import Mapping
from segdsl.sql.users import Wanted, users_in

from .sql_cases import NOW, all_counts, expected, expression, flat_table, json_table
from .sql_engines import DuckDB

FEW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 4)
SEEDS = st.integers(0, 2**32)


def counted(
    files: list[Path], texts: list[str], mapping: Mapping | None = None, *, overlap: bool = True, now: datetime = NOW
) -> Counts:
    expressions = [(text, typed(text)) for text in texts]
    fields = tuple(dict.fromkeys(one.field for _, whole in expressions for one in predicates(whole.condition)))
    with database() as db:
        users = users_in(db, [str(file) for file in files], Wanted(fields), mapping)
        counter = Counter(users, expressions, now)
        return all_counts(counter, db) if overlap else counter.count(db)


def model(texts: list[str], users: tuple[dict[str, Any], ...] | list[dict[str, Any]], unreadable: int = 0) -> Counts:
    """The counts, from the verdict of every user on every segment."""
    said = [expected(text, users) for text in texts]
    rows = list(zip(*said, strict=True)) if users else []
    usable = [row for row in rows if not all(fault for _, fault in row)]
    members = [{at for at, (verdict, fault) in enumerate(row) if verdict and not fault} for row in usable]
    segments = tuple(
        SegmentCount(
            text,
            sum(at in one for one in members),
            sum(row[at] == (False, False) for row in rows),
            sum(row[at] == (None, False) for row in rows),
            sum(row[at][1] for row in rows) + unreadable,
            sum(one == {at} for one in members),
        )
        for at, text in enumerate(texts)
    )
    pairs = [[sum(i in one and j in one for one in members) for j in range(len(texts))] for i in range(len(texts))]
    return Counts(len(usable), segments, sum(not one for one in members), tuple(map(tuple, pairs)))


def sayable(random: Random, mapping: Mapping, count: int) -> list[str]:
    """Expressions that are not refused beside whole numbers."""
    found: list[str] = []
    while len(found) < count:
        text = expression(random)
        try:
            segdsl.sql.compile(text, mapping)
        except segdsl.CompileError:
            continue
        found.append(text)
    return found


@FEW
@given(SEEDS)
def test_parquet_of_columns(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    random = Random(seed)
    table = flat_table(random, odd=True, rows=30)
    texts = sayable(random, table.mapping, random.choice([1, 2, 5]))
    file = tmp_path_factory.mktemp("users") / "users.parquet"
    names = ", ".join(f"{name} {DuckDB.types[type_].partition(' COLLATE')[0]}" for name, type_ in table.columns)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE users ({names})")
        marks = ", ".join("?" for _ in table.columns)
        connection.executemany(f"INSERT INTO users VALUES ({marks})", table.rows)
        connection.execute(f"COPY users TO '{file}' (FORMAT parquet)")
    assert counted([file], texts, table.mapping) == model(texts, table.users)


@pytest.mark.parametrize("odd", ["'nan'", "'infinity'", "'-infinity'"])
def test_no_row_group_hides_a_malformed_row(tmp_path: Path, odd: str) -> None:
    """DuckDB skips row groups, and tests the values of a dictionary, by what it knows of them."""
    file, rows = tmp_path / "users.parquet", 3 * 2048
    rating = f"CASE WHEN range = {rows - 5} THEN {odd}::DOUBLE ELSE range % 7 END AS rating"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE users AS SELECT {rating}, range % 2 AS seats FROM range({rows})")
        connection.execute(f"COPY users TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    counts = counted([file], ["rating >= 5", "seats == 1"])
    assert counts.users == rows
    assert [(one.members, one.malformed) for one in counts.segments] == [
        (sum(number % 7 >= 5 for number in range(rows) if number != rows - 5), 1),
        (rows // 2, 0),
    ]


@FEW
@given(SEEDS, st.sampled_from([".jsonl", ".jsonl.gz", ".json"]))
def test_json_records(tmp_path_factory: pytest.TempPathFactory, seed: int, extension: str) -> None:
    import gzip

    random = Random(seed)
    table = json_table(random, rows=30)
    texts = sayable(random, table.mapping, random.choice([1, 2, 5]))
    file = tmp_path_factory.mktemp("users") / f"users{extension}"
    lines = [json.dumps(user) for user in table.users]
    unreadable = 0
    if extension == ".json":
        data = f"[{','.join(lines)}]"
    else:
        broken = ["{", "5", '["x"]', "null", '{"a": tru}']
        lines += [broken[random.randrange(len(broken))] for _ in range(3)] + ["", "  "]
        unreadable = 3
        random.shuffle(lines)
        data = "\n".join(lines)
    file.write_bytes(gzip.compress(data.encode()) if extension.endswith(".gz") else data.encode())
    assert counted([file], texts) == model(texts, table.users, unreadable)


@pytest.mark.parametrize(
    ("name", "data"), [("u.jsonl", '{"properties": {"plan": "pro"}}\n{"properties": 5}'), ("u.csv", "plan,n\npro,1")]
)
def test_text_is_read_and_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: str) -> None:
    """Reading costs more than asking, so malformed rows are not looked for in a pass of their own."""
    asked: list[str] = []
    rows = Database.rows

    def noted(db: Database, sql: str, progress: Progress | None = None) -> list[tuple[Any, ...]]:
        asked.append(sql)
        return rows(db, sql, progress)

    monkeypatch.setattr(Database, "rows", noted)
    (tmp_path / name).write_text(data, "utf-8")
    texts = ['plan contains "r" or plan in ["a", "b"]', 'plan != "x"']
    assert counted([tmp_path / name], texts, overlap=False).segments[1].members == 1
    assert len(asked) == 1
    assert asked[0].count(" FROM read_") == 1
    assert asked[0].count("json_extract(json") <= 1


def respelled(random: Random, value: Any) -> str:
    """JSON that means the same: other escapes, blanks, another order of keys."""
    blank = random.choice(["", " ", "\t", "  "])
    match value:
        case dict():
            pairs = [f"{blank}{respelled(random, key)}{blank}:{respelled(random, one)}" for key, one in value.items()]
            random.shuffle(pairs)
            return f"{{{','.join(pairs)}{blank}}}"
        case list():
            return f"[{','.join(respelled(random, one) for one in value)}{blank}]"
        case str():
            units = value.encode("utf-16-be")
            escaped = "".join(f"\\u{units[at]:02x}{units[at + 1]:02X}" for at in range(0, len(units), 2))
            return random.choice([json.dumps(value), json.dumps(value, ensure_ascii=False), f'"{escaped}"'])
        case _:
            return json.dumps(value) + blank


@settings(FEW, max_examples=max(settings().max_examples // 20, 2))
@given(SEEDS)
def test_the_spelling_of_json_changes_no_count(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    random = Random(seed)
    table = json_table(random, rows=20)
    texts = sayable(random, table.mapping, random.choice([1, 4]))
    file = tmp_path_factory.mktemp("users") / "users.jsonl"
    file.write_text("\r\n".join(respelled(random, user) for user in table.users), "utf-8", newline="")
    assert counted([file], texts) == model(texts, table.users)


def test_objects_in_parquet_have_the_types_of_their_fields(tmp_path: Path) -> None:
    file = tmp_path / "users.parquet"
    records = (
        "{'analysis': {'sentiment': 0.9}, 'properties': {'plan': 'pro', 'seats': 5}},"
        " {'analysis': {'sentiment': NULL}, 'properties': {'plan': 'free', 'seats': NULL}}"
    )
    duckdb.execute(f"COPY (SELECT unnest([{records}], max_depth := 2)) TO '{file}'")
    texts = ['plan == "pro" and sentiment > 0.5', "seats == 5", 'seats == "5"']
    counts = counted([file], texts)
    assert [(one.members, one.unknown) for one in counts.segments] == [(1, 0), (1, 1), (0, 1)]
    with pytest.raises(segdsl.CompileError, match="unmapped-field"):
        counted([file], ['plam == "pro"'])


CSV = '''id,plan,seats,sentiment,jailbreakDetected,conversation.channel,lastSeen
1,pro,5,0.5,yes,web,2026-03-29
2,,x,0.1,no,"a ""b"", c",
3,"""5""",7,,maybe,true,2026-02-30
4,5,1e1,2,TRUE,,2026-03-30T00:00:00Z
'''


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_match_reads_it(tmp_path: Path, delimiter: str) -> None:
    import csv

    from segdsl.cli.users import Asked, Record, form_of, opened, read_records
    from segdsl.cli.users.csv_records import layout_of
    from segdsl.sql.users import CsvLayout

    file = tmp_path / "users.csv"
    with file.open("w", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(csv.reader(CSV.splitlines()))
    texts = [
        'plan == "5"', "plan == 5", "seats > 5", 'seats == "x"', "sentiment > 0.2", "jailbreakDetected",
        'conversation.channel contains "b"', "conversation.channel == true", "lastSeen within 7d",
    ]  # fmt: skip
    with opened(str(file)) as source:
        entries = list(read_records(source, form_of(source), Asked()))
    users = [entry.user for entry in entries if isinstance(entry, Record)]
    assert len(users) == 4
    expressions = [(text, typed(text)) for text in texts]
    fields = tuple(dict.fromkeys(one.field for _, whole in expressions for one in predicates(whole.condition)))
    with database() as db:
        wanted = Wanted(fields, layout=lambda name: CsvLayout(*layout_of(name)))
        counts = Counter(users_in(db, [str(file)], wanted), expressions, NOW).count(db, overlap=True)
    assert counts == model(texts, users)


def test_a_table_of_a_database(tmp_path: Path) -> None:
    file = tmp_path / "crm.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE SCHEMA sales; CREATE TABLE sales.users AS SELECT 'pro' AS plan, uuid() AS account")
        connection.execute("CREATE TABLE others AS SELECT 1 AS x")
    mapping = Mapping.from_dict({"table": "sales.users"})
    assert counted([file], ['plan == "pro"', 'account != "x"'], mapping).segments[0].members == 1
    with pytest.raises(
        CountError, match=r"say which table holds the users, as `table` under \[source\]; it holds others, users"
    ):
        counted([file], ['plan == "pro"'])


def test_hundreds_of_segments_overlap(tmp_path: Path) -> None:
    file = tmp_path / "users.parquet"
    duckdb.execute(f"COPY (SELECT range AS n FROM range(300)) TO '{file}'")
    texts = [f"n <= {bound}" for bound in range(130)]
    counts = counted([file], texts)
    assert [one.members for one in counts.segments] == list(range(1, 131))
    assert counts.overlap == tuple(tuple(min(i, j) + 1 for j in range(130)) for i in range(130))
    assert (counts.users, counts.in_none) == (300, 170)


@pytest.mark.parametrize(
    ("columns", "text", "message"),
    [
        ("[1] AS tags", 'tags == "a"', "`tags` is a property, and the column `tags` holds INTEGER\\[\\]"),
        ("'high' AS sentiment", "sentiment > 0.5", "`sentiment` is a metric, and the column `sentiment` holds string"),
        ("5 AS lastSeen", "lastSeen within 7d", "`lastSeen` is a moment, and the column `lastSeen` holds integer"),
        ("1 AS seats", "seat > 3", "did you mean `seats`"),
    ],
)
def test_an_unfit_column_is_named(tmp_path: Path, columns: str, text: str, message: str) -> None:
    file = tmp_path / "users.parquet"
    duckdb.execute(f"COPY (SELECT {columns}) TO '{file}'")
    with pytest.raises(segdsl.CompileError, match=message):
        counted([file], [text])


def test_a_mapped_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "users.parquet"
    duckdb.execute(f"COPY (SELECT 1 AS n_seats) TO '{file}'")
    mapping = Mapping.from_dict({"columns": {"seats": "n_seat"}})
    with pytest.raises(segdsl.ConfigError, match="has no column `n_seat`, to which `seats` is mapped; is it `n_seats`"):
        counted([file], ["seats > 3"], mapping)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("users.parquet", b"no parquet", "users.parquet"),
        ("users.json", b'[{"a": 1}, {"a"', "users.json"),
        ("users.csv", b"id,plan\n1,pro\n2\n", "users.csv"),
        ("users.duckdb", b"x" * 5000, "users.duckdb"),
        ("users.txt", b"", "the form of this file is unknown"),
        ("users.parquet", None, "there is no such file"),
    ],
)
def test_a_file_that_cannot_be_read_counts_nothing(tmp_path: Path, name: str, data: bytes | None, message: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(CountError, match=message):
        counted([tmp_path / name], ['plan == "pro"'])


def test_memory_is_bounded_and_nothing_is_fetched() -> None:
    with database() as db:
        settings_ = dict(
            db.rows(
                "SELECT name, value FROM duckdb_settings() WHERE name IN"
                " ('memory_limit', 'autoinstall_known_extensions', 'autoload_known_extensions', 'temp_directory')"
            )
        )
        folder = Path(settings_.pop("temp_directory"))
        assert folder.is_dir()
    assert not folder.exists()
    assert settings_.pop("memory_limit") == f"{MAX_COUNT_MEMORY / 1024**3:.1f} GiB"
    assert set(settings_.values()) == {"false"}


def test_an_interruption_ends_the_query_at_once() -> None:
    endless = "SELECT count(*) FROM range(100000000000) a, range(100000000) b"

    def interrupt(_percent: float) -> None:
        raise KeyboardInterrupt

    before = threading.active_count()
    with database() as db:
        with pytest.raises(KeyboardInterrupt):
            db.rows(endless, interrupt)
        assert threading.active_count() == before
        assert db.rows("SELECT 1") == [(1,)]

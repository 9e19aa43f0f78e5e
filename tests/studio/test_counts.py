"""Counts while one types: exact ones, estimates, those that are outdated, and the people who are shown."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from segdsl import Environment, Schema
from segdsl.sql import sample
from segdsl.sql.counting import Counter
from segdsl.sql.duckdb import database
from segdsl.sql.expression import predicates
from segdsl.sql.mapping import Mapping
from segdsl.sql.users import Wanted, users_in
from segdsl.studio.session import Content, Session
from segdsl.studio.users import live_users

from ..cli.processes import wait_until
from .conftest import EXAMPLES, Studio, layout, question, running, serving

NOW = datetime.now(UTC)


# ── exact ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_exact_counts_are_those_of_the_counter(studio: Studio) -> None:
    """Each segment of the file as the sentence, and how many of its members are in each of them."""
    start = studio.ask("start")
    environment = Environment(*declarations(studio))
    named = [(one["name"], environment.typed(one["text"])) for one in start["segments"]]
    assert len(named) > 5
    with database() as db:
        fields = tuple({one.field for _, typed in named for one in predicates(typed.condition)})
        users = users_in(db, [str(EXAMPLES / "users.parquet")], Wanted(fields, environment.schema.type_of))
        expected = Counter(users, named, NOW, environment.schema).count(db, overlap=True)
    assert expected.overlap is not None
    for at, one in enumerate(start["segments"]):
        said = studio.ask("count", text=one["text"], exact=True)
        found = expected.segments[at]
        assert (said["members"], said["unknown"], said["malformed"]) == (found.members, found.unknown, found.malformed)
        assert (said["total"], said["estimate"], said["drawn"]) == (3_000, False, None)
        both = {one["segment"]: one["both"] for one in said["overlap"]}
        assert both == {name: expected.overlap[at][other] for other, (name, _) in enumerate(named)}
        is_scoped = any(word in one["text"] for word in (" during ", " for product"))
        assert [one["code"] for one in said["diagnostics"]] == ["scope-not-applied"] * is_scoped


def declarations(studio: Studio) -> tuple[Schema, dict[str, str]]:
    from segdsl.config.check import declared_in
    from segdsl.config.load import load

    config, _ = load(studio.file)
    assert config is not None
    return declared_in(config)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plan ==", "value"),
        ("seats > 'x'", "seats"),
        ("conversation.mood == 'x'", "mood"),
    ],
)
def test_what_cannot_be_counted_is_said_in_a_sentence(studio: Studio, text: str, said: str) -> None:
    assert said in studio.ask("count", text=text, exact=True)["error"]


def test_a_segment_that_the_users_cannot_be_asked_is_left_out_of_the_overlap(tmp_path: Path) -> None:
    file = tmp_path / "segments.toml"
    segments = {"A": "seats > 3", "B": "height > 3", "C": "seats >", "D": 'plan == "pro"', "E": "tier == 1"}
    for source in ("", '[source.columns]\nseats = "seats"\nplan = "plan"\ntier = "gone"\n'):
        file.write_text(
            source + "".join(f"[[segment]]\nname=\"{key}\"\nwhere='{it}'\n" for key, it in segments.items())
        )
        with live_users([str(EXAMPLES / "users.parquet")], layout) as users, serving(file, users) as studio:
            said = studio.ask("count", text="seats > 0", exact=True)
            assert [one["segment"] for one in said["overlap"]] == ["A", "D"]
            assert said["members"] > said["overlap"][0]["both"] > 0
            assert "gone" in studio.ask("count", text="tier == 1")["error"] or not source


# ── estimates ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "SAMPLED_FROM", 1_000)
    monkeypatch.setattr(sample, "SAMPLE_USERS", 1_500)


def written(folder: Path, form: str, rows: int) -> Path:
    """A file of users: a third each are free, pro and of an unknown plan, and every tenth has a rating too high."""
    file = folder / f"users.{form}"
    with duckdb.connect() as connection:
        table = (
            "SELECT i AS id, CASE i % 3 WHEN 0 THEN 'free' WHEN 1 THEN 'pro' END AS plan, i AS seats,"
            f" CASE WHEN i % 10 = 0 THEN 'infinity'::DOUBLE ELSE 3 END AS rating FROM range({rows}) t(i)"
        )
        if form == "jsonl":
            table = (
                "SELECT id, struct_pack(plan, seats) AS properties,"
                " json_object('rating', CASE WHEN isfinite(rating) THEN to_json(3) ELSE to_json('high') END)"
                " AS analysis"
                f" FROM ({table})"
            )
        options = {"parquet": "FORMAT parquet", "csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json"}[form]
        connection.execute(f"COPY ({table}) TO '{file}' ({options})")
    return file


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
@pytest.mark.usefixtures("small_samples")
def test_of_many_users_an_estimate_comes_first_and_says_from_how_many(tmp_path: Path, form: str) -> None:
    file = tmp_path / "segments.toml"
    file.write_text('[[segment]]\nname = "Large"\nwhere = "seats >= 1500"\n')
    users_file = written(tmp_path, form, 3_000)
    with live_users([str(users_file)], layout) as users, serving(file, users) as studio:
        text = 'plan == "pro" and rating > 1'
        exact = studio.ask("count", text=text, exact=True)
        assert (exact["estimate"], exact["total"], exact["malformed"]) == (False, 2_700, 300)
        wait_until(lambda: studio.ask("start")["users"]["rows"] == 3_000)
        said = studio.ask("count", text=text, exact=False)
        assert (said["estimate"], exact["members"] > 0) == (True, True)
        assert 1_300 < said["drawn"] < 1_700  # seven standard deviations
        for figure in ("members", "unknown", "malformed", "total"):
            assert abs(said[figure] - exact[figure]) < 0.1 * 3_000, figure
        both = [one["overlap"][0]["both"] for one in (said, exact)]
        assert abs(both[0] - both[1]) < 0.1 * 3_000
        assert studio.ask("count", text=text, exact=True) == exact


@pytest.mark.usefixtures("small_samples")
def test_other_users_in_the_file_are_counted_and_sampled_anew(tmp_path: Path) -> None:
    file = written(tmp_path, "parquet", 2_000)
    with live_users([str(file)], layout) as users, serving(None, users) as studio:
        wait_until(lambda: studio.ask("start")["users"]["rows"] == 2_000)
        before = studio.ask("start")["revision"]
        written(tmp_path, "parquet", 4_000)
        assert studio.ask("count", text="seats >= 0", exact=True)["members"] == 4_000
        wait_until(lambda: studio.ask("start")["users"]["rows"] == 4_000)
        assert studio.ask("start")["revision"] > before
        said = studio.ask("count", text="seats >= 0", exact=False)
        assert (said["estimate"], said["members"]) == (True, 4_000)


def test_few_users_are_counted_at_once(studio: Studio) -> None:
    wait_until(lambda: studio.ask("start")["users"]["rows"] == 3_000)
    assert studio.ask("count", text="seats > 3", exact=False) == studio.ask("count", text="seats > 3", exact=True)


# ── outdated counts ────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def endless(folder: Path) -> Iterator[Studio]:
    """A studio over more users than can be counted in a lifetime."""
    file = folder / "users.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE VIEW users AS SELECT i AS id, i % 1000 AS seats FROM range(10_000_000_000_000) t(i)")
    with live_users([str(file)], layout) as users, serving(None, users) as studio:
        yield studio


def test_a_newer_count_of_the_page_ends_the_one_before(tmp_path: Path) -> None:
    with endless(tmp_path) as studio, ThreadPoolExecutor() as pool:
        first = pool.submit(studio.ask, "count", text="seats > 3", exact=True, page="a")
        other = pool.submit(studio.ask, "count", text="seats > 4", exact=True, page="b")
        wait_until(lambda: running(studio.users) == {"a", "b"})
        assert "error" in studio.ask("count", text="seats >", exact=True, page="a")
        assert first.result() == {"error": "a newer count took the place of this one"}
        assert not other.done()
        assert "error" in studio.ask("count", text="seats >", exact=True, page="b")
        assert "newer" in other.result()["error"]
        assert not running(studio.users)


def test_a_count_ends_when_its_page_is_gone(tmp_path: Path) -> None:
    with endless(tmp_path) as studio:
        body = question("count", text="seats > 3", exact=True, page="a")
        head = f"POST /ask HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\nContent-Type: application/json\r\n"
        with socket.create_connection(("127.0.0.1", studio.port)) as connection:
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            wait_until(lambda: running(studio.users) == {"a"})
            assert studio.ask("read", text="seats > 3")["words"]  # the others are answered meanwhile
        wait_until(lambda: not running(studio.users))


def test_a_server_that_stops_ends_its_counts(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as pool:
        with endless(tmp_path) as studio:
            asked = pool.submit(studio.ask, "count", text="seats > 3", exact=True, page="a")
            wait_until(lambda: running(studio.users) == {"a"})
        with pytest.raises((httpx.TransportError, AssertionError)):
            asked.result()


# ── the people who are shown ───────────────────────────────────────────────────────────────────────────────────────

TYPES = """
    SELECT i AS id, ['free', 'pro', NULL][1 + i % 3] AS plan, CASE WHEN i % 5 > 0 THEN i END AS seats,
      (i / 7)::FLOAT AS ratio, (i * 1.25)::DECIMAL(9, 2) AS price, CASE i % 4 WHEN 0 THEN 'nan' ELSE i / 100 END::DOUBLE
      AS sentiment, CASE i % 6 WHEN 0 THEN -1 ELSE i END AS "conversationCount", i % 2 = 0 AS "isAdmin",
      DATE '2026-01-01' + i::INTEGER AS "signedUp",
      TIMESTAMP '2026-01-01 10:00:00' + to_days(i::INTEGER) AS "changedAt",
      TIMESTAMPTZ '2026-11-01 00:00:00+02' + to_hours(i * 9) AS "lastSeen", i % 3 = 0 AS "jailbreakDetected",
      CASE WHEN i % 2 = 0 THEN 'web' END AS "conversation.channel", i::HUGEINT AS big, 'ü"' || i AS name
    FROM range(150) t(i)
"""
MAPPED = """
    SELECT 'n' || i AS user_id, 1_790_000_000 + i * 86_400 AS seen, '{"plan": "pro", "seats": ' || i || '}' AS props,
      {'rating': i % 5, 'cqi': CASE WHEN i % 3 > 0 THEN i END} AS scores,
      CASE i % 3 WHEN 0 THEN '"web"' WHEN 1 THEN '5' ELSE 'null' END::JSON AS channel
    FROM range(150) t(i)
"""
MAPPING = {
    "id": "user_id",
    "properties": {"column": "props", "type": "text"},
    "analysis": {"column": "scores", "type": "struct"},
    "columns": {"lastSeen": {"column": "seen", "type": "epoch"}, "conversation.channel": "channel"},
}
RECORDS: list[Any] = [
    {
        "id": 1,
        "analysis": {"rating": 4},
        "properties": {"plan": "pro", "seats": 7, "odd": [1]},
        "lastSeen": "2026-11-01",
    },
    {"id": 2, "analysis": {"rating": "x"}, "properties": {"plan": True, "seats": 7.5}, "conversationCount": 3},
    {"id": None, "analysis": 5, "properties": None, "lastSeen": "yesterday"},
    {"properties": {"plan": "free", "seats": "7"}, "flags": {"jailbreakDetected": "no"}, "conversationCount": -1},
    [1],
    "text",
    None,
    {},
]
TEXTS = {
    "types": [
        'plan == "pro"', 'plan != "pro"', "seats > 60", "seats not in [1, 2]", "ratio == 0.142857142857", "ratio > 2.5",
        "price >= 12.5", "sentiment > 0.5", "conversationCount >= 10", "isAdmin", "not isAdmin",
        'signedUp >= "2026-03-01"',
        'changedAt > "2026-03-05"', "lastSeen within 20d", "lastSeen before 20d", "jailbreakDetected",
        'conversation.channel == "web"', "big > 20", 'name contains "ü"', 'plan == 5', 'name < "ü\\"5"',
    ],
    "mapped": ['plan == "pro"', "seats > 50", "rating >= 3", "cqi > 40", "lastSeen within 60d",
               'conversation.channel == "web"'],
    "records": ['plan == "pro"', "plan", "seats > 7", "rating > 3", "lastSeen within 400d", "jailbreakDetected",
                "conversationCount >= 1", 'plan == "pro" or seats > 7'],
}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("rows")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY ({TYPES}) TO '{folder}/types.parquet' (FORMAT parquet)")
        connection.execute(f"COPY ({TYPES}) TO '{folder}/types.csv' (FORMAT csv, HEADER)")
        connection.execute(f"COPY ({MAPPED}) TO '{folder}/mapped.parquet' (FORMAT parquet)")
    (folder / "records.json").write_text(json.dumps(RECORDS))
    (folder / "records.jsonl").write_text("".join(json.dumps(one) + "\n" for one in RECORDS))
    return {file.name: file for file in folder.iterdir()}


@pytest.mark.parametrize("name", ["types.parquet", "types.csv", "mapped.parquet", "records.json", "records.jsonl"])
def test_the_people_who_are_shown_are_the_users_who_are_counted(files: dict[str, Path], name: str) -> None:
    """`evaluate` says of each shown record what SQL says of its row: the numbers are equal for every sentence."""
    kind = name.partition(".")[0]
    mapping = Mapping.from_dict(MAPPING) if kind == "mapped" else None
    with live_users([str(files[name])], layout) as users, database() as db:
        people = users.people(None, mapping)
        assert people.problem is None
        session = Session(Content(people=people, mapping=mapping), now=lambda: NOW)
        for text in TEXTS[kind]:
            typed = session.environment.typed(text)
            fields = tuple(dict.fromkeys(one.field for one in predicates(typed.condition)))
            rows = users_in(db, [str(files[name])], Wanted(fields, layout=layout), mapping)
            (counted,) = Counter(rows, [("", typed)], NOW).count(db).segments
            said = session.ask("people", {"text": text, "limit": 3})
            expected = (counted.members, counted.unknown, counted.malformed)
            assert (said["members"], said["unknown"], said["malformed"]) == expected, text


def test_people_have_their_ids_and_those_without_one_a_number(files: dict[str, Path]) -> None:
    with live_users([str(files["records.jsonl"])], layout) as users:
        session = Session(Content(people=users.people(None, None)))
        names = [one["name"] for one in session.ask("people", {"text": "seats > 3", "limit": 4})["people"]]
    assert names == ["1", "2", "user 3", "user 4"]


def test_users_that_cannot_be_read_are_a_sentence_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "users.parquet").write_text("no parquet")
    with live_users([str(tmp_path / "users.parquet")], layout) as users, serving(None, users) as studio:
        assert "users.parquet" in studio.ask("start")["users"]["problem"]
        assert "users.parquet" in studio.ask("count", text="seats > 3")["error"]
        assert studio.ask("people", text="seats > 3")["total"] == 0

"""The store's contents: across restarts, between processes, and never by halves."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from segdsl import sandbox as local_server
from segdsl.errors import ConfigError
from segdsl.sandbox import Store
from segdsl.sandbox.store import QuotaReachedError
from segdsl.wire import Filters, Segment

FILTERS = Filters.from_dict({"rules": [{"type": "last_seen", "operator": "within", "value": "7d"}]})


def segment(name: str | None = "A") -> Segment:
    return Segment(filters=FILTERS, name=name)


def test_segments_survive_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "account.db"
    with local_server.running(data=data) as first:
        created = [first.store.create(segment(name)) for name in ("A", None, "C")]

    with local_server.running(data=data) as second:
        assert second.store.custom() == created
        assert second.store.find(created[1].id) == created[1]


def test_a_create_is_on_disk_when_it_returns_and_seen_by_others(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "a.db")) as one, closing(Store(tmp_path / "a.db")) as other:
        created = one.create(segment())

        assert other.custom() == [created]
        with pytest.raises(QuotaReachedError):
            other.create(segment(), limit=1)
        assert len(one.custom()) == 1


def test_a_create_that_fails_leaves_nothing_and_the_store_usable() -> None:
    ids = iter(["same", "same", "other"])
    with closing(Store(new_id=lambda: next(ids))) as store:
        store.create(segment("first"))

        with pytest.raises(sqlite3.IntegrityError):
            store.create(segment("second"))

        store.create(segment("third"))
        assert [kept.name for kept in store.custom()] == ["first", "third"]


def test_the_file_is_its_owners_only(tmp_path: Path) -> None:
    Store(tmp_path / "a.db").close()

    assert stat.S_IMODE((tmp_path / "a.db").stat().st_mode) == 0o600


def test_times_are_utc_with_milliseconds() -> None:
    at = datetime(2026, 3, 25, 16, 30, 0, 123_999, tzinfo=timezone(timedelta(hours=2)))

    with closing(Store(clock=lambda: at)) as store:
        created = store.create(segment())

    assert created.created_at == "2026-03-25T14:30:00.123Z"
    assert datetime.fromisoformat(created.created_at) < at.astimezone(UTC)


def test_unusable_files_are_refused_and_left_alone(tmp_path: Path) -> None:
    other_program = tmp_path / "other.db"
    with sqlite3.connect(other_program) as database:
        database.execute("CREATE TABLE segment (id)")
    database.close()
    text = tmp_path / "notes.txt"
    text.write_text("these are not the bytes of a database, and there are more than a hundred of them. " * 20)
    before = {path: path.read_bytes() for path in (other_program, text)}

    for path, words in [
        (other_program, "another program"),
        (text, "file is not a database"),
        (tmp_path, "Is a directory"),
        (tmp_path / "missing" / "a.db", "No such file or directory"),
    ]:
        with pytest.raises(ConfigError, match=words):
            Store(path)
    assert before == {path: path.read_bytes() for path in before}

"""The memory of created segments: kept for one account of one server, private, and never the end of a push."""

import json
import os
import shutil
from pathlib import Path

import pytest

import segdsl
from segdsl.remote.api_key import ApiKey
from segdsl.remote.endpoint import parse_base_url
from segdsl.remote.local_files import Memory, Remembered, filters_hash

KEY = "sk-marker-7f3a9c51e2"
SERVER = "https://www.greenflash.ai/api/v1"
FILTERS = segdsl.compile("rating > 1")
DAY = 86_400.0


class Clock:
    now = 1_000_000.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


def memory(folder: Path, clock: Clock, server: str = SERVER, key: str = KEY) -> Memory:
    return Memory(parse_base_url(server), ApiKey(key), pytest.fail, folder=folder, now=lambda: clock.now)


def ids(remembering: Memory) -> list[str]:
    return [entry.id for entry in remembering.entries]


def test_the_next_push_remembers_created_segments(tmp_path: Path, clock: Clock) -> None:
    first = memory(tmp_path, clock)
    first.remember("a", "Größe 😀", FILTERS)
    first.remember("b", "B", FILTERS)
    expected = tuple(
        Remembered(id_, name, clock.now, filters_hash(FILTERS)) for id_, name in (("a", "Größe 😀"), ("b", "B"))
    )
    assert first.entries == memory(tmp_path, clock).entries == expected


def test_each_server_and_each_key_has_its_own(tmp_path: Path, clock: Clock) -> None:
    memory(tmp_path, clock).remember("a", "A", FILTERS)
    assert ids(memory(tmp_path, clock, SERVER + "/other/path")) == ["a"]
    assert ids(memory(tmp_path, clock, "https://other.example")) == []
    assert ids(memory(tmp_path, clock, key="another-key")) == []


def test_the_file_is_the_users_alone_and_shows_neither_server_nor_key(tmp_path: Path, clock: Clock) -> None:
    before = os.umask(0)
    try:
        remembering = memory(tmp_path, clock)
        remembering.remember("a", "A", FILTERS)
        remembering.remember("b", "B", FILTERS)
        remembering.forget(["a"])
    finally:
        os.umask(before)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert KEY not in file.name + file.read_text()
    assert "greenflash" not in file.name + file.read_text()
    assert [json.loads(line)["id"] for line in file.read_text().split("\n") if line] == ["b"]


def test_it_is_forgotten_on_request_and_after_seven_days(tmp_path: Path, clock: Clock) -> None:
    remembering = memory(tmp_path, clock)
    remembering.remember("a", "A", FILTERS)
    clock.now += 3 * DAY
    remembering.remember("b", "B", FILTERS)
    remembering.remember("c", "C", FILTERS)
    remembering.forget(["b", "unknown"])
    assert ids(remembering) == ids(memory(tmp_path, clock)) == ["a", "c"]
    clock.now += 4 * DAY
    assert ids(remembering) == ["a", "c"]
    clock.now += 1.0
    assert ids(remembering) == ids(memory(tmp_path, clock)) == ["c"]
    remembering.forget([])
    assert "A" not in next(tmp_path.iterdir()).read_text()


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path, clock: Clock) -> None:
    memory(tmp_path, clock).remember("a", "A", FILTERS)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes() + b'{"id": "b", "na')
    assert ids(memory(tmp_path, clock)) == ["a"]
    memory(tmp_path, clock).remember("c", "C", FILTERS)
    assert ids(memory(tmp_path, clock)) == ["a", "c"]


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"[]\n{}\n", b'{"id": 1, "name": "A", "at": 1, "filters": ""}']
)
def test_another_content_is_no_memory(content: bytes, tmp_path: Path, clock: Clock) -> None:
    memory(tmp_path, clock).remember("a", "A", FILTERS)
    next(tmp_path.iterdir()).write_bytes(content)
    assert ids(memory(tmp_path, clock)) == []


@pytest.mark.parametrize("obstacle", ["a file for a folder", "a folder for a file"])
def test_without_a_place_it_warns_once_and_goes_on(obstacle: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    if obstacle == "a file for a folder":
        folder.touch()
    else:
        (folder / f"created-{ApiKey(KEY).fingerprint('https://www.greenflash.ai')}.jsonl").mkdir(parents=True)
    told: list[str] = []
    remembering = Memory(parse_base_url(SERVER), ApiKey(KEY), told.append, folder=folder)
    remembering.remember("a", "A", FILTERS)
    remembering.forget(["a"])
    assert len(told) == 1
    assert told[0].startswith("warning: created segments are not remembered until the server lists them: ")


@pytest.mark.parametrize("act", ["remember", "forget"])
def test_a_place_that_goes_away_in_between_is_told_once(act: str, tmp_path: Path) -> None:
    told: list[str] = []
    remembering = Memory(parse_base_url(SERVER), ApiKey(KEY), told.append, folder=tmp_path / "folder")
    remembering.remember("a", "A", FILTERS)
    shutil.rmtree(tmp_path / "folder")
    (tmp_path / "folder").touch()
    if act == "remember":
        remembering.remember("b", "B", FILTERS)
    else:
        remembering.forget(["a"])
    remembering.remember("c", "C", FILTERS)
    assert len(told) == 1
    assert ids(remembering) == (["a", "b", "c"] if act == "remember" else ["c"])  # this push still knows them


def test_equal_filters_have_one_hash() -> None:
    assert filters_hash(segdsl.compile("rating > 1.0")) == filters_hash(FILTERS)
    assert filters_hash(segdsl.compile("rating > 2")) != filters_hash(FILTERS)

"""The form, on a real server: completion behind an emoji, a fix, and a tree that is stored and read again."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import segdsl

from .form import FORM, serving_form


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("form") / "segments.sqlite3"


@pytest.fixture(scope="module")
def form(database: Path) -> Iterator[httpx.Client]:
    with serving_form(database) as address, httpx.Client(base_url=address) as client:
        yield client


def javascript(text: str) -> list[str]:
    """The text as JavaScript holds it: a list of UTF-16 code units."""
    units = text.encode("utf-16-le")
    return [units[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(units), 2)]


def edited(text: str, edits: list[dict[str, Any]]) -> str:
    """The text after `setRangeText` with each edit, from the last to the first."""
    units = javascript(text)
    for edit in sorted(edits, key=lambda one: -one["start"]):
        units[edit["start"] : edit["end"]] = javascript(edit["text"])
    return b"".join(unit.encode("utf-16-le", "surrogatepass") for unit in units).decode("utf-16-le")


def test_the_page_and_all_that_it_names_come_from_the_app(form: httpx.Client) -> None:
    page = form.get("/").text
    assert "://" not in page
    for name in ("form.js", "form.css"):
        assert f'"{name}"' in page
        assert form.get(f"/{name}").text == (FORM / "page" / name).read_text(encoding="utf-8")


def test_a_completion_behind_an_emoji_is_put_in_its_place(form: httpx.Client) -> None:
    text = 'company == "😀" and pl and seats > 3'
    found = form.post("/complete", json={"text": text, "offset": 22}).json()
    (item,) = found["items"]
    completed = edited(text, [{"start": found["start"], "end": found["end"], "text": item["insert"]}])
    assert completed == 'company == "😀" and plan and seats > 3'


def test_a_mistake_is_refused_its_fix_is_applied_and_the_tree_is_stored(form: httpx.Client, database: Path) -> None:
    text = 'company == "😀"  AND comercialIntent >= 0.6'
    refused = form.put("/segments/New%2F😀", json={"text": text})
    assert refused.status_code == 422
    assert form.get("/segments/New%2F😀").status_code == 404
    (problem,) = form.post("/check", json={"text": text}).json()
    assert refused.json()["detail"] == [problem]
    right = edited(text, problem["fixes"][0]["edits"])
    saved = form.put("/segments/New%2F😀", json={"text": right}).json()
    assert saved == form.get("/segments/New%2F😀").json()
    assert saved["text"] == 'company == "😀" and commercialIntent >= 0.6'
    assert saved["filters"] == segdsl.compile(right).to_dict()
    with sqlite3.connect(database) as connection:
        ((name, tree),) = connection.execute("SELECT name, tree FROM segment").fetchall()
    connection.close()
    assert name == "New/😀"
    assert segdsl.Expression.from_dict(json.loads(tree)) == segdsl.parse(right)

"""A form that helps people to write who they want to reach, with completion, marks and fixes. It saves the tree.

Run it: `pip install segdsl fastapi uvicorn`, then `python examples/form/app.py` and open http://127.0.0.1:8000.
The page knows nothing of the language: it asks this program. Offsets are UTF-16 code units, as JavaScript counts.
"""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel

import segdsl

LANGUAGE = segdsl.Environment(
    segdsl.Schema(properties={"plan": ["free", "pro", "enterprise"], "seats": "integer", "company": "string"}),
    {"engaged": "conversationCount >= 5 and lastSeen within 7d"},
)
"""The declarations: the properties of this product's users, and named conditions."""


class Text(BaseModel):
    """What stands in the form."""

    text: str


class TextAtCursor(Text):
    """The same, and where the cursor is."""

    offset: int


def create_app(database: Path) -> FastAPI:
    """The app. It keeps the segments in an SQLite database, which it creates if missing."""
    app = FastAPI(title="Segments")
    with _open(database) as segments:
        segments.execute("CREATE TABLE IF NOT EXISTS segment (name TEXT PRIMARY KEY, tree TEXT NOT NULL)")

    @app.post("/complete")
    def complete(typed: TextAtCursor) -> dict[str, Any]:
        """What can stand at the cursor, best first."""
        return LANGUAGE.complete(typed.text, typed.offset, utf16=True).to_dict()

    @app.post("/check")
    def check(typed: Text) -> list[dict[str, Any]]:
        """Errors and warnings, with their fixes. `save` accepts a text without errors."""
        return [one.to_dict(utf16=True) for one in LANGUAGE.check(typed.text, max_segments=1)]

    @app.put("/segments/{name:path}")
    def save(name: str, typed: Text) -> dict[str, Any]:
        """Saves the tree. For a text with errors the answer is 422 with its diagnostics."""
        problems = check(typed)
        if any(one["severity"] == "error" for one in problems):
            raise HTTPException(422, problems)
        tree = segdsl.parse(typed.text).to_dict()
        with _open(database) as segments:
            segments.execute("INSERT OR REPLACE INTO segment VALUES (?, ?)", (name, json.dumps(tree)))
        return load(name)

    @app.get("/segments/{name:path}")
    def load(name: str) -> dict[str, Any]:
        """A saved segment: its text in canonical spelling, and the filters that the API takes."""
        with _open(database) as segments:
            row = segments.execute("SELECT tree FROM segment WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise HTTPException(404, f"there is no segment {name!r}")
        expression = segdsl.Expression.from_dict(json.loads(row[0]))
        return {"text": segdsl.unparse(expression), "filters": LANGUAGE.compile(expression).to_dict()}

    app.mount("/", StaticFiles(directory=Path(__file__).with_name("page"), html=True))
    return app


@contextmanager
def _open(database: Path) -> Iterator[sqlite3.Connection]:
    """The database, committed and closed after the block."""
    with closing(sqlite3.connect(database)) as connection, connection:
        yield connection


if __name__ == "__main__":
    uvicorn.run(create_app(Path(sys.argv[1] if len(sys.argv) > 1 else "segments.sqlite3")))

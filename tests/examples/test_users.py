"""The made-up users are those that their script writes."""

import runpy
from pathlib import Path

import duckdb

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_file_holds_what_the_script_makes(tmp_path: Path) -> None:
    script = runpy.run_path(str(EXAMPLES / "make_users.py"))
    made = tmp_path / "users.parquet"
    script["main"].__globals__["FILE"] = made
    script["main"]()
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        shipped, fresh = (
            connection.execute(f"SELECT * FROM '{file}'").fetchall() for file in (EXAMPLES / "users.parquet", made)
        )
    assert len(shipped) == 3_000
    assert fresh == shipped
    assert made.stat().st_size < 100_000

"""A sample of many rows, in a table in memory: estimates from it take milliseconds."""

from msgspec import Struct

from segdsl.limits import SAMPLE_USERS, SAMPLED_FROM
from segdsl.sql.duckdb import Database, Progress

SAMPLE = "segdsl_sample"
"""The table."""


class Sample(Struct, frozen=True):
    """The number of rows, and of those in the table; None: they are few, and there is no table."""

    rows: int
    drawn: int | None = None


def draw_sample(db: Database, rows: str, progress: Progress | None = None) -> Sample:
    """Draws a sample of a relation's rows, each with the same chance; it replaces the previous sample."""
    ((total,),) = db.rows(f"SELECT count(*) FROM {rows}", progress)
    if total < SAMPLED_FROM:
        return Sample(total)
    chosen = f"SELECT * FROM {rows} WHERE random() < {SAMPLE_USERS / total}"
    db.execute(f"CREATE OR REPLACE TABLE {SAMPLE} AS {chosen}", progress)
    ((drawn,),) = db.rows(f"SELECT count(*) FROM {SAMPLE}")
    return Sample(total, drawn)

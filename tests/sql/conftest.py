"""The engines, each started once."""

from collections.abc import Iterator

import pytest

from .sql_engines import DuckDB, Engine, Postgres, SQLite, postgres_programs, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Engine]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip(
            "no Postgres server is installed: SQL for Postgres is not tried (Debian: apt-get install postgresql)"
        )
    with postgres_server(programs) as port:
        engine = Postgres(port)
        try:
            yield engine
        finally:
            engine.close()


@pytest.fixture(scope="session", params=["duckdb", "sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    made = {"duckdb": DuckDB, "sqlite": SQLite}
    engine: Engine = made[request.param]() if request.param in made else request.getfixturevalue("postgres")
    return engine

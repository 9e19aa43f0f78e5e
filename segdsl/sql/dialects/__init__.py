"""The dialects of SQL, each loaded on first use."""

from importlib import import_module

from segdsl.sql.dialects.dialect import Dialect

DIALECTS = {
    "duckdb": "DuckDB",
    "sqlite": "SQLite",
    "postgres": "Postgres",
    "mysql": "MySQL",
    "clickhouse": "ClickHouse",
    "spark": "Spark",
    "databricks": "Databricks",
    "bigquery": "BigQuery",
    "snowflake": "Snowflake",
    "trino": "Trino",
}
"""The names of the dialects, which are those of their modules, and their classes."""


def dialect_named(name: str) -> Dialect:
    """The dialect. Raises `ValueError` for an unknown name."""
    if name not in DIALECTS:
        raise ValueError(f"there is no dialect {name!r}; there are {', '.join(DIALECTS)}")
    dialect: Dialect = getattr(import_module(f"segdsl.sql.dialects.{name}"), DIALECTS[name])()
    return dialect

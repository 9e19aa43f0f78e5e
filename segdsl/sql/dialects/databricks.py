"""Databricks: Spark's SQL (JSON, in a VARIANT column or in text: runtime 15.3)."""

from typing import ClassVar

from segdsl.sql.dialects.spark import Spark


class Databricks(Spark):
    name: ClassVar[str] = "databricks"
    title: ClassVar[str] = "Databricks"

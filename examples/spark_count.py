"""Counts the segments of a config with Spark, for users who outgrow one machine; `make oracles` runs it.

    spark-submit examples/spark_count.py examples/segments.toml examples/users.parquet

segdsl writes the query and Spark runs it: on this machine, or unchanged on a cluster, where the users may be any path
that Spark reads. The script needs pyspark; segdsl does not.
"""

import subprocess
import sys

from pyspark.sql import SparkSession

VIEW = "segdsl_users"


def query(config: str, now: str | None) -> str:
    """The SQL that counts every segment of the config."""
    command = [sys.executable, "-m", "segdsl", "sql", config, "--dialect", "spark", "--count", "--table", VIEW]
    if now is not None:
        command += ["--now", now]
    written = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return written.stdout.strip().removesuffix(";")


def main(config: str, users: str, now: str | None = None) -> None:
    """Prints a line for each segment: its name, the users, members, unknown and malformed ones."""
    spark = SparkSession.builder.appName("segdsl count").getOrCreate()
    try:
        spark.read.parquet(users).createOrReplaceTempView(VIEW)
        for row in spark.sql(query(config, now)).collect():
            print(*row, sep="\t")
    finally:
        spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

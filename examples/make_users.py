"""Writes examples/users.parquet: three thousand made-up users, the same ones each time.

    python examples/make_users.py

Columns have the names of the fields in expressions. Many users lack some values, as in life.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb

FILE = Path(__file__).with_name("users.parquet")
USERS = 3_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)
"""The moment for which these users are made up: `segdsl count … --now 2026-06-01`."""

METRICS = ("sentiment", "frustration", "struggle", "commercialIntent")
FLAGS = (
    "jailbreakDetected", "hallucinationDetected", "userToxicityDetected", "modelToxicityDetected", "userBiasDetected",
    "modelBiasDetected", "missingCapabilityDetected",
)  # fmt: skip
COLUMNS = {
    "id": "VARCHAR", "plan": "VARCHAR", "seats": "BIGINT", "company": "VARCHAR", "isInternal": "BOOLEAN",
    **dict.fromkeys((*METRICS, "cqi", "rating"), "DOUBLE"), **dict.fromkeys(FLAGS, "BOOLEAN"),
    "conversationCount": "BIGINT", "lastSeen": "TIMESTAMPTZ", "conversation.channel": "VARCHAR",
    "conversation.locale": "VARCHAR",
}  # fmt: skip
NAMES = ("Anker", "Birke", "Cedar", "Delta", "Elm", "Fjord", "Granit", "Harbour", "Iris", "Juniper")
FORMS = ("GmbH", "Ltd", "Inc", "SARL", "AB")


def user(random: Random, number: int) -> list[object]:
    """The values of one user, in the order of `COLUMNS`."""

    def known(value: object, share: float) -> object:
        return value if random.random() < share else None

    plan = random.choices(("free", "trial", "pro", "enterprise"), (50, 20, 22, 8))[0]
    conversations = min(200, int(random.expovariate(1 / (4 if plan in ("free", "trial") else 15))))
    mood = random.betavariate(4, 3)
    return [
        f"u{number:04}",
        known(plan, 0.97),
        known({"free": 1, "trial": random.randint(1, 5)}.get(plan, random.randint(2, 400)), 0.9),
        known(f"{random.choice(NAMES)} {random.choice(FORMS)}", 0.7),
        random.random() < 0.01,
        known(round(mood, 2), 0.85),
        known(round(1 - mood, 2), 0.85),
        known(round(random.betavariate(2, 4), 2), 0.8),
        known(round(random.betavariate(3 if plan == "pro" else 2, 4), 2), 0.85),
        known(round(100 * random.betavariate(5, 3)), 0.8),
        known(random.choices((1, 2, 3, 4, 5), (8, 9, 18, 35, 30))[0], 0.3),
        *(known(random.random() < 0.04, 0.9) for _ in FLAGS),
        conversations,
        known(NOW - timedelta(minutes=int(random.expovariate(1 / (30 * 24 * 60)))), 0.98) if conversations else None,
        known(random.choices(("web", "slack", "email"), (60, 25, 15))[0], 0.9) if conversations else None,
        known(random.choices(("en", "de", "fr", "es"), (55, 20, 15, 10))[0], 0.9) if conversations else None,
    ]


def main() -> None:
    """Writes the file."""
    random = Random(2026)
    rows = [user(random, number) for number in range(1, USERS + 1)]
    columns = ", ".join(f'"{name}" {type_}' for name, type_ in COLUMNS.items())
    marks = f"({', '.join('?' * len(COLUMNS))})"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE users ({columns})")
        for start in range(0, USERS, 100):  # one statement for each row takes seconds
            some = rows[start : start + 100]
            values = [value for row in some for value in row]
            connection.execute(f"INSERT INTO users VALUES {', '.join([marks] * len(some))}", values)
        connection.execute(f"COPY users TO '{FILE}' (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    main()

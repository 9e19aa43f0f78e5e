"""Counts with a table of conversations are those of a model that tries the compiled rules one by one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import segdsl
from segdsl.sql.counting import Counter, Counts
from segdsl.sql.duckdb import CountError, database
from segdsl.sql.expression import predicates, typed
from segdsl.sql.mapping import Mapping
from segdsl.sql.users import Wanted, users_in

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PRODUCTS = ("182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e", "00000000-0000-4000-8000-000000000001")
MAPPING = {
    "id": "id",
    "columns": {"plan": "plan"},
    "conversations": {
        "file": "conversations.parquet",
        "user": "owner",
        "at": "started",
        "product": "product",
        "columns": {"sentiment": "mood", "jailbreakDetected": "jb", "conversation.channel": "channel",
                    "conversation.length": "length"},
    },
}  # fmt: skip
CONDITIONS = (
    "sentiment < 0.4", "sentiment >= 0.5", "jailbreakDetected", "not jailbreakDetected", "conversationCount >= 2",
    "conversationCount == 0", "lastSeen within 7d", "lastSeen before 30d", 'plan == "pro"', 'plan != "pro"',
    'conversation.channel == "slack"', 'conversation.channel != "web"', 'conversation.channel contains "a"',
    'conversation.channel not in ["slack", "web"]', 'conversation.channel in ["mail", "web"]',
    "1 < conversation.length < 9", "not (conversation.length > 4)", "conversation.length == 5",
)  # fmt: skip
SCOPES = (
    "", " during 7d", " during 30d", " during all", " from 2026-02-01", " to 2026-02-20",
    " from 2026-02-01 to 2026-03-01", " to 2026-03-05T12:00:00Z",
    f' for product "{PRODUCTS[0]}"', f' during 90d for product "{PRODUCTS[1].upper()}"',
)  # fmt: skip
Conversation = tuple[int, datetime, str | None, float | None, bool | None, str | None, int | None]


def expression(random: Random) -> str:
    def condition(depth: int) -> str:
        if depth == 0 or random.random() < 0.4:
            return random.choice(CONDITIONS)
        parts = [condition(depth - 1) for _ in range(2)]
        text = f"({random.choice([' and ', ' or ']).join(parts)})"
        return f"not {text}" if random.random() < 0.2 else text

    return condition(2) + random.choice(SCOPES)


def conversations(random: Random) -> list[Conversation]:
    return [
        (
            random.randrange(14),  # more than there are users
            NOW - timedelta(minutes=15 * random.randrange(4 * 24 * 100)),
            random.choice([None, *PRODUCTS]),
            random.choice([None, 0.25, 0.5, 0.75]),
            random.choice([None, False, True]),
            random.choice([None, "slack", "web", "mail"]),
            random.choice([None, 1, 5, 9]),
        )
        for _ in range(random.choice([0, 5, 30]))
    ]


def in_scope(filters: dict, held: list[Conversation]) -> list[Conversation]:
    dates, products = filters.get("dateRange", {}), filters.get("productIds")
    if dates.get("preset", "all") != "all":
        held = [one for one in held if one[1] >= NOW - timedelta(days=int(dates["preset"][:-1]))]
    if "from" in dates:
        held = [one for one in held if one[1] >= moment(dates["from"])]
    if "to" in dates:
        end = dates["to"]
        held = [
            one
            for one in held
            if (one[1] < moment(end) + timedelta(days=1) if len(end) == 10 else one[1] <= moment(end))
        ]
    return [one for one in held if products is None or one[2] in products]


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_member(text: str, plan: str | None, held: list[Conversation]) -> bool:
    """Whether a segment that the expression compiles to has the user: each of its rules holds by itself."""
    for filters in segdsl.compile_all(text, max_segments=200):
        data = filters.to_dict()
        scoped = in_scope(data, held)
        moods = [one[3] for one in scoped if one[3] is not None]
        flags = [one[4] for one in scoped if one[4] is not None]
        user = {
            "analysis": {"sentiment": sum(moods) / len(moods) if moods else None},
            "flags": {"jailbreakDetected": any(flags) if flags else None},
            "properties": {"plan": plan},
            "conversationCount": len(scoped),
            "lastSeen": max(one[1] for one in held).isoformat() if held else None,
        }

        def holds(rule: dict, user: dict = user, scoped: list[Conversation] = scoped) -> bool:
            one = segdsl.Filters.from_dict({"rules": [rule]})
            told = [user]
            if rule["type"] == "conversation_property":
                told = [user | {"conversationProperties": {"channel": row[5], "length": row[6]}} for row in scoped]
            return any(segdsl.evaluate(one, each, NOW) is True for each in told)

        if all(map(holds, data["rules"])):
            return True
    return False


def write(folder: Path, plans: list[str | None], held: list[tuple[Any, ...]], at: str = "TIMESTAMPTZ") -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE TABLE users (id INTEGER, plan VARCHAR)")
        connection.executemany("INSERT INTO users VALUES (?, ?)", list(enumerate(plans)))
        connection.execute(
            f"CREATE TABLE conversations (owner INTEGER, started {at}, product VARCHAR, mood DOUBLE, jb BOOLEAN,"
            " channel VARCHAR, length BIGINT)"
        )
        if held:
            stored = [
                (one[0], one[1] if at == "TIMESTAMPTZ" else one[1].replace(tzinfo=None), *one[2:]) for one in held
            ]
            connection.executemany("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)", stored)
        for table in ("users", "conversations"):
            connection.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")


def counted(folder: Path, texts: list[str], mapping: dict[str, Any] = MAPPING) -> Counts:
    expressions = [(text, typed(text)) for text in texts]
    fields = tuple(dict.fromkeys(one.field for _, whole in expressions for one in predicates(whole.condition)))
    with database() as db:
        found = Mapping.from_dict(mapping).relative_to(str(folder))
        users = users_in(db, [str(folder / "users.parquet")], Wanted(fields), found)
        return Counter(users, expressions, NOW).count(db, overlap=True)


def sayable(random: Random, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        text = expression(random)
        try:
            segdsl.compile_all(text, max_segments=200)
        except segdsl.CompileError:
            continue
        found.append(text)
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 4)
@given(st.integers(0, 2**32), st.sampled_from(["TIMESTAMPTZ", "TIMESTAMP"]))
def test_members_are_those_of_the_rules(tmp_path_factory: pytest.TempPathFactory, seed: int, at: str) -> None:
    random = Random(seed)
    folder = tmp_path_factory.mktemp("users")
    plans, held = [random.choice([None, "pro", "free"]) for _ in range(12)], conversations(random)
    write(folder, plans, held, at)
    texts = sayable(random, 6)
    counts = counted(folder, texts)
    of = [[one for one in held if one[0] == user] for user in range(len(plans))]
    members = [{user for user, plan in enumerate(plans) if is_member(text, plan, of[user])} for text in texts]
    assert counts.users == len(plans)
    assert {one.name: one.members for one in counts.segments} == dict(zip(texts, map(len, members), strict=True))
    assert counts.overlap == tuple(tuple(len(one & other) for other in members) for one in members)


def test_two_rules_may_be_met_by_two_conversations(tmp_path: Path) -> None:
    held = [(0, NOW, None, None, None, "slack", 1), (0, NOW, None, None, None, "web", 9)]
    write(tmp_path, ["pro", "pro"], held)
    texts = [
        'conversation.channel == "slack" and conversation.length > 5',
        'conversation.channel not in ["slack", "web"]',
    ]
    assert [one.members for one in counted(tmp_path, texts).segments] == [1, 1]


def test_a_user_without_conversations_has_none(tmp_path: Path) -> None:
    write(tmp_path, ["pro"], [])
    counts = counted(tmp_path, ["conversationCount == 0 during 7d", "sentiment < 0.5", "lastSeen within 7d"])
    assert [(one.members, one.unknown) for one in counts.segments] == [(1, 0), (0, 1), (0, 1)]


def told(changes: dict[str, Any]) -> dict[str, Any]:
    table = MAPPING | {"conversations": MAPPING["conversations"] | changes}
    return {key: value for key, value in table.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "text", "error", "message"),
    [
        ({"user": "userid"}, "plan == 1", segdsl.ConfigError, "has no column `userid`, which is its `user`"),
        ({"at": "channel"}, "plan == 1", segdsl.ConfigError, "is a moment, and the column `channel` holds VARCHAR"),
        ({"columns": {"sentiment": "mod"}}, "plan == 1", segdsl.ConfigError, "is it `mood`"),
        ({"columns": {"sentiment": "channel"}}, "plan == 1", segdsl.ConfigError, "`sentiment` stands in a column"),
        ({"file": "nowhere.parquet"}, "plan == 1", CountError, "nowhere.parquet"),
        ({"file": "conversations.csv"}, "plan == 1", CountError, "conversations are read from Parquet"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(
    tmp_path: Path, changes: dict[str, Any], text: str, error: type[Exception], message: str
) -> None:
    write(tmp_path, ["pro"], [])
    with pytest.raises(error, match=message):
        counted(tmp_path, [text], told(changes))


def test_a_product_needs_its_column(tmp_path: Path) -> None:
    write(tmp_path, ["pro"], [])
    without = {key: value for key, value in MAPPING["conversations"].items() if key != "product"}
    with pytest.raises(segdsl.CompileError, match="no column says the product of a conversation"):
        counted(tmp_path, [f'plan == "pro" for product "{PRODUCTS[0]}"'], MAPPING | {"conversations": without})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"conversations": 5}, "`conversations` must be a table"),
        ({"id": "n", "conversations": {"at": "t"}}, "`conversations` needs `user`"),
        ({"id": "n", "conversations": {"user": "u"}}, "`conversations` needs `at`"),
        ({"conversations": {"user": "u", "at": "t"}}, "`source` needs `id`"),
        ({"id": "n", "conversations": {"user": "u", "at": "t", "columns": {"plan": "p"}}}, "`plan` is of a user"),
        ({"id": "n", "conversations": {"user": "u", "at": "t", "prodct": "p"}}, "there is no key `prodct`"),
    ],
)
def test_a_wrong_table_is_told(table: dict[str, Any], message: str) -> None:
    with pytest.raises(segdsl.ConfigError, match=message):
        Mapping.from_dict(table)

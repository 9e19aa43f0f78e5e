"""`segdsl count`: the table, the JSON, and its errors."""

import json
import sys
from pathlib import Path

import duckdb
import pytest

from .command_line import run

USERS = [
    {"id": 1, "analysis": {"sentiment": 0.9}, "properties": {"plan": "pro", "seats": 10}},
    {"id": 2, "analysis": {"sentiment": 0.1}, "properties": {"plan": "pro"}},
    {"id": 3, "properties": {"plan": "free", "seats": 1}},
    {"id": 4, "analysis": {"sentiment": "high"}, "properties": {"plan": "pro"}},
]
CONFIG = """
[properties]
plan = ["free", "pro"]
seats = "integer"

[source]
file = "users.jsonl"

[[segment]]
name = "Happy"
where = "sentiment > 0.5"

[[segment]]
name = "Pro"
where = 'plan == "pro"'

[[segment]]
name = "Big, lately"
where = "seats > 5 during 30d"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "users.jsonl").write_text("".join(json.dumps(user) + "\n" for user in USERS) + "no json\n")
    (tmp_path / "segments.toml").write_text(CONFIG)
    return tmp_path


@pytest.mark.usefixtures("folder")
class TestWhatIsPrinted:
    def test_one_expression(self) -> None:
        result = run("count", 'plan == "pro" and sentiment > 0.5', "--users", "users.jsonl")
        assert result.exit_code == 0, result.stderr
        assert result.stdout.splitlines() == [
            "3 users in users.jsonl",
            "",
            "segment                            members   share  unknown  malformed",
            'plan == "pro" and sentiment > 0.5        1  33.3 %        0          2',
            'the first malformed one is record 4: `sentiment` must be a finite number, not "high"',
        ]

    def test_a_config_with_its_own_source(self) -> None:
        result = run("count", "segments.toml")
        assert result.exit_code == 0, result.stderr
        assert result.stdout.splitlines() == [
            "4 users in users.jsonl",
            "",
            "segment          members   share  unknown  malformed  only here",
            "Happy                  1  25.0 %        1          2          0",
            "Pro                    3  75.0 %        0          1          2",
            "Big, lately *          1  25.0 %        2          1          0",
            "in none of them        1  25.0 %",
            "* counted without its scope (`during`, `from`, `to`, `for product`): a row is a user, not a conversation",
            'the first malformed one is record 4: `sentiment` must be a finite number, not "high"',
        ]
        assert result.stderr == ""

    def test_json(self) -> None:
        result = run("count", "segments.toml", "--json", "--overlap")
        assert json.loads(result.stdout) == {
            "users": 4,
            "segments": [
                {"name": "Happy", "members": 1, "unknown": 1, "malformed": 2, "share": 0.25, "onlyHere": 0},
                {"name": "Pro", "members": 3, "unknown": 0, "malformed": 1, "share": 0.75, "onlyHere": 2},
                {"name": "Big, lately", "members": 1, "unknown": 2, "malformed": 1, "share": 0.25, "onlyHere": 0},
            ],
            "inNone": 1,
            "overlap": [[1, 1, 1], [1, 3, 1], [1, 1, 1]],
        }
        assert "scope-not-applied" in result.stderr
        assert 'segments.toml:19:20 (segment "Big, lately")' in result.stderr

    def test_overlap_and_explanation(self) -> None:
        result = run("count", 'plan == "pro" and not seats < 5', "--users", "users.jsonl", "--explain", "--overlap")
        assert result.stdout.splitlines()[3:] == [
            'plan == "pro" and not seats < 5        1  25.0 %        2          1',
            "the first malformed one is record 5: not a JSON object",
            "",
            'plan == "pro" and not seats < 5  true  false  unknown',
            'plan == "pro"                       3      1        0',
            "not seats < 5                       1      1        2",
            "",
            "in both                            1",
            '1 plan == "pro" and not seats < 5  1',
        ]

    def test_malformed_users_are_in_no_row_of_an_explanation(self) -> None:
        """Not in those of conditions that could be evaluated, either."""
        asked = ('plan == "pro" and (sentiment > 0.5 or sentiment < 0.2)', "--users", "users.jsonl", "--explain")
        lines = run("count", *asked).stdout.splitlines()
        assert lines[0] == "3 users in users.jsonl"
        assert [line.split()[-3:] for line in lines[-2:]] == [["2", "1", "0"], ["2", "0", "1"]]

    def test_parameters_and_now(self) -> None:
        (self.user,) = [USERS[0] | {"lastSeen": "2026-05-30"}]
        with open("seen.jsonl", "w", encoding="utf-8") as file:
            file.write(json.dumps(self.user))
        asked = ("lastSeen within $recent", "--users", "seen.jsonl", "--param", "recent=7d", "--json")
        assert json.loads(run("count", *asked, "--now", "2026-06-01").stdout)["segments"][0]["members"] == 1
        assert json.loads(run("count", *asked, "--now", "2026-07-01").stdout)["segments"][0]["members"] == 0


MOMENTS = [
    "2026-05-30", "2026-05-30T11:59:00Z", "2026-05-30 11:59:00Z", "2026-05-30 11:59:00+00",
    "2026-05-30t11:59:00.25+02", "2026-05-30 11:59:00 UTC", "2026-05-30 11:59:00.123456 +0000",
    "2026-05-30 11:59:00-0330", "2026-05-30 11:59:00 +02:00",
]  # fmt: skip
NO_MOMENTS = [
    "2026-05-30 11:59:00", "2026-05-30T11:59:00", "2026-05-30 11:59", "2026-05-30  11:59:00+00",
    "30.05.2026 11:59:00+00", "2026-05-30 25:59:00+00", "2026-05-30 11:59:00+0", "2026-05-30 11:59:00 CET",
    "2026-05-30 11:59:00+00 ",
]  # fmt: skip


@pytest.mark.parametrize(("cells", "members"), [(MOMENTS, len(MOMENTS)), (NO_MOMENTS, 0)])
def test_moments_in_csv_are_read_as_databases_write_them(
    cells: list[str], members: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By both commands; a date-time without an offset could be one of many moments."""
    monkeypatch.chdir(tmp_path)
    Path("users.csv").write_text("id,lastSeen\n" + "".join(f"{at},{cell}\n" for at, cell in enumerate(cells)))
    asked = ("lastSeen within 7d", "--now", "2026-06-01", "--json")
    (segment,) = json.loads(run("count", *asked, "--users", "users.csv").stdout)["segments"]
    assert (segment["members"], segment["malformed"]) == (members, len(cells) - members)
    matched = json.loads(run("match", *asked[:1], "users.csv", *asked[1:]).stdout)
    assert (matched["matching"], matched["malformed"]) == (members, len(cells) - members)


@pytest.mark.parametrize("form", ["csv", "parquet", "objects.parquet", "duckdb", "jsonl", "json"])
def test_a_malformed_user_is_shown(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file, told = (
        f"users.{form}",
        "`lastSeen` must be a date, or a date-time with its offset (2026-01-31T14:30:00Z), not ",
    )
    seen = ["2026-05-30", "2026-05-04 11:59:00"]
    if form.startswith("json"):
        records = [json.dumps({"lastSeen": one}) for one in seen]
        Path(file).write_text("\n".join(records) if form == "jsonl" else f"[{','.join(records)}]")
        told = f'record 2: {told}"{seen[1]}"'
    elif form == "objects.parquet":
        values = ", ".join(f"({{'sentiment': {one}}})" for one in ["0.5::DOUBLE", "'nan'::DOUBLE"])
        duckdb.execute(f"COPY (SELECT * FROM (VALUES {values}) AS users(analysis)) TO '{file}'")
        told = "row 2: `sentiment` must be a finite number, not nan"
    else:
        relation = "(VALUES ('2026-05-30'), ('2026-05-04 11:59:00')) AS users(\"lastSeen\")"
        if form == "duckdb":
            with duckdb.connect(file) as connection:
                connection.execute(f"CREATE TABLE users AS SELECT * FROM {relation}")
        else:
            duckdb.execute(f"COPY (SELECT * FROM {relation}) TO '{file}'")
        told = f"row 2: {told}{seen[1]}"
    expression = "sentiment > 0.3" if form == "objects.parquet" else "lastSeen within 7d"
    result = run("count", expression, "--users", file, "--now", "2026-06-01")
    assert result.stdout.splitlines()[-1] == f"the first malformed one is {told}"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["plan =="], 1, "unexpected-end"),
        (['plan == "pro"'], 1, "say where the users are: --users FILE, or `file` under [source]"),
        (['plan == "pro"', "--users", "nowhere.parquet"], 1, "nowhere.parquet: there is no such file"),
        (['plan == "pro"', "--users", "."], 1, ".: this is a folder"),
        (['plan == "pro"', "--users", "*.parquet"], 1, "no file matches *.parquet"),
        (['plan == "pro"', "--users", "users.jsonl", "--now", "soon"], 2, "neither a date nor an RFC 3339"),
        (["segments.toml", "--schema", "segments.toml"], 2, "--schema is for an expression"),
        (["nowhere.toml", "--users", "users.jsonl"], 1, "there is no such file"),
    ],
)
def test_mistakes_are_reported(arguments: list[str], code: int, told: str) -> None:
    result = run("count", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr


def test_errors_of_a_config_stand_in_its_file(folder: Path) -> None:
    (folder / "segments.toml").write_text(CONFIG.replace('file = "users.jsonl"', 'fil = "users.jsonl"\nid = 5'))
    result = run("count", "segments.toml")
    assert result.exit_code == 1
    assert "error[unknown-key]: there is no key `fil`" in result.stderr
    assert "did you mean `file`?" in result.stderr
    assert "error[wrong-value]: `id` must be a string, and this is a number" in result.stderr


@pytest.mark.usefixtures("folder")
def test_without_duckdb_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    result = run("count", 'plan == "pro"', "--users", "users.jsonl")
    assert (result.exit_code, result.stderr) == (1, "Error: this needs DuckDB: pip install 'segdsl[sql]'\n")


def test_names_of_segments_are_shown_safely(folder: Path) -> None:
    name = "x\\u001b[31m " + "long " * 20
    (folder / "segments.toml").write_text(f'[[segment]]\nname = "{name}"\nwhere = "seats > 5"\n')
    result = run("count", "segments.toml", "--users", "users.jsonl")
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) < 90


def test_a_table_of_conversations_gives_segments_their_scope(folder: Path) -> None:
    duckdb.execute(
        f"COPY (SELECT * FROM (VALUES ('ada', 'pro'), ('bob', NULL)) t(id, plan)) TO '{folder}/users.parquet'"
    )
    duckdb.execute(
        "COPY (SELECT * FROM (VALUES ('ada', TIMESTAMP '2026-05-20', 0.9), ('ada', TIMESTAMP '2026-01-01', 0.1),"
        f" ('bob', TIMESTAMP '2026-01-01', 0.9)) t(owner, started, mood)) TO '{folder}/talks.parquet'"
    )
    (folder / "segments.toml").write_text("""
[source]
file = "users.parquet"
id = "id"
[source.columns]
plan = "plan"
[source.conversations]
file = "talks.parquet"
user = "owner"
at = "started"
[source.conversations.columns]
sentiment = "mood"
[[segment]]
name = "Happy"
where = "sentiment > 0.8 during 30d"
[[segment]]
name = "Happy ever"
where = "sentiment > 0.8"
""")
    result = run("count", "segments.toml", "--now", "2026-06-01", "--explain")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[2:6] == [
        "segment          members   share  unknown  only here",
        "Happy                  1  50.0 %        1          1",
        "Happy ever             1  50.0 %        0          1",
        "in none of them        0   0.0 %",
    ]
    assert "sentiment > 0.8     1      0        1" in result.stdout


class TestAFieldWithoutColumn:
    """The error names the columns among which the missing one may be, and says where a mapping stands."""

    @pytest.fixture(autouse=True)
    def users(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "users.csv").write_text("id,tier,mood,last_visit\n1,pro,0.4,2026-05-01\n")
        others = ", ".join(f"{number} AS c{number}" for number in range(1, 20))
        duckdb.execute(f"COPY (SELECT 1 AS id, 'pro' AS tier, 0.4 AS mood, {others}) TO 'users.parquet'")
        (tmp_path / "segments.toml").write_text(
            '[source]\nfile = "users.csv"\nid = "id"\n[source.columns]\nplan = "tier"\n'
            """[[segment]]\nname = "A"\nwhere = 'plan == "pro" and sentiment < 0.5'\n"""
        )

    def helps(self, *arguments: str) -> list[str]:
        result = run("count", *arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        return [line.split("help: ")[1] for line in result.stderr.splitlines() if "help: " in line]

    def test_an_expression(self) -> None:
        assert self.helps('tier == "pro" and sentiment < 0.5', "--users", "users.csv") == [
            'say where it stands: `sentiment = "…"` under [source.columns]',
            "columns that are not used: `id`, `mood`, `last_visit`",
            "[source.columns] stands in a config: give it with `--schema FILE`",
        ]

    @pytest.mark.parametrize("asked", [["segments.toml"], ["sentiment < 0.5", "--schema", "segments.toml"]])
    def test_a_config_with_its_mapping(self, asked: list[str]) -> None:
        assert self.helps(*asked) == [
            'say where it stands: `sentiment = "…"` under [source.columns]',
            "columns that are not used: `mood`, `last_visit`",
        ]

    def test_a_column_of_the_same_name_needs_an_entry_too(self) -> None:
        assert self.helps('last_visit == "x" and plan == "pro"', "--schema", "segments.toml") == [
            'say where it stands: `last_visit = "last_visit"` under [source.columns]',
            "columns that are not used: `mood`, `last_visit`",
        ]

    def test_few_of_many_columns_are_named(self) -> None:
        (_, columns, _) = self.helps('tier == "pro" and sentiment < 0.5', "--users", "users.parquet")
        assert columns == "columns that are not used: `id`, `mood`, `c1`, `c2`, `c3`, `c4`, `c5`, `c6`, …"

"""`segdsl match`."""

import gzip
import json
import sys
from pathlib import Path

import duckdb
import pytest

from .command_line import run

USERS = [
    {"id": "ada", "properties": {"seats": 5, "plan": "pro"}},
    {"properties": {"seats": 50, "plan": "pro"}, "lastSeen": "2026-05-01"},
    {"id": 7, "properties": {"seats": 90}},
    {"id": "bob\n", "properties": {"seats": 90, "plan": "free"}},
    {"id": None},
]
LINES = "".join(json.dumps(user) + "\n" for user in USERS)


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "users.jsonl").write_text(LINES)
    return tmp_path


@pytest.mark.usefixtures("users")
class TestWhatIsPrinted:
    def test_ids_or_line_numbers(self) -> None:
        result = run("match", "seats > 10", "users.jsonl")
        assert (result.exit_code, result.stdout) == (0, '2\n7\n"bob\\n"\n')
        assert result.stderr == "3 of 5 users match; unknown for 1\n"

    def test_unknown_is_counted_apart(self) -> None:
        result = run("match", 'plan != "pro"', "users.jsonl")
        assert result.stdout == '"bob\\n"\n'
        assert result.stderr.startswith("1 of 5 users match; unknown for 2")

    def test_records(self) -> None:
        result = run("match", "seats > 10", "users.jsonl", "--records")
        assert result.stdout.splitlines() == LINES.splitlines()[1:4]

    def test_count(self) -> None:
        assert run("match", "seats > 10", "users.jsonl", "--count").stdout == "3\n"

    def test_json(self) -> None:
        expected = {"version": 1, "matching": 3, "notMatching": 1, "unknown": 1, "malformed": 0}
        result = run("match", "seats > 10", "users.jsonl", "--json")
        assert result.stderr == ""
        assert json.loads(result.stdout) == expected | {"ids": [2, 7, "bob\n"]}
        assert json.loads(run("match", "seats > 10", "users.jsonl", "--json", "--count").stdout) == expected
        records = json.loads(run("match", "seats > 10", "users.jsonl", "--json", "--records").stdout)
        assert records["records"] == USERS[1:4]
        none = json.loads(run("match", "seats > 1000", "users.jsonl", "--json").stdout)
        assert (none["ids"], none["matching"]) == ([], 0)

    def test_parameters_and_the_present(self) -> None:
        assert run("match", "plan == $p", "users.jsonl", "--param", "p=free", "--count").stdout == "1\n"
        within = ["match", "lastSeen within 7d", "users.jsonl", "--count", "--now"]
        assert run(*within, "2026-05-03").stdout == "1\n"
        assert run(*within, "2026-05-03T00:00:00+02:00").stdout == "1\n"
        assert run(*within, "2026-06-01").stdout == "0\n"

    def test_an_expression_below_zero_and_options_after_it(self) -> None:
        assert run("match", "-5 < seats", "users.jsonl", "--count").stdout == "4\n"

    def test_an_expression_with_errors_reads_no_user(self) -> None:
        result = run("match", "sentimnt > 3", "nowhere.jsonl")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("error[near-miss]: ")

    def test_definitions_of_a_schema_file(self, users: Path) -> None:
        (users / "s.toml").write_text('[define]\nbig = "seats > 10"\n')
        assert run("match", "@big", "users.jsonl", "--schema", "s.toml", "--count").stdout == "3\n"


class TestSources:
    """One set of users, however it comes."""

    def lines(self, data: bytes, tmp_path: Path, name: str) -> str:
        (tmp_path / name).write_bytes(data)
        result = run("match", "seats > 10", tmp_path / name)
        assert result.exit_code == 0
        return result.stdout

    @pytest.mark.parametrize("name", ["users.jsonl", "users.jsonl.gz", "users.json", "users"])
    @pytest.mark.parametrize("compressed", [False, True])
    @pytest.mark.parametrize("form", ["lines", "array"])
    def test_files(self, tmp_path: Path, name: str, compressed: bool, form: str) -> None:
        data = (LINES if form == "lines" else json.dumps(USERS, indent=1)).encode()
        assert self.lines(gzip.compress(data) if compressed else data, tmp_path, name) == '2\n7\n"bob\\n"\n'

    @pytest.mark.parametrize("data", [LINES.encode(), gzip.compress(LINES.encode()), json.dumps(USERS).encode()])
    def test_stdin(self, data: bytes) -> None:
        assert run("match", "seats > 10", "-", stdin=data).stdout == '2\n7\n"bob\\n"\n'

    def test_a_byte_order_mark_and_blank_lines(self, tmp_path: Path) -> None:
        data = b"\xef\xbb\xbf" + LINES.replace("\n", "\r\n\r\n").encode()
        assert self.lines(data, tmp_path, "users.jsonl") == '3\n7\n"bob\\n"\n'

    def test_an_empty_file_has_no_users(self, tmp_path: Path) -> None:
        assert self.lines(b"", tmp_path, "users.jsonl") == ""
        assert self.lines(b" [ ] \n", tmp_path, "users.json") == ""

    def test_csv(self, tmp_path: Path) -> None:
        (tmp_path / "users.csv").write_text("id,seats\nada,5\nbob,50\n,60\n")
        assert run("match", "seats > 10", tmp_path / "users.csv").stdout == "bob\n4\n"
        csv = (tmp_path / "users.csv").read_bytes()
        assert run("match", "seats > 10", "-", "--csv", stdin=gzip.compress(csv)).stdout == "bob\n4\n"

    @pytest.mark.parametrize(("name", "options"), [("u.csv", []), ("u.tsv", []), ("u", ["--delimiter", "tab"])])
    def test_csv_with_tabs(self, tmp_path: Path, name: str, options: list[str]) -> None:
        (tmp_path / name).write_text("id\tseats\nada\t5\nbob\t50\n")
        assert run("match", "seats > 10", tmp_path / name, *options).stdout == "bob\n"

    def test_csv_in_another_encoding(self) -> None:
        result = run("match", "plan == 'x'", "-", "--csv", stdin="plan\né\n".encode("latin-1"))
        assert (result.exit_code, result.stderr) == (1, "Error: stdin: not UTF-8: invalid continuation byte\n")

    def test_a_column_that_is_asked_for_and_missing(self, tmp_path: Path) -> None:
        (tmp_path / "users.csv").write_text("Id,Plan\nada,pro\n")
        (tmp_path / "s.toml").write_text("[define]\npaying = 'plan == \"pro\"'\n")
        for expression in ("plan == 'pro'", "@paying"):
            result = run("match", expression, tmp_path / "users.csv", "--schema", tmp_path / "s.toml")
            assert (result.exit_code, result.stdout) == (1, "")
            assert result.stderr == (
                f"Error: {tmp_path}/users.csv: there is no column plan, which the expression asks for: "
                "is it Plan? Then rename it in the header\n"
            )

    def test_columns_left_out_of_a_csv_are_reported(self, tmp_path: Path) -> None:
        (tmp_path / "users.csv").write_text("Company Name,seats\nX,50\n")
        result = run("match", "seats > 10", tmp_path / "users.csv")
        assert (result.exit_code, result.stdout) == (0, "2\n")
        assert result.stderr == (
            f"{tmp_path}/users.csv: left out, because no expression can name these columns: Company Name\n"
            "1 of 1 users match\n"
        )


class TestMalformed:
    BAD = (
        '{"id": 1, "properties": {"seats": 50}}\nnope\n[1]\n'
        '{"analysis": {"sentiment": "x"}}\n{"id": 5, "properties": {"seats": 50}}\n'
    )

    def test_they_are_reported_with_their_line_numbers_and_skipped(self, tmp_path: Path) -> None:
        (tmp_path / "u.jsonl").write_text(self.BAD)
        result = run("match", "seats > 10 or sentiment > 2", tmp_path / "u.jsonl")
        assert (result.exit_code, result.stdout) == (0, "1\n5\n")
        *told, summary = result.stderr.splitlines()
        assert [line.removeprefix(f"{tmp_path}/u.jsonl:").partition(": ")[0] for line in told] == ["2", "3", "4"]
        assert summary == "2 of 2 users match; 3 lines skipped"

    def test_strict_stops_at_the_first(self, tmp_path: Path) -> None:
        (tmp_path / "u.jsonl").write_text(self.BAD)
        result = run("match", "seats > 10", tmp_path / "u.jsonl", "--strict")
        assert (result.exit_code, result.stdout) == (1, "1\n")
        assert result.stderr.startswith(f"Error: {tmp_path}/u.jsonl:2: not JSON: ")

    def test_many_are_summed_up(self) -> None:
        result = run("match", "seats > 10", "-", "--json", stdin="nope\n" * 1_000)
        assert len(result.stderr.splitlines()) == 21
        assert result.stderr.endswith("more malformed records are counted, not shown\n")
        assert json.loads(result.stdout)["malformed"] == 1_000

    def test_flat_records_are_an_error(self) -> None:
        result = run("match", 'plan == "pro"', "-", stdin='{"id": 1, "plan": "pro"}\n')
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            'stdin:1: plan stands at the top of the record and belongs in {"properties": {"plan": ...}}\n'
            "0 of 0 users match; 1 line skipped\n"
        )

    def test_users_of_an_array_have_numbers_too(self) -> None:
        result = run("match", "sentiment > 0.5", "-", stdin='[{}, {"analysis": {"sentiment": "x"}}]')
        assert result.stderr.startswith("stdin:record 2: analysis.sentiment: must be a finite number")
        assert result.stderr.endswith("; 1 record skipped\n")

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (b'[{"a": 1}, {', "stdin: record 2: not JSON: the file ends in it"),
            (b"[{} {}]", "stdin: not JSON: '{' stands where ']' is expected"),
            (b"[{}", "stdin: not JSON: the file ends where ']' is expected"),
            (b"[1,", "stdin: record 2: not JSON: the file ends in it"),
            (b"[] []", "stdin: something stands after the end of the array"),
            (b"[" * 100_000, "stdin: record 1: not JSON: "),
            (gzip.compress(LINES.encode() * 100)[:-20], "stdin: the compressed data is damaged"),
            (b"\x1f\x8bnonsense", "stdin: "),
        ],
    )
    def test_the_command_fails_if_it_cannot_go_on(self, data: bytes, told: str) -> None:
        result = run("match", "seats > 10", "-", stdin=data)
        assert result.exit_code == 1
        assert result.stderr.splitlines()[-1].startswith(f"Error: {told}")


def test_misuse(tmp_path: Path) -> None:
    assert run("match", "seats > 10").exit_code == 2
    assert "cannot both come from stdin" in run("match", "-", "-").stderr
    unknown = run("match", "a", "u.jsonl", "--cuont").stderr
    assert "No such option" in unknown
    assert "--count" in unknown
    assert "is not one character" in run("match", "a", "u.csv", "--delimiter", "::").stderr
    assert "is neither a date nor" in run("match", "a", "u.jsonl", "--now", "yesterday").stderr
    missing = run("match", "seats > 10", tmp_path / "no.jsonl")
    assert (missing.exit_code, missing.stderr) == (1, f"Error: {tmp_path}/no.jsonl: No such file or directory\n")
    assert run("match", "seats > 10", tmp_path).stderr == f"Error: {tmp_path}: Is a directory\n"


class TestParquet:
    """Columns that DuckDB reads, with the answers that the same users give as JSON."""

    @pytest.fixture
    def parquet(self, users: Path) -> None:
        rows = (
            "(5, 'ada', 'pro', 0.5::DOUBLE), (50, NULL, 'pro', 'nan'::DOUBLE), (90, 'bob\n', 'free', NULL),"
            " (NULL, 'eve', 'pro', 1)"
        )
        duckdb.execute(
            f"COPY (SELECT col0 AS seats, col1 AS id, col2 AS plan, col3 AS sentiment FROM (VALUES {rows}))"
            f" TO '{users / 'users.parquet'}'"
        )

    @pytest.mark.usefixtures("parquet")
    def test_what_is_printed(self) -> None:
        result = run("match", "seats > 10", "users.parquet")
        assert (result.exit_code, result.stdout) == (0, '2\n"bob\\n"\n')
        assert result.stderr == "2 of 4 users match; unknown for 1\n"
        assert run("match", "seats > 10", "users.parquet", "--count").stdout == "2\n"
        found = json.loads(run("match", 'plan == "pro"', "users.parquet", "--json").stdout)
        assert found == {
            "version": 1, "ids": ["ada", 2, "eve"], "matching": 3, "notMatching": 1, "unknown": 0, "malformed": 0,
        }  # fmt: skip
        (record,) = run("match", "seats < 10", "users.parquet", "--records").stdout.splitlines()
        assert json.loads(record) == {"seats": 5, "id": "ada", "plan": "pro", "sentiment": 0.5}

    @pytest.mark.usefixtures("parquet")
    def test_malformed_users_are_named(self) -> None:
        result = run("match", "sentiment > 0.7 or seats > 80", "users.parquet")
        assert (result.exit_code, result.stdout) == (0, '"bob\\n"\neve\n')
        assert result.stderr.splitlines() == [
            "users.parquet:row 2: `sentiment` must be a finite number, not nan", "2 of 3 users match; 1 row skipped",
        ]  # fmt: skip
        strict = run("match", "sentiment > 0.7", "users.parquet", "--strict")
        assert (strict.exit_code, strict.stdout) == (1, "")

    @pytest.mark.usefixtures("parquet")
    def test_a_mapping_says_what_columns_mean(self, users: Path) -> None:
        (users / "source.toml").write_text('[source]\nid = "plan"\n[source.columns]\nlicences = "seats"\n')
        assert run("match", "licences > 10", "users.parquet", "--schema", "source.toml").stdout == "pro\nfree\n"
        result = run("match", "seats > 10", "users.parquet", "--schema", "source.toml")
        assert result.exit_code == 1
        assert "error[unmapped-field]: no column is mapped to `seats`" in result.stderr
        (users / "source.toml").write_text('[source]\nid = "pan"\n')
        result = run("match", "seats > 10", "users.parquet", "--schema", "source.toml")
        assert result.stderr == "Error: users.parquet has no column `pan`, which should identify a user\n"

    @pytest.mark.usefixtures("parquet")
    def test_without_duckdb_the_extra_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "duckdb", None)
        result = run("match", "seats > 10", "users.parquet")
        assert (result.exit_code, result.stderr) == (1, "Error: this needs DuckDB: pip install 'segdsl[sql]'\n")

    def test_the_order_is_that_of_a_file_of_many_row_groups(self, users: Path) -> None:
        select = "SELECT range AS n, CASE WHEN range % 2 = 0 THEN range END AS id FROM range(60000)"
        duckdb.execute(f"COPY ({select}) TO '{users / 'users.parquet'}' (ROW_GROUP_SIZE 2048)")
        found = run("match", "n >= 20000", "users.parquet").stdout.splitlines()
        assert found == [str(n if n % 2 == 0 else n + 1) for n in range(20_000, 60_000)]

"""`segdsl test`."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .command_line import run

CONFIG = """
[define]
active = "lastSeen within 7d"

[[segment]]
name = "Paying"
where = "plan in ['pro', 'team'] and @active"
split = true

[[segment.example]]
now = 2026-06-01T00:00:00Z
user = {{ properties = {{ plan = "pro" }}, lastSeen = "2026-05-30" }}
matches = {}

[[segment.example]]
now = 2026-06-01T00:00:00Z
user = {{ properties = {{ plan = "free" }}, lastSeen = "2026-05-30" }}
matches = {}

[[segment.example]]
user = {{ properties = {{ plan = "team" }} }}
matches = {}

[[segment]]
name = "Untested"
where = "rating > 3"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.chdir(tmp_path)

    def write(*matches: bool, name: str = "a.toml") -> str:
        (tmp_path / name).write_text(CONFIG.format(*("true" if one else "false" for one in matches)).lstrip())
        return name

    return write


def test_all_hold(config: Callable[..., str]) -> None:
    result = run("test", config(True, False, False))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "3 examples of 1 segment: all hold\n", "")


def test_a_failing_one_says_which_terms_decided(config: Callable[..., str]) -> None:
    result = run("test", config(False, True, True))
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        'failed a.toml:9:1 segment "Paying", example 1',
        "    the segment should not hold this user; the expression is true:",
        '      plan in ["pro", "team"] is true: plan is "pro"',
        "      lastSeen within 7d is true: lastSeen is 2026-05-30T00:00:00+00:00, 2d ago",
        'failed a.toml:14:1 segment "Paying", example 2',
        "    the segment should hold this user; the expression is false:",
        '      plan in ["pro", "team"] is false: plan is "free"',
        'failed a.toml:19:1 segment "Paying", example 3',
        "    the segment should hold this user; the expression is unknown:",
        "      lastSeen within 7d is unknown: lastSeen is missing",
        "3 examples of 1 segment: 3 failed",
    ]


def test_coverage_lists_segments_without_examples(config: Callable[..., str]) -> None:
    result = run("test", "--coverage", config(True, False, False))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        'untested a.toml:24:8 segment "Untested"',
        "3 examples of 1 segment: all hold; 1 segment without an example",
    ]


def test_several_files_and_wildcards(config: Callable[..., str], tmp_path: Path) -> None:
    config(True, False, False)
    (tmp_path / "b.toml").write_text('[[segment]]\nname = "B"\nwhere = "a"\n')
    assert run("test", "*.toml").stdout == "3 examples of 1 segment: all hold\n"
    assert run("test", "b.toml").stdout == "0 examples of 0 segments: nothing to run\n"


def test_errors_of_the_file_fail_but_the_others_run(config: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text('[[segment]]\nname = "B"\nwhere = "a >"\n')
    result = run("test", config(True, False, False), "b.toml")
    assert result.exit_code == 1
    assert result.stdout == "3 examples of 1 segment: all hold\n"
    assert result.stderr.startswith("error[unexpected-end]: ")


def test_many_deciding_terms_are_cut(tmp_path: Path) -> None:
    where = " and ".join(f"p{number} == 1" for number in range(20))
    user = "{ properties = { " + ", ".join(f"p{number} = 2" for number in range(20)) + " } }"
    file = tmp_path / "a.toml"
    file.write_text(f'[[segment]]\nname = "A"\nwhere = "{where}"\n[[segment.example]]\nuser = {user}\nmatches = true\n')
    lines = run("test", file).stdout.splitlines()
    assert lines[-2] == "      and 15 more"
    assert len(lines) == 1 + 1 + 5 + 2


def test_filters_that_disagree_are_reported_as_a_fault(
    config: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # the module is named like the command in it, which `import … as` would find first
    module = sys.modules["segdsl.cli.test"]
    monkeypatch.setattr(module, "evaluate", lambda *_: None)
    result = run("test", config(True, False, False))
    assert result.exit_code == 1
    assert "    the expression is true, the compiled filters have another result\n" in result.stdout


EXPECTING = """
[define]
pro = "plan == 'pro'"

[[segment]]
name = "Pro"
where = "@pro and lastSeen within 7d"
expect = { members = ">= 2" }

[[segment]]
name = "Large"
where = "seats > 5"
expect = { members = "< 1_000" }
"""
USERS = [
    {"id": 1, "properties": {"plan": "pro", "seats": 9}, "lastSeen": "2026-05-30"},
    {"id": 2, "properties": {"plan": "pro"}},
]


@pytest.fixture
def expecting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "users.jsonl").write_text("".join(json.dumps(user) + "\n" for user in USERS))

    def write(old: str = "", new: str = "") -> str:
        (tmp_path / "segments.toml").write_text(EXPECTING.replace(old, new).lstrip())
        return "segments.toml"

    return write


def test_expected_counts_are_tried_where_users_are_given(expecting: Callable[..., str]) -> None:
    result = run("test", expecting(">= 2", "== 1"), "--users", "users.jsonl", "--now", "2026-06-01")
    assert (result.exit_code, result.stdout) == (0, "0 examples of 0 segments and 2 expected counts: all hold\n")
    result = run("test", expecting())
    assert (result.exit_code, result.stdout) == (
        0, "0 examples of 0 segments: nothing to run; 2 expected counts not tried (--users FILE)\n",
    )  # fmt: skip


def test_the_users_are_those_of_the_config_by_default(expecting: Callable[..., str], tmp_path: Path) -> None:
    config = expecting()
    (tmp_path / config).write_text('[source]\nfile = "users.jsonl"\n\n' + (tmp_path / config).read_text())
    result = run("test", config, "--now", "2026-06-01")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.endswith("0 examples of 0 segments and 2 expected counts: 1 failed\n")
    (tmp_path / "others.jsonl").write_text("".join(json.dumps(USERS[0] | {"id": id_}) + "\n" for id_ in range(3)))
    result = run("test", config, "--users", "others.jsonl", "--now", "2026-06-01")
    assert (result.exit_code, result.stdout) == (0, "0 examples of 0 segments and 2 expected counts: all hold\n")


def test_another_count_than_expected_fails_in_its_place(expecting: Callable[..., str]) -> None:
    result = run("test", expecting(), "--users", "users.jsonl", "--now", "2026-06-01")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        'failed segments.toml:7:22 segment "Pro"',
        "    >= 2 members are expected, and it has 1; unknown for 1",
        "0 examples of 0 segments and 2 expected counts: 1 failed",
    ]


def test_a_count_without_its_scope_is_noted(expecting: Callable[..., str]) -> None:
    config = expecting("@pro and lastSeen within 7d", "@pro and rating < 3 during 30d")
    result = run("test", config, "--users", "users.jsonl", "--now", "2026-06-01")
    assert result.stdout.splitlines()[0] == (
        'note segments.toml:7:22 segment "Pro" is counted without its scope (`during`, `from`, `to`, `for product`):'
        " a row is a user, not a conversation"
    )


@pytest.mark.parametrize(
    ("sign", "holding"), [("<", "2"), ("<=", "12"), (">", "0"), (">=", "01"), ("==", "1"), ("!=", "02")]
)
def test_every_sign(expecting: Callable[..., str], sign: str, holding: str) -> None:
    for number in "012":
        result = run("test", expecting(">= 2", f"{sign} {number}"), "--users", "users.jsonl", "--now", "2026-06-01")
        assert (result.exit_code == 0) is (number in holding)


def test_users_that_cannot_be_counted_fail(expecting: Callable[..., str]) -> None:
    result = run("test", expecting(), "--users", "nowhere.parquet")
    assert (result.exit_code, result.stderr) == (1, "Error: nowhere.parquet: there is no such file\n")


def test_no_file_is_misuse() -> None:
    assert run("test").exit_code == 2

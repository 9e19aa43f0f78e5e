"""`segdsl plan` against a real sandbox: what it shows, its exit codes, its JSON."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .accounts import Account, account_of_its_own, segment

TWO = (segment("High intent", "commercialIntent >= 0.6"), segment("Big teams", 'seats > 10 and plan == "pro"'))


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with account_of_its_own(tmp_path) as running:
        yield running


def test_an_empty_account_gets_everything(account: Account) -> None:
    result = account.run("plan", account.file(*TWO))
    assert result.exit_code == 2
    assert result.stderr == ""
    assert result.stdout == (
        "+ create     High intent\n"
        "             commercialIntent >= 0.6\n"
        "+ create     Big teams\n"
        '             seats > 10 and plan == "pro"\n'
        "2 to create\n"
    )
    assert account.names == []


def test_nothing_to_do_is_0_however_it_is_spelled(account: Account) -> None:
    account.holds("High intent", "commercialIntent >= 0.60", description="kept", icon="Users")
    account.holds("Big teams", 'plan == "pro" and seats > 10.0')
    account.holds("Somebody's", "rating > 3")
    result = account.run("plan", account.file(*TWO))
    assert result.exit_code == 0
    assert "= unchanged  High intent\n= unchanged  Big teams\n" in result.stdout
    assert "? unmanaged  Somebody's (id " in result.stdout
    assert result.stdout.endswith("\n2 unchanged, 1 unmanaged\n")


def test_a_difference_is_shown_condition_by_condition(account: Account) -> None:
    held = account.holds("Big teams", 'plan == "pro" and seats > 5 and not isTest == true during 30d')
    result = account.run("plan", account.file(TWO[1]))
    assert result.exit_code == 2
    assert result.stdout == (
        f"~ differs    Big teams (id {held}); the API cannot update a segment\n"
        "             - seats > 5\n"
        "             + seats > 10\n"
        '               plan == "pro"\n'
        "             - isTest != true\n"
        "             - during 30d\n"
        "1 differing\n"
    )


def test_description_and_icon_count_only_when_the_config_sets_them(account: Account) -> None:
    account.holds("High intent", "commercialIntent >= 0.6", description="theirs", icon="Zap")
    assert account.run("plan", account.file(TWO[0])).exit_code == 0
    result = account.run("plan", account.file(TWO[0] + '\ndescription = "ours"\nicon = "Zap"'))
    assert result.exit_code == 2
    assert "             - description: theirs\n             + description: ours\n1 differing\n" in result.stdout
    assert "icon" not in result.stdout


def test_duplicates_are_told_with_both_ids_and_leave_nothing_to_do(account: Account) -> None:
    ids = [account.holds("High intent", "commercialIntent >= 0.6") for _ in range(2)]
    result = account.run("plan", account.file(TWO[0]))
    assert result.exit_code == 0
    assert f"! duplicate  High intent (ids {ids[0]}, {ids[1]})" in result.stdout


def test_json_has_a_version_and_every_kind_of_action(account: Account) -> None:
    same = account.holds("High intent", "commercialIntent >= 0.6")
    other = account.holds("Big teams", "seats > 5")
    twice = [account.holds("Twice", "rating > 1") for _ in range(2)]
    stranger = account.holds("Stranger", "rating > 2")
    config = account.file(*TWO, segment("Twice", "rating > 1"), segment("New", "rating > 4", 'icon = "Star"'))
    code, plan = account.run_json("plan", config)
    assert code == 2
    assert plan == {
        "version": 1,
        "create": [
            {
                "name": "New",
                "where": "rating > 4",
                "filters": {"rules": [{"type": "analysis", "field": "rating", "operator": "gt", "value": 4}]},
                "icon": "Star",
            }
        ],
        "unchanged": [{"name": "High intent", "id": same}, {"name": "Twice", "id": twice[0]}],
        "differs": [
            {
                "name": "Big teams",
                "ids": [other],
                "differences": [{"key": "where", "local": 'seats > 10 and plan == "pro"', "remote": "seats > 5"}],
            }
        ],
        "unmanaged": [{"name": "Stranger", "id": stranger}],
        "duplicates": [{"name": "Twice", "ids": twice}],
        "summary": {"create": 1, "unchanged": 2, "differs": 1, "unmanaged": 1, "duplicates": 1},
    }


def test_split_parts_go_by_their_filters(account: Account) -> None:
    """The account has them from when there were two, in the other order."""
    account.holds("Big (1/2)", "seats == 10")
    account.holds("Big (2/2)", "seats > 10")
    code, plan = account.run_json("plan", account.file(segment("Big", "seats >= 10", "split = true")))
    assert code == 0
    assert [action["name"] for action in plan["unchanged"]] == ["Big (1/2)", "Big (2/2)"]
    three = account.file(segment("Big", 'seats >= 10 or plan == "pro"', "split = true"))
    code, plan = account.run_json("plan", three)
    assert code == 2
    assert [(action["name"], action["where"]) for action in plan["create"]] == [("Big (3/3)", 'plan == "pro"')]
    assert [action["remoteName"] for action in plan["unchanged"]] == ["Big (2/2)", "Big (1/2)"]


def test_a_split_that_needs_one_segment_has_the_plain_name(account: Account) -> None:
    account.holds("Big (2/2)", "seats > 10")
    code, plan = account.run_json("plan", account.file(segment("Big", "seats > 10", "split = true")))
    assert code == 2
    assert [action["name"] for action in plan["create"]] == ["Big"]
    assert plan["unmanaged"][0]["note"] == "by its name a part of `Big`, which is one segment now"


def test_a_config_without_segments_is_refused(account: Account) -> None:
    (account.folder / "none.toml").write_text(account.run("pull").stdout)
    result = account.run("plan", str(account.folder / "none.toml"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error[no-segments]: this config holds no segment\n")


@pytest.mark.parametrize("arguments", [[], ["--bogus"], ["a.toml", "b.toml"]])
def test_misuse_is_1_for_2_says_that_there_is_something_to_do(account: Account, arguments: list[str]) -> None:
    result = account.run("plan", *arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("Usage: ")


def test_a_bad_config_is_told_as_check_tells_it_and_asks_nobody(account: Account) -> None:
    config = account.file(segment("A", "sentiment >"), segment("B", "comercialIntent > 1"), TWO[0])
    account.environment["GREENFLASH_BASE_URL"] = "http://127.0.0.1:1"
    result = account.run("plan", config)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[unexpected-end]" in result.stderr
    assert "error[near-miss]" in result.stderr
    assert result.stderr.endswith("\n2 errors\n")
    assert account.run("check", config).stdout == result.stderr


def test_warnings_go_to_stderr_and_change_no_exit_code(account: Account) -> None:
    account.holds("Hot", "sentiment > 60")
    result = account.run("plan", account.file(segment("Hot", "sentiment > 60")))
    assert (result.exit_code, result.stdout) == (0, "= unchanged  Hot\n1 unchanged\n")
    assert "warning[" in result.stderr


def test_a_missing_file_and_a_bad_key_are_errors(account: Account) -> None:
    assert account.run("plan", "nowhere.toml").exit_code == 1
    account.environment["GREENFLASH_API_KEY"] = "another-key"
    result = account.run("plan", account.file(*TWO))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: GET /api/v1/segments: 401 Unauthorized")
    assert "another-key" not in result.output


@pytest.mark.parametrize("fault", ["slow", "rate-limit", "error-503", "truncated-body", "html-body"])
def test_reading_outlives_faults(account: Account, fault: str) -> None:
    account.holds("High intent", "commercialIntent >= 0.6")
    if fault == "html-body":  # a complete answer that is no JSON: nobody knows what it stands for
        account.server.faults.once(fault)
        assert account.run("plan", account.file(TWO[0])).exit_code == 1
    else:
        account.server.faults.once(fault, seconds=0.01)
        assert account.run("plan", account.file(TWO[0])).exit_code == 0


def test_names_from_the_server_cannot_act_on_the_terminal(account: Account) -> None:
    account.holds("\x1b[31mred\u202e", "rating > 1")
    result = account.run("plan", account.file(TWO[0]))
    assert r"\u001b[31mred\u202e" in result.stdout


def test_json_is_ascii(account: Account) -> None:
    account.holds("Größe", "rating > 1")
    result = account.run("plan", account.file(TWO[0]), "--json")
    assert result.stdout.isascii()
    assert json.loads(result.stdout)["unmanaged"][0]["name"] == "Größe"

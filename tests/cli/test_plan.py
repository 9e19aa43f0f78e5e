"""`segdsl plan` against a real sandbox: what it shows, its exit codes, its JSON."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import segdsl
from tests.remote.fault_server import Behaviour, Exchange, FaultServer, honest_get, honest_list

from .accounts import Account, FaultAccount, account_of_its_own, segment

TWO_WHERE = 'seats > 10 and plan == "pro"'
TWO = (segment("High intent", "commercialIntent >= 0.6"), segment("Big teams", TWO_WHERE))


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


def test_nothing_to_do_is_0_for_any_spelling_of_numbers(account: Account) -> None:
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


def test_duplicates_are_reported_with_both_ids_and_leave_nothing_to_do(account: Account) -> None:
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
        "unreadable": [],
        "unmanaged": [{"name": "Stranger", "id": stranger}],
        "duplicates": [{"name": "Twice", "ids": twice}],
        "summary": {"create": 1, "unchanged": 2, "differs": 1, "unreadable": 0, "unmanaged": 1, "duplicates": 1},
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


@pytest.mark.parametrize("arguments", [[], ["--bogus"], ["a.toml", "--format", "b"], ["a.toml", "--timeout", "0"]])
def test_misuse_is_1_for_2_says_that_there_is_something_to_do(account: Account, arguments: list[str]) -> None:
    result = account.run("plan", *arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("Usage: ")


def test_a_bad_config_is_reported_as_by_check_and_sends_no_request(account: Account) -> None:
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
    if fault == "html-body":  # a complete answer that is not JSON: nobody knows its meaning
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


# ── a server that misbehaves ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[FaultAccount]:
    with FaultServer() as server:
        yield FaultAccount(server, tmp_path)


def refuse(server: FaultServer, id_: str, answer: Behaviour) -> None:
    """Every GET of this segment meets `answer`."""
    server.usual["get"] = lambda exchange: (answer if exchange.target.endswith(f"/{id_}") else honest_get)(exchange)


UNREADABLE = {
    "500": (lambda exchange: exchange.answer(500), "500 Internal Server Error"),
    "404": (lambda exchange: exchange.answer(404), "404 Not Found"),
    "no name": (
        lambda exchange: exchange.answer(200, exchange.server.segments[0] | {"name": None}),
        "no usable `name`",
    ),
    "a page": (lambda exchange: exchange.answer(200, b"<html>"), "not valid JSON"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_unreadable_segment_does_not_stop_the_others(
    kind: str, odd: FaultAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segdsl.cli.account.READ_RETRIES", 0)
    answer, words = UNREADABLE[kind]
    for name, where in (("High intent", "commercialIntent >= 0.6"), ("Big teams", "seats > 9")):
        odd.faulty.add(name, segdsl.compile(where).to_dict())
    refuse(odd.faulty, "segment-1", answer)
    config = odd.file(*TWO, segment("New", "rating > 4"))
    result = odd.run("plan", config)
    assert result.exit_code == 1
    assert "! unreadable High intent (id segment-1); not compared, so not created\n" in result.stdout
    assert words in result.stdout
    assert "~ differs    Big teams" in result.stdout
    assert result.stdout.endswith("\n1 to create, 1 differing, 1 not compared\n")
    code, plan = odd.run_json("plan", config)
    assert (code, plan["unreadable"][0]["name"], plan["unreadable"][0]["ids"]) == (1, "High intent", ["segment-1"])
    assert "**unreadable** `High intent` (id `segment-1`)" in odd.run("plan", config, "--format", "markdown").stdout
    pushed = odd.run("push", config, "--yes")
    assert pushed.exit_code == 1
    assert [one["name"] for one in odd.faulty.segments] == ["High intent", "Big teams", "New"]
    assert pushed.stdout.splitlines()[-1] == (
        "exit code 1: 1 segment not compared, so not created, 1 segment differing in the account"
        "; to change one, delete or rename it there and push again"
    )
    pulled = odd.run("pull")
    assert pulled.exit_code == 0
    assert pulled.stdout.count("[[segment]]") == 2
    assert '# {"id": "segment-1", "name": "High intent", "type": "custom"' in pulled.stdout


def test_a_server_that_changes_names_gets_no_segment_twice(odd: FaultAccount) -> None:
    def lower(exchange: Exchange) -> None:
        made = exchange.server.add(**exchange.record | {"name": exchange.record["name"].lower()})
        exchange.answer(201, made)

    odd.faulty.usual["create"] = lower
    config = odd.file(TWO[0])
    first = odd.run("push", config, "--yes")
    assert first.exit_code == 1
    assert (
        "created    High intent (id segment-1); but the server holds it under the name `high intent`\n" in first.stdout
    )
    assert first.stdout.endswith("exit code 1: 1 segment created, but not as sent\n")
    (odd.folder / "state" / "segdsl").rename(odd.folder / "another machine")
    for command in (["plan", config], ["push", config, "--yes"]):
        result = odd.run(*command)
        assert "             - name: high intent\n             + name: High intent\n" in result.stdout
    assert (
        "? unmanaged  high intent (id segment-1); probably the twin of `High intent`" in odd.run("plan", config).stdout
    )
    assert len(odd.faulty.segments) == 1


def test_a_twin_that_cannot_be_read_after_a_push_is_named(odd: FaultAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segdsl.cli.account.READ_RETRIES", 0)

    def somebody_else_too(exchange: Exchange) -> None:
        exchange.answer(201, exchange.commit())
        exchange.server.add(**exchange.record)

    odd.faulty.script("create", somebody_else_too)
    refuse(odd.faulty, "segment-2", lambda exchange: exchange.answer(500))
    result = odd.run("push", odd.file(TWO[0]), "--yes")
    assert result.exit_code == 0
    assert "meanwhile: `High intent` cannot be read: GET /api/v1/segments/segment-2: 500" in result.stderr


def test_a_segment_that_a_deletion_hides_while_paging_is_not_created_again(odd: FaultAccount) -> None:
    for number in range(101):
        odd.faulty.add(f"S {number}", segdsl.compile(f"rating > {number}").to_dict())

    def delete_after_the_first_page(exchange: Exchange) -> None:
        honest_list(exchange)
        if "page=1&" in exchange.target and len(odd.faulty.segments) == 101:
            del odd.faulty.segments[0]

    odd.faulty.usual["list"] = delete_after_the_first_page
    config = odd.file(segment("S 100", "rating > 100"), segment("New", "rating > 4"))
    result = odd.run("push", config, "--yes")
    assert result.exit_code == 0, result.output
    assert [one["name"] for one in odd.faulty.segments].count("S 100") == 1
    assert "created twice" not in result.stdout


def test_a_key_file_that_others_can_read_draws_one_warning(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".greenflash").write_text(f"# mine\nGREENFLASH_API_KEY='{account.environment.pop('GREENFLASH_API_KEY')}'\n")
    Path(".greenflash").chmod(0o644)
    monkeypatch.delenv("GREENFLASH_API_KEY", raising=False)
    result = account.run("push", account.file(*TWO), "--yes")
    assert result.exit_code == 0
    assert result.stderr == "warning: other users of this machine can read .greenflash: chmod 600 .greenflash\n"


def test_counts_of_users_stand_under_the_segments(account: Account) -> None:
    users = account.folder / "users.jsonl"
    plans = ["pro", "free", "trial", "trial", None]
    users.write_text("".join(f'{{"properties": {json.dumps({"plan": plan, "seats": 12})}}}\n' for plan in plans))
    account.holds("Big teams", TWO_WHERE)
    config = account.file(*TWO, segment("Not free", 'plan in ["pro", "trial"]') + "\nsplit = true")
    arguments = ("plan", config, "--users", str(users))
    result = account.run(*arguments)
    assert (result.exit_code, result.stderr) == (2, "")
    assert result.stdout == (
        "+ create     High intent\n"
        "             commercialIntent >= 0.6\n"
        "             0 members (0.0 %); unknown for 5\n"
        "+ create     Not free (1/2)\n"
        '             plan == "pro"\n'
        "             1 member (20.0 %); unknown for 1\n"
        "+ create     Not free (2/2)\n"
        '             plan == "trial"\n'
        "             2 members (40.0 %); unknown for 1\n"
        "= unchanged  Big teams\n"
        "             1 member (20.0 %); unknown for 1\n"
        "3 to create, 1 unchanged\n"
    )
    _, plan = account.run_json(*arguments)
    assert [list(one.values()) for one in plan["counts"]] == [
        ["High intent", 0, 5, 0, 0.0], ["Big teams", 1, 1, 0, 0.2],
        ["Not free", 3, 1, 0, 0.6, [
            {"name": "Not free (1/2)", "members": 1, "unknown": 1, "malformed": 0, "share": 0.2},
            {"name": "Not free (2/2)", "members": 2, "unknown": 1, "malformed": 0, "share": 0.4},
        ]],
    ]  # fmt: skip
    markdown = account.run(*arguments, "--format", "markdown").stdout
    assert "**create** `High intent`: 0 members (0.0 %); unknown for 5\n" in markdown
    assert "**create** `Not free (2/2)`: 2 members (40.0 %); unknown for 1\n" in markdown
    assert "- `Big teams`: 1 member (20.0 %); unknown for 1" in markdown


def test_a_part_under_another_number_has_its_own_count(account: Account) -> None:
    """The account's `(1/2)` is the config's second part, so the first one takes the number 2."""
    users = account.folder / "users.jsonl"
    plans = ["pro", "trial", "trial"]
    users.write_text("".join(f'{{"properties": {json.dumps({"plan": plan})}}}\n' for plan in plans))
    config = account.file(segment("Not free", 'plan in ["pro", "trial"]') + "\nsplit = true")
    account.holds("Not free (1/2)", 'plan == "trial"')
    result = account.run("plan", config, "--users", str(users))
    assert result.stdout.splitlines()[:5] == [
        "+ create     Not free (2/2)",
        '             plan == "pro"',
        "             1 member (33.3 %)",
        result.stdout.splitlines()[3],
        "             2 members (66.7 %)",
    ]
    account.holds("Not free (2/2)", 'plan == "old"')
    markdown = account.run("plan", config, "--users", str(users), "--format", "markdown").stdout
    assert "**differs** `Not free (2/2)`: 1 member (33.3 %) (" in markdown


def test_a_part_is_malformed_where_its_segment_is(account: Account) -> None:
    users = account.folder / "users.jsonl"
    users.write_text(
        '{"properties": {"plan": "pro"}, "lastSeen": "2026-05-30T00:00:00Z"}\n'
        '{"properties": {"plan": "pro"}, "lastSeen": "yesterday"}\n'
    )
    config = account.file(segment("Any", 'plan == "pro" or lastSeen within 7d') + "\nsplit = true")
    _, plan = account.run_json("plan", config, "--users", str(users), "--now", "2026-06-01")
    (whole,) = plan["counts"]
    assert (whole["members"], whole["malformed"]) == (1, 1)
    assert [(one["members"], one["malformed"], one["share"]) for one in whole["parts"]] == [(1, 1, 1.0), (1, 1, 1.0)]


def test_a_count_without_its_scope_is_noted(account: Account) -> None:
    users = account.folder / "users.jsonl"
    users.write_text('{"analysis": {"rating": 2}}\n')
    config = account.file(segment("Low", "rating < 3 during 30d"), segment("All", "rating < 3"))
    lines = account.run("plan", config, "--users", str(users)).stdout.splitlines()
    assert [line.strip() for line in lines if "member" in line] == [
        "1 member (100.0 %); counted without its scope", "1 member (100.0 %)",
    ]  # fmt: skip


def test_each_config_is_counted_with_its_own_declarations(account: Account) -> None:
    (account.folder / "users.csv").write_text("id,tier\n1,pro\n")
    (account.folder / "b.toml").write_text(
        '[source.columns]\nplan = "tier"\n[[segment]]\nname = "B"\nwhere = "plan == \'pro\'"\n'
    )
    config = account.file(segment("A", 'tier != "pro"'))
    _, plan = account.run_json(
        "plan", config, str(account.folder / "b.toml"), "--users", str(account.folder / "users.csv")
    )
    assert [(one["name"], one["members"]) for one in plan["counts"]] == [("A", 0), ("B", 1)]


def test_users_that_cannot_be_counted_end_the_plan(account: Account) -> None:
    result = account.run("plan", account.file(*TWO), "--users", "nowhere.parquet")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: nowhere.parquet: there is no such file\n"

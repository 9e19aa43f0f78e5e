"""`segdsl push` against a real sandbox: each segment is created once, or the report says why not."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from segdsl import errors
from segdsl.cli.account import Session
from segdsl.remote import create
from segdsl.remote.client import Client

from .accounts import Account, account_of_its_own, segment
from .processes import Terminal, start

FOUR = tuple(segment(f"Rating {number}", f"rating > {number}") for number in range(4))
NAMES = [f"Rating {number}" for number in range(4)]


@pytest.fixture
def requests() -> list[str]:
    """A line for each request that the account has answered."""
    return []


@pytest.fixture
def account(tmp_path: Path, requests: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setattr(create, "LOOK_WAITS", (0.01, 0.01))
    with account_of_its_own(tmp_path, log=requests.append) as running:
        yield running


def test_missing_segments_are_created_and_reported(account: Account, requests: list[str]) -> None:
    config = account.file(FOUR[0], segment("New", "rating > 9", 'description = "why"', 'icon = "Star"'))
    account.holds("Rating 0", "rating > 0")
    result = account.run("push", config, "--yes")
    assert result.exit_code == 0
    assert account.names == ["Rating 0", "New"]
    created = account.server.store.custom()[1]
    assert (created.description, created.icon) == ("why", "Star")
    assert result.stdout == (
        "+ create     New\n"
        "             rating > 9\n"
        "1 to create, 1 unchanged\n"
        f"created    New (id {created.id})\n"
        "1 created\n"
    )
    assert result.stderr == ""


def test_it_lists_once_and_looks_once_more_at_the_end(account: Account, requests: list[str]) -> None:
    account.holds("Stranger", "rating > 7")
    account.run("push", account.file(*FOUR), "--yes")
    assert [line.partition("?")[0].split()[0] for line in requests] == ["GET", *["POST"] * 4, "GET"]


def test_running_it_twice_creates_nothing_twice(account: Account, requests: list[str]) -> None:
    config = account.file(*FOUR, segment("Split", 'rating > 1 or plan == "pro"', "split = true"))
    assert account.run("push", config, "--yes").exit_code == 0
    before = account.names
    del requests[:]
    result = account.run("push", config, "--yes")
    assert (result.exit_code, result.stdout) == (0, "6 unchanged\nnothing to create\n")
    assert account.names == before == [*NAMES, "Split (1/2)", "Split (2/2)"]
    assert not any(line.startswith("POST") for line in requests)
    assert account.run("plan", config).exit_code == 0


def test_nothing_is_sent_when_one_segment_is_bad(account: Account, requests: list[str]) -> None:
    config = account.file(*FOUR, segment("Bad", 'plan == "a" or plan == "b"'))
    result = account.run("push", config, "--yes")
    assert (result.exit_code, result.stdout, requests) == (1, "", [])
    assert "error[needs-split]" in result.stderr
    assert '(segment "Bad")' in result.stderr


def test_without_a_terminal_it_needs_yes(account: Account, requests: list[str]) -> None:
    result = account.run("push", account.file(*FOUR), input="y\n")
    assert (result.exit_code, result.stdout, requests) == (2, "", [])
    assert "--yes" in result.stderr


def test_a_dry_run_reads_only(account: Account, requests: list[str]) -> None:
    result = account.run("push", account.file(*FOUR), "--dry-run")
    assert (result.exit_code, account.names) == (0, [])
    assert result.stdout.endswith("4 to create\n")
    code, told = account.run_json("push", account.file(*FOUR), "--dry-run")
    assert (code, told["created"], told["notTried"]) == (0, [], NAMES)
    assert all(line.startswith("GET") for line in requests)


def test_segments_that_differ_are_reported_and_the_rest_created(account: Account) -> None:
    account.holds("Rating 0", "rating > 5")
    result = account.run("push", account.file(*FOUR[:2]), "--yes")
    assert result.exit_code == 1
    assert "~ differs    Rating 0 (id " in result.stdout
    assert account.names == NAMES[:2]
    assert account.run("push", account.file(*FOUR[:2]), "--dry-run").exit_code == 1


def test_a_quota_reached_half_way(tmp_path: Path) -> None:
    data = tmp_path / "account.sqlite"
    with account_of_its_own(tmp_path, data=data, max_segments=2) as account:
        config = account.file(*FOUR)
        result = account.run("push", config, "--yes")
        assert result.exit_code == 1
        assert account.names == NAMES[:2]
        told = result.stdout.splitlines()[-6:]
        assert told[0].startswith("created    Rating 0 (id ")
        assert told[1].startswith("created    Rating 1 (id ")
        assert told[2].startswith("not created Rating 2: POST /api/v1/segments: 403 Forbidden: the plan allows 2")
        assert told[3:] == [
            "not tried  Rating 3",
            "2 created, 1 refused, 1 not tried; run it again to create the rest",
            "exit code 1: 2 segments not created",
        ]
    with account_of_its_own(tmp_path, data=data) as account:
        assert account.run("push", config, "--yes").exit_code == 0
        assert account.names == NAMES
        assert account.run("plan", config).exit_code == 0


def test_a_refusal_of_one_segment_does_not_stop_the_others(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    create = account.server.store.create

    def picky(segment: Any, **settings: Any) -> Any:
        if segment.name == "Rating 1":
            raise errors.InvalidSegmentError(["the server has its own ideas"])
        return create(segment, **settings)

    monkeypatch.setattr(account.server.store, "create", picky)
    code, told = account.run_json("push", account.file(*FOUR), "--yes")
    assert code == 1
    assert account.names == [made["name"] for made in told["created"]] == ["Rating 0", "Rating 2", "Rating 3"]
    assert [(refused["name"], refused["status"]) for refused in told["refused"]] == [("Rating 1", 400)]


@pytest.mark.parametrize(
    "fault", ["drop-after-commit", "reset-after-commit", "error-500-after-commit", "error-502-after-commit"]
)
def test_a_lost_answer_is_found_in_the_list(account: Account, fault: str) -> None:
    config = account.file(*FOUR[:2])
    account.holds("Somebody's", "rating > 7")
    account.server.faults.once(fault)
    result = account.run("push", config, "--yes")
    assert result.exit_code == 0
    assert account.names == ["Somebody's", *NAMES[:2]]
    assert "its answer was lost, and it was found in the list\n" in result.stdout


def test_an_ambiguous_create_is_reported_and_stops_the_push(account: Account) -> None:
    account.server.faults.once("drop-before-commit")
    config = account.file(*FOUR)
    code, told = account.run_json("push", config, "--yes")
    assert code == 1
    assert (account.names, told["created"], told["notTried"]) == ([], [], NAMES[1:])
    (ambiguous,) = told["mayHaveBeenCreated"]
    assert ambiguous["name"] == "Rating 0"
    assert "may or may not have been created" in ambiguous["reason"]
    assert account.run("push", config, "--yes").exit_code == 0
    assert account.names == NAMES


def test_json_gives_the_outcome_of_each_segment(account: Account) -> None:
    account.holds("Rating 3", "rating > 3")
    code, told = account.run_json("push", account.file(*FOUR), "--yes")
    assert code == 0
    ids = [segment.id for segment in account.server.store.custom()[1:]]
    assert told == {
        "version": 1,
        "created": [
            {"name": name, "id": id_, "adopted": False, "differs": []} for name, id_ in zip(NAMES[:3], ids, strict=True)
        ],
        "mayHaveBeenCreated": [],
        "refused": [],
        "notTried": [],
        "createdTwice": [],
        "plan": told["plan"],
    }
    assert told["plan"]["summary"] == {
        "create": 3,
        "unchanged": 1,
        "differs": 0,
        "unreadable": 0,
        "unmanaged": 0,
        "duplicates": 0,
    }


# ── two at once ────────────────────────────────────────────────────────────────────────────────────────────────────


def creating_twice(account: Account) -> Callable[..., Any]:
    """As if somebody on another machine pushed the same at the same moment."""
    create = account.server.store.create

    def twice(segment: Any, **settings: Any) -> Any:
        create(segment, **settings)
        return create(segment, **settings)

    return twice


def test_duplicates_created_meanwhile_are_reported_with_both_ids(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account.server.store, "create", creating_twice(account))
    config = account.file(FOUR[0])
    result = account.run("push", config, "--yes")
    theirs, ours = (segment.id for segment in account.server.store.custom())
    assert result.exit_code == 1
    twice = f"created twice Rating 0: this push created id {ours}, somebody else at the same time {theirs}\n"
    assert twice in result.stdout
    again = account.run("push", config, "--yes")
    assert again.exit_code == 0
    assert "! duplicate  Rating 0 (ids " in again.stdout


def test_a_last_look_that_fails_is_a_warning(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise errors.ApiError("gone home")

    monkeypatch.setattr(Session, "read", gone)
    result = account.run("push", account.file(FOUR[0]), "--yes")
    assert (result.exit_code, account.names) == (0, NAMES[:1])
    assert result.stderr.endswith("meanwhile: gone home\n")


def test_two_pushes_from_one_machine_take_turns(tmp_path: Path) -> None:
    with account_of_its_own(tmp_path, faults=["slow=1:0.2"]) as account:
        config = account.file(*FOUR)
        both = [start(account.environment, "push", config, "--yes") for _ in range(2)]
        told = [process.communicate(timeout=100) for process in both]
        assert [process.returncode for process in both] == [0, 0]
        assert account.names == NAMES
        waited = "is running on this machine; waiting for its end\n"
        assert sorted(err.endswith(waited) for _, err in told) == [False, True]


# ── interruptions ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_ctrl_c_between_two_creates_leaves_nothing_ambiguous(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    close = Client.close

    def close_and_stop(client: Client) -> None:
        close(client)
        raise KeyboardInterrupt

    monkeypatch.setattr(Client, "close", close_and_stop)
    code, told = account.run_json("push", account.file(FOUR[0]), "--yes")
    assert code == 130
    assert [made["name"] for made in told["created"]] == ["Rating 0"]
    assert told["mayHaveBeenCreated"] == told["notTried"] == []


@pytest.mark.parametrize("as_json", [True, False])
def test_ctrl_c_during_the_last_look_loses_no_report(
    as_json: bool, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "read", stop)
    result = account.run("push", account.file(FOUR[0]), "--yes", *["--json"] * as_json)
    assert result.exit_code == 130
    assert result.stderr.endswith("meanwhile: interrupted\n")
    if as_json:
        assert [made["name"] for made in json.loads(result.stdout)["created"]] == ["Rating 0"]
    else:
        assert result.stdout.endswith("\n1 created\n")


def test_ctrl_c_before_anything_is_sent(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "plan", stop)
    result = account.run("push", account.file(*FOUR), "--yes")
    assert (result.exit_code, result.stdout, account.names) == (130, "", [])
    assert result.stderr == "Interrupted\n"


# ── a person at a terminal ─────────────────────────────────────────────────────────────────────────────────────────


def on_a_terminal(account: Account, answer: str, *arguments: str, **environment: str) -> tuple[int, str]:
    """The exit code, and all that is shown, of a command that a person at a terminal runs and answers."""
    terminal = Terminal(account.environment | environment, *arguments)
    terminal.type(answer)
    return terminal.finish()


def test_a_person_is_asked_and_sees_a_bar(account: Account) -> None:
    config = account.file(*FOUR)
    code, shown = on_a_terminal(account, "y\n", "push", config)
    assert (code, account.names) == (0, NAMES)
    origin = account.server.base_url.removesuffix("/api/v1")
    assert f"Create 4 segments at {origin}? [y/N]: " in shown
    assert "creating" in shown
    assert "100%" in shown
    assert "\x1b[32m+ create    \x1b[0m Rating 0" in shown


def test_a_person_may_decline(account: Account, requests: list[str]) -> None:
    code, shown = on_a_terminal(account, "\n", "push", account.file(*FOUR), NO_COLOR="1")
    assert (code, account.names) == (1, [])
    assert "not tried  Rating 0, Rating 1, Rating 2, Rating 3" in shown
    assert "+ create     Rating 0" in shown
    assert "\x1b[3" not in shown
    assert not any(line.startswith("POST") for line in requests)


def test_with_json_the_plan_to_decide_on_is_on_stderr(account: Account) -> None:
    code, shown = on_a_terminal(account, "y\n", "push", account.file(FOUR[0]), "--json")
    assert code == 0
    assert shown.index("Rating 0") < shown.index("Create 1 segment at ") < shown.index('"version": 1')

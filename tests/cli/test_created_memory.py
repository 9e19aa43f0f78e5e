"""A push remembers what it created, for servers whose list lags behind."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from segdsl.limits import MEMORY_DAYS
from tests.remote.fault_server import Exchange, FaultServer, page_of

from .accounts import FaultAccount, segment

CONFIG = (segment("A", "rating > 1"), segment("B", "rating > 2"))


class Lag:
    """A list that shows nothing while it lags."""

    lags = True

    def __call__(self, exchange: Exchange) -> None:
        exchange.answer(200, [] if self.lags else page_of(exchange)[0])


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def lag(server: FaultServer) -> Lag:
    server.usual["list"] = lag = Lag()
    return lag


@pytest.fixture
def account(server: FaultServer, tmp_path: Path) -> FaultAccount:
    return FaultAccount(server, tmp_path)


def names(server: FaultServer) -> list[str]:
    return [one["name"] for one in server.segments]


@pytest.mark.usefixtures("lag")
def test_a_second_push_while_the_list_lags_creates_nothing(server: FaultServer, account: FaultAccount) -> None:
    config = account.file(*CONFIG)
    assert account.run("push", config, "--yes").exit_code == 0
    again = account.run("push", config, "--yes")
    ids = [one["id"] for one in server.segments]
    assert (again.exit_code, names(server)) == (0, ["A", "B"])
    assert again.stdout == (
        f"= unchanged  A (id {ids[0]}); not listed yet\n"
        f"= unchanged  B (id {ids[1]}); not listed yet\n"
        "2 unchanged\nnothing to create\n"
    )
    code, plan = account.run_json("plan", config)
    assert code == 0
    assert [(same["id"], same["note"]) for same in plan["unchanged"]] == [(id_, "not listed yet") for id_ in ids]


def test_it_is_forgotten_once_it_is_listed(server: FaultServer, account: FaultAccount, lag: Lag) -> None:
    config = account.file(*CONFIG)
    account.run("push", config, "--yes")
    (memory,) = (account.folder / "state" / "segdsl").glob("created-*")
    assert memory.read_text().count('"id"') == 2
    lag.lags = False
    assert account.run("push", config, "--yes").exit_code == 0
    assert memory.read_text() == ""
    assert names(server) == ["A", "B"]


@pytest.mark.usefixtures("lag")
def test_one_that_was_deleted_is_created_again(server: FaultServer, account: FaultAccount) -> None:
    config = account.file(*CONFIG)
    account.run("push", config, "--yes")
    del server.segments[0]
    assert account.run("push", config, "--yes").exit_code == 0
    assert names(server) == ["B", "A"]


@pytest.mark.usefixtures("lag")
def test_it_is_written_before_the_report(
    server: FaultServer, account: FaultAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies as it prints "created"; the next push still knows the segment."""

    def dies(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("segdsl.cli.push._result_line", dies)
    account.run("push", account.file(*CONFIG), "--yes")
    monkeypatch.undo()
    assert names(server) == ["A"]
    account.run("push", account.file(*CONFIG), "--yes")
    assert names(server) == ["A", "B"]


@pytest.mark.usefixtures("lag")
def test_another_key_is_another_account(server: FaultServer, account: FaultAccount) -> None:
    account.run("push", account.file(*CONFIG), "--yes")
    account.environment["GREENFLASH_API_KEY"] = "another-key"
    account.run("push", account.file(*CONFIG), "--yes")
    assert names(server) == ["A", "B", "A", "B"]


@pytest.mark.parametrize("command", ["push", "plan", "push --dry-run"])
def test_without_a_state_folder_a_push_warns_and_goes_on(
    command: str, server: FaultServer, account: FaultAccount
) -> None:
    (account.folder / "state").touch()
    result = account.run(*command.split(), account.file(*CONFIG), *["--yes"] * (command == "push"))
    if command == "push":
        assert (result.exit_code, names(server)) == (0, ["A", "B"])
        assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["warning"] * 2
    else:
        assert result.stderr == ""


def test_a_plan_leaves_no_file(account: FaultAccount) -> None:
    account.run("plan", account.file(*CONFIG))
    assert os.listdir(account.folder) == ["segments.toml"]


@pytest.mark.usefixtures("lag")
def test_seven_days_later_it_is_forgotten(account: FaultAccount) -> None:
    config = account.file(*CONFIG)
    account.run("push", config, "--yes")
    (memory,) = (account.folder / "state" / "segdsl").glob("created-*")
    entries = [json.loads(line) for line in memory.read_text().split("\n") if line]
    aged = [entry | {"at": entry["at"] - MEMORY_DAYS * 86_400 - 1} for entry in entries]
    memory.write_text("".join(f"{json.dumps(entry)}\n" for entry in aged))
    assert account.run_json("plan", config)[1]["summary"]["create"] == 2

"""`segdsl pull` against a real sandbox: where it writes, what it keeps, and that it plans to nothing."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segdsl.sandbox.store import Store

from .accounts import Account, account_of_its_own


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with account_of_its_own(tmp_path) as running:
        yield running


def holds_anything(account: Account, filters: dict[str, Any], name: str) -> None:
    """Puts filters into the account that its own endpoint would refuse."""
    account.holds(name, "rating > 1")
    store: Store = account.server.store
    store._database.execute("UPDATE segment SET filters = ? WHERE name = ?", (json.dumps(filters), name))


def test_the_custom_segments_are_printed_as_a_config(account: Account) -> None:
    account.holds("High intent", 'commercialIntent >= 0.6 and plan == "it\'s"', description="a\nb", icon="Users")
    account.holds('"Big" (1/2)', "seats > 10 during 30d")
    result = account.run("pull")
    assert (result.exit_code, result.stderr) == (0, "2 segments\n")
    assert result.stdout == (
        "# The custom segments of an account, as `segdsl pull` found them.\n"
        "\n"
        "[[segment]]\n"
        'name = "High intent"\n'
        'description = """\n'
        "a\n"
        'b"""\n'
        'icon = "Users"\n'
        "where = '''commercialIntent >= 0.6 and plan == \"it's\"'''\n"
        "\n"
        "[[segment]]\n"
        'name = "\\"Big\\" (1/2)"\n'
        "where = 'seats > 10 during 30d'\n"
    )


def test_a_pulled_config_plans_nothing(account: Account) -> None:
    account.holds("High intent", "commercialIntent >= 0.6", description="x", icon="Users")
    account.holds("Long", " and ".join(f'property{number} == "a value"' for number in range(9)))
    target = str(account.folder / "pulled.toml")
    assert account.run("pull", "-o", target).exit_code == 0
    assert account.run("check", target).exit_code == 0
    result = account.run("plan", target)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "2 unchanged")


def test_inexpressible_segments_become_comments_with_their_json(account: Account) -> None:
    account.holds("Fine", "rating > 1")
    account.holds("Fine", "rating > 2")
    never = {"rules": [{"type": "analysis", "field": "rating", "operator": op, "value": 3} for op in ("gt", "lt")]}
    strange = {"rules": [{"type": "moon_phase", "value": "full\x7f"}]}
    holds_anything(account, never, "Never")
    holds_anything(account, strange, "Strange")
    target = account.folder / "pulled.toml"
    result = account.run("pull", "-o", str(target))
    assert result.exit_code == 0
    assert result.stderr == "1 segment; 3 more kept as comments, with the reason\n"
    comments = [line.removeprefix("# ") for line in target.read_text().splitlines() if line.startswith("# {")]
    kept = [json.loads(comment) for comment in comments]
    assert [segment["name"] for segment in kept] == ["Fine", "Never", "Strange"]
    assert [segment["filters"] for segment in kept[1:]] == [never, strange]
    assert all(segment["id"] and segment["createdAt"] for segment in kept)
    assert account.run("plan", str(target)).exit_code == 0


def test_system_segments_are_not_the_accounts_own(account: Account) -> None:
    result = account.run("pull")
    assert result.stdout == "# The custom segments of an account, as `segdsl pull` found them.\n"
    assert result.stderr == "0 segments\n"


def test_a_file_is_not_replaced_unless_forced(account: Account) -> None:
    account.holds("A", "rating > 1")
    target = account.folder / "segments.toml"
    target.write_text("mine")
    target.chmod(0o640)
    result = account.run("pull", "-o", str(target))
    assert (result.exit_code, result.stdout, target.read_text()) == (1, "", "mine")
    assert result.stderr == f"Error: {target} exists; --force replaces it\n"
    assert account.run("pull", "-o", str(target), "--force").exit_code == 0
    assert 'name = "A"' in target.read_text()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert os.listdir(account.folder) == ["segments.toml"]


def test_a_new_file_has_the_usual_permissions(account: Account) -> None:
    mask = os.umask(0o027)
    try:
        assert account.run("pull", "-o", str(account.folder / "new.toml")).exit_code == 0
    finally:
        os.umask(mask)
    assert stat.S_IMODE((account.folder / "new.toml").stat().st_mode) == 0o640


def test_only_a_plain_file_is_replaced(account: Account) -> None:
    pipe = account.folder / "pipe"
    os.mkfifo(pipe)
    result = account.run("pull", "-o", str(pipe), "--force")
    assert (result.exit_code, result.stderr) == (1, f"Error: {pipe} is not a plain file\n")
    assert pipe.is_fifo()


def test_a_missing_folder_is_reported(account: Account) -> None:
    target = account.folder / "no" / "where.toml"
    result = account.run("pull", "-o", str(target))
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr


def test_a_file_that_appears_meanwhile_is_kept(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    target = account.folder / "segments.toml"
    listing = account.server.store.listing

    def write_and_list(*arguments: Any) -> Any:
        target.write_text("mine")
        return listing(*arguments)

    monkeypatch.setattr(account.server.store, "listing", write_and_list)
    assert account.run("pull", "-o", str(target)).exit_code == 1
    assert target.read_text() == "mine"


def test_a_failure_writes_nothing(account: Account) -> None:
    account.holds("A", "rating > 1")
    account.server.faults.once("html-body")
    target = account.folder / "segments.toml"
    result = account.run("pull", "-o", str(target))
    assert (result.exit_code, result.stdout, target.exists()) == (1, "", False)

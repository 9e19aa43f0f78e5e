"""`plan` and `push` of several files: one account, one plan, no name twice."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import segdsl
from tests.remote.fault_server import FaultServer

from .accounts import Account, FaultAccount, account_of_its_own, segment
from .processes import Terminal

CHANGE = "; to change one, delete or rename it there and push again\n"
MARKDOWN = ("--format", "markdown")


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with account_of_its_own(tmp_path) as running:
        yield running


def test_they_are_one_plan_in_the_order_of_the_files(account: Account) -> None:
    account.holds("B", "rating > 2")
    account.holds("C", "rating > 9")
    files = [
        account.file(segment(name, f"rating > {number}"), name=f"{name}.toml") for number, name in enumerate("ABC")
    ]
    code, plan = account.run_json("plan", *reversed(files))
    assert code == 2
    assert plan["summary"] == {
        "create": 1, "unchanged": 0, "differs": 2, "unreadable": 0, "unmanaged": 0, "duplicates": 0,
    }  # fmt: skip
    assert [differs["name"] for differs in plan["differs"]] == ["C", "B"]
    result = account.run("push", *files, "--yes")
    assert account.names == ["B", "C", "A"]
    assert result.stdout.endswith("\n1 created\nexit code 1: 2 segments differing in the account" + CHANGE)


def test_a_folder_a_wildcard_and_stdin_are_files_too(account: Account) -> None:
    folder = account.folder / "segments"
    folder.mkdir()
    account.file(segment("A", "rating > 1"), name="segments/segments.toml")
    (folder / "segments-more.json").write_text(json.dumps({"segment": [{"name": "B", "where": "rating > 2"}]}))
    (folder / "notes.toml").write_text("not a config")
    account.file(segment("C", "rating > 3"), name="c1.toml")
    stdin = f"[[segment]]\n{segment('D', 'rating > 4')}\n"
    result = account.run("push", str(folder), str(account.folder / "c*.toml"), "-", "--yes", input=stdin)
    assert result.exit_code == 0, result.output
    assert sorted(account.names) == ["A", "B", "C", "D"]


@pytest.mark.parametrize("other", ["A", " A "])
def test_one_name_in_two_files_is_an_error_that_names_both(other: str, account: Account) -> None:
    first = account.file(segment("A", "rating > 1"), name="first.toml")
    second = account.file(segment(other, "rating > 2"), name="second.toml")
    for command in ("plan", "push --yes"):
        result = account.run(*command.split(), first, second)
        assert (result.exit_code, result.stdout, account.names) == (1, "", [])
        assert "error[duplicate-name]" in result.stderr
        assert "first.toml" in result.stderr
        assert "second.toml" in result.stderr
    assert "error[duplicate-name]" in account.run("check", first, second).stdout


def test_a_part_that_another_file_names_is_an_error(account: Account) -> None:
    split = account.file(segment("Big", "seats >= 10", "split = true"), name="split.toml")
    named = account.file(segment("Big (2/2)", "rating > 2"), name="named.toml")
    result = account.run("plan", split, named)
    assert result.exit_code == 1
    assert "a part of the segment `Big` has the name `Big (2/2)` too" in result.stderr
    assert "split.toml" in result.stderr
    assert "named.toml" in result.stderr
    assert account.run("check", named, split).exit_code == 1


def test_one_bad_file_stops_all(account: Account) -> None:
    good = account.file(segment("A", "rating > 1"), name="good.toml")
    bad = account.file(segment("B", "rating >"), name="bad.toml")
    result = account.run("push", good, bad, "--yes")
    assert (result.exit_code, result.stdout, account.names) == (1, "", [])
    empty = account.file(name="empty.toml")
    result = account.run("push", good, empty, "--yes")
    assert (result.exit_code, account.names) == (1, [])
    assert "error[no-segments]" in result.stderr


# ── exit codes ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("held", "plain", "detailed"),
    [((), 2, 2), (("A", "B"), 0, 0), (("A", "other"), 2, 3), (("other",), 2, 3)],
    ids=["to create", "nothing", "differs", "to create, and differs"],
)
def test_a_plan_tells_differing_from_creating_on_request(
    held: tuple[str, ...], plain: int, detailed: int, account: Account
) -> None:
    wheres = {"A": "rating > 1", "B": "rating > 2"}
    for name, where in {"A": wheres["A"], "B": wheres["B"], "other": "rating > 9"}.items():
        if name in held:
            account.holds("B" if name == "other" else name, where)
    config = account.file(*(segment(name, where) for name, where in wheres.items()))
    assert account.run("plan", config).exit_code == plain
    assert account.run("plan", config, "--detailed-exitcode").exit_code == detailed
    dry = account.run("push", config, "--dry-run", "--detailed-exitcode")
    assert dry.exit_code == detailed
    assert dry.stdout.endswith("exit code 3: 1 segment differing in the account" + CHANGE) is (detailed == 3)


def test_a_push_that_leaves_only_differences_says_so_on_request(account: Account) -> None:
    account.holds("B", "rating > 9")
    config = account.file(segment("A", "rating > 1"), segment("B", "rating > 2"))
    result = account.run("push", config, "--yes", "--detailed-exitcode")
    assert (result.exit_code, account.names) == (3, ["B", "A"])
    assert result.stdout.endswith("exit code 3: 1 segment differing in the account" + CHANGE)
    assert account.run("push", config, "--yes").stdout.endswith(
        "exit code 1: 1 segment differing in the account" + CHANGE
    )
    told = account.run("push", config, "--yes", "--json")
    assert told.exit_code == 1
    assert told.stderr == "exit code 1: 1 segment differing in the account" + CHANGE
    json.loads(told.stdout)


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_as_markdown(account: Account) -> None:
    account.holds("Same", "rating > 1")
    other = account.holds("Big teams", "seats > 5", description="theirs")
    twice = [account.holds("Twice", "rating > 7") for _ in range(2)]
    account.holds("Strange `name`", "rating > 2")
    config = account.file(
        segment("Same", "rating > 1"),
        segment("New", 'plan == "pro"'),
        segment("Big teams", "seats > 10", 'description = "ours"'),
        segment("Twice", "rating > 7"),
    )
    result = account.run("plan", config, "--format", "markdown")
    assert result.exit_code == 2
    assert result.stdout == (
        "### Segments: 1 to create, 2 unchanged, 1 differing, 1 unmanaged, 1 there twice\n\n"
        '**create** `New`\n\n```\nplan == "pro"\n```\n\n'
        f"**differs** `Big teams` (id `{other}`); the API cannot update a segment\n\n"
        "```diff\n- seats > 5\n+ seats > 10\n- description: theirs\n+ description: ours\n```\n\n"
        f"**duplicate** `Twice` (ids `{twice[0]}`, `{twice[1]}`); they are equal, one is enough\n\n"
        "**unchanged**\n\n- `Same`\n- `Twice`\n\n"
        "**unmanaged**\n\n- `` Strange `name` ``\n"
    )


def test_markdown_fits_into_a_comment(account: Account) -> None:
    config = account.file(*(segment(f"Segment {number}", f'p{number} == "{"x" * 900}"') for number in range(100)))
    shown = account.run("plan", config, "--format", "markdown").stdout
    assert len(shown) < 65_536
    assert shown.count("**create**") == 63
    assert shown.endswith("\n\n37 more entries are not shown here; `segdsl plan` shows all.\n")


def test_nothing_of_a_server_acts_on_markdown(account: Account) -> None:
    account.holds("\x1b[31m```\n# title\n[x](y)", "rating > 2")
    account.holds("A", 'plan == "```"')
    shown = account.run("plan", account.file(segment("A", "rating > 1")), "--format", "markdown").stdout
    assert r"- ````\u001b[31m```\n# title\n[x](y)````" in shown
    assert '````diff\n+ rating > 1\n- plan == "```"\n````' in shown


def test_no_name_id_or_note_of_a_server_acts_on_markdown(tmp_path: Path) -> None:
    marked = "*x* @you [l](u) <b>"
    filters = segdsl.compile("rating > 1").to_dict()
    with FaultServer() as server:
        account = FaultAccount(server, tmp_path)
        server.add("A", {"rules": []}, id=marked)
        server.add(marked.upper(), filters)
        shown = account.run("plan", account.file(segment("A", "rating > 2"), segment(marked, "rating > 1")), *MARKDOWN)
    assert f"(id `{marked}`)" in shown.stdout
    in_code = re.sub(r"(`+).*?[^`]\1(?!`)", "", shown.stdout, flags=re.DOTALL)
    assert not set("*@[<") & set(in_code.replace("**", ""))


def test_a_config_on_a_terminal_leaves_nobody_to_ask(account: Account) -> None:
    terminal = Terminal(account.environment, "push", "-")
    code, shown = terminal.finish()
    assert code == 2
    assert "stdin is the config, so nobody can be asked; --yes creates segments without asking" in shown

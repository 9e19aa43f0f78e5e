"""`segdsl fmt`: expressions tidied in place, and not a byte else."""

import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from segdsl.config.model import Config

from .command_line import run

UNTIDY = """# our segments
[define]
engaged = "conversationCount>=5 AND lastSeen within 7d"   # used below

[[segment]]
where = '''
  plan=="pro"   # pays
  and @engaged
'''
name = 'A'  # keep

[[segment]]
name = "B"
where = 'plan in ["a" ,"b"]'
split = true
"""
TIDY = """# our segments
[define]
engaged = "conversationCount >= 5 and lastSeen within 7d"   # used below

[[segment]]
where = '''
  plan == "pro"  # pays
  and @engaged
'''
name = 'A'  # keep

[[segment]]
name = "B"
where = 'plan in ["a", "b"]'
split = true
"""
BROKEN = '[[segment]]\nname = "C"\nwhere = "a>"\n\n[[segment]]\nname = "D"\nwhere = "b==1"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text(UNTIDY)
    (tmp_path / "tidy.toml").write_text(TIDY)
    (tmp_path / "broken.toml").write_text(BROKEN)
    return tmp_path


def test_where_and_definitions_are_rewritten_and_nothing_else(folder: Path) -> None:
    result = run("fmt", "a.toml", "tidy.toml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "rewrote a.toml\n1 file changed, 1 file tidy\n"
    assert (folder / "a.toml").read_text() == TIDY
    assert run("fmt", "a.toml").stderr == "0 files changed, 1 file tidy\n"
    assert (folder / "a.toml").read_text() == TIDY


def test_check_writes_nothing_and_says_so(folder: Path) -> None:
    result = run("fmt", "--check", "a.toml", "tidy.toml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "would rewrite a.toml\n1 file would change, 1 file tidy\n"
    assert (folder / "a.toml").read_text() == UNTIDY
    assert run("fmt", "--check", "tidy.toml").exit_code == 0


def test_diff_shows_what_would_change(folder: Path) -> None:
    result = run("fmt", "--diff", "a.toml", "tidy.toml")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:2] == ["--- a.toml", "+++ a.toml (formatted)"]
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        '-engaged = "conversationCount>=5 AND lastSeen within 7d"   # used below',
        '+engaged = "conversationCount >= 5 and lastSeen within 7d"   # used below',
        '-  plan=="pro"   # pays',
        '+  plan == "pro"  # pays',
        '-where = \'plan in ["a" ,"b"]\'',
        '+where = \'plan in ["a", "b"]\'',
    ]
    assert (folder / "a.toml").read_text() == UNTIDY
    assert run("fmt", "--diff", "--check", "a.toml").exit_code == 1


def test_a_file_that_does_not_parse_is_left_and_the_others_are_formatted(folder: Path) -> None:
    (folder / "no.toml").write_text("[[segment]\n")
    result = run("fmt", "broken.toml", "no.toml", "nowhere.toml", "a.toml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert '--> broken.toml:3:12 (segment "C")' in result.stderr
    assert "--> no.toml:1:" in result.stderr
    assert result.stderr.startswith("rewrote a.toml\n")
    assert result.stderr.endswith("\n\n3 errors\n1 file changed, 0 files tidy\n")
    assert (folder / "broken.toml").read_text() == BROKEN
    assert (folder / "a.toml").read_text() == TIDY


def test_a_comment_inside_a_comparison_goes_before_it(folder: Path) -> None:
    text = "[[segment]]\nname = \"A\"\nwhere = '''\na # in\n==1\n'''\n\n[[segment]]\nname = \"B\"\nwhere = \"b==1\"\n"
    (folder / "b.toml").write_text(text)
    result = run("fmt", "b.toml")
    assert result.exit_code == 0
    assert result.stderr.startswith("rewrote b.toml\n")
    tidy = text.replace("b==1", "b == 1").replace("a # in\n==1", "# in\na == 1")
    assert (folder / "b.toml").read_text() == tidy


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_stay(folder: Path, newline: str, mark: str) -> None:
    file = folder / "a.toml"
    file.write_bytes((mark + UNTIDY.replace("\n", newline)).encode())
    assert run("fmt", "a.toml").exit_code == 0
    assert file.read_bytes() == (mark + TIDY.replace("\n", newline)).encode()


def test_yaml_and_json(folder: Path) -> None:
    (folder / "a.yaml").write_text("segment:\n- name: A # keep\n  where: |\n    a==1\n    # so\n    and b\n")
    (folder / "a.json").write_text('{"segment": [{"name":"A","where":"a==\\"x\\""}]}')
    assert run("fmt", "a.yaml", "a.json").exit_code == 0
    assert (folder / "a.yaml").read_text() == (
        "segment:\n- name: A # keep\n  where: |\n    a == 1\n    # so\n    and b\n"
    )
    assert (folder / "a.json").read_text() == '{"segment": [{"name":"A","where":"a == \\"x\\""}]}'


def test_permissions_and_links_stay(folder: Path) -> None:
    file, link = folder / "a.toml", folder / "link.toml"
    file.chmod(0o640)
    link.symlink_to(file)
    assert run("fmt", "link.toml").exit_code == 0
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert file.read_text() == TIDY
    assert sorted(os.listdir(folder)) == ["a.toml", "broken.toml", "link.toml", "tidy.toml"]


@pytest.mark.parametrize("mode", [0o444, 0o555, 0o000])
def test_a_read_only_file_is_refused_and_the_others_are_written(folder: Path, mode: int) -> None:
    (folder / "b.toml").write_text(UNTIDY)
    (folder / "a.toml").chmod(mode)
    result = run("fmt", "a.toml", "b.toml")
    assert result.exit_code == 1
    assert result.stderr.startswith("rewrote b.toml\n")
    (folder / "a.toml").chmod(0o600)
    assert (folder / "a.toml").read_text() == UNTIDY
    assert (folder / "b.toml").read_text() == TIDY
    assert not [name for name in os.listdir(folder) if name.startswith(".")]


def test_a_read_only_file_says_so(folder: Path) -> None:
    (folder / "a.toml").chmod(0o444)
    assert run("fmt", "a.toml").stderr == "Error: a.toml: cannot be written: the file is read-only\n"


@pytest.mark.parametrize("command", ["fmt", "check", "test"])
def test_a_pipe_is_refused_at_once(folder: Path, command: str) -> None:
    os.mkfifo(folder / "pipe.toml")
    result = run(command, "pipe.toml")
    assert result.exit_code == 1
    assert "this is not a plain file" in result.output


def test_a_file_that_was_saved_meanwhile_is_left_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = UNTIDY + "# saved\n"
    module = sys.modules["segdsl.cli.fmt"]
    formatted_config = module.formatted_config

    def save_first(config: Config) -> Any:
        (folder / "a.toml").write_text(saved)
        return formatted_config(config)

    monkeypatch.setattr(module, "formatted_config", save_first)
    result = run("fmt", "a.toml", "tidy.toml")
    assert (result.exit_code, (folder / "a.toml").read_text()) == (1, saved)
    assert result.stderr.startswith("Error: a.toml: has changed since it was read, and is left as it is: ")


def test_each_file_is_written_before_the_next_one_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["segdsl.cli.fmt"]
    read_file, seen = module.read_file, []

    def look(name: str) -> Any:
        seen.append((folder / "a.toml").read_text() == TIDY)
        return read_file(name)

    monkeypatch.setattr(module, "read_file", look)
    assert run("fmt", "a.toml", "tidy.toml").exit_code == 0
    assert seen == [False, True]


@pytest.mark.parametrize("name", ["segments.toml", "segments-eu.YAML", "segments_2.json"])
def test_a_folder_means_its_segments_files(folder: Path, name: str) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "other.toml").write_text(UNTIDY)
    (folder / "sub" / name).write_text({"l": UNTIDY, "L": "segment: []\n", "n": "{}"}[name[-1]])
    assert run("fmt", "--check", "sub").stderr.endswith("1 file would change, 0 files tidy\n") is name.endswith("toml")
    assert run("check", "sub").exit_code == 0


def test_a_folder_without_segments_files_says_so(folder: Path) -> None:
    (folder / "sub").mkdir()
    for command in ("fmt", "check", "test"):
        result = run(command, "sub")
        assert result.exit_code == 1
        assert result.stderr == (
            "Error: sub: this folder holds no file segments* that ends in .toml, .yaml, .yml, .json;"
            " 'sub/**/segments*' looks in the folders below it, too\n"
        )


def test_a_folder_says_which_files_below_it_are_not_read(folder: Path) -> None:
    for below in ("", "crm", "crm/eu", ".git", "node_modules/x", "crm/.venv"):
        (folder / below).mkdir(parents=True, exist_ok=True)
        (folder / below / "segments.toml").write_text(TIDY)
    (folder / "crm" / "segments.txt").write_text("no config")
    (folder / "crm" / "again").symlink_to(folder)
    note = "2 more files in folders below . are not read: '**/segments*' reads them, too\n"
    assert run("fmt", "--check", ".").stderr.startswith(note)
    assert run("test", ".").stderr == note
    assert run("check", ".").stderr == note
    for files in (["crm"], [".", "crm"]):
        name, pattern = files[0], "**/segments*" if files[0] == "." else "crm/**/segments*"
        note = f"1 more file in folders below {name} is not read: '{pattern}' reads it, too\n"
        assert run("test", *files).stderr.startswith(note)
    assert run("test", "crm/eu").stderr == ""
    (folder / "crm" / "again").unlink()
    assert run("test", ".", "**/segments*").stderr.count("not read") == 0


def test_the_search_below_a_folder_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segdsl.cli.files.MAX_ENTRIES_BELOW", 60)
    (folder / "segments.toml").write_text(TIDY)
    for number in range(100):
        (folder / "many" / str(number)).mkdir(parents=True)
        (folder / "many" / str(number) / "segments.toml").write_text(TIDY)
    listed: list[str] = []
    scandir = os.scandir

    def counting(path: str) -> Any:
        listed.append(path)
        return scandir(path)

    monkeypatch.setattr("os.scandir", counting)
    run("test", ".")
    assert 1 <= len(listed) <= 2


# ── stdin ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("seats>10 AND isAdmin\n", "seats > 10 and isAdmin\n"),
        ("a # one\nand b", "a  # one\nand b\n"),
        ("seats > 10", "seats > 10\n"),
        ("a # in\n == 1\n", "# in\na == 1\n"),
    ],
)
def test_a_dash_formats_one_expression(text: str, tidy: str) -> None:
    result = run("fmt", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (0, tidy)


def test_a_dash_with_check_and_diff() -> None:
    assert run("fmt", "--check", "-", stdin="a==1\n").exit_code == 1
    assert run("fmt", "--check", "-", stdin="a == 1\n").exit_code == 0
    assert run("fmt", "--diff", "-", stdin="a==1\n").stdout.endswith("\n-a==1\n+a == 1\n")


def test_a_dash_that_does_not_parse() -> None:
    result = run("fmt", "-", stdin="a >")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error[unexpected-end]: ")


def test_misuse() -> None:
    assert run("fmt").exit_code == 2
    assert "can be the only FILE" in run("fmt", "-", "a.toml").stderr
    assert run("fmt", "*.yml").stderr == "Error: no file matches *.yml\n"


@pytest.mark.parametrize("options", [["--format", "toml"], ["--stdin-filename", "x/segments.toml"]])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_config_on_stdin_goes_to_stdout(options: list[str], mark: str, newline: str) -> None:
    untidy, tidy = ((mark + text.replace("\n", newline)).encode() for text in (UNTIDY, TIDY))
    result = run("fmt", "-", *options, stdin=untidy)
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, tidy, "")
    assert run("fmt", "-", "--check", *options, stdin=untidy).exit_code == 1
    assert run("fmt", "-", "--check", *options, stdin=tidy).exit_code == 0


def test_a_config_on_stdin_in_other_formats() -> None:
    result = run("fmt", "-", "--format", "yaml", stdin="segment:\n- {name: A, where: a==1}\n")
    assert result.stdout == "segment:\n- {name: A, where: a == 1}\n"
    assert run("fmt", "-", "--format", "json", stdin='{"define":{"a":"b==1"}}').stdout == '{"define":{"a":"b == 1"}}'


def test_a_config_on_stdin_that_does_not_parse() -> None:
    result = run("fmt", "-", "--stdin-filename", "s.toml", stdin=BROKEN)
    assert (result.exit_code, result.stdout) == (1, "")
    assert '--> s.toml:3:12 (segment "C")' in result.stderr
    assert "format of this file is unknown" in run("fmt", "-", "--stdin-filename", "s.txt", stdin=BROKEN).stderr

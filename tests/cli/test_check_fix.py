"""`segdsl check --fix` makes safe fixes in place, changes nothing else, and reports the remaining problems."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from segdsl.config import fixes as fixing
from segdsl.config.check import check_files
from segdsl.config.fixes import fix_files
from segdsl.diagnostics import Diagnostic, Edit, Fix
from segdsl.limits import MAX_FIX_ROUNDS
from segdsl.source import Span
from tests.cli.command_line import run

BROKEN = {
    "a.toml": '''# é😀 ours
[properties]
seats = "int" # typed
plan = "strin"

[[segment]]
nme = 'A'
"wher" = """
plan == "pro"  # paying \\
  and seats > 5"""
''',
    "a.yaml": "# é😀 ours\nproperties: {plan: strng}\nsegment:\n- nme: on\n  wher: plan == 'pro' # pays\n",
    "a.json": '{"properties": {"plan": "strng"},\n "segment": [{"nme":"A", "wher":"plan == \\"pro\\""}]}',
}
FIXED = {
    "a.toml": '''# é😀 ours
[properties]
seats = "int" # typed
plan = "string"

[[segment]]
name = 'A'
"where" = """
plan == "pro"  # paying
  and seats > 5"""
'''.replace("paying\n", "paying \n"),
    "a.yaml": "# é😀 ours\nproperties: {plan: string}\nsegment:\n- name: 'on'\n  where: plan == 'pro' # pays\n",
    "a.json": '{"properties": {"plan": "string"},\n "segment": [{"name":"A", "where":"plan == \\"pro\\""}]}',
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_all_is_fixed_and_nothing_else_changes(folder: Path, name: str, mark: str, newline: str) -> None:
    before, after = ((mark + text[name].replace("\n", newline)).encode() for text in (BROKEN, FIXED))
    (folder / name).write_bytes(before)
    result = run("check", name, "--fix")
    assert (folder / name).read_bytes() == after
    assert (result.exit_code, result.stdout) == (0, "1 segment in 1 file: no problems\n")
    number = {"a.yaml": 4, "a.json": 3}[name]
    assert result.stderr.endswith(f"\n{number} fixes in 1 file\n")
    assert len(result.stderr.splitlines()) == number + 1
    again = run("check", name, "--fix")
    assert (again.exit_code, again.stderr, (folder / name).read_bytes()) == (0, "0 fixes in 0 files\n", after)


def test_the_remaining_problems_are_reported(folder: Path) -> None:
    (folder / "a.toml").write_text(BROKEN["a.toml"])
    result = run("check", "a.toml", "--fix")
    assert (folder / "a.toml").read_text() == FIXED["a.toml"]
    assert result.exit_code == 1
    assert result.stdout.endswith("\n\n1 error\n")
    assert "`seats` must be declared as" in result.stdout
    assert result.stderr.splitlines() == [
        "fixed a.toml:4:8: write `string` [wrong-value]",
        "fixed a.toml:7:1: write `name` [unknown-key]",
        "fixed a.toml:8:1: write `where` [unknown-key]",
        "fixed a.toml:9:16: leave out the backslash at the end of the line [hiding-comment]",
        "4 fixes in 1 file",
    ]


def test_without_fix_nothing_is_written_and_fixes_are_counted(folder: Path) -> None:
    (folder / "a.yaml").write_text(BROKEN["a.yaml"] + "  icno: x\n  descriptoins: y\n")
    result = run("check", "a.yaml")
    assert result.stderr == "fixable: 4 with `--fix`, 1 with `--unsafe-fixes`\n"
    assert run("check", "a.yaml", "--format", "json").stderr == ""
    assert (folder / "a.yaml").read_text().startswith(BROKEN["a.yaml"])


def test_unsafe_fixes_are_made_when_asked_for(folder: Path) -> None:
    text = '[[segment]]\nname = "A"\nwhere = "rating > 3"\ndescriptoins = "y"\n'
    (folder / "a.toml").write_text(text)
    result = run("check", "a.toml", "--fix")
    assert (result.exit_code, (folder / "a.toml").read_text()) == (1, text)
    assert result.stderr == "0 fixes in 0 files\nfixable: 1 with `--unsafe-fixes`\n"
    assert run("check", "a.toml", "--unsafe-fixes").exit_code == 0
    assert (folder / "a.toml").read_text() == text.replace("descriptoins", "description")


def test_a_fix_that_would_make_a_key_stand_twice_is_not_made(folder: Path) -> None:
    text = '[[segment]]\nnme = "A"\nnam = "B"\nwhere = "rating > 3"\n'
    (folder / "a.toml").write_text(text)
    result = run("check", "a.toml", "--fix")
    assert result.exit_code == 1
    assert (folder / "a.toml").read_text() == text.replace("nme", "name")
    assert result.stdout.count("error[unknown-key]") == 1
    assert "did you mean `name`?" in result.stdout


def test_the_header_of_a_table_is_not_renamed_alone(folder: Path) -> None:
    text = '[[segmnt]]\nname = "A"\n[[segmnt]]\nname = "B"\n'
    (folder / "a.toml").write_text(text)
    assert "did you mean `segment`?" in run("check", "a.toml", "--fix").stdout
    assert (folder / "a.toml").read_text() == text


def test_an_included_file_is_fixed_only_when_it_is_named(folder: Path) -> None:
    common = '[properties]\nplan = "strng"\n'
    (folder / "common.toml").write_text(common)
    (folder / "a.toml").write_text('include = ["common.toml"]\n[[segment]]\nname = "A"\nwhere = "rating > 3"\n')
    assert run("check", "a.toml", "--fix").exit_code == 1
    assert (folder / "common.toml").read_text() == common
    assert run("check", "a.toml", "common.toml", "--fix").exit_code == 0
    assert (folder / "common.toml").read_text() == common.replace("strng", "string")


def test_a_file_that_cannot_be_written_is_an_error(folder: Path) -> None:
    (folder / "a.yaml").write_text(BROKEN["a.yaml"])
    (folder / "a.yaml").chmod(0o444)
    assert run("check", "a.yaml", "--fix").stderr == "Error: a.yaml: the file is read-only\n"


def test_stdin_cannot_be_fixed() -> None:
    assert run("check", "-", "--fix", stdin="").exit_code == 2


def test_fixes_in_json_are_edits_of_the_file(folder: Path) -> None:
    (folder / "a.toml").write_text(BROKEN["a.toml"])
    report = json.loads(run("check", "a.toml", "--format", "json").stdout)
    text = BROKEN["a.toml"]
    for problem in report["diagnostics"]:
        for fix in problem["fixes"]:
            for edit in reversed(fix["edits"]):
                text = text[: edit["start"]] + edit["text"] + text[edit["end"] :]
            break
    assert "wher" in text
    assert report["diagnostics"][0]["fixes"] == []
    assert report["diagnostics"][1]["fixes"][0]["title"] == "write `string`"


# ── fixes of what a text means ─────────────────────────────────────────────────────────────────────────────────────

SLIPS = {
    "a.toml": """# é😀 ours
[properties]
plan = ["free", "pro"] # all of them

[[segment]]
name = 'A'
where = "CQI > 50 and plan == 'Pro' # paying"
[[segment]]
name = 'B'
where = '''
  lastSeen < "7d"
  and sentimnt < 0.3'''
""",
    "a.yaml": "# é😀 ours\nproperties: {plan: [free, pro]}\nsegment:\n"
    "- name: A\n  where: plan == 'Pro' and CQI > 50 # pays\n"
    "- {name: B, where: 'sentimnt < 0.3 and lastSeen < \"7d\"'}\n",
    "a.json": '{"properties": {"plan": ["free", "pro"]},\n "segment": [{"name":"A",'
    ' "where":"plan == \\"Pro\\" and CQI > 50"}'
    ',{"name":"B", "where":"sentimnt < 0.3 and lastSeen < \\u00227d\\""}]}',
}
MENDED = {
    "a.toml": SLIPS["a.toml"]
    .replace("CQI", "cqi")
    .replace("== 'Pro'", '== \\"pro\\"')
    .replace('lastSeen < "7d"', "lastSeen within 7d")
    .replace("sentimnt", "sentiment"),
    "a.yaml": SLIPS["a.yaml"]
    .replace("CQI", "cqi")
    .replace("== 'Pro'", '== "pro"')
    .replace('lastSeen < "7d"', "lastSeen within 7d")
    .replace("sentimnt", "sentiment"),
    "a.json": SLIPS["a.json"]
    .replace("CQI", "cqi")
    .replace("Pro", "pro")
    .replace('lastSeen < \\u00227d\\"', "lastSeen within 7d")
    .replace("sentimnt", "sentiment"),
}


@pytest.mark.parametrize("name", SLIPS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_slips_in_expressions_are_mended_where_they_stand(folder: Path, name: str, newline: str) -> None:
    (folder / name).write_bytes(SLIPS[name].replace("\n", newline).encode())
    result = run("check", name, "--unsafe-fixes")
    assert (folder / name).read_bytes().decode() == MENDED[name].replace("\n", newline)
    assert (result.exit_code, result.stdout) == (0, "2 segments in 1 file: no problems\n")
    assert result.stderr.endswith("\n4 fixes in 1 file\n")
    assert run("check", name, "--unsafe-fixes").stderr == "0 fixes in 0 files\n"


def test_only_safe_slips_are_mended_unless_asked(folder: Path) -> None:
    (folder / "a.toml").write_text(SLIPS["a.toml"])
    result = run("check", "a.toml", "--fix")
    assert result.exit_code == 1
    assert "CQI" not in (folder / "a.toml").read_text()
    assert 'lastSeen < "7d"' in (folder / "a.toml").read_text()
    assert result.stderr.endswith("\nfixable: 1 with `--unsafe-fixes`\n")


# ── rounds ─────────────────────────────────────────────────────────────────────────────────────────────────────────

Fixes = Callable[[str], list[tuple[int, int, str]]]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Callable[[Fixes], None]:
    """Lets the check of a file offer other fixes: of its text, as offsets and new text."""

    def offer(fixes: Fixes) -> None:
        def check(names: tuple[str, ...], data: dict[str, bytes]) -> object:
            configs, _ = check_files(names, data)
            source = configs[0].source
            problems = [
                Diagnostic(
                    "bad-name", str(at), Span(*at), source, fixes=(Fix("x", (Edit(Span(*at), new),), safe=True),)
                )
                for *at, new in fixes(source.text)
            ]
            return configs, tuple(problems)

        monkeypatch.setattr(fixing, "check_files", check)

    (folder / "a.json").write_text('{"a": "xyz"}')
    return offer


def test_fixes_that_overlap_or_touch_take_turns(offered: Callable[[Fixes], None]) -> None:
    offered(lambda text: [(7, 8, "1"), (8, 9, "2")] if "x" in text else [(8, 9, "3")] if "y" in text else [])
    fixed = fix_files(("a.json",), unsafe=False)
    assert fixed.changed == {"a.json": (b'{"a": "xyz"}', b'{"a": "13z"}')}
    assert len(fixed.applied) == 2


def test_a_fix_that_makes_a_file_unreadable_is_left_out(offered: Callable[[Fixes], None]) -> None:
    offered(lambda text: [(0, 1, "["), (7, 8, "1")] if "x" in text else [(0, 1, "[")])
    assert fix_files(("a.json",), unsafe=False).changed == {"a.json": (b'{"a": "xyz"}', b'{"a": "1yz"}')}


def test_fixes_without_an_end_are_stopped(offered: Callable[[Fixes], None]) -> None:
    offered(lambda _text: [(7, 7, "x")])
    fixed = fix_files(("a.json",), unsafe=False)
    assert len(fixed.applied) == MAX_FIX_ROUNDS
    assert fixed.changed["a.json"][1] == b'{"a": "' + b"x" * MAX_FIX_ROUNDS + b'xyz"}'

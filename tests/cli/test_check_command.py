"""`segdsl check`."""

import json
from pathlib import Path

import pytest

from .command_line import run

GOOD = '[[segment]]\nname = "Good"\nwhere = "rating > 3"\n'
BAD = """
[[segment]]
name = "Bad"
where = "sentiment > 'high'"
icn = "Star"

[[segment]]
name = "Worse"
where = "a >"
""".lstrip()
ODD = '[[segment]]\nname = "Odd"\nwhere = "rating > 1 and rating > 2"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {"good.toml": GOOD, "bad.toml": BAD, "odd.toml": ODD}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.usefixtures("folder")
class TestCheck:
    def test_nothing_wrong(self) -> None:
        result = run("check", "good.toml")
        assert (result.exit_code, result.stdout, result.stderr) == (0, "1 segment in 1 file: no problems\n", "")

    def test_every_problem_of_every_file_in_order(self) -> None:
        result = run("check", "odd.toml", "bad.toml", "good.toml")
        assert result.exit_code == 1
        assert [line for line in result.stdout.splitlines() if "-->" in line] == [
            '  --> odd.toml:3:10 (segment "Odd")',
            '  --> bad.toml:3:22 (segment "Bad")',
            '  --> bad.toml:4:1 (segment "Bad")',
            '  --> bad.toml:8:13 (segment "Worse")',
        ]
        assert result.stdout.endswith("\n\n3 errors, 1 warning\n")
        assert result.stderr == "fixable: 1 with `--fix`\n"

    def test_warnings_alone_are_success(self) -> None:
        result = run("check", "odd.toml")
        assert result.exit_code == 0
        assert result.stdout.endswith("\n\n1 warning\n")

    def test_names_must_be_unique_across_files(self, folder: Path) -> None:
        (folder / "more.toml").write_text(GOOD)
        result = run("check", "good.toml", "more.toml")
        assert result.exit_code == 1
        assert result.stdout.startswith("error[duplicate-name]: ")
        assert "--> more.toml:2:8" in result.stdout

    def test_a_file_given_twice_is_one(self, folder: Path) -> None:
        assert run("check", "good.toml", "./good.toml", folder / "good.toml").exit_code == 0

    def test_wildcards_that_the_shell_left(self) -> None:
        assert run("check", "*d.toml").stdout == run("check", "bad.toml", "good.toml", "odd.toml").stdout
        none = run("check", "*.yaml")
        assert (none.exit_code, none.stdout, none.stderr) == (1, "", "Error: no file matches *.yaml\n")

    def test_a_file_whose_name_has_a_wildcard(self, folder: Path) -> None:
        (folder / "[x].toml").write_text(GOOD)
        assert run("check", "[x].toml").stdout == "1 segment in 1 file: no problems\n"

    def test_a_pattern_means_configs_only(self, folder: Path) -> None:
        (folder / "below" / "segments").mkdir(parents=True)
        (folder / "below" / "segments.toml").write_text(GOOD)
        (folder / "segments.md").write_text("no config")
        result = run("check", "**/segments*")
        assert (result.exit_code, result.stderr) == (0, "")
        assert "in 1 file: " in result.stdout
        assert run("check", "*.md").stderr == "Error: no file matches *.md\n"

    @pytest.mark.parametrize("text", ['plan is "pro"', "plan is pro", "rating>3", 'plan in ["a", "b"]', "@engaged"])
    def test_an_expression_is_no_file(self, text: str) -> None:
        result = run("check", text)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            f"Error: there is no file {text}: this command takes files;"
            " for an expression there are `segdsl compile` and `segdsl explain`\n"
        )

    def test_folders_and_missing_files_are_problems_among_others(self, folder: Path) -> None:
        (folder / "sub.toml").mkdir()
        result = run("check", "sub*", "nowhere.toml", "good.toml")
        assert result.exit_code == 1
        assert "this is a folder, not a file" in result.stdout
        assert "there is no such file" in result.stdout
        assert result.stdout.endswith("\n\n2 errors\n")

    def test_a_config_on_stdin(self, folder: Path) -> None:
        result = run("check", "-", stdin=BAD)
        assert (result.exit_code, result.stdout.count("  --> stdin.toml:")) == (1, 3)
        (folder / "common.json").write_text('{"define": {"a": "rating > 3"}}')
        text = "include: [../common.json]\nsegment:\n- {name: A, where: '@a'}\n"
        (folder / ".git").mkdir()
        result = run("check", "-", "good.toml", "--stdin-filename", "sub/segments.yaml", stdin=text)
        assert (result.exit_code, result.stdout) == (0, "2 segments in 2 files: no problems\n")
        result = run("check", "-", "good.toml", "--format", "json", stdin=b"\xef\xbb\xbf" + GOOD.encode())
        assert [(one["code"], one["source"]) for one in json.loads(result.stdout)["diagnostics"]] == [
            ("duplicate-name", "good.toml")
        ]

    def test_a_config_on_stdin_that_is_too_large_or_no_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "not UTF-8" in run("check", "-", stdin=b"\xff").stdout
        monkeypatch.setattr("segdsl.cli.files.MAX_CONFIG_BYTES", len(GOOD) - 1)
        assert run("check", "-", stdin=GOOD).stderr == (
            f"Error: stdin: larger than a config can be ({len(GOOD) - 1} bytes)\n"
        )

    def test_json(self) -> None:
        result = run("check", "bad.toml", "odd.toml", "--format", "json")
        report = json.loads(result.stdout)
        assert result.exit_code == 1
        assert report["summary"] == {"errors": 3, "warnings": 1}
        assert [(one["source"], one["line"]) for one in report["diagnostics"]] == [
            ("bad.toml", 3),
            ("bad.toml", 4),
            ("bad.toml", 8),
            ("odd.toml", 3),
        ]

    def test_github(self) -> None:
        lines = run("check", "odd.toml", "bad.toml", "--format", "github").stdout.splitlines()
        assert [line.partition(" ")[0] for line in lines] == ["::error"] * 3 + ["::warning"]

    def test_sarif_names_the_version(self) -> None:
        log = json.loads(run("check", "good.toml", "--format", "sarif").stdout)
        assert log["runs"][0]["tool"]["driver"]["version"]
        assert log["runs"][0]["results"] == []

    def test_sarif_has_every_error_of_an_expression_in_its_place(self, folder: Path) -> None:
        text = '[[segment]]\nname = "A"\nwhere = "plan = free and seats => \\"5\\" and x y"\n'
        (folder / "several.toml").write_text(text)
        results = json.loads(run("check", "several.toml", "--format", "sarif").stdout)["runs"][0]["results"]
        regions = [result["locations"][0]["physicalLocation"]["region"] for result in results]
        assert [text[region["charOffset"] :][: region["charLength"]] for region in regions] == ["free", "=>", "y"]
        assert {region["startLine"] for region in regions} == {3}
        inserted = [
            result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"]
            for result in results
            if "fixes" in result
        ]
        assert inserted == ['\\"free\\"', ">="]

    def test_yaml_and_json_of_the_same_shape(self, folder: Path) -> None:
        segment = {"segment": [{"name": "J", "where": "rating > 3"}]}
        (folder / "a.json").write_text(json.dumps(segment))
        (folder / "a.yaml").write_text("segment:\n  - name: Y\n    where: rating > 3\n")
        assert run("check", "a.json", "a.yaml").stdout == "2 segments in 2 files: no problems\n"


def test_no_file_is_misuse() -> None:
    assert run("check").exit_code == 2
    assert run("check", "a.toml", "--format", "xml").exit_code == 2

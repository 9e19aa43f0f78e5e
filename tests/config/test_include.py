"""`include`: what it brings and from where; each problem is reported once, at its place."""

import json
from pathlib import Path

import pytest

from segdsl.config.check import check_files
from segdsl.config.document import FormatName
from segdsl.config.fixes import fix_files
from segdsl.config.load import load, loads, read_file
from segdsl.config.model import Config
from segdsl.limits import MAX_INCLUDED_FILES
from segdsl.sql import Mapping
from tests.diagnosed import underlined

USER = '[[segment]]\nname = "A"\nwhere = "@engaged and plan == \'pro\'"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        file = folder / name.replace("__", "/").replace("_", ".")
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text)


def loaded(name: str) -> Config:
    config, problems = load(name)
    assert problems == ()
    assert config is not None
    return config


COMMON: dict[FormatName, str] = {
    "toml": '[properties]\nplan = ["pro"]\n[define]\nengaged = "seats > "\n',
    "yaml": "properties:\n  plan: [pro]\ndefine:\n  engaged: seats > \n".replace("> ", ">"),
    "json": json.dumps({"properties": {"plan": ["pro"]}, "define": {"engaged": "seats >"}}),
}
INCLUDING: dict[FormatName, str] = {
    "toml": "include = [{}]\n" + USER,
    "yaml": "include: [{}]\nsegment:\n- name: A\n  where: \"@engaged and plan == 'pro'\"\n",
    "json": '{{"include": [{}], "segment": [{{"name": "A", "where": "@engaged and plan == \'pro\'"}}]}}',
}


@pytest.mark.parametrize("outer", list(INCLUDING))
@pytest.mark.parametrize("inner", list(COMMON))
def test_a_problem_of_an_included_file_is_reported_in_it(folder: Path, outer: FormatName, inner: FormatName) -> None:
    (folder / f"a.{outer}").write_text(INCLUDING[outer].format(f'"sub/common.{inner}"'))
    (folder / "sub").mkdir()
    (folder / "sub" / f"common.{inner}").write_text(COMMON[inner])
    _, problems = check_files([f"a.{outer}"])
    undeclared_and_unfinished = [problem for problem in problems if problem.source_name == f"sub/common.{inner}"]
    assert [(problem.code, problem.context) for problem in undeclared_and_unfinished] == [
        ("unexpected-end", "definition @engaged")
    ]
    (problem,) = problems
    text = problem.source.text
    assert text[: problem.span.start].rstrip().endswith(">")
    assert [underlined(note) for note in problem.notes] == ["@engaged"]
    assert [note.source.name for note in problem.notes] == [f"a.{outer}"]


def test_properties_and_definitions_come_from_files_and_from_their_files(folder: Path) -> None:
    write(
        folder,
        segments_toml='include = ["one.toml", "sub/two.yaml"]\n[define]\nown = "@engaged"\n' + USER,
        one_toml='include = ["three.json"]\n[properties]\nseats = "integer"\n',
        three_json='{"define": {"engaged": "seats > 3"}, "conversation_properties": {}}',
        sub__two_yaml="include: [../one.toml]\nproperties: {plan: [pro]}\n",
    )
    config = loaded("segments.toml")
    assert config.properties == {"seats": "integer", "plan": ("pro",)}
    assert config.conversation_properties == {}
    assert {name: text.value for name, text in config.definitions.items()} == {
        "own": "@engaged",
        "engaged": "seats > 3",
    }
    assert check_files(["segments.toml"])[1] == ()


def test_the_source_comes_from_a_file_with_its_users_beside_it(folder: Path) -> None:
    write(folder, a_toml='include = ["sub/b.toml"]\n', sub__b_toml='[source]\nfile = "users.csv"\nid = "n"\n')
    assert loaded("a.toml").mapping == Mapping(file="sub/users.csv", id="n")


def test_two_sources_are_a_conflict(folder: Path) -> None:
    write(folder, a_toml='include = ["b.toml"]\n[source]\nid = "n"\n', b_toml='[source]\nid = "m"\n')
    _, (problem,) = check_files(["a.toml"])
    assert (problem.code, problem.message) == ("duplicate-name", "`source` has another value in b.toml")
    assert [note.source.name for note in problem.notes] == ["b.toml"]


def test_segments_are_not_brought(folder: Path) -> None:
    write(folder, a_toml='include = ["b.toml"]\n', b_toml='[[segment]]\nname = "B"\nwhere = "rating > 1"\n')
    assert loaded("a.toml").segments == ()
    assert [config.name for config in check_files(["a.toml", "b.toml"])[0]] == ["a.toml", "b.toml"]


def test_a_file_alone_is_read_without_its_includes(folder: Path) -> None:
    write(folder, a_toml='include = ["nowhere.toml"]\n' + USER)
    config, problems = read_file("a.toml")
    assert problems == ()
    assert config is not None
    assert [text.value for text in config.include] == ["nowhere.toml"]


def test_a_text_includes_relative_to_its_name(folder: Path) -> None:
    write(folder, sub__common_toml='[define]\nengaged = "seats > 3"\n')
    config, problems = loads('include = ["common.toml"]\n', "sub/any.toml", "toml")
    assert problems == ()
    assert config is not None
    assert list(config.definitions) == ["engaged"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("nowhere.toml", "`nowhere.toml` cannot be included: there is no such file"),
        ("sub", "`sub` cannot be included: this is a folder, not a file"),
        (
            "notes.txt",
            "`notes.txt` cannot be included: the format of this file is unknown: "
            "its name should end in .toml, .yaml, .yml, .json",
        ),
        ("../other.toml", "`../other.toml` cannot be included: it stands outside the repository"),
        ("sub/link.toml", "`sub/link.toml` cannot be included: it stands outside the repository"),
        ("/etc/common.toml", "`/etc/common.toml` cannot be included: write a path relative to this file"),
        ("a\\u0000.toml", "`a\0.toml` cannot be included: "),
        ("a.toml", "this closes a circle: a.toml includes a.toml"),
        ("sub/../a.toml", "this closes a circle: a.toml includes a.toml"),
    ],
)
def test_a_file_that_cannot_be_included(
    folder: Path, monkeypatch: pytest.MonkeyPatch, entry: str, message: str
) -> None:
    (folder / "other.toml").write_text("")
    (folder / "here" / "sub").mkdir(parents=True)
    (folder / "here" / "sub" / "link.toml").symlink_to(folder / "other.toml")
    (folder / "here" / "notes.txt").write_text("")
    monkeypatch.chdir(folder / "here")
    Path("a.toml").write_text(f'include = ["{entry}"]\n{USER}')
    _, (problem,) = check_files(["a.toml"])
    assert (problem.code, underlined(problem)) == ("bad-include", f'"{entry}"')
    assert problem.message.startswith(message)


def test_the_repository_is_the_folder_with_git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, common_toml='[define]\nengaged = "seats > 3"\n', sub__a_toml='include = ["../common.toml"]\n' + USER)
    (folder / ".git").mkdir()
    assert loaded("sub/a.toml").complete
    monkeypatch.chdir(folder / "sub")
    assert loaded("a.toml").complete


def test_a_circle_shows_its_chain(folder: Path) -> None:
    write(
        folder,
        a_toml='include = ["b.yaml"]\n' + USER,
        b_yaml="include:\n- sub/c.json\ndefine:\n  engaged: seats > 3\n",
        sub__c_json='{"include": ["../b.yaml"]}',
    )
    _, (problem,) = check_files(["a.toml"])
    assert problem.code == "bad-include"
    assert problem.message == "this closes a circle: b.yaml includes sub/c.json includes b.yaml"
    assert (problem.source_name, underlined(problem)) == ("sub/c.json", '"../b.yaml"')


@pytest.mark.parametrize(
    ("own", "other", "told"),
    [
        ('[define]\nx = "a"\n', '[define]\nx = "b"\n', ('"a"', '"b"')),
        ('[properties]\nx = "string"\n', '[properties]\nx = ["a"]\n', ('"string"', '["a"]')),
        ('[conversation_properties]\nx = ["a"]\n', '[conversation_properties]\nx = ["b"]\n', ('["a"]', '["b"]')),
    ],
)
def test_two_values_of_one_name_name_both_places(folder: Path, own: str, other: str, told: tuple[str, str]) -> None:
    write(folder, a_toml='include = ["b.toml", "c.toml"]\n' + own, b_toml='include = ["c.toml"]\n', c_toml=other)
    _, (problem,) = check_files(["a.toml"])
    (note,) = problem.notes
    assert (problem.code, problem.message) == ("duplicate-name", "`x` has another value in c.toml")
    assert (problem.source_name, underlined(problem)) == ("a.toml", told[0])
    assert (note.source.name, underlined(note)) == ("c.toml", told[1])


def test_one_value_in_two_files_is_no_problem(folder: Path) -> None:
    text = '[define]\nx = "rating > 3"\n[properties]\ny = ["a"]\n'
    write(folder, a_toml='include = ["b.toml"]\n' + text, b_toml=text)
    assert check_files(["a.toml"])[1] == ()


def test_a_problem_that_several_files_include_is_reported_once(folder: Path) -> None:
    write(
        folder,
        a_toml='include = ["common.toml"]\n[[segment]]\nname = "A"\nwhere = "@x and @y"\n',
        b_toml='include = ["common.toml"]\n[[segment]]\nname = "B"\nwhere = "@x"\n',
        common_toml='extra = 1\n[define]\nx = "sentiment > \'high\'"\ny = "rating > 60 and rating > 70"\n',
    )
    _, problems = check_files(["b.toml", "a.toml", "common.toml"])
    assert [(problem.code, problem.source_name) for problem in problems] == [
        ("unknown-key", "common.toml"),
        ("wrong-type", "common.toml"),
        ("redundant", "common.toml"),
    ]
    assert sorted((note.source.name, underlined(note)) for note in problems[1].notes) == [
        ("a.toml", "@x"),
        ("b.toml", "@x"),
    ]


def test_a_broken_include_makes_no_further_problems(folder: Path) -> None:
    write(
        folder,
        a_toml='include = ["b.toml", "nowhere.toml"]\n[properties]\nseats = "integer"\n' + USER,
        b_toml="[define\n",
    )
    config, problems = load("a.toml")
    assert [(problem.code, problem.source_name) for problem in problems] == [
        ("unreadable-config", "b.toml"),
        ("bad-include", "a.toml"),
    ]
    assert config is not None
    assert (config.complete, config.properties) == (False, None)
    assert [problem.code for problem in check_files(["a.toml"])[1]] == ["bad-include", "unreadable-config"]


CORRECT = """include = ["common.toml"]
[[segment]]
name = "A"
where = "renewal >= 2026-03-01 and plan == 'pro' and @vip"
"""
DECLARING = """[properties]
renewal = "date"
plan = "string"
seats = "integer"
[define]
vip = "seats > 5"
"""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("[define]", "[define", "unreadable-config"),
        ('"date"', '"dat"', "wrong-value"),
        ("[properties]", 'include = ["a.toml"]\n[properties]', "bad-include"),
        ("[properties]", 'include = ["common.toml"]\n[properties]', "bad-include"),
        ("[properties]", 'include = ["nowhere.toml"]\n[properties]', "bad-include"),
    ],
)
def test_a_broken_include_is_all_that_is_reported(folder: Path, old: str, new: str, code: str) -> None:
    """From whichever files the check starts; correct segments keep their texts under every fix."""
    write(folder, a_toml=CORRECT, b_toml=CORRECT.replace('"A"', '"B"'), common_toml=DECLARING)
    assert check_files(["a.toml", "b.toml", "common.toml"])[1] == ()
    write(folder, common_toml=DECLARING.replace(old, new))
    for names in (["a.toml"], ["a.toml", "b.toml"], ["common.toml", "a.toml"], ["b.toml", "common.toml", "a.toml"]):
        _, (problem,) = check_files(names)
        assert problem.code == code
        assert not {"a.toml", "b.toml"} & fix_files(names, unsafe=True).changed.keys()


def test_a_text_that_no_declaration_can_mend_is_reported_beside_a_broken_include(folder: Path) -> None:
    write(folder, a_toml=CORRECT.replace("== 'pro'", "== pro and"), common_toml="[define")
    _, problems = check_files(["a.toml"])
    assert [(one.code, one.fixes, one.help) for one in problems if one.source_name == "a.toml"] == [
        ("bad-comparison", (), ()),
        ("unexpected-token", (), ()),
    ]


def test_an_unusable_declaration_of_the_file_gives_no_advice_about_its_segments(folder: Path) -> None:
    write(folder, a_toml=CORRECT.replace('include = ["common.toml"]', DECLARING.replace('"date"', '"dat"')))
    fixed = fix_files(["a.toml"], unsafe=True)
    assert fixed.problems == ()
    assert Path("a.toml").read_text().replace('"dat"', '"date"') == fixed.changed["a.toml"][1].decode()


def test_too_many_files(folder: Path) -> None:
    for number in range(MAX_INCLUDED_FILES + 2):
        (folder / f"{number}.json").write_text(json.dumps({"include": [f"{number + 1}.json"]}))
    (folder / f"{MAX_INCLUDED_FILES + 2}.json").write_text("{}")
    assert loaded("2.json").complete
    _, (problem,) = load("1.json")
    assert (problem.code, problem.message) == ("bad-include", f"more than {MAX_INCLUDED_FILES} files are included")
    assert problem.source_name == f"{MAX_INCLUDED_FILES + 1}.json"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('include = "a.toml"\n', "`include` must be a list of files, and this is a string"),
        (
            "include = [1]\n",
            "each item of `include` must be the name of a file, and this is a whole number",
        ),
        ('include = [" "]\n', "the name of a file must not be blank"),
    ],
)
def test_a_list_of_files_has_its_shape(text: str, told: str) -> None:
    _, (problem,) = loads(text, "a.toml", "toml")
    assert (problem.code, problem.message) == ("wrong-value", told)

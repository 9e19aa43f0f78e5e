"""Compiling a config: what the compiler says of an expression is said of the file, at the very character."""

from pathlib import Path

import pytest

from segdsl.config.check import check_config, check_files, compile_config, part_names
from segdsl.config.document import FormatName
from segdsl.config.load import loads
from segdsl.diagnostics import Diagnostic
from tests.diagnosed import underlined

from .config_files import config_of


def segment(name: str, where: str, *more: str) -> str:
    return "\n".join([f'[[segment]]\nname = "{name}"', f"where = '''{where}'''", *more, ""])


def problems_of(text: str) -> tuple[Diagnostic, ...]:
    config, _ = loads(text, "segments.toml", "toml")
    assert config is not None
    return check_config(config)


def test_the_example_of_the_language_page() -> None:
    text = '[[segment]]\nname = "Big teams"\nwhere = \'plan == "pro" and seats >= 10\'\n'
    (problem,) = problems_of(text)
    assert str(problem).startswith(
        "error[needs-split]: the API has no `>=` for user properties; this needs 2 segments\n"
        '  --> segments.toml:3:28 (segment "Big teams")\n'
    )
    assert underlined(problem) == "seats >= 10"
    assert problem.help == (
        'if seats is always a whole number, declare `seats = "integer"` under [properties] and it becomes `seats > 9`',
        "or allow 2 segments with `split = true`",
    )


def test_segments_compile_to_named_filters() -> None:
    text = (
        '[define]\nbig = "seats > 10"\n[properties]\nseats = "integer"\nplan = ["a", "b"]\n'
        + segment("One", "@big and seats <= 99")
        + segment("Two", 'plan == "a" or @big', "split = true")
        + segment("Plain", "rating > 3", "split = true")
    )
    compiled, problems = compile_config(config_of(text, "toml"))
    assert problems == ()
    parts = [part for segment in compiled for part in segment.parts]
    assert [name for name, _ in parts] == ["One", "Two (1/2)", "Two (2/2)", "Plain"]
    assert [[rule["operator"] for rule in filters.to_dict()["rules"]] for _, filters in parts] == [
        ["gt", "lt"],
        ["eq"],
        ["gt"],
        ["gt"],
    ]


def test_every_problem_of_every_segment_in_the_order_of_the_file() -> None:
    text = (
        segment("A", "rating >\n> 3 and sentiment < 0.3")
        + segment("B", "\n  comercialIntent > 0.5 and\n  plan === 'x'")
        + segment("C", "é == 1")
        + segment("D", "sentiment < 0.3 and sentiment > 0.7")
        + "[define]\nlast = 'rating > '\n"
    )
    problems = problems_of(text)
    assert [(p.code, p.line, p.column, p.context) for p in problems] == [
        ("unexpected-token", 4, 1, 'segment "A"'),
        ("near-miss", 8, 3, 'segment "B"'),
        ("foreign-operator", 9, 8, 'segment "B"'),
        ("unknown-character", 12, 12, 'segment "C"'),
        ("never-matches", 15, 32, 'segment "D"'),
        ("unexpected-end", 17, 17, "definition @last"),
    ]


def test_a_broken_definition_is_reported_once_with_its_uses() -> None:
    text = '[define]\nbad = "seats > \\"x\\" and comercialIntent > 1"\n' + "".join(
        segment(f"S{number}", f"@bad and rating > {number}") for number in range(50)
    )
    (problem,) = problems_of(text)
    assert (problem.code, problem.line, underlined(problem)) == ("near-miss", 2, "comercialIntent")
    assert problem.context == "definition @bad"
    assert [underlined(note) for note in problem.notes] == ["@bad"] * 4
    assert [note.source.position(note.span.start)[0] for note in problem.notes] == [5, 8, 11, 14]
    assert problem.notes[-1].message == "and in 47 more places"


def test_definitions_that_nothing_uses_are_checked() -> None:
    text = (
        "[define]\n"
        "cycle = '@cycle'\n"
        "nothing = '# only a comment'\n"
        "scope = 'rating > 3 during 7d'\n"
        "unknown = '@nowhere'\n"
        "split = 'rating > 3 or seats > 1'\n"  # a problem that some segment does not have is not reported
        "negated = 'not company contains \"x\"'\n" + segment("A", "rating > 3")
    )
    problems = problems_of(text)
    assert [(p.code, p.line, p.context, p.notes) for p in problems] == [
        ("definition-cycle", 2, "definition @cycle", ()),
        ("empty-expression", 3, "definition @nothing", ()),
        ("scope-in-definition", 4, "definition @scope", ()),
        ("unknown-definition", 5, "definition @unknown", ()),
    ]
    assert [underlined(problem) for problem in problems] == ["@cycle", "", "during 7d", "@nowhere"]


def test_a_file_with_errors_of_shape_is_still_checked() -> None:
    text = "[[segment]]\nicn = 1\nwhere = \"rating > 'x'\"\n[properties]\nrating = 7\n"
    config, problems = loads(text, "segments.toml", "toml")
    assert config is not None
    assert [problem.code for problem in problems] == ["missing-key", "unknown-key", "wrong-value"]
    compiled, (problem,) = compile_config(config)
    assert (problem.code, underlined(problem), problem.context) == ("wrong-type", "'x'", "segment 1")
    assert compiled == ()


def test_a_good_segment_without_a_name_is_not_handed_on() -> None:
    config, _ = loads('[[segment]]\nwhere = "rating > 3"\n', "segments.toml", "toml")
    assert config is not None
    assert compile_config(config) == ((), ())


def test_properties_are_unchecked_without_their_table_and_forbidden_by_an_empty_one() -> None:
    where = segment("A", "seats > 10 and conversation.channel == 'web'")
    assert problems_of(where) == ()
    (problem,) = problems_of("properties = {}\n" + where)
    assert (problem.code, underlined(problem)) == ("undeclared-property", "seats")
    (problem,) = problems_of("conversation_properties = {}\n" + where)
    assert (problem.code, underlined(problem)) == ("undeclared-property", "conversation.channel")


def test_the_name_of_a_part_must_fit() -> None:
    fits, long = "x" * 249, "x" * 250
    assert problems_of(segment(fits, "rating != 3", "split = true")) == ()
    (problem,) = problems_of(segment(long, "rating != 3", "split = true"))
    assert (problem.code, problem.line, underlined(problem)) == ("wrong-value", 2, f'"{long}"')
    assert "is longer than 255 UTF-16 code units" in problem.message
    assert problems_of(segment("x" * 255, "rating > 3", "split = true")) == ()


def test_the_name_of_a_part_may_not_be_another_segments() -> None:
    text = segment("A (2/2)", "rating > 3") + segment("A", "rating != 3", "split = true")
    (problem,) = problems_of(text)
    assert (problem.code, problem.line, underlined(problem)) == ("duplicate-name", 2, '"A (2/2)"')
    assert [(underlined(note), note.source.position(note.span.start)[0]) for note in problem.notes] == [('"A"', 5)]


@pytest.mark.parametrize(("name", "part_of"), [("A (2/2) ", "A"), ("Caf\u00e9 (1/2)", "Cafe\u0301"), ("A (1/2)", " A")])
def test_it_may_not_look_like_one_to_a_server_either(name: str, part_of: str) -> None:
    text = segment(name, "rating > 3") + segment(part_of, "rating != 3", "split = true")
    (problem,) = problems_of(text)
    assert (problem.code, problem.line) == ("duplicate-name", 2)
    assert problem.help == ("the server treats names as equal that differ only in outer blanks or Unicode form",)


@pytest.mark.parametrize(("count", "names"), [(1, ("A",)), (2, ("A (1/2)", "A (2/2)"))])
def test_part_names(count: int, names: tuple[str, ...]) -> None:
    assert part_names("A", count) == names


def test_too_many_segments_for_a_split() -> None:
    values = ", ".join(f'"p{number}"' for number in range(17))
    (problem,) = problems_of(segment("A", f"plan in [{values}]", "split = true"))
    assert problem.code == "too-many-segments"


def test_warnings_point_into_the_file_and_stop_nothing() -> None:
    config = config_of(segment("A", "\n  sentiment > 60"), "toml")
    compiled, (problem,) = compile_config(config)
    assert (problem.code, problem.severity, problem.line, underlined(problem)) == ("out-of-scale", "warning", 4, "60")
    assert len(compiled) == 1


def test_the_same_config_in_three_formats_gives_the_same_problems() -> None:
    texts: dict[FormatName, str] = {
        "toml": '[[segment]]\nname = "A"\nwhere = "plan == \\"\\u00e9\\" and x => 1"\n',
        "yaml": 'segment:\n- name: A\n  where: "plan == \\"\\u00e9\\" and x => 1"\n',
        "json": '{"segment": [{"name": "A",\n\n"where": "plan == \\"\\u00e9\\" and x => 1"}]}',
    }
    for form, text in texts.items():
        split, problem = check_config(config_of(text, form))
        assert (split.code, split.line) == ("needs-split", 3)
        assert (problem.code, problem.line, underlined(problem)) == ("foreign-operator", 3, "=>")
        assert text[problem.span.start - 3 : problem.span.end + 2] == " x => 1"


def test_several_files_are_reported_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        segment("A", "rating >") + "icn = 1\n" + segment("B", "x =< 1 and sentiment > 'low'")
    )
    (tmp_path / "b.toml").write_text(segment("C", "rating <") + segment("B", "rating > 3"))
    configs, problems = check_files([tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "c.toml"])
    assert len(configs) == 2
    assert [(Path(p.source_name).name, p.line, p.code) for p in problems] == [
        ("a.toml", 3, "unexpected-end"),
        ("a.toml", 4, "unknown-key"),
        ("a.toml", 7, "foreign-operator"),
        ("a.toml", 7, "wrong-type"),
        ("b.toml", 3, "unexpected-end"),
        ("b.toml", 5, "duplicate-name"),
        ("c.toml", 1, "unreadable-config"),
    ]

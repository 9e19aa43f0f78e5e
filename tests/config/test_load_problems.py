"""Every problem of a config file: its code, its place in the file, its message and its help."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from segdsl.config import load as loading
from segdsl.config.document import FormatName
from segdsl.config.load import load, loads
from tests.diagnosed import underlined

GOOD: dict[FormatName, str] = {
    "toml": '[[segment]]\nname = "A"\nwhere = "rating > 3"\n',
    "yaml": "segment:\n- name: A\n  where: rating > 3\n",
    "json": '{"segment": [{"name": "A", "where": "rating > 3"}]}',
}


def example(user: str) -> str:
    return GOOD["toml"] + f"[[segment.example]]\nmatches = true\nuser = {{ {user} }}\n"


class Case(NamedTuple):
    """A text, and for each problem: code, line, underlined text, words of the message, words of the help."""

    form: FormatName
    text: str
    found: tuple[tuple[str, int, str, str, str], ...]
    context: str = ""


def one(form: FormatName, text: str, *found: str | int, context: str = "") -> Case:
    return Case(form, text, (found,), context)  # type: ignore[arg-type]  # the five parts of a problem


A = 'segment "A"'
LONG_KEY = ".".join(["a", '"b.c"', *["x"] * 20_000])
CASES = [
    # ── shape ─────────────────────────────────────────────────────────────────────────────────────────────────────
    one("toml", "segments = 1\n" + GOOD["toml"], "unknown-key", 1, "segments", "no key `segments`", "`segment`"),
    one(
        "toml",
        GOOD["toml"] + "[x]\ny = 1",
        "unknown-key", 4, "x", "a config has no key `x`", "`define`, `source` and `segment`",
    ),
    one("toml", GOOD["toml"] + 'icn = "a"', "unknown-key", 4, "icn", "a segment has no key", "write `icon`", context=A),
    one("toml", GOOD["toml"] + "split = 1", "wrong-value", 4, "1", "true or false", "", context=A),
    one("toml", GOOD["toml"] + "icon = 2026-01-01", "wrong-value", 4, "2026-01-01", "is a date", "", context=A),
    one("toml", GOOD["toml"] + "icon = 10:00:00", "wrong-value", 4, "10:00:00", "a time of day", "", context=A),
    one("toml", GOOD["toml"] + "icon = []", "wrong-value", 4, "[]", "this is a list", "", context=A),
    one("toml", GOOD["toml"] + "icon = {}", "wrong-value", 4, "{}", "this is a table", "", context=A),
    one("toml", '[[segment]]\nwhere = "a"', "missing-key", 1, "[[segment]]", "the key `name`", "", context="segment 1"),
    one("toml", '[[segment]]\nname = "A"', "missing-key", 1, "[[segment]]", "the key `where`", "", context=A),
    one("toml", '[segment]\nname = "A"', "wrong-value", 1, "[segment]", "a list of segments", "[[segment]]"),
    one("toml", "segment = [1]", "wrong-value", 1, "1", "each item of `segment` must be a table", ""),
    one("yaml", "- a\n", "wrong-value", 1, "", "a config must be a mapping, and this is a list", ""),
    one("json", '"a"', "wrong-value", 1, "", "a config must be an object, and this is a string", ""),
    # ── names and icons ───────────────────────────────────────────────────────────────────────────────────────────
    one(
        "toml",
        "[[segment]]\nname = ' '\nwhere = 'a'",
        "wrong-value", 2, "' '", "not be blank", "", context='segment " "',
    ),
    one(
        "toml",
        GOOD["toml"] + f"icon = '{'😀' * 26}'",
        "wrong-value", 4, f"'{'😀' * 26}'", "at most 50 UTF-16 code units long, and this has 52", "", context=A,
    ),
    one(
        "json",
        '{"segment": [{"name": "A\\ud83d", "where": "a"}]}',
        "wrong-value", 1, '"A\\ud83d"', "half a surrogate pair", "", context='segment "A\ud83d"',
    ),
    one("toml", GOOD["toml"] * 2, "duplicate-name", 5, '"A"', "another segment has the name `A`", "", context=A),
    one(
        "toml",
        GOOD["toml"].replace('"A"', '"A\u202e\u2066"'),
        "misleading-character", 2, '"A\u202e\u2066"',
        "U+202E (right-to-left override), U+2066 (left-to-right isolate)", "", context='segment "A\u202e\u2066"',
    ),
    one(
        "json",
        GOOD["json"][:-3] + ', "description": "\\u202e"}]}',
        "misleading-character", 1, '"\\u202e"', "`description` holds invisible characters", "", context=A,
    ),
    # ── declarations and definitions ──────────────────────────────────────────────────────────────────────────────
    one(
        "toml",
        GOOD["toml"] + "[properties]\nseats = 'int'\n",
        "wrong-value", 5, "'int'", "`string`, `number`, `integer`, `boolean` or `date`", "", context="[properties]",
    ),
    one(
        "toml",
        GOOD["toml"] + "[properties]\nseats = 'numbr'\n",
        "wrong-value", 5, "'numbr'", "must be declared as", "write `number`", context="[properties]",
    ),
    one(
        "toml",
        GOOD["toml"] + "[properties]\np = []",
        "wrong-value", 5, "[]", "a list of the", "", context="[properties]",
    ),
    one(
        "toml",
        GOOD["toml"] + "[conversation_properties]\np = ['a', 1]",
        "wrong-value", 5, "1", "each item of `p` must be a string", "", context="[conversation_properties]",
    ),
    one(
        "toml",
        GOOD["toml"] + "[properties]\n'a b' = 'string'",
        "wrong-value", 5, "'a b'", "letters, digits", "", context="[properties]",
    ),
    one(
        "toml",
        GOOD["toml"] + "[define]\na.b = 'c'",
        "wrong-value", 5, "'c'", "`a` must be an expression in a string, and this is a table", "",
        context="definition @a",
    ),
    one(
        "toml",
        GOOD["toml"] + "[define]\n2x = 'c'",
        "wrong-value", 5, "2x", "say `@2x`", "a letter", context="definition @2x",
    ),
    one("yaml", "properties:\n" + GOOD["yaml"], "wrong-value", 1, "", "and this is null", "an empty table allows none"),
    # ── the source, and expected counts ───────────────────────────────────────────────────────────────────────────
    one(
        "toml",
        GOOD["toml"] + "[source]\nfil = 'users.csv'",
        "unknown-key", 5, "fil", "there is no key `fil`", "did you mean `file`?", context="[source]",
    ),
    one(
        "toml",
        GOOD["toml"] + "[source.columns]\nseats = { column = 'n', type = 'intger' }",
        "wrong-value", 5, "'intger'", "the type of `seats` must be one of", "`integer`", context="[source]",
    ),
    one(
        "yaml",
        "source:\n  columns:\n    seats: {type: integer}\n" + GOOD["yaml"],
        "missing-key", 3, "{type: integer}", "`seats` needs `column`", "", context="[source]",
    ),
    one(
        "json",
        GOOD["json"][:-1] + ', "source": {"table": 5}}',
        "wrong-value", 1, "5", "`table` must be a string, and this is a number", "", context="[source]",
    ),
    one(
        "toml",
        GOOD["toml"] + "[source]\nid = 'n'\n[source.conversations]\nuser = 'u'",
        "missing-key", 6, "[source.conversations]", "`conversations` needs `at`", "", context="[source]",
    ),
    one(
        "toml",
        GOOD["toml"] + "expect = { members = '100' }",
        "wrong-value", 4, "'100'", "a comparison with a whole number", "", context=A,
    ),
    Case(
        "toml",
        GOOD["toml"] + "expect = { member = '> 100' }",
        (
            ("missing-key", 4, "{ member = '> 100' }", "`expect` needs the key `members`", ""),
            ("unknown-key", 4, "member", "`expect` has no key `member`", "write `members`"),
        ),
        A,
    ),
    one(
        "toml",
        GOOD["toml"] + "expect = 100",
        "wrong-value", 4, "100", "a table of what is expected", ">= 100", context=A,
    ),
    # ── examples ──────────────────────────────────────────────────────────────────────────────────────────────────
    one(
        "toml",
        GOOD["toml"] + "[[segment.example]]\nuser = {}\n",
        "missing-key", 4, "[[segment.example]]", "an example needs the key `matches`", "", context=A,
    ),
    one(
        "toml",
        GOOD["toml"] + "[segment.example]\nmatches = true\n",
        "wrong-value", 4, "[segment.example]", "a list of examples", "[[segment.example]]", context=A,
    ),
    one(
        "toml",
        example("") + "now = 2026-06-01T00:00:00",
        "wrong-value", 7, "2026-06-01T00:00:00", "with its offset", "", context=A,
    ),
    one("toml", example("") + "now = 'today'", "wrong-value", 7, "'today'", "and this is `'today'`", "", context=A),
    one("toml", example("") + "now = 2026-06-01", "wrong-value", 7, "2026-06-01", "this is a date", "", context=A),
    one(
        "toml",
        example("propertys = {}"),
        "unknown-key", 6, "propertys", "a user has no key", "`properties`?", context=A,
    ),
    one(
        "toml",
        example("analysis = { comercialIntent = 1 }"),
        "unknown-key", 6, "comercialIntent", "`analysis` of a user has no key", "write `commercialIntent`", context=A,
    ),
    one(
        "toml",
        example("flags = { sentiment = true }"),
        "unknown-key", 6, "sentiment", "`flags` of a user has", "are `jailbreakDetected`", context=A,
    ),
    one("toml", example("flags = []"), "wrong-value", 6, "[]", "must be a table, and this is a list", "", context=A),
    one("toml", example("properties = 1"), "wrong-value", 6, "1", "`properties` must be a table", "", context=A),
    one(
        "toml",
        example("analysis.cqi = nan"),
        "wrong-value", 6, "nan", "a finite number, and this is `nan`", "", context=A,
    ),
    one("toml", example("analysis.cqi = true"), "wrong-value", 6, "true", "a finite number", "", context=A),
    one(
        "toml",
        example("conversationCount = -1"),
        "wrong-value", 6, "-1", "number from 0, and this is `-1`", "", context=A,
    ),
    one("toml", example("conversationCount = 1.5"), "wrong-value", 6, "1.5", "a whole number from 0", "", context=A),
    one("toml", example("lastSeen = 'soon'"), "wrong-value", 6, "'soon'", "a date, or a date-time", "", context=A),
    one(
        "toml",
        example("lastSeen = 2026-01-01T00:00:00"),
        "wrong-value", 6, "2026-01-01T00:00:00", "date-time with its offset", "", context=A,
    ),
    one("toml", example("id = 1.5"), "wrong-value", 6, "1.5", "a string or a whole number", "", context=A),
    one("toml", example("flags.jailbreakDetected = 1"), "wrong-value", 6, "1", "true or false", "", context=A),
    one(
        "toml",
        example("properties.born = 20:00:00"),
        "wrong-value", 6, "20:00:00", "a string, a number", "", context=A,
    ),
    one(
        "toml",
        example("properties.born = [2000-01-01]"),
        "wrong-value", 6, "[2000-01-01]", "a string, a number", "", context=A,
    ),
    one(
        "toml",
        example("properties.born = 2000-01-01T00:00:00"),
        "wrong-value", 6, "2000-01-01T00:00:00", "a date-time with its offset", "", context=A,
    ),
    one("toml", example("properties.x = [[inf]]"), "wrong-value", 6, "[[inf]]", "a finite number", "", context=A),
    one(
        "toml",
        example(f"properties.x = {'[' * 22}{']' * 22}"),
        "wrong-value", 6, "[" * 22 + "]" * 22, "at most 20 levels deep, and this is `[[[", "", context=A,
    ),
    # ── TOML ──────────────────────────────────────────────────────────────────────────────────────────────────────
    one("toml", "[[segment]\n", "unreadable-config", 1, "]", "this is not TOML: expected ']]'", ""),
    one("toml", "where = plan == 'a'\n", "unreadable-config", 1, "p", "invalid value", "in quotes"),
    one("toml", 'where = "plan == "a""\n', "unreadable-config", 1, "a", "expected newline", "single ones"),
    one("toml", "where = 'a\n'\n", "unreadable-config", 1, "\n", "character '\\n'", "'''"),
    one("toml", "where = 'a", "unreadable-config", 1, "", "expected \"'\"", "'''"),
    one("toml", "a = ", "unreadable-config", 1, "", "invalid value", "in quotes"),
    one("toml", "a = " + "1" * 5000, "unreadable-config", 1, "1" * 5000, "too many digits", ""),
    one("toml", "a = " + "[" * 10_000, "unreadable-config", 1, "", "more than 100 levels of lists and tables", ""),
    one("toml", f"a = {'[' * 100}{']' * 100}", "unreadable-config", 1, "[]", "more than 100 levels", ""),
    one("toml", f"a = {'{ b = ' * 100}1{' }' * 100}", "unreadable-config", 1, "{ b = 1 }", "more than 100 levels", ""),
    one("toml", f"{LONG_KEY} = 1\nb = 1\n", "unreadable-config", 1, LONG_KEY, "a key of more than 32 parts", ""),
    one("toml", f"[[segment]]\n[{LONG_KEY}]\nb = 1\n", "unreadable-config", 2, LONG_KEY, "more than 32 parts", ""),
    one("toml", f"b = {{ {LONG_KEY} = 1 }}\n", "unreadable-config", 1, LONG_KEY, "more than 32 parts", ""),
    one("toml", "a = 1\na.b = 1\n", "unreadable-config", 2, "\n", "cannot overwrite a value", ""),
    Case(
        "toml",
        "[define]\na = 'x'\n'a' = 'y'\n[define]\nb = { c = 1, \"\\u0063\" = 2 }\n",
        (
            ("unreadable-config", 3, "'a'", "`a` stands twice", ""),
            ("unreadable-config", 4, "define", "`define` stands twice", ""),
            ("unreadable-config", 5, '"\\u0063"', "`c` stands twice", ""),
        ),
    ),
    one("toml", 'a = 1\na = 2\n"\\ud800" = 3', "unreadable-config", 2, "a", "`a` stands twice", ""),
    one("toml", "a = 1\na = 2\nb = { c = 1 # no\n}", "unreadable-config", 2, "a", "`a` stands twice", ""),
    # ── YAML ──────────────────────────────────────────────────────────────────────────────────────────────────────
    one("yaml", "segment: [", "unreadable-config", 1, "", "this is not YAML", "single quotes"),
    one("yaml", "where: @engaged", "unreadable-config", 1, "@", "cannot start any token", "single quotes"),
    one("yaml", "é: \x01", "unreadable-config", 1, "\x01", "the character U+0001 is not allowed", ""),
    one("yaml", "a: &x 1\nb: *x\n", "unreadable-config", 2, "*x", "another part of the file", "`define`"),
    one("yaml", "a: 1\n---\nb: 2\n", "unreadable-config", 2, "---", "another", ""),
    one("yaml", "a: !foo b\n", "unreadable-config", 1, "!foo b", "cannot use YAML's `!foo`", "in quotes"),
    one("yaml", "a: !!set {b}\n", "unreadable-config", 1, "!!set {", "cannot use YAML's `set`", ""),
    one("yaml", "a: !!int b\n", "unreadable-config", 1, "!!int b", "not a valid int", "in quotes"),
    one("yaml", "a: 2026-02-30\n", "unreadable-config", 1, "2026-02-30", "not a valid timestamp", "in quotes"),
    one("yaml", "a: " + "1" * 5000, "unreadable-config", 1, "1" * 5000, "not a valid int", "in quotes"),
    one("yaml", "[" * 5000, "unreadable-config", 1, "[", "more than 100 levels", ""),
    one("yaml", "{[a]: b}", "unreadable-config", 1, "[", "a key must be a string", ""),
    Case(
        "yaml",
        "segment:\n- name: A\n  where:\n  icon: [a]\n",
        (
            ("wrong-value", 3, "", "and this is null", ""),
            ("wrong-value", 4, "[a]", "and this is a list", ""),
        ),
        A,
    ),
    Case(
        "yaml",
        "a: 1\na: 2\n<<: {b: 1}\non: 3\n",
        (
            ("unreadable-config", 2, "a", "`a` stands twice", ""),
            ("unreadable-config", 3, "<<", "cannot use YAML's `<<`", "write the value out"),
            ("unreadable-config", 4, "on", "YAML reads `on` as something else", "in quotes"),
        ),
    ),
    Case(
        "yaml",
        "segment:\n- name: on\n  where: 1_000\n  icon: 2026-01-01\n",
        (
            ("wrong-value", 2, "on", "must be a string, and this is a boolean", "`'on'`"),
            ("wrong-value", 3, "1_000", "must be an expression in a string", "YAML reads `1_000` as a whole number"),
            ("wrong-value", 4, "2026-01-01", "and this is a date", "YAML reads `2026-01-01` as a date"),
        ),
        "segment 1",
    ),
    Case(
        "yaml",
        "segment:\n- name: A\n  where: rating > 3\n  example:\n  - matches: yes\n    user:\n"
        "      flags: {jailbreakDetected: off}\n      analysis: {cqi: 0x1F, sentiment: .5}\n"
        "      properties: {a: NO, b: 0123, c: 'no', d: true, e: 5, f: 1:30, g: !!bool yes, h: 1e3, i: FALSE}\n"
        "      conversationProperties: {a: 1_000}\n",
        (
            ("ambiguous-value", 8, "0x1F", "`0x1F` is 31 in YAML", "write `31`, or `'0x1F'` for a string"),
            ("ambiguous-value", 9, "NO", "`NO` is false in YAML", "write `false`, or `'NO'` for a string"),
            ("ambiguous-value", 9, "0123", "`0123` is 83 in YAML", "write `83`, or `'0123'` for a string"),
            ("ambiguous-value", 9, "1:30", "`1:30` is 90 in YAML", "write `90`, or `'1:30'` for a string"),
            ("ambiguous-value", 10, "1_000", "`1_000` is 1000 in YAML", "write `1000`"),
        ),
        A,
    ),
    # ── JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────
    one("json", '{"segment": [}', "unreadable-config", 1, "}", "this is not JSON: expecting value", ""),
    one("json", '{"where": "plan == "a""}', "unreadable-config", 1, "a", "expecting ',' delimiter", '`\\"`'),
    one("json", "", "unreadable-config", 1, "", "expecting value", ""),
    one("json", "[" * 100_000, "unreadable-config", 1, "[", "more than 100 levels of lists and tables", ""),
    one("json", f'{{"a": {"[" * 100}{"]" * 100}}}', "unreadable-config", 1, "[", "more than 100 levels", ""),
    one("json", GOOD["json"][:-3] + ', "split": NaN}]}', "unreadable-config", 1, "NaN", "JSON has no `NaN`", ""),
    one(
        "json",
        GOOD["json"][:-3] + f', "split": {"1" * 5000}}}]}}',
        "wrong-value", 1, "1" * 5000, "true or false, and this is a number", "", context=A,
    ),
    Case(
        "json",
        '{"a": 1, "a": {"b": 1, "\\u0062": -Infinity}}',
        (
            ("unreadable-config", 1, '"a"', "`a` stands twice", ""),
            ("unreadable-config", 1, '"\\u0062"', "`b` stands twice", ""),
            ("unreadable-config", 1, "-Infinity", "JSON has no `-Infinity`", ""),
        ),
    ),
    # ── any format ────────────────────────────────────────────────────────────────────────────────────────────────
    one("toml", "a = 'b\ud800'", "unreadable-config", 1, "\ud800", "half a surrogate pair", ""),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.form}-{case.found[0][3][:40]}")
def test_a_problem_and_its_place(case: Case) -> None:
    _, problems = loads(case.text, "segments", case.form)
    assert [(p.code, p.line, underlined(p)) for p in problems] == [found[:3] for found in case.found]
    for problem, (_, _, _, message, help_) in zip(problems, case.found, strict=True):
        assert message in problem.message
        assert help_ in " ".join(problem.help)
        assert problem.context == case.context
        assert problem.source.name == "segments"


def test_all_problems_of_a_file_at_once() -> None:
    text = "".join(
        case.text + "\n" for case in CASES if case.form == "toml" and case.text.startswith(GOOD["toml"] + "icon")
    )
    _, problems = loads(text, "segments.toml", "toml")
    assert [problem.code for problem in problems].count("wrong-value") == 5
    assert [problem.code for problem in problems].count("duplicate-name") == 4


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("toml", "[define]\na = 'b'\na = 'c'\n"),
        ("yaml", "\na: 1\na: 2\n"),
        ("json", '{\n"a": 1,\n"a": 2}'),
    ],
)
def test_a_repeated_key_points_at_the_first_one(form: FormatName, text: str) -> None:
    _, (problem,) = loads(text, "segments", form)
    (note,) = problem.notes
    assert (problem.line, note.source.position(note.span.start)[0]) == (3, 2)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "latin1.toml").write_bytes('# é\n[[segment]]\nname = "Große"\n'.encode("latin-1"))
    (tmp_path / "utf16.toml").write_bytes(GOOD["toml"].encode("utf-16"))
    (tmp_path / "segments.txt").write_text(GOOD["toml"])
    (tmp_path / "segments").write_text(GOOD["toml"])
    os.mkfifo(tmp_path / "pipe.toml")
    expected = {
        "missing.toml": (1, 1, "there is no such file"),
        "folder.toml": (1, 1, "this is a folder, not a file"),
        "latin1.toml": (1, 3, "this byte, 0xe9, is not UTF-8"),
        "utf16.toml": (1, 1, "the file is UTF-16"),
        "segments.txt": (1, 1, "the format of this file is unknown: its name should end in .toml, .yaml, .yml, .json"),
        "segments": (1, 1, "the format of this file is unknown: its name should end in .toml, .yaml, .yml, .json"),
        "nothing": (1, 1, "there is no such file"),
        "pipe.toml": (1, 1, "this is not a plain file"),
        "a\0b.toml": (1, 1, "the file cannot be read: embedded null byte"),
    }
    for name, (line, column, message) in expected.items():
        config, (problem,) = load(tmp_path / name)
        assert config is None
        assert (problem.code, problem.line, problem.column, problem.message) == (
            "unreadable-config",
            line,
            column,
            message,
        )
        assert problem.source_name == str(tmp_path / name)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.toml").write_text(GOOD["toml"])
    monkeypatch.setattr(loading, "MAX_CONFIG_BYTES", len(GOOD["toml"]))
    assert load(tmp_path / "a.toml")[1] == ()
    monkeypatch.setattr(loading, "MAX_CONFIG_BYTES", len(GOOD["toml"]) - 1)
    assert "larger than" in load(tmp_path / "a.toml")[1][0].message


def test_yaml_without_pyyaml_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    config, (problem,) = loads(GOOD["yaml"], "segments.yaml", "yaml")
    assert config is None
    assert problem.message == "reading YAML needs PyYAML"
    assert problem.help == ("install it with `pip install 'segdsl[yaml]'`",)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.form == "yaml"], ids=lambda case: case.found[0][3][:40]
)
def test_yaml_has_the_same_problems_without_the_parser_in_c(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader")
    _, problems = loads(case.text, "segments", "yaml")
    assert [(p.code, p.line, underlined(p)) for p in problems] == [found[:3] for found in case.found]


def test_every_printable_problem_renders() -> None:
    for case in CASES:
        _, problems = loads(case.text, "segments", case.form)
        assert all(problem.message in str(problem) for problem in problems)


@pytest.mark.parametrize("form", ["toml", "yaml", "json"])
def test_a_hundred_levels_are_read(form: FormatName) -> None:
    lists = "[" * 99 + "]" * 99
    text = {"toml": f"a = {lists}", "yaml": f"a: {lists}", "json": f'{{"a": {lists}}}'}[form]
    _, problems = loads(text, "segments", form)
    assert "unreadable-config" not in [problem.code for problem in problems]


def test_a_dotted_key_is_read_and_dots_in_a_string_are_text() -> None:
    text = f"{'.'.join('x' * 32)} = 1\n[define]\na = '{'.'.join('x' * 500)}'\n"
    _, problems = loads(text, "segments", "toml")
    assert "unreadable-config" not in [problem.code for problem in problems]

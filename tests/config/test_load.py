"""The values of a config in every format, and the values that remain when it has errors."""

import datetime
import json
from pathlib import Path

import pytest

from segdsl.config.document import FormatName
from segdsl.config.load import load, load_all, loads
from segdsl.config.model import Config
from segdsl.source import Span

from .config_files import config_of

TOML = """\
[properties]
plan = ["free", "pro", "enterprise"]
seats = "integer"

[conversation_properties]
channel = "string"

[define]
engaged = "conversationCount >= 5 and lastSeen within 7d"

[[segment]]
name = "High-Intent Enterprise Users"
description = "Users with high commercial intent from the enterprise plan"
icon = "Users"
where = 'commercialIntent >= 0.6 and plan == "enterprise"'
split = true

[[segment.example]]
now = 2026-06-01T02:00:00+02:00
user = { id = 7, analysis = { commercialIntent = 0.8 }, properties = { plan = "enterprise", tags = ["a"] } }
matches = true

[[segment]]
name = "Plain"
where = "@engaged"

[[segment.example]]
user = { flags = { jailbreakDetected = false }, conversationCount = 5, lastSeen = 2026-05-31T00:00:00Z }
matches = false
"""
YAML = """\
properties:
  plan: [free, pro, enterprise]
  seats: integer
conversation_properties: {channel: string}
define:
  engaged: conversationCount >= 5 and lastSeen within 7d
segment:
- name: High-Intent Enterprise Users
  description: >-
    Users with high commercial intent
    from the enterprise plan
  icon: Users
  where: commercialIntent >= 0.6 and plan == "enterprise"
  split: yes
  example:
  - now: 2026-06-01T02:00:00+02:00
    user: {id: 7, analysis: {commercialIntent: 0.8}, properties: {plan: enterprise, tags: [a]}}
    matches: true
- name: Plain
  where: '@engaged'
  example:
  - user: {flags: {jailbreakDetected: false}, conversationCount: 5, lastSeen: "2026-05-31T00:00:00Z"}
    matches: false
"""
JSON = """\
{"properties": {"plan": ["free", "pro", "enterprise"], "seats": "integer"},
 "conversation_properties": {"channel": "string"},
 "define": {"engaged": "conversationCount >= 5 and lastSeen within 7d"},
 "segment": [
  {"name": "High-Intent Enterprise Users",
   "description": "Users with high commercial intent from the enterprise plan",
   "icon": "Users",
   "where": "commercialIntent >= 0.6 and plan == \\"enterprise\\"",
   "split": true,
   "example": [{"now": "2026-06-01T02:00:00+02:00", "matches": true, "user":
    {"id": 7, "analysis": {"commercialIntent": 0.8}, "properties": {"plan": "enterprise", "tags": ["a"]}}}]},
  {"name": "Plain", "where": "@engaged", "example": [{"matches": false, "user":
    {"flags": {"jailbreakDetected": false}, "conversationCount": 5, "lastSeen": "2026-05-31T00:00:00Z"}}]}]}
"""


@pytest.mark.parametrize(("form", "text"), [("toml", TOML), ("yaml", YAML), ("json", JSON)])
def test_the_three_formats_say_the_same(form: FormatName, text: str) -> None:
    config = config_of(text, form)
    assert config.properties == {"plan": ("free", "pro", "enterprise"), "seats": "integer"}
    assert config.conversation_properties == {"channel": "string"}
    assert {name: text.value for name, text in config.definitions.items()} == {
        "engaged": "conversationCount >= 5 and lastSeen within 7d"
    }
    first, second = config.segments
    assert (first.name, first.icon, first.split) == ("High-Intent Enterprise Users", "Users", True)
    assert first.description == "Users with high commercial intent from the enterprise plan"
    assert first.where.value == 'commercialIntent >= 0.6 and plan == "enterprise"'
    assert (second.name, second.description, second.icon, second.split) == ("Plain", None, None, False)
    (example,) = first.examples
    assert example.user == {
        "id": 7,
        "analysis": {"commercialIntent": 0.8},
        "properties": {"plan": "enterprise", "tags": ["a"]},
    }
    assert example.matches is True
    assert example.now == datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
    (example,) = second.examples
    assert (example.matches, example.now) == (False, None)
    assert example.user == {
        "flags": {"jailbreakDetected": False},
        "conversationCount": 5,
        "lastSeen": "2026-05-31T00:00:00Z",
    }


def spelled(config: Config, key: str | None) -> str:
    span = config.segments[0].span(key)
    return config.source.text[span.start : span.end]


@pytest.mark.parametrize(
    ("form", "text", "place"), [("toml", TOML, (27, 1)), ("yaml", YAML, (22, 5)), ("json", JSON, (12, 54))]
)
def test_examples_know_their_place(form: FormatName, text: str, place: tuple[int, int]) -> None:
    config = config_of(text, form)
    (example,) = config.segments[1].examples
    assert config.source.position(example.span.start) == place


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("toml", TOML, {"icon": '"Users"', "split": "true", None: "[[segment]]", "example": "[[segment.example]]"}),
        ("yaml", YAML, {"icon": "Users", "split": "yes"}),
        ("json", JSON, {"icon": '"Users"', "split": "true", "name": '"High-Intent Enterprise Users"'}),
    ],
)
def test_keys_know_their_place(form: FormatName, text: str, expected: dict[str | None, str]) -> None:
    config = config_of(text, form)
    assert {key: spelled(config, key) for key in expected} == expected


def test_a_key_that_a_segment_has_not_stands_where_the_segment_does() -> None:
    config = config_of(TOML, "toml")
    assert config.segments[1].span("icon") == config.segments[1].span()


def test_every_spelling_of_toml_has_its_place() -> None:
    text = """\
define."a b" . 'c' = 1 # not a segment
"define".d.e = { f.g = [ { h = 1 }, # with a comment
  [ 2, 3 ] ] }
segment = [ { name = "A", where = "a" }, { name = "B", "where" = 'b', example = [{ matches = true, user = {} }] } ]
"""
    config, _ = loads(text, "a.toml", "toml")
    assert config is not None
    wanted = {
        ("define", "a b", "c"): "1",
        ("define", "d", "e", "f", "g", 0, "h"): "1",
        ("define", "d", "e", "f", "g", 1, 1): "3",
        ("segment", 1, "where"): "'b'",
        ("segment", 1, "example", 0, "matches"): "true",
    }
    places = {path: config.document.locations[path].value for path in wanted}
    assert {path: text[span.start : span.end] for path, span in places.items()} == wanted
    key = config.document.locations["segment", 1, "where"].key
    assert text[key.start : key.end] == '"where"'


def test_absent_properties_are_unchecked_and_an_empty_table_allows_none() -> None:
    config = config_of('[properties]\n[[segment]]\nname = "A"\nwhere = "a"\n', "toml")
    assert config.properties == {}
    assert config.conversation_properties is None


@pytest.mark.parametrize("form", ["toml", "yaml", "json"])
def test_a_byte_order_mark_moves_nothing(form: FormatName, tmp_path: Path) -> None:
    text = {"toml": TOML, "yaml": YAML, "json": JSON}[form]
    path = tmp_path / f"segments.{form.upper()}"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    config, problems = load(path)
    assert config is not None
    assert not problems
    assert config.name == str(path)
    assert config.source.text == text
    assert config.segments[0].where.span == config_of(text, form).segments[0].where.span
    assert config.to_bytes(text) == path.read_bytes()


def test_line_breaks_of_windows_stay_in_the_source(tmp_path: Path) -> None:
    path = tmp_path / "segments.toml"
    path.write_bytes(TOML.replace("\n", "\r\n").encode())
    config, problems = load(path)
    assert config is not None
    assert not problems
    assert config.to_bytes(config.source.text) == path.read_bytes()
    assert config.source.position(config.segments[1].where.span.start) == (25, 9)


def test_several_files(tmp_path: Path) -> None:
    texts = {
        "a.toml": '[[segment]]\nname = "A"\nwhere = "a"\n',
        "b.yaml": "segment:\n- name: A\n  where: b\n- icon: 1\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    configs, problems = load_all(tmp_path / name for name in ("a.toml", "b.yaml", "c.json", "a.toml"))
    assert [config.name for config in configs] == [str(tmp_path / "a.toml"), str(tmp_path / "b.yaml")]
    found = [(Path(problem.source_name).name, problem.code, problem.line, problem.column) for problem in problems]
    assert found == [
        ("b.yaml", "missing-key", 4, 3),
        ("b.yaml", "missing-key", 4, 3),
        ("b.yaml", "wrong-value", 4, 9),
        ("c.json", "unreadable-config", 1, 1),
        ("b.yaml", "duplicate-name", 2, 9),
    ]
    (note,) = problems[-1].notes
    assert (Path(note.source.name).name, note.source.position(note.span.start)) == ("a.toml", (2, 8))


def test_the_same_name_three_times_across_files_points_at_the_first_each_time(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.toml").write_text('[[segment]]\nname = "A"\nwhere = "a"\n')
    _, problems = load_all(tmp_path / f"{name}.toml" for name in "abc")
    assert [(Path(p.source_name).name, Path(p.notes[0].source.name).name) for p in problems] == [
        ("b.toml", "a.toml"),
        ("c.toml", "a.toml"),
    ]


def test_null_in_a_user_says_that_a_part_is_lacking() -> None:
    user = {"id": None, "analysis": None, "flags": {"jailbreakDetected": None}, "lastSeen": "2026-05-31"}
    text = json.dumps({"segment": [{"name": "A", "where": "a", "example": [{"user": user, "matches": False}]}]})
    (example,) = config_of(text, "json").segments[0].examples
    assert example.user == user


def test_segments_without_a_name_are_not_each_others_doubles(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.toml").write_text("[[segment]]\nwhere = 'a'\n")
    _, problems = load_all(tmp_path / f"{name}.toml" for name in "ab")
    assert [problem.code for problem in problems] == ["missing-key", "missing-key"]


def test_a_place_that_cannot_be_made_out_is_the_whole_literal() -> None:
    literal = "!!str # why\n    a b"  # a comment between a tag and its scalar
    config = config_of(f"segment:\n- name: A\n  where: {literal}\n", "yaml")
    where = config.segments[0].where
    assert where.value == "a b"
    span = where.in_file(Span(2, 3))
    assert span == where.span
    assert config.source.text[span.start : span.end] == literal


def test_ten_thousand_segments() -> None:
    segments = "".join(f'[[segment]]\nname = "Segment {n}"\nwhere = "seats > {n}"\n' for n in range(10_000))
    config = config_of(segments, "toml")
    assert len(config.segments) == 10_000
    assert config.source.position(config.segments[-1].where.span.start) == (30_000, 9)


def test_usable_parts_are_kept_beside_unusable_ones() -> None:
    text = """\
properties = { seats = "integer", plan = "text" }
define = { good = "a", bad = 1 }
[[segment]]
name = ""
where = "no name"
[[segment]]
name = "No where"
[[segment]]
name = "Wrong split"
split = "yes"
where = "split"
[[segment.example]]
user = {}
[[segment.example]]
user = { id = 1 }
matches = true
"""
    config, problems = loads(text, "a.toml", "toml")
    assert config is not None
    assert config.properties is None  # half of the declarations would make the uses of the others errors
    assert list(config.definitions) == ["good"]
    assert [(s.name, s.label, s.split) for s in config.segments] == [
        ("", "segment 1", False),
        ("Wrong split", 'segment "Wrong split"', False),
    ]
    assert [example.user for example in config.segments[1].examples] == [{"id": 1}]
    assert len(problems) == 6


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (
            "toml",
            '[[segment]]\nname = "A"\nwhere = "a"\n[[segment.example]]\nmatches = true\n'
            "user = { lastSeen = 2026-03-01, properties = { d = 2026-03-01, t = 2026-03-01T01:30:00+02:00 } }\n",
        ),
        (
            "yaml",
            "segment:\n- name: A\n  where: a\n  example:\n  - matches: true\n    user:\n      lastSeen: 2026-03-01\n"
            "      properties: {d: 2026-03-01, t: 2026-03-01 01:30:00+02:00}\n",
        ),
    ],
)
def test_dates_of_properties_are_text_in_the_order_of_time(form: FormatName, text: str) -> None:
    (example,) = config_of(text, form).segments[0].examples
    assert example.user == {"lastSeen": "2026-03-01", "properties": {"d": "2026-03-01", "t": "2026-02-28T23:30:00Z"}}


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("Trail", "   Trail ", True),
        ("Caf\u00e9", "Cafe\u0301", True),
        ("Trail", "trail", False),
        ("A B", "A  B", False),
    ],
)
def test_names_that_a_server_takes_for_one_are_one_in_a_file(first: str, second: str, is_one: bool) -> None:
    """As in several files, and in a plan."""
    tables = "".join(f'[[segment]]\nname = "{name}"\nwhere = "rating > 3"\n' for name in (first, second))
    _, problems = loads(tables, "a.toml", "toml")
    assert [(one.code, bool(one.help)) for one in problems] == ([("duplicate-name", True)] if is_one else [])

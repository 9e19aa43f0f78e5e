"""Diagnostics as SARIF, held against the standard's JSON schema."""

import json
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segdsl
from segdsl.diagnostics import CODES, Diagnostic, Edit, Fix, Note
from segdsl.diagnostics.sarif import to_sarif
from segdsl.source import Source, Span

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.4" / "schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
TEXT = Source("a == 1\r\nand 日bad > 'x'\r\nand c", "config/my segments.toml")


def run_of(diagnostics: list[Diagnostic], **options: str) -> dict[str, Any]:
    log = json.loads(to_sarif(diagnostics, **options))
    VALIDATOR.validate(log)
    run: dict[str, Any]
    (run,) = log["runs"]
    return run


def uri_of(name: str) -> Any:
    (result,) = run_of([Diagnostic("wrong-type", "wrong", Span(0, 0), Source("", name))])["results"]
    return result["locations"][0]["physicalLocation"]["artifactLocation"]


def test_the_schema_is_not_a_formality() -> None:
    log = json.loads(to_sarif([Diagnostic("wrong-type", "wrong", Span(0, 1), TEXT)]))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(log)


def test_an_empty_log_is_valid_and_holds_every_rule() -> None:
    run = run_of([], version="0.1.0")
    rules = run["tool"]["driver"]["rules"]
    assert run["results"] == []
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["version"] == "0.1.0"
    assert {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules} == {
        name: code.severity for name, code in CODES.items()
    }
    assert {rule["shortDescription"]["text"] for rule in rules} == {code.meaning for code in CODES.values()}


def test_the_help_of_a_rule_shows_example_and_fix() -> None:
    rules = {rule["id"]: rule["help"]["text"] for rule in run_of([])["tool"]["driver"]["rules"]}
    assert rules["wrong-operator"] == 'Example: sentiment contains "a"\nFix: sentiment > 0.5'
    assert rules["too-deep"] == "Fix: Remove unneeded parentheses and `not`s."
    assert rules["misleading-character"].startswith('Example: plan == "\\u202epro"\n')
    assert rules["duplicate-name"].count("\n") > 2


def test_a_result() -> None:
    note = Note("used here", Span(0, 1), TEXT)
    error = Diagnostic("wrong-type", "wr\x1bong", Span(13, 16), TEXT, ("write a number",), (note,), 'segment "A"')
    artifact = {"uri": "config/my%20segments.toml", "uriBaseId": "%SRCROOT%"}
    (result,) = run_of([error])["results"]
    assert result == {
        "ruleId": "wrong-type",
        "ruleIndex": list(CODES).index("wrong-type"),
        "level": "error",
        "message": {"text": "wr\\u001bong\nhelp: write a number"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {
                        "startLine": 2,
                        "startColumn": 6,
                        "endLine": 2,
                        "endColumn": 9,
                        "charOffset": 13,
                        "charLength": 3,
                    },
                },
                "logicalLocations": [{"name": 'segment "A"'}],
            }
        ],
        "relatedLocations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {
                        "startLine": 1,
                        "startColumn": 1,
                        "endLine": 1,
                        "endColumn": 2,
                        "charOffset": 0,
                        "charLength": 1,
                    },
                },
                "message": {"text": "used here"},
            }
        ],
    }


def test_fixes_are_replacements_in_the_file() -> None:
    fixes = (
        Fix("write \x1b", (Edit(Span(8, 11), "or"), Edit(Span(13, 13), "x\n"))),
        Fix("leave it out", (Edit(Span(6, 16), ""),), safe=True),
    )
    (result,) = run_of([Diagnostic("wrong-type", "wrong", Span(13, 16), TEXT, fixes=fixes)])["results"]
    assert [fix["description"]["text"] for fix in result["fixes"]] == ["write \\u001b", "leave it out"]
    for shown, fix in zip(result["fixes"], fixes, strict=True):
        (change,) = shown["artifactChanges"]
        assert change["artifactLocation"] == {"uri": "config/my%20segments.toml", "uriBaseId": "%SRCROOT%"}
        edits = [
            Edit(
                Span(region["charOffset"], region["charOffset"] + region["charLength"]),
                replacement["insertedContent"]["text"],
            )
            for replacement in change["replacements"]
            for region in [replacement["deletedRegion"]]
        ]
        assert tuple(edits) == fix.edits
    region = result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (2, 1, 4)


def test_the_index_of_a_rule_points_at_it() -> None:
    found = [Diagnostic(code, "odd", Span(0, 0), TEXT) for code in CODES]
    run = run_of(found)
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == list(CODES)
    assert [result["level"] for result in run["results"]] == [code.severity for code in CODES.values()]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("segments.toml", "segments.toml"),
        ("./a/b.toml", "a/b.toml"),
        ("a:b#c?d%e.toml", "a%3Ab%23c%3Fd%25e.toml"),
        ("日本.toml", "%E6%97%A5%E6%9C%AC.toml"),
        ("../up.toml", "../up.toml"),
    ],
)
def test_a_relative_path(name: str, uri: str) -> None:
    assert uri_of(name) == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_an_absolute_path(tmp_path: Path) -> None:
    path = tmp_path / "my segments.toml"
    assert uri_of(str(path)) == {"uri": path.as_uri()}


WRONG = (
    ('plan = free and seats => 5 and sentiment < 0,3 and "vip" in company', ["free", "=>", "0,3", '"vip" in company']),
    ("(plan == “pro” && lastSeen > 3 weeks; seats ≥ ten", ["“pro”", "> 3 weeks", ";", "≥", "ten", ""]),
    ("comercialIntent === 0.5 and rating = 4 or more and (isAdmin", ["comercialIntent", "===", "more", ""]),
    ("größe > 5\n  and plan = 'it''s' and\n  日本 == 1", ["größe", "'it''s'", "日本"]),
)
"""Texts with several errors, and what each of them underlines."""


@pytest.mark.parametrize(("text", "underlined"), WRONG)
def test_every_error_of_a_text_is_a_result_of_its_own(text: str, underlined: list[str]) -> None:
    """Those of syntax and those of meaning, in the order of the text, each with its own place and fixes."""
    found = [one for one in segdsl.check(text) if one.severity == "error"]
    results = run_of(found)["results"]
    assert [result["ruleId"] for result in results] == [one.code for one in found]
    regions = [result["locations"][0]["physicalLocation"]["region"] for result in results]
    assert [text[region["charOffset"] :][: region["charLength"]] for region in regions] == underlined
    lines = text.split("\n")
    for region in regions:
        before = lines[: region["startLine"] - 1]
        assert sum(len(line) + 1 for line in before) + region["startColumn"] - 1 == region["charOffset"]


@pytest.mark.parametrize("text", [text for text, _ in WRONG[:3]])
def test_the_first_fixes_of_all_results_make_a_text_without_these_errors(text: str) -> None:
    results = run_of(list(segdsl.check(text)))["results"]
    replacements = [
        replacement
        for result in results
        if "fixes" in result
        for replacement in result["fixes"][0]["artifactChanges"][0]["replacements"]
    ]
    mended = text
    for replacement in sorted(replacements, key=lambda one: one["deletedRegion"]["charOffset"], reverse=True):
        region = replacement["deletedRegion"]
        start, end = region["charOffset"], region["charOffset"] + region["charLength"]
        mended = mended[:start] + replacement["insertedContent"]["text"] + mended[end:]
    left = [one for one in segdsl.check(mended, max_segments=100) if one.severity == "error"]
    fixed = sum("fixes" in result for result in results)
    assert fixed > 2
    assert len(left) == len(results) - fixed


@settings(max_examples=30)
@given(st.text(), st.text(), st.text(), st.text(max_size=20), st.tuples(st.integers(0, 20), st.integers(0, 20)))
def test_any_text_gives_a_valid_log(message: str, help_: str, name: str, text: str, ends: tuple[int, int]) -> None:
    span = Span(*sorted(min(end, len(text)) for end in ends))
    source = Source(text, name)
    fix = Fix(help_, (Edit(span, message),))
    found = Diagnostic("wrong-type", message, span, source, (help_,), (Note(message, span, source),), name, (fix,))
    (result,) = run_of([found])["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].isascii()
    assert unquote(place["artifactLocation"]["uri"], errors="surrogatepass").endswith(PurePath(name).as_posix())
    region = place["region"]
    assert text[region["charOffset"] :][: region["charLength"]] == text[span.start : span.end]

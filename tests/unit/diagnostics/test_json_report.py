"""Diagnostics as a JSON document."""

import json

import msgspec

from segdsl.diagnostics import Diagnostic, Edit, Fix, Note
from segdsl.diagnostics.json_report import to_json
from segdsl.source import Source, Span

TEXT = Source("plan ==\r\n'日\u202e'", "segments.toml")


def test_the_document() -> None:
    fix = Fix("write it in one word", (Edit(Span(9, 10), ""), Edit(Span(13, 13), "s")), safe=True)
    note = Note("here", Span(0, 4), TEXT)
    error = Diagnostic("wrong-type", "wrong", Span(9, 13), TEXT, ("help",), (note,), "segment", (fix,))
    warning = Diagnostic("redundant", "odd", Span(0, 0), TEXT)
    assert json.loads(to_json([error, warning])) == {
        "version": 1,
        "diagnostics": [
            {
                "code": "wrong-type",
                "severity": "error",
                "message": "wrong",
                "source": "segments.toml",
                "context": "segment",
                "start": 9,
                "end": 13,
                "line": 2,
                "column": 1,
                "endLine": 2,
                "endColumn": 5,
                "help": ["help"],
                "notes": [{"message": "here", "source": "segments.toml", "start": 0, "end": 4}],
                "fixes": [
                    {
                        "title": "write it in one word",
                        "safe": True,
                        "edits": [{"start": 9, "end": 10, "text": ""}, {"start": 13, "end": 13, "text": "s"}],
                    }
                ],
            },
            warning.to_dict(),
        ],
        "summary": {"errors": 1, "warnings": 1},
    }


def test_help_is_written_from_the_ways_out() -> None:
    fix = Fix("use `<=`", (Edit(Span(0, 2), "<="),))
    note = Note("here", Span(0, 4), TEXT)
    found = Diagnostic.of("foreign-operator", "`=<`", Span(0, 2), TEXT, fix, "or say it in another way", notes=(note,))
    assert found.help == ("use `<=`", "or say it in another way")
    assert (found.fixes, found.notes) == ((fix,), (note,))


def test_nothing_found() -> None:
    assert json.loads(to_json([])) == {"version": 1, "diagnostics": [], "summary": {"errors": 0, "warnings": 0}}


def test_a_strict_reader_takes_any_text() -> None:
    found = Diagnostic("wrong-type", "a\ud800b\U0001f600\x1b\u202e", Span(0, 0), Source("", "\udcff"))
    written = to_json([found])
    (read,) = msgspec.json.decode(written)["diagnostics"]
    assert read["message"] == "a\\ud800b\U0001f600\x1b\u202e"
    assert read["source"] == "\\udcff"
    assert written.isascii()
    assert written.replace("\n", "").isprintable()

"""What every diagnostic looks like, kept in a text file for each code.

Whoever changes a message reads it in the diff: `SEGDSL_UPDATE_SNAPSHOTS=1 pytest tests/snapshots` writes the files
anew.
"""

import re
import tomllib
from pathlib import Path

import pytest

from segdsl.diagnostics import CODES, Diagnostic
from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.render import render

from .configs import CONFIGS, ConfigCase, FilesCase, SqlCase
from .expressions import EXPRESSIONS, Case, with_params

FOLDER = Path(__file__).parent / "rendered"
GRAMMAR_SYMBOL = re.compile(r"__ANON|\$END|\bToken\(|\b[A-Z]{3,}\b")
FAMILIAR = {"API", "ASCII", "JSON", "RFC", "UTC", "UUID", "UTF", "YAML", "TOML", "KEY", "MiB"}
QUOTED = re.compile(r"`[^`]*`|\bU\+[0-9A-F]+ \([^)]*\)|\bU\+[0-9A-F]+|\bYYYY-MM-DD\b")

AnyCase = Case | ConfigCase | FilesCase | SqlCase


def cases(code: str) -> list[AnyCase]:
    """The example of the table of codes, then those of this folder."""
    texts = [Case(case) if isinstance(case, str) else case for case in EXPRESSIONS.get(code, [])]
    listed = [*example(code), *texts, *CONFIGS.get(code, [])]
    return list({case.label: case for case in listed}.values())


def example(code: str) -> list[AnyCase]:
    row = CODES[code]
    if not row.example:
        return []
    if row.place == "config":
        return [ConfigCase(row.example)]
    if row.place == "sql":
        config = tomllib.loads(row.example)
        return [SqlCase(config["segment"][0]["where"], config["source"], "mysql")]
    return [with_params(row.example, **row.example_params)]


def diagnostics(case: AnyCase, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, ...]:
    if not isinstance(case, FilesCase):
        return case.diagnostics()
    folder.mkdir()
    monkeypatch.chdir(folder)
    return case.diagnostics_in(folder)


def rendered(found: tuple[Diagnostic, ...], label: str) -> str:
    return "\n\n".join([f"──── {visible(label)}", *map(render, found)])


@pytest.mark.parametrize("code", CODES)
def test_rendered_messages_are_those_on_file(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, updating: bool
) -> None:
    found = [diagnostics(case, tmp_path / str(at), monkeypatch) for at, case in enumerate(cases(code))]
    shown = "\n\n\n".join(rendered(one, case.label) for one, case in zip(found, cases(code), strict=True)) + "\n"
    file = FOLDER / f"{code}.txt"
    if updating:
        file.write_text(shown, "utf-8")
    assert file.read_text("utf-8") == shown
    silent = [
        case.label
        for one, case in zip(found, cases(code), strict=True)
        if code not in {diagnostic.code for diagnostic in one}
    ]
    assert silent == []


@pytest.mark.parametrize("code", CODES)
def test_messages_are_fit_to_read(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for at, case in enumerate(cases(code)):
        for diagnostic in diagnostics(case, tmp_path / str(at), monkeypatch):
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(diagnostic.source.text)
            assert diagnostic.message[0].islower() or not diagnostic.message[0].isalpha(), diagnostic.message
            for sentence in (diagnostic.message, *diagnostic.help, *(note.message for note in diagnostic.notes)):
                assert not set(GRAMMAR_SYMBOL.findall(QUOTED.sub("", sentence))) - FAMILIAR, sentence
                assert sentence.count("`") % 2 == 0, sentence
                assert not sentence.endswith((".", " ")), sentence


def test_exactly_the_known_codes_are_shown() -> None:
    assert {code for code in CODES if not EXPRESSIONS.get(code, CONFIGS.get(code))} == set()
    assert EXPRESSIONS.keys() | CONFIGS.keys() <= CODES.keys()
    assert {file.stem for file in FOLDER.glob("*.txt")} == CODES.keys()

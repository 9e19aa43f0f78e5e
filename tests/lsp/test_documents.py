"""The results remembered between versions of a document do not change any diagnostics."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segdsl import Environment
from segdsl.config.document import FormatName
from segdsl.lsp.documents import OpenDocument, OpenDocuments

from .configs import CONFIGS

_MARKS = [*"'\"\\\n\r[]{}:=@#, ", "\r\n", "\u2028", "😀"]
_WORDS = ["[[segment]]\n", "@engaged", " and ", "ratng", "where = ", "split = true\n"]
PIECES = st.sampled_from([*_MARKS, *_WORDS])
EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 5), PIECES), min_size=1, max_size=8)


def opened(documents: OpenDocuments, uri: str, text: str) -> OpenDocument:
    documents.put(uri, "", 1, text)
    document = documents.get(uri)
    assert document is not None
    return document


@settings(max_examples=40)
@given(st.sampled_from([*CONFIGS]), EDITS)
def test_after_any_edits_the_problems_are_those_of_the_text_alone(
    form: FormatName, edits: list[tuple[int, int, str]]
) -> None:
    uri, text, known = f"file:///nowhere/segments.{form}", CONFIGS[form], OpenDocuments("utf-16")
    versions = [text]
    for start, length, piece in edits:
        at = start % (len(text) + 1)
        text = text[:at] + piece + text[at + length :]
        versions.append(text)
    for version in [*versions, *reversed(versions)]:  # and undone
        fresh = OpenDocuments("utf-16")
        found = known.checked(opened(known, uri, version))
        expected = fresh.checked(opened(fresh, uri, version))
        assert (found.is_config, found.problems) == (expected.is_config, expected.problems)


def test_an_edit_analyses_only_the_expression_that_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    analyse = Environment.analyse

    def counted(self: Environment, expression: str, *others: Any) -> Any:
        made.append(expression)
        return analyse(self, expression, *others)

    monkeypatch.setattr(Environment, "analyse", counted)
    uri, documents = "file:///nowhere/segments.toml", OpenDocuments("utf-16")
    lines = [f"[[segment]]\nname = '{number}'\nwhere = 'rating > {number / 100}'\n" for number in range(50)]
    documents.checked(opened(documents, uri, "".join(lines)))
    assert len(made) == 50
    made.clear()
    documents.checked(opened(documents, uri, "".join(lines).replace("0.25", "0.255")))
    assert made == ["rating > 0.255"]


def test_another_definition_analyses_everything_anew() -> None:
    uri, documents = "file:///nowhere/segments.toml", OpenDocuments("utf-16")
    text = '[define]\na = "rating > 3"\n[[segment]]\nname = "A"\nwhere = "@a"\n'
    assert documents.checked(opened(documents, uri, text)).problems == ()
    (problem,) = documents.checked(opened(documents, uri, text.replace("rating", "ratng"))).problems
    assert problem.code == "near-miss"

"""Which documents the server speaks for."""

import tomllib
from pathlib import Path

import pytest

from segdsl.lsp.documents import OpenDocuments

BAD = {"toml": 'name = "A', "yaml": "name: [", "json": '{"name": '}
"""Texts that no reader of their format takes."""


def is_config(name: str, text: str, language: str = "") -> bool:
    documents = OpenDocuments("utf-16")
    uri = name if ":" in name else f"file:///project/{name}"
    documents.put(uri, language, 1, text)
    document = documents.get(uri)
    assert document is not None
    return documents.checked(document).is_config


@pytest.mark.parametrize(
    "name",
    [
        "segments.toml",
        "segments.yaml",
        "segments.yml",
        "segments.json",
        "segments-eu.toml",
        "eu.segments.toml",
        "segments.eu.json",
    ],
)
def test_the_name_decides_for_any_content(name: str) -> None:
    form = name.rpartition(".")[2].replace("yml", "yaml")
    assert is_config(name, "")
    assert is_config(name, BAD[form])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("people.toml", '[[segment]]\nname = "A"\n'),
        ("people.toml", '[[segment]]\nname = "A\n'),
        ("people.toml", "  [[ segment ]] # broken\nname ="),
        ("people.yaml", "segment:\n- name: A\n"),
        ("people.yaml", "segment:\n- name: [\n"),
        ("people.json", '{"segment": []}'),
        ("people.json", '{"properties": 1, "segment": [{'),
        ("untitled:people.toml", "[[segment]]\n"),
    ],
)
def test_a_list_of_segments_tells_under_any_name(name: str, text: str) -> None:
    assert is_config(name, text)


def test_a_document_without_a_file_has_the_format_of_its_language() -> None:
    assert is_config("untitled:Untitled-1", "[[segment]]\n", "toml")
    assert not is_config("untitled:Untitled-1", "[[segment]]\n", "markdown")


OTHERS = {
    "Cargo.toml": '[package]\nname = "segment"\n[dependencies]\nsegment = "1"\n',
    "pyproject.toml": '[project]\nname = "segment"\n[[tool.segment]]\n',
    "compose.yaml": "services:\n  segment:\n    image: a\n",
    "package.json": '{"name": "segment", "dependencies": {"segment": "1"}}',
    "segments.schema.json": '{"$schema": "https://json-schema.org/draft/2020-12/schema"}',
    "segments.csv": "segment\n",
    "segments.md": "[[segment]]\n",
    "people.toml": "segment = 1\n",
    "map.json": '{"parts": [{"segment": [1, 2]}]}',
}


@pytest.mark.parametrize("name", OTHERS)
def test_of_every_other_file_nothing_is_said(name: str) -> None:
    assert not is_config(name, OTHERS[name])
    for cut in range(len(OTHERS[name])):  # nor while it is being written
        assert not is_config(name, OTHERS[name][:cut])


def test_nothing_is_said_of_the_own_project_file() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert tomllib.loads(text)
    assert not is_config("pyproject.toml", text)

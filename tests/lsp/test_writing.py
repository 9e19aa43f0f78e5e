"""Completion and hover: in every kind of string, in strings that are not closed yet, in files that cannot be read."""

import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from segdsl.config.document import FormatName

from .client import Client, Json, covered, edited
from .test_features import at, opened

READ: dict[str, Callable[[str], Any]] = {"toml": tomllib.loads, "yaml": yaml.safe_load, "json": json.loads}
FRAMES = {
    "toml": 'properties.plan = ["it\'s", "pro"]\n[[segment]]\nname = "😀"\nwhere = %s\n',
    "yaml": 'properties: {plan: ["it\'s", pro]}\nsegment:\n- name: 😀\n  where: %s\n',
    "json": '{"properties": {"plan": ["it\'s", "pro"]}, "segment": [{"name": "😀", "where": %s}]}\n',
}


def completed(client: Client, name: str, text: str) -> tuple[str, dict[str, Json]]:
    """The text without its cursor `|`, and the items by label. They match the typed text, as an editor needs."""
    position, text = at(text, "|"), text.replace("|", "", 1)
    uri = opened(client, name, text)
    found = client.about("completion", uri, position=position)
    for item in found["items"]:
        place = item["textEdit"]["range"]
        assert place["start"]["line"] == place["end"]["line"] == position["line"]
        assert place["start"]["character"] <= position["character"] <= place["end"]["character"]
        assert item["filterText"].startswith(covered(text, {"start": place["start"], "end": position}))
    assert [item["sortText"] for item in found["items"]] == sorted(item["sortText"] for item in found["items"])
    return text, {item["label"]: item for item in found["items"]}


@pytest.mark.parametrize(
    ("form", "literal"),
    [
        ("toml", "'plan == |'"), ("toml", '"plan == |"'), ("toml", "'''\n😀 == 1 and plan == |'''"),
        ("toml", '"""plan == |"""'), ("toml", "'plan in [\"pro\", |]'"), ("toml", '"\\u0070lan == |"'),
        ("yaml", "plan == | # end"), ("yaml", "'plan == |'"), ("yaml", '"plan == |"'), ("yaml", "|-\n    plan == ¦"),
        ("json", '"plan == |"'), ("json", '"\\u0070lan == |"'),
    ],
)  # fmt: skip
def test_a_completion_is_written_as_its_string_needs_it(form: FormatName, literal: str, shared: Client) -> None:
    frame = FRAMES[form] % literal
    if "¦" in frame:  # the bar of a block is none
        position = at(frame, "¦")
        text = frame.replace("¦", "")
        uri = opened(shared, f"segments-bar.{form}", text)
        items = {one["label"]: one for one in shared.about("completion", uri, position=position)["items"]}
    else:
        text, items = completed(shared, f"segments-completed.{form}", frame)
    before = READ[form](text)["segment"][0]["where"]
    for value in ("it's", "pro") if '"pro"' not in before else ("it's",):
        (item,) = (one for label, one in items.items() if label.strip("\"'") == value)
        after = READ[form](edited(text, [item["textEdit"]]))
        written = after["segment"][0]["where"]
        assert written.replace(f'"{value}"', "", 1).split() == before.split()
        assert {**after, "segment": 0} == {**READ[form](text), "segment": 0}


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("toml", "where = 'conversationCount > 3 and sent|"),
        ("toml", '  where="sent|'),
        ("toml", "where = 'sent|'"),
        ("yaml", "- where: 'sent|"),
        ("yaml", '  where: "sent|'),
        ("yaml", "  where: sent|"),
        ("json", '{"name": "B", "where": "sent|'),
        ("json", '"where": "plan == \\"pro\\" and sent|"'),
        ("toml", "where = '''\nconversationCount > 3\nand sent|"),
        ("toml", "where = '''\nconversationCount > 3\nand sent| # cqi\n'''"),
        ("toml", 'where = """\n😀 == 1\nand sent|\n\n[[segment]]\nwhere = """cqi > 3"""'),
        ("toml", "[define]\nx = 'sent|"),
        ("toml", '[define]\n"x" = """\nsent|'),
        ("yaml", "- where: >\n    conversationCount > 3\n    and sent|\n  name: B"),
        ("yaml", "- where: >- # folded\n    conversationCount > 3 and sent|"),
        ("yaml", "- where: 'conversationCount > 3\n     and sent|"),
        ("yaml", "- where: 'conversationCount > 3\n     and sent|'\n  name: B"),
        ("yaml", "define:\n  x: sent|"),
        ("json", '"define": {"a": "x", "b": "sent|'),
    ],
)
def test_in_an_open_string_of_a_broken_file_too(form: FormatName, line: str, shared: Client) -> None:
    text, items = completed(shared, f"segments-open.{form}", f"{FRAMES[form] % '😀 ['}\n{line}\n]]")
    written = edited(text, [items["sentiment"]["textEdit"]])
    assert written == text.replace("sent", "sentiment")


OTHER_LINES = ["where = '''a''' sent|", "name = 'sent|", "# where = 'sent|", "where = sent|", 'where = "\\u0|']


@pytest.mark.parametrize(
    ("form", "define"),
    [("toml", "[define]\na = '%s\n["), ("yaml", "define:\n  a: '%s\n ]"), ("json", '"define": {"a": "%s')],
)
def test_in_an_open_definition_there_is_no_scope(form: str, define: str, shared: Client) -> None:
    _, items = completed(shared, f"segments-define.{form}", define % "cqi > 3 |")
    assert set(items) == {"and", "or"}


@pytest.mark.parametrize("line", OTHER_LINES)
def test_elsewhere_nothing_is_offered(line: str, shared: Client) -> None:
    assert completed(shared, "segments-elsewhere.toml", f"[[segment]]\n{line}\n")[1] == {}


@pytest.mark.parametrize("after", ["", "]]"], ids=["readable", "broken"])
@pytest.mark.parametrize("line", ["¦    cqi > 3", "  ¦  cqi > 3", "   ¦ cqi > 3"])
def test_in_the_indentation_nothing_is_offered(line: str, after: str, shared: Client) -> None:
    frame = FRAMES["yaml"] % f">\n    rating > 3 and\n{line}\n{after}"
    uri = opened(shared, "segments-indented.yaml", frame.replace("¦", ""))
    assert shared.about("completion", uri, position=at(frame, "¦"))["items"] == []


def test_inside_an_escape_nothing_is_offered(shared: Client) -> None:
    assert completed(shared, "segments-escape.json", FRAMES["json"] % '"plan == \\"pro\\|" and cqi > 3"')[1] == {}


def test_what_was_declared_is_known_while_the_file_is_broken(shared: Client) -> None:
    declared = '[properties]\nplan = ["pro", "free"]\n[define]\nengaged = "rating > 0.5"\n'
    uri = opened(shared, "segments-known.toml", declared)
    for line, label in [("plan == ", "pro"), ("@", "@engaged")]:
        text = f"{declared}[[segment]]\nwhere = 'rating > 0.1 and {line}"
        shared.change(uri, text)
        position = {"line": text.count("\n"), "character": len(text.rpartition("\n")[2])}
        found = shared.about("completion", uri, position=position)["items"]
        assert label in {one["label"].strip("\"'") for one in found}


def test_in_a_definition_neither_itself_nor_a_scope_is_offered(shared: Client) -> None:
    _, items = completed(shared, "segments-own.toml", '[define]\na = "@|"\nb = "rating > 3"\nc = "@a"\n')
    assert "@b" in items
    assert {"@a", "@c"}.isdisjoint(items)
    _, items = completed(shared, "segments-own.toml", '[define]\na = "rating > 3 |"\n')
    assert set(items) == {"and", "or"}


def test_a_word_is_explained_at_its_place(shared: Client) -> None:
    text = FRAMES["toml"] % "'plan == \"😀\" and sentiment > 0.5'"
    uri = opened(shared, "segments-hover.toml", text)
    found = shared.about("hover", uri, position=at(text, "sentiment", 3))
    assert covered(text, found["range"]) == "sentiment"
    assert found["contents"]["kind"] == "markdown"
    assert "`sentiment`" in found["contents"]["value"]
    assert shared.about("hover", uri, position=at(text, "[[segment")) is None

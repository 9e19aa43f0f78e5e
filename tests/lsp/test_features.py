"""The server's answers about names, outline, numbers of segments and words, over the pipes of a real process."""

import tomllib
from pathlib import Path

import pytest

from segdsl.config.document import FormatName

from .client import Client, Json, covered, edited
from .configs import CONFIGS

NAMES = """\
[define]
engaged = "conversationCount >= 5"
"loyal" = '@engaged and rating > 0.5' # 😀

[[segment]]
name = "A 😀"
where = '''
@loyal and # 😀 @engaged
@engaged'''

[[segment]]
name = "B"
where = "plan == '@engaged' or \\u0040engaged and ("
"""


def at(text: str, words: str, more: int = 0) -> Json:
    """The position of the first place of `words`, and `more` characters."""
    before = text[: text.index(words) + more]
    line = before.rpartition("\n")[2]
    return {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}


def opened(client: Client, name: str, text: str) -> str:
    uri = f"file:///nowhere/{name}"
    client.open(uri, text)
    return uri


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["engaged =", "@engaged and", "@engaged'''", "\\u0040engaged"])
def test_a_name_leads_to_its_definition_and_its_uses(words: str, shared: Client) -> None:
    uri = opened(shared, "segments-names.toml", NAMES)
    position = at(NAMES, words, len(words) - 3 if words.startswith("\\") else 0)
    found = shared.about("definition", uri, position=position)
    assert (found["uri"], found["range"]["start"]) == (uri, {"line": 1, "character": 0})
    assert covered(NAMES, found["range"]) == "engaged"

    for declared in (True, False):
        uses = shared.about("references", uri, position=position, context={"includeDeclaration": declared})
        assert [covered(NAMES, use["range"]) for use in uses] == ["engaged"] * (3 + declared)
        assert [use["range"]["start"]["line"] for use in uses] == [1, 2, 8, 12][not declared :]


def test_elsewhere_there_is_no_name(shared: Client) -> None:
    uri = opened(shared, "segments-names.toml", NAMES)
    for words in ("rating", "[define]", "# 😀 @engaged", "'@engaged' or"):
        position = at(NAMES, words, 4)
        assert shared.about("definition", uri, position=position) is None
        assert shared.about("prepareRename", uri, position=position) is None
        assert shared.about("rename", uri, position=position, newName="other") is None


@pytest.mark.parametrize("old", ["engaged", "loyal"])
def test_another_name_is_written_everywhere(old: str, shared: Client) -> None:
    uri = opened(shared, "segments-names.toml", NAMES)
    position = at(NAMES, f"@{old}", 2)
    assert covered(NAMES, shared.about("prepareRename", uri, position=position)) == old
    changes = shared.about("rename", uri, position=position, newName="new-name")["changes"]
    text = edited(NAMES, changes[uri])
    before, after = tomllib.loads(NAMES), tomllib.loads(text)
    expected = {("new-name" if name == old else name): value for name, value in before["define"].items()}
    if old == "engaged":
        expected["loyal"] = "@new-name and rating > 0.5"
        assert after["segment"][0]["where"] == "@loyal and # 😀 @engaged\n@new-name"
        assert after["segment"][1]["where"] == "plan == '@engaged' or @new-name and ("
    assert after["define"] == expected
    assert text.count("😀") == NAMES.count("😀")


@pytest.mark.parametrize("new", ["loyal", "1st", "two words", ""])
def test_a_name_that_cannot_be_used_is_refused(new: str, shared: Client) -> None:
    uri = opened(shared, "segments-names.toml", NAMES)
    params = {"textDocument": {"uri": uri}, "position": at(NAMES, "@engaged", 1), "newName": new}
    error = shared.reply("textDocument/rename", params)["error"]
    assert error["code"] == -32803
    assert f"`{new}` cannot" in error["message"] or f"`@{new}` already" in error["message"]


def test_a_key_of_yaml_is_written_as_yaml_needs_it(shared: Client) -> None:
    text = "define:\n  a: rating > 3\nsegment:\n- name: A\n  where: '@a'\n"
    uri = opened(shared, "segments-names.yaml", text)
    changes = shared.about("rename", uri, position=at(text, "@a", 1), newName="on")["changes"]
    assert edited(text, changes[uri]) == text.replace("  a:", "  'on':").replace("@a", "@on")


def test_a_name_of_an_included_file_is_one_for_all_open_configs(shared: Client, tmp_path: Path) -> None:
    common, texts = tmp_path / "common.toml", {}
    common.write_text('[define]\na = "rating > 3"\nb = "@a"\n', encoding="utf-8")
    for name in ("segments-1.toml", "segments-2.toml"):
        text = f'include = ["common.toml"]\n[[segment]]\nname = "{name}"\nwhere = "@a"\n'
        texts[(tmp_path / name).as_uri()] = text
        shared.open((tmp_path / name).as_uri(), text)
    texts[common.as_uri()] = common.read_text("utf-8")
    first = next(iter(texts))
    position = at(texts[first], "@a", 1)

    assert shared.about("definition", first, position=position)["uri"] == common.as_uri()
    changes = shared.about("rename", first, position=position, newName="c")["changes"]
    assert {uri: edited(texts[uri], edits) for uri, edits in changes.items()} == {
        uri: text.replace("@a", "@c").replace("\na =", "\nc =") for uri, text in texts.items()
    }


# ── outline, hints, colours ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", CONFIGS)
def test_the_outline_is_the_definitions_and_segments(form: FormatName, shared: Client) -> None:
    text = CONFIGS[form]
    uri = opened(shared, f"segments-outline.{form}", text)
    found = shared.about("documentSymbol", uri)
    assert [one["name"] for one in found] == ["@engaged", "Großkunden 😀", "Two"]
    assert found[0]["detail"] == "conversationCount >= 5"
    for one, name, last in zip(
        found, ["engaged", "Großkunden 😀", "Two"], [">= 5", "@engaged", "sentiment > 0.2"], strict=True
    ):
        assert covered(text, one["selectionRange"]).strip("\"'") == name
        whole = covered(text, one["range"])
        assert covered(text, one["selectionRange"]) in whole
        assert last in whole


def test_an_expression_that_becomes_several_segments_says_how_many(shared: Client) -> None:
    text = "[[segment]]\nname = 'A'\nsplit = true\nwhere = '''\nrating > 0.5 or sentiment > 0.5'''\n"
    text += text.replace("A", "B").replace(" or ", " and ")
    uri = opened(shared, "segments-hints.toml", text)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    (hint,) = shared.about("inlayHint", uri, range=whole)
    assert (hint["label"], hint["position"]) == ("2 segments", {"line": 4, "character": 34})
    assert shared.about("inlayHint", uri, range={**whole, "start": {"line": 6, "character": 0}}) == []


@pytest.mark.parametrize("after", ["", "[[segment\n"], ids=["readable", "broken"])
def test_the_words_of_expressions_have_kinds(after: str, shared: Client) -> None:
    text = "[[segment]]\nname = '😀 rating'\nwhere = '''\nrating >= 3 and plan in [\"😀\"] # 😀 no\r\n&& @a'''\n"
    text += after
    uri = opened(shared, "segments-tokens.toml", text)
    data = shared.about("semanticTokens/full", uri)["data"]
    legend = shared.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"]
    found, line, character = [], 0, 0
    for down, right, length, kind, _ in zip(*[iter(data)] * 5, strict=True):
        line, character = line + down, right if down else character + right
        start = {"line": line, "character": character}
        place = {"start": start, "end": {"line": line, "character": character + length}}
        found.append((covered(text, place), legend[kind]))
    assert found == [
        ("rating", "variable"), (">=", "operator"), ("3", "number"), ("and", "keyword"), ("plan", "property"),
        ("in", "keyword"), ('"😀"', "string"), ("# 😀 no", "comment"), ("&&", "operator"), ("@a", "macro"),
    ]  # fmt: skip


METHODS = (
    "completion",
    "hover",
    "definition",
    "references",
    "prepareRename",
    "documentSymbol",
    "inlayHint",
    "semanticTokens/full",
)


@pytest.mark.parametrize("form", CONFIGS)
def test_every_question_about_a_broken_file_is_answered(form: FormatName, shared: Client) -> None:
    uri = opened(shared, f"segments-cut.{form}", CONFIGS[form])
    place = {"line": 3, "character": 5}
    for cut in range(0, len(CONFIGS[form]), 40):
        shared.change(uri, CONFIGS[form][:cut] + "\x00")
        for method in METHODS:
            params = {"position": place, "range": {"start": place, "end": place}}
            shared.about(method, uri, **params, context={"includeDeclaration": True, "triggerKind": 1})

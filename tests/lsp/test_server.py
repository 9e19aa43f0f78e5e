"""The server over the pipes of a real process: what it publishes and answers, and that it ends cleanly."""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pygls.protocol import default_converter

from segdsl.config.check import check_files
from segdsl.config.document import FormatName
from segdsl.config.load import loads
from segdsl.config.rewrite import formatted_config
from segdsl.lsp.diagnostics import diagnostics
from segdsl.lsp.documents import OpenDocuments

from .client import COMMAND, Client, covered, edited, editor
from .configs import CONFIGS

OPTIONS = {"tabSize": 4, "insertSpaces": True}


def fresh(uri: str, text: str) -> list[Any]:
    """The diagnostics of a server that knows nothing but this text."""
    documents = OpenDocuments("utf-16")
    documents.put(uri, "", 1, text)
    document = documents.get(uri)
    assert document is not None
    converter = default_converter()  # type: ignore[no-untyped-call]
    found: list[Any] = json.loads(json.dumps(converter.unstructure(diagnostics(document, documents))))
    return found


# ── diagnostics ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("form", CONFIGS)
def test_the_problems_are_those_of_check_at_their_places(
    form: FormatName, newline: str, shared: Client, tmp_path: Path
) -> None:
    path = tmp_path / f"segments.{form}"
    path.write_bytes(CONFIGS[form].replace("\n", newline).encode())
    text, uri = path.read_bytes().decode(), path.as_uri()

    shared.open(uri, text)
    found = shared.diagnostics(uri)

    _, problems = check_files([path])
    assert [(one["code"], covered(text, one["range"])) for one in found] == [
        (problem.code, text[problem.span.start : problem.span.end]) for problem in problems
    ]
    assert {one["code"] for one in found} >= {"near-miss", "unknown-definition"}
    assert all(one["source"] == "segdsl" for one in found)


def test_a_redundant_part_is_unnecessary_and_a_use_is_a_related_place(shared: Client) -> None:
    uri = "file:///nowhere/segments-tags.toml"
    text = '[define]\na = "ratng > 9"\n[[segment]]\nname = "A"\nwhere = "@a"\n[[segment]]\nname = "B"\n'
    text += "where = 'sentiment > 0.3 and sentiment > 0.2'\n"
    shared.open(uri, text)
    found = {one["code"]: one for one in shared.diagnostics(uri)}

    assert found["redundant"]["tags"] == [1]
    assert covered(text, found["redundant"]["range"]) == "sentiment > 0.2"
    (related,) = found["near-miss"]["relatedInformation"]
    assert related["location"]["uri"] == uri
    assert covered(text, related["location"]["range"]) == "@a"


def test_characters_count_in_the_units_that_the_editor_prefers() -> None:
    uri, before = "file:///nowhere/segments.toml", 'where = \'plan == "😀é\u2028" and '
    with editor("utf-8", "utf-16") as client:
        client.open(uri, f"[[segment]]\nname = 'A'\n{before}ratng > 3'\n")
        (found,) = client.diagnostics(uri)
    assert found["range"]["start"] == {"line": 2, "character": len(before.encode())}


def test_a_byte_order_mark_is_a_character_of_the_first_line(shared: Client) -> None:
    uri, text = "file:///nowhere/segments-bom.json", '\ufeff{"segment": [{"name": "A", "where": "ratng > 3"}]}'
    shared.open(uri, text)
    (found,) = shared.diagnostics(uri)
    assert covered(text, found["range"]) == "ratng"


def test_another_file_gets_no_diagnostics_and_a_closed_one_loses_them(shared: Client) -> None:
    other, uri = "file:///nowhere/Cargo.toml", "file:///nowhere/people.toml"
    shared.open(other, "[package]\nname = \n")
    shared.open(uri, '[[segment]]\nname = "A"\n')
    assert shared.diagnostics(uri)
    shared.change(uri, "a = 1\n")  # is one no more
    assert shared.diagnostics(uri) == []
    shared.close(uri)
    assert shared.about("formatting", other, options=OPTIONS) is None
    found = [(one["uri"], one["diagnostics"]) for one in shared.published if one["uri"] in (other, uri)]
    assert found == [(uri, [])]
    shared.published.clear()


def test_an_include_is_read_as_the_editor_has_it(shared: Client, tmp_path: Path) -> None:
    common, uri = tmp_path / "common.toml", (tmp_path / "segments.toml").as_uri()
    common.write_text('[define]\na = "rating > 3"\n', encoding="utf-8")
    shared.open(uri, 'include = ["common.toml"]\n[[segment]]\nname = "A"\nwhere = "@a"\n')
    assert shared.diagnostics(uri) == []

    shared.open(common.as_uri(), '# 😀\n[define]\na = "ratng > 3"\n')
    (found,) = shared.diagnostics(uri)
    assert (found["code"], found["range"]["start"]) == ("near-miss", {"line": 0, "character": 11})
    there, use = found["relatedInformation"]
    assert there["location"]["uri"] == common.as_uri()
    assert there["location"]["range"]["start"] == {"line": 2, "character": 5}
    assert use["location"]["uri"] == uri

    shared.change(common.as_uri(), '[define]\na = "rating > 4"\n')
    assert shared.diagnostics(uri) == []


def test_a_problem_of_an_included_file_stands_at_the_include_of_that_file(shared: Client, tmp_path: Path) -> None:
    for name, text in {"one": "", "two": '[define]\na = "ratng > 3"\n', "three": 'include = ["four.toml"]\n'}.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    (tmp_path / "four.toml").write_text('[define]\nb = "cqi >"\n', encoding="utf-8")
    uri, text = (tmp_path / "segments.toml").as_uri(), 'include = ["one.toml", "./two.toml", "three.toml"]\n'
    shared.open(uri, text)
    found = [(one["code"], covered(text, one["range"])) for one in shared.diagnostics(uri)]
    assert sorted(found) == [("near-miss", '"./two.toml"'), ("unexpected-end", '"one.toml"')]


def test_an_included_file_that_changes_on_the_disk_is_read_again(shared: Client, tmp_path: Path) -> None:
    common, uri = tmp_path / "common.toml", (tmp_path / "segments.toml").as_uri()
    common.write_text('[define]\na = "rating > 3"\n', encoding="utf-8")
    changed = {"changes": [{"uri": common.as_uri(), "type": 2}]}
    shared.open(uri, 'include = ["common.toml"]\n[[segment]]\nname = "A"\nwhere = "@a"\n')
    assert shared.diagnostics(uri) == []

    common.write_text('[define]\na = "ratng > 3"\n', encoding="utf-8")
    shared.notify("workspace/didChangeWatchedFiles", changed)
    assert [one["code"] for one in shared.diagnostics(uri)] == ["near-miss"]
    common.unlink()
    shared.notify("workspace/didChangeWatchedFiles", changed)
    assert [one["code"] for one in shared.diagnostics(uri)] == ["bad-include"]


def test_an_editor_that_can_watch_files_is_asked_to(shared: Client) -> None:
    shared.about("formatting", "file:///nowhere/none.toml", options=OPTIONS)
    (asked,) = (one for one in shared.others if one["method"] == "client/registerCapability")
    (registration,) = asked["params"]["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"
    assert registration["registerOptions"]["watchers"] == [{"globPattern": "**/*.{toml,yaml,yml,json}"}]


PIECES = [*"'\"\\\n[]{}:=@#,", "\r\n", "\u2028", "😀", "[[segment]]\n", "@engaged", " and ", "ratng", "where = ", "é"]


@pytest.mark.parametrize("form", CONFIGS)
def test_after_any_edits_the_diagnostics_are_those_of_a_fresh_server(form: FormatName, shared: Client) -> None:
    """Several edits come in one burst; each text is also undone, so that remembered results are used again."""
    chance, uri = random.Random(form), f"file:///nowhere/segments-edited.{form}"
    text = CONFIGS[form]
    shared.open(uri, text)
    for _ in range(12):
        before = text
        for _ in range(chance.randint(1, 3)):
            start = chance.randrange(len(text) + 1)
            text = text[:start] + chance.choice(PIECES) + text[start + chance.randint(0, 4) :]
            shared.change(uri, text)
        assert shared.diagnostics(uri) == fresh(uri, text)
        if chance.random() < 0.7:
            text = before
            shared.change(uri, text)
            assert shared.diagnostics(uri) == fresh(uri, text)


@pytest.mark.parametrize("form", CONFIGS)
def test_half_a_surrogate_pair_is_a_problem_of_the_text(form: FormatName, shared: Client) -> None:
    uri = f"file:///nowhere/segments-half.{form}"
    shared.open(uri, CONFIGS[form].replace("😀", "\ud83d").replace("seats > 10", "\udead > 10"))
    (found,) = shared.diagnostics(uri)
    assert found["code"] == "unreadable-config"


# ── fixes and formatting ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("form", "before", "after"),
    [
        ("toml", "'ratng > 3'", "'rating > 3'"),
        ("toml", "\"plan == 'pro' and ratng > 3 # \\u00e9\"", "\"plan == 'pro' and rating > 3 # \\u00e9\""),
        ("toml", "'''\r\nratng > 3'''", "'''\r\nrating > 3'''"),
        ("yaml", "'plan == ''😀'' and ratng > 3'", "'plan == ''😀'' and rating > 3'"),
        ("yaml", "|\n    ratng > 3", "|\n    rating > 3"),
        ("json", '"plan == \\"😀\\" and ratng > 3"', '"plan == \\"😀\\" and rating > 3"'),
        ("toml", "'plan == 3'", "'plan == \"3\"'"),
        ("toml", '"plan == 3"', '"plan == \\"3\\""'),
        ("yaml", "plan == 3", 'plan == "3"'),
        ("json", '"plan == 3"', '"plan == \\"3\\""'),
    ],
)
def test_a_fix_is_written_as_the_string_needs_it(form: FormatName, before: str, after: str, shared: Client) -> None:
    frame = {
        "toml": ('properties.plan = "string"\n[[segment]]\nname = "A"\nwhere = ', "\n"),
        "yaml": ("properties: {plan: string}\nsegment:\n- name: A\n  where: ", "\n"),
        "json": ('{"properties": {"plan": "string"}, "segment": [{"name": "A", "where": ', "}]}\n"),
    }[form]
    uri, text = f"file:///nowhere/segments-fixed.{form}", before.join(frame)
    shared.open(uri, text)
    (found,) = shared.diagnostics(uri)
    first, *_ = shared.actions(uri, found)
    assert (first["kind"], first["diagnostics"]) == ("quickfix", [found])
    assert edited(text, first["edit"]["changes"][uri]) == after.join(frame)


def test_fixes_are_offered_where_they_are_asked_for(shared: Client) -> None:
    uri, text = "file:///nowhere/segments-asked.toml", CONFIGS["toml"]
    shared.open(uri, text)
    found = shared.diagnostics(uri)
    nowhere = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    assert shared.about("codeAction", uri, range=nowhere, context={"diagnostics": []}) == []
    for kind, offered in [("quickfix", True), ("source.organizeImports", False)]:
        context = {"diagnostics": found, "only": [kind]}
        place = next(one["range"] for one in found if one["code"] == "near-miss")
        assert bool(shared.about("codeAction", uri, range=place, context=context)) == offered


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("form", CONFIGS)
def test_formatting_is_that_of_fmt_as_edits_of_the_expressions(form: FormatName, newline: str, shared: Client) -> None:
    uri, text = f"file:///nowhere/segments-format.{form}", CONFIGS[form].replace("\n", newline)
    shared.open(uri, text)
    edits = shared.about("formatting", uri, options=OPTIONS)
    config, _ = loads(text, "a", form)
    assert config is not None
    assert edited(text, edits) == formatted_config(config) != text
    literals = [text[one.where.span.start : one.where.span.end] for one in config.segments]
    assert {covered(text, edit["range"]) for edit in edits} <= {*literals}


@pytest.mark.parametrize("text", ["[[segment]]\nname = 'A'\nwhere = 'rating >'\n", "[[segment\n"])
def test_a_text_with_an_error_of_syntax_is_not_formatted(text: str, shared: Client) -> None:
    uri = "file:///nowhere/segments-broken.toml"
    shared.open(uri, text)
    assert shared.about("formatting", uri, options=OPTIONS) == []


# ── the protocol ───────────────────────────────────────────────────────────────────────────────────────────────────

POSITION = {"textDocument": {"uri": "file:///nowhere/a.toml"}, "position": {"line": 0, "character": 0}}


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("textDocument/formatting", {}, -32602),
        ("textDocument/formatting", None, -32602),
        ("textDocument/codeAction", {"textDocument": {"uri": "file:///a"}, "range": 3, "context": {}}, -32602),
        ("textDocument/nothing", {}, -32601),
        ("workspace/executeCommand", {"command": "nothing"}, -32602),
    ],
)
def test_a_request_that_cannot_be_served_is_answered_by_an_error(
    method: str, params: dict[str, Any] | None, code: int, shared: Client
) -> None:
    assert shared.reply(method, params)["error"]["code"] == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"\xff", -32700),
        (b"[" * 100_000, -32700),
        (b"3", -32600),
        (b"[]", -32600),
        (b'{"id": 1, "method": "shutdown"}', -32600),
    ],
)
def test_a_message_that_is_none_is_answered_by_an_error_without_id(body: bytes, code: int, shared: Client) -> None:
    shared.send_bytes(body)
    assert shared.answer_to(None)["error"]["code"] == code


def test_a_notification_that_cannot_be_served_is_left_out(shared: Client) -> None:
    shared.notify("textDocument/didOpen", {"textDocument": 3})
    shared.send(method="$/nothing")
    shared.notify("textDocument/didClose", {"textDocument": {"uri": "file:///nowhere/never-opened.toml"}})
    assert shared.about("formatting", "file:///nowhere/never-opened.toml", options=OPTIONS) is None


def test_before_initialize_and_after_shutdown_requests_are_refused() -> None:
    client = Client()
    try:
        assert client.reply("textDocument/formatting", {})["error"]["code"] == -32602
        assert client.reply("textDocument/hover", POSITION)["error"]["code"] == -32002
        capabilities = client.initialize()["capabilities"]
        assert capabilities["textDocumentSync"]["change"] == 1
        assert capabilities["documentFormattingProvider"]
        client.ask("shutdown", None)
        assert client.others == []  # it cannot watch files
        assert client.reply("textDocument/hover", POSITION)["error"]["code"] == -32600
        client.send(method="exit")
        assert client.wait() == 0
    finally:
        client.process.kill()


def test_an_exit_without_a_shutdown_and_the_end_of_stdin_are_failures() -> None:
    for end in (lambda client: client.send(method="exit"), lambda client: None):
        client = Client()
        client.initialize()
        end(client)
        assert client.wait() == 1


def test_a_signal_ends_it_at_once() -> None:
    client = Client()
    client.initialize()
    client.process.terminate()
    assert client.process.wait(60) == -15
    client.wait()


def test_without_the_extra_it_says_what_to_install() -> None:
    hide = "import sys; sys.modules['pygls'] = None; " + COMMAND[2]
    done = subprocess.run([*COMMAND[:2], hide, "lsp"], capture_output=True, text=True, check=False, timeout=100)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: the language server needs pygls, which is not installed: pip install 'segdsl[lsp]'\n"

"""Session: everything that it says is what the compiler says, in JSON, with offsets as JavaScript counts them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import segdsl
from segdsl import Environment
from segdsl.diagnostics import Diagnostic
from segdsl.errors import CompileError, ParseError, UserError
from segdsl.limits import MAX_SEGMENTS
from segdsl.semantics.advice import FORM
from segdsl.sql.dialects import DIALECTS
from segdsl.studio.playground import DEFINITIONS, EXAMPLES, SCHEMA, people, playground
from segdsl.studio.session import MAX_REASONS, METHODS, Content, NamedText, People, Session, answered

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CORPUS = Path(__file__).parents[1] / "conformance"
EMOJI = "# 😀 nobody counts this as two, but JavaScript\n"


@pytest.fixture(scope="module")
def session() -> Session:
    return playground(lambda: NOW)


def given(case: dict[str, Any]) -> dict[str, Any]:
    declared = case.get("schema") or {}
    return {
        "schema": segdsl.Schema(declared.get("properties"), declared.get("conversationProperties")),
        "definitions": case.get("definitions") or {},
    }


def corpus() -> Iterator[tuple[Environment, Session, str]]:
    """Each text of the corpus behind an emoji, with an environment and a session of its declarations."""
    for file in sorted(CORPUS.glob("*.json")):
        for case in json.loads(file.read_text("utf-8"))["cases"]:
            text, declared = case["text"], given(case)
            if not isinstance(text, str) or not all(isinstance(one, str) for one in declared["definitions"].values()):
                continue
            named = tuple(NamedText(name, one) for name, one in declared["definitions"].items())
            session = Session(Content(schema=declared["schema"], definitions=named), now=lambda: NOW)
            environment = Environment(**declared, advice=FORM)
            yield environment, session, EMOJI + text


def utf16(text: str, start: int, end: int) -> str:
    """A piece of a text by offsets in UTF-16 code units."""
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


def edited(text: str, edits: list[dict[str, Any]]) -> str:
    """The text with edits made as JavaScript makes them."""
    units = text.encode("utf-16-le", "surrogatepass")
    for edit in sorted(edits, key=lambda one: -one["start"]):
        new = edit["text"].encode("utf-16-le", "surrogatepass")
        units = units[: 2 * edit["start"]] + new + units[2 * edit["end"] :]
    return units.decode("utf-16-le", "surrogatepass")


def formatted(environment: Environment, text: str) -> str | None:
    try:
        return environment.format(text)
    except ParseError:
        return None


def require_same(text: str, said: dict[str, Any], found: Diagnostic) -> None:
    """The diagnostic as data is the diagnostic, with the same pieces of the text underlined and edited."""
    assert said == found.to_dict(utf16=True)
    if found.source_name == "expression":
        assert utf16(text, said["start"], said["end"]) == text[found.span.start : found.span.end]
        assert [edited(text, fix["edits"]) for fix in said["fixes"]] == [fix.applied_to(text) for fix in found.fixes]


def test_read_says_what_the_compiler_says() -> None:
    read = 0
    for environment, session, text in corpus():
        said = session.ask("read", {"text": text})
        assert json.loads(json.dumps(said)) == said
        filters, found = environment.analyse(text)
        assert len(said["diagnostics"]) == len(found)
        for one, diagnostic in zip(said["diagnostics"], found, strict=True):
            require_same(text, one, diagnostic)
        assert said["formatted"] == formatted(environment, text)
        assert (said["words"] is None) is (said["formatted"] is None)
        assert [one["filters"] for one in said["segments"]] == [one.to_dict() for one in filters]
        assert [json.loads(one["json"]) for one in said["segments"]] == [one["filters"] for one in said["segments"]]
        names = [None] if len(filters) == 1 else [f"{n}/{len(filters)}" for n in range(1, len(filters) + 1)]
        assert [one["name"] for one in said["segments"]] == names
        read += 1
    assert read > 600


def test_words_are_those_of_explain(session: Session) -> None:
    text = 'not (@paying or seats > 3 and rating < 2) during 7d for product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"'
    assert session.ask("read", {"text": text})["words"].split("\n") == [
        "- none of these:",
        "  - what @paying says",
        "  - all of these:",
        "    - seats is more than 3",
        "    - rating is less than 2",
        "Of their conversations these count: those of the last 7 days,"
        ' with product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e".',
        "@paying:",
        "- all of these:",
        '  - plan is one of "pro" or "enterprise"',
        "  - not so: isInternal is true",
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_sql_is_that_of_the_dialect(session: Session, dialect: str) -> None:
    text = 'company contains "GmbH" and not isInternal'
    said = session.ask("read", {"text": text, "dialect": dialect})
    assert said["sql"] == segdsl.sql.compile(text, dialect=dialect, schema=SCHEMA).verdict
    assert said["sql_diagnostics"] == []


def test_sql_says_what_it_leaves_out_and_why_there_is_none(session: Session) -> None:
    said = session.ask("read", {"text": 'plan == "pro" during 7d', "dialect": "duckdb"})
    assert said["sql"]
    assert [one["code"] for one in said["sql_diagnostics"]] == ["scope-not-applied"]
    mapping = segdsl.sql.Mapping.from_dict({"columns": {"plan": "tier"}})
    mapped = Session(Content(schema=SCHEMA, mapping=mapping))
    assert mapped.ask("read", {"text": 'plan == "pro"', "dialect": "mysql"})["sql"].count("`tier`") == 1
    said = mapped.ask("read", {"text": "seats > 3", "dialect": "duckdb"})
    assert (said["sql"], len(said["segments"])) == (None, 1)
    assert [one["code"] for one in said["sql_diagnostics"]] == ["unmapped-field"]
    said = session.ask("read", {"text": "plan == 5", "dialect": "duckdb"})
    assert (said["sql"], said["sql_diagnostics"]) == (None, [])


@pytest.mark.parametrize("text", ["plan == 'pro' and ", "seats > 3 and compa", EMOJI + "lastSeen ", EMOJI + "@engaged"])
def test_complete_and_hover_are_those_of_the_environment(session: Session, text: str) -> None:
    environment = session.environment
    units = len(text.encode("utf-16-le")) // 2
    for offset in range(units + 1):
        completed = session.ask("complete", {"text": text, "offset": offset})
        assert completed == environment.complete(text, offset, utf16=True).to_dict()
        hover = environment.hover(text, offset, utf16=True)
        assert session.ask("hover", {"text": text, "offset": offset}) == (hover and hover.to_dict())


# ── people ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", [one.text for one in EXAMPLES] + [EMOJI + one.text for one in EXAMPLES])
def test_people_are_those_of_evaluate_and_their_reasons_stand_in_the_text(session: Session, text: str) -> None:
    said = session.ask("people", {"text": text, "limit": 100})
    records = people(NOW).records
    assert said["total"] == len(records) >= 12
    try:
        typed = session.environment.typed(text)
    except (CompileError, ParseError):
        assert (said["people"], said["members"], said["unknown"], said["malformed"]) == ([], None, None, None)
        return
    words = {True: "member", False: "not", None: "unknown"}
    verdicts = [words[session.environment.evaluate(text, record, now=NOW)] for record in records]
    assert [one["answer"] for one in said["people"]] == verdicts
    assert (said["members"], said["unknown"]) == (verdicts.count("member"), verdicts.count("unknown"))
    for one, record in zip(said["people"], records, strict=True):
        assert one["name"] == record["id"]
        found = session.environment.explain_evaluation(text, record, now=NOW)
        assert len(one["because"]) + one["more"] == len(found.deciding)
        for reason, term in zip(one["because"], found.deciding, strict=False):
            assert (reason["term"], reason["finding"]) == (term.text, term.finding)
            place = utf16(text, reason["from"], reason["to"])
            assert place.startswith("@") or segdsl.parse(place) == segdsl.parse(reason["term"])
    assert typed


def test_an_example_has_members_and_others(session: Session) -> None:
    for one in EXAMPLES:
        said = session.ask("people", {"text": one.text})
        if said["members"] is not None:
            assert 0 < said["members"] < said["total"], one.name


def test_a_term_of_a_definition_is_shown_at_its_use(session: Session) -> None:
    text = EMOJI + "rating > 1 and not @engaged"
    (kim,) = [one for one in session.ask("people", {"text": text})["people"] if one["name"] == "Dmitri"]
    assert {utf16(text, one["from"], one["to"]) for one in kim["because"]} <= {"rating > 1", "@engaged"}


def test_of_many_reasons_some_are_listed(session: Session) -> None:
    text = " and ".join(f"seats > {-number}" for number in range(MAX_REASONS + 2))
    (ada, *_) = session.ask("people", {"text": text, "limit": 1})["people"]
    assert (ada["answer"], len(ada["because"]), ada["more"]) == ("member", MAX_REASONS, 2)


def test_the_limit_bounds_who_is_listed_and_not_who_is_counted(session: Session) -> None:
    every, some = (session.ask("people", {"text": "seats > 3", "limit": limit}) for limit in (50, 2))
    assert some == every | {"people": every["people"][:2]}


def test_a_record_that_cannot_be_evaluated_is_malformed_and_says_why() -> None:
    records = ({"analysis": {"rating": "five"}}, {"id": 7, "analysis": {"rating": 5}})
    session = Session(Content(people=People("two", 2, records)), now=lambda: NOW)
    said = session.ask("people", {"text": "rating > 3"})
    assert [(one["name"], one["answer"]) for one in said["people"]] == [("user 1", "malformed"), ("7", "member")]
    with pytest.raises(UserError) as refused:
        segdsl.evaluate("rating > 3", records[0])
    assert said["people"][0]["because"][0]["finding"] == str(refused.value)
    assert (said["members"], said["malformed"], said["total"]) == (1, 1, 2)


# ── the start, and wrong questions ─────────────────────────────────────────────────────────────────────────────────


def test_start_shows_what_there_is(session: Session) -> None:
    said = session.ask("start", {})
    assert json.loads(json.dumps(said)) == said
    assert [one["name"] for one in said["fields"]] == [one.name for one in segdsl.fields(SCHEMA)]
    assert said["definitions"] == [{"name": one.name, "text": one.text} for one in DEFINITIONS]
    assert said["examples"] == [{"title": one.name, "text": one.text} for one in EXAMPLES]
    assert said["users"] == {"name": "made-up people", "rows": len(people(NOW).records), "problem": None}
    assert (said["version"], said["max_segments"]) == (segdsl.__version__, MAX_SEGMENTS)
    assert (said["file"], said["segments"], said["problems"], said["counts"]) == (None, [], [], False)
    assert said["dialects"] == list(DIALECTS)


def test_the_examples_of_the_playground_compile_except_the_one_with_mistakes(session: Session) -> None:
    wrong = [one.name for one in EXAMPLES if not session.ask("read", {"text": one.text})["segments"]]
    assert wrong == ["Mistakes that a click fixes"]


def test_fixes_of_the_first_problem_clicked_one_after_the_other_end_in_a_right_text(session: Session) -> None:
    (text,) = [one.text for one in EXAMPLES if one.name.startswith("Mistakes")]
    for _ in range(10):
        problems = session.ask("read", {"text": text})["diagnostics"]
        if not problems:
            break
        text = edited(text, problems[0]["fixes"][0]["edits"])
    assert text == 'plan == "enterprise" and commercialIntent >= 0.6 and @engaged'


@pytest.mark.parametrize(
    ("method", "params", "sentence"),
    [
        ("reed", {}, "there is no method 'reed'; there are start, read, complete, hover, people, count"),
        (None, {}, "there is no method None"),
        (["read"], {}, "there is no method"),
        ("read", {}, "wrong params for `read`: object missing required field `text`"),
        ("read", {"text": 5}, r"wrong params for `read`: expected `str`, got `int` - at `\$.text`"),
        ("read", {"text": "a", "dialekt": "x"}, "wrong params for `read`: object contains unknown field `dialekt`"),
        ("read", {"text": "a == 1", "dialect": "oracle"}, "there is no dialect 'oracle'; there are duckdb"),
        ("complete", {"text": "a", "offset": True}, "wrong params for `complete`: expected `int`, got `bool`"),
        ("complete", {"text": "a", "offset": 1.5}, "wrong params for `complete`: expected `int`, got `float`"),
        ("people", {"text": "a", "limit": -1}, "wrong params for `people`: expected `int` >= 0"),
        ("start", [], "wrong params for `start`: expected `object`, got `array`"),
        ("count", {"text": "seats > 3", "exact": False}, "nothing is counted here: there is no file of users"),
    ],
)
def test_a_wrong_question_is_refused_in_a_sentence(session: Session, method: Any, params: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        session.ask(method, params)


def test_as_texts_the_answers_are_the_same(session: Session) -> None:
    question: dict[str, Any] = {"method": "read", "params": {"text": "seats > 3 and plan == '\ud800'"}}
    fine, answer = answered(session, json.dumps(question))
    assert fine
    assert answer.isascii()
    assert json.loads(answer) == session.ask("read", question["params"])


@pytest.mark.parametrize(
    "question", ["", "{", "[]", "5", '{"method": "reed"}', '{"method": "start", "more": 1}', "[" * 100_000, b"\xff"]
)
def test_a_wrong_question_as_text_is_answered_with_an_error(session: Session, question: str | bytes) -> None:
    fine, answer = answered(session, question)
    assert not fine
    assert list(json.loads(answer)) == ["error"]


def test_every_method_answers_for_any_text(session: Session) -> None:
    for text in ("", "\x00", "\ud800", "(" * 300, "a" * 70_000, "@" * 50, "seats > $least"):
        for method in set(METHODS) - {"start", "count"}:
            params: dict[str, Any] = {"text": text} | ({"offset": 1} if method in ("complete", "hover") else {})
            assert json.dumps(session.ask(method, params))


def test_the_session_imports_nothing_that_a_browser_lacks() -> None:
    absent = ["httpx", "tree_sitter", "click", "duckdb", "starlette", "uvicorn", "lark", "yaml", "filelock", "ssl"]
    program = (
        "from segdsl.studio.playground import playground\n"
        "session = playground()\n"
        "text = '@paying and frustration >= 0.7'\n"
        "session.ask('start', {})\n"
        "for method, more in {'read': {'dialect': 'spark'}, 'people': {}, 'hover': {'offset': 2}}.items():\n"
        "    session.ask(method, {'text': text, **more})\n"
        "session.ask('complete', {'text': text, 'offset': 3})\n"
        f"import sys; print(sorted(sys.modules.keys() & set({absent})))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

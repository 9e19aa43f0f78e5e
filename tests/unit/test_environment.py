"""An environment: what a host declares once, asked often and by many threads."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from threading import Barrier
from typing import Any

import pytest

import segdsl
from segdsl import Environment
from segdsl.semantics import checker
from segdsl.semantics import definitions as definitions_module
from segdsl.semantics.advice import CONFIG, PYTHON
from segdsl.syntax.memoize import MAX_NAMES
from segdsl.syntax.parser import parse_repaired
from tests.conformance.cases import options_of, topics

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SCHEMA = segdsl.Schema(properties={"plan": ["free", "pro"], "seats": "integer"})
DEFINITIONS: dict[str, segdsl.Expression | str] = {
    "paid": 'plan != "free"',
    "large": "seats >= $least",
    "good": "@paid and rating > 3 and not jailbreakDetected",
    "both": segdsl.parse("@good and @large"),
    "broken": "plan ==",
    "wrong": 'rating > "x"',
    "circle": "@circle or @paid",
}
TEXTS = (
    "@paid",
    "@good",
    "@both",
    "@both or @paid",
    "not @good",
    "@large and lastSeen within 7d",
    "@broken",
    "@wrong and @broken",
    "@circle",
    "@nothing",
    "plan ==",
    "seats between 1 and $least",
    "rating > 3 and rating < 1",
)
PARAMS = {"least": 5}
USER = {
    "analysis": {"rating": 4},
    "flags": {"jailbreakDetected": False},
    "properties": {"plan": "pro", "seats": 7},
    "lastSeen": "2026-05-31",
}


def outcome(asked: Callable[[], Any]) -> Any:
    """The result of a function, or the diagnostics of its refusal."""
    try:
        return asked()
    except (segdsl.ParseError, segdsl.CompileError) as refused:
        return type(refused), refused.diagnostics


def by_methods(environment: Environment, text: str | segdsl.Expression, params: Any) -> dict[str, Any]:
    """The answers of all methods."""
    return {
        "compile": outcome(lambda: environment.compile(text, params)),
        "compile_all": outcome(lambda: environment.compile_all(text, params)),
        "compile_all of 3": outcome(lambda: environment.compile_all(text, params, max_segments=3)),
        "check": environment.check(text, params),
        "check for one": environment.check(text, params, max_segments=1),
        "explain": outcome(lambda: environment.explain(text, params)),
        "evaluate": outcome(lambda: environment.evaluate(text, USER, params, NOW)),
        "matcher": outcome(lambda: environment.matcher(text, params, NOW)(USER)),
        "explain_evaluation": outcome(lambda: environment.explain_evaluation(text, USER, params, NOW)),
    }


def by_functions(text: str, **given: Any) -> dict[str, Any]:
    """The answers of the functions of `segdsl`."""
    return {
        "compile": outcome(lambda: segdsl.compile(text, **given)),
        "compile_all": outcome(lambda: segdsl.compile_all(text, **given)),
        "compile_all of 3": outcome(lambda: segdsl.compile_all(text, **given, max_segments=3)),
        "check": segdsl.check(text, **given),
        "check for one": segdsl.check(text, **given, max_segments=1),
        "explain": outcome(lambda: segdsl.explain(text, **given)),
        "evaluate": outcome(lambda: segdsl.evaluate(text, USER, **given, now=NOW)),
        "matcher": outcome(lambda: segdsl.matcher(text, **given, now=NOW)(USER)),
        "explain_evaluation": outcome(lambda: segdsl.explain_evaluation(text, USER, **given, now=NOW)),
    }


@pytest.mark.parametrize("schema", [None, SCHEMA])
@pytest.mark.parametrize("definitions", [None, DEFINITIONS])
@pytest.mark.parametrize("params", [None, PARAMS])
def test_the_functions_are_the_methods_of_the_environment_of_their_arguments(
    schema: segdsl.Schema | None, definitions: dict[str, Any] | None, params: dict[str, int] | None
) -> None:
    environment = Environment(schema, definitions)
    for text in TEXTS:
        expected = by_functions(text, schema=schema, params=params, definitions=definitions)
        assert by_methods(environment, text, params) == expected
        assert by_methods(environment, text, params) == expected  # what was found out before changes no answer


def test_functions_and_methods_agree_about_the_whole_corpus_in_any_order() -> None:
    environments: dict[str, Environment] = {}
    for case in chain.from_iterable(topics().values()):
        text = case["text"]
        if not isinstance(text, str):
            continue
        schema, params, definitions = options_of(case).values()
        key = repr((schema, definitions))
        environment = environments.setdefault(key, Environment(schema, definitions))
        filters, problems = environment.analyse(text, params)
        assert problems == segdsl.check(text, schema, params, definitions)
        if filters:
            assert filters == segdsl.compile_all(text, schema, params, definitions)
        else:
            assert any(one.severity == "error" for one in problems)


def test_expressions_are_taken_where_texts_are() -> None:
    environment = Environment(SCHEMA, DEFINITIONS)
    for text in ("@both or @paid", "plan == 'pro' and (seats > 3 or rating < $least)", "rating > 'x'"):
        tree = segdsl.parse(text)
        assert by_methods(environment, tree, PARAMS) == by_methods(environment, text, PARAMS)
        assert segdsl.check(tree, SCHEMA, PARAMS, DEFINITIONS) == segdsl.check(text, SCHEMA, PARAMS, DEFINITIONS)


def test_filters_are_evaluated_too() -> None:
    environment = Environment(SCHEMA, DEFINITIONS)
    filters = environment.compile("@good")
    assert environment.evaluate(filters, USER, now=NOW) is environment.matcher(filters, now=NOW)(USER) is True


def test_the_advice_is_the_hosts() -> None:
    for advice in (PYTHON, CONFIG):
        (problem,) = Environment(advice=advice).check("seats >= 5", max_segments=1)
        assert problem.help[1] == "or " + advice.allow_split.format(count=2)
        assert advice.declare.format(key="seats", type="integer", table="properties") in problem.help[0]


# ── definitions ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each definition is parsed, and how often it is checked."""
    counted: Counter[str] = Counter()
    parse, check = parse_repaired, checker._Checker._definition

    def counting_parse(text: str, name: str) -> Any:
        counted[f"parse {name}"] += 1
        return parse(text, name)

    def counting_check(self: Any, name: str, *rest: Any) -> Any:
        counted[f"check @{name}"] += 1
        return check(self, name, *rest)

    monkeypatch.setattr(definitions_module, "parse_repaired", counting_parse)
    monkeypatch.setattr(checker._Checker, "_definition", counting_check)
    return counted


def test_a_definition_is_parsed_and_checked_once_and_only_if_it_is_used(work: Counter[str]) -> None:
    environment = Environment(definitions=DEFINITIONS)
    assert not work
    for text in ("@good", "@good and @paid", "not @good", "@paid or @paid", "rating > 3"):
        by_methods(environment, text, None)
    assert work == {"parse @good": 1, "parse @paid": 1, "check @good": 1, "check @paid": 1}


def test_a_definition_with_parameters_is_parsed_once_and_checked_with_each_of_their_values(work: Counter[str]) -> None:
    environment = Environment(definitions=DEFINITIONS)
    found = [environment.compile_all("@both", {"least": least})[0] for least in (1, 2, 3)]
    assert [one.rules[-1].value for one in found] == [1, 2, 3]
    assert work["parse @large"] == work["parse @good"] == work["check @good"] == work["check @paid"] == 1
    assert work["check @large"] == work["check @both"] == 3


def test_a_definition_that_is_wrong_is_parsed_once(work: Counter[str]) -> None:
    environment = Environment(definitions=DEFINITIONS)
    found = [environment.check(text) for text in ("@broken", "@wrong", "@broken and @wrong") * 3]
    assert [[one.code for one in problems if one.severity == "error"] for problems in found[:2]] == [
        [found[0][0].code],
        ["wrong-type"],
    ]
    assert found[:3] == found[3:6] == found[6:]
    assert (work["parse @broken"], work["parse @wrong"]) == (1, 1)


def test_definitions_chained_by_or_are_checked_once_each_and_lowered_where_they_are_used_only(
    work: Counter[str],
) -> None:
    count = 200
    chained = {f"d{at}": f"p{at} == 1 or @d{at + 1}" for at in range(count)} | {f"d{count}": "q == 1"}
    environment = Environment(definitions=chained)
    assert environment.check("rating > 3") == ()
    assert not work
    for name in chained:
        assert environment.check_definition(name) == ()
    assert set(work.values()) == {1}
    assert len(environment.compile_all("@d195")) == 6


@pytest.mark.parametrize(
    "definitions",
    [
        {"d": ""},
        {"d": "plan =="},
        {"d": "(" * 300},
        {"d": "a" * 70_000},
        {"d": "@d"},
        {"d": "@nothing"},
        {"d": 'rating > "x"'},
        {"d": "rating > 3 during 7d"},
        {"d": "\ud800"},
    ],
)
def test_a_bad_definition_is_an_error_where_it_is_used_and_nowhere_else(definitions: dict[str, str]) -> None:
    environment = Environment(definitions=definitions)
    assert environment.check("rating > 3") == ()
    assert environment.compile("rating > 3").to_dict()
    for text in ("@d", "rating > 3 and not @d"):
        problems = environment.check(text, max_segments=1)
        assert problems
        assert all(one.severity == "error" for one in problems)
        assert outcome(partial(environment.compile, text)) == (segdsl.CompileError, problems)
    assert environment.check_definition("d")


def test_a_definition_that_uses_a_wrong_one_is_wrong_each_time() -> None:
    environment = Environment(definitions={"one": "@two", "two": "seats > 3 during 7d", "three": "@one or rating > 3"})
    for text in ("@one", "@one", "@three", "@three", "@two"):
        assert [one.code for one in environment.check(text)] == ["scope-in-definition"]


# ── threads and memory ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_definition_that_only_its_opposite_can_say_is_right_by_itself() -> None:
    environment = segdsl.Environment(None, {"small": 'rating between 1 and 2 and not company contains "GmbH"'})
    assert environment.check_definition("small") == ()
    assert [one.code for one in environment.check("@small")] == ["not-expressible"]
    assert environment.compile_all("not @small")


def test_threads_may_share_an_environment() -> None:
    threads, rounds = 8, 3
    expected = [by_methods(Environment(SCHEMA, DEFINITIONS), text, PARAMS) for text in TEXTS]
    for _ in range(rounds):
        shared, start = Environment(SCHEMA, DEFINITIONS), Barrier(threads)

        def ask_all(first: int, shared: Environment = shared, start: Barrier = start) -> list[Any]:
            start.wait()
            order = [(first + at) % len(TEXTS) for at in range(len(TEXTS))]
            answers = {at: by_methods(shared, TEXTS[at], PARAMS) for at in order}
            return [answers[at] for at in range(len(TEXTS))]

        with ThreadPoolExecutor(threads) as pool:
            for answers in pool.map(ask_all, range(threads)):
                assert answers == expected


def test_the_memory_of_names_is_bounded() -> None:
    environment = Environment(segdsl.Schema(conversation_properties={"a": "string"}))
    for at in range(MAX_NAMES + 50):
        environment.compile(f"n{at} == 1")
    assert len(environment._resolver) <= MAX_NAMES
    for length in (10_000, 60_000):
        environment.compile(f"user.{'x' * length} == 1")
    assert max(len(name) for name, _, _ in environment._resolver) < 1_000


def test_the_memory_of_definitions_is_bounded_by_their_number() -> None:
    environment = Environment(definitions=DEFINITIONS)
    for at in range(300):
        environment.check(f"@good and p{at} == {at} and @both and @nothing{at}", {"least": at})
    assert environment._definitions.checked.keys() <= DEFINITIONS.keys()
    assert environment._definitions._parsed.keys() <= DEFINITIONS.keys()


# ── misuse ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("schema", [{"plan": "string"}, "x", 5, [], {"properties": {"plan": "string"}}])
def test_a_schema_must_be_a_schema(schema: Any) -> None:
    for asked in (
        lambda: Environment(schema),
        lambda: segdsl.compile("a", schema=schema),
        lambda: segdsl.check("a", schema),
        lambda: segdsl.evaluate("a", {}, schema=schema),
        lambda: segdsl.explain("a", schema, definitions={"d": "a"}),
    ):
        with pytest.raises(TypeError, match=r"schema must be a segdsl\.Schema, not \w+"):
            asked()


@pytest.mark.parametrize("definitions", ["x", 5, ["a"], [("a", "b")]])
def test_definitions_must_be_a_mapping(definitions: Any) -> None:
    for asked in (
        lambda: Environment(definitions=definitions),
        lambda: segdsl.compile("a", definitions=definitions),
        lambda: segdsl.check("@x", definitions=definitions),
        lambda: segdsl.matcher("@x", definitions=definitions),
    ):
        with pytest.raises(TypeError, match="definitions must be a mapping of names to expressions, not"):
            asked()


@pytest.mark.parametrize("definition", [5, None, b"a == 1", ["a"]])
def test_a_definition_must_be_a_text_or_an_expression(definition: Any) -> None:
    environment = Environment(definitions={"d": definition})
    assert environment.check("a") == ()
    with pytest.raises(TypeError):
        environment.check("@d")


@pytest.mark.parametrize("params", ["x", 5, ["a"]])
def test_parameters_must_be_a_mapping(params: Any) -> None:
    for asked in (segdsl.compile, segdsl.check, segdsl.compile_all, segdsl.explain):
        with pytest.raises(TypeError, match="params must be a mapping of names to values, not"):
            asked("a == $x", params=params)


@pytest.mark.parametrize("expression", [None, b"a", 5, ["a"], {"rules": []}])
def test_an_expression_must_be_a_text_or_a_tree(expression: Any) -> None:
    for asked in (segdsl.compile, segdsl.compile_all, segdsl.check, segdsl.explain, segdsl.parse, segdsl.matcher):
        with pytest.raises(TypeError):
            asked(expression)


@pytest.mark.parametrize("number", [0, -1])
def test_at_least_one_segment_must_be_allowed(number: int) -> None:
    for asked in (segdsl.check, segdsl.compile_all, segdsl.explain):
        for text in ("a", "a or b", "plan =="):
            with pytest.raises(ValueError, match="max_segments must be at least 1"):
                asked(text, max_segments=number)


def test_the_moment_must_be_aware() -> None:
    for asked in (segdsl.matcher, lambda text, now: segdsl.evaluate(text, {}, now=now)):
        with pytest.raises(ValueError, match="aware"):
            asked("a", now=datetime(2026, 6, 1))


def test_its_repr_is_short_and_names_the_declarations() -> None:
    assert "paid" in repr(Environment(SCHEMA, DEFINITIONS))
    assert "Schema" in repr(Environment(SCHEMA))

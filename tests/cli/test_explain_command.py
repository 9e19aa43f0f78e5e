"""`segdsl explain`: what people read; what scripts read; the wording of every construct."""

import json

import pytest
from command_line import run

import segdsl
from segdsl.semantics.wording import scope_sentences, sentence
from segdsl.syntax.parser import parse


def test_for_people():
    result = run(
        "explain", 'plan == "pro" and not (seats < 5 or lastSeen before 1w) and 0.3 <= sentiment < 0.7 during 30d'
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "The expression\n"
        '  plan == "pro"\n'
        "  and not (seats < 5 or lastSeen before 1w)\n"
        "  and 0.3 <= sentiment < 0.7\n"
        "  during 30d\n"
        "\n"
        "In words\n"
        "  A user is in the segment when this holds:\n"
        "    - all of these:\n"
        '      - plan is "pro"\n'
        "      - none of these:\n"
        "        - seats is less than 5\n"
        "        - lastSeen is more than 1 week ago\n"
        "      - sentiment is at least 0.3 and less than 0.7\n"
        "  Of their conversations these count: those of the last 30 days.\n"
        "\n"
        "The names in it\n"
        "  plan       a user property, for it is no built-in name\n"
        "  seats      a user property, for it is no built-in name\n"
        "  lastSeen   when the user was last seen\n"
        "  sentiment  a metric, from 0 to 1\n"
        "\n"
        "The API's rules: 2 segments\n"
        "  seats < 5: `not … <` means `>=`, which the API does not have for user\n"
        "  properties; this needs 2 segments. A user in any of them is in.\n"
        "\n"
        "  1/2\n"
        '  plan == "pro" and seats > 5 and lastSeen within 7d and 0.3 <= sentiment < 0.7\n'
        '    property   plan       eq      "pro"\n'
        "    property   seats      gt      5\n"
        '    last_seen             within  "7d"\n'
        "    analysis   sentiment  gte     0.3\n"
        "    analysis   sentiment  lt      0.7\n"
        "  Not in it are users without plan, seats, lastSeen or sentiment.\n"
        "\n"
        "  2/2\n"
        '  plan == "pro" and seats == 5 and lastSeen within 7d and 0.3 <= sentiment < 0.7\n'
        '    property   plan       eq      "pro"\n'
        "    property   seats      eq      5\n"
        '    last_seen             within  "7d"\n'
        "    analysis   sentiment  gte     0.3\n"
        "    analysis   sentiment  lt      0.7\n"
        "  Not in it are users without plan, seats, lastSeen or sentiment.\n"
    )


@pytest.fixture
def schema(tmp_path):
    file = tmp_path / "s.toml"
    file.write_text(
        '[properties]\nplan = ["pro", "team"]\nseats = "integer"\n\n'
        '[define]\nbig = "seats >= 10"\nbigger = "@big and jailbreakDetected"\nunused = "seats > 1"\n'
    )
    return file


def test_definitions_and_declarations(schema):
    shown = run("explain", '@bigger and plan == "pro"', "--schema", schema).stdout
    assert "    - all of these:\n      - what @bigger says\n" in shown
    assert "\n@bigger\n  - all of these:\n    - what @big says\n    - jailbreakDetected is true\n" in shown
    assert "\n@big\n  - seats is at least 10\n" in shown
    assert "unused" not in shown
    assert "  seats              a user property, declared as a whole number\n" in shown
    assert '  plan               a user property, declared as one of "pro" or "team"\n' in shown
    assert "\nThe API's rules\n" in shown


def test_warnings_belong_to_the_result():
    result = run("explain", "rating > 1 and rating > 2")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\n\nwarning[redundant]: " in result.stdout
    assert result.stdout.endswith("\n\n1 warning\n")


def test_errors_go_to_stderr_after_what_was_understood():
    result = run("explain", "plan == $p")
    assert result.exit_code == 1
    assert "  - plan is $p\n" in result.stdout
    assert "The names in it" not in result.stdout
    assert result.stderr.startswith("error[unbound-parameter]: ")


def test_what_does_not_parse_is_not_explained():
    result = run("explain", "plan == ")
    assert (result.exit_code, result.stdout) == (1, "")


def test_for_scripts(schema):
    result = run("explain", "@big or rating > 60", "--json", "--schema", schema)
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert document | {"segments": [], "diagnostics": []} == {
        "version": 1,
        "expression": "@big or rating > 60",
        "says": {
            "says": "at least one of these:",
            "parts": [
                {"says": "what @big says", "expression": "@big"},
                {"says": "rating is more than 60", "expression": "rating > 60"},
            ],
        },
        "scope": [],
        "definitions": [
            {
                "name": "big",
                "expression": "seats >= 10",
                "says": {"says": "seats is at least 10", "expression": "seats >= 10"},
            }
        ],
        "names": [
            {"name": "rating", "means": "a metric"},
            {"name": "seats", "means": "a user property, declared as a whole number"},
        ],
        "segments": [],
        "split": "the API has no `or`; this needs 2 segments",
        "diagnostics": [],
    }
    filters = [segdsl.compile(text).to_dict() for text in ("seats > 9", "rating > 60")]
    assert document["segments"] == [
        {"expression": "seats > 9", "filters": filters[0], "needs": ["seats"]},
        {"expression": "rating > 60", "filters": filters[1], "needs": ["rating"]},
    ]


def test_json_of_errors_is_on_stdout():
    result = run("explain", "plan == $p", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    document = json.loads(result.stdout)
    assert [one["code"] for one in document["diagnostics"]] == ["unbound-parameter"]
    assert document["segments"] == document["names"] == []


@pytest.mark.parametrize(
    "expression", ["not " * 200 + "a", "(" * 200 + "a" + ")" * 200, "not (a or not (b and " * 50 + "c" + "))" * 50]
)
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_deep_ones_are_explained_too(expression, options):
    result = run("explain", expression, *options)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout


def test_an_expression_from_stdin():
    assert run("explain", "-", stdin="rating > 3\n").stdout == run("explain", "rating > 3").stdout


# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────────────

WORDS = {
    "sentiment == 0.5": "sentiment is 0.5",
    "sentiment != 0.5": "sentiment is not 0.5",
    "sentiment > 0.5": "sentiment is more than 0.5",
    "0.5 <= sentiment": "sentiment is at least 0.5",
    "0.3 < sentiment < 0.5": "sentiment is more than 0.3 and less than 0.5",
    "0.5 >= sentiment >= 0.3": "sentiment is at least 0.3 and at most 0.5",
    "rating between 2 and 4": "rating is from 2 to 4, both included",
    'plan in ["a"]': 'plan is one of "a"',
    'plan not in ["a", 2, true]': 'plan is none of "a", 2 or true',
    'company contains "GmbH"': 'company contains "GmbH"',
    'company not contains "GmbH"': 'company does not contain "GmbH"',
    "isAdmin": "isAdmin is true",
    "isAdmin is not true": "isAdmin is not true",
    "lastSeen within 24h": "lastSeen is at most 24 hours ago",
    "lastSeen before 1d": "lastSeen is more than 1 day ago",
    "not isAdmin": "not so: isAdmin is true",
    "not not isAdmin": "not so: not so: isAdmin is true",
    "plan == $p": 'plan is "pro" ($p)',
    "plan == $missing": "plan is $missing",
    "plan in $many": 'plan is one of "a" or 2 ($many)',
    "plan in [$p, 'x']": 'plan is one of "pro" ($p) or "x"',
    "$n < seats <= 9": "seats is more than 4 ($n) and at most 9",
    "plan == $odd": "plan is $odd",
    "n in [" + ",".join(map(str, range(20))) + "]": "n is one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 or 8 others",
}
PARAMETERS = {"p": "pro", "many": ["a", 2], "n": 4, "odd": {"a": 1}}


@pytest.mark.parametrize(("text", "words"), WORDS.items())
def test_the_words_of_a_condition(text, words):
    said = sentence(parse(text).condition, PARAMETERS)
    assert (said.says, said.parts) == (words, ())
    assert parse(said.text).condition == parse(text).condition


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a and b", "all of these:"),
        ("a or b", "at least one of these:"),
        ("not (a or b)", "none of these:"),
        ("not (a and b)", "not all of these:"),
    ],
)
def test_the_words_of_a_joint(text, words):
    said = sentence(parse(text).condition)
    assert (said.says, [part.says for part in said.parts]) == (words, ["a is true", "b is true"])


def test_not_of_a_not_of_a_joint():
    said = sentence(parse("not not (a or b)").condition)
    assert (said.says, said.parts[0].says) == ("not so:", "none of these:")


@pytest.mark.parametrize(
    ("clauses", "words"),
    [
        ("", ()),
        ("during all", ("all of them, whenever they were",)),
        ("during 7d", ("those of the last 7 days",)),
        ("from 2026-01-01 to $end", ("from 2026-01-01", 'until "2026-02-01" ($end)')),
        (
            "for products '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', $p",
            ('with product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e" or $p',),
        ),
    ],
)
def test_the_words_of_scope_clauses(clauses, words):
    assert scope_sentences(parse(f"a {clauses}"), {"end": "2026-02-01"}) == words

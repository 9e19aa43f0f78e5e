"""The canonical text: one spelling of everything, minimal parentheses, lines broken where a reader would."""

from textwrap import dedent

import pytest

from segdsl.syntax.nodes import And, BareName, Chain, Comparison, Date, Expression, Not, Or, Parameter
from segdsl.syntax.parser import parse
from segdsl.syntax.printer import unparse

ONE = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
TWO = "0f8fad5b-d9cb-469f-a165-70867728950e"

CANONICAL = [
    'commercialIntent >= 0.6 and plan == "enterprise"',
    "0.3 <= sentiment < 0.7",
    "rating between 2 and 4",
    "jailbreakDetected and not userToxicityDetected",
    'plan in ["pro", "enterprise"]',
    "plan not in $plans",
    'company contains "GmbH"',
    'company not contains "GmbH"',
    'user["-"] == true and user.2fa == false',
    'from == "ads" and conversation.channel == "slack"',
    "lastSeen within 7d and not lastSeen before 24h",
    "not not isAdmin",
    "not (a or b) and (c or d)",
    "a and b or c and not d",
    "@engaged and plan == $plan",
    f'rating > 3 during 30d from 2026-01-01 to $end for products "{ONE}", $product',
    f'rating > 3 for product "{ONE}"',
]


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical_text_stays_as_it_is(text: str) -> None:
    assert unparse(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("  plan=='pro'  # why", 'plan == "pro"'),
        ("(((a)) && (!b || (c)))", "a and (not b or c)"),
        ("a AND b Or NOT c", "a and b or not c"),
        ("(a and b) and (c and d)", "a and b and c and d"),
        ("a or (b and c) or (d or e)", "a or b and c or d or e"),
        ("0.3 <= sentiment", "sentiment >= 0.3"),
        ("0.7 > sentiment >= 0.3", "0.3 <= sentiment < 0.7"),
        ("isAdmin is not true", "isAdmin != true"),
        ("user['plan'] == 1", "user.plan == 1"),
        ("user['a..b']", 'user["a..b"]'),
        ("plan in ('a', 'b',)", 'plan in ["a", "b"]'),
        (
            "rating > 3 for product '" + ONE + "', to 2026-02-01 DURING ALL",
            f'rating > 3 during all to 2026-02-01 for product "{ONE}"',
        ),
    ],
)
def test_other_spellings_become_canonical(text: str, canonical: str) -> None:
    assert unparse(parse(text)) == canonical


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.0, "5.0"),
        (-0.5, "-0.5"),
        (-0.0, "0.0"),
        (0.6, "0.6"),
        (1e300, "1e300"),
        (1.5e-7, "1.5e-7"),
        (1e16, "1e16"),
        (-1e22, "-1e22"),
        (True, "true"),
        (False, "false"),
        ("it's", '"it\'s"'),
        ('say "x"\\', r'"say \"x\"\\"'),
        ("a\nb\x00\x7f", r'"a\nb\u0000\u007f"'),
        ("\u202eevil", r'"\u202eevil"'),
        ("日本 😀", '"日本 😀"'),
        ('" or true', r'"\" or true"'),
    ],
)
def test_literals_keep_value_and_type(value: float | bool | str, text: str) -> None:
    written = unparse(Comparison("a", "==", value))
    assert written == f"a == {text}"
    read = parse(written).condition
    assert isinstance(read, Comparison)
    assert (type(read.value), read.value) == (type(value), value)


def test_clauses_are_printed_in_a_fixed_order() -> None:
    bare = Expression(BareName("a"), products=(ONE, TWO), to=Date("2026-02-01"), from_=Parameter("start"), during="7d")
    assert unparse(bare) == f'a during 7d from $start to 2026-02-01 for products "{ONE}", "{TWO}"'


def test_a_chain_keeps_its_two_signs() -> None:
    assert unparse(Chain(Parameter("low"), "<", "seats", "<=", 5)) == "$low < seats <= 5"


LONG = f"""
    commercialIntent >= 0.6 and (plan == "enterprise" or plan == "pro" and not (seats < 5 or trial)) and country in
    ["de", "at", "ch", "li", "lu"] during 30d for products "{ONE}", "{TWO}"
"""


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            120,
            f"""\
            commercialIntent >= 0.6
            and (plan == "enterprise" or plan == "pro" and not (seats < 5 or trial))
            and country in ["de", "at", "ch", "li", "lu"]
            during 30d
            for products "{ONE}", "{TWO}"
            """,
        ),
        (
            60,
            f"""\
            commercialIntent >= 0.6
            and (
                plan == "enterprise"
                or plan == "pro" and not (seats < 5 or trial)
            )
            and country in ["de", "at", "ch", "li", "lu"]
            during 30d
            for products "{ONE}",
                "{TWO}"
            """,
        ),
        (
            24,
            f"""\
            commercialIntent >= 0.6
            and (
                plan == "enterprise"
                or plan == "pro"
                    and not (
                        seats < 5
                        or trial
                    )
            )
            and country in [
                "de", "at", "ch",
                "li", "lu"
            ]
            during 30d
            for products "{ONE}",
                "{TWO}"
            """,
        ),
    ],
)
def test_long_text_is_broken_at_and_and_or(width: int, lines: str) -> None:
    assert unparse(parse(LONG), width=width) == dedent(lines).rstrip("\n")


def test_a_text_as_long_as_the_width_is_not_broken() -> None:
    text = CANONICAL[0]
    assert unparse(parse(text), width=len(text)) == text
    assert unparse(parse(text), width=len(text) - 1) == 'commercialIntent >= 0.6\nand plan == "enterprise"'


def test_the_closing_parenthesis_counts() -> None:
    tree = And((BareName("aaaa"), Not(Or((BareName("bbbb"), BareName("cccc"))))))
    assert unparse(tree, width=len("and not (bbbb or cccc)")) == "aaaa\nand not (bbbb or cccc)"
    assert unparse(tree, width=len("and not (bbbb or cccc)") - 1) == "aaaa\nand not (\n    bbbb\n    or cccc\n)"

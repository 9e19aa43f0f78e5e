"""Formatting with comments: examples; and no comment is lost or moved past another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import segdsl
from segdsl.errors import ParseError
from segdsl.syntax.formatting import comments_of, format  # noqa: A004  the public name
from segdsl.syntax.parser import parse
from tests.counted import lines_run

WIDTH = 60

CASES = {
    "one line stays one, however long": (
        'plan IN ["a","b"]   AND (seats>10||isAdmin) and company contains "a long name of a company"',
        'plan in ["a", "b"] and (seats > 10 or isAdmin) and company contains "a long name of a company"',
    ),
    "several lines are laid out anew": (
        'a == 1\n and b == 2\nand company contains "a long name of a company" and c == 3',
        'a == 1\nand b == 2\nand company contains "a long name of a company"\nand c == 3',
    ),
    "several short lines become one": ("a\nand b\n", "a and b"),
    "comments end lines": (
        'plan=="pro"   # paying\nand (seats>10 or isAdmin)# and big\nand not isTest and # people\nlastSeen within 7d',
        'plan == "pro"  # paying\nand (seats > 10 or isAdmin)  # and big\n'
        "and not isTest  # people\nand lastSeen within 7d",
    ),
    "comments on lines of their own": (
        "# who\n\n# and why\na == 1 and\n   # then\nb == 2\n# end",
        "# who\n# and why\na == 1\n# then\nand b == 2\n# end",
    ),
    "comments in parentheses": (
        "not ( # either\n a == 1 or # first\n # second\n b == 2\n # neither\n) and c",
        "not (\n    # either\n    a == 1  # first\n    # second\n    or b == 2\n    # neither\n)\nand c",
    ),
    "a comment in the first parentheses": (
        "( # either\na or b) and c",
        "(\n    # either\n    a\n    or b\n)\nand c",
    ),
    "comments in parentheses that go": ("((a == 1 # x\n) and (\n# y\nb))", "a == 1  # x\n# y\nand b"),
    "comments behind not": ("not # x\n a == 1 and b", "# x\nnot a == 1 and b"),
    "an and among ors": (
        "a == 1 or b == 2 and c == 3 # both\nor d",
        "a == 1\nor b == 2 and c == 3  # both\nor d",
    ),
    "a comment splits an and among ors": (
        "a == 1 or b == 2 # one\n and c == 3 or d",
        "a == 1\nor b == 2  # one\n    and c == 3\nor d",
    ),
    "comments in lists": (
        'plan in [ # open\n"a", # first\n# about b\n"b", \'c\',\n# all\n] and d',
        'plan in [\n    # open\n    "a",  # first\n    # about b\n    "b",\n    "c"\n    # all\n]\nand d',
    ),
    "a list at the end of parentheses": (
        "(b or plan in ['a' # x\n] # y\n) and c",
        '(\n    b\n    or plan in [\n        "a"  # x\n    ]  # y\n)\nand c',
    ),
    "several comments between two parts": (
        "a # one\nand # two\n# three\nb # four\n\n# five\nand # six\nc",
        "a  # one\n# two\n# three\nand b  # four\n# five\n# six\nand c",
    ),
    "comments at scope clauses": (
        "rating > 3 # good\n# a month\nduring 30d # about\n# these\n"
        "for product '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e' # end",
        "rating > 3  # good\n# a month\nduring 30d  # about\n# these\n"
        'for product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"  # end',
    ),
    "behind the last in parentheses and behind them": (
        "(a or b # one\n) # two\nand c",
        "(\n    a\n    or b  # one\n)  # two\nand c",
    ),
    "comments before scope clauses": (
        "rating > 3\nduring 30d\n# from when\nfrom 2026-01-01\n# until when\nto 2026-02-01\n"
        "# of what\nfor product '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'",
        "rating > 3\nduring 30d\n# from when\nfrom 2026-01-01\n# until when\nto 2026-02-01\n"
        '# of what\nfor product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"',
    ),
    "a comment does not make what it follows longer": (
        'company contains "a long name of a company" # and a comment that is longer\nand a',
        'company contains "a long name of a company"  # and a comment that is longer\nand a',
    ),
    "a # in a string is no comment": ("a == '# b'\nand c", 'a == "# b" and c'),
    "shared indentation stays": ("  a==1 # x\n    and b\n\n", "  a == 1  # x\n  and b"),
    "but not on one line without an end": ("\n  a == 1 and b", "a == 1 and b"),
    "tabs too": ("\ta==1 # x\n\tand b", "\ta == 1  # x\n\tand b"),
    "what is not shared goes": ("a==1 # x\n  and b", "a == 1  # x\nand b"),
    "CRLF": ("a # x\r\nand b\r\n", "a  # x\nand b"),
}


@pytest.mark.parametrize(("text", "tidy"), CASES.values(), ids=CASES)
def test_the_canonical_text(text: str, tidy: str) -> None:
    assert format(text, WIDTH) == tidy
    assert format(tidy, WIDTH) == tidy


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("a # in\n == 1 # after", "# in\na == 1  # after"),
        ("a == # in\n 1", "# in\na == 1"),
        ("# x\na # in\n in [1]", "# x\n# in\na in [1]"),
        ("# x\na in # in\n [1]", "# x\na in [\n    # in\n    1\n]"),
        ("b and rating between 1 # in\n and 2", "b\n# in\nand rating between 1 and 2"),
        ("(1 < # in\n a or b) and c", "(\n    # in\n    a > 1\n    or b\n)\nand c"),
        (
            "during == 1 for # in\n product '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'",
            'during == 1\n# in\nfor product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"',
        ),
        (
            "a == 1 to 2026-02-01 # second\nfrom 2026-01-01 # first",
            "a == 1\nfrom 2026-01-01  # first\nto 2026-02-01  # second",
        ),
    ],
)
def test_a_comment_inside_a_part_goes_before_it(text: str, tidy: str) -> None:
    assert format(text, WIDTH) == tidy
    assert format(tidy, WIDTH) == tidy


def test_it_is_public_and_has_a_width_of_its_own() -> None:
    assert segdsl.format is format
    long = " and\n".join(["company contains 'a long name'"] * 3)
    assert max(map(len, segdsl.format(long).split("\n"))) <= 80
    assert segdsl.format(long) == segdsl.format(long, 80) != segdsl.format(long, 1000)


def test_a_text_that_does_not_parse_is_a_parse_error_with_its_name() -> None:
    with pytest.raises(ParseError) as caught:
        format("a >", WIDTH)
    assert caught.value.diagnostics[0].source_name == "expression"
    with pytest.raises(ParseError) as caught:
        format("a >", WIDTH, name="segments.toml")
    assert caught.value.diagnostics[0].source_name == "segments.toml"


def work(comments: int) -> int:
    """The lines that run while two texts with that many comments are formatted."""
    values = "plan in [" + "".join(f'"v{number}", # {number}\n' for number in range(comments)) + "]"
    conditions = " and # x\n".join(f"a{number} == 1" for number in range(comments + 1))
    assert format(values, WIDTH).count("#") == format(conditions, WIDTH).count("#") == comments
    return lines_run(lambda: (format(values, WIDTH), format(conditions, WIDTH)))


def test_many_comments_take_work_in_proportion() -> None:
    assert work(1_000) < 3 * work(500)


# ── any comments anywhere ──────────────────────────────────────────────────────────────────────────────────────────

# a dot marks each place for a comment
EXPRESSIONS = (
    "·a == 1· and· (·b == 2· or· c == 3· and· d·)· and· not· e·",
    "·not· (·a == 1· and· (·b· or· not· not· c·)·)· or· d == 4· and· e·",
    "·(·(·a·)·)· and· (·(·b· or· c·)· and· d·)· or· (·e·)·",
    '·plan in [·"a"·,· "b"·,· $c·]· and· not· (·user["x-"] not in (·1·,· 2.5·,·)· or· f·)·',
    "·0.3 <= sentiment < 0.7· and· rating between 2 and 4· and· @engaged·",
    "·a· or· b· during 30d· from 2026-01-01· to $end· for products $p, $q·",
)
GAPS = ("", "", "\n", " # x{}\n", "\n# y{}\n", " # v{}\n\n# w{}\n")


@given(st.data())
def test_comments_are_kept_in_their_order_and_the_result_is_stable(data: st.DataObject) -> None:
    expression = data.draw(st.sampled_from(EXPRESSIONS))
    first, *parts = expression.split("·")
    gaps = [data.draw(st.sampled_from(GAPS)).format(number, number) for number in range(len(parts))]
    text = first + "".join(gap + part for gap, part in zip(gaps, parts, strict=True))
    indentation = data.draw(st.sampled_from(["", "  ", "\t"]))
    end = data.draw(st.sampled_from(["", "\n", "\n  "]))  # a file has it after the expression, before and after
    text = data.draw(st.sampled_from(["", "\n"])) + indentation + text.rstrip().replace("\n", f"\n{indentation}") + end
    tidy = format(text, WIDTH)
    assert parse(tidy) == parse(text) == parse(expression.replace("·", ""))
    assert [comment.text for comment in comments_of(tidy)] == [comment.text for comment in comments_of(text)]
    assert format(tidy + end, WIDTH) == tidy


INSIDE = (
    "·a· ==· 1· and· (·b· not· in· [·1·]· or· user·[·'c'·]·)·",
    "·0.3· <=· sentiment· <· 0.7· or· not· rating· between· 2· and· 4· during· 30d· from· 2026-01-01·",
    "·a· to· 2026-01-02· for· product· $p·,· $q· from· 2026-01-01·",
)


@given(st.data())
def test_comments_anywhere_are_kept(data: st.DataObject) -> None:
    first, *parts = data.draw(st.sampled_from(INSIDE)).split("·")
    gaps = [data.draw(st.sampled_from(GAPS)).format(number, number) for number in range(len(parts))]
    text = first + "".join(gap + part for gap, part in zip(gaps, parts, strict=True))
    tidy = format(text, WIDTH)
    assert parse(tidy) == parse(text)
    assert sorted(one.text for one in comments_of(tidy)) == sorted(one.text for one in comments_of(text))
    assert format(tidy, WIDTH) == tidy

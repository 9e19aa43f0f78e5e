"""Warnings about values take time linear in the text."""

import re

import pytest

import segdsl
from segdsl.semantics import typed


class Counted:
    """A regular expression that counts the characters it is given."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.characters = 0

    def search(self, text: str) -> re.Match[str] | None:
        self.characters += len(text)
        return self.pattern.search(text)


@pytest.mark.parametrize("number", ["{}.5", "{}.500"])
def test_numbers_with_a_point_are_looked_for_once_in_a_text(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A regular expression runs no lines, so that the tests of linear work do not see it."""
    segdsl.check("seats > 1.500")  # the module of the warnings takes the pattern when it is first needed
    counted = Counted(typed.THOUSANDTHS)
    monkeypatch.setattr(typed, "THOUSANDTHS", counted)
    text = " and ".join(f"p{at} > {number.format(at)}" for at in range(1, 200)) + " and @d and p0 > 1.5"
    found = segdsl.check(text, definitions={"d": "seats > 2.5"})
    assert {one.code for one in found} == ({"thousands-mark"} if number == "{}.500" else set())
    assert 0 < counted.characters < 2 * len(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lastSeen within 1m", ["`1m` is 1 minute; 1 month is `30d`"]),
        ("lastSeen before 6m", ["`6m` is 6 minutes; 6 months are `180d`"]),
        ("not lastSeen within 12m", ["`12m` is 12 minutes; 12 months are `365d`"]),
        ("lastSeen within 13m", []),
        ("lastSeen within 30m", []),
        ("lastSeen within 6h", []),
        ('plan == "6m"', []),
    ],
)
def test_a_few_minutes_are_probably_months(text: str, said: list[str]) -> None:
    found = segdsl.check(text)
    assert [one.message for one in found] == said
    assert {one.code for one in found} <= {"minutes"}


def test_minutes_of_a_parameter_are_minutes() -> None:
    assert segdsl.check("lastSeen within $time", params={"time": "6m"}) == ()


# ── scales ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sentiment < 0", ["`sentiment` runs from 0 to 1: nobody is below 0"]),
        ("1.0 < frustration", ["`frustration` runs from 0 to 1: nobody is above 1"]),
        ("cqi > 100", ["`cqi` runs from 0 to 100: nobody is above 100"]),
        ("not struggle > 1", ["`struggle` runs from 0 to 1: nobody is above 1"]),
        ("not struggle >= 0", ["`struggle` runs from 0 to 1: nobody is below 0"]),
        ("not cqi between 0 and 100", ["`cqi` runs from 0 to 100: nobody is below 0",
                                       "`cqi` runs from 0 to 100: nobody is above 100"]),
        ("0.5 < sentiment and (1 < sentiment < 7)", ["`sentiment` runs from 0 to 1: nobody is above 1",
                                                     "7 is outside the scale of `sentiment`, which runs from 0 to 1"]),
        ("sentiment > 0 and cqi < 100", []),
        ("0 <= sentiment < 0.3 or 0.7 < sentiment <= 1", []),
        ("not (0 < sentiment < 1)", []),
        ("sentiment >= 1 or cqi == 0 or cqi != 100", []),
        ("rating < 0 and seats < 0 and seats > 1", []),
    ],
)  # fmt: skip
def test_nobody_is_beyond_the_end_of_a_scale(text: str, said: list[str]) -> None:
    found = segdsl.check(text, max_segments=16)
    assert [one.message for one in found if one.code == "out-of-scale"] == said


def test_who_has_a_metric_is_asked_on_its_scale() -> None:
    (found,) = segdsl.check("cqi exists")
    assert "`cqi >= 1 or cqi < 1`" in found.help[0]
    assert [one.code for one in segdsl.check("cqi >= 1 or cqi < 1")] == ["always-true"]


# ── lists ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def mended(text: str, code: str, schema: segdsl.Schema | None = None) -> str:
    """The text with the fix of its only warning of that code, which leaves no error."""
    (warning,) = [one for one in segdsl.check(text, schema) if one.code == code]
    found = warning.fixes[0].applied_to(text)
    assert {one.code for one in segdsl.check(found, schema)} <= {"redundant"}
    return found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('country == "DE,AT"', 'country in ["DE", "AT"]'),
        ("country is not 'DE, AT, CH' and seats > 5", 'country not in ["DE", "AT", "CH"] and seats > 5'),
        ('not ("pro,free" == plan)', 'not (plan in ["pro", "free"])'),
        ('plan in ["pro, free"]', 'plan in ["pro", "free"]'),
        ('plan not in ["pro,free", "team"]', 'plan not in ["pro", "free", "team"]'),
        ('user["p"] == "A b" or user["p"] in ["C"] or user["p"] == "A b, C"',
         'user["p"] == "A b" or user["p"] in ["C"] or user.p in ["A b", "C"]'),
    ],
)  # fmt: skip
def test_a_text_with_commas_is_probably_a_list(text: str, meant: str) -> None:
    assert segdsl.unparse(segdsl.parse(mended(text, "list-in-text"))) == segdsl.unparse(segdsl.parse(meant))


@pytest.mark.parametrize(
    "text",
    [
        'title == "Hello, world"', 'title == "hello, world"', 'city == "Washington, DC"', 'city in ["Paris, Texas"]',
        'name in ["doe, jane", "smith, john"]', 'company contains "Acme, Inc"', 'company contains "DE,AT"',
        'plan == "pro,"', 'plan == ","', 'plan == "1,5"', 'plan > "a,b"', 'size == "DE,AUT"',
        'plan == "A b" or x == "A b, C"', 'isAdmin and plan == "A b, C"',
    ],
)  # fmt: skip
def test_a_text_with_commas_may_be_prose(text: str) -> None:
    assert "list-in-text" not in {one.code for one in segdsl.check(text)}


def test_a_bound_text_with_commas_is_a_text() -> None:
    assert segdsl.check("country == $country", params={"country": "DE,AT"}) == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('plan == "pro, free"', 'plan in ["pro", "free"]'),
        ('"pro,free" != plan', 'plan not in ["pro", "free"]'),
        ('plan in ["pro,team", "free"]', 'plan in ["pro", "team", "free"]'),
    ],
)
def test_declared_values_in_one_text_are_surely_a_list(text: str, meant: str) -> None:
    (error,) = segdsl.check(text, PLANS)
    assert [fix.safe for fix in error.fixes] == [True]
    assert error.fixes[0].applied_to(text) == meant


@pytest.mark.parametrize(
    ("text", "one", "several"),
    [
        ("seats in (1,500, 2,600)", "seats in (1500, 2600)", "for 4 numbers write `1, 500, 2, 600`"),
        ("seats not in [1,234,567, 8]", "seats not in [1234567, 8]", "for 4 numbers write `1, 234, 567, 8`"),
        ("rating in [5,\t4,5]", "rating in [5,\t4.5]", "for 3 numbers write `5, 4, 5`"),
        ("mrr in (-9,99, 1,500)", "mrr in (-9.99, 1.500)", "for 4 numbers write `-9, 99, 1, 500`"),
    ],
)
def test_a_comma_in_a_number_separates_values(text: str, one: str, several: str) -> None:
    (warning,) = [found for found in segdsl.check(text) if found.severity == "warning"]
    assert (warning.code, [fix.safe for fix in warning.fixes]) == ("comma-in-number", [False])
    assert warning.fixes[0].applied_to(text) == one
    assert warning.help == (warning.fixes[0].title, several)
    assert "comma-in-number" not in {found.code for found in segdsl.check(several.split("`")[1].join(["a in [", "]"]))}


@pytest.mark.parametrize(
    "text",
    [
        "seats in [1,2,3]", "seats in [1,500]", "seats in [9,99,19,99]", "seats in [1, 500, 2, 600]",
        "seats in [1,500,\n 2,600]", "seats in [1,500 ,2 ,600]", "seats in [1,2,3, 4]", "seats in [1,500,000, 2,5]",
        "seats in [1,50,500, 7]", "seats in [1.5,500, 2]", 'plan in ["1","500", "2"]', 'plan in ["1,500", "2"]',
    ],
)  # fmt: skip
def test_commas_that_cannot_be_in_a_number_separate_values(text: str) -> None:
    assert "comma-in-number" not in {one.code for one in segdsl.check(text)}


def test_a_repeated_value_with_a_comma_before_it_is_not_left_out() -> None:
    """`2,500` is probably one number, and not 2 and once more 500."""
    assert [one.code for one in segdsl.check("seats in (1,500, 2,500)")] == ["comma-in-number"]
    assert [one.code for one in segdsl.check("seats in (1, 500, 2, 500)")] == ["redundant"]
    assert [one.code for one in segdsl.check("seats in (1,500; 2,500)")] == ["unknown-character"]


def test_only_literals_have_commas() -> None:
    params = {"one": 1, "many": [1, 500, 2]}
    assert segdsl.check("seats in [$one,500, 2]", params=params) == ()
    assert segdsl.check("seats in $many and plan in [1,2]", params=params) == ()
    built = segdsl.Expression(segdsl.parse("seats in [1,500, 2,600]").condition)
    assert segdsl.check(built) == ()


PLANS = segdsl.Schema(properties={"plan": ["free", "pro", "pro-annual", "team"], "tags": "string"})


def test_a_property_with_the_name_of_a_list_is_probably_one() -> None:
    (warning,) = segdsl.check('user.tags contains "vip"')
    assert (warning.code, warning.fixes) == ("list-property", ())
    assert "`isVip`" in warning.help[0]
    assert segdsl.check('tags contains "vip"', PLANS) == segdsl.check('tags == "vip"') == ()


def test_a_part_of_a_declared_value_is_no_list() -> None:
    assert mended('plan contains "team"', "list-property", PLANS) == 'plan == "team"'
    assert segdsl.check('plan contains "pro"', PLANS) == ()  # a part of another value, too
    assert segdsl.check('plan contains "pr"', PLANS) == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("seats > 5 and is < 20", "seats > 5 and seats < 20"),
        ('plan == "a" or IS in ["b"]', 'plan == "a" or plan in ["b"]'),
        ('user["2fa"] == 1 or (is != 2)', 'user["2fa"] == 1 or (user.2fa != 2)'),
    ],
)
def test_is_after_another_comparison_is_probably_an_operator(text: str, meant: str) -> None:
    assert mended(text, "operator-as-name") == meant


def test_is_may_be_a_name() -> None:
    assert segdsl.check("is < 20 and is > 5") == segdsl.check("seats > 5 and user.is < 20") == ()
    assert segdsl.check("isAdmin and is < 20") == ()
    (warning,) = segdsl.check("lastSeen within 7d and is < 20")
    assert warning.fixes == ()


@pytest.mark.parametrize("text", ["plan in $many", 'plan in ["a", # the first\n "a"]'])
def test_a_repeated_value_that_no_edit_can_take_out(text: str) -> None:
    """It stands in a parameter, or behind a comment."""
    (warning,) = segdsl.check(text, params={"many": ["a", "a"]} if "$" in text else None)
    assert (warning.code, warning.fixes) == ("redundant", ())


def test_digits_beyond_every_number_are_text() -> None:
    assert [one.code for one in segdsl.check(f'plan == "1{"0" * 14}"')] == ["quoted-literal"]
    assert segdsl.check(f'plan == "1{"0" * 400}"') == ()


# ── texts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('isAdmin == "True"', "true"), ('plan != "FALSE"', "false"), ('user.has_paid in ["no", "x"]', "false"),
        ('conversation["isBot"] == "1"', "true"), ("isAdmin == 1", "true"), ("0.0 != user.is_new", "false"),
        ('isAdmin == "5"', "5"),
    ],
)  # fmt: skip
def test_a_text_or_number_is_no_boolean(text: str, meant: str) -> None:
    (found,) = [one for one in segdsl.check(text) if one.severity == "warning"]
    assert (found.code, found.help[0].split("`")[1]) == ("quoted-literal", meant)


@pytest.mark.parametrize(
    "text",
    ['newsletter == "yes"', 'issue == "on"', "island == 1", "isAdmin > 0", "isAdmin == 2", "isNew not in [1, 5]",
     'isAdmin contains "yes"', "conversationCount == 1", "rating == 1"],
)  # fmt: skip
def test_other_texts_and_numbers_are_probably_meant(text: str) -> None:
    assert segdsl.check(text) == ()


def test_a_declared_or_bound_value_is_meant() -> None:
    schema = segdsl.Schema(properties={"isAdmin": "number", "isNew": "string"})
    assert segdsl.check('isAdmin == 1 and isNew == "yes"', schema) == ()
    assert segdsl.check("isNew == $new", params={"new": "yes"}) == ()


@pytest.mark.parametrize(
    ("text", "sign", "help_"),
    [
        ('email contains "@gmail.com$"', "$", '`email contains "@gmail.com"` finds it anywhere'),
        ('role == "^admin"', "^", '`role contains "admin"` finds it anywhere'),
        ('email contains ".*@acme"', ".*", 'write `"@acme"`'),
        (r'email contains "acme\\.com"', r"\.", 'write `"acme.com"`'),
        (r'email in ["a", "^\\d+$"]', "^", "`contains` finds it anywhere"),
        ('name == "a.+"', ".+", "`contains` finds it anywhere"),
    ],
)
def test_a_text_may_look_like_a_regular_expression(text: str, sign: str, help_: str) -> None:
    (found,) = [one for one in segdsl.check(text) if one.severity == "warning"]
    assert (found.code, found.help[0].endswith(help_)) == ("wildcard", True)
    assert found.message == f"`{sign}` stands for itself here: the API has no regular expressions"


@pytest.mark.parametrize(
    "text",
    [
        'price == "US$"',
        'price == "1.50$"',
        'mood == "^_^"',
        r'path == "C:\\docs\\why.txt"',
        'plan == "$"',
        'n == "a.b"',
    ],
)
def test_a_text_with_signs_is_no_regular_expression(text: str) -> None:
    assert segdsl.check(text) == ()


def test_a_pattern_of_files_has_wildcards() -> None:
    assert "no wildcards" in segdsl.check('file contains "*.*"')[0].message
    assert segdsl.check("role == $role", params={"role": "^admin"}) == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('plan == "pro "', 'plan == "pro"'),
        ("plan not in ['pro', '\tfree']", "plan not in ['pro', \"free\"]"),
        (r'plan != "pro\n"', 'plan != "pro"'),
    ],
)
def test_an_outer_blank_is_probably_not_meant(text: str, meant: str) -> None:
    assert mended(text, "outer-blank") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("plan == 'a\u00a0b'", 'plan == "a b"'),
        ("company contains 'a\u200bb'", 'company contains "ab"'),
        ("plan == '\ufeffpro'", 'plan == "pro"'),
        ("plan == 'a\u200db'", 'plan == "ab"'),
    ],
)
def test_a_character_that_cannot_be_told_from_another(text: str, meant: str) -> None:
    assert mended(text, "misleading-character") == meant


@pytest.mark.parametrize(
    "text",
    [
        'name contains " Inc"', 'plan == " "', r'plan == "a\u00a0b"', "mood == '\U0001f468\u200d\U0001f469'",
        "name == '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'",
    ],
)  # fmt: skip
def test_blanks_and_joiners_may_be_meant(text: str) -> None:
    assert segdsl.check(text) == ()


def test_blanks_of_a_bound_text_are_meant() -> None:
    assert segdsl.check("plan == $plan", params={"plan": "a\u00a0b "}) == ()

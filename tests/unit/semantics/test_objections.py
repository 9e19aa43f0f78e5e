"""Names, operators and literals that do not fit, each with the code and the fix."""

from typing import Any

import pytest

import segdsl

DECLARED = segdsl.Schema(
    properties={"plan": ["free", "pro"], "seats": "integer", "opened": "date", "city": "string", "paying": "boolean"}
)


def first(text: str, schema: segdsl.Schema | None = None) -> tuple[str, str | None]:
    """The code of the first error, and the text with its first fix."""
    found = next(one for one in segdsl.check(text, schema) if one.severity == "error")
    return found.code, found.fixes[0].applied_to(text) if found.fixes else None


@pytest.mark.parametrize(
    ("text", "code", "mended"),
    [
        ("None", "bad-name", None),
        ("null == 5", "bad-name", None),
        ("analysis.cqi > 50", "near-miss", "cqi > 50"),
        ("user.properties.plan == 1", "near-miss", "user.plan == 1"),
        ("properties.plan == 1", "near-miss", "user.plan == 1"),
        ("lastLogin > 30d", "near-miss", "lastSeen before 30d"),
        ("lastLogin within 30d", "near-miss", "lastSeen within 30d"),
        ("toxicity", "near-miss", None),  # of the user or the model
        ("mood > 0.5", "near-miss", "sentiment > 0.5"),
        ("renewal before 2026-01-31", "wrong-operator", 'renewal < "2026-01-31"'),
        ('renewal before "2026-01-31"', "wrong-operator", 'renewal < "2026-01-31"'),
        ('renewal before "spring"', "wrong-operator", None),
        ('renewal contains 2026-01-31', "wrong-type", 'renewal contains "2026-01-31"'),
        ("lastSeen > '3 weeks'", "wrong-operator", "lastSeen before 3w"),
        ("conversationCount > 1.5", "wrong-type", "conversationCount > 1"),
        ("conversationCount == 1.5", "wrong-type", None),
        ("cqi > '75 percent'", "wrong-type", "cqi > 75"),
        ("cqi > ten", "wrong-type", "cqi > 10"),
    ],
)  # fmt: skip
def test_where_nothing_is_declared(text: str, code: str, mended: str | None) -> None:
    assert first(text) == (code, mended)


@pytest.mark.parametrize(
    ("text", "code", "mended"),
    [
        ("seats > 1e300", "number-out-of-range", None),
        ("seats > 5.5", "wrong-type", "seats > 5"),
        ("city == 2026-01-31", "wrong-type", 'city == "2026-01-31"'),
        ("city == 5", "wrong-type", 'city == "5"'),
        ("city == true", "wrong-type", None),
        ("plan == true", "wrong-type", None),
        ("plan == 'Pro'", "not-allowed-value", 'plan == "pro"'),
        ("plan in ['Pro', 'FREE']", "not-allowed-value", "plan in [\"pro\", 'FREE']"),
        ("plan != ' '", "not-allowed-value", None),
        ("opened before 2026-01-31", "wrong-operator", "opened < 2026-01-31"),
        ("opened before 7d", "wrong-operator", None),
        ("opened > 'March 1, 2026'", "wrong-type", "opened > 2026-03-01"),
        ("opened > 'spring'", "wrong-type", None),
        ("paying == 'yes'", "wrong-type", "paying == true"),
        ("paying == 5", "wrong-type", None),
    ],
)
def test_where_properties_are_declared(text: str, code: str, mended: str | None) -> None:
    assert first(text, DECLARED) == (code, mended)


@pytest.mark.parametrize(
    "text", ["plan != ''", "conversationAccount > 5", "ratings == 'x'", "conversion_count > 5", "intent_score > 80"]
)
def test_what_is_right(text: str) -> None:
    schema: Any = DECLARED if text.startswith("plan") else None
    assert [one for one in segdsl.check(text, schema) if one.severity == "error"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("opened within 30d", "only `lastSeen` takes relative times"),
        ("opened before 30d", "only `lastSeen` takes relative times"),
        ("opened == 7", "write a day as 2026-01-31"),
        ("opened != 2026", "`not opened between 2026-01-01 and 2026-12-31`"),
        ("seats == true", "compare it with an integer"),
        ("sentiment is low", "`sentiment < 0.3`"),
        ("frustration = 'high'", "`frustration > 0.7`"),
        ("frustration high", "`frustration > 0.7`"),
        ("sentiment > low", "write a number without quotes"),
        ("cqi is poor", "`cqi < 30`"),
    ],
)
def test_help_in_words(text: str, said: str) -> None:
    (found,) = segdsl.check(text, DECLARED)
    assert not found.fixes
    assert said in " ".join(str(one) for one in found.help)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("opened in 2026", "opened between 2026-01-01 and 2026-12-31"),
        ("opened == 2026.0", "opened between 2026-01-01 and 2026-12-31"),
        ("opened in [1900]", "opened between 1900-01-01 and 1900-12-31"),
        ("2100 = opened", "opened between 2100-01-01 and 2100-12-31"),
        ("not opened = 2026 or paying", "not opened between 2026-01-01 and 2026-12-31 or paying"),
        ("opened in 2026 and paying", "opened between 2026-01-01 and 2026-12-31 and paying"),
        ("opened < 2026", "opened < 2026-01-01"),
        ("opened <= 2026", "opened <= 2026-12-31"),
        ("2026 < opened", "2026-12-31 < opened"),
        ("opened >= 2026", "opened >= 2026-01-01"),
        ("opened == 1899", None),
        ("opened == 2101", None),
        ("opened == 2026.5", None),
        ("opened in [2025, 2026]", None),
    ],
)
def test_a_year_beside_a_date(text: str, mended: str | None) -> None:
    assert first(text, DECLARED) == ("wrong-type", mended)
    if mended is not None:
        assert not [one for one in segdsl.check(mended, DECLARED) if one.code != "needs-split"]


ROLES = segdsl.Schema(properties={"plan": ["free", "trial", "pro"], "role": ["owner", "admin"], "seats": "integer"})


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("plan is not free or trial", 'plan not in ["free", "trial"]'),
        ('plan == "free" or trial', 'plan in ["free", "trial"]'),
        ('plan not in ["free"] and trial', 'plan not in ["free", "trial"]'),
        ("role is owner, not admin", 'role != "admin"'),
        ("seats > 5 and trial", 'plan == "trial"'),
        ("admin", 'role == "admin"'),
        ("not admin", 'role != "admin"'),
    ],
)
def test_a_value_alone_is_of_its_property(text: str, meant: str) -> None:
    found = next(one for one in segdsl.check(text, ROLES) if one.code == "undeclared-property")
    (help_,) = found.help
    assert help_.endswith(f"write `{meant}`")
    assert segdsl.check(meant, ROLES) == ()


def test_presence_where_no_property_is_declared_is_shown_with_a_count() -> None:
    (found,) = segdsl.check("null == 1", segdsl.Schema(properties={}))
    assert found.help == ("for users who have something at all, compare it: `conversationCount >= 1`",)

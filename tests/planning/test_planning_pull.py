"""Any account, pulled: the config plans to nothing against it, and nothing of the account is missing in it."""

import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segdsl.config.load import loads
from segdsl.config.rewrite import formatted_config
from segdsl.planning import pull
from segdsl.planning.pull import to_config
from segdsl.remote.models import SegmentDetail

from .planned import account_of, desired, plan_of, remote

NUMBERS = st.one_of(st.sampled_from([0, 1, 5, 0.6, 5.0, -1, 2**53, 1e300]), st.floats(-9, 9), st.integers(-9, 9))
TEXTS = st.one_of(
    st.sampled_from(["", "pro", "it's", "a'''b", 'say "x"', "\\", "\n", "\x00", "\x7f", "\u202e"]), st.text()
)
KEYS = st.sampled_from(
    ["plan", "seats", "sentiment", "Sentiment", "user.x", "2fa", "not", "-", "a.b", "commercial_intent"]
)
METRICS = st.sampled_from(["sentiment", "rating", "cqi"])


def rule(type_: str, **values: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(type_), **values})


RULES = st.one_of(
    rule("analysis", field=METRICS, operator=st.sampled_from(["gt", "lt", "eq", "gte", "lte"]), value=NUMBERS),
    rule("analysis_flag", field=st.sampled_from(["jailbreakDetected", "modelBiasDetected"]), value=st.booleans()),
    *(
        rule(
            kind,
            key=KEYS,
            operator=st.sampled_from(["eq", "neq", "contains", "gt", "lt"]),
            value=st.one_of(TEXTS, NUMBERS, st.booleans()),
        )
        for kind in ("property", "conversation_property")
    ),
    rule("conversation_count", operator=st.sampled_from(["gte", "lte"]), value=st.integers(-2, 9)),
    rule(
        "last_seen",
        operator=st.sampled_from(["within", "before"]),
        value=st.sampled_from(["7d", "168h", "30m", "99999d", "7w", "0d"]),
    ),
)
DATES = st.sampled_from([None, "2026-01-01", "2026-03-31T10:00:00+01:00", "2026-02-30", "soon"])
FILTERS = st.one_of(
    st.fixed_dictionaries(
        {"rules": st.lists(RULES, min_size=1, max_size=4)},
        optional={
            "dateRange": st.fixed_dictionaries(
                {}, optional={"preset": st.sampled_from(["7d", "all", "1y"]), "from": DATES, "to": DATES}
            ),
            "productIds": st.lists(
                st.sampled_from(["182BD5E5-6E1A-4FE4-A799-AA6D9A6AB26E", "0f8fad5b-d9cb-469f-a165-70867728950e", "x"]),
                max_size=3,
            ),
        },
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXTS,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
        max_leaves=4,
    ).map(lambda anything: {"conditions": anything}),
    st.none(),
)
NAMES = st.one_of(
    st.sampled_from(["A", "A", " A", "a", "A (1/2)", "", " ", "x" * 256, "\ud800", "e\u0301", "\u00e9"]), TEXTS
)
DETAILS = st.builds(
    SegmentDetail,
    id=st.uuids().map(str),
    name=NAMES,
    type=st.sampled_from(["custom", "custom", "custom", "system"]),
    description=st.none() | TEXTS,
    icon=st.none() | st.sampled_from(["Users", "i" * 51, ""]),
    filters=FILTERS,
)


@given(account=st.lists(DETAILS, max_size=6, unique_by=lambda detail: detail.id))
@example(account=[])
@example(account=[remote("1", "A", "rating > 1"), remote("2", "A", "rating > 1"), remote("3", "A ", "rating > 1")])
@example(account=[remote("1", "A", "rating > 1", description="d"), remote("2", "A", "rating > 1")])
def test_a_pulled_config_plans_nothing_and_is_complete(account: list[SegmentDetail]) -> None:
    pulled = to_config(account_of(*account))
    custom = [detail for detail in account if detail.is_custom]
    assert sorted((*pulled.said, *pulled.kept_as_comments)) == sorted(detail.id for detail in custom)
    assert kept_by_id(pulled.text) == {it.id: it for it in custom if it.id in pulled.kept_as_comments}
    text = pulled.text.encode().decode()  # as a file holds it
    plan = plan_of(desired(text) if pulled.said else (), *account)
    assert plan.is_empty
    assert len(plan.unchanged) == len(pulled.said)


@given(account=st.lists(DETAILS, max_size=6, unique_by=lambda detail: detail.id))
@example(account=[remote("1", "A", " and ".join(f'property{number} == "x"' for number in range(9)))])
def test_pulled_expressions_are_formatted(account: list[SegmentDetail]) -> None:
    text = to_config(account_of(*account)).text
    config, _ = loads(text, "segments.toml", "toml")
    assert config is not None
    assert formatted_config(config) == text


def test_names_show_characters_that_change_the_direction_of_text() -> None:
    text = to_config(account_of(remote("1", "A\u202eb", "rating > 1", description="\u2066c"))).text
    assert 'name = "A\\u202eb"\ndescription = "\\u2066c"\n' in text


def kept_by_id(text: str) -> dict[str, SegmentDetail]:
    """The contents of a config's comments, read back."""
    found = [json.loads(line) for line in re.findall(r"^# (\{.*\})$", text, re.MULTILINE)]
    return {segment["id"]: SegmentDetail(**segment) for segment in found}


def test_only_inexpressible_segments_become_comments() -> None:
    said = [remote(str(index), f"segment {index}", where) for index, where in enumerate(SAYABLE)]
    assert to_config(account_of(*said)).kept_as_comments == ()


SAYABLE = (
    "rating > 1",
    'plan == "it\'s" and company contains "\\u0000\\u202e"',
    "seats == 9007199254740991 and ratio > 1e300",
    "0.3 <= sentiment < 0.7 and not jailbreakDetected during 7d from 2026-01-01",
    'user.sentiment == "x" and user["2fa"] and conversation.channel != "slack"',
)


def test_a_segment_whose_text_would_plan_a_change_is_kept_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull, "unparse", lambda *_: "rating > 2")  # a printer that prints another expression
    pulled = to_config(account_of(remote("1", "A", "rating > 1")))
    assert (pulled.said, pulled.kept_as_comments) == ((), ("1",))
    assert "# Not said here: as an expression it would not be the same segment." in pulled.text


LONG = "\n".join(
    ['property0 == "value"', *(f'and property{number} == "value"' for number in range(1, 8))]
)  # more than a line holds


@pytest.mark.parametrize(
    ("where", "quoted"),
    [
        ('plan == "pro"', "'plan == \"pro\"'"),
        ('plan == "it\'s"', "'''plan == \"it's\"'''"),
        (LONG, f"'''\n{LONG}\n'''"),
        (LONG.replace("value", "it's"), f"'''\n{LONG}\n'''".replace("value", "it's")),
    ],
    ids=["one line", "an apostrophe", "several lines", "several lines and apostrophes"],
)
def test_the_text_of_a_segment(where: str, quoted: str) -> None:
    segment = remote("1", "A", where, description="d", icon="Users")
    entry = f'[[segment]]\nname = "A"\ndescription = "d"\nicon = "Users"\nwhere = {quoted}\n'
    assert to_config(account_of(segment)).text.partition("\n\n")[2] == entry


@pytest.mark.parametrize(
    ("segment", "reason"),
    [
        (
            remote("2", "A", "rating > 2"),
            "a segment above has this name already, and a config can use a name only once",
        ),
        (
            remote("2", " A ", "rating > 2"),
            "a segment above has this name already, and a config can use a name only once",
        ),
        (remote("2", "B", {"rules": []}), "rules: must be a list of at least one rule"),
        (remote("2", "\ud800", "rating > 2"), "half a surrogate pair, which no file can hold"),
        (
            remote("2", "x" * 256, "rating > 2"),
            "`name` must be at most 255 UTF-16 code units long, and this has 256",
        ),
    ],
    ids=["name said before", "name said before with other blanks", "no filters", "no config", "a config with an error"],
)
def test_a_comment_says_why(segment: SegmentDetail, reason: str) -> None:
    pulled = to_config(account_of(remote("1", "A", "rating > 1"), segment))
    assert pulled.kept_as_comments == ("2",)
    assert f"\n# Not said here: {reason}.\n" in pulled.text


def test_a_comment_holds_no_delete_character() -> None:
    text = to_config(account_of(remote("1", "A", None, description="a\x7fb"))).text
    assert "\x7f" not in text
    assert '"description": "a\\u007fb"' in text


def test_a_segment_that_cannot_be_read_is_kept_with_what_is_known() -> None:
    account = account_of(remote("1", "A", "rating > 1"), remote("2", "B", "rating > 2"), unreadable=("1",))
    pulled = to_config(account)
    assert (pulled.said, pulled.kept_as_comments) == (("2",), ("1",))
    assert '\n# Not said here: broken.\n# {"id": "1", "name": "A", "type": "custom"}\n' in pulled.text

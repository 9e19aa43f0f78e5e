"""Completion place by place: the items, their order, and the traps."""

from typing import Any

import pytest

import segdsl

SCHEMA = segdsl.Schema(
    {
        "plan": ["free", "pro", "enterprise"],
        "seats": "integer",
        "ratio": "number",
        "isAdmin": "boolean",
        "signedUp": "date",
        "from": "string",
        "2fa": "boolean",
    },
    {"channel": "string"},
)
PARAMS = {"who": "pro", "other": "x", "most": 3, "plans": ["pro"], "bad plans": ["pro"], "since": "30d", "odd": None}
DEFINITIONS = {"engaged": "conversationCount >= 5", "broken": "a ==", "no name!": "a"}


def completed(text: str) -> segdsl.Completions:
    """The completions at `|`."""
    offset = text.index("|")
    return segdsl.complete(text.replace("|", "", 1), offset, SCHEMA, PARAMS, DEFINITIONS)


def labels(text: str) -> list[str]:
    return [item.label for item in completed(text).items]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("intent|", ["commercialIntent"]),  # an inner part of the word
        ("detected|", [one.name for one in segdsl.fields() if one.kind == "flag"]),
        ("seats|", ["seats"]),  # exactly typed, and still offered
        ("user.p|", ["user.plan"]),
        ('user["2|', ['"2fa"']),
        ('user["2fa"|', ["]"]),
        ("user |", ["["]),
        ("@|", ["@engaged"]),
        ("$w|", ["$who"]),
        ("plan == |", ['"free"', '"pro"', '"enterprise"', "$who"]),
        ("plan ==|", ['"free"', '"pro"', '"enterprise"', "$who"]),
        ("plan == ent|", ['"enterprise"']),
        ("plan == 'ent|", ['"enterprise"']),
        ('plan == "f\\u0072|', ['"free"']),
        ('plan == "f\\u00|', ['"free"']),
        ('plan in ["pro", |', ['"free"', '"enterprise"', "$who", "]"]),
        ("isAdmin in (true, false, |", [")"]),
        ("isAdmin in [|", ["true", "false"]),
        ("plan in ['pro'|", ["]", ","]),
        ("plan in ('pro'|", [")", ","]),
        ("plan in |", ["[", "$plans"]),
        ("plan not |", ["in", "between"]),
        ("isAdmin not |", ["in"]),
        ("isAdmin is |", ["true", "false", "not"]),
        ("isAdmin is not |", ["true", "false"]),
        ("seats between 1 |", ["and"]),
        ("seats not between 1 and |", ["$most"]),
        ("lastSeen |", ["within", "before"]),
        ("lastSeen within |", ["24h", "7d", "30d", "90d", "$since"]),
        ("lastSeen within 12|", ["12m", "12h", "12d", "12w"]),
        ("lastSeen within 99999|", ["99999m", "99999h"]),
        ("cqi > |", ["25", "50", "75", "$most"]),
        ("ratio >|", [">", ">="]),
        ("5 |", ["==", "!=", "<", "<=", ">", ">="]),
        ("true |", ["==", "!="]),
        ("7d |", []),
        ("1 < seats |", ["<", "<=", "and", "or", "during", "from", "to", "for"]),  # the signs of a chain agree
        ("9 >= seats |", [">", ">=", "and", "or", "during", "from", "to", "for"]),
        ("1 != seats |", ["and", "or", "during", "from", "to", "for"]),
        ("7 > seats >|", [">", ">="]),
        (
            "from |",
            ["==", "!=", "in", "not in", "contains", "is", "is not", "<", "<=", ">", ">=", "between", "not between"],
        ),
        ("isAdmin during |", ["7d", "30d", "90d", "all", "$since"]),
        ("isAdmin during 7d |", ["from", "to", "for"]),
        ("isAdmin for products |", []),
        ("isAdmin for |", ["product", "products"]),
        ("isAdmin or (seats > 3 |", ["and", "or", ")"]),
        ("!isAd|", ["isAdmin"]),
        ("not isAd|", ["isAdmin"]),
        ("# isAd|", []),
        ("isAdmin # and|", []),
        ('plan == "x # isAd|', []),
        ("isAdmin # and\n a|", ["and"]),
        ("foo bar |", []),
        ("foo bar and isAd|", ["isAdmin"]),
        ("seats > > 3 and isAd|", ["isAdmin"]),
        ("plan == 'x\n and isAd|", ["isAdmin"]),
    ],
)
def test_the_items(text: str, offered: list[str]) -> None:
    assert labels(text) == offered


def test_a_name_may_be_joined_only_where_it_can_be_boolean() -> None:
    assert "and" in labels("isAdmin |")
    assert "and" in labels("jailbreakDetected |")
    for text in ("plan |", "seats |", "lastSeen |", "rating |", "from |"):
        assert "and" not in labels(text)


def test_declared_properties_come_first_and_words_last() -> None:
    found = labels("|")
    assert found[:7] == ["plan", "seats", "isAdmin", "ratio", "signedUp", "user.from", "user.2fa"] or found[0] == "plan"
    assert found.index("seats") < found.index("sentiment") < found.index("conversation.channel") < found.index("not")
    assert "@broken" not in found
    assert "@no name!" not in found


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("pla|n == 3", 0, 4),
        ("|plan == 3", 0, 0),
        ("plan == |", 8, 8),
        ('plan == "fr|ee" and company == "x"', 8, 14),
        ('plan == "fr| and company == "x"', 8, 11),
        ("plan <|= 3", 5, 7),
        ('plan == "free"|', 14, 14),
    ],
)
def test_the_replaced_span(text: str, start: int, end: int) -> None:
    found = completed(text)
    assert (found.start, found.end) == (start, end)


def test_in_the_body_of_a_definition_there_is_no_scope_and_no_circle() -> None:
    definitions = {"a": "isAdmin", "b": "@a and seats > 3", "c": "@b", "d": "rating > 0.5"}
    environment = segdsl.Environment(SCHEMA, definitions)
    for name, others in {"a": "@d", "b": "@a @d", "d": "@a @b @c", "new": "@a @b @c @d"}.items():
        assert [item.label for item in environment.complete("@", 1, definition=name).items] == others.split()
    for text, expected in {
        "isAdmin ": "a comparison",
        "isAdmin == true ": "`and`, `or` or the end",
        "(isAdmin == true ": "`and`, `or` or `)`",
        "isAdmin during 7d ": "the end",
    }.items():
        found = environment.complete(text, len(text), definition="a")
        assert found.expected == expected
        assert not {item.label for item in found.items} & {"during", "from", "to", "for"}


def test_a_word_after_a_quote_gets_a_blank() -> None:
    assert [item.insert for item in completed('(plan == "free"|').items] == [" and", " or", ")"]


NAMES = ["plan", "seats", "ratio", "isAdmin", "signedUp", "rating", "conversationCount", "conversation.channel"]


@pytest.mark.parametrize("name", NAMES)
def test_the_number_of_segments_is_true(name: str) -> None:
    literals = ('"pro"', "3", "true", "2026-01-31")
    for item in completed(f"{name} |").items:
        if item.label in ("==", "!=", "<", "<=", ">", ">="):
            texts = [f"{name} {item.label} {one}" for one in literals]
            fitting = [one for one in texts if not [p for p in segdsl.check(one, SCHEMA) if p.severity == "error"]]
            needed = {len(segdsl.compile_all(one, SCHEMA)) for one in fitting}
            assert ("needs 2 segments" in item.detail) == (max(needed) == 2), (item, needed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("|", "a condition"),
        ("company == |", "a string or a number or true or false"),
        ("plan == |", "a declared value"),
        ("signedUp < |", "a date such as 2026-01-31"),
        ("isAdmin and (isAdmin|", "a condition"),
        ("(isAdmin == true |", "`and`, `or` or `)`"),
        ("isAdmin == true |", "`and`, `or`, a scope clause or the end"),
        ("# |", ""),
    ],
)
def test_the_expected_words(text: str, expected: str) -> None:
    schema = None if "company" in text else SCHEMA
    offset = text.index("|")
    assert segdsl.complete(text.replace("|", ""), offset, schema).expected == expected


def test_offsets_of_javascript() -> None:
    text = 'company == "😀😀" and pla'
    plain, utf16 = segdsl.complete(text, len(text)), segdsl.complete(text, len(text) + 2, utf16=True)
    assert (utf16.start, utf16.end) == (plain.start + 2, plain.end + 2)
    assert utf16.items == plain.items
    hover, units = segdsl.hover(text, 20, SCHEMA), segdsl.hover(text, 22, SCHEMA, utf16=True)
    assert hover is None or units is None or (units.start, units.end) == (hover.start + 2, hover.end + 2)


def test_it_is_one_answer() -> None:
    environment = segdsl.Environment(SCHEMA, DEFINITIONS)
    assert environment.complete("pl", 2, PARAMS) == segdsl.complete("pl", 2, SCHEMA, PARAMS, DEFINITIONS)
    assert environment.hover("plan", 2) == segdsl.hover("plan", 2, SCHEMA)
    assert environment.fields() == segdsl.fields(SCHEMA)
    plain = environment.complete("intent", 6).to_dict()
    assert plain == {
        "version": 1,
        "start": 0,
        "end": 6,
        "expected": "a condition",
        "items": [
            {
                "label": "commercialIntent",
                "insert": "commercialIntent",
                "kind": "metric",
                "detail": "a metric",
                "help": "a metric, from 0 to 1",
            }
        ],
    }


@pytest.mark.parametrize("params", ["x", 5])
def test_params_are_a_mapping(params: Any) -> None:
    with pytest.raises(TypeError, match="params must be a mapping"):
        segdsl.complete("a", 1, params=params)


@pytest.mark.parametrize(
    ("text", "hovered", "says"),
    [
        ("pl|an == 'pro'", "plan", 'plan is "pro"'),
        ("plan =|= 'pro'", "plan == 'pro'", 'plan is "pro"'),
        ("@eng|aged", "@engaged", "conversationCount is at least 5"),
        ("@eng|aged and (", "@engaged", "conversationCount is at least 5"),
        ("@lost| and (", "@lost", "is not defined"),
        ("@bro|ken and (", "@broken", "cannot be read"),
        ("isAdmin dur|ing 7d", "during 7d", "those of the last 7 days"),
        ("cqi| and (", "cqi", "from 0 to 100"),
        ("user['2|fa'] and (", "user['2fa']", "declared as true or false"),
        ("plan ==| $w and (", "==", "is"),
        ("plan == $w|ho and (", "$who", "is 'pro'"),
        ("plan == $u|nbound and (", "$unbound", "has no value"),
        ("plan == 'pro' | and isAdmin", None, ""),
        ("é| (", None, ""),
    ],
)
def test_hover(text: str, hovered: str | None, says: str) -> None:
    offset, whole = text.index("|"), text.replace("|", "", 1)
    found = segdsl.hover(whole, offset, SCHEMA, PARAMS, DEFINITIONS)
    if hovered is None:
        assert found is None
    else:
        assert found is not None
        assert whole[found.start : found.end] == hovered
        assert says in found.text
        assert found.to_dict() == {"start": found.start, "end": found.end, "text": found.text}


def test_fields() -> None:
    found = {one.name: one for one in segdsl.fields(SCHEMA)}
    assert found["cqi"].scale == (0, 100)
    assert found["plan"].values == ('"free"', '"pro"', '"enterprise"')
    assert found["isAdmin"].operators == ("==", "!=", "in", "not in")
    assert found["lastSeen"].operators == ("within", "before")
    assert found["conversation.channel"].kind == "conversation_property"
    assert found["user.from"].words == "a user property, declared as a text"
    assert [one.name for one in segdsl.fields()][-1] == "lastSeen"

"""Why an expression is not one segment, or none: the message, and where it points."""

import pytest

import segdsl
from segdsl.lowering.split_errors import contradiction
from segdsl.semantics.advice import CONFIG
from tests.diagnosed import underlined

from .lowered import typed

TOO_MUCH_WORK = "counted before simplification, which would take too much work"


def refused(text: str, schema: segdsl.Schema | None = None, **definitions: str) -> segdsl.Diagnostic:
    """The first error, for one segment of a config."""
    found = segdsl.Environment(schema, definitions, advice=CONFIG).check(text, max_segments=1)
    return next(one for one in found if one.severity == "error")


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("a or b", "a or b", "the API has no `or`; this needs 2 segments"),
        ("c and (a or b)", "a or b", "the API has no `or`; this needs 2 segments"),
        ("not (a and b)", "a and b", "the API has no `or`, and `not (… and …)` is one; this needs 2 segments"),
        (
            "not (1 < seats < 5)",
            "1 < seats < 5",
            "the API has no `or`, and a range that is negated is one; this needs 4 segments",
        ),
        ("a and plan in ['x', 'y']", "plan in ['x', 'y']", "the API has no `in`; this needs 2 segments"),
        ("seats >= 5", "seats >= 5", "the API has no `>=` for user properties; this needs 2 segments"),
        ("5 <= seats", "5 <= seats", "the API has no `>=` for user properties; this needs 2 segments"),
        (
            "conversation.x <= 5",
            "conversation.x <= 5",
            "the API has no `<=` for conversation properties; this needs 2 segments",
        ),
        (
            "not seats < 5",
            "not seats < 5",
            "`not … <` means `>=`, which the API does not have for user properties; this needs 2 segments",
        ),
        (
            "not seats > 5 and a",
            "not seats > 5",
            "`not … >` means `<=`, which the API does not have for user properties; this needs 2 segments",
        ),
        ("rating != 3", "rating != 3", "the API has no `!=` for metrics; this needs 2 segments"),
        (
            "not rating == 3",
            "not rating == 3",
            "`not … ==` means `!=`, which the API does not have for metrics; this needs 2 segments",
        ),
        (
            "not rating in [3, 4]",
            "not rating in [3, 4]",
            "`not … in` means `not in`, which the API does not have for metrics; this needs 3 segments",
        ),
        (
            "conversationCount not in [3, 4]",
            "conversationCount not in [3, 4]",
            "the API has no `not in` for the conversation count; this needs 2 segments",
        ),
        (
            "seats between 1 and 5",
            "seats between 1 and 5",
            "the API has no `between` for user properties; this needs 3 segments",
        ),
        ("1 <= seats < 5", "1 <= seats < 5", "the API has no `>=` for user properties; this needs 2 segments"),
        ("1 < seats <= 5", "1 < seats <= 5", "the API has no `<=` for user properties; this needs 2 segments"),
    ],
)
def test_needs_split_points_at_the_part_that_splits(text: str, place: str, reason: str) -> None:
    found = refused(text)
    assert (found.code, underlined(found), found.message) == ("needs-split", place, reason)


@pytest.mark.parametrize(
    ("text", "became"),
    [
        ("seats >= 5", "seats > 4"),
        ("seats <= 5", "seats < 6"),
        ("user.seats >= 5", "user.seats > 4"),
        ("not seats < 5", "seats > 4"),
        ("seats between 1 and 5", "0 < seats < 6"),
        ("1 <= seats < 5", "0 < seats < 5"),
        ("5 >= seats > 1", "1 < seats < 6"),
    ],
)
def test_what_it_becomes_for_a_declared_integer(text: str, became: str) -> None:
    found = refused(text)
    name = "user.seats" if "user." in text else "seats"
    assert found.help[0] == (
        f'if {name} is always a whole number, declare `seats = "integer"` under [properties] and it becomes `{became}`'
    )
    assert found.help[1].startswith("or allow ")
    segdsl.compile(became)


def test_conversation_properties_are_declared_elsewhere() -> None:
    (integer, _) = refused("conversation.turns >= 5").help
    assert integer == (
        'if conversation.turns is always a whole number, declare `turns = "integer"` under [conversation_properties] '
        "and it becomes `conversation.turns > 4`"
    )


@pytest.mark.parametrize(
    "text", ["seats >= 5.5", "seats >= 'm'", "rating != 3", "a or b", "1 <= seats < 5.5", "5.5 > seats >= 1"]
)
def test_an_integer_is_not_advised_for_other_values(text: str) -> None:
    assert refused(text).help == ("allow 2 segments with `split = true`",)


def test_more_than_the_limit_cannot_be_allowed() -> None:
    several = " and ".join(f"(a{number} or b{number})" for number in range(5))
    assert refused(several).help == ("say less at once: even split, an expression makes at most 16 segments",)


def test_the_other_parts_that_split_are_noted_up_to_three() -> None:
    found = refused("(a or b) and (c or d) and (e or f) and (g or h)")
    assert underlined(found) == "a or b"
    noted = [underlined(note) for note in found.notes]
    assert noted == ["c or d", "e or f", "g or h"]
    assert len(refused("(a or b) and (c or d) and (e or f) and (g or h) and (i or j)").notes) == 3


def test_parts_that_make_no_difference_are_not_blamed() -> None:
    assert underlined(refused("(a or a and b) and (c or d)")) == "c or d"


def test_a_part_of_several_rules_in_one_segment_is_not_called_a_split() -> None:
    found = refused("conversation.x not in ['a', 'b'] or rating > 3")
    assert (underlined(found), found.notes) == ("conversation.x not in ['a', 'b'] or rating > 3", ())


def test_a_set_of_conversations_splits_where_one_of_its_values_does() -> None:
    found = refused("conversation.x not in [1, 2.5] and (a or conversation.y >= 5)")
    assert underlined(found) == "a or conversation.y >= 5"
    assert [underlined(note) for note in found.notes] == ["conversation.y >= 5"]


@pytest.mark.parametrize("text", ["@plans and seats >= 2", "@plans and (seats == 2 or rating > 3)"])
def test_the_expression_is_blamed_before_its_definitions(text: str) -> None:
    found = refused(text, plans="plan == 'x' or plan == 'y'")
    assert found.source_name == "expression"
    assert [note.source.name for note in found.notes] == ["@plans"]


def test_a_short_list_in_the_expression_is_blamed_before_one_in_a_definition() -> None:
    found = refused("@plans and seats in [1, 2]", plans="plan in ['x', 'y']")
    assert (found.source_name, underlined(found)) == ("expression", "seats in [1, 2]")
    assert [note.source.name for note in found.notes] == ["@plans"]


def test_the_whole_is_blamed_where_no_part_splits_by_itself() -> None:
    found = refused("@a or @b", a="isAdmin", b="seats > 5")
    assert (found.source_name, underlined(found)) == ("expression", "@a or @b")


@pytest.mark.parametrize(
    ("text", "place", "other"),
    [
        ("rating > 3 and a and rating < 2", "rating < 2", "rating > 3"),
        ("rating > 3 and rating > 5 and rating < 4", "rating < 4", "rating > 5"),
        ("rating < 9 and rating > 3 and rating == 3", "rating == 3", "rating > 3"),
        ("plan in ['a', 'b'] and plan == 'c'", "plan == 'c'", "plan in ['a', 'b']"),
        ("plan not in ['a', 'b'] and plan == 'b'", "plan == 'b'", "plan not in ['a', 'b']"),
        ("plan != 'a' and plan in ['a']", "plan in ['a']", "plan != 'a'"),
        ("a and (b and not a)", "not a", "a"),
        ("(a and not a) or (b and not b)", "not a", "a"),
    ],
)
def test_never_matches_points_at_two_that_contradict_each_other(text: str, place: str, other: str) -> None:
    found = refused(text)
    (note,) = found.notes
    assert (found.code, underlined(found)) == ("never-matches", place)
    assert underlined(note) == other


@pytest.mark.parametrize("text", ["5 < rating < 1", "rating between 5 and 1", "5 > rating > 9"])
def test_an_empty_range_is_called_that(text: str) -> None:
    found = refused(text)
    assert (found.message, underlined(found), found.notes) == ("no user can match: this range is empty", text, ())


@pytest.mark.parametrize(
    "text",
    [
        "(a or b) and (not a and not b)",
        "rating != 3 and (rating == 3 or a and not a)",
        "(a and not a or b) and not b",
    ],
)
def test_never_matches_points_at_the_whole_where_no_two_do(text: str) -> None:
    found = refused(text)
    assert (found.code, found.message) == ("never-matches", "no user can match: its parts contradict one another")
    assert (underlined(found), found.notes) == (text, ())


def test_several_that_only_together_leave_no_room_are_all_noted() -> None:
    found = refused("conversationCount < 3 and conversationCount > 1 and a and conversationCount != 2")
    assert underlined(found) == "conversationCount != 2"
    assert [(note.message, underlined(note)) for note in found.notes] == [
        ("it contradicts this, taken together", "conversationCount < 3"),
        ("it contradicts this, taken together", "conversationCount > 1"),
    ]


def test_each_part_of_an_or_is_searched_for_contradictions() -> None:
    found = refused("rating > 3 and ((plan == 'a' and plan == 'b') or (plan == 'c' and plan == 'd'))")
    assert (found.code, underlined(found)) == ("never-matches", "plan == 'b'")


def test_a_contradiction_between_definitions_names_their_uses() -> None:
    found = refused("@high and @low", high="rating > 7", low="rating < 3")
    assert (found.source_name, underlined(found)) == ("@low", "rating < 3")
    assert [(note.message, note.source.name) for note in found.notes] == [
        ("it contradicts this", "@high"),
        ("`@low` is used here", "expression"),
    ]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (5, "this needs 32 segments; the limit is 16"),
        (11, "this needs 2048 segments; the limit is 16"),
        (20, "this needs more than a million segments; the limit is 16"),
    ],
)
def test_too_many_segments(pairs: int, words: str) -> None:
    text = " and ".join(f"(a{number} or b{number})" for number in range(pairs))
    (found,) = segdsl.check(text)
    assert (found.code, found.message, underlined(found)) == ("too-many-segments", words, text)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (11, "this needs 28 segments; the limit is 16"),
        (20, "this needs 351 segments; the limit is 16"),
        (
            40,
            f"this needs more than a million segments ({TOO_MUCH_WORK}); the limit is 16",
        ),
    ],
)
def test_too_many_segments_where_pairs_share_fields(pairs: int, words: str) -> None:
    text = " and ".join(f"(a{number} or a{number + 1})" for number in range(pairs))
    (found,) = segdsl.check(text)
    assert (found.code, found.message, underlined(found)) == ("too-many-segments", words, text)


@pytest.mark.parametrize(("lists", "amount"), [(6, "1000000 segments"), (7, "more than a million segments")])
def test_a_million_is_no_more_than_a_million(lists: int, amount: str) -> None:
    values = ", ".join(map(str, range(10)))
    text = " and ".join(f"field{number} in [{values}]" for number in range(lists))
    (found,) = segdsl.check(text)
    assert found.message == f"this needs {amount}; the limit is 16"


def test_the_limit_that_was_asked_for_is_the_one_that_is_named() -> None:
    with pytest.raises(segdsl.SegdslError, match="this needs 4 segments; the limit is 3"):
        segdsl.compile_all("(a or b) and (c or d)", max_segments=3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("not d == 2026-01-01", "`not … ==` means `!=`, which the API does not have for dates"),
        ("d != 2026-01-01", "the API has no `!=` for dates"),
        ("d in [2026-01-01, 2026-02-01]", "the API has no `in`"),
    ],
)
def test_days_that_split(text: str, reason: str) -> None:
    found = refused(text, segdsl.Schema(properties={"d": "date"}))
    assert found.message == f"{reason}; this needs 2 segments"


def test_bounds_that_look_like_dates_may_be_declared() -> None:
    assert refused("opened <= '2026-02-01'").help == (
        'if opened holds dates, declare `opened = "date"` under [properties] and it needs one rule',
        "or allow 2 segments with `split = true`",
    )


def test_an_alternative_that_takes_too_much_work_is_no_contradiction() -> None:
    choices = " and ".join(f"(p{number} or q{number})" for number in range(40))
    assert contradiction(typed(f"({choices}) or (a == 1 and a == 2)").condition) is None
    assert contradiction(typed("(b == 1 and b == 2) or (a == 1 and a == 2)").condition) is not None

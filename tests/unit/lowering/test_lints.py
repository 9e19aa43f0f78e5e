"""Warnings about conditions: the text they point at, and where they give up."""

from typing import Any

import pytest

import segdsl
from segdsl.limits import MAX_COMPARED_PARTS
from segdsl.lowering import lints as module
from segdsl.lowering.lints import condition_lints
from tests.diagnosed import underlined

from .lowered import typed


def warned(text: str, **definitions: Any) -> list[tuple[str, str]]:
    """Each warning's code, and the text that it points at."""
    found = condition_lints(typed(text, **definitions))
    return [(one.code, underlined(one)) for one in found]


@pytest.mark.parametrize(
    ("text", "redundant"),
    [
        ("rating > 1 and plan == 'a'", []),
        ("rating > 1 and rating > 2", ["rating > 1"]),
        ("rating > 2 and rating > 1", ["rating > 1"]),
        ("rating > 1 and rating > 1", ["rating > 1"]),
        ("rating > 1 or rating > 2", ["rating > 2"]),
        ("rating > 2 or rating > 1", ["rating > 2"]),
        ("rating > 1 and rating < 5 and 2 < rating < 3", ["rating < 5", "rating > 1"]),
        ("a and (b or c) and a", ["a"]),
        ("a and b or a", ["a and b"]),
        ("a or a and b", ["a and b"]),
        ("a or (b and not b)", ["b and not b"]),
        ("(a or b) and (a or b or c)", ["a or b or c"]),
        ("rating < 3 or rating >= 2 or rating == 2", ["rating == 2"]),
        ("(a and b) or (a and not b) or c", []),
        ("not (rating > 1 or rating > 2)", ["rating > 2"]),
        ("a and (b and (c and a))", ["a"]),
    ],
)
def test_redundant_parts(text: str, redundant: list[str]) -> None:
    assert [part for code, part in warned(text) if code == "redundant"] == redundant


def test_parts_of_what_has_too_many_to_compare_are_compared_with_one_another() -> None:
    many = " and ".join(f"a{number}" for number in range(MAX_COMPARED_PARTS))
    assert warned(f"{many} and (rating > 1 or rating > 2)") == [("redundant", "rating > 2")]


@pytest.mark.parametrize(
    ("text", "always"),
    [
        ("conversationCount >= 0", ["conversationCount >= 0"]),
        ("conversationCount > -1 and a", ["conversationCount > -1"]),
        ("conversationCount >= 1", []),
        ("rating < 3 or rating >= 3", ["rating < 3 or rating >= 3"]),
        ("a and (rating < 3 or rating >= 3)", ["rating < 3 or rating >= 3"]),
        ("rating < 3 or rating > 3", []),
        ("rating < 3 or rating >= 3 or a", []),
        ("rating < 3 or (rating >= 3 and rating > 1)", []),
        ("jailbreakDetected or not jailbreakDetected", ["jailbreakDetected or not jailbreakDetected"]),
        ("plan == 'a' or plan != 'a'", ["plan == 'a' or plan != 'a'"]),
        ("lastSeen within 7d or lastSeen before 7d", ["lastSeen within 7d or lastSeen before 7d"]),
        ("conversation.x == 1 or conversation.x != 1", []),
        ("plan not in ['a', 'b']", []),
    ],
)
def test_parts_that_always_hold(text: str, always: list[str]) -> None:
    assert [part for code, part in warned(text) if code == "always-true"] == always


@pytest.mark.parametrize(
    ("text", "clashing"),
    [
        ("conversation.x == 1 and conversation.x == 2", ["conversation.x == 2"]),
        ("conversation.x == 1 and a and conversation.x != 1", ["conversation.x != 1"]),
        ("conversation.x == 1 or conversation.x == 2", []),
        ("conversation.x == 1 and conversation.y == 2", []),
        ("conversation.x == 1 and conversation.x < 5", []),
        ("conversation.x in [1, 2] and conversation.x not in [1, 2]", ["conversation.x not in [1, 2]"]),
        ("conversation.x in [1, 2] and conversation.x not in [1, 3]", []),
        ("conversation.x > 1 and conversation.x < 5 and conversation.x > 7", ["conversation.x > 7"]),
        ("conversation.x >= 5 and conversation.x <= 4", ["conversation.x <= 4"]),
    ],
)
def test_conversations_that_can_hardly_be_both(text: str, clashing: list[str]) -> None:
    assert [part for code, part in warned(text) if code == "may-never-match"] == clashing


def test_the_other_of_two_that_clash_is_noted() -> None:
    (found,) = condition_lints(typed("conversation.x == 1 and rating > 3 and conversation.x == 2"))
    (note,) = found.notes
    assert underlined(note) == "conversation.x == 1"


def test_a_warning_in_a_definition_names_its_use() -> None:
    (found,) = condition_lints(typed("@a and rating > 3", a="rating > 1"))
    assert (found.source_name, [note.message for note in found.notes]) == ("@a", ["`@a` is used here"])


def test_no_part_of_very_many_is_called_redundant(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "rating > 1 and rating > 2 and rating > 3"
    assert len(warned(text)) == 2
    monkeypatch.setattr(module, "MAX_COMPARED_PARTS", 2)
    assert warned(text) == []
    monkeypatch.setattr(module, "MAX_COMPARED_PARTS", 3)
    assert len(warned(text)) == 2


def test_parts_that_make_very_many_conjunctions_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "(a or b) and (a or b)"
    assert warned(text) == [("redundant", "a or b")]
    monkeypatch.setattr(module, "MAX_PART_CONJUNCTIONS", 1)
    assert warned(text) == []
    monkeypatch.setattr(module, "MAX_PART_CONJUNCTIONS", 2)
    assert warned(text) == [("redundant", "a or b")]


def test_conversation_properties_of_very_many_texts_are_not_compared() -> None:
    texts = " and ".join(f'conversation.x contains "{text}"' for text in "abcdefghijkl")
    assert warned(f"{texts} and conversation.x == 5") == []
    fewer = texts.removesuffix(' and conversation.x contains "l"')
    assert warned(f"{fewer} and conversation.x == 5") == [("may-never-match", "conversation.x == 5")]


def test_parts_that_make_very_many_conjunctions_together_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "(a or b) and (c or a) and (b or c) and (a or b)"
    assert warned(text) == [("redundant", "a or b")]
    monkeypatch.setattr(module, "MAX_PART_CONJUNCTIONS", 2)
    assert warned(text) == []


def test_dates_of_conversations_clash_only_as_bounds() -> None:
    """`==` compares the text of a date, `<` its order."""
    schema = segdsl.Schema(conversation_properties={"d": "date"})
    day = "conversation.d >= 2026-02-01 and conversation.d"
    assert [one.code for one in segdsl.check(f"{day} < 2026-01-01", schema)] == ["may-never-match"]
    assert segdsl.check(f"{day} == 2026-01-01", schema) == ()


def test_a_part_with_a_definition_in_it_is_not_written_as_its_opposite() -> None:
    text = "not ((@d or seats < 1) and not (seats not in [3, 1]))"
    assert ("redundant", "@d or seats < 1") in warned(text, d="seats > 'b'")

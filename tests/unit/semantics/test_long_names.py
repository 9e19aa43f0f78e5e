"""Names as long as a text may be: they work, fill no message, and are not remembered."""

import pytest

import segdsl
from segdsl.limits import MAX_DIAGNOSTICS
from segdsl.semantics.resolution import UNCHECKED_RESOLVER
from segdsl.syntax.memoize import MAX_NAME, memoize

LONG = "a" * 60_000
TEXTS = [
    f"@{LONG}",
    f"a == ${LONG}",
    f"user.{LONG} >= 1",
    f"user.{LONG} within 7d",
    f"user.{LONG} >= true",
    f"user.{LONG} > 2 and user.{LONG[:5]} == 1 and user.{LONG[:5]} == 2",
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_messages_stay_short(text: str) -> None:
    with pytest.raises(segdsl.CompileError) as refused:
        segdsl.compile(text)
    for problem in refused.value.diagnostics:
        assert max(map(len, (problem.message, *problem.help))) < 400


def test_a_long_key_is_sent_whole() -> None:
    assert segdsl.compile(f"user.{LONG} == 1").to_dict()["rules"][0]["key"] == LONG


def test_only_short_names_are_remembered() -> None:
    asked: list[str] = []

    @memoize
    def ask(name: str) -> int:
        asked.append(name)
        return len(asked)

    short, long = "n" * MAX_NAME, "n" * (MAX_NAME + 1)
    assert [ask(short), ask(short), ask(long), ask(long)] == [1, 1, 2, 3]


def test_the_memory_of_a_name_depends_on_its_operator_and_literal() -> None:
    assert UNCHECKED_RESOLVER["plan", "<", int].objection is None
    assert UNCHECKED_RESOLVER["plan", "<", bool].objection is not None


def test_warnings_are_as_many_as_errors_may_be() -> None:
    text = "rating > 3\n" + "# \u202e\n" * (MAX_DIAGNOSTICS + 50)
    assert len(segdsl.check(text)) == MAX_DIAGNOSTICS


def test_a_great_many_unequal_signs_are_no_nesting() -> None:
    text = " and ".join(f'plan{at} != "x"' for at in range(500))
    assert len(segdsl.compile(text).rules) == 500

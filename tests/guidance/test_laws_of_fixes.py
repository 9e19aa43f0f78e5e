"""The laws of fixes: each removes its error and brings no other, and all preferred ones together make a text right."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

import segdsl
from segdsl import Diagnostic
from segdsl.diagnostics.diagnostic import corrected
from tests.guidance.walks import rules, with_first_fixes

SCHEMAS = (
    None,
    segdsl.Schema(
        properties={"plan": ["free", "pro"], "seats": "integer", "renewal": "date", "paying": "boolean"},
        conversation_properties={"channel": "string"},
    ),
)
NAMES = (
    "plan seats renewal paying Plan seat channel conversation.plan users.plan user.properties.seats analysis.cqi"
    " CQI sentimnt intent toxicity jailbreak stars mood lastLogin lastSeen lastseen"
    " conversationCount cqi rating null unknown"
).split()
OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "=", "is", "is not", "contains", "within", "before"]
LITERALS = [
    *('"pro" "Pro" "free" "7d" "10" "0.5" "true" "yes" "%x%" "2026-03-01" "March" "today"'.split()),
    *("0.5 5 70 1.5 true false 7d 2w 2026-03-01".split()),
]
LATE = {"needs-split", "too-many-segments", "never-matches", "not-expressible", "may-never-match"}
"""The problems that are found once the rest is right."""


def comparisons() -> st.SearchStrategy[str]:
    named, compared = st.sampled_from(NAMES), st.sampled_from(OPERATORS)
    value = st.sampled_from(LITERALS)
    values = st.lists(value, min_size=1, max_size=3).map(lambda found: f"[{', '.join(found)}]")
    return st.one_of(
        named,
        st.builds("{} {} {}".format, named, compared, value),
        st.builds("{} {} {}".format, named, st.sampled_from(["in", "not in"]), values),
        st.builds("{} between {} and {}".format, named, value, value),
        st.builds("{} < {} <= {}".format, value, named, value),
        st.builds("{} > {}".format, value, named),
    )


def texts() -> st.SearchStrategy[str]:
    return st.recursive(
        comparisons(),
        lambda inner: st.one_of(
            st.builds("not ({})".format, inner),
            st.builds("({}) {} {}".format, inner, st.sampled_from(["and", "or"]), inner),
        ),
        max_leaves=4,
    )


def errors(text: str, schema: segdsl.Schema | None) -> list[Diagnostic]:
    return [one for one in segdsl.check(text, schema) if one.severity == "error" and one.code not in LATE]


@given(texts(), st.sampled_from(SCHEMAS))
def test_a_fix_removes_its_error_and_brings_no_other(text: str, schema: segdsl.Schema | None) -> None:
    found = errors(text, schema)
    before = Counter((one.code, one.message) for one in found)
    for problem in found:
        for fix in problem.fixes:
            after = Counter((one.code, one.message) for one in errors(fix.applied_to(text), schema))
            assert after[problem.code, problem.message] < before[problem.code, problem.message], (fix.title, after)
            assert not after - before, (fix.title, after - before)


@given(texts(), st.sampled_from(SCHEMAS))
def test_fixes_stay_in_the_text_and_are_reported(text: str, schema: segdsl.Schema | None) -> None:
    for problem in segdsl.check(text, schema):
        for fix in problem.fixes:
            assert fix.title in problem.help
            assert fix.applied_to(text) != text
            places = sorted(edit.span for edit in fix.edits)
            assert all(0 <= place.start <= place.end <= len(text) for place in places)
            assert all(one.end <= other.start for one, other in pairwise(places))


@given(texts(), st.sampled_from(SCHEMAS))
def test_all_preferred_fixes_together_leave_no_error(text: str, schema: segdsl.Schema | None) -> None:
    right = corrected(text, errors(text, schema))
    if right is not None:
        assert errors(right, schema) == []


@given(texts(), st.sampled_from(SCHEMAS))
def test_a_safe_fix_leads_to_no_further_fix_of_its_place(text: str, schema: segdsl.Schema | None) -> None:
    """A certain fix needs no second one at its place."""
    found = errors(text, schema)
    for problem in found:
        for fix in problem.fixes:
            if fix.safe:
                assert len(errors(fix.applied_to(text), schema)) < len(found), fix.title


# ── several values ─────────────────────────────────────────────────────────────────────────────────────────────────

SAYS = {
    **dict.fromkeys(["is", "=", "in", "is one of", "is either"], "in"),
    **dict.fromkeys(["is not", "!=", "not in", "is neither", "is none of"], "not in"),
}
VALUES = {"Free": "free", "PRO": "pro", "pro": "pro", '"Free"': "free", "'PRO'": "pro", '"free"': "free"}


@given(
    st.sampled_from(sorted(SAYS)),
    st.lists(st.sampled_from(sorted(VALUES)), min_size=2, max_size=3),
    st.sampled_from([", ", " or ", ", or ", " nor "]),
    st.sampled_from(["{}", "not {}", "not ({})", "{} and paying", "paying or {}", "seats > 5, {}"]),
    st.booleans(),
)
def test_no_fix_loses_a_value_or_a_negation(
    says: str, typed: list[str], last: str, around: str, only_safe: bool
) -> None:
    """Whatever the fixes of several values lead to, it is refused or means all of them."""
    text = around.format(f"plan {says} {', '.join(typed[:-1])}{last}{typed[-1]}")
    listed = ", ".join(f'"{VALUES[value]}"' for value in dict.fromkeys(typed))
    meant = around.replace(", {}", " and {}").format(f"plan {SAYS[says]} [{listed}]")
    for _ in range(5):
        found = [one for one in errors(text, SCHEMAS[1]) if one.fixes and (one.fixes[0].safe or not only_safe)]
        text = with_first_fixes(text, found)
    if not errors(text, SCHEMAS[1]):
        assert rules(text, SCHEMAS[1]) == rules(meant, SCHEMAS[1])

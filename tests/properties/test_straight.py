"""The short ways of the compiler give what its stages give."""

from hypothesis import given
from hypothesis import strategies as st

import segdsl
from segdsl.errors import SegdslError

UNCHECKED = segdsl.Schema()
"""A schema that says nothing, and that keeps the compiler from going straight."""

names = st.sampled_from(
    ["plan", "user.plan", "seats", "sentiment", "cqi", "isAdmin", "conversation.plan", "conversationCount"]
)
names |= st.sampled_from(["lastSeen", "jailbreakDetected", "sentimant", "user.sentiment", 'user["-x"]', "from"])
operators = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "contains"])
literals = st.sampled_from(['"a"', '"b"', "1", "1.0", "0.5", "-0.0", "2", "true", "false", "7d", "$p", "1e16"])
comparisons = st.tuples(names, operators, literals).map(" ".join)
texts = st.lists(comparisons, min_size=1, max_size=4).map(" and ".join)
scopes = st.sampled_from(["", "", "", " during 7d", " from 2026-01-01"])


def outcome(text: str, schema: segdsl.Schema | None) -> object:
    try:
        return [filters.to_json() for filters in segdsl.compile_all(text, schema, {"p": 1.0})]
    except SegdslError as error:
        return str(error)


@given(texts, scopes)
def test_straight_or_by_stages(condition: str, scope: str) -> None:
    assert outcome(condition + scope, None) == outcome(condition + scope, UNCHECKED)

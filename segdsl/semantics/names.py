"""Names: what a name stands for, and which names are probably slips for others."""

from collections.abc import Iterable

from segdsl.catalogue import BUILT_INS, NAMESPACES, Field, Kind
from segdsl.syntax.memoize import memoize

_NAMESPACED = tuple(namespace + sign for namespace in NAMESPACES for sign in ".[")


@memoize
def field_of(name: str) -> Field:
    """What a name in its canonical spelling (`plan`, `user.plan`, `user["-x"]`) stands for."""
    if name in BUILT_INS:
        return BUILT_INS[name]
    bracket = name.find("[")
    if bracket > 0:
        return Field(NAMESPACES[name[:bracket]], name[bracket + len('["') : -len('"]')])
    namespace, _, key = name.partition(".")
    if key and namespace in NAMESPACES:
        return Field(NAMESPACES[namespace], key)
    return Field(Kind.PROPERTY, name)


def is_bare(name: str) -> bool:
    """Whether a name is written without `user.` or `conversation.`, so that it may be a slip for a built-in one."""
    return not name.startswith(_NAMESPACED)


# ── near misses ────────────────────────────────────────────────────────────────────────────────────────────────────


def folded(name: str) -> str:
    """The name as near misses are compared: lower-case, without `_` and `-`."""
    return name.lower().replace("_", "").replace("-", "")


_FOLDED_BUILT_INS = {folded(name): name for name in BUILT_INS}


def _within_reach(length: int) -> list[tuple[str, str, set[str], int]]:
    """The built-in names that a folded name of this length can be near: folded, as they are, letters and limit."""
    found = []
    for own, built_in in _FOLDED_BUILT_INS.items():
        limit = 2 if len(own) >= 9 else 1 if len(own) >= 5 else 0
        if limit and abs(len(own) - length) <= limit:
            found.append((own, built_in, set(own), limit))
    return found


_WITHIN_REACH = {length: _within_reach(length) for length in range(max(map(len, _FOLDED_BUILT_INS)) + 3)}


def near_miss(name: str) -> str | None:
    """The built-in name that an other name is a probable slip for, if any.

    Equal but for case, `_` and `-`; or one edit from a built-in of 5 letters or more; or two from one of 9 or more.
    """
    short = folded(name)
    if short in _FOLDED_BUILT_INS:
        return _FOLDED_BUILT_INS[short]
    letters = set(short)
    near = [
        (away, built_in)
        for own, built_in, its_letters, limit in _WITHIN_REACH.get(len(short), ())
        # one edit adds at most one letter and removes at most one; comparing letters is quick and settles most names
        if len(letters - its_letters) <= limit
        and len(its_letters - letters) <= limit
        and (away := distance(short, own, limit)) <= limit
    ]
    return min(near)[1] if near else None


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` is most probably a slip for; None when none is near."""
    short = folded(name)
    most = 1 if len(short) < 5 else 2
    near = [
        (away, candidate)
        for candidate in candidates
        if abs(len(candidate) - len(name)) <= most + 2 and (away := distance(short, folded(candidate), most)) <= most
    ]
    return min(near)[1] if near else None


def distance(one: str, other: str, limit: int) -> int:
    """The number of edits between two words (a swap of neighbours is one), or `limit + 1` when there are more.

    Optimal string alignment, row by row.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and min(last) > limit:
            return limit + 1
        before_last, last = last, row
    return min(last[-1], limit + 1)

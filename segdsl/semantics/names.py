"""Near misses: names that are probably slips for others."""

from collections.abc import Iterable

from segdsl.semantics.catalogue import BUILT_INS


def folded(name: str) -> str:
    """The name as near misses are compared: lower-case, without `_` and `-`."""
    return name.lower().replace("_", "").replace("-", "")


_FOLDED_BUILT_INS = {folded(name): name for name in BUILT_INS}


def _within_reach(length: int) -> list[tuple[str, str, set[str], int]]:
    """The built-in names that a folded name of so many letters can be near: folded, as they are, letters and limit."""
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
        # an edit brings in one letter at most, and takes one: most names are told apart by that, and it is quick
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

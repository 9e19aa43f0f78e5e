"""Near misses: names that are probably slips for others."""

from collections.abc import Iterable

from segdsl.semantics.catalogue import BUILT_INS
from segdsl.syntax.remembering import remembered


def folded(name: str) -> str:
    """The name as near misses are compared: lower-case, without `_` and `-`."""
    return name.lower().replace("_", "").replace("-", "")


_FOLDED_BUILT_INS = {folded(name): name for name in BUILT_INS}


def _letters(word: str) -> int:
    """The letters of a folded word, as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


def _may_be_near(one: int, other: int) -> bool:
    """Whether two edits could turn the letters of one into the other's: each brings in one at most, and takes one."""
    return (one & ~other).bit_count() <= 2 and (other & ~one).bit_count() <= 2


_LETTERS = {folded(name): (name, _letters(folded(name))) for name in BUILT_INS}


@remembered
def near_miss(name: str) -> str | None:
    """The built-in name that an other name is a probable slip for, if any.

    Equal but for case, `_` and `-`; or one edit from a built-in of 5 letters or more; or two from one of 9 or more.
    """
    short = folded(name)
    if short in _FOLDED_BUILT_INS:
        return _FOLDED_BUILT_INS[short]
    letters = _letters(short)
    distances = {
        built_in: distance(short, own, 2)
        for own, (built_in, its_letters) in _LETTERS.items()
        if abs(len(own) - len(short)) <= 2 and _may_be_near(letters, its_letters)
    }
    near = [
        (away, built_in)
        for built_in, away in distances.items()
        if away <= (2 if len(built_in) >= 9 else 1 if len(built_in) >= 5 else 0)
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

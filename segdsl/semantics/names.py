"""Names: what a name means, and which names are probably typos of others."""

import re
from collections.abc import Iterable

from segdsl.catalogue import BUILT_INS, METRICS, NAMESPACE_OF, NAMESPACES, SYNONYMS, Field, Kind
from segdsl.syntax.memoize import memoize
from segdsl.syntax.names import FOLDED_BUILT_INS, KEYWORDS, folded, name_problem, spelling
from segdsl.syntax.tables import TERMINALS

_NAMESPACED = tuple(namespace + sign for namespace in NAMESPACES for sign in ".[")


@memoize
def field_of(name: str) -> Field:
    """The field of a name in its canonical spelling (`plan`, `user.plan`, `user["-x"]`)."""
    if name in BUILT_INS:
        return BUILT_INS[name]
    bracket = name.find("[")
    if bracket > 0:
        return Field(NAMESPACES[name[:bracket]], name[bracket + len('["') : -len('"]')])
    namespace, _, key = name.partition(".")
    if key and namespace in NAMESPACES:
        return Field(NAMESPACES[namespace], key)
    return Field(Kind.PROPERTY, name)


def name_of(field: Field) -> str:
    """The shortest name of a field before an operator, where a keyword may be a name."""
    return field.key if _is_plain(field) else spelling(NAMESPACE_OF[field.kind], field.key)


def name_everywhere(field: Field) -> str:
    """The shortest name of a field that is valid in every place."""
    if field.kind is Kind.PROPERTY and field.key.lower() in KEYWORDS:
        return spelling("user", field.key)
    return name_of(field)


def _is_plain(field: Field) -> bool:
    """Whether the key of a field is its name, too."""
    if field.kind not in NAMESPACE_OF:
        return True
    is_name = re.fullmatch(TERMINALS["NAME"], field.key) is not None and name_problem(field.key) is None
    return is_name and field_of(field.key) == field


def is_bare(name: str) -> bool:
    """Whether a name is written without `user.` or `conversation.`, so that it may be a typo of a built-in one."""
    return not name.startswith(_NAMESPACED)


# ── near misses ────────────────────────────────────────────────────────────────────────────────────────────────────


_COMMON = frozenset(
    "conversationaccount conversationamount conversationcost conversationcountry conversationpoint conversioncount "
    "conversationpoints".split()
)
"""Common names that are two edits away from a built-in, but not typos of it."""


def _within_reach(length: int) -> list[tuple[str, str, set[str], int]]:
    """The built-in names near which a folded name of this length can be: folded, original, letters and limit."""
    found = []
    for own, built_in in FOLDED_BUILT_INS.items():
        limit = 2 if len(own) >= 9 else 1 if len(own) >= 5 else 0
        if limit and abs(len(own) - length) <= limit:
            found.append((own, built_in, set(own), limit))
    return found


_WITHIN_REACH = {length: _within_reach(length) for length in range(max(map(len, FOLDED_BUILT_INS)) + 3)}


def near_miss(name: str) -> str | None:
    """The built-in name that the author of another name probably meant; None if there is none.

    It is equal except for case, `_` and `-`; or one edit from a built-in of 5 letters or more; or two from one of 9 or
    more, unless it is a common name.
    """
    short = folded(name)
    if short in FOLDED_BUILT_INS:
        return FOLDED_BUILT_INS[short]
    if short in _COMMON:
        return None
    letters = set(short)
    near = [
        (away, built_in)
        for own, built_in, its_letters, limit in _WITHIN_REACH.get(len(short), ())
        # one edit adds at most one letter and removes at most one; comparing letters is quick and rules out most names
        if len(letters - its_letters) <= limit
        and len(its_letters - letters) <= limit
        and (away := distance(short, own, limit)) <= limit
    ]
    return min(near)[1] if near else None


def is_one_edit(name: str, other: str) -> bool:
    """Whether two names differ in at most one edit, ignoring case, `_` and `-`."""
    return distance(folded(name), folded(other), 1) <= 1


# ── parts of a name, and other words for it ────────────────────────────────────────────────────────────────────────

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SAY_LITTLE = frozenset("user model detected count seen last missing capability commercial".split())
"""Words of built-in names that are common in other names, too: one of them alone is not a part of a built-in."""

_OF_NUMBERS = re.compile("average|avg|mean|score|value|level")
"""Words that people put before or after the name of a metric."""


def _words(name: str) -> list[str]:
    """The words of a name: `userToxicity`, `user_toxicity` and `user-toxicity` have two."""
    return [word.lower() for word in _WORD.findall(name)]


_WORDS_OF_BUILT_INS = {name: _words(name) for name in BUILT_INS}
_METRICS_BY_WORDS = {tuple(_WORDS_OF_BUILT_INS[name]): name for name in METRICS}
_WORDS_OF_ALL = frozenset(word for words in _WORDS_OF_BUILT_INS.values() for word in words)


def _singular(word: str) -> str:
    """The word of a built-in name for a word, also in the plural; otherwise the word itself."""
    endings = ((word, ""), (word.removesuffix("s"), ""), (word.removesuffix("es"), ""), (word.removesuffix("ies"), "y"))
    return next((stem + ending for stem, ending in endings if stem + ending in _WORDS_OF_ALL), word)


def partly(name: str) -> list[str]:
    """The built-in names that contain a name: some of their words, side by side, and not only a common one."""
    if "." in name:
        return []
    words = [_singular(word) for word in _words(name)]
    if not words or (len(words) == 1 and words[0] in _SAY_LITTLE) or not _WORDS_OF_ALL.issuperset(words):
        return []
    size = len(words)
    return [
        built_in
        for built_in, own in _WORDS_OF_BUILT_INS.items()
        if size < len(own) and any(own[at : at + size] == words for at in range(len(own) - size + 1))
    ]


def synonym(name: str) -> str | None:
    """The built-in that people call by this name: another word for it, or a metric with `average` or `score`."""
    short = folded(name)
    if short in SYNONYMS or "." in name or not _OF_NUMBERS.search(short):
        return SYNONYMS.get(short)
    return _METRICS_BY_WORDS.get(tuple([word for word in _words(name) if not _OF_NUMBERS.fullmatch(word)]))


# ── paths in a record ──────────────────────────────────────────────────────────────────────────────────────────────

_TABLES = {
    "users": "user",
    "properties": "user",
    "conversations": "conversation",
    "conversationproperties": "conversation",
}
"""Words for the place of a property in the API or in user records, each with its namespace."""

_RECORDS = frozenset("analysis analytics contact customer customers flags metrics people person profile".split())
"""Words for the place of built-ins in records: `analysis` and `flags` in those of segdsl, the others elsewhere."""


def spelled_as_path(name: str) -> tuple[str, str] | None:
    """The namespace and key of a property that is written as a path in a record: `properties.plan`, `users.plan`."""
    first, _, rest = name.partition(".")
    if first == "user" and rest.startswith("properties.") and rest != "properties.":
        return "user", rest.removeprefix("properties.")
    namespace = _TABLES.get(folded(first))
    return (namespace, rest) if namespace and rest else None


def in_record(name: str) -> str | None:
    """The rest of a name after a word for the place of built-ins, such as `analysis.`; None for other names."""
    first, _, rest = name.partition(".")
    return rest if rest and first.lower() in _RECORDS else None


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that the author of `name` most probably meant; None if none is near."""
    short = folded(name)
    most = 1 if len(short) < 5 else 2
    near = [
        (away, candidate)
        for candidate in candidates
        if abs(len(candidate) - len(name)) <= most + 2 and (away := distance(short, folded(candidate), most)) <= most
    ]
    return min(near)[1] if near else None


def distance(one: str, other: str, limit: int) -> int:
    """The number of edits between two words (a swap of neighbours is one), or `limit + 1` if there are more.

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

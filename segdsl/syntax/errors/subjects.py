"""Words for users before the expression, which may also choose among them: `users whose …`, `pro users where …`."""

from segdsl.syntax.errors.failure import Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import SUBJECTS
from segdsl.syntax.errors.frames import without

_FIRST = SUBJECTS | {"filter", "segment"}
_LINKS = ("where", "with", "whose", "having", "who", "that", "if")
_PLAIN = SUBJECTS | frozenset(
    "me us the a an any every each of our my your for from in this list table segment group person contact customer "
    "account accounts members member subscribers companies company visitors leads ones only just out * ,".split()
)
"""Words that leave out no user."""
_PEOPLE = frozenset("users user people customers customer accounts contacts everyone everybody anyone".split())
_LONGEST, _LONGEST_PLAIN = 8, 5
"""Tokens before `where`, with a condition of their own and without one."""


def choosing(failure: Failure) -> Repair | None:
    """`users not in DE with …`, `everyone except isAdmin where …`: the words hold a condition of their own."""
    if failure.word(0) not in _FIRST or failure.begin != 0 or failure.at > _LONGEST:
        return None
    last = _link(failure, _LONGEST)
    if last is None or failure.kind_of(last + 1) == "$END":
        return None
    if all(failure.word(number) in _PLAIN for number in range(1, last)):
        return None
    message = f"an expression begins without `{shown(failure.written(0, last))}`"
    said = shown(failure.written(0, last - 1))
    help_ = f"`{said}` are not all users: write that as a condition, too, and join it to the others with `and`"
    edits, span = [TokenEdit(0, last + 1, "")], failure.between(0, last)
    return failure.repair("foreign-operator", message, edits, None, help_, span=span)


def subject(failure: Failure) -> Repair | None:
    """`users whose …`, `customers that have …`."""
    if failure.word(0) not in SUBJECTS or failure.begin != 0 or failure.at > _LONGEST_PLAIN:
        return None
    last = _link(failure, _LONGEST_PLAIN)
    if last is None:
        return None
    has_verb = failure.word(last + 1) in ("have", "has", "are", "is") and failure.is_comparison(last + 2)
    return without(failure, last + has_verb)


def _link(failure: Failure, longest: int) -> int | None:
    """The number of the word that links the users to the expression."""
    return next((number for number in range(1, longest) if failure.word(number) in _LINKS), None)


def people_in(failure: Failure) -> Repair | None:
    """`users in Germany`: a place, whose property is not said."""
    name, is_place = failure.name, failure.wants_list and failure.is_word(failure.at)
    if name.lower() not in _PEOPLE or not is_place or failure.declared_as(name) is not None:
        return None
    end = max(failure.end_of_phrase(failure.at), failure.at + 1)
    message = f"`{shown(failure.written(failure.begin, end - 1))}` names no property"
    span = failure.between(failure.begin, end - 1)
    return failure.repair("bad-comparison", message, (), None, 'name it, as in `country == "NL"`', span=span)

"""Connectives: repeated or at the end; commas and words of other languages instead of one; none at all."""

import re

from segdsl.syntax.actions import UNREADABLE
from segdsl.syntax.errors import names
from segdsl.syntax.errors.expected import CONNECTIVES, VALUES
from segdsl.syntax.errors.failure import OPENING, Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.tokens import NAME, SIGN
from segdsl.syntax.literals import quote
from segdsl.syntax.names import NO_CONDITIONS

EXCLUSIVE = "write `(a and not b) or (b and not a)`"
JOIN = "join conditions with `and` or `or`"
GROUPED = "parentheses say what belongs together, because `and` binds more tightly than `or`"
_BEGINS_CONDITION = frozenset(["LPAR", "NOT", "BANG", "DEFINITION"])
_AFTER_BARE_NAME = CONNECTIVES | {"NAME", "$END", "COMMA", "LPAR"}


def doubled(failure: Failure) -> Repair | None:
    """`and and`, `, and`."""
    at, written = failure.at, failure.token.text
    if failure.kind not in CONNECTIVES or failure.before() not in CONNECTIVES or failure.begin != at:
        return None
    if failure.connective(at) != failure.connective(at - 1):
        return failure.repair("unexpected-token", f"expected a condition, found `{written}`")
    return _twice(failure, at)


def doubled_as_name(failure: Failure) -> Repair | None:
    """`and and`, with the second one read as a name."""
    at = failure.at
    if failure.before() not in CONNECTIVES or failure.before(2) not in CONNECTIVES or failure.begin != at - 1:
        return None
    return _twice(failure, at - 1) if failure.connective(at - 1) == failure.connective(at - 2) else None


def _twice(failure: Failure, number: int) -> Repair:
    token = failure.tokens[number]
    message, title = f"`{token.text}` stands twice", f"leave out one `{token.text}`"
    edits = [TokenEdit(number, number + 1, "")]
    return failure.repair("unexpected-token", message, edits, title, span=token.span, safe=True)


def dangling(failure: Failure) -> Repair | None:
    """A connective at the end."""
    at = failure.at
    if failure.kind not in ("$END", "RPAR") or failure.before() not in CONNECTIVES or failure.begin != at or at < 2:
        return None
    code, found = ("unexpected-end", "but the expression ends here")
    if failure.kind == "RPAR":
        code, found = "unexpected-token", "found `)`"
    edits, title = [TokenEdit(at - 1, at, "")], f"leave out the last `{failure.tokens[at - 1].text}`"
    return failure.repair(code, f"expected a condition, {found}", edits, title)


OTHER_WORDS = {
    **dict.fromkeys("except excluding without unless minus".split(), ("and not", ("for", "if", "when"))),
    **dict.fromkeys("but plus also yet".split(), ("and", ("and", "also"))),
    **dict.fromkeys("und y et".split(), ("and", ())),
    **dict.fromkeys("oder o ou and/or".split(), ("or", ())),
}
"""Words between conditions, each with the spelling here, and with redundant words after it."""

_NO_CONNECTIVES = {
    "xor": EXCLUSIVE,
    "nor": "for neither of two conditions write `not a and not b`; for neither of two values `name not in [1, 2]`",
}


def other_word(failure: Failure) -> Repair | None:
    """`except staff`, `but not staff`, `without`, `unless`, `excluding`, `plus`, `xor`."""
    word, at = failure.word(failure.at), failure.at
    if not failure.is_complete or at == failure.begin:
        return None
    message = f"there is no `{failure.token.text}`"
    if word == "nor" and failure.kind_of(failure.begin - 1) == "NOT":
        return failure.repair("foreign-operator", message, [failure.edit("and not")], "use `and not`")
    if word in _NO_CONNECTIVES:
        return failure.repair("foreign-operator", message, (), None, _NO_CONNECTIVES[word])
    meant, empty = OTHER_WORDS.get(word, ("", ()))
    if not meant or not (failure.is_word(at + 1) or failure.kind_of(at + 1) in ("LPAR", "DEFINITION")):
        return None
    edits = [TokenEdit(at, at + 1 + (failure.word(at + 1) in empty), meant)]
    is_bare = at - failure.begin == 1 and failure.word(at - 1) not in NO_CONDITIONS and _is_bare_name(failure, at + 1)
    if meant == "and not" and is_bare:  # `plan except free`
        name, value = shown(failure.tokens[at - 1].text), shown(quote(failure.tokens[at + 1].text))
        one_value = f"for all but one value write `{name} != {value}`"
        return failure.repair("foreign-operator", message, edits, None, one_value, f"for two conditions use `{meant}`")
    is_mixed = bool(empty) and _is_mixed(failure, meant)  # `a except b or c`
    advice = f"use `{meant}`; {GROUPED}" if is_mixed else f"use `{meant}`"
    is_value = may_be_value(failure, at + 1)  # `plan = pro and/or team`
    title, *help_ = (None, advice) if is_mixed or is_value else (advice,)
    return failure.repair("foreign-operator", message, edits, title, *help_)


def _is_mixed(failure: Failure, meant: str) -> bool:
    """Whether other connectives leave it open what the one at the token joins."""
    after = failure.joins(failure.at + 1)
    return "or" in failure.joins(last=failure.at) | after or (meant == "and not" and bool(after))


def neither(failure: Failure) -> Repair | None:
    """`neither isAdmin nor isOwner`."""
    begin = failure.begin
    if (
        failure.word(begin) != "neither"
        or not begin <= failure.at <= begin + 1
        or not _begins_condition(failure, begin + 1)
    ):
        return None
    span = failure.tokens[begin].span
    edits = [TokenEdit(begin, begin + 1, "not")]
    return failure.repair("foreign-operator", "there is no `neither`", edits, "use `not`", span=span)


def comma(failure: Failure) -> Repair | None:
    """`,` and `;` between conditions."""
    at, text = failure.at, failure.token.text
    is_bare = at - failure.begin < 2 and failure.tokens[failure.begin].text != UNREADABLE
    if text not in (",", ";") or not failure.is_complete or (is_bare and text == ","):
        return None
    if failure.kind_of(at + 1) in CONNECTIVES or failure.word(at + 1) in OTHER_WORDS:  # `a, and b`
        message, edits = f"expected `and`, `or` or the end, found `{text}`", [TokenEdit(at, at + 1, "")]
        return failure.repair("unexpected-token", message, edits, f"leave out `{text}`", safe=True)
    code, message = "unexpected-token" if text == "," else "unknown-character", f"`{text}` does not join conditions"
    if text == "," and failure.kind_of(at + 1) in VALUES and failure.before() in VALUES:
        return failure.repair(code, message, (), None, "several values go in a list: `name in [1, 2]`")
    name = names.before(failure, at) if text == "," and failure.kind_of(at + 1) == "COMPARE" else None
    if name is not None:
        return failure.repair(code, message, [failure.edit(f"and {name}")], f"write `and {shown(name)}`")
    # without a blank, or between parentheses, `,` may be the `or` of FIQL
    may_be_or = text == "," and (failure.touches(at + 1) or failure.open_bracket() is not None)
    if may_be_or or not _begins_condition(failure, at + 1):
        return failure.repair(code, message, (), None, JOIN)
    is_mixed = "or" in failure.joins()  # `a or b, c`
    advice = f"{JOIN}; {GROUPED}" if is_mixed else JOIN
    title, *help_ = (None, advice) if is_mixed or may_be_value(failure, at + 1) else (advice,)  # `plan = pro, team`
    return failure.repair(code, message, [failure.edit("and")], title, *help_)


def _begins_condition(failure: Failure, number: int) -> bool:
    is_condition = failure.is_comparison(number) or failure.kind_of(number) in _BEGINS_CONDITION
    return is_condition or _is_bare_name(failure, number) or names.begins_operator(failure, number + 1)


def may_be_value(failure: Failure, number: int) -> bool:
    """Whether a bare name after a repaired text may be a further value."""
    is_declared = failure.declared is not None and failure.tokens[number].text in failure.declared
    is_after_text = failure.before() == "STRING" and failure.tokens[failure.at - 1].repaired
    is_alone = _is_bare_name(failure, number) and not names.begins_operator(failure, number + 1)
    return is_after_text and is_alone and not is_declared


def _is_bare_name(failure: Failure, number: int) -> bool:
    return failure.kind_of(number) in ("NAME", NAME) and failure.kind_of(number + 1) in _AFTER_BARE_NAME


def missing(failure: Failure) -> Repair | None:
    """Two complete conditions side by side."""
    at, text = failure.at, failure.token.text
    if not failure.is_complete or at - failure.begin < 2 or failure.clause >= 0:
        return None
    message = f"expected `and`, `or` or the end, found `{shown(text)}`"
    excludes = f"{JOIN.removesuffix(' or `or`')}; `!=` leaves out a value"
    if failure.kind == SIGN and re.fullmatch(r"-[A-Za-z]+", text) and failure.word(at + 1) == ":":
        edits = [TokenEdit(at, at + 2, f"and {text[1:]} !=")]
        return failure.repair("unexpected-token", message, edits, excludes)
    if failure.kind == SIGN and text == "-" and failure.is_word(at + 1) and failure.word(at + 2) == ":":
        edits = [TokenEdit(at, at + 1, "and"), TokenEdit(at + 2, at + 3, "!=")]
        return failure.repair("unexpected-token", message, edits, excludes)
    if failure.is_comparison(at) or (failure.kind == "LPAR" and failure.before() in ("RPAR", *VALUES)):
        edits = [TokenEdit(at, at, "and")]
        holds_comparison = failure.is_comparison(at + 1) or failure.is_comparison(at + 2)
        may_belong = failure.kind == "LPAR" and not holds_comparison  # `country = "US" (not CA)`
        if failure.word(at - 1) in ("<", ">") or may_belong or _mixes(failure):
            return failure.repair("unexpected-token", message, edits, None, JOIN)
        return failure.repair("unexpected-token", message, edits, JOIN)
    return None


def _mixes(failure: Failure) -> bool:
    """Whether an `or` is next to it, so that an `and` could bind differently than meant."""
    depth = 0
    for number in range(failure.at - 1, -1, -1):
        kind = failure.kind_of(number)
        depth += (kind in OPENING) - (kind in OPENING.values())
        if depth < 0:
            return False
        if depth == 0 and kind in ("OR", "BARS"):
            return True
    return False

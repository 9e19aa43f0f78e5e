"""Lists: values without brackets, other brackets, other signs between them, and lists in place of one value."""

import re

from segdsl.syntax.actions import UNREADABLE
from segdsl.syntax.errors.expected import CONNECTIVES, VALUES
from segdsl.syntax.errors.failure import OPENING, Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.operators import NOT_CONTAINS, string_at
from segdsl.syntax.errors.ranges import range_of
from segdsl.syntax.errors.tokens import NAME, NUMBER, STRING
from segdsl.syntax.errors.words import end_of_words, form_of, hides_operator, is_alike, known_word, may_be_condition
from segdsl.syntax.literals import quote
from segdsl.syntax.names import LIST_NAMES, ONLY_LAST_SEEN, WHICH_VALUES

_SEPARATED = "values of a list are separated by `,`"
_OTHER_SEPARATORS = (";", "|", "or", "||", "and", "&")


# ── no brackets ────────────────────────────────────────────────────────────────────────────────────────────────────


def not_a_list(failure: Failure) -> Repair | None:
    """Anything else after `in`."""
    return failure.first_of(_NOT_A_LIST) if failure.wants_list and failure.kind != "$END" else None


def _braces(failure: Failure) -> Repair | None:
    """`{…}` as a list."""
    end = failure.closing_brace()
    if failure.token.text != "{" or end is None:
        return None
    edits = [failure.edit("["), TokenEdit(end, end + 1, "]")]
    message = "the character `{` (U+007B) means nothing here"
    return failure.repair("unknown-character", message, edits, "a list is written with `[ ]`", safe=True)


def _at_sign(failure: Failure) -> Repair | None:
    """`@("a", "b")` of PowerShell."""
    if failure.token.text != "@" or failure.kind_of(failure.at + 1) != "LPAR":
        return None
    return failure.repair("unknown-character", "a list has no `@`", [failure.edit("")], "leave out `@`", safe=True)


def _without_brackets(failure: Failure) -> Repair | None:
    """A value, or several."""
    at = failure.at
    items, is_list = _listed_words(failure)
    if not items or failure.word(at)[:1] in "$@":
        return None
    end = items[-1][1]
    raw, span = failure.written(at, end - 1), failure.between(at, end - 1)
    known = known_word(failure, raw, span) if failure.kind not in VALUES else None
    if known is not None:
        return known
    if failure.kind == "DURATION":
        help_ = ONLY_LAST_SEEN
        return failure.repair("unexpected-token", _no_list(raw), (), None, help_, span=span)
    values = ", ".join(_as_literal(failure, first, last) for first, last in items)
    if len(items) == 1:
        values = _listed_in_text(failure) or values
    edits, written = failure.rewriting(at, end, f"[{values}]"), f"write `[{shown(values)}]`"
    message = _no_list(raw)
    ways = _reversed(failure, raw)
    if len(items) == 2 and (whole := _one_name(failure, at, end)):
        ways = [whole, f"otherwise {written}"]
    if ways:
        return failure.repair("unexpected-token", message, edits, None, *ways, span=span)
    if not is_list or any(_may_be_more(failure.written(first, last - 1)) for first, last in items):
        return failure.repair("unexpected-token", message, edits, None, written, span=span)
    return failure.repair("unexpected-token", message, edits, written, span=span)


def _may_be_more(written: str) -> bool:
    """Whether a value without quotes may be a range, or more than one value."""
    return hides_operator(written) or range_of(written) is not None


def _reversed(failure: Failure, word: str) -> list[str]:
    """The help for `vip in tags`: the word after `in` is the name of a property, or a value; () for other words."""
    declared = failure.declared_as(word)
    if declared is None and word.lower() not in LIST_NAMES:
        return []
    name, value = declared or word, shown(quote(failure.name))
    ways = [f"if `{shown(name)}` is the property, write `{shown(name)} contains {value}`"]
    if not failure.takes(name, "STRING"):
        ways = []
    if failure.takes(failure.name, "STRING"):
        ways.append(f"if `{shown(word)}` is a value, write `{shown(failure.name)} in [{shown(quote(word))}]`")
    return ways or [f"a list is written `[{shown(quote(word))}]`"]


def _listed_in_text(failure: Failure) -> str:
    """The values of `in "DE, AT"`, single words in one text; "" for any other text."""
    text = string_at(failure, failure.at) or ""
    if not _WORDS_IN_TEXT.fullmatch(text):
        return ""
    return ", ".join(quote(failure.spelled(part.strip(" "))) for part in text.split(","))


_WORDS_IN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*+(?:, ?[A-Za-z][A-Za-z0-9_-]*+)++")


def _no_list(raw: str) -> str:
    return f"expected a list such as `[1, 2]`, found `{shown(raw)}`"


_NOT_A_LIST = (_braces, _at_sign, _without_brackets)


def _listed_words(failure: Failure) -> tuple[list[tuple[int, int]], bool]:
    """The values after `in` without brackets, and whether their end is clear."""
    items: list[tuple[int, int]] = []
    number = failure.at
    while True:
        end = number + 1 if failure.kind_of(number) in VALUES | {STRING} else end_of_words(failure, number)
        if end is None or (items and may_be_condition(failure, number, end)):
            return items, False
        if items and failure.kind_of(number - 1) != "COMMA" and _is_other_form(failure, failure.at, number):
            return items, False
        items.append((number, end))
        following = "OR" if failure.word(end) == "nor" else failure.kind_of(end)
        if following != "COMMA":
            if following not in CONNECTIVES or not _is_lone(failure, end + 1):
                return items, True
            if following not in ("OR", "BARS") or len(items) > 2:  # a further value, or a condition
                return items, False
        number = end + 1 + (following == "COMMA" and failure.kind_of(end + 1) in ("OR", "AND"))


def _is_other_form(failure: Failure, first: int, further: int) -> bool:
    """`DE nor newsletter`: a word in lower case after a code in capitals, perhaps the name of a boolean."""
    one, other = failure.tokens[first].text, failure.tokens[further].text
    return failure.kind_of(further) == "NAME" and form_of(one) == "capitals" and not form_of(other)


def _is_lone(failure: Failure, number: int) -> bool:
    """Whether a value or bare name is alone between connectives."""
    if failure.kind_of(number) not in VALUES | {"NAME", STRING, NAME}:
        return False
    return failure.kind_of(number + 1) in CONNECTIVES | {"$END", "RPAR"}


def _as_literal(failure: Failure, first: int, last: int) -> str:
    token = failure.tokens[first]
    if token.kind in VALUES - {"STRING"}:
        return token.text
    text = string_at(failure, first)
    if text is None and token.kind == "STRING":  # with a wrong escape
        return token.text
    return quote(failure.spelled(failure.written(first, last - 1) if text is None else text))


def equal_to_several(failure: Failure) -> Repair | None:
    """`country = "US", "CA" or "MX"`, `country != US, CA`: several values after `=` or `!=`."""
    start = failure.name_end
    meant = "in" if failure.word(start) in ("=", "==") else "not in" if failure.word(start) in ("!=", "<>") else ""
    if failure.kind_of(start) == "IS":
        meant = "not in" if failure.kind_of(start + 1) == "NOT" else "in"
    first = start + 1 + (failure.kind_of(start + 1) == "NOT")
    number = first + 1
    if start == failure.begin or not meant or failure.at not in (first, number) or failure.kind_of(number) != "COMMA":
        return None
    items = [first]
    while (item := _after_separator(failure, number, first)) is not None:
        items.append(item)
        number = item + 1
    if len(items) == 1 or failure.kind_of(number) not in CONNECTIVES | {"COMMA", "$END", "RPAR"}:
        return None
    text = f"{meant} [{', '.join(_as_literal(failure, item, item + 1) for item in items)}]"
    edits, span = [TokenEdit(start, number, text)], failure.between(first, number - 1)
    title = f"write `{shown(text, 80)}`"
    if whole := _one_name(failure, first, number):
        return failure.repair("unexpected-token", _SEVERAL, edits, None, whole, f"otherwise {title}", span=span)
    return failure.repair("unexpected-token", _SEVERAL, edits, title, span=span)


_ENDS_OF_NAMES = frozenset("inc ltd limited llc llp lp plc gmbh ag co corp sa srl bv oy ab pty jr sr phd md".split())
"""Words after the comma of one name: `Acme, Inc`."""


def _one_name(failure: Failure, first: int, end: int) -> str:
    """The help for two values that may be one text, `Acme, Inc`; "" for others, also for codes such as `CA, CO`."""
    is_name = failure.kind_of(end - 2) == "COMMA" and failure.word(end - 1) in _ENDS_OF_NAMES
    if not is_name or form_of(failure.tokens[first].text) == "capitals":
        return ""
    return f"if it is one text, write `{shown(quote(failure.written(first, end - 1)))}`"


_SEVERAL = "several values go in a list"


def _after_separator(failure: Failure, number: int, first: int) -> int | None:
    """The number of a value after a comma or `or`, or both, if it has the same kind as the first one."""
    is_comma = failure.kind_of(number) == "COMMA"
    item = number + 1 + (is_comma and failure.kind_of(number + 1) in ("OR", "AND"))
    is_last = failure.kind_of(number) == "AND" and number > first + 1  # `US, CA and MX`
    if not (is_comma or is_last or failure.kind_of(number) == "OR") or failure.is_comparison(item):
        return None
    if failure.kind_of(first) == failure.kind_of(item) == "NAME":
        return item if is_alike(failure, failure.tokens[first].text, failure.tokens[item].text) else None
    return item if {failure.kind_of(first), failure.kind_of(item)} <= VALUES | {STRING} else None


# ── a list for one value ───────────────────────────────────────────────────────────────────────────────────────────


def list_for_value(failure: Failure) -> Repair | None:
    """`== ["a", "b"]` and `contains ["a", "b"]`."""
    is_list = failure.kind in ("LSQB", "LPAR") and failure.wants_value
    return failure.first_of(_FOR_VALUE) if is_list else None


def _literals(failure: Failure, opening: int) -> tuple[list[int], int] | None:
    """The numbers of the literals in a list, and of its last bracket; None if it holds anything else."""
    end = failure.partner(opening)
    items = [] if end is None else [n for n in range(opening + 1, end) if failure.kind_of(n) != "COMMA"]
    return (items, end) if end and items and all(failure.kind_of(n) in VALUES for n in items) else None


def _parenthesised(failure: Failure) -> Repair | None:
    """`seats > (5)`."""
    items, end = _literals(failure, failure.at) or ([], 0)
    if failure.kind != "LPAR" or len(items) != 1:
        return None
    wanted = "a duration such as 7d" if failure.before() in ("WITHIN", "BEFORE") else "a value"
    edits = [failure.edit(""), TokenEdit(end, end + 1, "")]
    return failure.repair("unexpected-token", f"expected {wanted}, found `(`", edits, "leave out the parentheses")


def _texts(failure: Failure) -> Repair | None:
    """`contains ["a", "b"]`."""
    return one_text_each(failure, failure.at, "or") if failure.before() == "CONTAINS" else None


_ANY_OR_ALL = {"any": "or", "one": "or", "either": "or", "all": "and", "both": "and", "every": "and", "each": "and"}


def any_of_texts(failure: Failure) -> Repair | None:
    """`contains any of ["a", "b"]`, `contains all ("a", "b")`."""
    connective = _ANY_OR_ALL.get(failure.word(failure.at))
    if connective is None or failure.before() != "CONTAINS":
        return None
    opening = failure.at + 1 + (failure.word(failure.at + 1) == "of")
    if failure.kind_of(opening) in ("LSQB", "LPAR"):
        return one_text_each(failure, opening, connective)
    if not failure.is_word(opening) and failure.kind_of(opening) not in ("STRING", STRING):
        return None
    written, edits = failure.written(failure.at, opening - 1), [TokenEdit(failure.at, opening, "")]
    span = failure.between(failure.at, opening - 1)
    return failure.repair("unexpected-token", "`contains` takes one text", edits, f"leave out `{written}`", span=span)


def one_text_each(failure: Failure, opening: int, connective: str) -> Repair:
    """`contains` with the texts in the brackets that open at a token, one comparison for each."""
    message = "`contains` takes one text, not a list"
    before = failure.kind_of(failure.begin - 1)
    if before in ("NOT", "BANG") or any(failure.kind_of(n) == "NOT" for n in range(failure.name_end, opening)):
        edits = [TokenEdit(failure.begin, max(failure.end_of_phrase(failure.begin), failure.at), UNREADABLE)]
        return failure.repair("unexpected-token", f"{message}; {NOT_CONTAINS}", edits, None, WHICH_VALUES)
    items, end = _literals(failure, opening) or ([], 0)
    if not items or failure.begin + 1 != failure.name_end:
        help_ = f'ask for one text at a time: `name contains "a" {connective} name contains "b"`'
        return failure.repair("unexpected-token", message, (), None, help_)
    joined = f" {connective} ".join(f"{failure.name} contains {failure.tokens[n].text}" for n in items)
    before, after = failure.kind_of(failure.begin - 1), failure.kind_of(end + 1)
    is_alone = before in ("", "LPAR") and after in ("$END", "RPAR")
    is_and = connective == "and" and before in ("", "LPAR", *CONNECTIVES)
    text = joined if is_alone or is_and or len(items) == 1 else f"({joined})"
    edits = failure.rewriting(failure.begin, end + 1, text)
    return failure.repair("unexpected-token", message, edits, f"write `{shown(text, 80)}`")


def _equals_list(failure: Failure) -> Repair | None:
    """`== ["a", "b"]`, `is not ["a", "b"]`."""
    start = failure.name_end
    operator = failure.word(start) if start > failure.begin else ""
    if operator not in ("=", "==", "!=", "<>", "is") or failure.partner(failure.at) is None:
        return None
    meant = "not in" if operator in ("!=", "<>") or failure.before() == "NOT" else "in"
    message, edits = f"expected a value, found `{failure.token.text}`", [TokenEdit(start, failure.at, meant)]
    return failure.repair("unexpected-token", message, edits, f"a list goes with `{meant}`")


def _compared_list(failure: Failure) -> Repair | None:
    """`seats > [1, 2]`."""
    if failure.kind != "LSQB" or failure.before() != "COMPARE":
        return None
    help_ = "a list goes with `in`: `name in [1, 2]`"
    return failure.repair("unexpected-token", "expected a value, found `[`", (), None, help_)


_FOR_VALUE = (_parenthesised, _texts, _equals_list, _compared_list)


# ── between the values ─────────────────────────────────────────────────────────────────────────────────────────────


def list_end(failure: Failure) -> Repair | None:
    """A list with the wrong closing bracket, or with `;` or `or` instead of `,`."""
    is_in_list = "COMMA" in failure.expected and failure.expected & {"RSQB", "RPAR"} and not failure.is_complete
    return failure.first_of(_LIST_ENDS) if is_in_list else None


def _closing(failure: Failure) -> str:
    return ")" if failure.open_bracket_kind() == "LPAR" else "]"


def _message(failure: Failure) -> str:
    return f"expected `,` or `{_closing(failure)}`, found `{shown(failure.token.text)}`"


def _other_separator(failure: Failure) -> Repair | None:
    """`["a"; "b"]`, `["a" or "b"]`."""
    at = failure.at
    is_value = failure.kind_of(at + 1) in VALUES | {"NAME", STRING, NUMBER}
    if failure.word(at) not in _OTHER_SEPARATORS or not is_value:
        return None
    if failure.kind in CONNECTIVES and failure.is_comparison(at + 1):
        return None
    code = "unknown-character" if failure.word(at) == ";" else "unexpected-token"
    number = _with_comma(failure, at - 2) or _with_comma(failure, at + 2)
    ways = (_SEPARATED,) if number is None else (None, _SEPARATED, f"for one number write `{shown(number)}`")
    return failure.repair(code, _message(failure), [failure.edit(",")], *ways)


def _with_comma(failure: Failure, comma: int) -> str | None:
    """The number meant by `1,5` or `1,500`, where token number `comma` is between digits; else None.

    Other separators alone would make `[1,5; 2,5]` four values.
    """
    if failure.kind_of(comma) != "COMMA" or not (failure.touches(comma) and failure.touches(comma + 1)):
        return None
    before, after = failure.word(comma - 1), failure.word(comma + 1)
    if not re.fullmatch("[+-]?[0-9]+", before) or not after.isdecimal():
        return None
    return before + ("" if re.fullmatch("[+-]?[1-9][0-9]{0,2}", before) and len(after) == 3 else ".") + after


def _no_separator(failure: Failure) -> Repair | None:
    """`["a" "b"]`."""
    at = failure.at
    if failure.kind not in VALUES | {STRING} or failure.before() not in VALUES or failure.touches(at):
        return None
    return failure.repair("unexpected-token", _message(failure), [TokenEdit(at, at, ",")], _SEPARATED)


def _other_bracket(failure: Failure) -> Repair | None:
    """`["a", "b")`."""
    if failure.kind not in OPENING or failure.open_bracket() is None:
        return None
    sign = _closing(failure)
    message, edits = f"expected `{sign}`, found `{failure.token.text}`", [failure.edit(sign)]
    return failure.repair("unexpected-token", message, edits, f"close the list with `{sign}`")


_LIST_ENDS = (_other_separator, _no_separator, _other_bracket)

"""Words without quotes in place of a value."""

import re

from msgspec import Struct

from segdsl.catalogue import BUILT_INS
from segdsl.source import Span
from segdsl.syntax.actions import UNREADABLE
from segdsl.syntax.errors.connectives import OTHER_WORDS
from segdsl.syntax.errors.expected import CONNECTIVES
from segdsl.syntax.errors.failure import Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import PHRASES, TAILS, duration_of, months_of
from segdsl.syntax.errors.moments import DURATION_HELP, in_digits, is_relative
from segdsl.syntax.errors.operators import ANYWHERE, BEGINNINGS, LACK, NO_HISTORY, ORDER, presence
from segdsl.syntax.errors.ranges import RANGE_HELP
from segdsl.syntax.errors.tokens import CHARACTER, NAME, NUMBER, SIGN, STRING
from segdsl.syntax.literals import quote
from segdsl.syntax.names import NO_CONDITIONS, NULL_WORDS, NUMBER_WORDS, ONLY_LAST_SEEN, PRESENCE

_IS_PRESENT = frozenset("set known exists".split())
_YES_NO = {"yes": "true", "no": "false"}
_SIGNS_INSIDE = re.compile(r"[:=<>!|&;(){}\[\]~?]")
_COLONS = re.compile(r"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})+|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
"""Addresses and times of day."""
_DAY_OF_MONTH = re.compile(r"[A-Za-z]{3,9}\.? [0-9]{1,2}(?:st|nd|rd|th)?")
"""A day without its year, which follows a comma: `March 1, 2026`."""
_JOINING = OTHER_WORDS.keys() | {"&", "|", "+", "&&&", "|||"}
_STOPS = CONNECTIVES | {"$END", "COMMA", "RPAR", "RSQB", "LPAR", "LSQB", "COMPARE", "STRING", STRING}
_NEVER_IN_TEXT = frozenset(["except", "but", "unless", "excluding", "nor", "oder", "and/or", *TAILS])
_NEVER_IN_WORDS = frozenset([SIGN, CHARACTER, "?fence", "?placeholder", "?blank", "BANG"])
_STUCK = frozenset([SIGN, NAME, NUMBER, "NAME", "NUMBER", "DURATION", "DEFINITION", CHARACTER])
"""Tokens that continue a word if no blank is before them."""


class Words(Struct, frozen=True):
    """A run of words in place of a value, up to the token `end`."""

    failure: Failure
    end: int

    @property
    def text(self) -> str:
        """The words as written."""
        return self.failure.written(self.failure.at, self.end - 1)

    @property
    def span(self) -> Span:
        """The span from the first word to the last."""
        return self.failure.between(self.failure.at, self.end - 1)

    @property
    def operator(self) -> str:
        """The word or sign before them."""
        return self.failure.word(self.failure.at - 1)

    @property
    def quoted(self) -> str:
        """The words in quotes, for a message."""
        return shown(quote(self.text))

    def as_text(self, help_: str = "", *, title: str | None = None) -> Repair:
        """Goes on with the words as one text; that is a fix if it has a title."""
        edits = [TokenEdit(self.failure.at, self.end, quote(self.text))]
        ways_out = (help_,) if help_ else ()
        return self.failure.repair("bad-comparison", self.message, edits, title, *ways_out, span=self.span)

    @property
    def message(self) -> str:
        """The error, if nothing more specific is known."""
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", self.text):
            return f"`{shown(self.text)}` is a name, and a name is compared with a literal, not with another name"
        return f"`{shown(self.text)}` is not a literal: text is written in quotes"


def words(failure: Failure) -> Repair | None:
    """A run of words in place of a value."""
    end = end_of_words(failure, failure.at) if failure.wants_value else None
    if end is None:
        return None
    found = Words(failure, end)
    return next(repair for explain in _WORDS if (repair := explain(found)) is not None)


def half_range(failure: Failure) -> Repair | None:
    """`between 5 and plan == "pro"`: the `and` joins conditions, and is not part of the range."""
    if not failure.wants_value or failure.before() != "AND" or not failure.is_comparison(failure.at):
        return None
    edits = [TokenEdit(failure.begin, failure.at - 1, UNREADABLE)]
    span = failure.between(failure.name_end, failure.at - 2)
    return failure.repair("bad-comparison", "`between` takes two values", edits, None, RANGE_HELP, span=span)


# ── where words end ────────────────────────────────────────────────────────────────────────────────────────────────


def end_of_words(failure: Failure, start: int) -> int | None:
    """The number of the token after a run of unquoted words; None if none begins."""
    if failure.kind_of(start) in CONNECTIVES:  # a value such as `OR`, the state
        after = failure.kind_of(start + 1)
        alone = failure.is_word(start) and after in CONNECTIVES | {"COMMA", "RPAR", "RSQB", "$END"}
        return start + 1 if alone else None
    starred = failure.word(start) in ("*", "%") and failure.is_word(start + 1) and failure.touches(start + 1)
    if not (failure.is_word(start) or starred or failure.kind_of(start) in (NAME, NUMBER)):
        return None
    number = start + 1
    while not _ends_words(failure, number):
        number += 1
    year = failure.word(number + 1) if failure.kind_of(number) == "COMMA" else ""
    if re.fullmatch("(?:19|20)[0-9]{2}", year) and _DAY_OF_MONTH.fullmatch(failure.written(start, number - 1)):
        return number + 2
    return number


def _ends_words(failure: Failure, number: int) -> bool:
    kind, word, is_stuck = failure.kind_of(number), failure.word(number), failure.touches(number)
    if word[:1] in "@$" and not is_stuck:
        return True
    if is_stuck and kind in _STUCK:
        return word[:1] in ";=" or (word in ("&", "|") and failure.is_comparison(number + 1))
    gap = failure.source.text[failure.tokens[number - 1].span.end : failure.tokens[number].span.start]
    return (
        kind in _STOPS | _NEVER_IN_WORDS
        or word in _NEVER_IN_TEXT
        or (word in OTHER_WORDS and failure.is_comparison(number + 1))
        or any(sign in gap for sign in "\r\n#")
        or failure.begins_clause(number)
        or failure.is_comparison(number)
    )


def may_be_text(written: str) -> bool:
    """Whether unquoted text holds no sign that may be an operator."""
    return not _SIGNS_INSIDE.search(written) or _COLONS.fullmatch(written) is not None


# ── kinds of words ──────────────────────────────────────────────────────────────────────────────────────────────


def _before_hash(words: Words) -> Repair | None:
    """`C# Corner`: the sign is within a word, and would begin a comment."""
    text = words.failure.source.text
    if not text.startswith("#", words.span.end):
        return None
    return words.as_text("`#` begins a comment; write text that holds it in quotes, up to its end")


def _with_slashes(words: Words) -> Repair | None:
    """`DE/AT/CH`: one text or several values."""
    if not re.fullmatch(r"\w{2,}(?:/\w{2,})+", words.text):
        return None
    is_negated = words.failure.before() == "NOT" or words.operator in ("!=", "<>")
    values = ", ".join([quote(words.failure.spelled(one)) for one in words.text.split("/")])
    listed = shown(f"{'not in' if is_negated else 'in'} [{values}]")
    return words.as_text(f"write several values as `{listed}`, and one text as `{words.quoted}`")


def _without_first_quote(words: Words) -> Repair | None:
    """`pro"`."""
    failure, end = words.failure, words.end
    if failure.kind_of(end) != STRING or not failure.touches(end) or failure.word(end) not in ('"', "'"):
        return None
    edits, span = [TokenEdit(failure.at, end + 1, quote(words.text))], failure.between(failure.at, end)
    title = f"write `{words.quoted}`"
    return failure.repair("unterminated-string", "this string does not begin", edits, title, span=span)


def _known_word(words: Words) -> Repair | None:
    return known_word(words.failure, words.text, words.span)


def known_word(failure: Failure, raw: str, span: Span) -> Repair | None:
    """A word that is never text: for a missing value, a moment, NaN, yes or no."""
    lowered = raw.lower()
    if lowered in NULL_WORDS or NO_CONDITIONS.get(lowered) == PRESENCE:
        return _presence(failure, raw, span)
    if is_relative(lowered):
        message = f"there is no `{shown(raw)}`: a value is fixed"
        return failure.repair("foreign-operator", message, (), None, ONLY_LAST_SEEN, NO_HISTORY, span=span)
    if lowered in NO_CONDITIONS:
        return failure.repair("foreign-operator", f"`{shown(raw)}` is not a value", span=span)
    if lowered in ("nan", "infinity", "inf"):
        message = f"`{shown(raw)}` is not a number"
        return failure.repair("bad-number", message, (), None, "use a finite number", span=span)
    return _yes_or_no(failure, raw, span)


def _presence(failure: Failure, raw: str, span: Span) -> Repair:
    asks, _ = presence(failure, failure.name)
    negated = failure.before() == "NOT"
    written = f"not {shown(raw)}" if negated else shown(raw)
    if (raw.lower() in _IS_PRESENT) is not negated:
        return failure.repair("foreign-operator", f"there is no `{written}`", (), None, asks, span=span)
    message = f"there is no `{written}`: {LACK}"
    help_ = (asks, "a condition on a field that a user lacks never holds")
    return failure.repair("foreign-operator", message, (), None, *help_, span=span)


def _yes_or_no(failure: Failure, raw: str, span: Span) -> Repair | None:
    boolean = _YES_NO.get(raw.lower())
    is_compared = failure.before() in ("COMPARE", "IS", "NOT") and failure.word(failure.at - 1) not in ORDER
    if boolean is None or raw == "NO" or not is_compared:
        return None
    title, help_ = f"if it is meant as a boolean, write `{boolean}`", f"if it is text, write `{quote(raw)}`"
    message = f"`{raw}` is not a literal"
    return failure.repair("bad-comparison", message, [failure.edit(boolean)], title, help_, span=span)


def _no_duration(words: Words) -> Repair | None:
    """`within a week`."""
    failure, text = words.failure, words.text
    if failure.before() not in ("WITHIN", "BEFORE"):
        return None
    message, plain = f"`{shown(text)}` is not a duration", in_digits(text.lower())
    length = duration_of(plain) or months_of(plain)
    if length is None:
        return failure.repair("bad-duration", message, (), None, DURATION_HELP, span=words.span)
    edits = [TokenEdit(failure.at, failure.at + len(text.split()), length)]
    return failure.repair(
        "bad-duration", message, edits, f"write `{length}`", span=words.span, safe=months_of(text) is None
    )


def _wildcard(words: Words) -> Repair | None:
    """`*nordic*`, `nordic%`."""
    failure, text, start = words.failure, words.text, words.failure.name_end
    starts, ends = text[:1] in "*%", text[-1:] in "*%"
    if not starts and not ends:
        return None
    message, inner = f"`{shown(text)}` is not a literal: there are no wildcards", text.strip("*%")
    is_inside = starts and ends and inner and not re.search(r"[*%]", inner)
    if is_inside and start == failure.at - 1 and failure.word(start) in ("=", "==", ":", "is", "contains"):
        edits, title = (
            [TokenEdit(start, words.end, f"contains {quote(inner)}")],
            f"use `contains {shown(quote(inner))}`",
        )
        return failure.repair("bad-comparison", message, edits, title, span=words.span)
    edits, help_ = [TokenEdit(failure.at, words.end, quote(text))], f"{BEGINNINGS}, only what it contains"
    return failure.repair("bad-comparison", message, edits, None, ANYWHERE, help_, span=words.span)


def _with_signs(words: Words) -> Repair | None:
    """Words with signs, which may be operators."""
    if may_be_text(words.text):
        return None
    return words.as_text(f"if it is text, write `{words.quoted}`")


def _built_in(words: Words) -> Repair | None:
    """The name of a metric or flag."""
    if words.text not in BUILT_INS:
        return None
    help_ = f"if it is text, write `{words.quoted}`"
    return words.failure.repair("bad-comparison", words.message, (), None, help_, span=words.span)


def _in_order(words: Words) -> Repair | None:
    """Words after `<`, where people rarely mean text."""
    if words.operator not in ORDER and words.failure.before() not in ("BETWEEN", "AND"):
        return None
    number = NUMBER_WORDS.get(words.text.lower())
    if number is not None and words.failure.is_unknown(words.failure.name):
        edits, message = [words.failure.edit(str(number))], f"`{words.text}` is not a literal: numbers have digits"
        return words.failure.repair("bad-comparison", message, edits, f"write `{number}`", span=words.span)
    text = f"if `{shown(words.text)}` is text, write `{words.quoted}`"
    return words.as_text(f"{text}; text is compared in the order of the alphabet")


def _path(words: Words) -> Repair | None:
    """A name with dots; after `contains` it is an address such as `acme.com`, if it is not a property's name."""
    is_address = words.failure.before() == "CONTAINS" and not words.text.startswith(("user.", "conversation."))
    if "." not in words.text or is_address or not re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_.-]*", words.text):
        return None
    return words.as_text(f"if it is text, write `{words.quoted}`")


def _further_values(words: Words) -> Repair | None:
    """`= PT or ES`: more values of the same kind, which belong in a list."""
    failure, number = words.failure, words.end
    operator = failure.at - 1
    is_equality = words.operator in ("=", "==") or failure.kind_of(operator) == "IS"
    if not is_equality or operator != failure.name_end or failure.name_end == failure.begin:
        return None
    edits = [TokenEdit(operator, operator + 1, "in ["), TokenEdit(failure.at, number, quote(words.text))]
    while (following := _end_of_further(words, number)) is not None:
        text = quote(failure.written(number + 1, following - 1))
        edits += [TokenEdit(number, number + 1, ","), TokenEdit(number + 1, following, text)]
        number = following
    if number == words.end:
        return None
    edits.append(TokenEdit(number, number, "]"))
    span, message = failure.between(failure.at, number - 1), "text is written in quotes, and several values in a list"
    return failure.repair("bad-comparison", message, edits, "use a list with `in`", span=span)


def _end_of_further(words: Words, connective: int) -> int | None:
    """The number of the token after one more value; None if none follows."""
    failure = words.failure
    if failure.kind_of(connective) != "OR" or failure.kind_of(connective + 1) in CONNECTIVES:
        return None
    end = end_of_words(failure, connective + 1)
    if end is None or failure.kind_of(end) not in CONNECTIVES | {"RPAR", "$END"}:
        return None
    if may_be_condition(failure, connective + 1, end):
        return None
    return end if is_alike(failure, words.text, failure.written(connective + 1, end - 1)) else None


def may_be_condition(failure: Failure, start: int, end: int) -> bool:
    """Whether words may be a separate condition: `plan is pro`, `seats over 50`, `at least 10 seats`, `beta tester`.

    Then they are neither a further value nor text, because a fix would hide a condition in a value.
    """
    found = [failure.word(number) for number in range(start, end)]
    if failure.is_comparison(start) or failure.is_field("".join(found)) or _FLAG.match(failure.tokens[start].text):
        return True
    has_number = any(failure.kind_of(number) in ("NUMBER", "DURATION", NUMBER) for number in range(start, end))
    return len(found) > 1 and (has_number or failure.is_field(found[0]) or not _OPERATOR_WORDS.isdisjoint(found))


_FLAG = re.compile(r"(?:is|has|can|was|did|uses|wants|allows)(?:_[a-z]|[A-Z][a-z])")
"""`isAdmin`, `has_beta`: the beginning of names of booleans."""

_OPERATOR_WORDS = frozenset(word for phrase in PHRASES for word in phrase if word not in ("of", "to", "on", "or", "es"))
"""The words of operators, without short words that names have, too, such as `of` in `Isle of Man`."""


def is_alike(failure: Failure, text: str, further: str) -> bool:
    """Whether a word is another value like the one before, rather than the name of a condition."""
    if failure.declared is not None:
        is_declared = further in failure.declared or further.split(".", 1)[-1] in failure.declared
        return not is_declared and bool(form_of(further) or not form_of(text))
    return bool(form_of(text)) and form_of(further) == form_of(text)


def form_of(word: str) -> str:
    """The form of a code in a list of codes: all capitals, or a capital first; "" for other words."""
    return "capitals" if word.isupper() else "capital" if word.istitle() else ""


def _list_without_commas(words: Words) -> Repair | None:
    """`in (pro team)`, `in [fr de]`: one text or several; `in [New York]` is one."""
    failure = words.failure
    may_be_several = "RSQB" not in failure.expected or len({form_of(one) for one in words.text.split()} - {"capital"})
    opening = failure.open_bracket() if " " in words.text and may_be_several else None
    end = None if opening is None else failure.partner(opening)
    if opening is None or end is None or failure.kind_of(opening - 1) != "IN":
        return None
    if any(failure.tokens[number].text in (",", ";") for number in range(opening, end)):
        return None
    text = f"if `{shown(words.text)}` is one text, write `{words.quoted}`"
    return words.as_text(f"values of a list are separated by `,`; {text}")


_QUALIFIERS = frozenset(
    "about around approximately approx roughly nearly almost at no not never still currently now only just both "
    "everything anything something nothing whatever probably maybe usually always mostly already each every some most "
    "over under above below minus plus exactly empty".split()
)
_STATES = frozenset("checked unchecked ticked unticked".split())
_CONNECTIVES_ABROAD = frozenset("und oder et ou y o".split())
_DAY_OR_MONTH = "(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_SPAN = re.compile(rf"{_DAY_OR_MONTH} ?[-–—] ?{_DAY_OR_MONTH}|[^ ]+ (?:to|through|thru|until|bis) [^ ]+", re.IGNORECASE)
"""`Mon-Fri`, `Mon to Fri`."""


def hides_operator(words: str) -> bool:
    """Whether unquoted words hold what may be an operator: `DE und nicht staff`, `greater than 5`, `Mon to Fri`."""
    found = words.lower().split()
    return (
        not _CONNECTIVES_ABROAD.isdisjoint(found[1:-1])
        or (len(found) > 1 and found[0] in _OPERATOR_WORDS and found[-1].isdecimal())
        or found[0] == "not"
        or _SPAN.fullmatch(words) is not None
        or re.search(r"\w\+\w", words) is not None
    )


def _with_operator(words: Words) -> Repair | None:
    """`DE und nicht staff`: words that may be several values, or further conditions."""
    if not hides_operator(words.text):
        return None
    help_ = "join conditions with `and` and `or`, and write several values in a list"
    return words.as_text(f"{help_}; if `{shown(words.text)}` is one text, write `{words.quoted}`")


def _qualified(words: Words) -> Repair | None:
    """`still free`, `about 5`, `US only`: words that say how a value is meant; or the state of a box."""
    found = words.text.lower().split()
    is_qualified = len(found) > 1 and (found[0] in _QUALIFIERS or found[-1] == "only")
    if not is_qualified and words.text.lower() not in _STATES and not words.text.endswith(("…", "...")):
        return None
    return words.as_text(f"write the value alone; if `{shown(words.text)}` is text, write `{words.quoted}`")


def _text(words: Words) -> Repair:
    """Anything else: a text, unless a bare name is joined to it, which could be another value or a condition."""
    way_out = f"if `{shown(words.text)}` is text, write `{words.quoted}`"
    return words.as_text(way_out) if _is_ambiguous(words.failure, words.end) else words.as_text(title=way_out)


def _is_ambiguous(failure: Failure, end: int) -> bool:
    """Whether a bare name is joined to the value: a value of the same list, or a separate condition."""
    opening = failure.open_bracket()
    is_in_list = opening is not None and failure.kind_of(opening - 1) == "IN"
    joins = failure.kind_of(end) in CONNECTIVES | {"COMMA"} or failure.word(end) in _JOINING
    if failure.kind_of(end) == "LPAR":
        return not failure.is_comparison(end + 1) and not failure.is_comparison(end + 2)
    if not joins or is_in_list or failure.open_bracket_kind() == "LSQB":
        return False
    after = end + 1
    if failure.kind_of(after) in ("NOT", "BANG"):
        form, after = form_of(failure.written(failure.at, end - 1)), after + 1
        if not form or form != form_of(failure.tokens[after].text):
            return False
    if failure.declared is not None and failure.tokens[after].text in failure.declared:
        return False
    ends = failure.kind_of(after + 1) in CONNECTIVES | {"RPAR", "$END"} or failure.word(after + 1) in OTHER_WORDS
    return failure.kind_of(after) == "NAME" and ends


_WORDS = (
    _before_hash,
    _without_first_quote,
    _known_word,
    _no_duration,
    _wildcard,
    _with_signs,
    _built_in,
    _in_order,
    _path,
    _with_slashes,
    _further_values,
    _list_without_commas,
    _qualified,
    _with_operator,
    _text,
)

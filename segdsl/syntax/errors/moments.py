"""Relative times in other forms: with `lastSeen`, with other names, and as a period after a comparison."""

import re

from segdsl.catalogue import BUILT_INS, SYNONYMS, Kind
from segdsl.syntax import literals
from segdsl.syntax.actions import UNREADABLE
from segdsl.syntax.errors.expected import CONNECTIVES
from segdsl.syntax.errors.failure import Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import NOWS, duration_of, months_of
from segdsl.syntax.literals import PRESETS
from segdsl.syntax.names import NO_CONDITIONS, NUMBER_WORDS, TIME, folded, is_of_conversations

ONLY_LAST_SEEN = (
    "only `lastSeen` takes relative times, as in `lastSeen within 7d` or `lastSeen before 7d`; "
    'for a property write a fixed date, such as "2026-01-31"'
)

DURATION_HELP = "a whole number from 1 and m, h, d or w, such as 30m, 24h, 7d or 2w"

_LENGTH = r"(?P<length>[0-9]+[ \t]*-?[ \t]*[a-z]+)"
_NOW = rf"(?:{'|'.join(sorted(NOWS, key=len, reverse=True))})[ \t]*(?:\([ \t]*\))?"
_CALENDAR = r"(?:in[ \t]+|during[ \t]+)?(?:this|last|next|current)[ \t]+(?:day|week|month|quarter|year)\b"
_PERIOD = r"(?:the[ \t]+)?(?:last|past|previous|recent)[ \t]+"
_LAST_SEEN = [
    (rf"(?:is[ \t]+)?(?:more|longer|over|earlier|older)[ \t]+(?:than[ \t]+)?{_LENGTH}(?:[ \t]+ago)?", "before"),
    (rf"(?:is[ \t]+)?at[ \t]+least[ \t]+{_LENGTH}[ \t]+ago", "before"),
    (rf"(?:is[ \t]+)?(?:less|fewer|newer|under|sooner)[ \t]+(?:than[ \t]+)?{_LENGTH}(?:[ \t]+ago)?", "within"),
    (rf"(?:is[ \t]+)?(?:at[ \t]+most[ \t]+){_LENGTH}(?:[ \t]+ago)?", "within"),
    (rf"(?:is[ \t]+|was[ \t]+)?(?:within|in|during|over)[ \t]+(?:{_PERIOD})?{_LENGTH}", "within"),
    (
        rf"(?:is[ \t]+|was[ \t]+)?(?:before|not[ \t]+in|not[ \t]+within)[ \t]+(?:{_PERIOD})?{_LENGTH}(?:[ \t]+ago)?",
        "before",
    ),
    (rf"(?:>=?|since|after)[ \t]*{_NOW}[ \t]*[-–−][ \t]*(?:interval[ \t]*)?['\"]?{_LENGTH}['\"]?", "within"),
    (rf"<=?[ \t]*{_NOW}[ \t]*[-–−][ \t]*(?:interval[ \t]*)?['\"]?{_LENGTH}['\"]?", "before"),
    (rf">=?[ \t]*{_LENGTH}", "before"),
    (rf"<=?[ \t]*{_LENGTH}", "within"),
    (rf"(?:>=?|since|after)[ \t]*[-–−]{_LENGTH}", "within"),
    (rf"<=?[ \t]*[-–−]{_LENGTH}", "before"),
]  # fmt: skip
"""Phrases after `lastSeen`, each with the operator here."""

_RELATIVE = re.compile(
    rf"(?ai:\b{_NOW}[ \t]*(?:$|[-+–−)])|\b{_NOW.replace('?', '')}|(?<![A-Za-z0-9_\"'.])[-–−][0-9]+[ \t]*[mhdwy]\b"
    r"|\b[0-9]+[ \t]+[a-z]+[ \t]+(?:ago|before now|from now)\b|\binterval[ \t]+['\"])"
)


def last_seen(failure: Failure) -> Repair | None:
    """`lastSeen more than 3 weeks ago`, `last seen in the last 7 days`, `last login >= now() - 14d`."""
    name_end = _last_seen_end(failure)
    if name_end is None or failure.at < failure.begin + 1:
        return None
    end = max(failure.end_of_phrase(failure.begin), failure.at)
    within = name_end + (failure.kind_of(name_end) == "NOT")
    is_duration = name_end == failure.begin + 1 and failure.kind_of(within) in ("WITHIN", "BEFORE")
    if end <= name_end or failure.is_repaired(failure.begin, end):
        return None
    tail = failure.written(name_end, end - 1).lower().strip()
    if is_duration and not re.search(rf"{_PERIOD}|\bago\b", tail):  # the duration is wrong, or only the `not`
        return None
    if (text := _time_ago(tail)) is not None:
        edits, span = failure.rewriting(failure.begin, end, text), failure.between(name_end, end - 1)
        return failure.repair("bad-duration", _not_ago(tail), edits, f"write `{text}`", span=span)
    name = "".join(failure.word(number) for number in range(failure.begin, name_end))
    return _no_time_ago(failure, name_end, end, tail) if is_last_seen(name) else None


_CLOCK = re.compile(
    r"\b[0-9]{1,2}:[0-9]{2}\b|\b(?:night|morning|noon|afternoon|evening|weekend|weekday)s?\b|[0-9][ap]m\b"
)


def _no_time_ago(failure: Failure, name_end: int, end: int, tail: str) -> Repair | None:
    """The phrase after `lastSeen` has no single meaning."""
    if _CLOCK.search(tail):
        if failure.kind_of(end) == "AND" and not failure.is_word(end + 1):  # `between 9:00 and 17:00`
            end = failure.end_of_phrase(end + 1)
        message, span = "there is no time of day", failure.between(name_end, end - 1)
        edits, help_ = [TokenEdit(failure.begin, end, UNREADABLE)], "ask how long ago it was: `lastSeen within 24h`"
        return failure.repair("bad-duration", message, edits, None, help_, span=span)
    word = failure.word(name_end)
    if word in ("since", "after", "until"):
        help_, place = "for when a user was last seen, use `lastSeen within 7d`", failure.tokens[name_end].span
        return failure.repair("foreign-operator", f"there is no `{word}`", (), None, help_, span=place)
    if not _RELATIVE.search(tail):
        return None
    message, edits = _not_ago(tail), [TokenEdit(failure.begin, end, UNREADABLE)]
    found = re.search(_LENGTH, tail)
    help_ = _within_or_before((duration_of(found["length"]) if found else None) or "7d")
    return failure.repair("bad-duration", message, edits, None, help_, span=failure.between(name_end, end - 1))


def _within_or_before(length: str) -> str:
    return f"write `lastSeen within {length}` for users seen in that time, `lastSeen before {length}` for the others"


def _not_ago(tail: str) -> str:
    return f"`{shown(tail)}` is not how a time ago is written"


def _time_ago(tail: str) -> str | None:
    """The condition on `lastSeen` with the meaning of the phrase after its name."""
    for pattern, operator in _LAST_SEEN:
        found = re.fullmatch(pattern, in_digits(tail))
        length = duration_of(found["length"]) or months_of(found["length"]) if found else None
        if length is not None:
            return f"lastSeen {operator} {length}"
    return None


def in_digits(text: str) -> str:
    """The text with `two weeks`, `a week` and `the last week` in digits."""
    text = _WORDS_OF_TIME.sub(lambda found: f"{NUMBER_WORDS.get(found[1], 1)} {found[2]}", text)
    return re.sub(rf"\b(last|past)[ \t]+({_UNITS})\b", r"\1 1 \2", text)


_UNITS = "|".join(sorted(["days", "weeks", "months", "hours", "day", "week", "month", "hour", "year"]))
_WORDS_OF_TIME = re.compile(rf"\b(an?|{'|'.join(NUMBER_WORDS)})[ \t]+({_UNITS})\b")


def _last_seen_end(failure: Failure) -> int | None:
    """The number of the token after `lastSeen`, or another word for it, at the beginning of the condition."""
    if is_last_seen(failure.word(failure.begin)):  # and not `lastSeenAt` in `lastSeen at least …`
        return failure.begin + 1
    for words in (3, 2, 1):
        end = failure.begin + words
        name = "".join(failure.word(number) for number in range(failure.begin, end))
        if is_last_seen(name) or (SYNONYMS.get(folded(name)) == "lastSeen" and failure.declared_as(name) is None):
            return end
    return None


def is_last_seen(name: str) -> bool:
    """Whether a name is `lastSeen` in any spelling."""
    return folded(name) == "lastseen"


def relative(failure: Failure) -> Repair | None:
    """Relative times with any other name."""
    end = failure.end_of_phrase(failure.begin)
    if end <= failure.begin or failure.at > end or failure.is_repaired(failure.begin, end):
        return None
    text = failure.written(failure.begin, end - 1)
    if not _RELATIVE.search(text):
        return None
    first = min(failure.at, max(failure.name_end, failure.begin))
    span = failure.between(first, max(end - 1, failure.at - (failure.at == end), first))
    message = f"`{shown(failure.source.text[span.start : span.end])}` is not a fixed value"
    return failure.repair("bad-date", message, (), None, ONLY_LAST_SEEN, span=span)


_ARTICLE = re.compile(r"(?:the|in|during|within)[ \t]+")
_UNIT_OF_CALENDAR = re.compile(r"(?:this|next|coming)[ \t]+(?:day|week|month|quarter|year)\b")


def is_relative(text: str) -> bool:
    """Whether a text in lower case is a relative time: `today`, `the last week`, `this month`."""
    while found := _ARTICLE.match(text):
        text = text[found.end() :]
    first = re.match(r"[^\s]*", text)
    is_word_of_time = first is not None and NO_CONDITIONS.get(first[0]) == TIME
    return is_word_of_time or _UNIT_OF_CALENDAR.match(text) is not None


_FOR_DATES = {"on": "==", "since": ">=", "until": "<=", "till": "<=", "by": "<=", "before": "<", "from": ">="}
"""Words between a name and a date, each with the operator here."""


def date_word(failure: Failure) -> Repair | None:
    """`opened on 2026-02-14`, `opened since 2026-02-14`."""
    at, operator = failure.at, _FOR_DATES.get(failure.word(failure.at))
    if operator is None or failure.name_end != at or at == failure.begin:
        return None
    following = failure.tokens[at + 1]
    is_date = following.kind == "DATE" or (following.kind == "STRING" and literals.instant(following.text[1:-1]))
    if not is_date:
        return None
    message, edits = f"there is no `{failure.token.text}` between a name and a date", [failure.edit(operator)]
    return failure.repair("foreign-operator", message, edits, f"use `{operator}`", safe=True)


_BE = r"(?:has|have|is|are|was|were|did|does|do)"
_NOT = rf"(?:{_BE}[ \t]+not|{_BE}n['’]t|not|never)[ \t]+"
_AGO = (
    rf"(?:(?P<word>in|for|within|since|during|before|after)[ \t]+)?(?P<period>{_PERIOD})?{_LENGTH}(?P<ago>[ \t]+ago)?"
)
_SEEN = re.compile(
    rf"(?:(?P<not>{_NOT})|(?:{_BE}[ \t]+)?)(?:been[ \t]+)?"
    rf"(?P<name>seen|active|online|visited|inactive|log(?:ged)?[ \t]+(?:in|on)|signed[ \t]+in)[ \t]*:?[ \t]*{_AGO}"
)
_NO_VISITS = re.compile(rf"(?P<not>no|without|zero)[ \t]+(?P<name>activity|log-?ins?|visits?)[ \t]+{_AGO}")
_OLDER = re.compile(rf"(?P<name>older[_ -]?than|newer[_ -]?than|before|after)[ \t]*:?[ \t]*{_AGO}")
_CONVERSATIONS = re.compile(
    r"(?P<not>(?:has|have|had|with)?[ \t]*(?:no|without|zero)[ \t]+)?(?:(?:has|have|had|with)[ \t]+)?(?:any[ \t]+)?"
    rf"(?P<name>conversations?|chats?|sessions?)[ \t]+{_AGO}"
)


def not_seen(failure: Failure) -> Repair | None:
    """`not seen in 14 days`, `older_than:14d`: `lastSeen` under another name."""
    first, end = _seen_phrase(failure)
    if end <= first or failure.at > end:
        return None
    text = failure.written(first, end - 1)
    plain = in_digits(text.lower())
    found = _SEEN.fullmatch(plain) or _NO_VISITS.fullmatch(plain) or _OLDER.fullmatch(plain)
    length = (duration_of(found["length"]) or months_of(found["length"])) if found else None
    if found is None or length is None or failure.is_repaired(first, end):
        return None
    message, span = f"`{shown(text)}` is not a condition", failure.between(first, end - 1)
    operator = _recency(found)
    if operator is not None and failure.declared_as(found["name"]) is None:
        edits, title = [TokenEdit(first, end, f"lastSeen {operator} {length}")], f"write `lastSeen {operator} {length}`"
        return failure.repair("bad-duration", message, edits, title, span=span)
    edits, help_ = [TokenEdit(first, end, UNREADABLE)], _within_or_before(length)
    return failure.repair("bad-duration", message, edits, None, help_, span=span)


def _seen_phrase(failure: Failure) -> tuple[int, int]:
    """The condition with the `not` before it, also if its `for` was taken for a scope clause; empty if it is none."""
    first = failure.begin if failure.clause < 0 else failure.clause
    if failure.clause >= 0 and failure.word(first) != "for":
        return first, first
    end = failure.end_of_phrase(first)
    for _ in range(_LONGEST_SEEN):
        is_part = failure.is_word(first - 1) if failure.clause >= 0 else failure.kind_of(first - 1) == "NOT"
        if not is_part or failure.kind_of(first - 1) in CONNECTIVES:
            break
        first -= 1
    return first, end


_LONGEST_SEEN = 5
"""Words: `have not been logged in`."""


def _recency(found: re.Match[str]) -> str | None:
    """The operator of `lastSeen` for a phrase, by its `not` and the word before the time; None if it is not clear."""
    if found.re is _OLDER or found["ago"] or found["word"] in ("before", "after"):
        return None
    if bool(found["not"]) is not (found["name"] == "inactive"):
        return "before"
    is_recent = found["period"] or found["word"] in ("in", "within", "during")
    return "within" if is_recent and found["name"] != "inactive" else None


def conversations_in(failure: Failure) -> Repair | None:
    """`no conversations in 30d`, `has conversations in the last week`: a count in a period, or a moment."""
    first, end = _seen_phrase(failure)
    found = _CONVERSATIONS.fullmatch(failure.written(first, end - 1).lower()) if end > first else None
    length = duration_of(found["length"]) if found else None
    if found is None or length is None or failure.at > end or failure.declared_as(found["name"]) is not None:
        return None
    count, recency = ("== 0", "before") if found["not"] else (">= 1", "within")
    period = length if length in PRESETS else "30d"
    help_ = (
        f"write `conversationCount {count} during {period}`, with the period at the end of the expression",
        f"or `lastSeen {recency} {length}`, if it is enough when users were last seen",
    )
    span = failure.between(first, end - 1)
    message = f"`{shown(failure.written(first, end - 1))}` is not a condition"
    return failure.repair("unexpected-token", message, [TokenEdit(first, end, UNREADABLE)], None, *help_, span=span)


# ── periods and dates after a comparison ───────────────────────────────────────────────────────────────────────────


_PERIODS = [
    (
        re.compile(rf"(?:(?:in|within|over)[ \t]+|(?:(?:in|within|during|over|for|from)[ \t]+)?{_PERIOD}){_LENGTH}"),
        "how a period is written",
        "the period stands at the end of the expression: `during 7d`, `during 30d`, `during 90d` or `during all`",
    ),
    (
        re.compile(rf"(?:{_CALENDAR}|(?:today|yesterday)\b).*", re.DOTALL),
        "a period",
        "the period stands at the end of the expression: `during 7d`, or `from 2026-01-01 to 2026-03-31`",
    ),
    (
        re.compile(r"(?:in|during|for|over|since)[ \t]+(?:q[1-4][ \t]+|[a-z]+[ \t]+)?(?:19|20)[0-9]{2}\b.*", re.DOTALL),
        "a period",
        "a period with dates is written `from 2026-01-01 to 2026-03-31`, at the end of the expression",
    ),
]
"""Phrases after a comparison, the end of the message, and the help."""


def period(failure: Failure) -> Repair | None:
    """`in the last 30 days`, `this month`, `in 2026` after a comparison."""
    end = _end_of_period(failure)
    if end is None:
        return None
    text, span = failure.written(failure.at, end - 1).lower(), failure.between(failure.at, end - 1)
    for pattern, what, help_ in _PERIODS:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        message, length = f"`{shown(text)}` is not {what}", duration_of(found.groupdict().get("length", ""))
        if length in PRESETS and failure.kind_of(end) == "$END":
            edits = failure.rewriting(failure.at, end, f"during {length}")
            return failure.repair("unexpected-token", message, edits, f"write `during {length}`", span=span)
        return failure.repair("unexpected-token", message, (), None, help_, span=span)
    return None


def flag_in_period(failure: Failure) -> Repair | None:
    """`jailbreakDetected in the last 7 days`."""
    start, end = failure.name_end, failure.end_of_phrase(failure.begin)
    field = BUILT_INS.get(failure.name)
    if field is None or field.kind != Kind.FLAG or not start < end or failure.at > end:
        return None
    text, span = failure.written(start, end - 1).lower(), failure.between(start, end - 1)
    found = _PERIODS[0][0].fullmatch(in_digits(text))
    length = duration_of(found["length"]) if found else None
    if length is None or failure.is_repaired(start, end):
        return None
    message = f"`{shown(text)}` is not how a period is written"
    if length in PRESETS and failure.kind_of(end) == "$END":
        edits = [TokenEdit(start, end, f"during {length}")]
        return failure.repair("unexpected-token", message, edits, f"write `during {length}`", span=span)
    edits = [TokenEdit(start, end, "")]
    return failure.repair("unexpected-token", message, edits, None, _PERIODS[0][2], span=span)


def between_dates(failure: Failure) -> Repair | None:
    """`between 2026-01-01 and 2026-03-31` after a comparison."""
    at, end = failure.at, _end_of_period(failure)
    if end is None or failure.kind != "BETWEEN" or failure.kind_of(end) != "AND" or end != at + 2:
        return None
    if failure.kind_of(at + 1) != "DATE" or failure.kind_of(end + 1) != "DATE":
        return None
    message = f"`{shown(failure.written(at, at + 1))}` is not a period"
    edits = [failure.edit("from"), TokenEdit(end, end + 1, "to")]
    title = "a period with dates is written `from 2026-01-01 to 2026-03-31`"
    return failure.repair("unexpected-token", message, edits, title, span=failure.between(at, at + 1))


def _end_of_period(failure: Failure) -> int | None:
    """The number of the token after a possible period; None if no comparison ends before it."""
    if not failure.is_complete or failure.at - failure.begin < 2:
        return None
    end = failure.end_of_phrase(failure.at + 1)
    return end if end > failure.at else None


def since(failure: Failure) -> Repair | None:
    """`since` and `until` a date, after the conditions."""
    word, at = failure.word(failure.at), failure.at
    keyword = {"since": "from", "after": "from", "starting": "from", "until": "to", "till": "to", "through": "to"}.get(
        word
    )
    if keyword is None or not (failure.is_complete or failure.clause >= 0) or failure.at - failure.begin < 2:
        return None
    if failure.kind_of(at + 1) not in ("DATE", "PARAMETER", "STRING"):
        return None
    if failure.kind_of(at + 1) == "STRING" and literals.instant(failure.tokens[at + 1].text[1:-1]) is None:
        return None
    edits = [TokenEdit(at, at + 1, keyword)]
    is_safe = word != "after" and (  # `from` a day includes the day
        failure.clause >= 0 or failure.name in _OF_CONVERSATIONS or is_of_conversations(failure.name)
    )
    return failure.repair("foreign-operator", f"there is no `{word}`", edits, f"use `{keyword}`", safe=is_safe)


_OF_CONVERSATIONS = frozenset(BUILT_INS) - {"lastSeen"}
"""The built-in names of what comes from conversations, which scope clauses choose."""

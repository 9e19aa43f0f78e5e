"""Words, signs and characters of other languages, each with the spelling here: tables only."""

import re

from segdsl.syntax.literals import days_of_months

# ── operators ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _phrases(operator: str, *phrases: str) -> dict[tuple[str, ...], str]:
    return {tuple(phrase.split()): operator for phrase in phrases}


PHRASES: dict[tuple[str, ...], str] = {
    **_phrases(
        "==", "eq", "equals", "equal", "equal to", "equals to", "is equal to", "is equals", "is exactly", "are",
        "ist", "ist gleich", "es", "es igual a", "is set to", "set to",
    ),
    **_phrases(
        "!=", "ne", "neq", "isn't", "aren't", "isnt", "is not equal to", "not equal to", "not equals", "not equal",
        "does not equal", "doesn't equal", "differs from", "is different from", "not", "is anything but",
        "ist nicht", "no es", "other than", "is other than", "is something other than", "anything but",
    ),
    **_phrases(
        ">", "gt", "greater than", "is greater than", "more than", "is more than", "over", "is over", "above",
        "is above", "exceeds", "larger than", "is larger than", "bigger than", "is bigger than", "higher than",
        "is higher than", "after", "is after", "later than", "is later than",
    ),
    **_phrases(
        "<", "lt", "less than", "is less than", "fewer than", "is fewer than", "under", "is under", "below", "is below",
        "lower than", "is lower than", "smaller than", "is smaller than", "earlier than", "is earlier than",
    ),
    **_phrases(
        ">=", "ge", "gte", "at least", "is at least", "no less than", "is no less than", "not less than",
        "is not less than", "no fewer than", "not before", "is not before", "no earlier than", "not under", "not below",
        "minimum", "min", "on or after", "is on or after", "not lower than", "not smaller than", "not fewer than",
        "not earlier than",
        "greater than or equal to", "is greater than or equal to", "greater than or equals", "greater or equal",
        "greater or equal to", "greater than or equal", "more than or equal to", "from at least",
    ),
    **_phrases(
        "<=", "le", "lte", "at most", "is at most", "no more than", "is no more than", "not more than",
        "is not more than", "not after", "is not after", "no later than", "not over", "not above",
        "up to", "is up to", "maximum", "max", "on or before", "is on or before", "not greater than", "not larger than",
        "not bigger than", "not higher than", "not later than", "not exceeding",
        "is not greater than", "does not exceed", "doesn't exceed",
        "less than or equal to", "is less than or equal to", "less than or equals", "less or equal", "less or equal to",
        "less than or equal", "fewer than or equal to",
    ),
    **_phrases(
        "in", "is in", "one of", "is one of", "any of", "is any of", "is among", "among", "isin", "is_in", "in list",
        "is either", "either", "are in", "anyof", "any_of", "oneof", "one_of",
        "= any of", "= one of", "== any of", "== one of", "= either", "== either",
    ),
    **_phrases("between", "is between", "in between", "ranges between", "is in between"),
    **_phrases("not between", "is not between", "isn't between"),
    **_phrases(
        "not in", "nin", "notin", "not_in", "is not in", "isn't in", "none of", "is none of", "not one of",
        "is not one of", "isn't one of", "not any of", "is not any of", "isn't any of", "is neither", "noneof",
        "none_of", "is not among",
    ),
    **_phrases(
        "contains", "contain", "includes", "include", "has", "have", "containing", "including", "icontains",
        "contains text", "contains the text", "contains word", "is like", "is contains",
    ),
    **_phrases(
        "not contains", "does not contain", "doesn't contain", "do not contain", "don't contain", "not contain",
        "not containing", "does not include", "doesn't include", "not includes", "notcontains", "not_contains",
        "does not have", "doesn't have", "is not contains",
    ),
}  # fmt: skip
"""Operators in words, each with the operator here."""

LONGEST_PHRASE = max(map(len, PHRASES))

SIGNED_WORDS = {
    "eq": "==", "ceq": "==", "ieq": "==", "ne": "!=", "neq": "!=", "cne": "!=", "gt": ">", "ge": ">=", "gte": ">=",
    "lt": "<", "le": "<=", "lte": "<=", "in": "in", "out": "not in", "notin": "not in", "nin": "not in",
    "contains": "contains", "notcontains": "not contains", "and": "and", "or": "or", "not": "not",
}  # fmt: skip
"""`-eq` of PowerShell and `=eq=` of FIQL, without their signs."""

SIGNS = {
    "===": "==", "!==": "!=", "=!": "!=", "=<": "<=", "=>": ">=", "<=>": "==", "≥": ">=", "≤": "<=", "≠": "!=",
    "∧": "and", "∨": "or", "¬": "not", "∈": "in", "&": "and", "&&&": "and", "|": "or", "|||": "or",
    ":=": "==", ":==": "==", ":!=": "!=", ":<>": "!=", ":>": ">", ":>=": ">=", ":<": "<", ":<=": "<=", "::": "==",
    "!:": "!=", "=:": "==", "~=": "contains", ":~": "contains", "~": "contains", "=~": "contains", "<<": "<", ">>": ">",
    "<>=": "!=", "==>": ">=",
}  # fmt: skip
"""Signs of other languages, each with the spelling here."""

SAFE_SIGNS = frozenset(["===", "!==", "=!", "=<", "=>", "≥", "≤", "≠", "∧", "∨", "¬", ":>=", ":<=", ":!=", ":>", ":<"])

# ── words that are not operators ────────────────────────────────────────────────────────────────────────────────────

PATTERNS = frozenset("matches match matching regex regexp rlike similar matchesregex".split())
LIKE = frozenset("like ilike notlike".split())
STARTS = frozenset(
    "startswith starts_with starts start begins beginswith begins_with istartswith left hasprefix prefix sw".split()
)
ENDS = frozenset("endswith ends_with ends end iendswith right hassuffix suffix ew".split())
PRESENCE = frozenset("has exists exist defined isset isdefined is_set notnull isnotnull present pr isnotempty".split())
ABSENCE_CALLS = frozenset("isnull is_null isempty is_empty isblank empty missing ismissing isundefined".split())
CASE = frozenset("lower upper lcase ucase tolower toupper lowercase uppercase casefold tolowercase touppercase".split())
LENGTH = frozenset("len length size count char_length strlen".split())
CASTS = frozenset("int integer float number decimal".split())
TIMES = frozenset(["timestamp", "date", "datetime"])
NOWS = frozenset(
    "now today current_date current_timestamp currentdate getdate sysdate startofday startofweek startofmonth "
    "startofyear endofday endofweek endofmonth utcnow date_sub dateadd date_add datesub ago relative_time".split()
)
ARITHMETIC = frozenset("add sub mul div mod plus minus times divided".split())
HISTORY = frozenset("changed change was were became becomes increased decreased previously used".split())
RANKS = frozenset("top bottom highest lowest largest smallest percentile".split())
HEADS = frozenset("where if when having filter find show segment select query let".split())
SUBJECTS = frozenset(
    "users user people customers customer accounts contacts everyone everybody all find show get list give anyone "
    "those".split()
)
TAILS = frozenset("then order limit group offset sort orderby".split())

# ── characters ─────────────────────────────────────────────────────────────────────────────────────────────────────

CHARACTERS = {
    "`": "a name is written without quotes",
    "{": "a list is written with `[ ]`",
    "}": "a list is written with `[ ]`",
    ";": "join conditions with `and` or `or`",
    "%": "there is no `%`",
    "?": "there is no `? :`; use `and`, `or` and `not`",
    **dict.fromkeys("*/+^", "there is no arithmetic"),
}

# ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────────

UNITS = {
    **dict.fromkeys("m min mins minute minutes".split(), "m"),
    **dict.fromkeys("h hr hrs hour hours".split(), "h"),
    **dict.fromkeys("d day days".split(), "d"),
    **dict.fromkeys("w wk wks week weeks".split(), "w"),
}
"""Words for the units of durations, in lower case."""

MONTHS = {
    **dict.fromkeys("mo month months".split(), 1),
    **dict.fromkeys("q quarter quarters".split(), 3),
    **dict.fromkeys("y yr yrs year years".split(), 12),
}
"""Words for longer units, which durations do not have, each with its months."""

OTHER_UNITS = frozenset(["s", "sec", "secs", "second", "seconds", "ms", *MONTHS])
"""Units of time that durations do not have."""

MONEY = "$€£¥"
CURRENCIES = frozenset("dollar dollars usd eur euro euros pound pounds gbp".split())
COUNTED = CURRENCIES | frozenset(
    "star stars point points seat seats user users license licenses licence licences percent times conversations "
    "messages people units".split()
)
"""Nouns that people write after a number."""

DURATION = re.compile(r"([0-9]+)[ \t]*-?[ \t]*([A-Za-z]+)")


def months_of(text: str) -> str | None:
    """`90d` for `3 months`, `a quarter` or `3mo`; None for other texts."""
    found = re.fullmatch(r"([0-9]{1,2}[ \t]*-?|an?[ \t]|one[ \t])[ \t]*([A-Za-z]+)", text.strip())
    months = MONTHS.get(found[2].lower()) if found else None
    if found is None or months is None:
        return None
    number = found[1].strip(" \t-")
    count = int(number) if number.isdigit() else 1
    return days_of_months(count * months) if count else None


def duration_of(text: str) -> str | None:
    """`7d` for `7 days`, `7D` or `7-day`; None for other texts."""
    found = DURATION.fullmatch(text.strip())
    unit = UNITS.get(found[2].lower()) if found else None
    return f"{int(found[1])}{unit}" if found and unit and len(found[1]) < 7 and int(found[1]) else None

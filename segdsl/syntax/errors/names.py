"""Names: letters and signs that names do not have, names in quotes, and comparisons without a name."""

import re

from segdsl.catalogue import BUILT_INS, SYNONYMS
from segdsl.syntax import literals
from segdsl.syntax.errors.expected import CONNECTIVES, VALUES
from segdsl.syntax.errors.failure import OPERATORS, Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import LONGEST_PHRASE, PHRASES
from segdsl.syntax.errors.operators import ORDER
from segdsl.syntax.errors.tokens import DASHES, NAME, NUMBER, STRING
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.names import FOLDED_BUILT_INS, NO_CONDITIONS, folded

_KEYS = 'parts of a name are joined by single dots and begin with a letter, digit or `_`; other keys: `user["…"]`'
_LONGEST_COMPARISON = 12
"""Tokens before a connective among which a name is looked for."""


# ── invalid names ────────────────────────────────────────────────────────────────────────────────────────────


def odd_name(failure: Failure) -> Repair | None:
    """A name with `?.`, `/`, a dash or a letter that names do not have."""
    if failure.kind != NAME:
        return None
    text = failure.token.text
    is_name = "NAME" in failure.expected or failure.stack.begins_condition
    if not is_name and not (text[0] == "$" and "PARAMETER" in failure.expected):
        return None
    if text[0] in "$@":
        sign, kind = text[0], "parameter" if text[0] == "$" else "definition"
        help_ = f"write `{sign}name`: letters, digits, `_` and `-`, without dots"
        return failure.repair("bad-name", f"`{shown(text)}` is not a {kind}", (), None, help_)
    if not text.isascii():
        return _other_alphabet(failure, text)
    if "?." in text or "/" in text:
        return _other_path(failure, text)
    return failure.repair("bad-name", f"`{shown(text)}` is not a name", (), None, _KEYS)


def _other_alphabet(failure: Failure, text: str) -> Repair:
    plain = re.sub(f"[{DASHES}]", "-", text)
    if not plain.isascii():
        return failure.repair("unknown-character", f"`{shown(text)}` is not a name: names are written in ASCII")
    message, edits = f"`{shown(text)}` has a dash that names do not have", [failure.edit(plain)]
    return failure.repair("bad-name", message, edits, f"write `{shown(plain)}`", safe=True)


def _other_path(failure: Failure, text: str) -> Repair:
    """`address/city`, `user?.plan`."""
    plain = text.replace("?.", ".").replace("/", ".")
    message, edits = f"`{shown(text)}` is not a name: parts of a name are joined by dots", [failure.edit(plain)]
    if "/" in text and PHRASES.get((failure.word(failure.at + 1),)) is None:
        help_ = f"if it is a path, write `{shown(plain)}`; there is no arithmetic"
        return failure.repair("bad-name", message, edits, None, help_)
    return failure.repair("bad-name", message, edits, f"write `{shown(plain)}`")


_ARTICLES = frozenset("the their his her its whose".split())
_MEANS = ("average", "avg", "mean", "median", "max", "maximum", "min", "minimum", "last", "latest", "total", "overall")
"""Words before a metric for a number over its conversations; the first three are what a metric is."""
_QUANTIFIERS = frozenset("never only no every each both always mostly sometimes".split())
_LONGEST_NAME = 5
"""Words."""


def in_words(failure: Failure) -> Repair | None:
    """`commercial intent > 0.5`, `company name = "Acme"`, `the plan is "pro"`: a name in several words."""
    first, end = failure.begin, failure.at
    if failure.before() != "NAME" or failure.at != first + 1 or _is_phrase(failure, first):
        return None
    while end < first + _LONGEST_NAME and failure.kind_of(end) == "NAME" and not begins_operator(failure, end):
        end += 1
    written = [failure.tokens[number].text for number in range(first, end)]
    if len(written) < 2:
        return None
    message, span = f"`{shown(' '.join(written))}` is not a name: a name is one word", failure.between(first, end - 1)
    if known := _known("".join(written), failure):
        edits = [TokenEdit(first, end, known)]
        return failure.repair("bad-name", message, edits, f"write `{shown(known)}`", span=span)
    if written[0].lower() in _ARTICLES:
        return _without_article(failure, first)
    is_apart = any("." in one for one in written[1:]) or any(_is_name(failure, one) for one in written)
    if is_apart or not begins_operator(failure, end):
        return None
    camel = written[0] + "".join(one[:1].upper() + one[1:] for one in written[1:])
    help_ = f"write it as the property is called, such as `{shown(camel)}` or `{shown('_'.join(written))}`"
    is_two = len(written) == 2 and written[0].lower() not in NO_CONDITIONS.keys() | _QUANTIFIERS
    joins = (f"or join two conditions: `{shown(' and '.join(written))}`",) if is_two else ()
    return failure.repair("bad-name", message, [TokenEdit(first, end, camel)], None, help_, *joins, span=span)


def aggregate(failure: Failure) -> Repair | None:
    """`average sentiment < 0.3`, `max rating > 4`."""
    first, word = failure.begin, failure.word(failure.begin)
    metric = FOLDED_BUILT_INS.get(folded(failure.word(first + 1)))
    if word not in _MEANS or metric is None or failure.at != first + 1 or failure.before() != "NAME":
        return None
    edits, help_ = [TokenEdit(first, first + 1, "")], f"write `{metric}` alone: a metric is the mean over conversations"
    message, span = f"there is no `{failure.tokens[first].text}` of a metric", failure.tokens[first].span
    title, *ways = (help_,) if word in _MEANS[:3] else (None, help_)
    return failure.repair("bad-name", message, edits, title, *ways, span=span)


def _is_name(failure: Failure, word: str) -> bool:
    return word in BUILT_INS or failure.declared_as(word) is not None


def _without_article(failure: Failure, first: int) -> Repair:
    """`the plan is "pro"`."""
    token = failure.tokens[first]
    message, title = f"a name stands without `{token.text}`", f"leave out `{token.text}`"
    return failure.repair("bad-name", message, [TokenEdit(first, first + 1, "")], title, span=token.span)


def _known(name: str, failure: Failure) -> str | None:
    """The declared property or built-in that a name in several words certainly means."""
    other = SYNONYMS.get(folded(name))
    if other == "lastSeen":  # with a duration, which `moments` handles, or not at all
        other = None
    return failure.declared_as(name) or FOLDED_BUILT_INS.get(folded(name)) or other


def begins_operator(failure: Failure, number: int) -> bool:
    """Whether an operator begins at a token, in signs or in words."""
    return failure.is_comparison(number - 1) or _is_phrase(failure, number)


def _is_phrase(failure: Failure, number: int) -> bool:
    words = [failure.word(n) for n in range(number, number + LONGEST_PHRASE)]
    return any(tuple(words[:length]) in PHRASES for length in range(1, len(words) + 1))


def number_as_name(failure: Failure) -> Repair | None:
    """A name that begins with a digit."""
    if failure.kind != NUMBER or not failure.stack.begins_condition:
        return None
    text = failure.token.text
    is_compared = failure.kind_of(failure.at + 1) in OPERATORS | {"NOT", "NAME"}
    if not is_compared or not re.fullmatch(r"[0-9]+[A-Za-z_][A-Za-z0-9_-]*", text):
        return None
    key = f'user["{text}"]'
    message = f"`{shown(text)}` is not a number, and a name does not begin with a digit"
    title = f"a key that begins with a digit is written `{shown(key)}`"
    return failure.repair("bad-number", message, [failure.edit(key)], title)


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*")
_TAKEN = ("not", "true", "false", "user", "conversation")


def in_quotes(failure: Failure, at: int) -> Repair | None:
    """`"plan" == "pro"`: the string at a token is a name."""
    try:
        name = literals.unquote(failure.tokens[at].text)
    except LiteralError:
        return None
    message, span = "a name stands without quotes", failure.tokens[at].span
    if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
        help_ = "a name holds only letters, digits, `.`, `-` and `_`; the API takes no other keys"
        return failure.repair("bad-comparison", f"`{shown(name)}` cannot be a name", (), None, help_, span=span)
    text = name if _PLAIN.fullmatch(name) and name.lower() not in _TAKEN else f'user["{name}"]'
    edits = [TokenEdit(at, at + 1, text)]
    return failure.repair("bad-comparison", message, edits, f"write `{shown(text)}`", span=span)


# ── missing names ─────────────────────────────────────────────────────────────────────────────────────────


def missing(failure: Failure) -> Repair | None:
    """`seats > 5 and < 9`, `plan is "pro" or is "team"`, `seats > 5 and not > 9`: a comparison without its name."""
    first = failure.begin
    is_not = failure.kind_of(first) == "IS" and failure.kind_of(first + 1) == "NOT"
    value = first + 1 + is_not
    is_list = failure.kind_of(first) == "IN" and failure.kind_of(value) == "LSQB"  # it was taken for a name with a key
    is_near = failure.at in (first, value) or (is_list and failure.at <= value + 3)
    if failure.kind_of(first) not in OPERATORS or not is_near or failure.word(value) in _PERIODS:
        return None
    connective = first - 1 - (failure.kind_of(first - 1) == "NOT")
    named, operator = _name_before(failure, connective), failure.written(first, value - 1)
    if named is None and failure.at > first:  # a keyword alone
        return None
    message, span = f"expected a name, found `{operator}`", failure.between(first, value - 1)
    if named is None:
        return failure.repair("unexpected-token", message, span=span)
    name = failure.tokens[named].text
    again = f"say the name again: `{shown(name)} {operator} …`"
    if failure.kind_of(value) not in VALUES | {"LPAR", "LSQB", STRING} and not failure.is_word(value):
        return failure.repair("unexpected-token", message, (), None, again, span=span)
    if clash := _clash(failure, named, first, value):
        return failure.repair("unexpected-token", message, (), None, clash, span=span)
    return failure.repair("unexpected-token", message, [TokenEdit(first, first, name)], again, span=span)


_PERIODS = frozenset("the last past previous this next".split())
"""Words after the `in` of a period: `not in the last 30 days`."""

_EQUAL, _UNEQUAL = frozenset(["=", "==", "is"]), frozenset(["!=", "<>", "is not"])


def _clash(failure: Failure, named: int, first: int, value: int) -> str | None:
    """The help for `plan is "a" and is "b"`, which no user is, and `plan is not "a" or is not "b"`, which all are."""
    start = named + 1
    end = start + 1 + (failure.kind_of(start) in ("IS", "NOT") and failure.kind_of(start + 1) in ("NOT", "IN"))
    operators = {failure.written(start, end - 1).lower(), failure.written(first, value - 1).lower()}
    connective = failure.connective(first - 1)
    if failure.kind_of(first - 1) == "NOT" or failure.kind_of(named - 1) == "NOT" or _is_phrase(failure, first):
        return None
    if connective == "and" and operators <= _EQUAL:
        why, operator = "no user has two values: for either of them write", "in"
    elif connective == "or" and operators <= _UNEQUAL:
        why, operator = "every value differs from one of them: for neither write", "not in"
    else:
        return None
    name, values = failure.tokens[named].text, (end, value)
    texts = [shown(failure.tokens[n].text) for n in values if failure.takes(name, failure.kind_of(n))]
    listed = ", ".join(texts) if len(texts) == len(values) else "…"
    return f"{why} `{shown(name)} {operator} [{listed}]`"


def missing_before_phrase(failure: Failure) -> Repair | None:
    """`and less than 20`, `and below 20`."""
    first = failure.begin
    for length in range(LONGEST_PHRASE, 0, -1):
        operator = PHRASES.get(tuple(failure.word(number) for number in range(first, first + length)))
        name = before(failure, first - 1)
        end = first + length
        is_meant = length > 1 or (operator in ORDER and _is_alike(failure, first))
        if operator and is_meant and name and failure.at <= end and failure.kind_of(end) in VALUES:
            message = f"expected a name, found `{shown(failure.written(first, end - 1))}`"
            edits = [TokenEdit(first, end, f"{name} {operator}")]
            title = f"say the name again: `{shown(name)} {operator} …`"
            return failure.repair("unexpected-token", message, edits, title, span=failure.between(first, end - 1))
    return None


def _is_alike(failure: Failure, first: int) -> bool:
    """Whether a word with a number follows a comparison with a number: `seats > 5 and below 10`."""
    is_number = failure.kind_of(first - 2) == failure.kind_of(first + 1) == "NUMBER"
    return is_number and failure.declared_as(failure.tokens[first].text) is None


def before(failure: Failure, connective: int) -> str | None:
    """The name in the comparison before a connective or comma."""
    number = _name_before(failure, connective)
    return None if number is None else failure.tokens[number].text


def _name_before(failure: Failure, connective: int) -> int | None:
    """The number of that name."""
    if failure.kind_of(connective) not in CONNECTIVES | {"COMMA"}:
        return None
    first = connective - 1
    while first > max(0, connective - _LONGEST_COMPARISON) and not _is_before_condition(failure, first - 1):
        first -= 1
    if failure.kind_of(first) == "NAME" and failure.kind_of(first + 1) in OPERATORS | {"NOT"}:
        return first
    mirrored = [failure.kind_of(number) for number in range(first, connective)]
    return first + 2 if mirrored == ["NUMBER", "COMPARE", "NAME"] else None


def _is_before_condition(failure: Failure, number: int) -> bool:
    """Whether a condition begins after a token; not after the `not` of `is not` and `not in`."""
    kind, before_it = failure.kind_of(number), failure.kind_of(number - 1)
    return kind in (*CONNECTIVES, "LPAR", "BANG") or (kind == "NOT" and before_it not in ("NAME", "IS", "RSQB"))

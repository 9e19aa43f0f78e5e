"""Strings in other quotes, with quotes inside, and without an end."""

import re

from segdsl.syntax.errors.failure import Failure, Repair, shown
from segdsl.syntax.errors.tokens import STRING, content
from segdsl.syntax.literals import quote


def odd_string(failure: Failure) -> Repair | None:
    """Curly quotes, back quotes, a quote inside a string, a string without its end."""
    return failure.first_of(_ODD_STRINGS) if failure.kind == STRING else None


def _back_quotes(failure: Failure) -> Repair | None:
    written = failure.token.text
    if written[0] != "`":
        return None
    text = content(written)
    is_name = failure.stack.begins_condition and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", text)
    meant, title = (text, "write the name without quotes") if is_name else (quote(text), _written(text))
    return failure.repair("unknown-character", "a back quote means nothing here", [failure.edit(meant)], title,
                          safe=True)  # fmt: skip


def _curly(failure: Failure) -> Repair | None:
    written = failure.token.text
    if written[0] in "\"'":
        return None
    text = content(written)
    message = f"the character `{written[0]}` (U+{ord(written[0]):04X}) means nothing here"
    title = f"write straight quotes: `{shown(quote(text))}`"
    return failure.repair("unknown-character", message, [failure.edit(quote(text))], title, safe=True)


def _inner_quotes(failure: Failure) -> Repair | None:
    written = failure.token.text
    if len(written) < 2 or written[0] != written[-1] or re.search(r"[\\\r\n]", written):
        return None
    if written[:2] == written[-2:] == written[0] * 2 and len(written) > 4:  # `''pro''`
        text, message = written[2:-2], "a string has one quote at each end"
        return failure.repair("bad-string", message, [failure.edit(quote(text))], _written(text), safe=True)
    text = content(written)
    message = "a quote within a string is written with a backslash"
    if re.search(r"[,;=<>()]|(?ai:\b(?:and|or|in|contains)\b)", text):  # the quote of another string may be missing
        help_ = "or a quote is missing before it"
        return failure.repair("bad-string", message, [failure.edit(quote(text))], None, help_)
    return failure.repair("bad-string", message, [failure.edit(quote(text))], _written(text), safe=True)


def _unclosed(failure: Failure) -> Repair:
    text, edits = content(failure.token.text), [failure.edit(quote(content(failure.token.text)))]
    message, way_out = "this string does not end", f"close it with {failure.token.text[0]}"
    if "\n" in text or "\r" in text:
        help_ = "a string stays on one line; write a line break as `\\n`"
        return failure.repair("unterminated-string", message, edits, None, help_)
    goes_on = re.search(r"[\\\x00-\x1f]|[ \t](?ai:and|or)[ \t]", text)
    if failure.token.text[0] == "'" and failure.touches(failure.at) and failure.before() == "NAME":  # `Ben & Jerry's`
        return failure.repair(
            "unterminated-string", message, edits, None, "write text with an apostrophe in double quotes"
        )
    if goes_on or not text.strip():
        return failure.repair("unterminated-string", message, edits, None, way_out)
    return failure.repair("unterminated-string", message, edits, way_out)


def _written(text: str) -> str:
    return f"write `{shown(quote(text))}`"


_ODD_STRINGS = (_back_quotes, _curly, _inner_quotes, _unclosed)

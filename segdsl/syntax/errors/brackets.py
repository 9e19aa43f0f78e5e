"""Brackets around conditions: the wrong ones, one too many, one too few."""

from segdsl.diagnostics import Note
from segdsl.syntax.errors.expected import CONNECTIVES
from segdsl.syntax.errors.failure import OPENING, OPERATORS, Failure, Repair, TokenEdit, shown

_GROUPS = "conditions are grouped with `( )`"


def square_brackets(failure: Failure) -> Repair | None:
    """`[…]` or `{…}` around conditions or a name."""
    at, opening = failure.at, failure.token.text
    if not (failure.kind == "LSQB" or opening == "{") or not failure.stack.begins_condition:
        return None
    end = failure.partner(at) if failure.kind == "LSQB" else failure.closing_brace()
    message = f"`{opening}` does not open a group of conditions"
    if end is None or end == at + 1:
        return failure.repair("unexpected-token", message, (), None, _GROUPS)
    if end == at + 2 and failure.kind_of(at + 1) == "NAME" and failure.kind_of(end + 1) in OPERATORS | {"NOT"}:
        edits = [TokenEdit(at, at + 1, ""), TokenEdit(end, end + 1, "")]
        message = "a name stands without brackets"
        return failure.repair("unexpected-token", message, edits, "leave out the brackets", safe=True)
    edits = [TokenEdit(at, at + 1, "("), TokenEdit(end, end + 1, ")")]
    return failure.repair("unexpected-token", message, edits, _GROUPS, safe=True)


def unopened(failure: Failure) -> Repair | None:
    """A closing bracket without an opening one."""
    if failure.kind not in OPENING or failure.open_bracket() is not None:
        return None
    opening = "(" if failure.kind == "RPAR" else "["
    message = f"`{failure.token.text}` has no `{opening}` before it"
    if not failure.is_complete:
        return failure.repair("unexpected-token", message)
    edits = [TokenEdit(failure.at, failure.at + 1, "")]
    if failure.kind_of(failure.at + 1) in CONNECTIVES and len(failure.joins()) > 1:
        return failure.repair("unexpected-token", message, edits, None, f"say with `{opening}` where the group begins")
    return failure.repair("unexpected-token", message, edits, f"leave out `{failure.token.text}`")


def unclosed(failure: Failure) -> Repair | None:
    """The end, or a connective, while a bracket is open that could be closed."""
    opening = failure.open_bracket()
    is_end = failure.kind == "$END" or (failure.kind in CONNECTIVES and not failure.is_complete)
    if opening is None or not is_end or not failure.expected & {"RPAR", "RSQB"}:
        return None
    sign = ")" if failure.kind_of(opening) == "LPAR" else "]"
    note = Note("it is opened here", failure.tokens[opening].span, failure.source)
    edits = [TokenEdit(failure.at, failure.at, sign)]
    joins = {failure.connective(n) for n in range(opening, failure.at) if failure.kind_of(n) in CONNECTIVES}
    title = f"close it with `{sign}`" if len(joins) < 2 else None
    return failure.repair("unexpected-end", f"`{sign}` is missing", edits, title, notes=(note,))


def is_false(failure: Failure) -> Repair | None:
    """`(…) IS FALSE`, `(…) == false`."""
    at = failure.at
    if failure.before() != "RPAR" or failure.kind not in ("IS", "COMPARE"):
        return None
    negated = failure.kind_of(at + 1) == "NOT" or failure.word(at) in ("!=", "<>")
    value = at + 1 + (failure.kind_of(at + 1) == "NOT")
    opening = failure.partner(at - 1)
    if failure.kind_of(value) not in ("TRUE", "FALSE") or opening is None:
        return None
    span, title = failure.between(at, value), "leave it out"
    message = f"`{shown(failure.written(at, value))}` stands after a name, not after conditions"
    edits = [TokenEdit(at, value + 1, "")]
    if (failure.kind_of(value) == "FALSE") is not negated:
        edits, title = [TokenEdit(opening, opening, "not"), *edits], "write `not (…)`"
    return failure.repair("unexpected-token", message, edits, title, span=span)

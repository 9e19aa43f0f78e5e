"""Calls: the language has no functions, but some calls mean the same as an operator."""

import re
from collections.abc import Iterable

from msgspec import Struct

from segdsl.catalogue import SIGNS
from segdsl.source import Span
from segdsl.syntax.errors.expected import VALUES
from segdsl.syntax.errors.failure import OPENING, Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import (
    ABSENCE_CALLS,
    CASE,
    CASTS,
    ENDS,
    LENGTH,
    NOWS,
    PATTERNS,
    PRESENCE,
    SIGNED_WORDS,
    STARTS,
    TIMES,
)
from segdsl.syntax.errors.moments import ONLY_LAST_SEEN
from segdsl.syntax.errors.operators import ANYWHERE, BEGINNINGS, NO_PATTERNS, presence
from segdsl.syntax.errors.tokens import NAME, STRING, content
from segdsl.syntax.literals import quote

_CONTAINING = ("contains", "includes", "include", "has_text", "icontains")
_COMPARING = {word: sign for word, sign in SIGNED_WORDS.items() if sign in (*SIGNS, "in", "not in")}
_COMPARING |= {"equals": "==", "equal": "=="}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


class _Call(Struct, frozen=True):
    """A call: its name is the token before `opening`, and its last parenthesis is the token `end`.

    `name` is in lower case, and without the part before its last dot, the `path`.
    """

    failure: Failure
    opening: int
    end: int | None
    name: str
    path: str

    @property
    def written(self) -> str:
        """The name as written, with its path."""
        return self.failure.tokens[self.opening - 1].text

    @property
    def span(self) -> Span:
        """The span from the name to the last parenthesis."""
        return self.failure.between(self.opening - 1, self.opening if self.end is None else self.end)

    @property
    def after(self) -> int:
        """The number of the token after the call."""
        return (self.opening if self.end is None else self.end) + 1

    @property
    def arguments(self) -> list[tuple[int, int]]:
        """The numbers of the first token of each argument and of the one after its last."""
        if self.end is None or self.end == self.opening + 1:
            return []
        found, depth, start = [], 0, self.opening + 1
        for number in range(self.opening + 1, self.end):
            kind = self.failure.kind_of(number)
            depth += (kind in OPENING.values()) - (kind in OPENING)
            if depth == 0 and self.failure.tokens[number].text in (",", ";"):
                found.append((start, number))
                start = number + 1
        return [*found, (start, self.end)]

    def single(self, argument: tuple[int, int], kinds: Iterable[str]) -> bool:
        """Whether an argument is one token of these kinds."""
        return argument[1] == argument[0] + 1 and self.failure.kind_of(argument[0]) in kinds

    def repair(self, edits: list[TokenEdit], title: str, *, only_name: bool = False, safe: bool = False) -> Repair:
        """The repair of a call that means the same as an operator."""
        message = f"there is no `{self.name}()`: there are no functions"
        span = self.failure.tokens[self.opening - 1].span if only_name else self.span
        return self.failure.repair("foreign-operator", message, edits, title, span=span, safe=safe)


def call(failure: Failure) -> Repair | None:
    """`name(…)` where an operator or the end should follow the name."""
    at = failure.at
    if failure.kind != "LPAR" or at == 0 or not failure.touches(at) or not failure.is_word(at - 1):
        return None
    if failure.before() in ("IN", "NOT") and not failure.wants_value and failure.kind_of(at - 2) == "NAME":
        return None
    path, _, method = failure.tokens[at - 1].text.rpartition(".")
    found = _Call(failure, at, failure.partner(at), method.lower().lstrip("-"), path)
    if found.end is None:
        message = f"there is no `{shown(found.written)}()`: there are no functions"
        return failure.repair("foreign-operator", message, span=found.span)
    return next(repair for say in _SAYABLE if (repair := say(found)) is not None)


def call_as_value(failure: Failure) -> Repair | None:
    """`owner == currentUser()`."""
    at = failure.at
    if not failure.wants_value or not failure.is_word(at) or failure.kind_of(at + 1) != "LPAR":
        return None
    if not failure.touches(at + 1):
        return None
    path, _, method = failure.word(at).rpartition(".")
    found = _Call(failure, at + 1, failure.partner(at + 1), method, "")
    is_cast = not path and found.name in TIMES | CASTS and len(found.arguments) == 1
    return (_cast(found, VALUES) if is_cast else None) or _unsayable(found)


_LISTS = ("includes", "contains", "include")


def list_call(failure: Failure) -> Repair | None:
    """`["pro", "team"].includes(plan)`."""
    at = failure.at
    end = failure.partner(at) if failure.kind == "LSQB" and failure.stack.begins_condition else None
    if end is None or failure.word(end + 1).lstrip(".") not in _LISTS:
        return None
    if [failure.kind_of(end + number) for number in (2, 3, 4)] != ["LPAR", "NAME", "RPAR"]:
        return None
    text = f"{failure.tokens[end + 3].text} in {failure.written(at, end)}"
    message = f"there is no `{failure.word(end + 1).lstrip('.')}()`: there are no functions"
    edits, span = [TokenEdit(at, end + 5, text)], failure.between(at, end + 4)
    return failure.repair("foreign-operator", message, edits, f"write `{shown(text, 80)}`", span=span, safe=True)


def optional_call(failure: Failure) -> Repair | None:
    """`user?.company?.includes("nordic")`."""
    path, _, method = failure.token.text.replace("?.", ".").rpartition(".")
    end = failure.partner(failure.at + 1)
    if "?." not in failure.token.text or failure.kind_of(failure.at + 1) != "LPAR" or end is None:
        return None
    return _containing(_Call(failure, failure.at + 1, end, method.lower(), path))


def _joining(call: _Call) -> Repair | None:
    """`AND(a; b)`, `OR(a, b)`."""
    failure, name_at = call.failure, call.opening - 1
    is_first = failure.stack.begins_condition or failure.begin == name_at
    if call.name not in ("and", "or") or call.path or not is_first or not call.arguments:
        return None
    joins = [TokenEdit(last, last + 1, call.name) for _, last in call.arguments[:-1]]
    edits = [TokenEdit(name_at, name_at + 1, ""), *joins]
    message, span = f"`{call.name}` stands between conditions, not before them", failure.tokens[name_at].span
    return failure.repair("foreign-operator", message, edits, f"write `(a {call.name} b)`", span=span)


def _comparing(call: _Call) -> Repair | None:
    """`eq(plan, "pro")`, `in(plan, ["pro"])`."""
    operator, arguments = _COMPARING.get(call.name), call.arguments
    if operator is None or call.path or len(arguments) != 2 or call.end is None:
        return None
    if not call.single(arguments[0], ("NAME",)) or call.failure.begin != call.opening - 1:
        return None
    comma = arguments[0][1]
    edits = [
        TokenEdit(call.opening - 1, call.opening + 1, ""),
        TokenEdit(comma, comma + 1, operator),
        TokenEdit(call.end, call.end + 1, ""),
    ]
    return call.repair(edits, f"use `{operator}` between name and value", only_name=True)


def _containing(call: _Call) -> Repair | None:
    """`contains(company, "nordic")`, `company.includes("nordic")`."""
    if call.name not in _CONTAINING or len(call.arguments) != (1 if call.path else 2):
        return None
    field, text = call.path, call.arguments[-1]
    if not call.path and call.single(call.arguments[0], ("NAME", NAME)):
        field = call.failure.tokens[call.arguments[0][0]].text
    if not _NAME.fullmatch(field) or not call.single(text, ("STRING", STRING, "PARAMETER")):
        return None
    token = call.failure.tokens[text[0]]
    meant = f"{field} contains {quote(content(token.text)) if token.kind == STRING else token.text}"
    edits = [TokenEdit(call.opening - 1, call.after, meant)]
    return call.repair(edits, f"write `{shown(meant)}`", safe=True)


def _casting(call: _Call) -> Repair | None:
    """`int(seats) > 5`, `timestamp("2026-01-01") < opened`."""
    if call.path or len(call.arguments) != 1:
        return None
    kinds = (*(("NAME", "NUMBER") if call.name in CASTS else ()), *(("STRING",) if call.name in TIMES else ()))
    return _cast(call, kinds)


def _cast(call: _Call, kinds: Iterable[str]) -> Repair | None:
    first, _ = argument = call.arguments[0]
    if not call.single(argument, kinds):
        return None
    text = call.failure.tokens[first].text
    message = f"there is no `{call.name}()`: there are no functions, and a number or date is taken as it is"
    edits = [TokenEdit(call.opening - 1, call.after, text)]
    return call.failure.repair("foreign-operator", message, edits, f"write `{shown(text)}`", span=call.span)


_NO_PATTERNS = (f", and {NO_PATTERNS.removeprefix('there are ')}", "use `contains`, for a text anywhere in a value")
_UNSAYABLE = (
    (STARTS | ENDS, f", and {BEGINNINGS}", ANYWHERE),
    (CASE, "", "text is compared as it is stored, upper and lower case included"),
    (LENGTH, "", "the API cannot ask how long a text is or how many items a list has"),
    (PATTERNS, *_NO_PATTERNS),
    (NOWS, "", ONLY_LAST_SEEN),
    (frozenset(["contains", "includes"]), "", 'write `company contains "text"`'),
)
"""Names of functions, the rest of the message, and the help."""


def _unsayable(call: _Call) -> Repair:
    """A call that means nothing that an operator could say."""
    failure, names = call.failure, {call.name, call.name.replace("_", "")}
    message, help_ = f"there is no `{shown(call.written)}()`: there are no functions", tuple[str, ...]()
    if names & (PRESENCE | ABSENCE_CALLS):
        inside = call.opening + 1
        is_name = failure.kind_of(inside) in ("NAME", NAME) and failure.kind_of(inside + 1) == "RPAR"
        help_ = presence(failure, failure.written(inside, inside) if is_name else call.path)
    elif found := next((rest for known, *rest in _UNSAYABLE if names & known), None):
        message, help_ = f"{message}{found[0]}", (found[1],)
    elif failure.wants_value or failure.begin < failure.at - 1:
        help_ = ("a name is compared with a fixed value",)
    return failure.repair("foreign-operator", message, (), None, *help_, span=call.span)


_SAYABLE = (_joining, _comparing, _containing, _casting, _unsayable)

"""Warnings about single values that probably mean something else, each with help."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from segdsl.catalogue import OPPOSITES, PROPERTY_KINDS, Kind, scale_of
from segdsl.diagnostics import Diagnostic, Edit, Fix
from segdsl.diagnostics.cells import named
from segdsl.semantics.changes import changed, edits
from segdsl.semantics.objections import OF_SEVERAL, OF_VALUES, Change
from segdsl.semantics.readings import boolean_in, share
from segdsl.semantics.resolution import UNCHECKED_RESOLVER
from segdsl.semantics.typed import THOUSANDTHS, Origin, Predicate
from segdsl.source import Span
from segdsl.syntax import literals
from segdsl.syntax.lexer import PlainTokens
from segdsl.syntax.literals import MISLEADING, LiteralError, days_of_months, shortened
from segdsl.syntax.names import LIST_NAMES, is_of_boolean
from segdsl.syntax.nodes import BareName, Between, Chain, Comparison, Parameter
from segdsl.syntax.printer import literal


def value_lints(predicates: Sequence[Predicate]) -> list[Diagnostic]:
    """All warnings about the values of predicates, one for each place."""
    found: list[Diagnostic] = []
    unique = {(id(one.origin), one.leaf, one.bound): one for one in predicates}  # a definition used twice counts once
    for predicate in unique.values():
        values = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
        for index, value in enumerate(values, predicate.bound):
            for lint in _OF_PLAIN_TEXTS if type(value) is str and _PLAIN.fullmatch(value) else _LINTS[type(value)]:
                found += lint(predicate, value, index)
        if len(values) > 1:
            found += list(_commas_in_numbers(predicate)) or _repeated(predicate, values)
        if predicate.leaf:
            found += _operator_as_name(predicate)
    return found


def _repeated(predicate: Predicate, values: tuple[object, ...]) -> Iterator[Diagnostic]:
    seen = set()
    for index, value in enumerate(values):
        key = (isinstance(value, bool), value)
        if key in seen:
            ways = _without(predicate, index)
            yield _warning("redundant", "this value stands in the list already", predicate, index, *ways)
        seen.add(key)


def _without(predicate: Predicate, index: int) -> Iterator[Fix]:
    """The fix that removes an item from a list in the text, with the comma before it."""
    node = predicate.node
    if isinstance(node, Comparison) and type(node.value) is tuple:
        spans = predicate.origin.spans
        last, own = spans.value(predicate.leaf, index - 1), spans.value(predicate.leaf, index)
        if "#" not in predicate.origin.source.text[last.end : own.start]:
            yield Fix("leave it out", (Edit(Span(last.end, own.end), ""),), safe=True)


def _operator_as_name(predicate: Predicate) -> Iterator[Diagnostic]:
    """`seats > 5 and is < 9`: valid, as `is` may be a name, but its author probably left out `seats`."""
    node, origin, leaf = predicate.node, predicate.origin, predicate.leaf
    if type(node) is not Comparison or node.name.lower() != "is" or predicate.says.declared:
        return
    before = origin.leaves[leaf - 1]
    if type(before) is not Comparison or before.name.lower() == "is" or origin.expression.text is None:
        return
    literal_type = type(node.value[0] if type(node.value) is tuple else node.value)
    fits = UNCHECKED_RESOLVER[before.name, node.operator, literal_type].objection is None
    span, name = origin.spans.name(leaf), shortened(before.name)
    message = f"`{node.name}` is the name of a property here; `{name}` is not said again"
    title = f"if `{name}` is meant again, write it in place of `{node.name}`"
    yield Diagnostic.of(
        "operator-as-name", message, span, origin.source, *([Fix(title, (Edit(span, before.name),))] if fits else [])
    )


def comment_lints(origin: Origin) -> Iterator[Diagnostic]:
    """Warnings about comments: a character in them may make people misread the rest of the line, too."""
    text = origin.expression.text
    if text is None or text.isascii() or not re.search(MISLEADING, text):
        return
    tokens = PlainTokens(text)
    for found in re.finditer(MISLEADING, text):
        if not tokens.covers(found.start()):
            message = f"this comment holds an invisible character that changes the direction of text: {named(found[0])}"
            yield Diagnostic("misleading-character", message, Span(*found.span()), origin.source)


# ── numbers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _out_of_scale(predicate: Predicate, value: int | float, index: int) -> Iterator[Diagnostic]:
    scale = scale_of(predicate.field)
    if scale is None:
        return
    low, high = scale
    name = predicate.field.key
    meant: int | float | None = None
    if not low <= value <= high:
        message = f"{value} is outside the scale of `{name}`, which runs from {low} to {high}"
        meant = share(value, scale) if high == 1 and _LEAST_PERCENT <= value <= 100 else None
    elif high == 100 and 0 < value < 1:
        message = f"{value} is near the bottom of the scale of `{name}`, which runs from {low} to {high}"
        meant = share(value * 100, scale)
    elif (side := _beyond(predicate, value, scale)) is not None:
        message = f"`{name}` runs from {low} to {high}: nobody is {side} {value}"
    else:
        return
    ways = () if meant is None else _instead(predicate, index, meant, ", if per cent are meant")
    yield _warning("out-of-scale", message, predicate, index, *ways)


def _beyond(predicate: Predicate, value: int | float, scale: tuple[int, int]) -> str | None:
    """The side of an end of the scale that a comparison is about, as written or as its opposite under `not`."""
    operators = {predicate.operator, OPPOSITES[predicate.operator] if predicate.negated else predicate.operator}
    if value == scale[0] and "<" in operators:
        return "below"
    return "above" if value == scale[1] and ">" in operators else None


_LEAST_PERCENT = 10
"""From here on a value beside a scale from 0 to 1 is a percentage; a smaller one may be on a scale of 5 or 10."""


def _thousands(predicate: Predicate, value: int | float, index: int) -> Iterator[Diagnostic]:
    """A number with one point and three digits after it: many countries write thousands like that."""
    if predicate.field.kind is Kind.METRIC or not 1 <= abs(value) < 1000 or not predicate.origin.has_thousandths:
        return
    span = predicate.origin.spans.value(predicate.leaf, index)
    marked = THOUSANDTHS.fullmatch(predicate.origin.source.text[span.start : span.end].lstrip("+-"))
    if marked:
        number = marked[0].replace(".", "")
        message = f"`{marked[0]}` is the number {literal(value)}: a point marks no thousands"
        yield _warning("thousands-mark", message, predicate, index, f"for thousands write `{number}`")


# ── durations ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _minutes(predicate: Predicate, value: str, index: int) -> Iterator[Diagnostic]:
    """A few minutes ago: people write `6m` for six months."""
    if predicate.field.kind is not Kind.LAST_SEEN or not _FEW_MINUTES.fullmatch(value):
        return
    if not _is_parameter(predicate, index):
        number = int(value[:-1])
        plural, days = "s" * (number > 1), days_of_months(number)
        verb = "are" if plural else "is"
        message = f"`{value}` is {number} minute{plural}; {number} month{plural} {verb} `{days}`"
        yield _warning("minutes", message, predicate, index, f"for months write days: `{days}`")


_FEW_MINUTES = re.compile("(?:[1-9]|1[0-2])m")


# ── texts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _misleading(predicate: Predicate, value: str, index: int) -> Iterator[Diagnostic]:
    found = () if value.isascii() else dict.fromkeys(re.findall(MISLEADING, value))
    if found:
        names = ", ".join(map(named, found))
        message = f"this string holds invisible characters that change the direction of text: {names}"
        without = re.sub(MISLEADING, "", value)
        yield _warning("misleading-character", message, predicate, index, *_instead(predicate, index, without))


def _unseen(predicate: Predicate, value: str, index: int) -> Iterator[Diagnostic]:
    """A character that looks like a blank or like nothing, as texts from web pages and documents hold it."""
    found = None if value.isascii() or _is_parameter(predicate, index) else _UNSEEN.search(value)
    span = predicate.origin.spans.value(predicate.leaf, index) if found else None
    if found and span and found[0] in predicate.origin.source.text[span.start : span.end]:  # not as an escape
        what = "looks like a blank, and is another one" if found[0].isspace() else "cannot be seen"
        message = f"this string holds a character that {what}: {named(found[0])}"
        plain = _UNSEEN.sub(lambda one: " " if one[0].isspace() else "", value)
        yield _warning("misleading-character", message, predicate, index, *_instead(predicate, index, plain))


_UNSEEN = re.compile("[\u00a0\u202f\u00ad\u200b\u2060\ufeff]|(?<=[ -~])[\u200c\u200d](?=[ -~])")
"""Other blanks, and characters without width; joiners only between letters that they do not join."""


def _outer_blank(predicate: Predicate, value: str, index: int) -> Iterator[Diagnostic]:
    """`plan == "pro "`: the whole text is compared."""
    inside = value.strip(" \t\n\r")
    if inside == value or not inside or predicate.operator not in OF_VALUES or _is_parameter(predicate, index):
        return
    place = "end" if value.startswith(inside) else "start"
    message = f"this text has a blank at its {place}, which counts"
    yield _warning("outer-blank", message, predicate, index, *_instead(predicate, index, inside))


def _pattern(predicate: Predicate, value: str, index: int) -> Iterator[Diagnostic]:
    """`contains "@gmail.com$"`: a text that looks like a regular expression."""
    sign = _sign_of_pattern(value)
    if sign is None or _is_parameter(predicate, index):
        return
    message = f"`{sign}` stands for itself here: the API has no regular expressions"
    inside = value.removeprefix("^").removesuffix("$").removeprefix(".*").removesuffix(".*").replace("\\.", ".")
    is_plain = inside and not set(inside) & set("^$*+?[](){}|%\\")
    if is_plain and predicate.operator == "contains" and not value.startswith("^") and not value.endswith("$"):
        yield _warning("wildcard", message, predicate, index, *_instead(predicate, index, inside))
        return
    anywhere = f"`{shortened(predicate.node.name)} contains {literal(shortened(inside))}`" if is_plain else "`contains`"
    way = f"the API cannot ask how a text begins or ends; {anywhere} finds it anywhere"
    yield _warning("wildcard", message, predicate, index, way)


def _sign_of_pattern(value: str) -> str | None:
    """The first sign of a regular expression in a text; prices, globs and paths have none."""
    if found := _REGEX.search(value):
        return found[0]
    return "$" if value.endswith("$") and value[-2:-1].isalpha() and not {".", "@"}.isdisjoint(value) else None


_REGEX = re.compile(r"\A\^(?=[A-Za-z0-9(\[@\\.])|(?<![*])\.[*+]|\\\.|\\[dws][*+]")


def _wildcard(predicate: Predicate, value: str, index: int) -> Iterator[Diagnostic]:
    """A text that begins or ends like a pattern."""
    if _sign_of_pattern(value) or not (value.startswith(("%", "*")) or value.endswith(("%", "*"))):
        return
    sign = value[-1] if value[-1] in "%*" else value[0]
    message = f"`{sign}` stands for itself here: the API has no wildcards"
    inside = value.strip("%*")
    is_contained = value[0] in "%*" and value[-1] in "%*" and inside and not set(inside) & set("%*")
    ways: list[Fix | str] = []
    if is_contained and predicate.operator == "contains":
        ways += _instead(predicate, index, inside)
    elif is_contained and predicate.operator == "==":
        ways.append(f"to find a text anywhere, write `{predicate.node.name} contains {literal(shortened(inside))}`")
    else:
        ways.append("the API cannot ask how a text begins or ends; `contains` finds it anywhere")
    yield _warning("wildcard", message, predicate, index, *ways)


def _text_order(predicate: Predicate, value: str, index: int) -> Iterator[Diagnostic]:
    """A bound that is a text, but not a date: its author probably thinks of another order."""
    if predicate.operator not in ("<", "<=", ">", ">=") or predicate.says.date or _ISO.fullmatch(value):
        return
    if number := _number(value):
        message = 'this compares texts, in alphabetical order: "10" comes before "9"'
        way = f"for the order of numbers, write `{number}`, without quotes"
        yield _warning("text-order", message, predicate, index, way)
    elif re.fullmatch(r"v?[0-9]+(\.[0-9]+)+\S*", value):
        message = 'this compares texts, in alphabetical order: the version "3.10" comes before "3.9"'
        yield _warning("text-order", message, predicate, index, "list the versions that are meant, with `in`")
    else:
        message = "this compares texts, in alphabetical order; which one the API takes is not documented"
        yield _warning("text-order", message, predicate, index, "list the values that are meant, with `in`")


_ISO = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2}([Tt ].*)?)?")


def _quoted(predicate: Predicate, value: str, index: int) -> Iterator[Diagnostic]:
    """A number or boolean as a text, for an undeclared property."""
    if predicate.says.declared or predicate.operator not in OF_VALUES or predicate.says.date:
        return
    if _is_parameter(predicate, index):
        return
    meant = value.lower() if value.lower() in ("true", "false") else _number(value)
    kind = "number" if meant and _number(value) else "boolean"
    if is_of_boolean(predicate.node.name) and (boolean := boolean_in(value)) is not None:
        meant, kind = literal(boolean), "boolean"
    if meant:
        message = f"this is a text, not the {kind} {meant}"
        yield _warning("quoted-literal", message, predicate, index, f"for the {kind} write `{meant}`, without quotes")


def _number_of_boolean(predicate: Predicate, value: float, index: int) -> Iterator[Diagnostic]:
    """`isAdmin == 1`, for an undeclared property: JSON has true and false."""
    if predicate.says.declared or predicate.operator not in ("==", "!=") or value not in (0, 1):
        return
    if predicate.field.kind in PROPERTY_KINDS and is_of_boolean(predicate.node.name):
        meant = literal(bool(value))
        message = f"this is the number {literal(value)}, not the boolean {meant}"
        yield _warning("quoted-literal", message, predicate, index, f"for the boolean write `{meant}`")


def _number(text: str) -> str | None:
    """The text, if it is a number as the language writes one."""
    if not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text):
        return None
    try:
        literals.number(text)
    except LiteralError:
        return None
    return text


# ── lists ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _list_in_text(predicate: Predicate, value: str, index: int) -> Iterator[Diagnostic]:
    """`country == "DE,AT"`: one text with a comma that is probably several values."""
    node = predicate.node
    if "," not in value or not isinstance(node, Comparison) or node.operator not in OF_VALUES:
        return
    parts = [part.strip(" ") for part in value.split(",")]
    is_only_one = type(node.value) is tuple and len(node.value) == 1
    if _is_parameter(predicate, index) or not (_are_values(predicate, parts) or _are_codes(value, parts, is_only_one)):
        return
    change = Change(operator=OF_SEVERAL.get(node.operator), value=tuple(parts))
    message = f"this is one text with a comma, not {len(parts)} values"
    yield _warning("list-in-text", message, predicate, index, _changed(predicate, index, change))


def _are_values(predicate: Predicate, parts: list[str]) -> bool:
    """Whether the expression compares the property with each of the parts elsewhere."""
    return predicate.origin.texts[predicate.node.name].issuperset(parts)


def _are_codes(value: str, parts: list[str], is_listed: bool) -> bool:
    """Whether the parts are codes such as `DE`, or words without blanks between, which prose has after a comma."""
    if _CODES.fullmatch(value) and len(set(map(len, parts))) == 1:
        return True
    return (_LISTED_WORDS if is_listed else _JOINED_WORDS).fullmatch(value) is not None


_CODES = re.compile("[A-Z]{2,3}(?:, ?[A-Z]{2,3})+")
_JOINED_WORDS = re.compile("[a-z][a-z0-9_-]*+(?:,[a-z][a-z0-9_-]*+)++")
_LISTED_WORDS = re.compile("[a-z][a-z0-9_-]*+(?:, ?[a-z][a-z0-9_-]*+)++")


def _commas_in_numbers(predicate: Predicate) -> Iterator[Diagnostic]:
    """`seats in [1,500, 2,600]`: commas without a blank in a list whose other commas have one are not separators."""
    node, origin = predicate.node, predicate.origin
    if not isinstance(node, Comparison) or type(node.value) is not tuple or not origin.has_commas_in_digits:
        return
    text, leaf = origin.source.text, predicate.leaf
    items = [origin.spans.value(leaf, index) for index in range(len(node.value))]
    gaps = [text[before.end : after.start] for before, after in pairwise(items)]
    if "," not in gaps or not any(_LOOSE.search(gap) for gap in gaps):
        return
    starts = [0, *(index for index, gap in enumerate(gaps, 1) if gap != ",")]
    spans = [Span(items[start].start, items[end - 1].end) for start, end in pairwise([*starts, len(items)])]
    written = [text[span.start : span.end] for span in spans]
    marked = [one for one in written if "," in one]
    mark = next((mark for mark, form in _WITH_COMMAS.items() if all(map(form.fullmatch, marked))), None)
    if mark is None:
        return
    mended = [one.replace(",", mark) for one in written]
    pieces = tuple([Edit(span, new) for span, old, new in zip(spans, written, mended, strict=True) if old != new])
    message = f"`{shortened(marked[0])}` is {marked[0].count(',') + 1} values, not one number with a comma"
    fix = Fix(f"for {_numbers(mended)}", pieces)
    way = f"for {_numbers([text[item.start : item.end] for item in items])}"
    yield Diagnostic.of("comma-in-number", message, pieces[0].span, origin.source, fix, way)


def _numbers(written: list[str]) -> str:
    plural = "s" * (len(written) > 1)
    return f"{len(written)} number{plural} write `{shortened(', '.join(written), 60)}`"


_LOOSE = re.compile(r";|,[ \t]+\Z")
_WITH_COMMAS = {"": re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+"), ".": re.compile("[+-]?[0-9]+,[0-9]+")}
"""For each text in place of the comma the form of a number with commas: marks of thousands, a decimal comma."""


def _list_property(predicate: Predicate, value: str, index: int) -> Iterator[Diagnostic]:
    """`tags contains "vip"`: probably one value of a list, which the API does not compare."""
    if predicate.operator != "contains" or _is_parameter(predicate, index):
        return
    name, allowed, origin = predicate.node.name, predicate.says.allowed, predicate.origin
    if value in allowed and not any(value in other for other in allowed if other != value):
        message = f"`{shortened(name)}` is one of its declared values, not a list of them"
        span, fix = origin.spans.operator(predicate.leaf), _changed(predicate, index, Change(operator="=="))
        yield Diagnostic.of("list-property", message, span, origin.source, fix)
    elif not predicate.says.declared and name.rpartition(".")[2].lower() in LIST_NAMES:
        message = f"`{shortened(name)}` is probably a list of values, and the API compares no lists"
        flag = f", such as `is{value[:1].upper()}{value[1:]}`" if re.fullmatch("[A-Za-z0-9_]{1,20}", value) else ""
        ways = (f"send one property for each value{flag}", "if it is one text that holds them all, declare it a string")
        yield Diagnostic.of("list-property", message, origin.spans.name(predicate.leaf), origin.source, *ways)


# ── booleans ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _left_out(predicate: Predicate, value: bool, _index: int) -> Iterator[Diagnostic]:
    """`is not true`: in SQL it holds for missing values."""
    if predicate.says.declared or predicate.field.kind not in PROPERTY_KINDS or isinstance(predicate.node, BareName):
        return
    origin = predicate.origin
    if predicate.node.operator != "!=" or origin.expression.text is None:
        return
    span = origin.spans.operator(predicate.leaf)
    if origin.source.text[span.start : span.end].lower().startswith("is"):
        name = shortened(predicate.node.name)
        message = f"this leaves out users without `{name}`; the `IS NOT {literal(value).upper()}` of databases does not"
        yield Diagnostic.of("left-out", message, origin.spans.leaf(predicate.leaf), origin.source)


_LINTS: dict[type, tuple[Callable[[Predicate, Any, int], Iterator[Diagnostic]], ...]] = {
    int: (_out_of_scale, _thousands, _number_of_boolean),
    float: (_out_of_scale, _thousands, _number_of_boolean),
    str: (
        _misleading,
        _unseen,
        _outer_blank,
        _pattern,
        _wildcard,
        _text_order,
        _quoted,
        _list_in_text,
        _list_property,
        _minutes,
    ),
    bool: (_left_out,),
}


_PLAIN = re.compile("[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*")
_OF_PLAIN_TEXTS = (_text_order, _quoted, _list_property, _minutes)
"""The lints of words without signs, the usual texts: the others find nothing in them."""


# ── shared by the lints ───────────────────────────────────────────────────────────────────────────────────────


def _is_parameter(predicate: Predicate, index: int) -> bool:
    """Whether a value is bound to a parameter, so that its literal is not in the text."""
    node = predicate.node
    if isinstance(node, Chain | Between):
        return isinstance((node.low, node.high)[index], Parameter)
    written = node.value[index] if type(node.value) is tuple else node.value
    return isinstance(written, Parameter)


def _instead(predicate: Predicate, index: int, value: Any, remark: str = "") -> Iterator[Fix]:
    """The fix that replaces a literal in the text by another one."""
    if isinstance(predicate.node, BareName) or _is_parameter(predicate, index):
        return
    text = literal(value)
    yield Fix(f"write `{shortened(text)}`{remark}", (Edit(predicate.origin.spans.value(predicate.leaf, index), text),))


def _changed(predicate: Predicate, index: int, change: Change) -> Fix:
    """The fix that changes a comparison in the text."""
    node, origin, leaf = predicate.node, predicate.origin, predicate.leaf
    return Fix(*edits(change, node, changed(node, change, index), origin, leaf, index))


def _warning(code: str, message: str, predicate: Predicate, index: int, *ways: Fix | str) -> Diagnostic:
    origin = predicate.origin
    return Diagnostic.of(code, message, origin.spans.value(predicate.leaf, index), origin.source, *ways)

"""From the plain data of a config file to a `Config`, with every problem of its shape."""

import datetime
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from segdsl.catalogue import FLAGS, METRICS
from segdsl.config.document import Document, LocatedText, Path, definition_label
from segdsl.config.model import Config, Declarations, Example, Expectation, SegmentConfig, segment_label
from segdsl.config.tables import Key, Report, Shape, listing, read_items, read_table
from segdsl.diagnostics import Diagnostic
from segdsl.limits import MAX_ICON_LENGTH, MAX_NAME_LENGTH
from segdsl.semantics.dates import iso_text
from segdsl.semantics.names import nearest
from segdsl.semantics.schema import TYPES
from segdsl.wire.segment import plain_name
from segdsl.wire.validation import DATE_TIME, KEY, instant, json_number

DEFINITION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
"""The names that may follow the `@` of an expression."""

EXPECTED = re.compile(r" *(>=|<=|==|!=|>|<) *([0-9]{1,15}|[0-9]{1,3}(?:_[0-9]{3}){1,4}) *")
"""The comparison in `expect`."""
_MOMENT = "a date-time with its offset, such as 2026-06-01T00:00:00Z"
_DECLARATIONS = Key(
    (dict,),
    "a table of declared properties",
    help=("an empty table allows none; without the key they are not checked",),
)
TOP_LEVEL = Shape(
    "a config",
    {
        "include": Key((list,), "a list of files", help=('such as `include = ["common.toml"]`',)),
        "properties": _DECLARATIONS,
        "conversation_properties": _DECLARATIONS,
        "define": Key((dict,), "a table of definitions"),
        "source": Key((dict,), "a table that says where the users are"),
        "segment": Key((list,), "a list of segments", help=("in TOML each begins with a line `[[segment]]`",)),
    },
)
SEGMENT = Shape(
    "a segment",
    {
        "name": Key((str,), "a string", required=True, limit=MAX_NAME_LENGTH, blank=False),
        "description": Key((str,), "a string"),
        "icon": Key((str,), "a string", limit=MAX_ICON_LENGTH),
        "where": Key((str,), "an expression in a string", required=True),
        "split": Key((bool,), "true or false"),
        "expect": Key((dict,), "a table of what is expected", help=('such as `expect = { members = ">= 100" }`',)),
        "example": Key((list,), "a list of examples", help=("in TOML each begins with a line `[[segment.example]]`",)),
    },
)
EXPECT = Shape("`expect`", {"members": Key((str,), "a comparison in a string", required=True)})
EXAMPLE = Shape(
    "an example",
    {
        "now": Key((datetime.datetime, str), _MOMENT),
        "user": Key((dict,), "a table of what is known about a user", required=True),
        "matches": Key((bool,), "true or false", required=True),
    },
)


ONE_TO_A_SERVER = "the server treats names as equal that differ only in outer blanks or Unicode form"

DECLARED = ("properties", "conversation_properties")
"""The tables of declared properties."""


def read_config(document: Document, *, bom: bool = False) -> tuple[Config, tuple[Diagnostic, ...]]:
    """The usable parts of the config in `document`, and every problem of its shape."""
    report = Report(document)
    table = {} if document.values is None else document.values  # an empty YAML file holds nothing
    if not isinstance(table, dict):
        message = f"a config must be {document.format.table}, and this is {report.describe(table)}"
        report.add("wrong-value", (), message)
        return Config(document, bom=bom), report.in_order()
    values = read_table(table, (), TOP_LEVEL, report)
    definitions = _definitions(values.get("define", {}), report)
    declared = {name: _declarations(values, name, report) for name in DECLARED}
    config = Config(
        document,
        include=tuple(_includes(values.get("include", []), report)),
        definitions=definitions,
        mapping=_source(values.get("source"), report),
        segments=tuple(_segments(values.get("segment", []), report)),
        properties=declared["properties"],
        conversation_properties=declared["conversation_properties"],
        declares_all=all(declared[name] is not None for name in DECLARED if name in table),
        complete="define" not in table or len(definitions) == len(values.get("define", (None,))),
        bom=bom,
    )
    return config, report.in_order()


def _includes(items: list[Any], report: Report) -> Iterator[LocatedText]:
    for index, item in enumerate(items):
        path = ("include", index)
        if type(item) is not str:
            report.wrong_type(path, "the name of a file", item)
        elif item.strip():
            yield LocatedText(item, path, report.document)
        else:
            report.add("wrong-value", path, "the name of a file must not be blank")


def _declarations(values: dict[str, Any], name: str, report: Report) -> Declarations | None:
    """The declared properties. None, which means unchecked, if nothing is declared or a declaration is unusable: then
    every use of its property would be one more error."""
    if name not in values:
        return None
    report = report.within(f"[{name}]")
    declared = {key: _declaration((name, key), value, report) for key, value in values[name].items()}
    usable = {key: kind for key, kind in declared.items() if kind is not None}
    return usable if len(usable) == len(declared) else None


def _declaration(path: Path, value: Any, report: Report) -> str | tuple[str, ...] | None:
    key = str(path[-1])
    if not KEY.fullmatch(key):
        message = f"`{key}` cannot be the name of a property: the API takes letters, digits, `.`, `-` and `_`"
        report.add("wrong-value", path, message, key=True)
        return None
    if isinstance(value, list) and value:
        return _allowed_values(path, value, report)
    if isinstance(value, str) and value in TYPES:
        return value
    near = nearest(value, TYPES) if isinstance(value, str) else None
    message = f"`{key}` must be declared as {listing(TYPES, 'or')}, or as a list of the allowed strings"
    report.add("wrong-value", path, message, *([report.near_text(path, str(value), near)] if near else []))
    return None


def _allowed_values(path: Path, values: list[Any], report: Report) -> tuple[str, ...] | None:
    others = [index for index, value in enumerate(values) if type(value) is not str]
    for index in others:
        report.wrong_type((*path, index), "a string", values[index])
    return None if others else tuple(values)


def _definitions(table: dict[str, Any], report: Report) -> dict[str, LocatedText]:
    usable = {}
    for name, value in table.items():
        path, here = ("define", name), report.within(definition_label(name))
        if not DEFINITION_NAME.fullmatch(name):
            message = f"`{name}` cannot be the name of a definition: no expression could say `@{name}`"
            help_ = "a name is a letter or `_`, then letters, digits, `_` and `-`"
            here.add("wrong-value", path, message, help_, key=True)
        elif type(value) is not str:
            here.wrong_type(path, "an expression in a string", value)
        else:
            usable[name] = LocatedText(value, path, report.document)
    return usable


def _source(table: dict[str, Any] | None, report: Report) -> Any:
    """The mapping that `[source]` says; None if it says none or has a problem. A file is relative to the config."""
    if table is None:
        return None
    from segdsl.sql.mapping import read_mapping  # noqa: PLC0415  most configs say nothing of SQL

    mapping, problems = read_mapping(table)
    report = report.within("[source]")
    for problem in problems:
        path = ("source", *problem.path)
        report.add(problem.code, path, problem.message, *problem.help, key=problem.at_key)
    return None if problems else mapping.relative_to(os.path.dirname(report.document.source.name))


def _expectation(table: dict[str, Any], path: Path, report: Report) -> Expectation | None:
    text = read_table(table, path, EXPECT, report).get("members")
    if text is None:
        return None
    found = EXPECTED.fullmatch(text)
    if found is None:
        report.wrong_value((*path, "members"), 'a comparison with a whole number, such as ">= 100"')
        return None
    operator, number = found.groups()
    return Expectation(operator, int(number.replace("_", "")), (*path, "members"), report.document)


def _segments(items: list[Any], report: Report) -> Iterator[SegmentConfig]:
    """The segments with a usable `where`; duplicate names go into the report."""
    named: dict[str, tuple[str, Path]] = {}
    for path, item in read_items(items, ("segment",), report):
        name = item.get("name")
        here = report.within(segment_label(name if isinstance(name, str) else "", path))
        usable = read_table(item, path, SEGMENT, here)
        for key in ("name", "description", "icon"):
            here.misleading((*path, key), usable.get(key, ""))
        name = usable.get("name", "")
        before, held = named.get(plain_name(name), ("", None))
        if held is not None:
            help_ = () if name == before else (ONE_TO_A_SERVER,)
            message = f"another segment has the name `{before}`"
            here.add("duplicate-name", (*path, "name"), message, *help_, first=(*held, "name"))
        elif name:
            named[plain_name(name)] = name, path
        examples = tuple(_examples(usable.get("example", []), (*path, "example"), here))
        if "where" in usable:
            yield SegmentConfig(
                name,
                LocatedText(usable["where"], (*path, "where"), report.document),
                path,
                report.document,
                description=usable.get("description"),
                icon=usable.get("icon"),
                split=usable.get("split", False),
                expect=_expectation(usable["expect"], (*path, "expect"), here) if "expect" in usable else None,
                examples=examples,
            )


def _examples(items: list[Any], path: Path, report: Report) -> Iterator[Example]:
    for inner, item in read_items(items, path, report):
        usable = read_table(item, inner, EXAMPLE, report)
        now = _moment(usable.get("now"))
        if "now" in usable and now is None:
            report.wrong_value((*inner, "now"), _MOMENT)
        user = _read_user(usable.get("user", {}), (*inner, "user"), report)
        if "user" in usable and "matches" in usable:
            yield Example(user, usable["matches"], now, inner, report.document)


# ── the user of an example ──────────────────────────────────────────────────────────────────────────────────────────

_MAX_DEPTH = 20
"""Levels of lists and tables in the value of a property."""

Check = Callable[[Any], str | None]
"""What the value should have been; None if it is right."""


def _moment(value: Any) -> datetime.datetime | None:
    """The moment in a value of a config: a date-time with its offset, or an RFC 3339 string; else None."""
    if isinstance(value, str):
        return instant(value) if DATE_TIME.fullmatch(value) else None
    return value if isinstance(value, datetime.datetime) and value.tzinfo is not None else None


def _read_user(user: dict[str, Any], path: Path, report: Report) -> Mapping[str, Any]:
    """`user` as `evaluate` takes it, with dates as strings; problems go into the report.

    Every part is optional, and null, where the format has it, means that the user lacks it.
    """
    return {
        key: _read_part(key, value, (*path, key), report)
        for key, value in user.items()
        if _is_known(key, user, _PARTS, (*path, key), "a user", report)
    }


def _is_known(
    key: str, table: Mapping[str, Any], known: Mapping[str, Any], path: Path, owner: str, report: Report
) -> bool:
    if key not in known:
        report.unknown_key(path, table, known, owner)
    return key in known


def _read_part(key: str, value: Any, path: Path, report: Report) -> Any:
    part = _PARTS[key]
    if value is None:
        return None
    if callable(part):
        return _checked(value, part, path, report)
    if not isinstance(value, dict):
        report.wrong_type(path, report.document.format.table, value)
        return None
    owner = f"`{key}` of a user"
    return {
        name: _checked(inner, part.get(name, _any_value), (*path, name), report)
        for name, inner in value.items()
        if not part or _is_known(name, value, part, (*path, name), owner, report)
    }


def _checked(value: Any, check: Check, path: Path, report: Report) -> Any:
    wanted = None if value is None else check(value)
    if wanted:
        report.wrong_value(path, wanted)
    elif check is not _flag:
        report.ambiguous(path, value)
    return iso_text(value) if isinstance(value, datetime.date) else value


def _identity(value: Any) -> str | None:
    return None if type(value) in (str, int) else "a string or a whole number"


def _metric(value: Any) -> str | None:
    return None if type(value) in (int, float) and math.isfinite(value) else "a finite number"


def _flag(value: Any) -> str | None:
    return None if type(value) is bool else "true or false"


def _count(value: Any) -> str | None:
    number = json_number(value) if type(value) in (int, float) else None
    return None if type(number) is int and number >= 0 else "a whole number from 0"


def _last_seen(value: Any) -> str | None:
    a_date = type(value) is datetime.date or (isinstance(value, str) and instant(value))
    return None if a_date or _moment(value) else "a date, or a date-time with its offset, such as 2026-03-25T14:30:00Z"


def _any_value(value: Any) -> str | None:
    """A property may hold any JSON value, or a date; lists and objects are of another type than any literal."""
    if type(value) is datetime.date or _moment(value):
        return None
    if isinstance(value, datetime.datetime):
        return _MOMENT
    unseen = [(value, 0)]
    while unseen:
        inner, depth = unseen.pop()
        if depth > _MAX_DEPTH:
            return f"at most {_MAX_DEPTH} levels deep"
        if isinstance(inner, datetime.date | datetime.time):
            return "a string, a number or a boolean"
        if isinstance(inner, float) and not math.isfinite(inner):
            return "a finite number"
        if isinstance(inner, dict | list):
            unseen += [(item, depth + 1) for item in (inner.values() if isinstance(inner, dict) else inner)]
    return None


_PARTS: Mapping[str, Check | Mapping[str, Check]] = {
    "id": _identity,
    "analysis": dict.fromkeys(METRICS, _metric),
    "flags": dict.fromkeys(FLAGS, _flag),
    "properties": {},
    "conversationProperties": {},
    "conversationCount": _count,
    "lastSeen": _last_seen,
}

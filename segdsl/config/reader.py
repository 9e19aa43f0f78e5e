"""From the plain data of a config file to a `Config`, with everything that is wrong with it."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

from segdsl.config.document import Document, Path
from segdsl.config.findings import Findings, listing
from segdsl.config.model import (
    Config,
    Declarations,
    Example,
    LocatedText,
    SegmentConfig,
    definition_label,
    segment_label,
)
from segdsl.config.table import Key, Shape, read_items, read_table
from segdsl.config.user_record import moment, read_user
from segdsl.diagnostics import Diagnostic
from segdsl.limits import MAX_ICON_LENGTH, MAX_NAME_LENGTH
from segdsl.semantics.names import nearest
from segdsl.semantics.schema import TYPES
from segdsl.wire.validation import KEY

DEFINITION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
"""What can stand behind the `@` of an expression."""

_MOMENT = "a date-time with its offset, such as 2026-06-01T00:00:00Z"
_DECLARATIONS = Key(
    (dict,),
    "a table of declared properties",
    help=("an empty table says that there are none; without the key they are not checked",),
)
TOP_LEVEL = Shape(
    "a config",
    {
        "properties": _DECLARATIONS,
        "conversation_properties": _DECLARATIONS,
        "define": Key((dict,), "a table of definitions"),
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
        "example": Key((list,), "a list of examples", help=("in TOML each begins with a line `[[segment.example]]`",)),
    },
)
EXAMPLE = Shape(
    "an example",
    {
        "now": Key((datetime.datetime, str), _MOMENT),
        "user": Key((dict,), "a table of what is known of a user", required=True),
        "matches": Key((bool,), "true or false", required=True),
    },
)
_FIRST_SEGMENT = {
    "toml": "a segment begins with a line `[[segment]]`",
    "yaml": "segments are a list under `segment:`",
    "json": 'segments are a list under `"segment"`',
}


def read_config(document: Document, *, bom: bool = False) -> tuple[Config, tuple[Diagnostic, ...]]:
    """The config that `document` holds, as far as it is usable, and every problem of its shape."""
    findings = Findings(document)
    table = {} if document.values is None else document.values  # an empty YAML file holds nothing
    if not isinstance(table, dict):
        message = f"a config must be {document.format.table}, and this is {findings.describe(table)}"
        findings.add("wrong-value", (), message)
        return Config(document, bom=bom), findings.in_order()
    values = read_table(table, (), TOP_LEVEL, findings)
    if not table.get("segment", ()) and ("segment" not in table or "segment" in values):
        findings.add("no-segments", ("segment",), "this config holds no segment", _FIRST_SEGMENT[document.format.name])
    config = Config(
        document,
        properties=_declarations(values, "properties", findings),
        conversation_properties=_declarations(values, "conversation_properties", findings),
        definitions=_definitions(values.get("define", {}), findings),
        segments=tuple(_segments(values.get("segment", []), findings)),
        bom=bom,
    )
    return config, findings.in_order()


def _declarations(values: dict[str, Any], name: str, findings: Findings) -> Declarations | None:
    """The declared properties; None, which is unchecked, when nothing is declared, or when a declaration is unusable:
    it would make every use of its property one more error."""
    if name not in values:
        return None
    findings = findings.within(f"[{name}]")
    declared = {key: _declaration((name, key), value, findings) for key, value in values[name].items()}
    usable = {key: kind for key, kind in declared.items() if kind is not None}
    return usable if len(usable) == len(declared) else None


def _declaration(path: Path, value: Any, findings: Findings) -> str | tuple[str, ...] | None:
    key = str(path[-1])
    if not KEY.fullmatch(key):
        message = f"`{key}` cannot be the name of a property: the API takes letters, digits, `.`, `-` and `_`"
        findings.add("wrong-value", path, message, key=True)
        return None
    if isinstance(value, list) and value:
        return _allowed_values(path, value, findings)
    if isinstance(value, str) and value in TYPES:
        return value
    near = nearest(value, TYPES) if isinstance(value, str) else None
    message = f"`{key}` must be declared as {listing(TYPES, 'or')}, or as a list of the allowed strings"
    findings.add("wrong-value", path, message, *[f"did you mean `{near}`?"] * bool(near))
    return None


def _allowed_values(path: Path, values: list[Any], findings: Findings) -> tuple[str, ...] | None:
    others = [index for index, value in enumerate(values) if type(value) is not str]
    for index in others:
        findings.wrong_type((*path, index), "a string", values[index])
    return None if others else tuple(values)


def _definitions(table: dict[str, Any], findings: Findings) -> dict[str, LocatedText]:
    usable = {}
    for name, value in table.items():
        path, here = ("define", name), findings.within(definition_label(name))
        if not DEFINITION_NAME.fullmatch(name):
            message = f"`{name}` cannot be the name of a definition: no expression could say `@{name}`"
            help_ = "a name is a letter or `_`, then letters, digits, `_` and `-`"
            here.add("wrong-value", path, message, help_, key=True)
        elif type(value) is not str:
            here.wrong_type(path, "an expression in a string", value)
        else:
            usable[name] = LocatedText(value, path, findings.document)
    return usable


def _segments(items: list[Any], findings: Findings) -> Iterator[SegmentConfig]:
    """The segments with a usable `where`, and a finding for each name that stands twice."""
    named: dict[str, Path] = {}
    for path, item in read_items(items, ("segment",), findings):
        name = item.get("name")
        here = findings.within(segment_label(name if isinstance(name, str) else "", path))
        usable = read_table(item, path, SEGMENT, here)
        name = usable.get("name", "")
        if name in named:
            message = f"another segment has the name `{name}`"
            here.add("duplicate-name", (*path, "name"), message, first=(*named[name], "name"))
        elif name:
            named[name] = path
        examples = tuple(_examples(usable.get("example", []), (*path, "example"), here))
        if "where" in usable:
            yield SegmentConfig(
                name,
                LocatedText(usable["where"], (*path, "where"), findings.document),
                path,
                findings.document,
                description=usable.get("description"),
                icon=usable.get("icon"),
                split=usable.get("split", False),
                examples=examples,
            )


def _examples(items: list[Any], path: Path, findings: Findings) -> Iterator[Example]:
    for inner, item in read_items(items, path, findings):
        usable = read_table(item, inner, EXAMPLE, findings)
        now = moment(usable.get("now"))
        if "now" in usable and now is None:
            findings.wrong_value((*inner, "now"), _MOMENT)
        user = read_user(usable.get("user", {}), (*inner, "user"), findings)
        if "user" in usable and "matches" in usable:
            yield Example(user, usable["matches"], now, inner, findings.document)

"""An account's custom segments → a TOML config that plans to nothing.

A segment that a config cannot say, for example rules that never match, is kept as a comment with its JSON.
"""

import json
import re

from msgspec import Struct, to_builtins

from segdsl.config.check import compile_config
from segdsl.config.document import Surroundings
from segdsl.config.formats.toml import spell
from segdsl.config.load import loads
from segdsl.diagnostics.cells import visible
from segdsl.planning.account import Account
from segdsl.planning.differences import decoration_differences
from segdsl.remote.meaning import Meaning
from segdsl.remote.models import SegmentDetail, SegmentSummary
from segdsl.syntax.formatting import DEFAULT_WIDTH
from segdsl.syntax.literals import MISLEADING
from segdsl.syntax.printer import unparse
from segdsl.wire.segment import Segment, plain_name

_HEADER = "# The custom segments of an account, as `segdsl pull` found them.\n"
_SURROUNDINGS = Surroundings(indent=0, flow=False, alone=True, newline="\n")
_SAME_NAME = "a segment above has this name already, and a config can use a name only once"
_OTHERWISE = "as an expression it would not be the same segment"


class PulledConfig(Struct, frozen=True):
    """The text of a config, and the ids of its segments: those in it, and those kept as comments."""

    text: str
    said: tuple[str, ...]
    kept_as_comments: tuple[str, ...]


class _UnsayableError(Exception):
    """Why a config cannot say a segment."""


def to_config(account: Account) -> PulledConfig:
    """The config of the custom segments of the account, in the order of the listing."""
    entries, said, kept = [_HEADER], [], []
    names: set[str] = set()
    for summary in account.listing.segments:
        if not summary.is_custom:
            continue
        segment: SegmentSummary = account.details.get(summary.id, summary)
        try:
            entries.append(_entry(segment, names, account.unreadable.get(summary.id)))
        except _UnsayableError as reason:
            entries.append(_comment(segment, str(reason)))
            kept.append(summary.id)
        else:
            names.add(plain_name(segment.name))
            said.append(summary.id)
    return PulledConfig("\n".join(entries), tuple(said), tuple(kept))


def _entry(detail: SegmentSummary, names: set[str], unreadable: str | None) -> str:
    """The segment as TOML. It is read back and compared, so that the config certainly plans to nothing."""
    if not isinstance(detail, SegmentDetail):
        raise _UnsayableError(unreadable or "it was deleted while the account was read")
    if plain_name(detail.name) in names:
        raise _UnsayableError(_SAME_NAME)
    meaning = Meaning.of_json(detail.filters)
    if meaning.expression is None:
        raise _UnsayableError(meaning.problem or "")
    texts = {"name": detail.name, "description": detail.description, "icon": detail.icon}
    lines = [f"{key} = {_quoted(text)}" for key, text in texts.items() if text]
    lines.append(f"where = {_in_apostrophes(unparse(meaning.expression, DEFAULT_WIDTH))}")
    entry = "\n".join(["[[segment]]", *lines, ""])
    _require_same(entry, detail, meaning)
    return entry


def _quoted(text: str) -> str:
    """A string whose spelling shows characters that change the direction of text."""
    return re.sub(MISLEADING, lambda found: f"\\u{ord(found[0]):04x}", spell(text, '""', _SURROUNDINGS))


def _in_apostrophes(where: str) -> str:
    """An expression has double quotes. Several lines get a string of several lines, closed on a line of its own."""
    several = "\n" in where
    return spell(f"{where}\n" if several else where, "''" if several or "'" not in where else "''" * 3, _SURROUNDINGS)


def _require_same(entry: str, detail: SegmentDetail, meaning: Meaning) -> None:
    config, problems = loads(entry, detail.name, "toml")
    compiled, found = ((), ()) if config is None else compile_config(config)
    for problem in (*problems, *found):
        if problem.severity == "error":
            raise _UnsayableError(problem.message)
    ((name, filters),) = compiled[0].parts
    read = Segment(name=name, filters=filters, description=compiled[0].config.description, icon=compiled[0].config.icon)
    if Meaning.of_compiled(filters) != meaning or decoration_differences(read, detail):
        raise _UnsayableError(_OTHERWISE)


def _comment(detail: SegmentSummary, reason: str) -> str:
    known = {key: value for key, value in to_builtins(detail).items() if value is not None}
    # `json` escapes everything but printable ASCII; TOML forbids control characters, DEL included, in a comment
    return f"# Not said here: {visible(reason)}.\n# {json.dumps(known)}\n"

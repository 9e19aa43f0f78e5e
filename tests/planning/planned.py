"""Configs and accounts for tests of planning, in few words."""

from collections.abc import Iterable
from typing import Any

import segdsl
from segdsl.config.check import CompiledSegment, compile_config
from segdsl.config.load import loads
from segdsl.planning.account import Account
from segdsl.planning.matching import make_plan, wanted_ids
from segdsl.planning.plan import Plan
from segdsl.remote.models import SegmentDetail, SegmentList, SegmentSummary


def desired(text: str) -> tuple[CompiledSegment, ...]:
    """The segments of a TOML config."""
    config, problems = loads(text, "segments.toml", "toml")
    assert config is not None
    compiled, found = compile_config(config)
    assert not [problem for problem in (*problems, *found) if problem.severity == "error"]
    return compiled


def segments(*named: tuple[str, str], split: bool = False) -> tuple[CompiledSegment, ...]:
    """Segments of a config by name and expression (with no apostrophe in it)."""
    tables = [
        f"[[segment]]\nname = '{name}'\nwhere = '{where}'\nsplit = {str(split).lower()}\n" for name, where in named
    ]
    return desired("".join(tables))


def remote(
    id_: str, name: str, where: str | dict[str, Any] | None, type_: str = "custom", **more: Any
) -> SegmentDetail:
    """A segment of the account; its filters as an expression, or as JSON."""
    filters = segdsl.compile(where).to_dict() if isinstance(where, str) else where
    return SegmentDetail(id=id_, name=name, type=type_, filters=filters, **more)


def plan_of(config: tuple[CompiledSegment, ...], *account: SegmentDetail, unreadable: tuple[str, ...] = ()) -> Plan:
    """The plan, with exactly those segments in full that it asks for; the ids `unreadable` cannot be read."""
    listed = listing(account)
    wanted = set(wanted_ids(config, listed))
    details = {it.id: it for it in account if it.id in wanted and it.id not in unreadable}
    return make_plan(config, listed, details, dict.fromkeys(unreadable, "broken"))


def account_of(*segments: SegmentDetail, unreadable: tuple[str, ...] = ()) -> Account:
    """The account that a pull reads."""
    details = {it.id: it for it in segments if it.id not in unreadable}
    return Account(SegmentList(listing(segments), 1), details, dict.fromkeys(unreadable, "broken"))


def listing(account: Iterable[SegmentDetail]) -> tuple[SegmentSummary, ...]:
    return tuple(SegmentSummary(id=it.id, name=it.name, type=it.type) for it in account)

"""Configs and accounts for tests of planning, in few words."""

from typing import Any

import segdsl
from segdsl.config.check import CompiledSegment, compile_config
from segdsl.config.load import loads
from segdsl.planning.matching import make_plan, wanted_ids
from segdsl.planning.plan import Plan
from segdsl.remote.models import SegmentDetail, SegmentSummary


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


def plan_of(config: tuple[CompiledSegment, ...], *account: SegmentDetail) -> Plan:
    """The plan, with exactly those segments in full that it asks for."""
    listed = [SegmentSummary(id=it.id, name=it.name, type=it.type) for it in account]
    wanted = set(wanted_ids(config, listed))
    return make_plan(config, listed, {it.id: it for it in account if it.id in wanted})

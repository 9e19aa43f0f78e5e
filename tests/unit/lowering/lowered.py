"""Texts on their way through the lowering."""

from typing import Any

from segdsl.lowering.negation import push_negation_down

import segdsl
from segdsl.diagnostics import Diagnostic
from segdsl.lowering.plan import Plan, plan
from segdsl.semantics.checker import check
from segdsl.semantics.typed import TypedExpression


def typed(text: str, schema: segdsl.Schema | None = None, **definitions: str) -> TypedExpression:
    found, problems = check(segdsl.parse(text), schema=schema, definitions=definitions)
    assert found is not None, problems
    return found


def positive(text: str, schema: segdsl.Schema | None = None, **definitions: str) -> tuple[Any, tuple[Diagnostic, ...]]:
    return push_negation_down(typed(text, schema, **definitions).condition)


def planned(text: str, schema: segdsl.Schema | None = None, **definitions: str) -> Plan:
    condition, problems = positive(text, schema, **definitions)
    assert problems == ()
    return plan(condition)

"""Any filters, as JSON text or built from likely parts: decompile → unparse → parse → compile.

    python fuzz/filters.py -max_total_time=900 CORPUS…

Run by `make fuzz`. Data that fails is written to a file `crash-…`; add the decoded filters to
tests/properties/test_decompile.py as an `@example`.
"""

import json
import sys
from typing import Any

import atheris
from instrument import instrument

instrument()

import segdsl  # noqa: E402
from segdsl.compiler.decompile_segment import decompile_segment  # noqa: E402

TYPES = ("analysis", "analysis_flag", "property", "conversation_property", "conversation_count", "last_seen", "other")
WORDS = ("gt", "lt", "eq", "gte", "lte", "neq", "contains", "within", "before", "is")
NAMES = ("sentiment", "cqi", "jailbreakDetected", "plan", "user.x", "2fa", "-", "not", "from", "last_seen", "a b", "")
VALUES: tuple[Any, ...] = (
    0, 5, 5.0, -0.0, 0.5, 2**53 - 1, 2**53, 1e300, True, False, None, "", "a", "7d", "24h", "0d", "9w", '"', "\u202e",
)  # fmt: skip
DATES: tuple[Any, ...] = ({"preset": "7d"}, {"preset": "5d"}, {"from": "2026-01-01"}, {"to": "2026-02-30"}, {}, None)
PRODUCTS: tuple[Any, ...] = ([], ["182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"], ["shoes"], None)


def put_together(provider: atheris.FuzzedDataProvider) -> dict[str, Any]:
    """Filters of likely parts; most of them are mostly valid."""
    rules = []
    for _ in range(provider.ConsumeIntInRange(0, 5)):
        rule: dict[str, Any] = {"type": provider.PickValueInList(list(TYPES))}
        for key, choices in (("field", NAMES), ("key", NAMES), ("operator", WORDS), ("value", VALUES)):
            if provider.ConsumeIntInRange(0, 9) > 1:
                rule[key] = provider.PickValueInList(list(choices))
        if rule["type"] in ("analysis", "analysis_flag"):
            rule.pop("key", None)
        elif rule["type"] != "other":
            rule.pop("field", None)
        rules.append(rule)
    filters: dict[str, Any] = {"rules": rules}
    if provider.ConsumeBool():
        filters["dateRange"] = provider.PickValueInList(list(DATES))
    if provider.ConsumeBool():
        filters["productIds"] = provider.PickValueInList(list(PRODUCTS))
    return filters


def some_filters(data: bytes) -> Any:
    """The data read as JSON, or as choices among likely parts."""
    if data[:1] == b"{":
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            return None
    return put_together(atheris.FuzzedDataProvider(data))


def one_filters(data: bytes) -> None:
    """Everything that must hold for filters, valid or not."""
    plain = some_filters(data)
    try:
        decompile_segment(plain)
    except segdsl.InvalidSegmentError as refused:
        assert refused.problems
    try:
        filters = segdsl.Filters.from_dict(plain)
        expression = segdsl.decompile(plain)
    except segdsl.InvalidSegmentError as refused:
        assert refused.problems
        return
    text = segdsl.unparse(expression)
    assert segdsl.parse(text) == expression
    try:
        normal = segdsl.compile(text)
    except segdsl.CompileError as refused:
        assert [diagnostic.code for diagnostic in refused.diagnostics] == ["never-matches"], text
        return
    assert segdsl.compile(segdsl.decompile(normal)) == normal
    assert types_of(normal) <= types_of(filters)


def types_of(filters: "segdsl.Filters") -> set[str]:
    """The kinds of rules."""
    return {rule["type"] for rule in filters.to_dict()["rules"]}


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_filters)
    atheris.Fuzz()

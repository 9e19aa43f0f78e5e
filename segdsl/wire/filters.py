"""`filters`: a conjunction of rules with its scope, to and from the API's JSON (page create-segment of its reference).

Field order is key order on the wire.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from segdsl.errors import InvalidSegmentError
from segdsl.wire.rules import Rule


class DateRange(Struct, frozen=True, rename={"from_": "from"}):
    """Which conversations count: a preset (`7d`, `30d`, `90d`, `all`), or ISO-8601 bounds, or both."""

    preset: str | UnsetType = UNSET
    from_: str | UnsetType = UNSET
    to: str | UnsetType = UNSET


class Filters(Struct, frozen=True, rename="camel"):
    """The `filters` of one segment: rules that must all hold, and optionally a date range and product ids."""

    rules: tuple[Rule, ...]
    date_range: DateRange | UnsetType = UNSET
    product_ids: tuple[str, ...] | UnsetType = UNSET

    def to_dict(self) -> dict[str, Any]:
        """The wire's JSON as plain dicts and lists, keys in the wire's order."""
        plain: dict[str, Any] = msgspec.json.decode(self.to_json())
        return plain

    def to_json(self) -> bytes:
        """The wire's JSON as compact UTF-8 bytes, keys in the wire's order."""
        return _JSON.encode(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Filters":
        """The filters in `data`, the wire's JSON.

        An empty `dateRange` or `productIds`, or null, equals an absent one; `5.0` is `5`.
        Raises `InvalidSegmentError` with every problem when the data is not valid by the API's reference.
        """
        from segdsl.wire.validation import filters_problems, plain  # noqa: PLC0415  compiling needs none of it

        problems = filters_problems(data)
        if problems:
            raise InvalidSegmentError(problems)
        rules = [{plain(key): plain(value) for key, value in rule.items()} for rule in data["rules"]]
        dates = {key: plain(value) for key, value in (data.get("dateRange") or {}).items() if value is not None}
        return cls(
            rules=tuple(msgspec.convert(rules, list[Rule])),
            date_range=msgspec.convert(dates, DateRange) if dates else UNSET,
            product_ids=tuple(plain(product) for product in data.get("productIds") or ()) or UNSET,
        )


_JSON = msgspec.json.Encoder()

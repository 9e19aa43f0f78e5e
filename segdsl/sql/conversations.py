"""Users with their conversations: scope clauses choose conversations, which are aggregated to one row for each user.

In its scope a user has the mean of a metric, a flag that any conversation has, and the number of conversations. A rule
on a property of conversations holds if any of them meets it. As in the API, each such rule is independent: different
conversations may meet different rules, so an expression with one is written from its compiled rules. `lastSeen` is the
last of all conversations, in scope or not, unless the users have a column for it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from segdsl.errors import CompileError
from segdsl.sql.dialects.dialect import Dialect, indented, select
from segdsl.sql.emitter import Condition, Emitter, joined
from segdsl.sql.expression import (
    BUILT_INS,
    Field,
    Kind,
    Schema,
    TypedExpression,
    about_scope,
    literals,
    predicates,
    rules_of,
)
from segdsl.sql.mapping import BOOLEAN, DATE, EPOCH, EPOCH_MS, INTEGER, NUMBER, TIMESTAMP, Column, Mapping
from segdsl.sql.predicates import Moment, moment_bound, moment_test

_COUNT, _SEEN = BUILT_INS["conversationCount"], BUILT_INS["lastSeen"]
_ROWS = "COUNT(*)"
_DAYS = re.compile(r"([0-9]+)d")
_DAY = 24 * 60
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNITS: dict[str | None, int] = {EPOCH: 1, EPOCH_MS: 1000}
_EVERYTHING: "Scope" = (None, None, None, ())

Scope = tuple[str | None, str | None, str | None, tuple[str, ...]]
"""The clauses of an expression: preset, start, end, products."""


class _Scoped(Struct):
    """The conversations of one scope, and their aggregates, each with the name of its column."""

    number: int
    where: list[str]
    columns: dict[str, str] = {}

    def column(self, aggregate: str) -> str:
        """The column of the aggregate."""
        return self.columns.setdefault(aggregate, f"segdsl_{self.number}_{len(self.columns) + 1}")


class WithConversations:
    """Writes conditions on users whose conversations are in a separate table."""

    def __init__(
        self,
        mapping: Mapping,
        dialect: Dialect,
        now: datetime | None = None,
        schema: Schema | None = None,
        *,
        relation: str,
    ) -> None:
        assert mapping.conversations is not None  # noqa: S101  the caller asks only then
        self._mapping, self._table, self._relation = mapping, mapping.conversations, relation
        self._dialect, self._now, self._schema = dialect, now, schema
        self._each = Emitter(Mapping(columns=self._table.columns), dialect, now, schema)
        self._scopes: dict[Scope, _Scoped] = {}

    def asked(self, expression: TypedExpression) -> Condition:
        """The condition of an expression, in its scope. Raises `CompileError`."""
        if expression.products and self._table.product is None:
            message, help_ = (
                "no column says the product of a conversation",
                "name it: `product` of [source.conversations]",
            )
            raise CompileError([about_scope(expression, "unmapped-field", message, help_)])
        scope = self._scoped((expression.preset, expression.start, expression.end, expression.products))
        if any(self._is_of_one(one.field) for one in predicates(expression.condition)):
            segments = [[self._rule(scope, rule) for rule in rules] for rules in rules_of(expression)]
            return self._joined("OR", [self._joined("AND", rules) for rules in segments])
        return self._of_user(scope, expression)

    def rows(self, users: str) -> str:
        """The relation after FROM once all conditions are written: the users, with the columns that those need."""
        d, q = self._dialect, self._dialect.identifier
        shown, relation = ["segdsl_u.*"], f"{users} AS segdsl_u"
        for scope in self._scopes.values():
            if not scope.columns:
                continue
            alias, key, user = f"segdsl_s{scope.number}", f"segdsl_{scope.number}_0", q(self._table.user)
            found = [f"{user} AS {key}", *(f"{d.joined(sql)} AS {column}" for sql, column in scope.columns.items())]
            where = f"\nWHERE {' AND '.join(scope.where)}" if scope.where else ""
            grouped = f"{select(found, self._relation)}{where}\nGROUP BY {user}"
            relation += f"\nLEFT JOIN (\n{indented(grouped)}\n) AS {alias}"
            relation += f" ON {alias}.{key} = segdsl_u.{q(self._mapping.id or '')}"
            for sql, column in scope.columns.items():
                value = f"{alias}.{column}"
                shown.append(f"{f'COALESCE({value}, 0)' if sql == _ROWS else value} AS {column}")
        if len(shown) == 1:
            return users
        return f"(\n{indented(select(shown, relation))}\n) AS segdsl_rows"

    # ── conditions in a scope ───────────────────────────────────────────────────────────────────────────

    def _is_of_one(self, field: Field) -> bool:
        """Whether a field belongs to a conversation, and not to the user."""
        return field.kind is Kind.CONVERSATION_PROPERTY and field in self._table.columns

    def _rule(self, scope: _Scoped, rule: TypedExpression) -> Condition:
        (field,) = {one.field for one in predicates(rule.condition)}
        if not self._is_of_one(field):
            return self._of_user(scope, rule)
        return Condition(f"{scope.column(_any(self._each.asked(rule).verdict))} = 1")

    def _of_user(self, scope: _Scoped, expression: TypedExpression) -> Condition:
        """A condition on users, where some fields are aggregates of the scope."""
        columns = dict(self._mapping.columns or {})
        for field in {one.field for one in predicates(expression.condition)}:
            place = self._aggregated(scope, field) or self._mapping.place(field)
            if isinstance(place, Column):
                columns[field] = place
        mapping = replace(self._mapping, columns=columns)
        return Emitter(mapping, self._dialect, self._now, self._schema).condition(expression.condition)

    def _aggregated(self, scope: _Scoped, field: Field) -> Column | None:
        """The column of a field that is aggregated from conversations; None for a field of users."""
        d, column = self._dialect, self._table.columns.get(field)
        if field == _COUNT:
            return Column(scope.column(_ROWS), INTEGER)
        if field == _SEEN:
            return self._last()
        if column is None:
            return None
        sql = d.identifier(column.name)
        if field.kind is Kind.METRIC:
            return Column(scope.column(f"AVG({d.double(sql)})"), NUMBER)
        return Column(scope.column(f"{_any(sql)} = 1"), BOOLEAN)

    def _last(self) -> Column | None:
        """The moment of the last conversation; None if the users have a column for it."""
        if isinstance(self._mapping.place(_SEEN), Column) and self._mapping.columns is not None:
            return None
        at, everything = self._table.at, self._scoped(_EVERYTHING)
        if self._dialect.moments_are_text and at.type not in _UNITS:  # they are compared once they are in UTC
            return Column(everything.column(f"MAX({_moment(self._dialect, at).sql})"), TIMESTAMP)
        return Column(everything.column(f"MAX({self._dialect.identifier(at.name)})"), at.type)

    def _joined(self, connective: str, parts: Sequence[Condition]) -> Condition:
        if len(parts) == 1:
            return parts[0]
        verdict, _ = joined(self._dialect, connective, [f"({part.verdict})" for part in parts])
        tests = {test: field for part in parts for test, field in zip(part.tests, part.fields, strict=True)}
        return Condition(verdict, tuple(tests), tuple(tests.values()))

    # ── scopes ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _scoped(self, scope: Scope) -> _Scoped:
        if scope not in self._scopes:
            self._scopes[scope] = _Scoped(len(self._scopes) + 1, list(self._clauses(*scope)), {})
        return self._scopes[scope]

    def _clauses(
        self, preset: str | None, start: str | None, end: str | None, products: tuple[str, ...]
    ) -> Iterator[str]:
        """The conditions on a conversation. An end that is a date includes that day."""
        d, at = self._dialect, _moment(self._dialect, self._table.at)
        if preset and (days := _DAYS.fullmatch(preset)):
            yield moment_test(d, "within", int(days[1]) * _DAY, at, self._now)
        if start:
            yield f"{at.sql} >= {moment_bound(d, _instant(start), at)}"
        if end:
            day = timedelta(days=_DATE.fullmatch(end) is not None)
            yield f"{at.sql} {'<' if day else '<='} {moment_bound(d, _instant(end) + day, at)}"
        if products:
            product = d.text(f"LOWER({d.as_text(d.identifier(self._table.product or ''))})")
            yield d.is_in(product, [d.text_literal(one.lower()) for one in products])


def _moment(d: Dialect, at: Column) -> Moment:
    sql = d.identifier(at.name)
    if at.type in _UNITS:
        return Moment(d.double(sql), "epoch", _UNITS[at.type])
    if at.type == DATE:
        return Moment(d.midnight(sql), "naive")
    return Moment(d.without_zone(sql), "naive") if at.type == TIMESTAMP else Moment(d.with_zone(sql), "instant")


def _instant(text: str) -> datetime:
    moment = literals.instant(text)
    assert moment is not None  # noqa: S101  the checker has seen it
    return moment


def _any(x: str) -> str:
    """1 if it is TRUE for some row, else 0 if it is FALSE for some row, else NULL."""
    return f"MAX(CASE WHEN {x} THEN 1 WHEN NOT ({x}) THEN 0 END)"


def writer_of(
    mapping: Mapping,
    dialect: Dialect,
    now: datetime | None = None,
    schema: Schema | None = None,
    *,
    conversations: str = "",
    hoists: bool = False,
) -> Emitter | WithConversations:
    """A writer of conditions on users: `asked` for each expression, then `rows` for the relation after FROM.

    `conversations` is the relation of their conversations, if the mapping has some. `hoists` is as in `Emitter`.
    """
    if mapping.conversations is None:
        return Emitter(mapping, dialect, now, schema, hoists=hoists)
    return WithConversations(mapping, dialect, now, schema, relation=conversations)

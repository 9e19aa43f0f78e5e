"""A typed condition as SQL: SQL's AND and OR are Kleene's, and `not` is in the predicates' operators."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
from segdsl.errors import CompileError
from segdsl.limits import MAX_SHOWN_COLUMNS
from segdsl.sql.dialects.dialect import Dialect, Dynamic, case, indented, select
from segdsl.sql.expression import (
    Field,
    Kind,
    Predicate,
    Schema,
    TypedExpression,
    about,
    folded,
    literals,
    name_of,
    predicates,
)
from segdsl.sql.mapping import (
    DATE,
    EPOCH,
    EPOCH_MS,
    FITTING,
    INTEGER,
    JSON,
    NUMBER,
    RFC3339,
    STRING,
    STRUCT,
    TEXT,
    TIMESTAMP,
    Column,
    Mapping,
    Member,
)
from segdsl.sql.predicates import (
    Moment,
    Static,
    dynamic_test,
    listed,
    moment_test,
    static_test,
    type_of,
)

Operand = Static | Dynamic | Moment

_BUILT_IN_WORDS = {Kind.METRIC: "a metric", Kind.COUNT: "a count", Kind.FLAG: "a flag", Kind.LAST_SEEN: "a moment"}
HOISTED_FROM = 3
"""From this number of conditions on, JSON is read once, into columns."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_UNITS = {EPOCH: 1, EPOCH_MS: 1000}


class Condition(Struct, frozen=True):
    """`verdict` is TRUE, FALSE or NULL. A row for which one of the `tests` is TRUE cannot be evaluated.

    `fields` holds for each test the name of its field.
    """

    verdict: str
    tests: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    def malformed(self, d: Dialect) -> str:
        """SQL that is TRUE if the row cannot be evaluated, else FALSE."""
        tests = " OR ".join(f"({test})" for test in self.tests)
        return f"COALESCE({tests}, {d.false})" if tests else d.false

    def holds(self, d: Dialect) -> str:
        """SQL that is TRUE if the verdict is TRUE and the row is not malformed."""
        return f"({self.verdict}) AND NOT ({self.malformed(d)})" if self.tests else self.verdict

    def guarded(self, d: Dialect) -> str:
        """The verdict; NULL if the row is malformed."""
        return case((f"NOT ({self.malformed(d)})", self.verdict)) if self.tests else self.verdict


class _Written(Struct, frozen=True):
    """SQL; whether it has an AND or OR outside all parentheses; and how deeply ANDs and ORs are nested in it."""

    sql: str
    is_joined: bool = False
    depth: int = 0


class Emitter:
    """Writes conditions on the rows of one mapping, in one dialect.

    With `hoists`, values that are worth reading only once (a member of JSON, a moment in text) are written as names of
    columns; `hoisted` then gives the name of each such column in the rows, by its SQL.
    """

    def __init__(
        self,
        mapping: Mapping,
        dialect: Dialect,
        now: datetime | None = None,
        schema: Schema | None = None,
        *,
        hoists: bool = False,
    ) -> None:
        self.mapping, self.dialect, self.now, self.schema = mapping, dialect, now, schema
        self.hoisted: dict[str, str] = {}
        self._hoists = hoists

    def condition(self, condition: Any) -> Condition:
        """The condition. Raises `CompileError` with every problem of the mapping or dialect."""
        writer = _Writer(self, condition)
        verdict = writer.verdict(condition)
        if writer.problems:
            raise CompileError(writer.problems)
        return Condition(verdict, tuple(writer.tests), tuple(writer.tests.values()))

    def asked(self, expression: TypedExpression) -> Condition:
        """The condition of an expression; its scope is not applied."""
        return self.condition(expression.condition)

    def rows(self, users: str) -> str:
        """The relation after FROM once all conditions are written."""
        relation = self.dialect.rows(users)
        if not self.hoisted:
            return relation
        shown = ["*", *(f"{sql} AS {column}" for sql, column in self.hoisted.items())]
        return f"(\n{indented(select(shown, relation))}\n) AS segdsl_rows"

    def once(self, sql: str) -> str:
        """The SQL, or the name of the column that it is hoisted to."""
        if not self._hoists:
            return sql
        return self.hoisted.setdefault(sql, f"segdsl_{len(self.hoisted) + 1}")


class _UnsayableError(Exception):
    """A predicate that cannot be written; its problem is recorded."""


class _Writer:
    """One condition being written."""

    def __init__(self, emitter: Emitter, condition: Any) -> None:
        self._emitter, self._dialect = emitter, emitter.dialect
        self._types = _literal_types(condition)
        self._operands: dict[Field, Operand] = {}
        self._refused: set[Field] = set()
        self.malformed: list[str] = []
        self.tests: dict[str, str] = {}
        """The tests of malformed fields, each with the name of its field."""
        self.problems: list[Diagnostic] = []

    def verdict(self, condition: Any) -> str:
        written = folded(condition, self._leaf, self._joined)
        deepest = self._dialect.nesting
        if deepest and written.depth > deepest:
            message = f"conditions are nested {written.depth} levels deep, and {self._dialect.title} takes {deepest}"
            self._report(predicates(condition)[0], "too-deep", message)
        return written.sql

    def _joined(self, connective: str, parts: list[_Written]) -> _Written:
        depth = 1 + max(part.depth for part in parts)
        if self._dialect.nesting:
            parts = sorted(parts, key=lambda part: -part.depth)  # deep parts first, so that a parser has less to hold
        texts = [f"({part.sql})" if part.is_joined else part.sql for part in parts]
        sql, levels = joined(self._dialect, connective, texts)
        return _Written(sql, is_joined=True, depth=depth + levels)

    # ── predicates ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _leaf(self, predicate: Predicate) -> _Written:
        try:
            return _Written(self._test(predicate))
        except _UnsayableError:
            return _Written("")

    def _test(self, predicate: Predicate) -> str:
        field, operator, value = predicate.field, predicate.operator, predicate.value
        if field in self._refused:
            raise _UnsayableError  # reported at its first use
        if field not in self._operands:
            self._refused.add(field)
            self._operands[field] = self._operand(predicate)
            self._refused.remove(field)
            for test in self.malformed:
                self.tests.setdefault(test, name_of(field))
            self.malformed.clear()
        operand = self._operands[field]
        if isinstance(operand, Moment):
            return moment_test(self._dialect, operator, literals.minutes(value), operand, self._emitter.now)
        if isinstance(operand, Static) and operand.type != INTEGER:
            return static_test(self._dialect, operator, value, operand)
        if any(isinstance(one, float) and abs(one) >= 2**53 for one in listed(value)):
            message = f"whole numbers from 2^53 on are rounded by SQL engines, and `{name_of(field)}` may hold integers"
            self._report(predicate, "number-out-of-range", message, value=True)
            raise _UnsayableError
        write = static_test if isinstance(operand, Static) else dynamic_test
        return write(self._dialect, operator, value, operand)  # type: ignore[arg-type]  # the one that it is for

    # ── operands ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _operand(self, predicate: Predicate) -> Operand:
        """The field as SQL; tests for values that the field cannot have go to `malformed`."""
        place = self._emitter.mapping.place(predicate.field)
        if place is None:
            self._refuse_unmapped(predicate)
        if isinstance(place, Column):
            sql = self._dialect.identifier(place.name)
            return self._typed(predicate, sql, self._type(predicate, place), f"the column `{place.name}`")
        return self._in_object(predicate, place)

    def _in_object(self, predicate: Predicate, member: Member) -> Operand:
        d, column = self._dialect, self._dialect.identifier(member.object.name)
        if member.object.type == STRUCT:
            what = f"the field `{member.key}` of the column `{member.object.name}`"
            return self._typed(predicate, d.field(column, member.key), self._type(predicate, member), what)
        if member.object.type == TEXT or d.json_is_text:
            self.malformed.append(f"{column} IS NOT NULL AND NOT {d.is_json(column)}")
            column = d.parsed_json(column)
        if wrong := d.is_no_object(column):
            self.malformed.append(wrong)
        return self._dynamic(predicate, d.member(column, member.key))

    def _typed(self, predicate: Predicate, sql: str, type_: str, what: str) -> Operand:
        kind = predicate.field.kind
        if type_ not in FITTING[kind]:
            words = _BUILT_IN_WORDS.get(kind, "a property")
            message = f"`{name_of(predicate.field)}` is {words}, and {what} holds {type_}"
            self._report(predicate, "unfit-column", message, f"{words} stands in a column of {_listing(FITTING[kind])}")
            raise _UnsayableError
        if type_ == JSON:
            return self._dynamic(predicate, self._dialect.value(sql))
        return self._moment(predicate, sql, type_) if kind is Kind.LAST_SEEN else self._static(predicate, sql, type_)

    def _static(self, predicate: Predicate, sql: str, type_: str) -> Static:
        d, kind = self._dialect, predicate.field.kind
        if type_ in (DATE, TIMESTAMP):
            return Static(d.date_text(sql) if type_ == DATE else d.timestamp_text(sql), STRING)
        if type_ == NUMBER:
            sql = d.double(sql)
        finite = d.is_finite(sql) if type_ == NUMBER else ""
        is_property = kind in (Kind.PROPERTY, Kind.CONVERSATION_PROPERTY)
        if not is_property:
            self.malformed += [f"NOT ({finite})"] * bool(finite)
        if kind is Kind.COUNT:
            self.malformed.append(f"{sql} < 0")
            self.malformed += [f"{sql} <> floor({sql})"] * (type_ == NUMBER)
        return Static(sql, type_, guarded=is_property and bool(finite))

    def _dynamic(self, predicate: Predicate, parts: Sequence[str]) -> Operand:
        """A value in JSON. An impossible value of a built-in makes the row malformed; a property may be anything."""
        d, kind = self._dialect, predicate.field.kind
        x = d.dynamic([self._emitter.once(part) for part in parts])
        if kind is Kind.LAST_SEEN:
            self._require_rfc3339(predicate)
            raw = d.dynamic(parts)
            moment = self._emitter.once(case((raw.is_text, d.from_rfc3339(raw.text))))
            self.malformed.append(f"{x.present} AND {moment} IS NULL")
            return Moment(moment, d.rfc3339_clock)
        fits = {
            Kind.METRIC: (x.is_number, d.true),
            Kind.COUNT: (x.is_number, f"{x.number} >= 0 AND {x.number} = floor({x.number})"),
            Kind.FLAG: (x.is_boolean, d.true),
        }.get(kind)
        if fits:
            is_type, holds = fits
            self.malformed.append(f"{x.present} AND {case((is_type, f'NOT ({holds})'), (d.true, d.true))}")
        return x

    def _moment(self, predicate: Predicate, sql: str, type_: str) -> Moment:
        d = self._dialect
        if type_ in _UNITS:
            seconds = d.double(sql)
            if finite := d.is_finite(seconds):
                self.malformed.append(f"NOT ({finite})")
            return Moment(seconds, "epoch", _UNITS[type_])
        if type_ == RFC3339:
            self._require_rfc3339(predicate)
            moment = Moment(self._emitter.once(d.from_rfc3339(sql)), d.rfc3339_clock)
        elif type_ == DATE:
            moment = Moment(d.midnight(sql), "naive")
        else:
            moment = Moment(d.without_zone(sql), "naive") if type_ == TIMESTAMP else Moment(d.with_zone(sql), "instant")
        if type_ == RFC3339 or d.moments_are_text:
            self.malformed.append(f"{sql} IS NOT NULL AND {moment.sql} IS NULL")
        elif is_moment := d.is_a_moment(sql):
            self.malformed.append(f"NOT ({is_moment})")
        return moment

    def _type(self, predicate: Predicate, place: Column | Member) -> str:
        """The type of the place: as mapped, as declared, that of the kind's built-ins, or that of all its literals."""
        field = predicate.field
        if place.type is not None:
            return place.type
        if field.kind not in (Kind.PROPERTY, Kind.CONVERSATION_PROPERTY):
            return FITTING[field.kind][0]
        declared = self._emitter.schema.type_of(field) if self._emitter.schema else None
        if declared is not None:
            return declared if declared in FITTING[field.kind] and declared != DATE else STRING
        types = self._types[field]
        if len(types) == 1:
            return next(iter(types))
        compared = _listing([f"a {type_}" for type_ in sorted(types)], "and")
        message = f"`{name_of(field)}` is compared with {compared}, and nothing says what its column holds"
        self._report(
            predicate,
            "unfit-column",
            message,
            "give the column its `type` under [source.columns], or declare the property",
        )
        raise _UnsayableError

    # ── refusals ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _refuse_unmapped(self, predicate: Predicate) -> NoReturn:
        name = name_of(predicate.field)
        meant = self._emitter.mapping.near(predicate.field)
        help_ = [f"did you mean `{meant}`?"] * bool(meant)
        key = name if _BARE_KEY.fullmatch(name) else literals.quote(name)
        column = name if name in self._emitter.mapping.unused else "…"
        where = f"say where it stands: `{key} = {literals.quote(column)}` under [source.columns]"
        help_ += [where, *self._unused()]
        self._report(predicate, "unmapped-field", f"no column is mapped to `{name}`", *help_)
        raise _UnsayableError

    def _unused(self) -> list[str]:
        """The columns among which the missing one may be, as a sentence; nothing if none is known."""
        names = self._emitter.mapping.unused
        shown = [f"`{name}`" for name in names[:MAX_SHOWN_COLUMNS]] + ["…"] * (len(names) > MAX_SHOWN_COLUMNS)
        return [f"columns that are not used: {', '.join(shown)}"] * bool(shown)

    def _require_rfc3339(self, predicate: Predicate) -> None:
        if not self._dialect.reads_rfc3339:
            message = f"moments that stand in text cannot be read strictly by {self._dialect.title}"
            way_out = "store the moment in a timestamp column, and give that its `type` under [source.columns]"
            self._report(predicate, "not-in-dialect", message, way_out)
            raise _UnsayableError

    def _report(self, predicate: Predicate, code: str, message: str, *help_: str, value: bool = False) -> None:
        self.problems.append(about(predicate, code, message, *help_, value=value))


def joined(d: Dialect, connective: str, texts: list[str]) -> tuple[str, int]:
    """AND or OR of the texts, in groups within the engine's limit, and the levels that the groups add."""
    levels = 0
    while d.operands and len(texts) > d.operands:
        groups = [texts[at : at + d.operands] for at in range(0, len(texts), d.operands)]
        texts = [f"({f' {connective} '.join(group)})" for group in groups]
        levels += 1
    return f" {connective} ".join(texts), levels


def _literal_types(condition: Any) -> dict[Field, set[str]]:
    """The types of the literals that each property is compared with."""
    types: dict[Field, set[str]] = {}
    for predicate in predicates(condition):
        if predicate.field.kind is not Kind.LAST_SEEN:
            types.setdefault(predicate.field, set()).update(map(type_of, listed(predicate.value)))
    return types


def _listing(words: Sequence[str], last: str = "or") -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else words[0]

"""A host's declarations, made once and used often: a schema, definitions, and the words of its advice.

The functions of `segdsl` (`compile`, `check`, `evaluate`, …) are those of the environment of their arguments.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from segdsl.compiler.pipeline import analysed, compiled, lints
from segdsl.diagnostics import Diagnostic
from segdsl.errors import CompileError, ParseError
from segdsl.limits import MAX_SEGMENTS
from segdsl.semantics.advice import PYTHON, Advice
from segdsl.semantics.checker import check as check_meaning
from segdsl.semantics.checker import in_order, is_of_a_guess, without_repeats
from segdsl.semantics.definitions import Definitions
from segdsl.semantics.resolution import resolver_of
from segdsl.semantics.schema import UNCHECKED, Schema
from segdsl.semantics.typed import TypedExpression
from segdsl.source import from_utf16, to_utf16
from segdsl.syntax.nodes import Expression, Reference
from segdsl.syntax.parser import Parsed, parse_repaired
from segdsl.wire.filters import Filters

if TYPE_CHECKING:
    from segdsl import sql as sql_package
    from segdsl.authoring.completion import Completions
    from segdsl.authoring.fields import FieldInfo
    from segdsl.authoring.hover import Hover
    from segdsl.compiler.explanation import Explanation
    from segdsl.evaluation.explanation import EvaluationExplanation

Parameters = Mapping[str, Any]
User = Mapping[str, Any]
ExpressionOrText = Expression | str


class Environment:
    """A schema and definitions, declared once: each definition is parsed and checked once, however often it is used.

    Bad definitions raise where they are used, not here. `advice` holds the host's own help for `needs-split`. An
    environment does not change, its memory is bounded, and threads may share it. Raises `TypeError` if the schema is
    not a `Schema` or the definitions are not a mapping.
    """

    def __init__(
        self,
        schema: Schema | None = None,
        definitions: Mapping[str, ExpressionOrText] | None = None,
        *,
        advice: Advice = PYTHON,
    ) -> None:
        if schema is not None and not isinstance(schema, Schema):
            raise TypeError(
                f"schema must be a segdsl.Schema, not {type(schema).__name__}: write segdsl.Schema(properties={{…}})"
            )
        self.schema = schema or UNCHECKED
        self.advice = advice
        self._resolver = resolver_of(self.schema)
        self._definitions = Definitions(definitions)

    def __repr__(self) -> str:
        return f"Environment({self.schema!r}, definitions: {', '.join(self._definitions) or 'none'})"

    # ── compiling ──────────────────────────────────────────────────────────────────────────────────────────────────

    def compile(self, expression: ExpressionOrText, params: Parameters | None = None) -> Filters:
        """The one filters object with the meaning of the expression.

        Raises `ParseError` for a text that is not an expression, and `CompileError` when names or values are wrong, no
        rule can say it (`not-expressible`), it matches nobody (`never-matches`), or it needs several segments
        (`needs-split`). Its diagnostics are the errors that `check` with `max_segments=1` reports.
        """
        return self._compiled(expression, params, 1)[0]

    def compile_all(
        self, expression: ExpressionOrText, params: Parameters | None = None, max_segments: int = MAX_SEGMENTS
    ) -> tuple[Filters, ...]:
        """The fewest filters objects found whose union is the expression, in the order of the text.

        Raises like `compile`, except that needing more than `max_segments` segments is `too-many-segments`
        (`needs-split` if `max_segments` is 1).
        """
        _require_one(max_segments)
        return self._compiled(expression, params, max_segments)

    def check(
        self, expression: ExpressionOrText, params: Parameters | None = None, max_segments: int = MAX_SEGMENTS
    ) -> tuple[Diagnostic, ...]:
        """Every error and warning about an expression, in its order. Empty if all is well.

        Never raises for a bad text; `max_segments` is how many segments it may become.
        """
        return self.analyse(expression, params, max_segments)[1]

    def analyse(
        self, expression: ExpressionOrText, params: Parameters | None = None, max_segments: int = MAX_SEGMENTS
    ) -> tuple[tuple[Filters, ...], tuple[Diagnostic, ...]]:
        """`compile_all` and `check` in one go: the filters, () where there are errors, and all diagnostics."""
        _require_one(max_segments)
        parsed = self._parsed(expression)
        if parsed.expression is None or parsed.problems:
            return (), self._problems(parsed, params, max_segments)
        typed, problems = self._checked(parsed.expression, params)
        return ((), problems) if typed is None else analysed(typed, max_segments, self.advice)

    def check_definition(self, name: str, params: Parameters | None = None) -> tuple[Diagnostic, ...]:
        """The errors and warnings of a definition by itself, independent of its uses.

        It is not lowered; the expressions that use it are. If it uses other definitions, only errors are reported.
        """
        typed, problems = self._checked(Expression(Reference(name)), params)
        if typed is not None and not any(isinstance(leaf, Reference) for leaf in self._definitions.leaves(name)):
            problems = lints(typed)
        return tuple(
            [
                replace(one, notes=tuple(note for note in one.notes if note.source.name != "expression"))
                for one in problems
                if one.source_name != "expression"
            ]
        )

    def explain(
        self, expression: ExpressionOrText, params: Parameters | None = None, max_segments: int = MAX_SEGMENTS
    ) -> "Explanation":
        """How an expression is understood: in words, its names, its segments, and what `check` reports.

        Raises `ParseError` for a text that is not an expression, with the errors that `check` reports.
        """
        from segdsl.compiler.explanation import Analysis, explained  # noqa: PLC0415  compiling needs no words

        _require_one(max_segments)
        tree = self._read(expression, params, max_segments)
        typed, found = self._checked(tree, params)
        filters: tuple[Filters, ...] = ()
        one_segment: tuple[Diagnostic, ...] = ()
        if typed is not None:
            filters, found = analysed(typed, max_segments, self.advice)
            one_segment = analysed(typed, 1, self.advice)[1] if len(filters) > 1 else ()
        analysis = Analysis(typed is not None, filters, found, one_segment)
        return explained(tree, analysis, self.schema, self._definitions, params)

    # ── evaluating ─────────────────────────────────────────────────────────────────────────────────────────────────

    def evaluate(
        self,
        expression: ExpressionOrText | Filters,
        user: User,
        params: Parameters | None = None,
        now: datetime | None = None,
    ) -> bool | None:
        """Whether the user matches: True, False, or None where it is unknown because the user lacks something.

        `user` is a record as described in the interface guide; `now` an aware datetime, by default the present. Scope
        clauses, which say which conversations count, are not evaluated. Raises `UserError` for a record that cannot be
        evaluated, and for an invalid expression what `compile` raises.
        """
        return self.matcher(expression, params, now)(user)

    def matcher(
        self, expression: ExpressionOrText | Filters, params: Parameters | None = None, now: datetime | None = None
    ) -> Callable[[User], bool | None]:
        """`evaluate` as a function of the user alone, prepared once and fast. `now` is fixed when it is prepared."""
        if isinstance(expression, Filters):
            from segdsl.wire.filters_evaluator import filters_matcher  # noqa: PLC0415  compiling evaluates nothing

            return filters_matcher(expression, _moment(now))
        from segdsl.evaluation.matcher import matcher  # noqa: PLC0415

        return matcher(self._typed(expression, params).condition, _moment(now))

    def explain_evaluation(
        self, expression: ExpressionOrText, user: User, params: Parameters | None = None, now: datetime | None = None
    ) -> "EvaluationExplanation":
        """The answer of `evaluate`, with the finding for each term and the terms that decided."""
        from segdsl.evaluation.explanation import explain_evaluation  # noqa: PLC0415  as above

        return explain_evaluation(self._typed(expression, params).condition, user, _moment(now))

    # ── help with writing ──────────────────────────────────────────────────────────────────────────────────────────

    def complete(
        self,
        text: str,
        offset: int,
        params: Parameters | None = None,
        *,
        definition: str | None = None,
        utf16: bool = False,
    ) -> "Completions":
        """What can stand at an offset of a text, best first; never raises for any text.

        Offsets count characters, in and out; with `utf16` UTF-16 code units, as JavaScript and editors do. The text
        after the offset changes only `end`. In the body of a `definition`, scope clauses and definitions that use it
        are not offered.
        """
        from segdsl.authoring.completion import completions  # noqa: PLC0415  compiling completes nothing
        from segdsl.authoring.place import Given  # noqa: PLC0415  as above

        _require_mapping(params)
        given = Given(self._resolver, self._definitions, params or {}, definition)
        if not utf16:
            return completions(text, offset, given)
        found = completions(text, from_utf16(text, offset), given)
        return replace(found, start=to_utf16(text, found.start), end=to_utf16(text, found.end))

    def hover(self, text: str, offset: int, params: Parameters | None = None, *, utf16: bool = False) -> "Hover | None":
        """What the word at an offset is, and its comparison in words; None where no word is known.

        Never raises for any text. Offsets are those of `complete`.
        """
        from segdsl.authoring.hover import hover  # noqa: PLC0415
        from segdsl.authoring.place import Given  # noqa: PLC0415  as above

        _require_mapping(params)
        given = Given(self._resolver, self._definitions, params or {})
        if not utf16:
            return hover(text, offset, given)
        found = hover(text, from_utf16(text, offset), given)
        if found is None:
            return None
        return replace(found, start=to_utf16(text, found.start), end=to_utf16(text, found.end))

    def fields(self) -> "tuple[FieldInfo, ...]":
        """All known names: the built-in ones, then the declared properties."""
        from segdsl.authoring.fields import fields_of  # noqa: PLC0415  as above

        return fields_of(self._resolver)

    # ── other languages, and the text itself ──────────────────────────────────────────────────────────────────────

    def sql(
        self,
        expression: ExpressionOrText,
        mapping: "sql_package.Mapping | None" = None,
        dialect: str = "duckdb",
        params: Parameters | None = None,
        now: datetime | None = None,
    ) -> "sql_package.SqlCondition":
        """The expression as SQL with the same meaning; see `segdsl.sql.compile`."""
        from segdsl import sql  # noqa: PLC0415  compiling needs no SQL

        return sql.compile(self._typed(expression, params), mapping, dialect, now, self.schema)

    def format(self, text: str, width: int | None = None) -> str:
        """The text in its canonical form, comments included; see `segdsl.format`. Declared dates lose their quotes."""
        from segdsl.semantics.spelling import with_unquoted_dates  # noqa: PLC0415  compiling prints nothing
        from segdsl.syntax.formatting import format as formatted  # noqa: PLC0415  as above

        return formatted(with_unquoted_dates(text, self.schema), width)

    # ── the stages ─────────────────────────────────────────────────────────────────────────────────────────────────

    def typed(self, expression: ExpressionOrText, params: Parameters | None = None) -> TypedExpression:
        """The checked expression, from which every back end starts. Raises `ParseError` and `CompileError`."""
        return self._typed(expression, params)

    def _compiled(
        self, expression: ExpressionOrText, params: Parameters | None, max_segments: int
    ) -> tuple[Filters, ...]:
        filters, problems = compiled(self._typed(expression, params, max_segments), max_segments, self.advice)
        if problems:
            raise CompileError(problems)
        return filters

    def _typed(
        self, expression: ExpressionOrText, params: Parameters | None, max_segments: int = MAX_SEGMENTS
    ) -> TypedExpression:
        typed, problems = self._checked(self._read(expression, params, max_segments), params)
        if typed is None:
            raise CompileError(problems)
        return typed

    def _read(self, expression: ExpressionOrText, params: Parameters | None, max_segments: int) -> Expression:
        """The tree. Raises `ParseError` with all errors of a text that is not an expression, those of meaning too."""
        parsed = self._parsed(expression)
        if parsed.expression is None or parsed.problems:
            found = self._problems(parsed, params, max_segments)
            raise ParseError([one for one in found if one.severity == "error"])
        return parsed.expression

    def _parsed(self, expression: ExpressionOrText) -> Parsed:
        if isinstance(expression, Expression):
            return Parsed(expression)
        return parse_repaired(expression, declared=self.schema.properties)

    def _problems(self, parsed: Parsed, params: Parameters | None, max_segments: int) -> tuple[Diagnostic, ...]:
        """The syntax errors of a text, and the errors and warnings of its repaired tree, one for each span."""
        if parsed.expression is None:
            return parsed.problems
        typed, found = self._checked(parsed.expression, params)
        if typed is not None and not parsed.guesses:
            found = analysed(typed, max_segments, self.advice)[1]
        found = tuple([one for one in found if not is_of_a_guess(one, "expression", parsed.guesses)])
        return in_order(without_repeats(parsed.problems, found, "expression"))

    def _checked(
        self, tree: Expression, params: Parameters | None
    ) -> tuple[TypedExpression | None, tuple[Diagnostic, ...]]:
        _require_mapping(params)
        return check_meaning(tree, "expression", self._resolver, params, self._definitions, self.advice)


def _require_mapping(params: object) -> None:
    if params is not None and not isinstance(params, Mapping):
        raise TypeError(f"params must be a mapping of names to values, not {type(params).__name__}")


def _require_one(max_segments: int) -> None:
    if max_segments < 1:
        raise ValueError("max_segments must be at least 1")


def _moment(now: datetime | None) -> datetime:
    if now is None:
        return datetime.now(UTC)
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime: give it a tzinfo")
    return now


# ── the functions of `segdsl` ────────────────────────────────────────────────────────────────────────────────────────

DEFAULT = Environment()
"""The environment without declarations."""


@lru_cache(maxsize=16)
def _of_schema(schema: Schema) -> Environment:
    return Environment(schema)


def environment_of(schema: Schema | None, definitions: Mapping[str, ExpressionOrText] | None) -> Environment:
    """The environment of a schema and definitions; environments without definitions are cached."""
    if definitions is not None:
        return Environment(schema, definitions)
    if schema is None:
        return DEFAULT
    return _of_schema(schema) if isinstance(schema, Schema) else Environment(schema)


def compile(  # noqa: A001  the name that users know from `re` and the builtin
    expression: ExpressionOrText,
    schema: Schema | None = None,
    params: Parameters | None = None,
    definitions: Mapping[str, ExpressionOrText] | None = None,
) -> Filters:
    """`Environment.compile` in the environment of the schema and definitions."""
    return environment_of(schema, definitions).compile(expression, params)


def compile_all(
    expression: ExpressionOrText,
    schema: Schema | None = None,
    params: Parameters | None = None,
    definitions: Mapping[str, ExpressionOrText] | None = None,
    max_segments: int = MAX_SEGMENTS,
) -> tuple[Filters, ...]:
    """`Environment.compile_all` in the environment of the schema and definitions."""
    return environment_of(schema, definitions).compile_all(expression, params, max_segments)


def check(
    expression: ExpressionOrText,
    schema: Schema | None = None,
    params: Parameters | None = None,
    definitions: Mapping[str, ExpressionOrText] | None = None,
    max_segments: int = MAX_SEGMENTS,
) -> tuple[Diagnostic, ...]:
    """`Environment.check` in the environment of the schema and definitions."""
    return environment_of(schema, definitions).check(expression, params, max_segments)


def explain(
    expression: ExpressionOrText,
    schema: Schema | None = None,
    params: Parameters | None = None,
    definitions: Mapping[str, ExpressionOrText] | None = None,
    max_segments: int = MAX_SEGMENTS,
) -> "Explanation":
    """`Environment.explain` in the environment of the schema and definitions."""
    return environment_of(schema, definitions).explain(expression, params, max_segments)


def complete(
    text: str,
    offset: int,
    schema: Schema | None = None,
    params: Parameters | None = None,
    definitions: Mapping[str, ExpressionOrText] | None = None,
    *,
    utf16: bool = False,
) -> "Completions":
    """`Environment.complete` in the environment of the schema and definitions."""
    return environment_of(schema, definitions).complete(text, offset, params, utf16=utf16)


def hover(
    text: str,
    offset: int,
    schema: Schema | None = None,
    params: Parameters | None = None,
    definitions: Mapping[str, ExpressionOrText] | None = None,
    *,
    utf16: bool = False,
) -> "Hover | None":
    """`Environment.hover` in the environment of the schema and definitions."""
    return environment_of(schema, definitions).hover(text, offset, params, utf16=utf16)


def fields(schema: Schema | None = None) -> "tuple[FieldInfo, ...]":
    """`Environment.fields` in the environment of the schema."""
    return environment_of(schema, None).fields()


def evaluate(
    expression: ExpressionOrText | Filters,
    user: User,
    now: datetime | None = None,
    schema: Schema | None = None,
    params: Parameters | None = None,
    definitions: Mapping[str, ExpressionOrText] | None = None,
) -> bool | None:
    """`Environment.evaluate` in the environment of the schema and definitions."""
    return environment_of(schema, definitions).evaluate(expression, user, params, now)


def matcher(
    expression: ExpressionOrText | Filters,
    now: datetime | None = None,
    schema: Schema | None = None,
    params: Parameters | None = None,
    definitions: Mapping[str, ExpressionOrText] | None = None,
) -> Callable[[User], bool | None]:
    """`Environment.matcher` in the environment of the schema and definitions."""
    return environment_of(schema, definitions).matcher(expression, params, now)


def explain_evaluation(
    expression: ExpressionOrText,
    user: User,
    now: datetime | None = None,
    schema: Schema | None = None,
    params: Parameters | None = None,
    definitions: Mapping[str, ExpressionOrText] | None = None,
) -> "EvaluationExplanation":
    """`Environment.explain_evaluation` in the environment of the schema and definitions."""
    return environment_of(schema, definitions).explain_evaluation(expression, user, params, now)

"""A session: the questions of a page about a text, and the answers, all in JSON values.

    session.ask("read", {"text": 'plan == "pro"', "dialect": "postgres"})

The playground calls it in the browser, through Pyodide; `segdsl studio` calls it for `POST /ask`. Only the compiler is
needed. Offsets count UTF-16 code units, as JavaScript does.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple, Protocol, Self

import msgspec
from msgspec import Meta, Struct

from segdsl import __version__
from segdsl.compiler.explanation import Explanation
from segdsl.diagnostics import Diagnostic
from segdsl.environment import Environment
from segdsl.errors import CompileError, ParseError, UserError
from segdsl.evaluation.explanation import TermVerdict, explain_evaluation
from segdsl.evaluation.matcher import matcher
from segdsl.limits import MAX_SEGMENTS
from segdsl.semantics.advice import FORM, Advice
from segdsl.semantics.schema import Schema
from segdsl.semantics.typed import TypedExpression, fold, leaves_of
from segdsl.semantics.wording import Sentence
from segdsl.source import to_utf16
from segdsl.sql.compiler import scope_warnings
from segdsl.sql.dialects import DIALECTS, dialect_named
from segdsl.sql.mapping import Mapping as Columns
from segdsl.sql.statements import Statements

MAX_REASONS = 5
"""The most deciding terms listed for one person; `more` is the number of the others."""


class NamedText(Struct, frozen=True):
    """An expression with the name of its segment, its definition or its example."""

    name: str
    text: str


class People(Struct, frozen=True):
    """Users by name: `rows` in all (None: not known); the session holds some of them as `records` for `evaluate`.

    `problem` says why they cannot be read.
    """

    name: str
    rows: int | None
    records: tuple[Any, ...]
    problem: str | None = None


class Content(Struct, frozen=True):
    """The content of a session: declarations, texts and people. `problems` are those of their file."""

    file: str | None = None
    schema: Schema | None = None
    definitions: tuple[NamedText, ...] = ()
    segments: tuple[NamedText, ...] = ()
    examples: tuple[NamedText, ...] = ()
    people: People | None = None
    mapping: Columns | None = None
    problems: tuple[Diagnostic, ...] = ()
    advice: Advice = FORM


class Counting(Protocol):
    """Counts members among many users."""

    def __call__(self, text: str, *, exact: bool, page: str) -> dict[str, Any]:
        """The answer of `Session.count`. Raises `ValueError` for a text with errors."""


# ── the parameters of the methods ──────────────────────────────────────────────────────────────────────────────────


class _Params(Struct, frozen=True, forbid_unknown_fields=True):
    pass


class _Read(_Params, frozen=True):
    text: str
    dialect: str | None = None


class _At(_Params, frozen=True):
    text: str
    offset: int


class _People(_Params, frozen=True):
    text: str
    limit: Annotated[int, Meta(ge=0)] = 100


class _Count(_Params, frozen=True):
    text: str
    exact: bool = True
    page: str = ""


class Session:
    """Answers questions about texts. It does not change, and threads may share it.

    `revision` changes with the content: if that of `read` differs from that of `start`, the page asks `start` again.
    `now` is the present, for `lastSeen`. Without `counting` nothing is counted.
    """

    def __init__(
        self,
        content: Content,
        *,
        revision: int = 0,
        counting: Counting | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.content = content
        self.environment = Environment(
            content.schema, {one.name: one.text for one in content.definitions}, advice=content.advice
        )
        self._revision = revision
        self._counting = counting
        self._now = now

    def with_counting(self, counting: Counting) -> Self:
        """The same session with this counting."""
        session = copy(self)
        session._counting = counting
        return session

    def ask(self, method: str, params: Mapping[str, Any]) -> Any:
        """The answer of a method; its docstring gives the shape.

        Raises `ValueError`, with a sentence, for an unknown method and for wrong params.
        """
        found = METHODS.get(method) if isinstance(method, str) else None
        if found is None:
            raise ValueError(f"there is no method {method!r}; there are {', '.join(METHODS)}")
        try:
            given = msgspec.convert(params, found.params)
        except msgspec.ValidationError as error:
            said = str(error)
            raise ValueError(f"wrong params for `{method}`: {said[:1].lower()}{said[1:]}") from error
        return found.answer(self, given)

    def start(self, _: _Params) -> dict[str, Any]:
        """`{version, revision, file, problems, fields, definitions, segments, examples, dialects, users, counts,
        max_segments}`: what the page shows at once. `problems` are those of the file, `counts` whether `count` can be
        asked."""
        content, people = self.content, self.content.people
        return {
            "version": __version__,
            "revision": self._revision,
            "file": content.file,
            "problems": [one.to_dict(utf16=True) for one in content.problems],
            "fields": msgspec.json.decode(msgspec.json.encode(self.environment.fields())),
            "definitions": [{"name": one.name, "text": one.text} for one in content.definitions],
            "segments": [{"name": one.name, "text": one.text} for one in content.segments],
            "examples": [{"title": one.name, "text": one.text} for one in content.examples],
            "dialects": list(DIALECTS),
            "users": people and {"name": people.name, "rows": people.rows, "problem": people.problem},
            "counts": self._counting is not None,
            "max_segments": MAX_SEGMENTS,
        }

    def read(self, given: _Read) -> dict[str, Any]:
        """`{revision, diagnostics, formatted, words, segments: [{name, expression, needs, filters, json}],
        sql, sql_diagnostics}`.

        `formatted` and `words` are null for a text with syntax errors; with any error there are no segments, and `sql`
        is null. `name` is null for one segment, else `1/3` and so on; `json` is what `segdsl compile` prints.
        `sql` is a condition for WHERE in `dialect`; `sql_diagnostics` say what it leaves out, or why there is none.
        """
        dialect = None if given.dialect is None else dialect_named(given.dialect)
        answer: dict[str, Any] = {"revision": self._revision, "formatted": None, "words": None, "segments": []}
        answer |= {"sql": None, "sql_diagnostics": []}
        try:
            found = self.environment.explain(given.text)
        except ParseError:
            return answer | {"diagnostics": _plain(self.environment.check(given.text))}
        answer |= {
            "diagnostics": _plain(found.diagnostics),
            "formatted": self.environment.format(given.text),
            "words": "\n".join(_words(found)),
            "segments": list(_segments(found)),
        }
        if dialect is not None and found.segments:
            typed, mapping = self.environment.typed(given.text), self.content.mapping or Columns()
            try:
                statements = Statements([("", typed)], mapping, dialect, None, self.environment.schema)
                answer |= {"sql": statements.where()[0], "sql_diagnostics": _plain(scope_warnings(typed))}
            except CompileError as error:
                answer |= {"sql_diagnostics": _plain(error.diagnostics)}
        return answer

    def complete(self, given: _At) -> dict[str, Any]:
        """The JSON of `segdsl complete --json`."""
        return self.environment.complete(given.text, given.offset, utf16=True).to_dict()

    def hover(self, given: _At) -> dict[str, Any] | None:
        """`{start, end, text}`, or null where no word is known."""
        found = self.environment.hover(given.text, given.offset, utf16=True)
        return found.to_dict() if found else None

    def people(self, given: _People) -> dict[str, Any]:
        """`{people: [{name, answer, because: [{term, answer, finding, from, to}], more}], members, unknown, malformed,
        total}`, of the users that the session holds.

        The first `limit` people are listed. Their `answer` is "member", "not", "unknown", or "malformed" for a record
        that cannot be evaluated; `because` holds the terms that decide, each "true", "false" or "unknown", with the
        person's value, and the place of the term in the text; for a term of a definition, the place of its use. The
        numbers are null for a text with errors.
        """
        records = self.content.people.records if self.content.people else ()
        try:
            typed = self.environment.typed(given.text)
        except (CompileError, ParseError):
            return {"people": [], **dict.fromkeys(("members", "unknown", "malformed")), "total": len(records)}
        now = self._now()
        answers = _answers(typed, records, now)
        reasons = _Reasons(typed, given.text, now)
        shown = list(zip(records, answers, strict=True))[: given.limit]
        return {
            "people": [
                {"name": _name(record, number), "answer": answer, **reasons.of(record)}
                for number, (record, answer) in enumerate(shown, start=1)
            ],
            "members": answers.count("member"),
            "unknown": answers.count("unknown"),
            "malformed": answers.count("malformed"),
            "total": len(records),
        }

    def count(self, given: _Count) -> dict[str, Any]:
        """`{members, unknown, malformed, total, estimate, drawn, overlap: [{segment, both}], diagnostics}` among all
        users.

        `total` are the users that are not malformed, and `both` the members who are in a segment of the file, too. With
        `exact` false it may be an estimate from a sample of `drawn` users: ask again then. `diagnostics` report the
        parts that the counts leave out. `page` may be any text; a later count of the same page cancels this one.
        """
        if self._counting is None:
            raise ValueError("nothing is counted here: there is no file of users")
        return self._counting(given.text, exact=given.exact, page=given.page)


class Method(NamedTuple):
    """The shape of a method's params, and the function that answers."""

    params: type[_Params]
    answer: Callable[[Session, Any], Any]


METHODS: dict[str, Method] = {
    "start": Method(_Params, Session.start),
    "read": Method(_Read, Session.read),
    "complete": Method(_At, Session.complete),
    "hover": Method(_At, Session.hover),
    "people": Method(_People, Session.people),
    "count": Method(_Count, Session.count),
}


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plain(diagnostics: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    return [one.to_dict(utf16=True) for one in diagnostics]


def _words(found: Explanation) -> Iterator[str]:
    """The expression, its scope and the definitions that it uses, in lines."""
    yield from _outlined(found.says)
    if found.scope:
        yield f"Of their conversations these count: {', '.join(found.scope)}."
    for definition in found.definitions:
        yield f"@{definition.name}:"
        yield from _outlined(definition.says)


def _outlined(sentence: Sentence) -> Iterator[str]:
    return (f"{'  ' * depth}- {says}" for says, depth in sentence.outline())


def _segments(found: Explanation) -> Iterator[dict[str, Any]]:
    count = len(found.segments)
    for number, one in enumerate(found.segments, start=1):
        yield {
            "name": None if count == 1 else f"{number}/{count}",
            "expression": one.expression,
            "needs": list(one.needs),
            "filters": one.filters.to_dict(),
            "json": msgspec.json.format(one.filters.to_json(), indent=2).decode(),
        }


# ── people ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_ANSWERS = {True: "member", False: "not", None: "unknown"}
_VERDICTS = {True: "true", False: "false", None: "unknown"}


def _answers(typed: TypedExpression, records: Sequence[Any], now: datetime) -> list[str]:
    matches = matcher(typed.condition, now)

    def answer(record: Any) -> str:
        try:
            return _ANSWERS[matches(record)]
        except UserError:
            return "malformed"

    return [answer(record) for record in records]


def _name(record: Any, number: int) -> str:
    known = record.get("id") if isinstance(record, Mapping) else None
    return f"user {number}" if known is None or isinstance(known, dict | list) else str(known)


class _Reasons:
    """The reasons why people are members or not, with the places of the deciding terms in the text."""

    def __init__(self, typed: TypedExpression, text: str, now: datetime) -> None:
        self._condition, self._now = typed.condition, now
        self._places = [
            {"from": to_utf16(text, span.start), "to": to_utf16(text, span.end)}
            for span in (
                origin.spans.leaf(leaf) for origin, leaf in map(typed.uses.lifted, _first_predicates(typed.condition))
            )
        ]

    def of(self, record: Any) -> dict[str, Any]:
        """`because` and `more` of a person."""
        try:
            found = explain_evaluation(self._condition, record, self._now)
        except UserError as error:
            reason = {"term": "", "answer": "unknown", "finding": str(error), "from": None, "to": None}
            return {"because": [reason], "more": 0}
        place_of = {id(term): place for term, place in zip(found.terms, self._places, strict=True)}
        shown = found.deciding[:MAX_REASONS]
        because = [_reason(term) | place_of[id(term)] for term in shown]
        return {"because": because, "more": len(found.deciding) - len(shown)}


def _reason(term: TermVerdict) -> dict[str, Any]:
    return {"term": term.text, "answer": _VERDICTS[term.verdict], "finding": term.finding}


def _first_predicates(condition: Any) -> list[Any]:
    """The first predicate of each written leaf, in the order of `EvaluationExplanation.terms`."""
    found: list[Any] = []
    fold(condition, lambda leaf: found.append(leaves_of(leaf)[0]), lambda _, __: None, as_written=True)
    return found


# ── as JSON texts ──────────────────────────────────────────────────────────────────────────────────────────────────


def answered(session: Session, question: str | bytes) -> tuple[bool, str]:
    """The answer to `{"method": …, "params": {…}}`, both as JSON texts, and whether the question was valid.

    The answer to an invalid one is `{"error": sentence}`. The answer is ASCII, so that half a surrogate pair survives.
    """
    try:
        asked = msgspec.convert(json.loads(question), _Question)
        return True, json.dumps(session.ask(asked.method, asked.params))
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        return False, json.dumps({"error": str(error)})


class _Question(Struct, frozen=True, forbid_unknown_fields=True):
    method: str
    params: dict[str, Any] = {}

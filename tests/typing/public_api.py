"""Everything public, as programs use it. Type checkers read this file; nothing runs it.

Where a line must be refused, a comment says so for each checker, and an unnecessary one is an error itself.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, assert_type
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace
from pydantic import BaseModel

import segdsl
from segdsl import sandbox
from segdsl.builder import ComparableField
from segdsl.evaluation.explanation import EvaluationExplanation
from segdsl.integrations.msgspec import CheckedFilters, dec_hook, dec_hook_for, enc_hook
from segdsl.integrations.msgspec import ExpressionText as StructText
from segdsl.integrations.pydantic import Checked, ExpressionText
from segdsl.syntax.nodes import And, Comparison, Condition, Parameter

# ── compiling ──────────────────────────────────────────────────────────────────────────────────────────────────────

schema = segdsl.Schema(
    properties={"plan": ["free", "pro"], "seats": "integer"}, conversation_properties={"channel": ("web", "slack")}
)
expression = segdsl.parse('commercialIntent >= 0.6 and plan == "pro"')
assert_type(expression, segdsl.Expression)
assert_type(segdsl.parse("a", name="segments.toml"), segdsl.Expression)
assert_type(segdsl.Expression.from_dict(expression.to_dict()), segdsl.Expression)

filters = segdsl.compile(expression, schema, {"n": 5}, {"engaged": "rating > 3", "other": expression})
assert_type(filters, segdsl.Filters)
assert_type(segdsl.compile("rating > 3", schema=None, params=None, definitions=None), segdsl.Filters)
assert_type(segdsl.compile_all("a or b", max_segments=2), tuple[segdsl.Filters, ...])
assert_type(segdsl.unparse(expression, width=80), str)
assert_type(segdsl.format("a  # b", width=80), str)
assert_type(segdsl.NestingError("a"), segdsl.NestingError)
assert_type(segdsl.decompile(filters), segdsl.Expression)
assert_type(segdsl.decompile(filters.to_dict()), segdsl.Expression)

segdsl.compile(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
segdsl.compile_all("a or b", max_segments="2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
segdsl.Schema(properties={"seats": int})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]

for problem in segdsl.check("rating >", schema, max_segments=1):
    assert_type(problem, segdsl.Diagnostic)
    assert_type(problem.severity, Literal["error", "warning"])
    assert_type((problem.code, problem.message, problem.source_name), tuple[str, str, str])
    assert_type((problem.line, problem.column, problem.span.start, problem.span.end), tuple[int, int, int, int])
    assert_type(problem.help, tuple[str, ...])
    assert_type(problem.fixes, tuple[segdsl.Fix, ...])
    assert_type([edit for fix in problem.fixes for edit in fix.edits], list[segdsl.Edit])
    assert_type(problem.to_dict(), dict[str, Any])
    assert_type(problem.to_dict(utf16=True), dict[str, Any])

# ── help with writing ──────────────────────────────────────────────────────────────────────────────────────────────

done = segdsl.complete("plan == ", 8, schema, {"n": 5}, {"engaged": "rating > 3"}, utf16=True)
assert_type(done, segdsl.Completions)
assert_type((done.start, done.end, done.expected), tuple[int, int, str])
assert_type(done.items, tuple[segdsl.Completion, ...])
for one in done.items:
    assert_type((one.label, one.insert, one.kind, one.detail, one.help), tuple[str, str, str, str, str])
assert_type(done.to_dict(), dict[str, Any])
assert_type(segdsl.hover("plan", 1, schema), segdsl.Hover | None)
assert_type(segdsl.fields(schema), tuple[segdsl.FieldInfo, ...])
segdsl.complete(expression, 3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# ── an environment ─────────────────────────────────────────────────────────────────────────────────────────────────

environment = segdsl.Environment(schema, {"engaged": "conversationCount >= 5"})
assert_type(environment.compile("@engaged", params={}), segdsl.Filters)
assert_type(environment.complete("pl", 2, {"n": 5}, definition="engaged"), segdsl.Completions)
assert_type(environment.hover("plan", 2, {"n": 5}, utf16=True), segdsl.Hover | None)
assert_type(environment.fields(), tuple[segdsl.FieldInfo, ...])
assert_type(environment.compile_all(expression, max_segments=2), tuple[segdsl.Filters, ...])
assert_type(environment.check("@engaged"), tuple[segdsl.Diagnostic, ...])
assert_type(environment.evaluate("@engaged", {}), bool | None)
assert_type(environment.matcher("@engaged")({}), bool | None)
assert_type(environment.format("a  # b"), str)
assert_type(environment.explain("@engaged").expression, str)
assert_type(segdsl.explain("a or b").segments[0].filters, segdsl.Filters)
segdsl.Environment({"plan": "string"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# ── values ─────────────────────────────────────────────────────────────────────────────────────────────────────────

assert_type(filters.to_dict(), dict[str, Any])
assert_type(filters.to_json(), bytes)
assert_type(segdsl.Filters.from_dict({"rules": []}), segdsl.Filters)
segment = segdsl.Segment(name="A", description=None, icon="Users", filters=filters)
assert_type(segment.name, str | None)
assert_type(segment.to_dict(), dict[str, Any])
segdsl.Segment(name="A")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
segment.name = "B"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]

match expression.condition:
    case And(operands):
        assert_type(operands, tuple[Condition, ...])
    case Comparison(name, operator, _):
        assert_type((name, operator), tuple[str, str])
    case _:
        pass

# ── evaluating ─────────────────────────────────────────────────────────────────────────────────────────────────────

user_record: Mapping[str, Any] = {"analysis": {"commercialIntent": 0.7}, "properties": {"plan": "pro"}}
now = datetime.now(UTC)
assert_type(segdsl.evaluate(expression, user_record, now, schema), bool | None)
assert_type(segdsl.evaluate(filters, user_record), bool | None)
matches = segdsl.matcher("rating > $n", now, params={"n": 3})
assert_type(matches, Callable[[Mapping[str, Any]], bool | None])
assert_type(matches(user_record), bool | None)
explained = segdsl.explain_evaluation("a or b", user_record, now)
assert_type(explained, EvaluationExplanation)
segdsl.explain_evaluation(filters, user_record)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# ── building ───────────────────────────────────────────────────────────────────────────────────────────────────────

field, param = segdsl.field, segdsl.param
assert_type(field("plan"), ComparableField)
assert_type(field("plan").name, str)
assert_type(segdsl.user["2fa"], ComparableField)
assert_type(segdsl.conversation("channel"), ComparableField)
assert_type(param("plan"), Parameter)
assert_type(field("commercialIntent") >= 0.6, segdsl.Expression)
assert_type(field("commercialIntent") >= 0.6, segdsl.Expression)
assert_type(field("plan") == "pro", segdsl.Expression)
assert_type(field("plan") != param("plan"), segdsl.Expression)
assert_type(field("plan").in_(["pro", param("plan")]), segdsl.Expression)
assert_type(field("seats").not_in({1, 2}), segdsl.Expression)
assert_type(field("seats").in_(param("seats")), segdsl.Expression)
assert_type(field("company").contains("GmbH"), segdsl.Expression)
assert_type(field("rating").between(2, 4.5), segdsl.Expression)
assert_type(field("lastSeen").within("7d"), segdsl.Expression)
assert_type(field("lastSeen").before(timedelta(days=7)), segdsl.Expression)
assert_type(field("isAdmin").is_true() | field("isOwner").is_false(), segdsl.Expression)
assert_type(field("isAdmin") & ~field("isOwner"), segdsl.Expression)
assert_type((field("seats") > 5) & field("isAdmin"), segdsl.Expression)
assert_type(field("isAdmin") | (field("seats") > 5), segdsl.Expression)
assert_type(~expression & segdsl.definition("engaged"), segdsl.Expression)
assert_type(segdsl.all_of(expression, field("isAdmin"), field("seats") > 5), segdsl.Expression)
assert_type(segdsl.any_of(*[field("plan") == plan for plan in ("free", "pro")]), segdsl.Expression)
scoped = segdsl.scoped(expression, during="30d", from_=date(2026, 1, 1), to=now, products=[UUID(int=1), "…"])
assert_type(scoped, segdsl.Expression)
assert_type(segdsl.scoped(field("isAdmin"), during=param("period"), products=param("ids")), segdsl.Expression)

field("lastSeen").within(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
expression & "rating > 3"  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]

# ── walking ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Licences(segdsl.Transformer):
    def transform_comparison(self, node: Comparison) -> Condition:
        return replace(node, name="licences") if node.name == "seats" else node


class Values(segdsl.Visitor):
    def visit_comparison(self, node: Comparison) -> None:
        print(node.value)


assert_type(Licences().transform(expression), segdsl.Expression)
assert_type(Licences().transform(expression.condition), Condition)
Values().visit(expression)
assert_type(segdsl.names_in(expression), tuple[str, ...])
assert_type(segdsl.params_in(expression), tuple[str, ...])
assert_type(segdsl.definitions_in(expression), tuple[str, ...])

# ── the API ────────────────────────────────────────────────────────────────────────────────────────────────────────


def create() -> str:
    with segdsl.Client(api_key=None, base_url=None, timeout=60.0, max_retries=2) as client:
        assert_type(client, segdsl.Client)
        created = client.create_segment(segment)
        assert_type(created, segdsl.CreatedSegment)
        assert_type(client.list_segments(), Iterator[segdsl.SegmentSummary])
        assert_type(client.get_segment(created.id), segdsl.SegmentDetail)
        assert_type(created.parsed_filters(), segdsl.Filters | None)
        return created.id


async def create_async() -> str:
    async with segdsl.AsyncClient() as client:
        assert_type(client, segdsl.AsyncClient)
        created = await client.create_segment(segment)
        assert_type(created, segdsl.CreatedSegment)
        assert_type(client.list_segments(), AsyncIterator[segdsl.SegmentSummary])
        async for summary in client.list_segments():
            assert_type((summary.name, summary.is_custom), tuple[str, bool])
        assert_type(await client.get_segment(created.id), segdsl.SegmentDetail)
        return created.id


def told() -> None:
    try:
        create()
    except segdsl.ParseError as error:
        assert_type(error.diagnostics, tuple[segdsl.Diagnostic, ...])
    except segdsl.CompileError as error:
        assert_type(error.diagnostics, tuple[segdsl.Diagnostic, ...])
    except segdsl.AmbiguousCreateError as error:
        assert_type(error.ids, tuple[str, ...])
    except segdsl.RateLimitError as error:
        assert_type(error.retry_after, float | None)
    except (segdsl.AuthenticationError, segdsl.QuotaExceededError) as error:
        assert_type(error.status, int | None)
    except segdsl.ApiError as error:
        assert_type(error.request_id, str | None)
    except segdsl.ConfigError as error:
        assert_type(error.message, str)
    except segdsl.InvalidSegmentError as error:
        assert_type(error.problems, tuple[str, ...])
    except segdsl.UserError as error:
        raise segdsl.SegdslError("…") from error


# ── inside other libraries ─────────────────────────────────────────────────────────────────────────────────────────


class Rule(BaseModel):
    where: ExpressionText
    target: Annotated[segdsl.Expression, Checked(schema=schema, max_segments=1)] | None = None


assert_type(Rule(where=expression).where, segdsl.Expression)
assert_type(Rule.model_validate({"where": "rating > 3"}).target, segdsl.Expression | None)


class Record(msgspec.Struct):
    where: StructText
    filters: CheckedFilters | None = None


record = msgspec.json.decode(b"{}", type=Record, dec_hook=dec_hook)
assert_type(record.where.expression, segdsl.Expression)
assert_type(record.filters, segdsl.Filters | None)
assert_type(segdsl.compile(record.where), segdsl.Filters)
msgspec.json.decode(b"{}", type=Record, dec_hook=dec_hook_for(schema=schema, params={"n": 1}, max_segments=1))
msgspec.json.encode(record, enc_hook=enc_hook)


@pytest.mark.segdsl_sandbox(max_segments=3)
def test_with_the_fixtures(segdsl_sandbox: sandbox.RunningSandbox, segdsl_client: segdsl.Client) -> None:
    segdsl_sandbox.faults.once("drop-after-commit")
    assert_type(segdsl_client.create_segment(segment).adopted, bool)
    assert_type([stored.id for stored in segdsl_sandbox.store.custom()], list[str])


with sandbox.running(faults=["rate-limit=0.5"], seed=1) as running:
    assert_type(running, sandbox.RunningSandbox)
    segdsl.Client(running.api_key, running.base_url).close()
assert_type(segdsl.__version__, str)

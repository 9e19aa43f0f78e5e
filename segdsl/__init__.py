"""segdsl: a compiler for user-segment expressions.

>>> import segdsl
>>> segdsl.compile('commercialIntent >= 0.6').to_dict()
{'rules': [{'type': 'analysis', 'field': 'commercialIntent', 'operator': 'gte', 'value': 0.6}]}
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from segdsl.diagnostics import Diagnostic, Edit, Fix
from segdsl.environment import Environment, check, compile, compile_all  # noqa: A004  the names that users know
from segdsl.errors import (
    AmbiguousCreateError,
    ApiError,
    AuthenticationError,
    CompileError,
    ConfigError,
    InvalidSegmentError,
    NestingError,
    ParseError,
    QuotaExceededError,
    RateLimitError,
    SegdslError,
    UserError,
)
from segdsl.semantics.schema import Schema
from segdsl.syntax.nodes import Expression
from segdsl.syntax.parser import parse
from segdsl.wire.filters import Filters
from segdsl.wire.segment import Segment

if TYPE_CHECKING:
    from segdsl.builder import all_of, any_of, conversation, definition, field, param, scoped, user
    from segdsl.compiler.decompile import decompile
    from segdsl.environment import evaluate, explain, explain_evaluation, matcher
    from segdsl.remote.client import AsyncClient, Client
    from segdsl.remote.models import CreatedSegment, SegmentDetail, SegmentSummary
    from segdsl.syntax.formatting import format  # noqa: A004  the name that users know
    from segdsl.syntax.printer import unparse
    from segdsl.syntax.visitor import Transformer, Visitor, definitions_in, names_in, params_in

__version__ = "0.1.0"

__all__ = [
    "AmbiguousCreateError",
    "ApiError",
    "AsyncClient",
    "AuthenticationError",
    "Client",
    "CompileError",
    "ConfigError",
    "CreatedSegment",
    "Diagnostic",
    "Edit",
    "Environment",
    "Expression",
    "Filters",
    "Fix",
    "InvalidSegmentError",
    "NestingError",
    "ParseError",
    "QuotaExceededError",
    "RateLimitError",
    "Schema",
    "SegdslError",
    "Segment",
    "SegmentDetail",
    "SegmentSummary",
    "Transformer",
    "UserError",
    "Visitor",
    "all_of",
    "any_of",
    "check",
    "compile",
    "compile_all",
    "conversation",
    "decompile",
    "definition",
    "definitions_in",
    "evaluate",
    "explain",
    "explain_evaluation",
    "field",
    "format",
    "matcher",
    "names_in",
    "param",
    "params_in",
    "parse",
    "scoped",
    "unparse",
    "user",
]

# what compiling does not need is loaded when it is asked for (PEP 562): httpx alone takes longer than all the rest
_ELSEWHERE = {
    "AsyncClient": "segdsl.remote.client",
    "Client": "segdsl.remote.client",
    "CreatedSegment": "segdsl.remote.models",
    "SegmentDetail": "segdsl.remote.models",
    "SegmentSummary": "segdsl.remote.models",
    "Transformer": "segdsl.syntax.visitor",
    "Visitor": "segdsl.syntax.visitor",
    "all_of": "segdsl.builder",
    "any_of": "segdsl.builder",
    "conversation": "segdsl.builder",
    "decompile": "segdsl.compiler.decompile",
    "definition": "segdsl.builder",
    "definitions_in": "segdsl.syntax.visitor",
    "evaluate": "segdsl.environment",
    "explain": "segdsl.environment",
    "explain_evaluation": "segdsl.environment",
    "field": "segdsl.builder",
    "format": "segdsl.syntax.formatting",
    "matcher": "segdsl.environment",
    "names_in": "segdsl.syntax.visitor",
    "param": "segdsl.builder",
    "params_in": "segdsl.syntax.visitor",
    "scoped": "segdsl.builder",
    "unparse": "segdsl.syntax.printer",
    "user": "segdsl.builder",
}


def __getattr__(name: str) -> Any:
    if name not in _ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_ELSEWHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

"""segdsl: a compiler for user-segment expressions.

>>> import segdsl
>>> segdsl.compile('commercialIntent >= 0.6').to_dict()
{'rules': [{'type': 'analysis', 'field': 'commercialIntent', 'operator': 'gte', 'value': 0.6}]}
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segdsl.authoring.candidates import Completion
    from segdsl.authoring.completion import Completions
    from segdsl.authoring.fields import FieldInfo
    from segdsl.authoring.hover import Hover
    from segdsl.builder import all_of, any_of, conversation, definition, field, param, scoped, user
    from segdsl.compiler.decompile import decompile
    from segdsl.diagnostics import Diagnostic, Edit, Fix
    from segdsl.environment import (
        Environment,
        check,
        compile,  # noqa: A004  the name that users know
        compile_all,
        complete,
        evaluate,
        explain,
        explain_evaluation,
        fields,
        hover,
        matcher,
    )
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
    from segdsl.remote.client import AsyncClient, Client
    from segdsl.remote.models import CreatedSegment, SegmentDetail, SegmentSummary
    from segdsl.semantics.schema import Schema
    from segdsl.syntax.formatting import format  # noqa: A004  the name that users know
    from segdsl.syntax.nodes import Expression
    from segdsl.syntax.parser import parse
    from segdsl.syntax.printer import unparse
    from segdsl.syntax.visitor import Transformer, Visitor, definitions_in, names_in, params_in
    from segdsl.wire.filters import Filters
    from segdsl.wire.segment import Segment

__version__ = "0.1.0"

__all__ = [
    "AmbiguousCreateError",
    "ApiError",
    "AsyncClient",
    "AuthenticationError",
    "Client",
    "CompileError",
    "Completion",
    "Completions",
    "ConfigError",
    "CreatedSegment",
    "Diagnostic",
    "Edit",
    "Environment",
    "Expression",
    "FieldInfo",
    "Filters",
    "Fix",
    "Hover",
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
    "complete",
    "conversation",
    "decompile",
    "definition",
    "definitions_in",
    "evaluate",
    "explain",
    "explain_evaluation",
    "field",
    "fields",
    "format",
    "hover",
    "matcher",
    "names_in",
    "param",
    "params_in",
    "parse",
    "scoped",
    "unparse",
    "user",
]

# Each name is loaded when it is first used (PEP 562): a program loads only what it uses, and Ctrl-C during the imports
# of the command line reaches its entry point, which exits quietly.
_HOMES = {
    "AmbiguousCreateError": "segdsl.errors",
    "ApiError": "segdsl.errors",
    "AsyncClient": "segdsl.remote.client",
    "AuthenticationError": "segdsl.errors",
    "Client": "segdsl.remote.client",
    "CompileError": "segdsl.errors",
    "Completion": "segdsl.authoring.candidates",
    "Completions": "segdsl.authoring.completion",
    "ConfigError": "segdsl.errors",
    "CreatedSegment": "segdsl.remote.models",
    "Diagnostic": "segdsl.diagnostics",
    "Edit": "segdsl.diagnostics",
    "Environment": "segdsl.environment",
    "Expression": "segdsl.syntax.nodes",
    "FieldInfo": "segdsl.authoring.fields",
    "Filters": "segdsl.wire.filters",
    "Fix": "segdsl.diagnostics",
    "Hover": "segdsl.authoring.hover",
    "InvalidSegmentError": "segdsl.errors",
    "NestingError": "segdsl.errors",
    "ParseError": "segdsl.errors",
    "QuotaExceededError": "segdsl.errors",
    "RateLimitError": "segdsl.errors",
    "Schema": "segdsl.semantics.schema",
    "SegdslError": "segdsl.errors",
    "Segment": "segdsl.wire.segment",
    "SegmentDetail": "segdsl.remote.models",
    "SegmentSummary": "segdsl.remote.models",
    "Transformer": "segdsl.syntax.visitor",
    "UserError": "segdsl.errors",
    "Visitor": "segdsl.syntax.visitor",
    "all_of": "segdsl.builder",
    "any_of": "segdsl.builder",
    "check": "segdsl.environment",
    "compile": "segdsl.environment",
    "compile_all": "segdsl.environment",
    "complete": "segdsl.environment",
    "conversation": "segdsl.builder",
    "decompile": "segdsl.compiler.decompile",
    "definition": "segdsl.builder",
    "definitions_in": "segdsl.syntax.visitor",
    "evaluate": "segdsl.environment",
    "explain": "segdsl.environment",
    "explain_evaluation": "segdsl.environment",
    "field": "segdsl.builder",
    "fields": "segdsl.environment",
    "format": "segdsl.syntax.formatting",
    "hover": "segdsl.environment",
    "matcher": "segdsl.environment",
    "names_in": "segdsl.syntax.visitor",
    "param": "segdsl.builder",
    "params_in": "segdsl.syntax.visitor",
    "parse": "segdsl.syntax.parser",
    "scoped": "segdsl.builder",
    "unparse": "segdsl.syntax.printer",
    "user": "segdsl.builder",
}


# `segdsl.errors` and the other modules above are attributes after `import segdsl`, too.
_MODULES = {home.split(".")[1] for home in _HOMES.values()}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"segdsl.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

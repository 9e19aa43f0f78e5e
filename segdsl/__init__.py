"""segdsl: a compiler for user-segment expressions.

    >>> import segdsl
    >>> segdsl.compile('commercialIntent >= 0.6 and plan == "enterprise"').to_json().decode()
    '{"rules":[{"type":"analysis","field":"commercialIntent","operator":"gte","value":0.6},{"type":"property","key":"plan","operator":"eq","value":"enterprise"}]}'
"""

from segdsl.compiler import check, compile, compile_all
from segdsl.diagnostics import Diagnostic
from segdsl.errors import (
    AmbiguousCreateError,
    ApiError,
    AuthenticationError,
    CompileError,
    ConfigError,
    InvalidSegmentError,
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

__version__ = "0.1.0"

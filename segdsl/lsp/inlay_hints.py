"""How many segments an expression becomes, behind each that becomes several."""

from lsprotocol.types import TEXT_DOCUMENT_INLAY_HINT, InlayHint

from segdsl.lsp.features import Feature, Request
from segdsl.source import Span


def inlay_hints(request: Request) -> list[InlayHint]:
    """The hints in a range of the document."""
    config, environment = request.config, request.environment
    if config is None or environment is None:
        return []
    asked = request.document.span(request.params.range)
    found = []
    for segment in config.segments:
        end = segment.where.span.end if segment.split else -1
        if asked.start <= end <= asked.end:
            filters, _ = environment.analyse(segment.where.value, max_segments=segment.max_segments)
            if len(filters) > 1:
                place = request.document.range(Span(end, end)).start
                found.append(InlayHint(place, f"{len(filters)} segments", padding_left=True))
    return found


FEATURE = Feature(TEXT_DOCUMENT_INLAY_HINT, inlay_hints)

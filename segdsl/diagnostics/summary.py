"""How many errors and warnings there are."""

from collections import Counter
from collections.abc import Sequence

from segdsl.diagnostics.diagnostic import Diagnostic


def tally(diagnostics: Sequence[Diagnostic]) -> dict[str, int]:
    """The numbers as `{"errors": 2, "warnings": 1}`."""
    counted = Counter(diagnostic.severity for diagnostic in diagnostics)
    return {"errors": counted["error"], "warnings": counted["warning"]}


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """The numbers in words: `2 errors, 1 warning`, or `no problems`."""
    counted = ((word.removesuffix("s"), number) for word, number in tally(diagnostics).items())
    return ", ".join(f"{number} {word}{'s' * (number != 1)}" for word, number in counted if number) or "no problems"

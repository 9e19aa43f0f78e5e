"""The results of a part of the benchmark, and their formatting."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Section(NamedTuple):
    """A part of the report: its title, Markdown, and by name the measures that targets are compared with."""

    title: str
    text: str
    measures: dict[str, float]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns except the first are aligned to the right."""
    marks = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, marks, *rows))


def micro(seconds: float) -> str:
    """Microseconds, to three digits."""
    value = seconds * 1e6
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def milli(seconds: float) -> str:
    """Milliseconds, to a tenth."""
    return "∞" if seconds == float("inf") else f"{seconds * 1e3:,.1f}"


def ratio(value: float) -> str:
    """A ratio, to two decimals."""
    return "∞" if value == float("inf") else f"{value:.2f}" if value < 10 else f"{value:,.1f}"

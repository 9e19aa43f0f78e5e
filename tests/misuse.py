"""Wrong values, given on purpose."""

from typing import Any


def unchecked(value: object) -> Any:
    """The value itself, of any type for mypy: a test of misuse gives what the annotations forbid."""
    return value

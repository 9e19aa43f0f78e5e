"""What a table of Markdown takes, in the readings of both GitHub and the site."""

from html import escape

_BAR = "&#124;"
"""A bar that ends no cell. Inside a code span the two disagree about every other way to write one."""


def cell(text: str) -> str:
    """Text that may hold markup, but no bar inside a code span."""
    return text.replace("|", _BAR)


def code(text: str) -> str:
    """Text as code."""
    return f"`{text}`" if "|" not in text else f"<code>{escape(text, quote=False).replace('|', _BAR)}</code>"

"""Text for Markdown tables, read alike by GitHub and the site."""

from html import escape

_BAR = "&#124;"
"""A bar that does not end a cell. Inside a code span GitHub and the site disagree about all other spellings."""


def cell(text: str) -> str:
    """Text that may hold markup, but not a bar inside a code span."""
    return text.replace("|", _BAR)


def code(text: str) -> str:
    """Text as code."""
    return f"`{text}`" if "|" not in text else f"<code>{escape(text, quote=False).replace('|', _BAR)}</code>"

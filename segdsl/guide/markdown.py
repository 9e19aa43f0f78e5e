"""Code in Markdown."""


def code(text: str) -> str:
    """The text as Markdown's code."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"

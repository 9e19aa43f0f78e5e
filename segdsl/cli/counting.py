"""Numbers of things, in words."""


def counted(number: int, thing: str) -> str:
    """`1 file`, `2 files`, `1,024 files`."""
    return f"{number:,} {thing}{'s' * (number != 1)}"

"""What a host advises where no edit of the text helps: how to declare a property, how to allow several segments."""

from msgspec import Struct


class Advice(Struct, frozen=True):
    """The words of a host: how to declare `{key}` as a `{type}` (in `{table}`), and how to allow `{count}` segments."""

    declare: str
    allow_split: str


PYTHON = Advice('declare `{key}` as "{type}" in the schema', "take {count} segments with `segdsl.compile_all`")
CONFIG = Advice('declare `{key} = "{type}"` under [{table}]', "allow {count} segments with `split = true`")
COMMAND_LINE = Advice('declare `{key} = "{type}"` in the --schema file', "allow {count} segments with `--split`")
FORM = Advice("have `{key}` declared as {type}", "save it as {count} segments, one for each part")
"""For people who type into a form of a product, and know nothing of what is behind it."""

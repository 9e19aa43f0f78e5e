"""A host's help where no edit of the text helps: how to declare a property, how to allow several segments."""

from msgspec import Struct

from segdsl.catalogue import Field, Kind
from segdsl.syntax.literals import shortened


class Advice(Struct, frozen=True):
    """The words of a host: how to declare `{key}` as a `{type}` (in `{table}`), and how to allow `{count}` segments."""

    declare: str
    allow_split: str

    def to_declare(self, field: Field, type_: str) -> str:
        """How to declare a property of a type."""
        table = "conversation_properties" if field.kind is Kind.CONVERSATION_PROPERTY else "properties"
        return self.declare.format(key=shortened(field.key), type=type_, table=table)

    def to_allow(self, count: int) -> str:
        """How to allow this number of segments."""
        return self.allow_split.format(count=count)


PYTHON = Advice('declare `{key}` as "{type}" in the schema', "take {count} segments with `segdsl.compile_all`")
CONFIG = Advice('declare `{key} = "{type}"` under [{table}]', "allow {count} segments with `split = true`")
COMMAND_LINE = Advice('declare `{key} = "{type}"` in the --schema file', "allow {count} segments with `--split`")
FORM = Advice("have `{key}` declared as {type}", "save it as {count} segments, one for each part")
"""For people who type into a product's form, and do not know segdsl."""

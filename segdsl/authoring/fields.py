"""All known names, for forms and menus: what each is, how it is compared, and with which values."""

from msgspec import Struct

from segdsl.authoring.candidates import values_for
from segdsl.authoring.fitting import names_of, operators_of
from segdsl.catalogue import scale_of
from segdsl.semantics.names import field_of
from segdsl.semantics.resolution import Resolver
from segdsl.semantics.wording import name_sentence


class FieldInfo(Struct, frozen=True):
    """A name of the language.

    `kind` is "metric", "flag", "count", "last_seen", "property" or "conversation_property". The name takes the
    `operators`. `values` are the allowed literals, as they are written; empty if any others are allowed.
    `scale` is the least and the largest value of a metric, if they are documented. `words` say what the name is.
    """

    name: str
    kind: str
    operators: tuple[str, ...]
    values: tuple[str, ...]
    scale: tuple[int, int] | None
    words: str


def fields_of(resolver: Resolver) -> tuple[FieldInfo, ...]:
    """The built-in names, then the declared properties."""
    return tuple(_info(name, resolver) for name in names_of(resolver.schema))


def _info(name: str, resolver: Resolver) -> FieldInfo:
    field, schema = field_of(name), resolver.schema
    allowed = () if scale_of(field) else tuple(one.label for one in values_for(name, "==", resolver))
    operators = operators_of(name, resolver)
    return FieldInfo(name, str(field.kind), operators, allowed, scale_of(field), name_sentence(name, schema))

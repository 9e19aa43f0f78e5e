"""Expressions made in Python: the same trees that texts give.

    (field("commercialIntent") >= 0.6) & field("plan").in_(["pro", "enterprise"])
    scoped(~field("jailbreakDetected") & user["2fa"].is_true(), during="30d")

Values go into the tree and never into text, so nothing needs quoting. A name or value that no text could hold raises
`ParseError` at once; the meaning of names is checked when the expression is compiled, as for a text.
"""

from segdsl.builder.conditions import all_of, any_of, definition, param, scoped
from segdsl.builder.fields import ComparableField, Namespace, conversation, field, user

__all__ = [
    "ComparableField",
    "Namespace",
    "all_of",
    "any_of",
    "conversation",
    "definition",
    "field",
    "param",
    "scoped",
    "user",
]

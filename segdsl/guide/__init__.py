"""A guide for assistants and people who write expressions: short, exact, made from the compiler's own tables.

Every example is compiled with the given declarations before it is printed: an accepted one compiles without a warning,
and a refused one gets the code beside it.
"""

from segdsl.environment import check
from segdsl.guide.examples import Definitions, accepted, refused
from segdsl.guide.markdown import code
from segdsl.guide.names import names
from segdsl.limits import MAX_DURATION_DAYS, MAX_SEGMENTS, MAX_TEXT_LENGTH
from segdsl.semantics.schema import Schema
from segdsl.syntax.literals import MINUTES, PRESETS
from segdsl.syntax.names import KEYWORDS
from segdsl.syntax.parser import parse
from segdsl.syntax.printer import unparse


def authoring_guide(schema: Schema | None = None, definitions: Definitions | None = None) -> str:
    """The guide as Markdown, for the declared properties and definitions; without a schema, for any property."""
    declared = schema or Schema()
    given = definitions or {}
    usable = {name: text for name, text in given.items() if not check(f"@{name}", declared, definitions=given)}
    sections = [
        _opening(),
        names(declared),
        *([_definitions(usable)] if usable else []),
        _values(),
        _joining(),
        _meaning(),
        accepted(declared, usable),
        refused(declared, usable),
    ]
    return "\n\n".join(sections)


def _opening() -> str:
    return f"""# Writing segdsl expressions

An expression says which users are in a segment. It is one condition, as in

    commercialIntent >= 0.6 and lastSeen within 7d

Write the expression and nothing around it: no `where`, no `;`, no explanation, at most {MAX_TEXT_LENGTH} characters."""


def _definitions(definitions: Definitions) -> str:
    lines = [f"- `@{name}`: {code(unparse(parse(text)))}" for name, text in definitions.items()]
    return "\n".join(["## Definitions", "", "Named conditions; there are no others.", "", *lines])


def _values() -> str:
    units = ", ".join(f"`{unit}`" for unit in MINUTES)
    return f"""## Values

- Strings in double quotes, with JSON's escapes: `"pro"`. Numbers as in JSON: `0.6`, `-5`, `1e3`. `true` and `false`.
- Durations, unquoted: a whole number and one of {units}, at most {MAX_DURATION_DAYS} days: `7d`.
- Lists for `in`: `["free", "pro"]`, not empty.
- A comparison has one name and one value. There is no arithmetic, no function, no `null`, no wildcard."""


def _joining() -> str:
    words = " ".join(f"`{word}`" for word in sorted(KEYWORDS))
    presets = ", ".join(f"`during {preset}`" for preset in PRESETS)
    return f"""## Joining

- `not` binds tighter than `and`, `and` tighter than `or`; parentheses change that.
- Ranges: `0.3 <= sentiment < 0.7`, or `rating between 2 and 4` with both ends.
- At the very end, which conversations count: {presets}; `from 2026-01-01`, `to 2026-03-31`;
  `for product "UUID"` or `for products "UUID", "UUID"`. Each at most once.
- `#` begins a comment. Words of the language: {words}."""


def _meaning() -> str:
    return f"""## Meaning

- A user who lacks a field matches no condition on it, including `!=` and `not`. For all users who have it, write
  `rating < 1 or rating >= 1`.
- One segment joins its rules by `and`. What needs an `or` (also `in` with several values, `!=` on metrics, `>=` on
  properties not declared as whole numbers) becomes several segments, up to {MAX_SEGMENTS}, where the host allows it.
- `contains` cannot be negated: the API has no rule for that."""

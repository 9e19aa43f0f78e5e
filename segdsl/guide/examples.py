"""Accepted and refused examples, compiled with the given declarations before they are shown."""

from collections.abc import Iterator, Mapping

from segdsl.catalogue import NAMESPACE_OF, Field, Kind
from segdsl.diagnostics import CODES, Code, Diagnostic
from segdsl.environment import check
from segdsl.guide.markdown import code
from segdsl.semantics.names import name_everywhere
from segdsl.semantics.schema import DeclaredType, Schema
from segdsl.syntax.literals import quote
from segdsl.syntax.names import spelling

Definitions = Mapping[str, str]

_IMAGINED = Schema(
    properties={
        "plan": ["free", "pro", "enterprise"],
        "seats": "integer",
        "company": "string",
        "isAdmin": "boolean",
        "renewal": "date",
    },
    conversation_properties={"channel": "string"},
)
"""The properties in examples if none are declared."""


def accepted(schema: Schema, definitions: Definitions) -> str:
    """The section of accepted examples."""
    texts = [text for text in _examples(schema, definitions) if not check(text, schema, definitions=definitions)]
    return "\n".join(["## Accepted", "", "```segdsl", *texts, "```"])


def _examples(schema: Schema, definitions: Definitions) -> list[str]:
    """Expressions that show each construct with built-in names and declared properties."""
    return [
        "commercialIntent >= 0.6",
        "0.3 <= sentiment < 0.7",
        "rating between 2 and 4",
        "jailbreakDetected and not userToxicityDetected",
        "conversationCount > 5",
        "lastSeen within 7d and not lastSeen within 24h",
        "not (sentiment < 0.3 or frustration > 0.8)",
        "commercialIntent >= 0.6 during 30d",
        "cqi < 40 from 2026-01-01 to 2026-03-31",
        'rating < 3 for product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"',
        *(text for kind in NAMESPACE_OF for text in _property_examples(schema, kind)),
        *(f"@{name} and rating > 3" for name in list(definitions)[:1]),
    ]


def _property_examples(schema: Schema, kind: Kind) -> Iterator[str]:
    """An example for the first property of each type."""
    table = schema.declared(kind)
    if table is None:
        table = _IMAGINED.declared(kind) or {}
    shown = set()
    for key, declared in table.items():
        type_ = declared if isinstance(declared, str) else "list"
        if type_ not in shown:
            shown.add(type_)
            yield _example(name_everywhere(Field(kind, key)), declared)


def _example(name: str, declared: DeclaredType) -> str:
    if isinstance(declared, str):
        return _EXAMPLES[declared].format(name=name)
    if len(declared) == 1:
        return f"{name} == {quote(declared[0])}"
    return f"{name} in [{', '.join(map(quote, declared[-2:]))}]"


_EXAMPLES = {
    "string": '{name} contains "abc"',
    "number": "{name} > 0.5",
    "integer": "{name} >= 10",
    "boolean": "{name} and rating > 3",
    "date": "{name} >= 2026-01-31",
}

_HABITS = (
    "commercialIntent >= 60%",
    "sentiment is null",
    'company like "%GmbH%"',
    "lastSeen < 7d",
    'lastSeen > "2026-01-01"',
    'plan == "pro" and (',
)
"""What people who know other languages write; added to the examples of the table of codes."""


def refused(schema: Schema, definitions: Definitions) -> str:
    """The section of refused examples."""
    lines = [
        "## Refused, or warned about",
        "",
        *_refused_habits(schema, definitions),
        *_refused_properties(schema, definitions),
        *_refused_codes(schema, definitions),
    ]
    return "\n".join(lines)


def _refused_habits(schema: Schema, definitions: Definitions) -> Iterator[str]:
    for text in _HABITS:
        first, *_ = check(text, schema, definitions=definitions)
        yield _told(text, first)


def _refused_properties(schema: Schema, definitions: Definitions) -> Iterator[str]:
    """An undeclared name and an undeclared value, if there are declarations."""
    for kind, space in NAMESPACE_OF.items():
        for key, declared in list((schema.declared(kind) or {}).items())[:1]:
            wrong = [f"{spelling(space, key + 'x')} == 1"]
            if not isinstance(declared, str):
                wrong.append(f"{name_everywhere(Field(kind, key))} == {quote(declared[0] + 'x')}")
            for text in wrong:
                for first in check(text, schema, definitions=definitions)[:1]:
                    yield _told(text, first)


def _told(text: str, problem: Diagnostic) -> str:
    advice = f"; {problem.help[0]}" if problem.help else ""
    line = f"- {code(text)} is `{problem.code}`: {problem.message}{advice}"
    return line if line.endswith("?") else f"{line}."


def _refused_codes(schema: Schema, definitions: Definitions) -> Iterator[str]:
    """The examples of the table of codes that get the same code with the declared properties."""
    for name, entry in CODES.items():
        text = entry.example.strip()
        if entry.place != "expression" or not text.isprintable() or entry.example_params or entry.fix == entry.example:
            continue
        if name in _codes(text, schema, definitions):
            yield f"- {code(text)} is `{name}`: {entry.meaning}{_way_out(entry, schema, definitions)}"


def _way_out(entry: Code, schema: Schema, definitions: Definitions) -> str:
    if not entry.fix:
        return f" {entry.advice}"
    return f" Write {code(entry.fix)}." if not check(entry.fix, schema, definitions=definitions) else ""


def _codes(text: str, schema: Schema, definitions: Definitions) -> set[str]:
    """The problems of the text, for one segment or for several."""
    one = check(text, schema, definitions=definitions, max_segments=1)
    return {problem.code for problem in (*one, *check(text, schema, definitions=definitions))}

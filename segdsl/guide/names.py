"""All names, with their operators and values, as one table made from the compiler's own."""

from collections.abc import Iterable, Iterator

from segdsl.catalogue import BUILT_INS, KIND_WORDS, METRICS, NAMESPACE_OF, Field, Kind
from segdsl.guide.markdown import code
from segdsl.semantics.names import name_everywhere
from segdsl.semantics.objections import SIGNATURES, type_words
from segdsl.semantics.schema import DeclaredType, Schema
from segdsl.syntax.literals import quote
from segdsl.syntax.nodes import Date, Duration

_DECLARED: dict[DeclaredType, frozenset[type]] = {
    "string": frozenset([str]),
    "number": frozenset([int]),
    "integer": frozenset([int]),
    "boolean": frozenset([bool]),
    "date": frozenset([Date]),
}


def names(schema: Schema) -> str:
    """The section about names."""
    rows = [_row(group, f"a metric, {_scale(scale)}", Kind.METRIC) for scale, group in _by_scale().items()]
    rows += [_row(_built_in(kind), KIND_WORDS[kind].one, kind) for kind in (Kind.FLAG, Kind.COUNT, Kind.LAST_SEEN)]
    rows += [*_property_rows(schema, Kind.PROPERTY), *_property_rows(schema, Kind.CONVERSATION_PROPERTY)]
    return "\n".join(
        [
            "## Names",
            "",
            "| name | is | compared by | with |",
            "|---|---|---|---|",
            *rows,
            "",
            "Upper and lower case count. A name that is nearly a built-in one is refused.",
        ]
    )


def _by_scale() -> dict[tuple[int, int] | None, list[str]]:
    names: dict[tuple[int, int] | None, list[str]] = {}
    for name, scale in METRICS.items():
        names.setdefault(scale, []).append(name)
    return names


def _scale(scale: tuple[int, int] | None) -> str:
    return f"from {scale[0]} to {scale[1]}" if scale else "its scale is not documented"


def _built_in(kind: Kind) -> list[str]:
    return [name for name, field in BUILT_INS.items() if field.kind is kind]


def _row(names: Iterable[str], what: str, kind: Kind, declared: DeclaredType | None = None) -> str:
    return _cells(" ".join(map(code, names)), what, _operators(kind, declared), _values(kind, declared))


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _operators(kind: Kind, declared: DeclaredType | None) -> str:
    """The operators that take a value of the declared type, except `not in` and `not contains`: `not` makes those."""
    types = _literals(kind) if declared is None else _DECLARED.get(declared, frozenset([str]))
    compared = frozenset([int]) if declared == "date" else types  # a date has the operators of a number
    signature = SIGNATURES[kind]
    words = [word for word, accepted in signature.items() if accepted & compared and not word.startswith("not ")]
    words += ["between"] if "<" in words else []
    alone = " or its name alone" if bool in types else ""
    return " ".join(map(code, words)) + alone


def _literals(kind: Kind) -> frozenset[type]:
    return frozenset[type]().union(*SIGNATURES[kind].values())


def _values(kind: Kind, declared: DeclaredType | None) -> str:
    if isinstance(declared, tuple):
        return "one of " + ", ".join(code(quote(value)) for value in declared)
    if declared == "integer" or kind is Kind.COUNT:
        return "a whole number"
    types = _literals(kind) if declared is None else _DECLARED[declared]
    return " or ".join(dict.fromkeys(type_words(one) for one in (str, int, bool, Duration, Date) if one in types))


def _property_rows(schema: Schema, kind: Kind) -> Iterator[str]:
    table = schema.declared(kind)
    space, words = NAMESPACE_OF[kind], KIND_WORDS[kind].one
    if table is None:
        bare = ["any other name"] if kind is Kind.PROPERTY else []
        shown = ", ".join([*bare, code(f"{space}.KEY"), code(f'{space}["KEY"]')])
        yield _cells(shown, words, _operators(kind, None), _values(kind, None))
        return
    for key, declared in table.items():
        yield _row([name_everywhere(Field(kind, key))], words, kind, declared)
    yield _cells(f"*no {'other ' if table else ''}{space} property exists*", "", "", "")

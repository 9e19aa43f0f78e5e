"""Any text: parse → check → compile → unparse, and the laws between them.

    python fuzz/texts.py -max_total_time=900 CORPUS…

Run by `make fuzz`. A text that fails is written to a file `crash-…`; add it to tests/properties/test_any_text.py as an
`@example`.
"""

import json
import sys

import atheris
from instrument import instrument

instrument()

import segdsl  # noqa: E402

DEFINITIONS = {"x": "isAdmin or rating > 3", "y": "@y", "z": "not @x and company contains 'a'"}
PARAMS = {"x": "pro", "y": [1, "a", True], "z": "7d"}
LIMIT = 32


def compiled(source: "str | segdsl.Expression") -> list[str]:
    """The filters as JSON, or the codes of the refusal."""
    try:
        several = segdsl.compile_all(source, params=PARAMS, definitions=DEFINITIONS, max_segments=LIMIT)
    except (segdsl.ParseError, segdsl.CompileError) as refused:
        return [diagnostic.code for diagnostic in refused.diagnostics]
    return [filters.to_json().decode() for filters in several]


def errors_of(text: str) -> list[str]:
    """The codes of the errors of `check`; every span must be inside its text."""
    found = segdsl.check(text, params=PARAMS, definitions=DEFINITIONS, max_segments=LIMIT)
    for problem in found:
        assert 0 <= problem.span.start <= problem.span.end <= len(problem.source.text)
        assert str(problem)
    return [problem.code for problem in found if problem.severity == "error"]


def one_text(data: bytes) -> None:
    """Everything that must hold for a text, valid or not."""
    text = data.decode("utf-8", "surrogateescape")
    errors = errors_of(text)
    try:
        expression = segdsl.parse(text)
    except segdsl.ParseError:
        assert errors
        assert compiled(text) == errors
        return
    canonical = segdsl.unparse(expression)
    assert segdsl.parse(canonical) == expression
    assert segdsl.unparse(segdsl.parse(canonical)) == canonical
    assert segdsl.parse(segdsl.unparse(expression, width=20)) == expression
    tidy = segdsl.format(text, 40)
    assert segdsl.parse(tidy) == expression
    end = text[len(text.rstrip()) :]  # the indentation of one line stays only where its line ends
    assert segdsl.format(tidy + end, 40) == tidy
    found = compiled(text)
    assert found == (errors or compiled(expression))
    if not errors:
        assert found == compiled(canonical)
        for filters in found:
            # without definitions, because a name alone that one of them has is a near miss
            (again,) = segdsl.compile_all(segdsl.decompile(json.loads(filters)))
            assert again.to_json().decode() == filters


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_text)
    atheris.Fuzz()

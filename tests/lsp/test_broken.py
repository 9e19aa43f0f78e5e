"""Files that cannot be read: their expressions are found, and keep their syntax errors with the fixes."""

from random import Random
from typing import get_args

import pytest

from segdsl.config.document import FormatName
from segdsl.config.load import loads
from segdsl.lsp.expressions import own_expressions
from segdsl.lsp.literals import literals

from .client import Client, covered, edited
from .configs import CONFIGS
from .test_features import opened

FORMATS: tuple[FormatName, ...] = get_args(FormatName)
BROKEN = {
    "toml": """\
define.a = 'rating >'
[define]
"b" = "plan == \\u0022x" # "
[[segment]
where = '''
ratng > 3 # 😀
and cqi ==> 3'''
[[segment]]
where = "rating > 3" and
""",
    "yaml": """\
define:
  a: rating >
  'b': "plan == \\u0022x" # "
segment: ]
- where: |
    ratng > 3 # 😀
    and cqi ==> 3
- name: C
  where: rating > 3
""",
    "json": """\
{"define": {"a": "rating >", "b": "plan == \\u0022x"}, "segment": [,
  {"where": "ratng > 3 and 😀 and cqi ==> 3"}, {"name": "C", "where": "rating > 3"}
""",
}
FRAGMENTS = {"toml": "😀 '\"#=[].\n", "yaml": "😀 '\"#:|-{[\n", "json": '😀 "\\{}[]:,\n'}


@pytest.mark.parametrize("form", FORMATS)
def test_its_expressions_keep_their_syntax_errors(form: FormatName, shared: Client) -> None:
    uri = opened(shared, f"segments-keep.{form}", BROKEN[form])
    found = shared.diagnostics(uri)
    (whole,) = (one for one in found if one["code"] == "unreadable-config")
    assert whole["message"].endswith("until the file can be read, expressions are checked for their syntax only")
    errors = [(one["code"], covered(BROKEN[form], one["range"])) for one in found if one is not whole]
    odd = [("unknown-character", "😀")] if form == "json" else []
    assert errors == [("unexpected-end", ""), ("unterminated-string", "\\u0022x"), *odd, ("foreign-operator", "==>")]


@pytest.mark.parametrize("form", FORMATS)
def test_a_fix_is_written_into_it(form: FormatName, shared: Client) -> None:
    uri = opened(shared, f"segments-fix.{form}", BROKEN[form])
    problem = next(one for one in shared.diagnostics(uri) if one["code"] == "foreign-operator")
    first, *_ = shared.actions(uri, problem)
    assert edited(BROKEN[form], first["edit"]["changes"][uri]) == BROKEN[form].replace("==>", ">=")


@pytest.mark.parametrize("form", FORMATS)
def test_the_strings_of_a_file_are_those_that_its_format_finds(form: FormatName) -> None:
    config, _ = loads(CONFIGS[form], "a", form)
    assert config is not None
    known = [(text.path[-1] if text.path[0] == "define" else None, text.value) for text in own_expressions(config)]
    found = list(literals(CONFIGS[form], form))
    assert [literal.definition for literal in found] == [name for name, _ in known]
    assert [literal.span for literal in found] == [text.span for text in own_expressions(config)]
    assert all(literal.closed for literal in found)


@pytest.mark.parametrize("form", FORMATS)
def test_most_strings_are_found_after_a_random_insertion(form: FormatName) -> None:
    """One is lost where the insertion hits its key or the `=` after it, which is some 4 % of the text."""
    random, text = Random(form), CONFIGS[form]
    known = [text[one.span.start : one.span.end] for one in literals(text, form)]
    left = lost = 0
    for _ in range(500):
        at = random.randrange(len(text) + 1)
        broken = text[:at] + random.choice(FRAGMENTS[form]) + text[at:]
        untouched = [one for one in known if one in broken]
        found = [broken[one.span.start : one.span.end] for one in literals(broken, form)]
        left += len(untouched)
        lost += sum(one not in found for one in untouched)
    assert lost <= 0.08 * left, (lost, left)


def test_an_item_of_a_list_of_yaml_is_no_definition() -> None:
    found = literals("define:\n  a: x\nsegm\n- where: y\n  name: z\n", "yaml")
    assert [literal.definition for literal in found] == ["a", None]

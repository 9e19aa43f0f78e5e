"""However segdsl comes to be importable, it compiles, and has the grammar of the checkout; from another folder."""

import json
import shutil
from pathlib import Path

import segdsl
from tests.packaging.conftest import Environment

ROOT = Path(__file__).parents[2]
COMPILE = """
import json
import segdsl
from segdsl.syntax.grammar import grammar_text
filters = segdsl.compile('commercialIntent >= 0.6 and plan == "enterprise"')
print(json.dumps({"from": segdsl.__file__, "filters": filters.to_dict(), "grammar": grammar_text()}))
"""
FILTERS = {
    "rules": [
        {"type": "analysis", "field": "commercialIntent", "operator": "gte", "value": 0.6},
        {"type": "property", "key": "plan", "operator": "eq", "value": "enterprise"},
    ]
}
GRAMMAR = (ROOT / "grammar" / "segdsl.lark").read_text(encoding="utf-8")


def compiles(environment: Environment, place: Path, **variables: str) -> bool:
    """Whether segdsl is imported from `place`, compiles there, and has the grammar; with asserts that say what not."""
    told = json.loads(environment.run(environment.python, "-W", "error", "-c", COMPILE, **variables))
    assert Path(told["from"]).is_relative_to(place)
    assert told["filters"] == FILTERS
    assert told["grammar"] == GRAMMAR
    return True


def test_a_wheel_built_from_the_sdist(environment: Environment, wheel: Path) -> None:
    environment.install(wheel)
    assert compiles(environment, environment.python.parents[1])
    assert environment.run(environment.scripts / "segdsl", "--version").split() == ["segdsl", segdsl.__version__]


def test_a_wheel_as_a_zip_on_the_path(environment: Environment, wheel: Path) -> None:
    assert compiles(environment, wheel, PYTHONPATH=str(wheel))


def test_an_editable_checkout(environment: Environment) -> None:
    environment.install("--editable", ROOT)
    assert compiles(environment, ROOT)


def test_a_checkout_that_is_not_installed(environment: Environment) -> None:
    assert compiles(environment, ROOT, PYTHONPATH=str(ROOT))


def test_a_change_of_the_grammar_is_seen_in_a_checkout(environment: Environment, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for part in ("segdsl", "grammar"):
        shutil.copytree(ROOT / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    changed = checkout / "grammar" / "segdsl.lark"
    changed.write_text(GRAMMAR + "\n// changed\n", encoding="utf-8")
    code = "from segdsl.syntax.grammar import grammar_text; print(grammar_text().splitlines()[-1])"
    assert environment.run(environment.python, "-c", code, PYTHONPATH=str(checkout)).strip() == "// changed"

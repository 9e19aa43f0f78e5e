"""`import segdsl`: the public names, and the modules that are loaded only when needed."""

import subprocess
import sys

import pytest

import segdsl

HEAVY = {"duckdb", "httpx", "click", "lark", "tree_sitter", "yaml", "starlette", "uvicorn", "pydantic"}


def loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after `code`."""
    program = f"{code}\nimport sys; print(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def test_importing_loads_no_http_client_no_command_line_and_no_grammar() -> None:
    assert loaded("import segdsl") & HEAVY == set()


def test_neither_does_compiling_nor_explaining_a_mistake() -> None:
    use = (
        "import segdsl; segdsl.compile('rating > 3'); assert segdsl.check('rating >'); str(segdsl.check('rating >')[0])"
    )
    assert loaded(use) & HEAVY == set()


def test_a_client_brings_the_http_client() -> None:
    assert "httpx" in loaded("import segdsl; segdsl.Client") & HEAVY


def test_the_public_names_are_those_listed_and_each_is_there() -> None:
    assert dir(segdsl) == sorted(segdsl.__all__) == segdsl.__all__
    assert [name for name in segdsl.__all__ if getattr(segdsl, name, None) is None] == []


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'segdsl' has no attribute 'compiel'"):
        segdsl.compiel  # noqa: B018  looking it up is the test


def test_every_public_thing_says_what_it_is() -> None:
    assert [name for name in segdsl.__all__ if not getattr(segdsl, name).__doc__] == []


@pytest.mark.parametrize("module", ["errors", "diagnostics", "environment", "wire", "builder"])
def test_the_modules_of_public_names_are_attributes_from_the_start(module: str) -> None:
    assert f"segdsl.{module}" in loaded(f"import segdsl; segdsl.{module}.__doc__")

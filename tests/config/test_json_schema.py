"""The schema for editors accepts what `load` accepts, and refuses what an editor can see to be wrong."""

import tomllib
from typing import Any

import jsonschema
import pytest

from segdsl.config.formats import FORMATS
from segdsl.config.json_schema import config_schema
from segdsl.diagnostics import CODES
from segdsl.source import Source

from .test_load import JSON, TOML, YAML
from .test_load_problems import CASES, Case

BEYOND_A_SCHEMA = (
    "half a surrogate pair",
    "UTF-16 code units",
    "another segment",
    "is a date",
    "a time of day",
    "this is `'today'`",
    "date-time with its offset",
    "with its offset",
    "a date, or a date-time",
    "a string, a number",  # a date among properties
    "levels deep",
    "a finite number, and this is `nan`",
)
"""What a JSON Schema cannot check: dates (strings for editors), names elsewhere, and values that JSON lacks."""


def problems(data: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(
        config_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return [error.message for error in validator.iter_errors(data)]


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(config_schema())


@pytest.mark.parametrize(("form", "text"), [("toml", TOML), ("yaml", YAML), ("json", JSON)])
def test_it_accepts_a_good_config(form: Any, text: str) -> None:
    assert problems(plain(FORMATS[form].read(Source(text)).values)) == []


ERRORS = [
    case for case in CASES if CODES[case.found[0][0]].severity == "error" and "unreadable" not in case.found[0][0]
]


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case.found[0][3][:40])
def test_it_refuses_what_load_refuses(case: Case) -> None:
    values = FORMATS[case.form].read(Source(case.text)).values
    beyond = any(words in case.found[0][3] for words in BEYOND_A_SCHEMA) or "inf" in case.text
    assert bool(problems(plain(values))) != beyond


def plain(value: Any) -> Any:
    """TOML's and YAML's dates as the strings that editors take them for."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_every_key_has_a_description() -> None:
    schema = config_schema()
    described = [
        *schema["properties"].values(),
        *schema["$defs"]["segment"]["properties"].values(),
        *schema["$defs"].values(),
    ]
    assert all(part.get("description") for part in described)
    assert tomllib.loads(TOML)["segment"][0].keys() <= schema["$defs"]["segment"]["properties"].keys()

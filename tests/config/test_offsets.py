"""Every character of an expression points at its spelling in the file, in every style of string of every format."""

import pytest
import yaml
from hypothesis import given, settings

from segdsl.config.document import FormatName
from segdsl.source import Span

from .config_files import AFTER, BEFORE, config_of, where_of
from .spelled_strings import Spelled, json_strings, toml_strings, yaml_scalars


def check(form: FormatName, spelled: Spelled, after: str | None = None) -> None:
    before = BEFORE[form]
    config = config_of(before + spelled.literal + (AFTER[form] if after is None else after), form)
    where = where_of(config)
    assert where.value == spelled.value
    found = [where.in_file(Span(at, at + 1)) for at in range(len(where.value))]
    assert found == [Span(len(before) + start, len(before) + end) for start, end in spelled.places]
    if len(found) > 1:
        assert where.in_file(Span(1, len(found))) == Span(found[1].start, found[-1].end)
    assert config.segments[0].span("icon") < config.definitions["b"].span


@given(toml_strings)
def test_toml(spelled: Spelled) -> None:
    check("toml", spelled)


@given(json_strings)
def test_json(spelled: Spelled) -> None:
    check("json", spelled)


@given(yaml_scalars)
def test_yaml(spelled: Spelled) -> None:
    check("yaml", spelled, AFTER["yaml"].removeprefix("\n") if spelled.literal.endswith("\n") else None)


@given(yaml_scalars)
@settings(max_examples=50)
def test_yaml_without_the_parser_in_c(spelled: Spelled) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CSafeLoader")
        check("yaml", spelled, AFTER["yaml"].removeprefix("\n") if spelled.literal.endswith("\n") else None)

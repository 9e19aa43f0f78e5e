"""The example config is correct and formatted, shows every kind of condition, and its tests pass."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import to_builtins

from segdsl.cli.main import main
from segdsl.config.check import CompiledSegment, compile_config
from segdsl.config.load import load
from segdsl.config.model import Config

CONFIG = Path(__file__).parents[2] / "examples" / "segments.toml"
RULE_TYPES = {
    "analysis",
    "analysis_flag",
    "property",
    "conversation_property",
    "conversation_count",
    "last_seen",
}


@pytest.mark.parametrize("command", [["check"], ["test"], ["fmt", "--check"]], ids=" ".join)
def test_a_command_finds_nothing_wrong(command: list[str]) -> None:
    ran = CliRunner().invoke(main, [*command, str(CONFIG)])
    assert ran.exit_code == 0, ran.output
    assert "warning" not in ran.output


@pytest.fixture(scope="module")
def config() -> Config:
    config, problems = load(CONFIG)
    assert problems == ()
    assert config is not None
    return config


@pytest.fixture(scope="module")
def compiled(config: Config) -> tuple[CompiledSegment, ...]:
    compiled, problems = compile_config(config)
    assert problems == ()
    return compiled


def test_it_has_a_dozen_segments_with_every_type_of_rule_and_every_scope(compiled: tuple[CompiledSegment, ...]) -> None:
    assert len(compiled) == 12
    filters = [one.to_dict() for segment in compiled for one in segment.filters]
    assert {rule["type"] for one in filters for rule in one["rules"]} == RULE_TYPES
    assert {key for one in filters for key in to_builtins(one)} == {"rules", "dateRange", "productIds"}


def test_it_shows_the_ways_of_writing_a_config(config: Config) -> None:
    assert config.properties
    assert config.conversation_properties
    text = CONFIG.read_text(encoding="utf-8")
    assert [name for name in config.definitions if f"@{name}" not in text] == []
    assert {example.matches for segment in config.segments for example in segment.examples} == {True, False}


def test_one_segment_is_split(compiled: tuple[CompiledSegment, ...]) -> None:
    assert {segment.config.name: len(segment.filters) for segment in compiled if segment.config.split} == {
        "Customers Told Wrong Things": 2
    }

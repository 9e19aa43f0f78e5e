"""The test file that the embedding guide shows, run by pytest; the other blocks are tried with those of all pages."""

from pathlib import Path

import pytest

from . import fenced_blocks

pytest_plugins = ["pytester"]
GUIDE = Path(__file__).parents[2] / "docs" / "embedding.md"


def test_the_tests_that_it_shows_pass(pytester: pytest.Pytester) -> None:
    (shown,) = [block for block in fenced_blocks.blocks(GUIDE) if block.title.startswith("test_")]
    (pytester.path / shown.title).write_text(shown.text, encoding="utf-8")
    pytester.runpytest_subprocess("--strict-markers", "-W", "error").assert_outcomes(passed=3)

"""The words that people search for lead to a section that answers them."""

import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs").glob("*.md"))

ANSWERS = {
    "percent": "how-do-i-say.md",
    "tags": "how-do-i-say.md",
    "starts with": "how-do-i-say.md",
    "ends with": "how-do-i-say.md",
    "regular expressions": "how-do-i-say.md",
    "case": "how-do-i-say.md",
    "missing": "how-do-i-say.md",
    "dates": "language.md",
    "or": "language.md",
    "warehouse": "counting.md",
    "spark": "counting.md",
    "dbt": "counting.md",
    "exit codes": "ci.md",
    "pre-commit": "ci.md",
    "pull request": "ci.md",
    "pydantic": "embedding.md",
    "completion": "editors.md",
    "duplicates": "reliability.md",
}


def sections(page: Path) -> list[str]:
    """The words of each section, its heading among them: what the site's search finds as one hit."""
    return re.split(r"^(?=#+ )", page.read_text(encoding="utf-8").lower(), flags=re.MULTILINE)


@pytest.mark.parametrize("words", ANSWERS)
def test_a_search_finds_the_page_that_answers(words: str) -> None:
    found = {
        page.name
        for page in PAGES
        for section in sections(page)
        if all(re.search(rf"\b{re.escape(word)}\b", section) for word in words.split())
    }
    assert ANSWERS[words] in found

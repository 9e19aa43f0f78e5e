"""The page of `segdsl studio` in a browser, served by the studio itself over users who are counted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Route, expect

from segdsl.studio.runs import OutdatedCountError
from segdsl.studio.users import LiveUsers, live_users

from ..cli.processes import wait_until
from ..studio.conftest import Studio, layout, running, serving
from .conftest import Opened, Tabs

CONFIG = """
[properties]
seats = "integer"
name = "string"

[[segment]]
name = "Large"
where = "seats >= 2000"

[[segment]]
name = "Small"
where = "seats < 1000"
"""
USERS = """
    SELECT i AS id, i AS seats, CASE WHEN i < 4096 THEN 'x' ELSE md5(repeat(i::VARCHAR, 10_000)) END AS name
    FROM range(200_000) t(i)
"""
"""A count that needs `name` takes long: it is computed for each row except the first ones, which the page shows."""


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Studio]:
    (tmp_path / "segments.toml").write_text(CONFIG)
    with duckdb.connect(str(tmp_path / "users.duckdb")) as connection:
        connection.execute(f"CREATE VIEW users AS {USERS}")
    with (
        live_users([str(tmp_path / "users.duckdb")], layout) as users,
        serving(tmp_path / "segments.toml", users) as it,
    ):
        yield it


@pytest.fixture
def page(team: Studio, tabs: Tabs) -> Iterator[Opened]:
    opened = tabs.open(f"{team.url}/")
    tabs.complaints.clear()
    yield opened
    opened.page.close()
    assert tabs.complaints == []


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """How the count of each text ended."""
    found: dict[str, str] = {}
    count = LiveUsers.count

    def recorded(self: LiveUsers, asked: Any, run: Any, text: str, **given: Any) -> dict[str, Any]:
        try:
            answer = count(self, asked, run, text, **given)
        except OutdatedCountError:
            found[text] = "outdated"
            raise
        found[text] = "counted"
        return answer

    monkeypatch.setattr(LiveUsers, "count", recorded)
    return found


def test_who_is_in_is_counted_as_one_types(page: Opened) -> None:
    numbers, overlap = page.page.locator("#count-numbers"), page.page.locator("#count-overlap li")
    page.write("seats >= 1500 and seats < 2500")
    expect(numbers).to_contain_text("1,000 members")
    expect(numbers).to_contain_text("0.5 % of 200,000")
    expect(overlap).to_have_text(["Large500"])
    page.page.keyboard.insert_text(" or seats < 10")
    expect(numbers).to_contain_text("1,010 members")
    expect(overlap).to_have_text(["Large500", "Small10"])
    page.page.keyboard.insert_text(" or")
    expect(numbers).not_to_contain_text("members")


def test_an_outdated_count_ends_and_is_not_shown(outcomes: dict[str, str], page: Opened, team: Studio) -> None:
    numbers = page.page.locator("#count-numbers")
    wait_until(lambda: "seats >= 2000" in outcomes)  # with it the page begins
    page.write('name contains "0"')
    wait_until(lambda: bool(running(team.users)))
    page.write("seats >= 199000")
    expect(numbers).to_contain_text("1,000 members")
    wait_until(lambda: 'name contains "0"' in outcomes)
    assert outcomes.items() >= {'name contains "0"': "outdated", "seats >= 199000": "counted"}.items()
    expect(numbers).to_contain_text("1,000 members")


def test_an_estimate_is_marked_until_all_users_are_counted(page: Opened) -> None:
    """The users are few, so that the estimate is the test's."""

    def estimated(route: Route) -> None:
        asked = json.loads(route.request.post_data or "")
        if asked["method"] != "count" or asked["params"]["exact"]:
            route.continue_()
            return
        numbers = {"members": 1_500, "unknown": 0, "malformed": 0, "total": 200_000, "drawn": 100}
        route.fulfill(json={**numbers, "estimate": True, "overlap": [], "diagnostics": []})

    page.page.evaluate(_RECORD, "#count-numbers")
    page.page.route("**/ask", estimated)
    page.write("seats < 100")
    expect(page.page.locator("#count-numbers")).to_contain_text("100 members")
    expect(page.page.locator("#count")).to_have_attribute("aria-busy", "false")
    shown = page.page.evaluate("window.recorded")
    estimate = "≈ 1,500 members≈ 0.8 % of 200,000≈ 0 unknownan estimate from 100 users; counting all …"
    assert estimate in shown
    assert "≈" not in shown[-1]


_RECORD = """selector => {
  window.recorded = []
  const watched = document.querySelector(selector)
  new MutationObserver(() => window.recorded.push(watched.textContent)).observe(watched, {childList: true})
}"""
"""Keeps each text that an element shows."""

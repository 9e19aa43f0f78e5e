"""The playground in the built site of the docs: Python runs in the browser, and nothing leaves it."""

import functools
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from .conftest import ROOT, Opened, Quiet, serving

EXAMPLE = 'commercialIntent >= 0.6 and plan == "enterprise"'


@pytest.fixture(scope="package")
def site(browser: Browser, packages_of_web: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that `make docs` builds; a link in it that leads nowhere is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as opened:
        yield opened


def test_the_reference_example_is_compiled_in_the_browser_and_nothing_leaves_it(
    site: Path, context: BrowserContext
) -> None:
    python_may_load = threading.Event()

    class Handler(Quiet):
        def do_GET(self) -> None:  # noqa: N802  the name that http.server calls
            if self.path.startswith("/playground/pyodide/"):
                python_may_load.wait(60)
            super().do_GET()

    requested: list[str] = []
    context.on("request", lambda request: requested.append(request.url))
    complaints: list[str] = []
    context.on("console", lambda message: complaints.extend([message.text] if message.type == "error" else []))
    with serving(functools.partial(Handler, directory=str(site))) as address:
        page = context.new_page()
        page.goto(f"{address}index.html")
        page.get_by_role("link", name="Playground").first.click()
        opened = Opened(page)
        expect(opened.status).to_have_text("Python is loading; you can type already …")
        assert opened.text == EXAMPLE
        opened.write("typed while Python is loading")
        assert opened.text == "typed while Python is loading"
        opened.write(EXAMPLE)
        python_may_load.set()
        expect(opened.status).to_have_text("Becomes one segment", timeout=90_000)
        command = [sys.executable, "-m", "segdsl", "compile", EXAMPLE]
        printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
        assert opened.filters.inner_text().encode() + b"\n" == printed
        opened.write('plann == "pro"')
        opened.problems.get_by_role("button", name="Write plan", exact=True).click()
        expect(page.locator("#people-summary")).to_have_text("4 of 12 match, unknown for 1")
        opened.choose("and")
    assert f"{address}playground/pyodide/pyodide.asm.wasm" in requested  # the requests of the worker are seen, too
    assert [url for url in requested if not url.startswith(address)] == []
    assert complaints == []


@pytest.mark.parametrize(
    ("missing", "reason"),
    [("wheels.json", "wheels.json was answered with status 404"), ("worker.js", "its worker could not be loaded")],
)
def test_a_page_that_cannot_load_python_says_why(
    site: Path, context: BrowserContext, missing: str, reason: str
) -> None:
    class Handler(Quiet):
        def do_GET(self) -> None:  # noqa: N802  the name that http.server calls
            if self.path.endswith(missing):
                self.send_error(404)
            else:
                super().do_GET()

    with serving(functools.partial(Handler, directory=str(site))) as address:
        page = context.new_page()
        page.goto(f"{address}playground/index.html")
        expect(page.get_by_role("status")).to_have_text(f"Python could not be loaded: {reason}")


def test_a_page_from_the_disk_says_that_it_needs_a_server(site: Path, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto((site / "playground" / "index.html").as_uri())
    expect(page.get_by_role("status")).to_contain_text("serve the folder")

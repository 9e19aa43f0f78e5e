"""A browser, and the pages that it opens: Debian's Chromium, driven by Playwright.

The browser is closed when the tests of this package are over, and not at the end of the run: as long as Playwright is
open there is a running event loop in the thread, which the tests of asyncio do not expect.
"""

import functools
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from segdsl.studio.playground import playground
from segdsl.studio.session import answered

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

expect.set_options(timeout=20_000)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


class serving:  # noqa: N801  used as `contextlib.suppress` is
    """A server of this process, at an address of its own."""

    def __init__(self, handler: Callable[..., Any]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium: the pages were not tried")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def packages_of_web() -> Path:
    """The folder of the npm packages of web/."""
    if not (folder := ROOT / "web" / "node_modules").is_dir() or shutil.which("node") is None:
        pytest.skip("the packages of web/ are not installed (`make web`): this was not tried")
    return folder


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """Where the page of the studio is served, with answers about the playground's people."""
    session = playground()

    class Handler(Quiet):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            is_right, answer = answered(session, question)
            self.send_response(200 if is_right else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer.encode())

    with serving(functools.partial(Handler, directory=str(ROOT / "segdsl" / "studio" / "page"))) as at:
        yield at


class Opened:
    """A page in a tab of its own, and what a person does with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sentence = page.get_by_role("textbox", name="Who is in the segment?")
        self.status = page.get_by_role("status")
        self.chips = page.get_by_role("group", name="Next:")
        self.problems = page.locator("#problems li")
        self.filters = page.locator("#filters pre")

    @property
    def text(self) -> str:
        return "\n".join(self.sentence.locator(".cm-line").all_inner_texts())

    def write(self, text: str) -> None:
        """Puts a sentence in place of the one that is there, as a paste does."""
        self.sentence.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def choose(self, *labels: str) -> None:
        """Clicks on chips, one after the other."""
        for label in labels:
            self.chips.get_by_role("button", name=label, exact=True).click()

    def is_accepted(self, *filters: dict[str, Any]) -> None:
        """The sentence becomes exactly these filters."""
        said = "Becomes one segment" if len(filters) == 1 else f"Becomes {len(filters)} segments"
        expect(self.status).to_contain_text(said)
        assert [json.loads(text) for text in self.filters.all_inner_texts()] == list(filters)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Opened]]:
    """Opens the page; what the browser complains about meanwhile, violations of the policy among it, fails the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])

    def open_page(link: str = "", **emulated: Any) -> Opened:
        page = context.new_page()
        page.on("console", lambda said: complaints.extend([said.text] if said.type in ("error", "warning") else []))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if emulated:
            page.emulate_media(**emulated)
        page.goto(address + link)
        expect(page.get_by_role("status")).not_to_have_attribute("data-state", "waiting")
        return Opened(page)

    yield open_page
    context.close()
    assert complaints == []

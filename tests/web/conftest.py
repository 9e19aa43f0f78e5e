"""A browser, and the pages that it opens: Debian's Chromium, driven by Playwright.

The browser is closed when the tests of this package are over, and not at the end of the run: as long as Playwright is
open there is a running event loop in the thread, which the tests of asyncio do not expect.
"""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from segdsl.loopback.address import listening_socket, origin
from segdsl.loopback.server import Server
from segdsl.studio.app import create_app, page_files
from segdsl.studio.playground import playground
from segdsl.studio.session import answered
from tests.studio.conftest import in_thread

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
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

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
    """The page of the studio, with answers about the playground's people."""
    session = playground()
    with listening_socket("127.0.0.1", 0) as listener:
        app = create_app(page_files(), lambda question, _: answered(session, question)[1], listener.getsockname()[1])
        with in_thread(Server(app), listener):
            yield f"{origin('127.0.0.1', listener)}/"


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
        """Replaces the sentence by another one, like a paste."""
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


class Tabs:
    """The tabs of one window, and what the browser complains about in them: errors, and violations of the policy."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self._context = context

    def open(self, address: str) -> Opened:
        """The page at an address, once its host has answered."""
        page = self._context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(address)
        expect(page.get_by_role("status")).not_to_have_attribute("data-state", "waiting")
        return Opened(page)

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)


@pytest.fixture(scope="package")
def tabs(browser: Browser) -> Iterator[Tabs]:
    with browser.new_context(viewport=DESKTOP, reduced_motion="reduce") as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield Tabs(context)


@pytest.fixture(scope="package")
def shared_tab(tabs: Tabs, address: str) -> Opened:
    return tabs.open(address)


@pytest.fixture
def page(shared_tab: Opened, tabs: Tabs) -> Iterator[Opened]:
    """The one tab, at the beginning of the page and with a short sentence; the browser must not complain."""
    tab = shared_tab.page
    tab.set_viewport_size(DESKTOP)
    tab.emulate_media(color_scheme="light")
    tab.evaluate("location.hash = '#' + new URLSearchParams({text: 'rating > 4'})")
    tab.locator("h1").click()
    expect(shared_tab.filters).to_contain_text(['"value": 4'])
    tabs.complaints.clear()
    yield shared_tab
    assert tabs.complaints == []

"""The pictures of the playground in docs/images/: `python -m playground_pictures`. It needs Chromium and `make web`."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playground import ROOT, assemble
from playwright.sync_api import expect, sync_playwright

IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"

PICTURES = [
    (
        "desktop",
        "light",
        (1180, 860),
        'commercialIntent >= 0.6 and plan == "enterprise"',
    ),
    ("phone", "dark", (390, 780), 'plan == "entreprise" and commercialintent > 0.6'),
]
"""Of each picture: its name, the colours, the width and height, and the sentence."""


def main() -> None:
    """Takes each picture once Python has answered."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        assemble(Path(folder))
        handler = functools.partial(SimpleHTTPRequestHandler, directory=folder)
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, scheme, (width, height), sentence in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(f"http://127.0.0.1:{server.server_port}/#text={quote(sentence)}")
            expect(page.get_by_role("status")).not_to_have_attribute("data-state", "waiting", timeout=120_000)
            page.screenshot(path=IMAGES / f"playground-{name}.png")
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()

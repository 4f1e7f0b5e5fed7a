"""A page opened in the machine's own Chromium, which notes what it asks for and what goes wrong."""

import shutil
from contextlib import contextmanager

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


class Opened:
    """A page in a browser.

    Attributes:
        page: Playwright's.
        said: errors and warnings of its console, and exceptions.
        asked: every address that was asked for but the file's own.
    """

    def __init__(self, page, path):
        self.page, self.said, self.asked = page, [], []
        page.on("console", lambda told: self.said.append(told.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self._note(request.url, path.as_uri()))

    def _note(self, address, own):
        if address.split("#")[0] != own and not address.startswith("data:"):
            self.asked.append(address)

    def shown(self):
        """The body of the language that is shown."""
        return self.page.locator(".page:visible")

    def too_wide(self):
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@contextmanager
def opened(path, width=1280, height=900, **context):
    """Open a file as a user with an English browser does, who asks for light or dark.

    Args:
        path: the HTML file.
        width, height: of the window, in pixels.
        context: of Playwright's browser context, as ``locale`` and ``color_scheme``.
    """
    sync_playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed"
    ).sync_playwright
    binary = next(filter(None, map(shutil.which, NAMES)), None)
    if binary is None:
        pytest.skip(
            "there is no Chromium: install it (apt-get install chromium) to test the page in a browser"
        )
    with sync_playwright() as playwright:
        # As root, Chromium's own sandbox cannot start.
        browser = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        try:
            size = {"width": width, "height": height}
            page = browser.new_context(**{"viewport": size, "locale": "en-GB"} | context).new_page()
            found = Opened(page, path)
            page.goto(path.as_uri())
            yield found
        finally:
            browser.close()

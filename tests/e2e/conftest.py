"""A real browser, for tests that are marked e2e: run by `make e2e`, which installs what it needs."""

from __future__ import annotations

import importlib.util
import shutil

import pytest

# installed by `make e2e` alone; all other runs deselect these tests
collect_ignore_glob = [] if importlib.util.find_spec("playwright") else ["test_*.py"]

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture
async def browser():
    """Chromium, as Debian packages it."""
    path = shutil.which("chromium")
    assert path is not None, "there is no chromium on the PATH; make e2e installs it"
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        yield browser
        await browser.close()


@pytest.fixture
def visit(browser):
    """Open a tab: gives the page, and a list of what it asked the network for."""
    errors = []

    async def visit(url, **options):
        context = await browser.new_context(**options)
        page = await context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        await page.goto(url)
        return page, asked

    yield visit
    assert errors == []

"""A real browser, for tests that are marked e2e: run by `make e2e`, which installs what it needs."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from started_processes import StartedProcesses

# they are collected, and left out, also where nobody installed what drives a browser
collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]

# programs that are tried in real front ends
sys.path.append(str(Path(__file__).resolve().parent.parent.parent / "examples" / "projects"))

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # whatever a page asks for elsewhere fails, with a network or without
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="session", autouse=True)
def started_processes():
    """No process outlives the tests that started it."""
    processes = StartedProcesses("MOCKAPI_E2E_RUN")
    yield processes
    processes.close()
    assert processes.left(patience=10) == []


@pytest.fixture
async def browser(started_processes):
    """Chromium, as Debian packages it."""
    from playwright.async_api import async_playwright

    path = shutil.which("chromium")
    assert path is not None, "there is no chromium on the PATH; make e2e installs it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        # takes note of its session
        started_processes.running()
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
        page.on("websocket", lambda websocket: asked.append(websocket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        await page.goto(url)
        return page, asked

    yield visit
    assert errors == []

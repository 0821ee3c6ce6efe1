"""The projects of the example in a real browser: its page, its query client, and a real server behind them."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest
from asgi_server import served
from playwright.async_api import expect
from projects.backend import PAGE_SIZE, Backend
from reactpy_app.server import make_app

pytestmark = [pytest.mark.e2e, pytest.mark.real_sleep("a browser takes its time")]

NAMES = [f"Project {number}" for number in range(PAGE_SIZE * 2 + 2)]


class Projects:
    """What a test looks at: the page's address, and both sides of the query client behind it."""

    def __init__(self, url, backend, client):
        self.url = url
        self.backend = backend
        self.client = client

    @property
    def observers(self):
        return sum(query.get_observers_count() for query in self.client.get_query_cache().get_all())

    def requests(self, start):
        return [request for request in self.backend.received if request.startswith(start)]


@pytest.fixture
async def projects():
    """The page, on a server of its own, and a server of projects."""
    backend = Backend(NAMES)
    async with served(backend.app) as api:
        app = make_app(api)
        async with served(app) as url:
            yield Projects(url, backend, app.state.query_client)


def rows(page, name="Projects"):
    return page.get_by_role("list", name=name).get_by_role("listitem")


async def create(page, name):
    await page.get_by_role("textbox", name="Name").press_sequentially(name)
    await page.get_by_role("button", name="Create Project").click()


async def test_two_tabs_cost_one_request(projects, visit):
    """Also when the second is another browser: the data is that of the server's query client."""
    one, _ = await visit(projects.url)
    await expect(rows(one)).to_have_text(NAMES)
    two, _ = await visit(projects.url)
    await expect(rows(two)).to_have_text(NAMES)
    await expect(two.get_by_role("heading", name=f"Projects ({len(NAMES)})")).to_be_visible()
    assert sorted(projects.backend.received) == ["GET /activity/", "GET /projects/"]


async def test_a_new_row_is_in_the_other_tab_before_the_server_has_answered(projects, visit):
    """And loses its mark in both when it has."""
    one, _ = await visit(projects.url)
    two, _ = await visit(projects.url)
    await expect(rows(two)).to_have_text(NAMES)

    projects.backend.writes_open.clear()
    await create(one, "Gemini")
    for page in (one, two):
        await expect(rows(page).last).to_have_text("Gemini (saving)")
    # the field is for the next one
    await expect(one.get_by_role("textbox", name="Name")).to_have_value("")

    projects.backend.writes_open.set()
    for page in (one, two):
        await expect(rows(page)).to_have_text([*NAMES, "Gemini"])
        await expect(rows(page, "Activity").first).to_have_text("Gemini was created")
    assert len(projects.requests("POST")) == 1
    assert len(projects.requests("GET /projects/")) == 2


async def test_a_row_that_is_refused_is_taken_back_in_both_tabs(projects, visit):
    """The reason is shown where it was typed."""
    one, _ = await visit(projects.url)
    two, _ = await visit(projects.url)
    await expect(rows(two)).to_have_text(NAMES)

    projects.backend.writes_open.clear()
    projects.backend.fault = "out of order"
    await create(one, "Gemini")
    await expect(rows(two).last).to_have_text("Gemini (saving)")

    projects.backend.writes_open.set()
    await expect(one.get_by_role("alert")).to_have_text("Could not create Gemini: out of order (500)")
    for page in (one, two):
        await expect(rows(page)).to_have_text(NAMES)
    await expect(two.get_by_role("alert")).to_have_count(0)


async def test_three_pages_are_loaded_one_by_one(projects, visit):
    """Each once, and for both tabs."""
    one, _ = await visit(projects.url)
    two, _ = await visit(projects.url)
    texts = [f"{name} was created" for name in reversed(NAMES)]
    await expect(rows(one, "Activity")).to_have_text(texts[:PAGE_SIZE])

    more = one.get_by_role("button", name="Load more")
    await more.click()
    await expect(rows(one, "Activity")).to_have_text(texts[: PAGE_SIZE * 2])
    await more.click()
    for page in (one, two):
        await expect(rows(page, "Activity")).to_have_text(texts)
        await expect(page.get_by_role("button", name="Load more")).to_be_disabled()
    assert len(projects.requests("GET /activity/")) == 3


async def test_nothing_is_left_of_tabs_that_are_closed(projects, visit):
    """No observer: the data may be collected."""
    pages = [(await visit(projects.url))[0] for _ in range(2)]
    for page in pages:
        await expect(rows(page)).to_have_text(NAMES)
    # list, heading and activity
    assert projects.observers == 6
    for page, left in zip(pages, (3, 0), strict=True):
        await page.close()
        async with asyncio.timeout(10):
            while projects.observers != left:
                await asyncio.sleep(0.01)


async def test_nobody_else_is_asked_for_anything(projects, visit):
    """From the first byte of the page to a project that was created, everything comes from the page's own server."""
    page, asked = await visit(projects.url)
    await create(page, "Gemini")
    await expect(rows(page).last).to_have_text("Gemini")
    own = urlsplit(projects.url).netloc
    assert {urlsplit(url).netloc for url in asked} == {own}
    assert {urlsplit(url).scheme for url in asked} == {"http", "ws"}

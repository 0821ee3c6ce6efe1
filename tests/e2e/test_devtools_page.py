"""The devtools in a real browser, which also takes the picture for the docs."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from query import (
    MutationObserver,
    MutationOptions,
    OnlineManager,
    QueryClient,
    QueryObserver,
    QueryOptions,
)
from query.devtools import serve_devtools

pytestmark = [pytest.mark.e2e, pytest.mark.real_sleep("a browser takes its time")]

HOSTILE = "<img src=x onerror=document.title='owned'>"
PICTURES = Path(__file__).parent.parent.parent / "docs" / "images"


@pytest.fixture
async def shop():
    """A client at work: queries in each state, mutations, and a function that counts its calls."""
    client = QueryClient(online_manager=OnlineManager())
    client.mount()
    calls, stops = [], []

    async def load(context):
        calls.append(context.query_key)
        return {"id": len(calls), "name": "Apollo", "members": ["ada", "grace"], "access_token": "hidden"}

    async def fail(context):
        raise ValueError("GET /invoices/ got 503")

    async def never(context):
        await asyncio.Event().wait()

    def observe(key, query_fn, **options):
        observer = QueryObserver(client, QueryOptions(query_key=key, query_fn=query_fn, retry=False, **options))
        stops.append(observer.subscribe(lambda result: None))

    observe(("projects", {"page": 1}), load, stale_time=600)
    observe(("projects", {"page": 1}), load, stale_time=600)
    observe(("projects", {"page": 2}), load, stale_time=600)
    observe(("project", "apollo", "members"), load)
    observe(("invoices", {"year": 2026}), fail)
    observe(("report", "yearly"), never)
    client.set_query_data(("settings",), {"theme": "dark", "beta": None, "limits": {"seats": 25, "storage": 1.5}})
    client.set_query_data(("note", HOSTILE), {"html": HOSTILE})
    await asyncio.sleep(0.05)
    observer = MutationObserver(client, MutationOptions(mutation_key=("project", "add"), mutation_fn=lambda v, c: v))
    await observer.mutate({"name": "Gemini", "password": "hunter2"})
    client.environment.online_manager.set_online(False)
    observe(("weather",), load)
    await asyncio.sleep(0)
    client.environment.online_manager.set_online(True)
    client.calls = calls
    async with serve_devtools(client) as server:
        client.url = server.url
        yield client
    for stop in stops:
        stop()
    client.unmount()
    await client.aclose()


def row(page, text):
    return page.locator("#list tr", has_text=text)


async def test_the_page_shows_the_cache_lets_people_act_and_asks_nobody_else(shop, visit):
    """From the first look to a query that is made to fail, in one visit."""
    page, asked = await visit(shop.url)
    await expect(page.locator("#connection")).to_have_text("live")
    await expect(row(page, '["projects",{"page":1}]')).to_contain_text("fresh")
    await expect(row(page, '["report","yearly"]')).to_contain_text("fetching")
    await expect(row(page, '["settings"]')).to_contain_text("inactive")
    await expect(row(page, '["project","apollo","members"]')).to_contain_text("stale")

    await row(page, '["projects",{"page":1}]').click()
    detail = page.locator("#detail")
    await expect(detail).to_contain_text('"name": "Apollo"')
    await expect(detail).to_contain_text('"access_token": "***"')
    calls = len(shop.calls)
    await detail.get_by_role("button", name="Refetch").click()
    await expect(detail).to_contain_text(f'"id": {calls + 1}')
    await detail.get_by_role("button", name="Invalidate").click()
    await expect(detail).to_contain_text(f'"id": {calls + 2}')

    await detail.get_by_role("button", name="Trigger loading").click()
    await expect(row(page, '["projects",{"page":1}]')).to_contain_text("fetching")
    await detail.get_by_role("button", name="Restore loading").click()
    await expect(detail).to_contain_text('"name": "Apollo"')
    await detail.get_by_role("button", name="Trigger error").click()
    await expect(detail).to_contain_text("TriggeredError")
    await detail.get_by_role("button", name="Restore error").click()
    await expect(detail).to_contain_text('"name": "Apollo"')

    await page.get_by_label("Filter by key").fill("PROJECTS 2")
    await expect(page.locator("#list tbody tr")).to_have_count(1)
    await page.get_by_label("Filter by key").fill("")
    await page.get_by_label("Sort by").select_option("hash")
    await page.locator("#reverse").click()
    await expect(page.locator("#list tbody tr").first).to_contain_text("weather")

    shop.set_query_data(("settings",), {"theme": "light"})
    await row(page, '["settings"]').click()
    await expect(detail).to_contain_text('"theme": "light"')
    await detail.get_by_role("button", name="Remove").click()
    await expect(row(page, '["settings"]')).to_have_count(0)
    await page.get_by_role("button", name="Go offline").click()
    await expect(page.get_by_role("button", name="Go online")).to_be_visible()
    assert not shop.environment.online_manager.is_online()

    await page.get_by_role("tab", name="Mutations").click()
    await row(page, '["project","add"]').click()
    await expect(detail).to_contain_text('"password": "***"')
    await page.get_by_role("tab", name="Events").click()
    await expect(page.locator("#list")).to_contain_text("data written")
    await page.get_by_role("tab", name="Queries").click()
    await page.get_by_role("button", name="Clear cache").click()
    await expect(page.locator("#list")).to_contain_text("No queries.")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(shop.url).netloc}


async def test_keys_and_data_that_contain_html_are_text(shop, visit):
    """Nothing in them runs, and nothing in them is an element."""
    page, _ = await visit(shop.url)
    await row(page, '"note"').click()
    await expect(page.locator("#detail h2")).to_have_text(f'["note","{HOSTILE}"]')
    await expect(page.locator("#detail pre")).to_contain_text(HOSTILE)
    assert await page.locator("img").count() == 0
    assert await page.title() == "Query devtools"


async def test_the_focus_stays_where_it_is_when_the_page_changes(shop, visit):
    """A keyboard can press the same button again and again."""
    page, _ = await visit(shop.url)
    await row(page, '["projects",{"page":2}]').locator("button").focus()
    await page.keyboard.press("Enter")
    button = page.locator("#detail").get_by_role("button", name="Refetch")
    await button.focus()
    for _ in range(3):
        calls = len(shop.calls)
        await page.keyboard.press("Enter")
        await expect(page.locator("#detail")).to_contain_text(f'"id": {calls + 1}')
    await expect(button).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_picture_for_the_docs(shop, visit, tmp_path, scheme):
    """Light as well as dark; PICTURES=1 stores it."""
    page, _ = await visit(shop.url, color_scheme=scheme, viewport={"width": 1180, "height": 640})
    await shop.invalidate_queries(("settings",))
    await row(page, '["projects",{"page":1}]').click()
    await expect(page.locator("#detail")).to_contain_text("Apollo")
    folder = PICTURES if os.environ.get("PICTURES") else tmp_path
    name = "devtools.png" if scheme == "light" else "devtools-dark.png"
    await page.screenshot(path=folder / name)
    assert (folder / name).read_bytes().startswith(b"\x89PNG")

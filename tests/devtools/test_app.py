"""The page as an ASGI app."""

from __future__ import annotations

import asyncio
import html
import json
import re

import httpx
import pytest
from starlette.applications import Starlette

from query.devtools import devtools
from query.devtools.app import MAX_BODY
from query.devtools.reading import View

HOSTILE = "</pre><img src=x onerror=alert(1)>'\""


def stream_of(page, query="token=secret", count=1):
    """The first chunks of the stream of events, as a server would send them to a viewer who then leaves."""

    async def read():
        chunks, left = [], asyncio.Event()
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": "/events",
            "query_string": query.encode(),
            "headers": [(b"host", b"localhost")],
        }

        async def receive():
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            chunks.append(message)
            if len(chunks) > count:
                left.set()

        await page(scope, receive, send)
        assert chunks[0]["status"] == 200
        return b"".join(chunk["body"] for chunk in chunks[1:]).decode()

    return read()


# -- who may look


@pytest.mark.parametrize("path", ["/", "/events", "/action", "/other"])
@pytest.mark.parametrize("token", ["", "wrong", "secre", "secret2", "sécret"])
async def test_nothing_is_told_without_the_token(visit, path, token):
    """Not even which paths there are."""
    for method in ("GET", "POST", "OPTIONS"):
        response = await visit.request(method, path, params={"token": token} if token else None)
        assert response.status_code == 403
        assert "token" in response.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "localhost.", "["])
async def test_another_host_is_refused_with_the_token(visit, host):
    """A page may have its name point to this machine, and would then be of the same origin."""
    response = await visit.get("/", params={"token": "secret"}, headers={"host": host})
    assert response.status_code == 403
    assert "host" in response.text


@pytest.mark.parametrize("host", ["localhost:9", "LOCALHOST", "127.0.0.1", "[::1]:80"])
async def test_this_machine_is_answered_under_each_of_its_names(visit, host):
    """On any port."""
    response = await visit.get("/", params={"token": "secret"}, headers={"host": host})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:8000", "http://["]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_another_origin_is_refused_with_the_token(visit, client, key, method, origin):
    """Another port of this machine is another origin, too."""
    client.set_query_data(key, 1)
    headers = {"origin": origin, "x-devtools-token": "secret"}
    response = await visit.request(method, "/action", headers=headers, json={"action": "clear_queries"})
    assert response.status_code == 403
    assert client.get_query_data(key) == 1


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 204)])
async def test_a_fetch_from_another_site_is_refused(visit, site, status):
    """As browsers say it, also where they leave the origin out."""
    headers = {"x-devtools-token": "secret", "sec-fetch-site": site, "sec-fetch-mode": "cors"}
    response = await visit.post("/action", headers=headers, json={"action": "clear_queries"})
    assert response.status_code == status


async def test_an_action_needs_the_token_in_a_header_that_forms_cannot_send(visit, client, key):
    """The one in the URL is enough to look, and not to act."""
    client.set_query_data(key, 1)
    response = await visit.post("/action", params={"token": "secret"}, json={"action": "clear_queries"})
    assert response.status_code == 403
    assert client.get_query_data(key) == 1


async def test_a_name_can_be_allowed_and_a_token_must_not_be_empty(client):
    """For a page that is mounted in a server of another name."""
    page = devtools(client, token="secret", hosts=["Dev.example.test"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(page), base_url="http://dev.example.test") as visit:
        assert (await visit.get("/", params={"token": "secret"})).status_code == 200
    page.close()
    with pytest.raises(ValueError, match="empty"):
        devtools(client, token="")


def test_tokens_are_random_and_long(client):
    """Nobody guesses one."""
    pages = [devtools(client) for _ in range(2)]
    assert pages[0].token != pages[1].token
    assert min(len(page.token) for page in pages) >= 32
    for page in pages:
        page.close()


async def test_websockets_are_closed(page):
    """There are none here."""
    sent = []

    async def send(message):
        sent.append(message)

    await page({"type": "websocket", "headers": []}, None, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


# -- the frame


async def test_the_page_runs_nothing_but_its_own_script(visit):
    """By a policy with a nonce that is new each time; nothing from elsewhere, no handlers, no frames, no store."""
    first, second = [await visit.get("/", params={"token": "secret"}) for _ in range(2)]
    policy = first.headers["content-security-policy"]
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)[1]
    assert policy != second.headers["content-security-policy"]
    for part in ("default-src 'none'", f"style-src 'nonce-{nonce}'", "connect-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script[^>]*>", first.text) == [f'<script nonce="{nonce}">']
    assert re.findall(r"https?://", first.text) == []
    assert re.findall(r"\son\w+=", first.text.partition("<script")[0]) == []
    assert "eval" not in first.text
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["referrer-policy"] == "no-referrer"
    assert "secret" not in first.text


async def test_it_can_be_mounted(client, page):
    """Its addresses are relative to where it is."""
    app = Starlette()
    app.mount("/_query", page)
    url = page.url("http://localhost/_query/")
    assert url == "http://localhost/_query/?token=secret"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), follow_redirects=True) as visit:
        assert "Query devtools" in (await visit.get(url)).text
        assert "Query devtools" in (await visit.get("http://localhost/_query?token=secret")).text
        headers = {"x-devtools-token": "secret"}
        response = await visit.post("http://localhost/_query/action", headers=headers, json={"action": "go_offline"})
    assert response.status_code == 204
    assert not client.environment.online_manager.is_online()


# -- what is shown


async def test_a_viewer_gets_the_parts_of_the_page(client, key, page):
    """As named events, with the table it asked for."""
    client.set_query_data(key, {"name": "Apollo"})
    query = client.get_query_cache().find(key)
    text = await stream_of(page, f"token=secret&tab=queries&filter=key&reverse=true&selected={query.query_hash}", 4)
    names = [line.removeprefix("event: ") for line in text.splitlines() if line.startswith("event: ")]
    assert names == ["network", "counts", "list", "detail"]
    assert "Apollo" in text


async def test_a_view_that_cannot_be_is_refused(visit):
    """It says what is wrong."""
    response = await visit.get("/events", params={"token": "secret", "tab": "secrets"})
    assert response.status_code == 400
    assert "secrets" in response.text


async def test_keys_data_errors_and_words_that_contain_html_are_text(
    client, page, mutation_of, observe, answering, clock
):
    """Wherever they stand: unescaped, nothing of them is left; escaped, everything is."""
    observe(query_key=(HOSTILE, "failed"), query_fn=answering(ValueError(HOSTILE)))
    await clock.settle()
    client.set_query_data((HOSTILE,), {HOSTILE: HOSTILE})
    mutation = mutation_of(mutation_key=(HOSTILE,), mutation_fn=lambda variables, context: variables, scope=HOSTILE)
    await mutation.execute({HOSTILE: HOSTILE})
    for query in client.get_query_cache().get_all():
        for view in (
            View(selected=query.query_hash),
            View(tab="mutations", selected=str(mutation.mutation_id)),
            View(tab="events"),
        ):
            text = "".join(page.parts(view).values())
            assert "<img" not in text
            assert "'\"" not in text
            assert json.dumps(HOSTILE)[1:-1] in html.unescape(text)


def test_triggers_are_offered_by_what_can_be_done(client, page, key):
    """Trigger or restore, and the errors that the program offers."""
    client.set_query_data(key, 1)
    query = client.get_query_cache().find(key)
    detail = page.parts(View(selected=query.query_hash))["detail"]
    assert re.findall(r"<button[^>]*data-action=\"(\w+)\"", detail) == [
        *("refetch", "invalidate", "reset", "remove", "trigger_loading", "trigger_error")
    ]
    assert '<option value="Not found">' in detail
    page._actions.do("trigger_error", query.query_hash, "Not found")
    detail = page.parts(View(selected=query.query_hash))["detail"]
    assert "Restore error" in detail
    assert "Trigger loading" not in detail
    assert "LookupError: 404" in detail


def test_what_is_not_there_is_said(client, page):
    """No queries, no mutations, nothing selected, nothing happened."""
    assert "No queries." in page.parts(View())["list"]
    assert "Select a query" in page.parts(View(selected="gone"))["detail"]
    assert "Select a mutation" in page.parts(View(tab="mutations"))["detail"]
    assert "No events." in page.parts(View(tab="events"))["list"]


def test_a_large_cache_is_shown_in_part(client, page, key):
    """It says how many more there are."""
    for number in range(250):
        client.set_query_data((*key, number), number)
    parts = page.parts(View())
    assert parts["list"].count("<tr data-select") == 200
    assert "50 more: filter to find them." in parts["list"]
    assert "<code>250</code>" in parts["counts"]


def test_events_are_shown_the_newest_first(client, page, key):
    """With the number of observers, until the page is closed."""
    client.set_query_data(key, 1)
    client.invalidate_queries(key)
    text = page.parts(View(tab="events"))["list"]
    assert text.index("invalidated") < text.index("data written") < text.index("added")
    page.close()
    assert client.get_query_cache().note is None
    assert "invalidated" in page.parts(View(tab="events"))["list"]


# -- what can be done


async def act(visit, **asked):
    return await visit.post("/action", headers={"x-devtools-token": "secret"}, **asked)


async def test_an_action_is_done_or_the_viewer_is_told_why_not(visit, client, key):
    """204, or a sentence."""
    client.set_query_data(key, 1)
    target = client.get_query_cache().find(key).query_hash
    assert (await act(visit, json={"action": "remove", "target": target})).status_code == 204
    response = await act(visit, json={"action": "remove", "target": target})
    assert (response.status_code, response.text) == (409, "this query is no longer in the cache")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"content": b"action=remove"}, 415),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400),
        ({"json": {"target": "x"}}, 400),
        ({"json": {"action": 1}}, 400),
        ({"json": {"action": "x" * MAX_BODY}}, 413),
        ({"json": {"action": "nothing known"}}, 409),
    ],
)
async def test_what_is_no_action_is_refused(visit, asked, status):
    """Whatever it is."""
    headers = {"x-devtools-token": "secret", **asked.pop("headers", {})}
    assert (await visit.post("/action", headers=headers, **asked)).status_code == status


def test_facts_that_not_every_query_or_mutation_has(client, page, build, mutation_of, clock):
    """Failed attempts, what the options attach, and a time that no calendar has."""
    query = build(meta={"owner": "billing"}, initial_data=1, initial_data_updated_at=1e18)
    detail = page.parts(View(selected=query.query_hash))["detail"]
    assert "billing" in html.unescape(detail)
    assert "1e+18 s" in detail


async def test_a_mutation_that_failed_tells_why_and_how_often(client, page, mutation_of, clock):
    """With its error."""

    def save(variables, context):
        raise ValueError("no luck")

    mutation = mutation_of(mutation_fn=save, retry=1, retry_delay=1)
    handle = mutation.execute({"name": "Gemini"})
    await clock.advance(5)
    with pytest.raises(ValueError, match="no luck"):
        await handle
    detail = page.parts(View(tab="mutations", selected="1"))["detail"]
    assert "ValueError: no luck" in detail
    assert "Failed attempts</dt><dd>2" in detail


async def test_a_server_may_announce_its_life(page):
    """Some servers ask every app for that."""
    asked = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    told = []

    async def receive():
        return next(asked)

    async def send(message):
        told.append(message["type"])

    await page({"type": "lifespan", "state": {}}, receive, send)
    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]

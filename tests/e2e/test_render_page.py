"""The screen over a page of a real browser: what is found there, and that one scenario runs in both."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter

import pytest
import uvicorn
from reactpy import component, event, html, use_state
from reactpy.executors.asgi.standalone import ReactPy

from mockapi.render import (
    ElementNotFound,
    StaleElementError,
    UnsupportedActionError,
    render,
    render_page,
)
from query import QueryClient, QueryOptions, invalidates, mutation_options
from query.ui.reactpy import QueryClientProvider, use_mutation, use_query

pytestmark = [pytest.mark.e2e, pytest.mark.real_sleep("a browser takes its time")]


@contextlib.asynccontextmanager
async def served(app):
    """The URL of an ASGI app on this machine."""
    with socket.socket() as where:
        where.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="websockets-sansio"))
        serving = asyncio.create_task(server.serve(sockets=[where]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{where.getsockname()[1]}/"
        finally:
            server.should_exit = server.force_exit = True
            await serving


def app_with(names):
    """The project list, as a component with a client of its own."""

    async def load(context):
        await asyncio.sleep(0.01)
        return list(names)

    async def create(name, context):
        await asyncio.sleep(0.01)
        names.append(name)

    client = QueryClient()
    projects = QueryOptions(query_key=("projects",), query_fn=load)
    creating = mutation_options(mutation_fn=create, on_settled=invalidates(projects))

    @component
    def ProjectList():
        result = use_query(projects)
        creation = use_mutation(creating)
        name, set_name = use_state("")

        @event(prevent_default=True)
        def submit(_):
            creation.mutate(name)
            set_name("")

        if result.is_pending:
            return html.p("Loading…")
        return html.main(
            html.ul({"aria-label": "Projects"}, *[html.li({"key": one}, one) for one in result.data]),
            html.form(
                {"onSubmit": submit},
                html.label(
                    "Name",
                    html.input({"value": name, "onChange": lambda event: set_name(event["target"]["value"])}),
                ),
                html.button("Create"),
            ),
            html.p({"role": "status"}, f"{len(name)} characters"),
        )

    @component
    def App():
        return QueryClientProvider(ProjectList(), client=client)

    return App, client


async def scenario(screen):
    """What somebody does to the project list, whatever shows it."""
    field = await screen.find_by_role("textbox", name="Name", timeout=10)
    assert [item.text for item in screen.get_all_by_role("listitem")] == ["Apollo"]
    await screen.type(field, "Gemini")
    await screen.find_by_text("6 characters")
    await screen.clear(field)
    await screen.find_by_text("0 characters")
    await screen.type(field, "Mercury")
    await screen.find_by_text("7 characters")
    await screen.click(screen.get_by_role("button", name="Create"))
    await screen.find_by_text("Mercury", timeout=10)
    await screen.type(screen.get_by_role("textbox"), "Vostok")
    await screen.find_by_text("6 characters")
    await screen.press("Enter", screen.get_by_role("textbox"))
    await screen.wait_for(lambda: len(screen.get_all_by_role("listitem")) == 3 or False)
    names = screen.within(screen.get_by_role("list", name="Projects"))
    assert [item.text for item in names.get_all_by_role("listitem")] == ["Apollo", "Mercury", "Vostok"]
    with pytest.raises(ElementNotFound, match="there is no element with the text 'Soyuz'"):
        screen.get_by_text("Soyuz")


async def test_one_scenario_runs_without_a_browser():
    app, client = app_with(["Apollo"])
    async with render(app()) as screen:
        await scenario(screen)
    await client.aclose()


async def test_one_scenario_runs_in_a_browser(browser):
    app, client = app_with(["Apollo"])
    async with served(ReactPy(app)) as url:
        page = await browser.new_page()
        async with render_page(page) as screen:
            await page.goto(url)
            await scenario(screen)
        await page.close()
    await client.aclose()


ELEMENTS = """
<!doctype html><html lang="en"><head><title>t</title><style>.off { display: none }</style></head><body>
<header><h1>Projects</h1></header><nav aria-label="Main"><a href="/a">Home</a><a>nowhere</a></nav>
<main><article><header>inner</header><p>Text <b>bold</b></p></article>
<section aria-labelledby="t1"><h2 id="t1">Danger</h2><button>Delete</button></section><section>plain</section>
<form aria-label="Search"><label>Name <input></label><label for="e">Mail</label><input id="e" type="email">
<input type="search" placeholder="Find"><input type="checkbox" title="Done"><input type="radio" aria-label="One">
<input type="number" aria-label="Size"><input type="range" aria-label="Loud"><input type="submit" value="Send">
<input type="submit"><input type="reset"><input type="image" alt="Go"><input type="hidden">
<input list="l" aria-label="L"><datalist id="l"></datalist><input list="x" aria-label="X">
<textarea placeholder="Notes"></textarea><select aria-label="Kind"><option>a</option><option>b</option></select>
<select aria-label="Many" multiple><optgroup><option>c</option></optgroup></select>
<fieldset><legend>Address</legend></fieldset><progress aria-label="P"></progress><output>out</output></form>
<table><caption>Prices</caption><thead><tr><th>Name</th></tr></thead><tbody><tr><th scope="row">r</th><td>1</td></tr>
</tbody></table><ul><li>one</li></ul><ol><li>two</li></ol><img alt="Logo"><img alt="">
<figure><figcaption>Map</figcaption>
</figure><hr><blockquote>q</blockquote><details><summary>More</summary>hidden</details><dl><dt>t</dt><dd>d</dd></dl>
<button aria-label="Close">x</button><button><img alt="Edit"></button>
<button>A<span aria-hidden="true">z</span></button>
<button class="off">Off</button><div style="visibility: hidden"><button>Gone</button></div><button hidden>H</button>
<div role="alert">Careful</div><span role="tab" aria-labelledby="t1 t2">x</span><i id="t2" class="off">zone</i>
<button><div>two</div><div>blocks</div></button></main><aside>side</aside><footer>end</footer></body></html>
"""


async def test_roles_and_names_are_those_of_the_browser(browser):
    """Each element that is found by role and name is found by Playwright's own rules, and the other way round."""
    page = await browser.new_page()
    await page.set_content(ELEMENTS)
    async with render_page(page) as screen:
        ours = Counter((str(one.role), one.name) for role in ROLES for one in screen.query_all_by_role(role))
        theirs = Counter()
        for role in ROLES:
            count = await page.get_by_role(role).count()
            assert count == sum(number for (kind, _), number in ours.items() if kind == role), (role, count)
        for (role, name), _ in ours.items():
            options = {"name": name, "exact": True} if name else {}
            count = await page.get_by_role(role, **options).count()
            theirs[role, name] = count if name else ours[role, name]
        assert ours == theirs
    await page.close()


ROLES = [
    "alert",
    "article",
    "banner",
    "blockquote",
    "button",
    "caption",
    "cell",
    "checkbox",
    "columnheader",
    "combobox",
    "complementary",
    "contentinfo",
    "definition",
    "figure",
    "form",
    "group",
    "heading",
    "img",
    "link",
    "list",
    "listbox",
    "listitem",
    "main",
    "navigation",
    "option",
    "paragraph",
    "progressbar",
    "radio",
    "region",
    "row",
    "rowgroup",
    "rowheader",
    "searchbox",
    "separator",
    "slider",
    "spinbutton",
    "status",
    "strong",
    "tab",
    "table",
    "term",
    "textbox",
]


async def test_what_people_do_shows_and_errors_of_the_page_are_raised(browser):
    page = await browser.new_page()
    await page.set_content(
        "<input value='a'><input type=checkbox><button disabled>No</button><p>Text</p>"
        "<button onclick=\"setTimeout(() => { throw new Error('no such project') })\">Fail</button>"
        "<button onclick='this.remove()'>Leave</button>"
    )
    async with render_page(page) as screen:
        await screen.type(screen.get_by_role("textbox"), "b")
        assert screen.get_by_role("textbox").attributes["value"] == "ab"
        await screen.clear(screen.get_by_role("textbox"))
        assert screen.get_by_role("textbox").attributes["value"] == ""
        await screen.press("x")
        assert screen.get_by_role("textbox").attributes["value"] == "x"
        await screen.click(screen.get_by_role("checkbox"))
        assert screen.get_by_role("checkbox").attributes["checked"] is True
        await screen.click(screen.get_by_role("button", name="No"))
        with pytest.raises(UnsupportedActionError, match="nothing to type into"):
            await screen.type(screen.get_by_text("Text"), "a")
        with pytest.raises(UnsupportedActionError, match="not rendered by the test"):
            await screen.rerender("x")
        leaving = screen.get_by_text("Leave")
        await screen.click(leaving)
        with pytest.raises(StaleElementError):
            await screen.click(leaving)
        with pytest.raises(Exception, match="no such project") as caught:
            await screen.click(screen.get_by_text("Fail"))
            await screen.find_by_text("never")
        assert caught.value.__notes__ == ["raised in the page"]
    await page.close()


async def test_a_page_that_goes_elsewhere_is_still_watched(browser):
    page = await browser.new_page()
    async with render_page(page) as screen:
        assert str(screen) == "(nothing is on the screen)"
        for name in ("one", "two"):
            await page.goto(f"data:text/html,<p>{name}</p>")
            await screen.find_by_text(name)
    async with render_page(page) as screen:
        screen.get_by_text("two")
    await page.close()


async def test_what_is_no_page_is_refused():
    with pytest.raises(UnsupportedActionError, match=r"got a builtins\.str; expected a page of playwright"):
        async with render_page("page"):
            pytest.fail("the block must not begin")

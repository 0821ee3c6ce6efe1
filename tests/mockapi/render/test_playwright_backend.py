"""The screen over a page, without a browser: a stand-in for the page. tests/e2e has the real one."""

from __future__ import annotations

import itertools

import pytest

from mockapi.render import StaleElementError, UnsupportedActionError, playwright_backend, render_page


class Handle:
    """An element in the browser."""

    def __init__(self, page, number):
        self.page = page
        self.number = number

    def as_element(self):
        return self if self.number in self.page.numbers else None

    async def evaluate(self, script):
        return self.page.is_connected

    async def is_enabled(self):
        return False

    async def click(self, timeout):
        self.page.done.append(("click", self.number))

    async def fill(self, text, timeout):
        self.page.done.append(("fill", self.number, text))

    async def press(self, key, timeout):
        self.page.done.append(("press", self.number, key))


class Page:
    """A page whose body a test sets."""

    def __init__(self):
        self.main_frame = object()
        self.numbers = set()
        self.count = itertools.count(1)
        self.is_connected = True
        self.done = []
        self.listeners = {}
        self.reactions = []
        self.body = None
        self.keyboard = self

    def element(self, tag, *children, hidden=False, **attributes):
        number = next(self.count)
        self.numbers.add(number)
        return {
            "number": number,
            "tag": tag,
            "attributes": attributes,
            "hidden": hidden,
            "children": list(children),
        }

    def show(self, *children, frame=None):
        self.body = self.element("body", *children)
        self.tell({"frame": frame or self.main_frame}, self.body)

    async def expose_binding(self, name, tell):
        self.tell = tell

    async def add_init_script(self, script):
        assert script.endswith(f"({self.tell.__self__._tell!r})")

    async def evaluate(self, script, argument):
        return self.body

    async def evaluate_handle(self, script, arguments):
        return Handle(self, arguments[1])

    def on(self, event, listener):
        self.listeners[event] = listener

    def remove_listener(self, event, listener):
        self.listeners[event] = lambda error: listener(error)

    async def type(self, key):
        self.done.append(("type", key))
        for _ in range(self.reactions.pop(0) if self.reactions else 0):
            self.tell({"frame": self.main_frame}, self.body)

    async def press(self, key):
        self.done.append(("press", key))


Page.__module__ = "playwright.async_api._generated"


@pytest.fixture
def page():
    return Page()


async def test_what_the_page_tells_is_on_the_screen(page):
    async with render_page(page) as screen:
        assert str(screen) == "(nothing is on the screen)"
        page.show(page.element("p", "Apollo", hidden=True), page.element("img", alt=""), "text")
        assert screen.get_by_text("Apollo").is_hidden
        assert screen.query_all_by_role("img") == []
        page.show(page.element("p", "frame"), frame=object())
        assert screen.query_by_text("frame") is None
        page.show(page.element("button", "Go", disabled=""))
        assert str(screen) == "<button disabled>Go</button>"
    page.show(page.element("p", "later"))
    assert screen.query_by_text("later") is None


async def test_actions_are_those_of_the_page(page, monkeypatch):
    monkeypatch.setattr(playwright_backend, "ECHO_TIMEOUT", 0.01)
    async with render_page(page) as screen:
        field, off = page.element("input"), page.element("button", "Off", disabled="")
        page.show(field, off, page.element("button", "Go"))
        await screen.click(screen.get_by_role("button", name="Go"))
        await screen.click(screen.get_by_role("button", name="Off"))
        page.reactions = [2, 1, 0]
        await screen.type(screen.get_by_role("textbox"), "abc")
        await screen.clear(screen.get_by_role("textbox"))
        await screen.press("Tab")
        await screen.press("Enter", screen.get_by_role("textbox"))
        number = field["number"]
        assert page.done[1:] == [
            ("type", "a"),
            ("type", "b"),
            ("type", "c"),
            ("fill", number, ""),
            ("press", "Tab"),
            ("press", number, "Enter"),
        ]


async def test_what_cannot_be_done_is_refused(page):
    async with render_page(page) as screen:
        page.show(page.element("p", "text"))
        element = screen.get_by_text("text")
        with pytest.raises(UnsupportedActionError, match="nothing to type into"):
            await screen.type(element, "a")
        with pytest.raises(UnsupportedActionError, match="is no element of this page"):
            await screen.click("text")
        with pytest.raises(UnsupportedActionError, match="not rendered by the test"):
            await screen.rerender(None)
        page.is_connected = False
        with pytest.raises(StaleElementError):
            await screen.click(element)
        page.numbers.clear()
        with pytest.raises(StaleElementError):
            await screen.click(element)


async def test_an_error_of_the_page_is_raised_while_it_is_watched(page):
    async with render_page(page) as screen:
        page.listeners["pageerror"](ValueError("no such project"))
        with pytest.raises(ValueError, match="no such project"):
            screen.query_by_text("x")
    page.listeners["pageerror"](ValueError("later"))
    assert screen.commits.untold() == ""


async def test_anything_else_is_no_page():
    with pytest.raises(UnsupportedActionError, match=r"got a builtins\.str; expected a page of playwright"):
        async with render_page("page"):
            pytest.fail("the block must not begin")

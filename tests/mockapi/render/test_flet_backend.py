"""Flet components on a screen."""

import asyncio
import functools
import re

import flet as ft
import pytest

from mockapi.render import StaleElementError, UnsupportedActionError, render, render_hook, wait_for
from query import QueryOptions
from query.ui.flet import QueryClientProvider, use_query


@ft.component
def Counter(start=0):
    count, set_count = ft.use_state(start)
    return ft.Column(
        [
            ft.Text(f"Count: {count}"),
            ft.Button("More", on_click=lambda: set_count(count + 1)),
        ]
    )


async def test_what_a_component_shows_is_on_the_screen():
    async with render(Counter) as screen:
        assert screen.get_by_text("Count: 0").tag == "Text"
        assert str(screen).splitlines() == [
            "<Column>",
            "  <Text>Count: 0</Text>",
            "  <Button on_click>More</Button>",
            "</Column>",
        ]


async def test_a_click_tells_the_handler_and_its_change_is_shown():
    async with render(functools.partial(Counter, start=3)) as screen:
        button = screen.get_by_role("button", name="More")
        for number in (4, 5):
            await screen.click(button)
            await screen.find_by_text(f"Count: {number}")


@ft.component
def Form(log):
    name, set_name = ft.use_state("")
    done, set_done = ft.use_state(False)
    return ft.Column(
        [
            ft.TextField(
                label="Name",
                value=name,
                on_change=lambda event: set_name(event.control.value),
                on_submit=lambda event: log.append(event.control.value),
            ),
            ft.Checkbox(label="Done", value=done, on_change=lambda event: set_done(event.control.value)),
            ft.Text(f"Hello {name}, done: {done}"),
            ft.IconButton(ft.Icons.ADD, tooltip="Add", disabled=True, on_click=lambda: log.append("never")),
        ]
    )


async def test_fields_are_typed_into_cleared_and_submitted_and_boxes_toggled():
    log = []
    async with render(lambda: Form(log), framework="flet") as screen:
        field = screen.get_by_role("textbox", name="Name")
        await screen.type(field, "Ad")
        await screen.press("x")
        await screen.press("Backspace")
        await screen.find_by_text("Hello Ad, done: False")
        await screen.type(field, "a\n")
        assert log == ["Ada"]
        await screen.click(screen.get_by_role("checkbox", name="Done"))
        await screen.find_by_text("Hello Ada, done: True")
        await screen.clear(field)
        await screen.find_by_text("Hello , done: True")
        await screen.click(screen.get_by_role("button", name="Add"))
        await screen.press("Enter", screen.get_by_role("button", name="Add"))
        assert log == ["Ada"]


async def test_enter_clicks_a_button():
    async with render(Counter) as screen:
        await screen.press("Enter", screen.get_by_role("button"))
        await screen.find_by_text("Count: 1")


async def test_what_cannot_be_done_is_refused():
    async with render(Counter) as screen:
        with pytest.raises(UnsupportedActionError, match="nothing to type into"):
            await screen.type(screen.get_by_text("Count: 0"), "a")
        with pytest.raises(UnsupportedActionError, match="nothing has the focus"):
            await screen.press("a")
        with pytest.raises(UnsupportedActionError, match="no element of a Flet screen"):
            await screen.click("text")
        button = screen.get_by_role("button")
        await screen.rerender(lambda: ft.Text("gone"))
        screen.get_by_text("gone")
        with pytest.raises(StaleElementError):
            await screen.click(button)


async def test_a_query_is_shown_and_left(make_test_query_client):
    client = make_test_query_client()
    names = QueryOptions(query_key=("names",), query_fn=lambda context: ["Apollo", "Gemini"])

    @ft.component
    def Names():
        return ft.ListView([ft.ListTile(title=name) for name in use_query(names).data or []])

    wrapper = functools.partial(QueryClientProvider, client=client)
    async with render(Names, wrapper=wrapper) as screen:
        await screen.find_by_text("Apollo")
        assert [item.name for item in screen.get_all_by_role("listitem")] == ["Apollo", "Gemini"]
        assert screen.get_by_role("list").text == "Apollo Gemini"
    assert client.get_query_cache().get_all() == [] or not client.get_query_cache().get_all()[0].is_active()


async def test_a_hook_by_itself(make_test_query_client):
    client = make_test_query_client()

    def use_name(key):
        return use_query(QueryOptions(query_key=("name", key), query_fn=lambda context: key.upper()))

    wrapper = functools.partial(QueryClientProvider, client=client)
    async with render_hook(use_name, wrapper=wrapper, initial_props={"key": "a"}, framework="flet") as hook:
        await wait_for(lambda: hook.current.data == "A")
        await hook.rerender(key="b")
        await wait_for(lambda: hook.current.data == "B")


# -- errors of the program


@ft.component
def Broken(where="button"):
    count, set_count = ft.use_state(0)

    def fail():
        raise OSError("the handler")

    def effect():
        if count == 2:
            raise ValueError("the effect")

    ft.use_effect(effect, [count])
    if count == 1 or where == "render":
        raise KeyError("the component")
    return ft.Column(
        [
            ft.Button("render", on_click=lambda: set_count(1)),
            ft.Button("effect", on_click=lambda: set_count(2)),
            ft.Button("handler", on_click=fail),
        ]
    )


async def test_an_error_of_the_first_render_is_raised_where_it_is_rendered():
    before = asyncio.all_tasks()
    with pytest.raises(KeyError, match="the component"):
        async with render(functools.partial(Broken, "render")):
            pytest.fail("the block must not begin")
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize(("button", "kind"), [("render", KeyError), ("handler", OSError), ("effect", ValueError)])
async def test_a_later_error_is_raised_at_the_next_use(button, kind):
    async with render(Broken) as screen:
        with pytest.raises(kind, match=re.escape("the component" if button == "render" else f"the {button}")) as caught:
            await screen.click(screen.get_by_text(button))
            await screen.find_by_text("never")
        assert caught.value.__notes__[0].startswith("raised ")
        await screen.find_by_text("handler")
    assert screen.commits.untold() == ""


async def test_fields_that_are_read_only_or_have_several_lines():
    seen = []

    @ft.component
    def Fields():
        return ft.Column(
            [
                ft.TextField(label="Fixed", value="a", read_only=True, on_change=lambda event: seen.append("never")),
                ft.TextField(label="Notes", multiline=True, on_change=lambda event: seen.append(event.data)),
                ft.Container(ft.Text("inside"), on_click=lambda: seen.append("clicked")),
                ft.Text("outside"),
            ]
        )

    async with render(Fields) as screen:
        await screen.type(screen.get_by_role("textbox", name="Fixed"), "b")
        await screen.type(screen.get_by_role("textbox", name="Notes"), "a\nb")
        assert seen == ["a", "a\n", "a\nb"]
        await screen.press("Escape")
        await screen.click(screen.get_by_text("inside"))
        await screen.click(screen.get_by_text("outside"))
        await screen.press("a")
        assert seen[3:] == ["clicked"]


async def test_a_handler_that_still_runs_ends_with_the_screen():
    ended = []

    async def wait():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(1)

    @ft.component
    def Waiting():
        return ft.Button("Wait", on_click=wait)

    async with render(Waiting) as screen:
        await screen.click(screen.get_by_text("Wait"))
        assert ended == []
    assert ended == [1]

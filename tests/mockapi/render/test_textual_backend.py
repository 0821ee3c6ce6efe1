"""Apps, screens and widgets of Textual on a screen: what is found there, and what is done to it."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from textual.app import App
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Button, Checkbox, DataTable, Input, Label, OptionList, Static, Switch, TextArea

from mockapi.render import ElementNotFound, StaleElementError, UnsupportedActionError, render, render_hook, wait_for
from query import QueryOptions
from query.ui.textual import QueryClientProvider, use_query


class Counter(Vertical):
    """A button that counts how often it was pressed."""

    count = 0

    def compose(self):
        yield Button(f"Count: {self.count}")

    def on_button_pressed(self, event):
        self.count += 1
        event.button.label = f"Count: {self.count}"


async def test_a_click_changes_the_screen():
    """At once, with what its handler does before it waits."""
    async with render(Counter()) as screen:
        await screen.click(screen.get_by_role("button", name="Count: 0"))
        await screen.click(screen.get_by_text("Count: 1"))
        assert screen.query_by_text("Count: 2") is not None


async def test_apps_and_screens_and_their_classes_can_be_rendered():
    """A widget gets an app of its own, and so does a screen."""

    class Page(Screen[None]):
        def compose(self):
            yield Label("a screen")

    class Program(App[None]):
        def compose(self):
            yield Label("an app")

    for ui, text in ((Program, "an app"), (Program(), "an app"), (Page(), "a screen"), (Label("a widget"), "a widget")):
        async with render(ui) as screen:
            assert screen.get_by_text(text).tag == "Label"


def test_without_an_event_loop_it_blocks():
    """As in tests that are plain functions."""
    with render(Counter()) as screen:
        screen.click(screen.get_by_role("button"))
        assert screen.find_by_text("Count: 1")


async def test_roles_and_names_are_those_that_people_know():
    """By what is written on a widget, or by its title, its placeholder, its tooltip."""

    class Form(Vertical):
        def compose(self):
            name = Input(placeholder="Project name")
            yield name
            notes = TextArea("text")
            notes.border_title = "Notes"
            yield notes
            yield Checkbox("Public")
            switch = Switch(True)
            switch.tooltip = "Live"
            yield switch
            yield OptionList("one", "two")
            hidden = Button("Hidden")
            hidden.display = False
            yield hidden

    async with render(Form()) as screen:
        assert screen.get_by_role("textbox", name="Project name").attributes["placeholder"] == "Project name"
        assert screen.get_by_role("textbox", name="Notes").attributes["value"] == "text"
        assert screen.get_by_role("checkbox", name="Public").attributes["value"] is False
        assert screen.get_by_role("switch", name="Live").attributes["value"] is True
        assert screen.get_by_role("listbox").text == "one two"
        assert screen.query_by_role("button") is None


async def test_cells_of_tables_are_text():
    """Headings first, then row by row."""

    class Table(Vertical):
        def compose(self):
            yield DataTable()

        def on_mount(self):
            table = self.query_one(DataTable)
            table.add_columns("Name", "Stars")
            table.add_row("Apollo", 11)

    async with render(Table()) as screen:
        assert screen.get_by_role("table").text == "Name Stars Apollo 11"


async def test_typing_goes_to_the_end_of_a_field_key_by_key():
    """And Enter submits it, as for people."""
    told = []

    class Form(Vertical):
        def compose(self):
            yield Input("Apollo", placeholder="Name")

        def on_input_changed(self, event):
            told.append(event.value)

        def on_input_submitted(self, event):
            told.append(f"submitted {event.value}")

    async with render(Form()) as screen:
        field = screen.get_by_role("textbox")
        told.clear()
        await screen.type(field, " 11")
        await screen.press("Enter")
        assert told == ["Apollo ", "Apollo 1", "Apollo 11", "submitted Apollo 11"]
        await screen.clear(field)
        assert "value" not in screen.get_by_role("textbox").attributes
        await screen.type(field, "x\n")
        assert told[-1] == "submitted x"
        await screen.press("Backspace", field)
        assert told[-1] == ""


async def test_text_areas_are_typed_into_over_several_lines():
    """Enter is a new line there."""
    async with render(TextArea("first")) as screen:
        area = screen.get_by_role("textbox")
        await screen.type(area, "\nsecond!")
        assert screen.get_by_role("textbox").attributes["value"] == "first\nsecond!"


async def test_a_disabled_widget_does_not_react():
    """Neither to the mouse nor to keys."""

    class Form(Counter):
        def compose(self):
            yield Button("Count: 0", disabled=True)
            yield Input(disabled=True)

    async with render(Form()) as screen:
        await screen.click(screen.get_by_role("button"))
        await screen.type(screen.get_by_role("textbox"), "text")
        assert screen.query_by_text("Count: 0") is not None
        assert "value" not in screen.get_by_role("textbox").attributes


async def test_what_is_further_down_is_scrolled_to():
    """A click lands where the widget is by then."""

    class Long(VerticalScroll):
        def compose(self):
            for number in range(100):
                yield Button(f"Button {number}")

        def on_button_pressed(self, event):
            event.button.label = "pressed"

    async with render(Long()) as screen:
        await screen.click(screen.get_by_role("button", name="Button 90"))
        assert screen.query_by_text("pressed") is not None


async def test_only_the_screen_in_front_is_there():
    """A dialog hides what is behind it from a test as from people."""

    class Dialog(ModalScreen[None]):
        def compose(self):
            yield Label("Sure?")

    class Program(App[None]):
        def compose(self):
            yield Button("Delete")

        def on_button_pressed(self):
            self.push_screen(Dialog())

    async with render(Program()) as screen:
        delete = screen.get_by_role("button")
        await screen.click(delete)
        assert screen.get_by_text("Sure?")
        assert screen.query_by_role("button") is None
        with pytest.raises(StaleElementError, match=r"<Button> is no longer on the screen.*\n\n<Label>Sure\?</Label>"):
            await screen.click(delete)


async def test_notifications_are_found():
    """By their role, too."""

    class Program(App[None]):
        def on_mount(self):
            self.notify("Saved")

    async with render(Program()) as screen:
        assert (await screen.find_by_role("alert")).text == "Saved"


async def test_errors_of_the_program_come_to_the_test():
    """The very error, at the next use of the screen, or at once if an action caused it."""

    class Broken(Vertical):
        def compose(self):
            yield Button("Go")

        def on_button_pressed(self):
            raise ValueError("no")

    async with render(Broken()) as screen:
        with pytest.raises(ValueError, match="no"):
            await screen.click(screen.get_by_role("button"))


async def test_an_error_of_the_first_compose_comes_to_the_test():
    """Before there is a screen."""

    class Broken(Static):
        def on_mount(self):
            raise ValueError("not mounted")

    with pytest.raises(ValueError, match="not mounted"):
        async with render(Broken()):
            pass


async def test_an_app_that_never_comes_on_says_why():
    """There is no screen to look at."""

    class Program(App[None]):
        def run_test(self, **_):
            raise RuntimeError("no terminal")

    with pytest.raises(RuntimeError, match="no terminal"):
        async with render(Program()):
            pass


async def test_after_the_end_nothing_is_there():
    """Whoever still looks finds nothing."""
    async with render(Label("text", id="only", classes="big")) as screen:
        assert screen.get_by_text("text").attributes == {"id": "only", "class": "big"}
        assert repr(screen.get_by_text("text")) == "<Label id='only'>"
        assert screen.backend.root.text == "text"
    assert screen.query_by_text("text") is None


async def test_a_handler_that_never_rests_does_not_hold_up_the_test():
    """After many turns of the loop the action counts as done."""

    class Busy(Vertical):
        is_busy = True

        def compose(self):
            yield Button("Go")

        async def on_button_pressed(self, event):
            event.button.label = "going"
            while self.is_busy:
                await asyncio.sleep(0)

    busy = Busy()
    async with render(busy) as screen:
        await screen.click(screen.get_by_text("Go"))
        assert screen.query_by_text("going") is not None
        busy.is_busy = False


async def test_what_cannot_be_done_says_why():
    """Each with what to do instead."""
    async with render(Label("text")) as screen:
        label = screen.get_by_text("text")
        with pytest.raises(UnsupportedActionError, match="'text' is no element of a Textual screen"):
            await screen.click("text")
        with pytest.raises(UnsupportedActionError, match="<Label> is nothing to type into; expected an Input"):
            await screen.type(label, "x")
        with pytest.raises(UnsupportedActionError, match="Set the reactive attributes of the widget instead"):
            await screen.rerender(Label("other"))
        label.handle.display = False
        with pytest.raises(UnsupportedActionError, match="<Label> takes no room on the screen"):
            await screen.click(label)
        with pytest.raises(ElementNotFound, match="<Label>text</Label>"):
            screen.get_by_text("other")
    with pytest.raises(UnsupportedActionError, match="no hooks to render"):
        async with render_hook(lambda: None, framework="textual"):
            pass


async def test_a_handler_that_waits_does_not_hold_up_the_test(mock_api_client):
    """The click returns when the handler waits; the wait wakes up when it goes on."""
    go_on = asyncio.Event()

    class Slow(Vertical):
        def compose(self):
            yield Button("Go")

        async def on_button_pressed(self, event):
            event.button.label = "going"
            await go_on.wait()
            event.button.label = "gone"

    async with render(Slow()) as screen:
        await screen.click(screen.get_by_text("Go"))
        assert screen.query_by_text("going") is not None
        go_on.set()
        await screen.find_by_text("gone")


class Projects(Static):
    """Projects by their names."""

    projects = use_query(
        QueryOptions(query_key=["projects"], query_fn=lambda _: load_projects(), retry_delay=30, stale_time=60)
    )

    def watch_projects(self, projects):
        self.update("Loading..." if projects.is_pending else ", ".join(project["name"] for project in projects.data))


async def load_projects():
    async with httpx.AsyncClient(base_url="http://localhost") as http:
        response = await http.get("/projects/")
        response.raise_for_status()
        return response.json()


async def test_the_guide_line_by_line(mock_api_client, make_test_query_client):
    """Render, see data, override the mock, see the refetch."""
    projects = mock_api_client.add_mock_response(url="/projects/", body=[{"name": "Apollo"}])
    client = make_test_query_client()

    async with render(Projects(), wrapper=lambda child: QueryClientProvider(child, client=client)) as screen:
        await screen.find_by_text("Apollo")
        projects.assert_called_once()
        mock_api_client.add_mock_response(url="/projects/", body=[{"name": "Apollo"}, {"name": "Gemini"}])
        await client.invalidate_queries(["projects"])
        await wait_for(lambda: screen.get_by_text("Apollo, Gemini"))


async def test_virtual_time_passes_while_a_test_waits(mock_api_client, mock_clock, make_test_query_client):
    """Half a minute until the next attempt takes no time."""
    refused = mock_api_client.add_mock_response(url="/projects/", status_code=500)
    client = make_test_query_client(retry=1)

    async with render(Projects(), wrapper=lambda child: QueryClientProvider(child, client=client)) as screen:
        await wait_for(lambda: refused.called)
        assert screen.query_by_text("Loading...") is not None
        mock_api_client.add_mock_response(url="/projects/", body=[{"name": "Apollo"}])
        await screen.find_by_text("Apollo", timeout=60)
    assert 30 <= mock_clock.monotonic() < 31

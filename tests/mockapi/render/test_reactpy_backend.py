"""ReactPy components on a screen."""

import asyncio
import logging
import re

import pytest
from reactpy import component, event, html, use_effect, use_state

from mockapi.render import ElementNotFound, StaleElementError, UnsupportedActionError, render


@component
def Counter(start=0):
    count, set_count = use_state(start)
    return html.div(
        html.p(f"Count: {count}"),
        html.button({"onClick": lambda _: set_count(count + 1)}, html.span("More")),
    )


async def test_what_a_component_shows_is_on_the_screen():
    async with render(Counter(3)) as screen:
        assert screen.get_by_text("Count: 3").role == "paragraph"
        assert str(screen).splitlines() == [
            "<div>",
            "  <p>Count: 3</p>",
            "  <button onClick>",
            "    <span>More</span>",
            "  </button>",
            "</div>",
        ]


async def test_a_click_reaches_the_handler_around_the_element_and_its_change_is_shown():
    async with render(Counter()) as screen:
        await screen.click(screen.get_by_text("More"))
        screen.get_by_text("Count: 1")
        await screen.click(screen.get_by_role("button", name="More"))
        assert (await screen.find_by_text("Count: 2")).tag == "p"


async def test_an_element_can_be_used_after_it_was_rendered_again():
    async with render(Counter()) as screen:
        button = screen.get_by_role("button")
        for _ in range(3):
            await screen.click(button)
        screen.get_by_text("Count: 3")


async def test_debug_prints_what_it_returns(capsys):
    async with render(Counter(3)) as screen:
        text = screen.debug()
        assert capsys.readouterr().out == f"{text}\n"
        assert screen.debug(screen.get_by_text("Count: 3")) == "<p>Count: 3</p>"


async def test_a_wrapper_is_put_around_and_an_element_is_fine_as_root():
    async with render(html.p("Apollo"), wrapper=lambda child: html.main(child)) as screen:
        assert screen.get_by_role("main").children[0] is screen.get_by_text("Apollo")


async def test_rerender_gives_new_arguments_and_keeps_the_state():
    @component
    def Greeting(name):
        count, set_count = use_state(0)
        return html.button({"onClick": lambda _: set_count(count + 1)}, f"{name} {count}")

    async with render(Greeting("Ada"), wrapper=lambda child: html.main(child)) as screen:
        await screen.click(screen.get_by_text("Ada 0"))
        await screen.rerender(Greeting("Grace"))
        screen.get_by_text("Grace 1")


async def test_nothing_of_it_runs_after_the_block():
    ended = []

    @component
    def Watcher():
        use_effect(lambda: lambda: ended.append(1), [])
        return html.p("here")

    before = asyncio.all_tasks()
    async with render(Watcher()) as screen:
        assert len(asyncio.all_tasks()) > len(before)
    assert ended == [1]
    assert asyncio.all_tasks() == before
    assert screen.query_by_text("here") is not None


async def test_updates_of_inner_components_change_their_part_of_the_screen():
    async with render(html.div(html.p("first"), Counter(5), html.p("last"))) as screen:
        await screen.click(screen.get_by_text("More"))
        assert screen.get_by_text("Count: 6")
        assert [one.text for one in screen.get_all_by_role("paragraph")] == ["first", "Count: 6", "last"]


async def test_a_state_of_one_commit_is_seen():
    """A wait sees each commit before the next one."""

    @component
    def Steps():
        step, set_step = use_state(0)
        use_effect(lambda: set_step(step + 1) if step < 5 else None, [step])
        return html.p(f"step {step}")

    async with render(Steps()) as screen:
        await screen.find_by_text("step 3")
        assert screen.get_by_text(re.compile("step")).text == "step 3"
        await screen.find_by_text("step 5")


# -- what people do to fields


@component
def Form(log, **attributes):
    name, set_name = use_state("")

    def submit(event):
        log.append(("submit", *(field["value"] for field in event["target"] if field["name"] == "name")))
        set_name("")

    return html.form(
        {"onSubmit": event_of(submit)},
        html.label("Name", html.input({"name": "name", "value": name, "onChange": typed(set_name, log), **attributes})),
        html.button("Send"),
        html.p(f"Hello {name}"),
    )


def event_of(handler):
    return event(handler, prevent_default=True)


def typed(set_value, log):
    def handler(event):
        log.append(event["target"]["value"])
        set_value(event["target"]["value"])

    return handler


async def test_typing_tells_a_handler_key_by_key():
    log = []
    async with render(Form(log)) as screen:
        field = screen.get_by_role("textbox", name="Name")
        await screen.type(field, "Ada")
        assert log == ["A", "Ad", "Ada"]
        screen.get_by_text("Hello Ada")
        assert screen.get_by_role("textbox").attributes["value"] == "Ada"
        await screen.clear(field)
        screen.get_by_text("Hello")


async def test_a_click_on_its_button_or_enter_in_a_field_sends_a_form():
    log = []
    async with render(Form(log)) as screen:
        await screen.type(screen.get_by_role("textbox"), "A")
        await screen.click(screen.get_by_role("button", name="Send"))
        await screen.type(screen.get_by_role("textbox"), "B\n")
        assert log == ["A", ("submit", "A"), "B", ("submit", "B")]
        assert screen.get_by_role("textbox").attributes["value"] == ""


async def test_keys_that_are_no_text():
    keys, values = [], []
    field = html.input(
        {
            "onKeyDown": lambda event: keys.append(event["key"]),
            "onKeyUp": lambda event: keys.append(event["type"]),
            "onInput": lambda event: values.append(event["target"]["value"]),
            "defaultValue": "ab",
        }
    )
    async with render(field) as screen:
        await screen.click(screen.get_by_role("textbox"))
        await screen.press("Backspace")
        await screen.press("Escape")
        assert (keys, values) == (["Backspace", "keyup", "Escape", "keyup"], ["a"])


async def test_enter_and_space_click_a_button():
    clicks = []
    async with render(html.button({"onClick": lambda _: clicks.append(1)}, "Go")) as screen:
        await screen.press("Enter", screen.get_by_role("button"))
        await screen.press(" ")
        assert clicks == [1, 1]


async def test_a_field_that_the_program_does_not_hold_keeps_what_was_typed():
    async with render(html.textarea({"defaultValue": "one"})) as screen:
        await screen.type(screen.get_by_role("textbox"), "\ntwo")
        assert screen.get_by_role("textbox").attributes["value"] == "one\ntwo"


async def test_what_the_program_sets_wins_over_what_was_typed():
    @component
    def Loud():
        value, set_value = use_state("")
        return html.input({"value": value, "onChange": lambda event: set_value(event["target"]["value"].upper())})

    async with render(Loud()) as screen:
        await screen.type(screen.get_by_role("textbox"), "ada")
        assert screen.get_by_role("textbox").attributes["value"] == "ADA"


async def test_a_checkbox_is_toggled_by_a_click_on_it_or_its_label():
    seen = []

    @component
    def Box():
        return html.label(
            html.span("Done"),
            html.input({"type": "checkbox", "onChange": lambda event: seen.append(event["target"]["checked"])}),
        )

    async with render(Box()) as screen:
        await screen.click(screen.get_by_role("checkbox", name="Done"))
        assert screen.get_by_role("checkbox").attributes["checked"] is True
        await screen.click(screen.get_by_text("Done"))
        assert seen == [True, False]


async def test_what_is_disabled_does_not_react():
    seen = []
    ui = html.fieldset(
        {"disabled": True},
        html.button({"onClick": lambda _: seen.append(1)}, "Go"),
        html.input({"onInput": lambda _: seen.append(2), "readOnly": False}),
    )
    async with render(ui) as screen:
        await screen.click(screen.get_by_text("Go"))
        await screen.type(screen.get_by_role("textbox"), "a")
        await screen.clear(screen.get_by_role("textbox"))
        await screen.press("a", screen.get_by_role("textbox"))
        assert seen == []


async def test_a_field_that_is_read_only_keeps_its_value():
    async with render(html.input({"readOnly": True, "value": "a"})) as screen:
        await screen.type(screen.get_by_role("textbox"), "b")
        assert screen.get_by_role("textbox").attributes["value"] == "a"


async def test_a_handler_that_stops_an_event_keeps_it_from_those_around():
    seen = []

    @event(stop_propagation=True)
    def inner(_):
        seen.append("inner")

    ui = html.div({"onClick": lambda _: seen.append("outer")}, html.button({"onClick": inner}, "Go"), html.p("other"))
    async with render(ui) as screen:
        await screen.click(screen.get_by_text("Go"))
        await screen.click(screen.get_by_text("other"))
        assert seen == ["inner", "outer"]


async def test_nothing_can_be_typed_into_a_paragraph():
    async with render(html.p("text")) as screen:
        with pytest.raises(UnsupportedActionError, match="is nothing to type into"):
            await screen.type(screen.get_by_text("text"), "a")


async def test_an_element_that_is_gone_cannot_be_clicked():
    async with render(html.main(html.button("Go"))) as screen:
        button = screen.get_by_text("Go")
        await screen.rerender(html.main(html.p("gone")))
        with pytest.raises(StaleElementError, match="no longer on the screen"):
            await screen.click(button)


async def test_an_element_of_something_else_cannot_be_clicked():
    async with render(html.p("text")) as screen:
        with pytest.raises(UnsupportedActionError, match="is no element of a ReactPy screen"):
            await screen.click("text")


async def test_names_of_attributes_are_those_of_html():
    field = html.input({"id": "a", "ariaLabel": "Name", "className": "big", "tabIndex": 1, "aria-invalid": False})
    async with render(html.div(html.label({"htmlFor": "a"}, "x"), field)) as screen:
        attributes = screen.get_by_role("textbox", name="Name").attributes
        assert attributes == {"id": "a", "aria-label": "Name", "class": "big", "tabindex": 1, "aria-invalid": "false"}
        assert screen.get_by_text("x").attributes == {"for": "a"}


# -- errors of the program


@component
def Broken(where="button"):
    count, set_count = use_state(0)

    def fail(_):
        raise OSError("the handler")

    def effect():
        if count == 2:
            raise ValueError("the effect")

    use_effect(effect, [count])
    if count == 1 or where == "render":
        raise KeyError("the component")
    return html.div(
        html.button({"onClick": lambda _: set_count(1)}, "render"),
        html.button({"onClick": lambda _: set_count(2)}, "effect"),
        html.button({"onClick": fail}, "handler"),
    )


async def test_an_error_of_the_first_render_is_raised_where_it_is_rendered():
    with pytest.raises(KeyError, match="the component") as caught:
        async with render(html.main(Broken("render"))):
            pytest.fail("the block must not begin")
    assert caught.value.__notes__ == ["raised while Broken rendered"]


@pytest.mark.parametrize(
    ("button", "kind", "where"),
    [
        ("render", KeyError, "raised while Broken rendered"),
        ("handler", OSError, "raised in the handler of onClick"),
    ],
)
async def test_an_error_of_a_later_render_or_a_handler_is_raised_at_the_click(button, kind, where):
    async with render(Broken()) as screen:
        with pytest.raises(kind, match=f"the {'component' if button == 'render' else button}") as caught:
            await screen.click(screen.get_by_text(button))
        assert caught.value.__notes__ == [where]
    assert screen.commits.untold() == ""


async def test_an_error_of_an_effect_is_raised_while_something_is_waited_for():
    async with render(Broken()) as screen:
        with pytest.raises(ValueError, match="the effect") as caught:
            await screen.click(screen.get_by_text("effect"))
            await screen.find_by_text("never")
        assert caught.value.__notes__ == ["raised in an effect of Broken"]


async def test_an_error_that_nobody_met_fails_the_test_at_the_end():
    with pytest.raises(OSError, match="late"):
        async with render(html.button({"onClick": late}, "Go")) as screen:
            await screen.click(screen.get_by_text("Go"))
            for _ in range(10):
                await asyncio.sleep(0)


async def late(_):
    for _ in range(8):
        await asyncio.sleep(0)
    raise OSError("late")


async def test_an_error_that_nobody_met_is_added_to_the_failure_of_the_test():
    with pytest.raises(ElementNotFound) as caught:
        async with render(Broken()) as screen:
            text = screen.get_by_text("handler")
            await screen.backend.click(text)
            raise ElementNotFound("x", 0, "y")
    (note,) = caught.value.__notes__
    assert note.startswith("The program failed, too:\nTraceback")
    assert "OSError: the handler" in note


async def test_an_effect_that_fails_as_it_ends_fails_the_test():
    @component
    def Watcher():
        def effect():
            def clean_up():
                raise ValueError("the clean-up")

            return clean_up

        use_effect(effect, [])
        return html.p("here")

    with pytest.raises(ValueError, match="the clean-up"):
        async with render(Watcher()):
            pass


async def test_errors_of_one_screen_are_not_those_of_another():
    async with render(Broken()) as one, render(Broken()) as other:
        with pytest.raises(OSError):
            await one.click(one.get_by_text("handler"))
        other.get_by_text("handler")
    assert other.commits.untold() == ""


# -- the order of renders


async def test_a_component_that_is_rendered_with_the_one_around_it_is_rendered_once():
    renders, setters = [], {}

    @component
    def Inner():
        number, setters["inner"] = use_state(0)
        renders.append(number)
        return html.p(f"inner {number}")

    @component
    def Outer():
        number, setters["outer"] = use_state(0)
        return html.div(html.p(f"outer {number}"), Inner()) if number < 2 else html.p("none")

    async with render(Outer()) as screen:
        setters["outer"](1)
        setters["inner"](1)
        await screen.find_by_text("inner 1")
        assert renders == [0, 1]
        setters["outer"](2)
        setters["inner"](2)
        await screen.find_by_text("none")
        for _ in range(5):
            await asyncio.sleep(0)
        assert renders == [0, 1]


async def test_an_error_of_the_layout_itself_is_raised(monkeypatch):
    async with render(Counter()) as screen:

        async def create(state):
            raise ValueError("the layout")

        monkeypatch.setattr(screen.backend._layout, "_create_layout_update", create)
        with pytest.raises(ValueError, match="the layout"):
            await screen.click(screen.get_by_text("More"))


async def test_what_reactpy_logs_of_something_else_is_no_error_of_the_screen():
    async with render(Counter()) as screen:
        logging.getLogger("reactpy.web").error("no error")
        logging.getLogger("reactpy.core").error("no exception")
        try:
            raise ValueError
        except ValueError:
            logging.getLogger("reactpy.core").exception("not of this layout")
        screen.get_by_text("Count: 0")


# -- more about fields


async def test_radio_buttons_labels_by_id_and_forms_without_a_button():
    seen = []

    def note(event):
        seen.append((event["target"]["type"], event["target"].get("checked"), event["target"]["value"]))

    ui = html.form(
        {"onSubmit": lambda event: seen.append([field["name"] for field in event["target"]])},
        html.label({"htmlFor": "a"}, "First"),
        html.label("nothing"),
        html.input({"type": "radio", "id": "a", "name": "x", "value": "1", "onChange": note}),
        html.input({"name": "q"}),
    )
    async with render(ui) as screen:
        await screen.click(screen.get_by_text("First"))
        await screen.click(screen.get_by_text("nothing"))
        assert seen == [("radio", True, "1")]
        await screen.press("Enter", screen.get_by_role("textbox"))
        assert seen[1] == ["x", "q"]


async def test_a_choice_is_the_list_of_its_options_as_reactpy_sends_it():
    seen = []
    options = [html.option({"value": "a"}, "A"), html.option({"selected": True}, "B")]
    async with render(html.select({"onClick": lambda event: seen.append(event["target"])}, *options)) as screen:
        await screen.click(screen.get_by_role("combobox"))
    assert [(one["value"], one["text"], one["selected"]) for one in seen[0]] == [("a", "A", False), ("B", "B", True)]


async def test_a_handler_that_prevents_the_default_keeps_a_form_unsent():
    seen = []
    ui = html.form(
        {"onSubmit": lambda event: seen.append("sent")},
        html.button({"onClick": event(lambda event: seen.append("clicked"), prevent_default=True)}, "Send"),
        html.input({"onKeyDown": event(lambda event: seen.append(event["key"]), prevent_default=True)}),
    )
    async with render(ui) as screen:
        await screen.click(screen.get_by_text("Send"))
        await screen.type(screen.get_by_role("textbox"), "a")
        assert seen == ["clicked", "a"]
        assert screen.get_by_role("textbox").attributes.get("value") is None


async def test_what_was_typed_is_forgotten_with_its_field():
    @component
    def Page(shown):
        return html.main(html.input() if shown else html.p("none"))

    async with render(Page(True)) as screen:
        await screen.type(screen.get_by_role("textbox"), "a")
        await screen.rerender(Page(False))
        await screen.rerender(Page(True))
        assert screen.get_by_role("textbox").attributes.get("value") is None


async def test_a_screen_waits_as_the_function_does():
    async with render(Counter()) as screen:
        assert await screen.wait_for(lambda: screen.get_by_text("Count: 0").tag) == "p"


async def test_a_click_on_the_button_of_no_form_and_enter_in_a_field_of_none_send_nothing():
    async with render(html.div(html.button("Go"), html.input())) as screen:
        await screen.click(screen.get_by_text("Go"))
        await screen.type(screen.get_by_role("textbox"), "\n")
        assert screen.get_by_role("textbox").attributes.get("value") is None


async def test_a_failure_of_the_test_itself_is_left_as_it_is():
    with pytest.raises(ZeroDivisionError) as caught:
        async with render(Counter()):
            raise ZeroDivisionError
    assert not hasattr(caught.value, "__notes__")


async def test_a_key_that_means_nothing_to_a_button_does_nothing():
    clicks = []
    async with render(html.button({"onClick": lambda _: clicks.append(1)}, "Go")) as screen:
        await screen.press("a", screen.get_by_role("button"))
        assert clicks == []


async def test_what_was_typed_stays_while_something_else_changes():
    seen = []

    @component
    def Page():
        count, set_count = use_state(0)
        field = html.textarea({"onInput": lambda event: seen.append(event["target"]["value"])})
        return html.div(field, html.button({"onClick": lambda _: set_count(count + 1)}, f"{count} clicks"))

    async with render(Page()) as screen:
        await screen.type(screen.get_by_role("textbox"), "a")
        await screen.click(screen.get_by_text("0 clicks"))
        screen.get_by_text("1 clicks")
        assert screen.get_by_role("textbox").attributes["value"] == "a"
        assert seen == ["a"]


async def test_a_click_returns_although_the_loop_never_rests():
    async def spin():
        while True:
            await asyncio.sleep(0)

    spinning = asyncio.create_task(spin())
    async with render(html.button({"onClick": lambda _: None}, "Go")) as screen:
        await screen.click(screen.get_by_text("Go"))
    spinning.cancel()
    await asyncio.gather(spinning, return_exceptions=True)

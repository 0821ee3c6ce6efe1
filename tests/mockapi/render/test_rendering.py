"""What can be rendered, with and without an event loop."""

import subprocess
import sys
import threading

import httpx
import pytest
from reactpy import component, html, use_effect, use_state

from mockapi.render import ElementNotFound, UnsupportedActionError, WaitTimeoutError, backends, render, render_hook


@component
def Counter(start=0):
    count, set_count = use_state(start)
    return html.button({"onClick": lambda _: set_count(count + 1)}, f"Count: {count}")


@pytest.mark.parametrize(
    ("ui", "said"),
    [
        (Counter, r"render\(\) got the function Counter; expected what it makes: render\(Counter\(\)\)"),
        ("text", r"render\(\) got a str; expected a component"),
    ],
)
def test_what_cannot_be_rendered_is_refused(ui, said):
    with pytest.raises(UnsupportedActionError, match=said):
        render(ui)


def test_hooks_of_an_unknown_framework_are_refused():
    with pytest.raises(UnsupportedActionError, match="nothing of 'vue' can be rendered; expected one of flet, "):
        render_hook(lambda: None, framework="vue")


def test_a_framework_that_is_missing_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "reactpy", None)
    monkeypatch.delitem(sys.modules, "mockapi.render.reactpy_backend", raising=False)
    with pytest.raises(ImportError, match=r"pip install 'pytest-mockapi\[reactpy\]'"):
        backends.room_of("reactpy")


def test_neither_the_plugin_nor_mockapi_loads_it_and_it_loads_no_framework():
    program = (
        "import sys, mockapi, mockapi.plugin\n"
        "assert not [name for name in sys.modules if name.startswith('mockapi.render')]\n"
        "import mockapi.render\n"
        "assert not {'reactpy', 'textual', 'flet', 'playwright'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# -- without an event loop


def test_a_screen_that_blocks_has_the_same_names():
    with render(Counter()) as screen:
        screen.click(screen.get_by_role("button", name="Count: 0"))
        assert screen.find_by_text("Count: 1").tag == "button"
        assert [one.text for one in screen.find_all_by_text("Count: 1")] == ["Count: 1"]
        assert screen.find_by_role("button").name == "Count: 1"
        assert len(screen.find_all_by_role("button")) == 1
        screen.press("Enter", screen.get_by_role("button"))
        assert screen.wait_for(lambda: screen.get_by_text("Count: 2")).text == "Count: 2"
        screen.rerender(Counter(9))
        assert screen.debug() == "<button onClick>Count: 2</button>"


def test_it_types_and_clears():
    with render(html.input()) as screen:
        screen.type(screen.get_by_role("textbox"), "Ada")
        assert screen.get_by_role("textbox").attributes["value"] == "Ada"
        screen.clear(screen.get_by_role("textbox"))
        assert screen.get_by_role("textbox").attributes["value"] == ""


def test_its_conditions_are_called_in_the_thread_of_the_test():
    threads = []
    with render(Counter()) as screen:
        screen.wait_for(lambda: threads.append(threading.current_thread()))
    assert threads == [threading.main_thread()]


def test_its_waits_fail_as_those_of_the_other():
    with render(Counter()) as screen:
        with pytest.raises(WaitTimeoutError, match="At last: it returned False"):
            screen.wait_for(lambda: False, timeout=0)
        with pytest.raises(WaitTimeoutError, match="At last: AssertionError") as caught:
            screen.wait_for(check_nothing, timeout=0)
        assert isinstance(caught.value.__cause__, AssertionError)
        with pytest.raises(ElementNotFound, match="It was waited for 0 s"):
            screen.find_by_text("Count: 7", timeout=0)


def check_nothing():
    raise AssertionError


def test_an_error_of_the_program_reaches_it():
    def fail(_):
        raise OSError("the handler")

    with render(html.button({"onClick": fail}, "Go")) as screen, pytest.raises(OSError, match="the handler"):
        screen.click(screen.get_by_text("Go"))


def test_an_error_of_the_first_render_is_raised_where_it_is_rendered():
    @component
    def Broken():
        raise KeyError("the component")

    before = threading.active_count()
    with pytest.raises(KeyError, match="the component"), render(Broken()):
        pytest.fail("the block must not begin")
    assert threading.active_count() == before


def test_an_error_that_nobody_met_fails_it_at_the_end():
    @component
    def Watcher():
        def effect():
            def clean_up():
                raise ValueError("the clean-up")

            return clean_up

        use_effect(effect, [])
        return html.p("here")

    with pytest.raises(ValueError, match="the clean-up"), render(Watcher()):
        pass


def test_requests_of_a_screen_that_blocks_are_answered_by_the_mock(mock_api_client):
    mock_api_client.get("/projects/", ["Apollo"])

    @component
    def Projects():
        names, set_names = use_state([])

        async def load(_):
            async with httpx.AsyncClient(base_url="https://api.example.com") as http:
                set_names((await http.get("/projects/")).json())

        return html.div(html.button({"onClick": load}, "Load"), html.p(", ".join(names)))

    with render(Projects()) as screen:
        screen.click(screen.get_by_text("Load"))
        screen.find_by_text("Apollo")


def test_a_package_that_a_backend_lacks_is_not_taken_for_its_framework(monkeypatch):
    def import_module(name, package):
        raise ModuleNotFoundError("no module", name="fastjsonschema")

    monkeypatch.setattr(backends.importlib, "import_module", import_module)
    with pytest.raises(ModuleNotFoundError, match="no module"):
        backends.room_of("reactpy")

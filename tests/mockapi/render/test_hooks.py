"""Hooks by themselves."""

import threading

import pytest
from reactpy import create_context, html, use_context, use_effect, use_state

from mockapi.render import render_hook, wait_for


def use_counter(start=0):
    count, set_count = use_state(start)
    return count, start, set_count


async def test_current_is_what_the_hook_returned_last_and_all_is_what_it_ever_returned():
    async with render_hook(use_counter, initial_props={"start": 1}) as hook:
        assert hook.current[:2] == (1, 1)
        hook.current[2](7)
        await wait_for(lambda: hook.current[0] == 7)
        assert [result[0] for result in hook.all] == [1, 7]


async def test_rerender_calls_it_with_new_properties_and_keeps_its_state():
    async with render_hook(use_counter, initial_props={"start": 1}) as hook:
        await hook.rerender(start=2)
        assert hook.current[:2] == (1, 2)


async def test_rerender_without_properties_calls_it_with_those_before():
    async with render_hook(use_counter, initial_props={"start": 1}) as hook:
        await hook.rerender()
        assert [result[:2] for result in hook.all] == [(1, 1), (1, 1)]


async def test_a_wrapper_gives_it_its_context():
    context = create_context("outside")

    async with render_hook(lambda: use_context(context), wrapper=lambda child: context(child, value="inside")) as hook:
        assert hook.current == "inside"


async def test_the_screen_shows_what_the_wrapper_shows():
    async with render_hook(use_counter, wrapper=lambda child: html.main(html.p("around"), child)) as hook:
        hook.screen.get_by_text("around")


async def test_unmounting_ends_its_effects_and_keeps_its_results():
    ended = []

    def use_effect_once():
        use_effect(lambda: lambda: ended.append(1), [])
        return "result"

    async with render_hook(use_effect_once) as hook:
        assert ended == []
        await hook.unmount()
        assert ended == [1]
        assert hook.current == "result"
    assert ended == [1]


async def test_an_error_of_the_hook_is_raised_where_it_is_rendered():
    def use_nothing(slug=""):
        if slug == "broken":
            raise ValueError("the hook")

    with pytest.raises(ValueError, match="the hook"):
        async with render_hook(use_nothing, initial_props={"slug": "broken"}):
            pytest.fail("the block must not begin")
    async with render_hook(use_nothing) as hook:
        with pytest.raises(ValueError, match="the hook"):
            await hook.rerender(slug="broken")


def test_a_hook_without_an_event_loop_has_the_same_names():
    with render_hook(use_counter, initial_props={"start": 1}) as hook:
        assert hook.current[:2] == (1, 1)
        hook.rerender(start=2)
        assert hook.current[:2] == (1, 2)
        assert hook.screen.wait_for(lambda: len(hook.all)) == 2
        hook.unmount()
        assert [result[1] for result in hook.all] == [1, 2]


def test_an_error_of_a_hook_without_an_event_loop_is_raised():
    def use_nothing():
        raise ValueError("the hook")

    before = threading.active_count()
    with pytest.raises(ValueError, match="the hook"), render_hook(use_nothing):
        pytest.fail("the block must not begin")
    assert threading.active_count() == before

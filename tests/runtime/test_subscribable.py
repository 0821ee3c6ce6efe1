"""Listening: who is told, in which order, and what a mistake of one means for the others."""

from __future__ import annotations

import logging

from query.runtime.subscribable import Subscribable


class Bell(Subscribable[[str]]):
    """Something that can be listened to."""

    def __init__(self):
        super().__init__()
        self.came = self.left = 0

    def ring(self, *args, **kwargs):
        self._tell(*args, **kwargs)

    def _on_subscribe(self):
        self.came += 1

    def _on_unsubscribe(self):
        self.left += 1


def test_listeners_are_told_in_the_order_they_came():
    """Synchronously, with all arguments."""
    bell, heard = Bell(), []
    bell.subscribe(lambda *args, **kwargs: heard.append(("first", args, kwargs)))
    bell.subscribe(lambda *args, **kwargs: heard.append(("second", args, kwargs)))
    bell.ring("ding", loud=True)
    assert heard == [("first", ("ding",), {"loud": True}), ("second", ("ding",), {"loud": True})]


def test_nobody_hears_after_unsubscribing():
    """It may be called again, which changes nothing."""
    bell, heard = Bell(), []
    unsubscribe = bell.subscribe(heard.append)
    assert bell.has_listeners()
    unsubscribe()
    unsubscribe()
    bell.ring("ding")
    assert heard == []
    assert not bell.has_listeners()


def test_the_same_function_is_one_listener():
    """The first unsubscribe ends it."""
    bell, heard = Bell(), []
    first, second = bell.subscribe(heard.append), bell.subscribe(heard.append)
    bell.ring("one")
    second()
    bell.ring("two")
    first()
    assert heard == ["one"]


def test_a_listener_removed_during_the_telling_is_skipped():
    """By one that is told before it."""
    bell, heard = Bell(), []
    bell.subscribe(lambda text: unsubscribe())
    unsubscribe = bell.subscribe(heard.append)
    bell.subscribe(lambda text: heard.append("last"))
    bell.ring("ding")
    assert heard == ["last"]


def test_a_listener_added_during_the_telling_is_told():
    """Once, also if it is added again."""
    bell, heard = Bell(), []

    def late(text):
        heard.append(text)
        bell.subscribe(late)

    bell.subscribe(lambda text: bell.subscribe(late))
    bell.ring("ding")
    assert heard == ["ding"]


def test_a_listener_may_remove_itself():
    """It has heard once."""
    bell, heard = Bell(), []

    def once(text):
        heard.append(text)
        unsubscribe()

    unsubscribe = bell.subscribe(once)
    bell.ring("one")
    bell.ring("two")
    assert heard == ["one"]


def test_a_ring_inside_a_ring_reaches_everybody():
    """The inner one is told to all before the outer one goes on."""
    bell, heard = Bell(), []
    bell.subscribe(lambda text: bell.ring("inner") if text == "outer" else None)
    bell.subscribe(heard.append)
    bell.ring("outer")
    assert heard == ["inner", "outer"]


async def test_a_listener_that_raises_harms_nobody_else(reported):
    """Neither the others nor whoever tells; the loop's exception handler has it."""
    bell, heard, error = Bell(), [], ValueError("mine")

    def broken(text):
        raise error

    bell.subscribe(broken)
    bell.subscribe(heard.append)
    bell.ring("ding")
    assert heard == ["ding"]
    assert reported == [{"message": "a listener of Bell raised", "exception": error}]


def test_without_a_loop_the_log_has_it(caplog):
    """A cache can be written to without a loop."""
    bell = Bell()
    bell.subscribe(lambda: None)
    with caplog.at_level(logging.ERROR, logger="query"):
        bell.ring("too", "many")
    assert [(record.name, record.message) for record in caplog.records] == [("query", "a listener of Bell raised")]
    assert caplog.records[0].exc_info[0] is TypeError


def test_a_subclass_hears_of_comers_and_leavers():
    """Every time, known listeners included."""
    bell = Bell()
    first = bell.subscribe(print)
    bell.subscribe(print)
    assert (bell.came, bell.left) == (2, 0)
    first()
    first()
    assert (bell.came, bell.left) == (2, 2)


def test_what_does_not_care_for_comers_need_not():
    """The hooks are optional."""
    plain = Subscribable()
    plain.subscribe(print)()
    assert not plain.has_listeners()

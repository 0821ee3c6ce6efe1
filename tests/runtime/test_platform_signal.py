"""A signal that the platform may be watched for: watching starts and ends with listening."""

from __future__ import annotations

import pytest

from query.runtime.focus_manager import FocusManager
from query.runtime.online_manager import OnlineManager
from query.runtime.platform_signal import PlatformSignal


class Signal(PlatformSignal[str]):
    """A signal that tells its listeners what the platform says."""

    def _on_platform(self, said):
        self._tell(said)


class Platform:
    """A platform that can be watched; remembers who watches."""

    def __init__(self, *, stoppable=True):
        self.stoppable = stoppable
        self.log = []

    def watch(self, tell):
        self.log.append("watch")
        self.tell = tell
        return (lambda: self.log.append("stop")) if self.stoppable else None


@pytest.fixture(params=[Signal, FocusManager, OnlineManager])
def signal(request):
    """Any of them: they all watch alike."""
    return request.param()


def test_what_the_platform_says_reaches_the_signal():
    """Which decides what it means."""
    signal, platform, heard = Signal(), Platform(), []
    signal.set_event_listener(platform.watch)
    signal.subscribe(heard.append)
    platform.tell("news")
    assert heard == ["news"]


@pytest.mark.parity("QC-focusManager-001", "QC-onlineManager-004")
def test_a_new_way_to_watch_ends_the_old_one(signal):
    """And starts at once."""
    old, new = Platform(), Platform()
    signal.set_event_listener(old.watch)
    signal.set_event_listener(new.watch)
    assert (old.log, new.log) == (["watch", "stop"], ["watch"])


@pytest.mark.parity("QC-onlineManager-007")
def test_a_new_way_to_watch_takes_over_while_somebody_listens(signal):
    """The listener's leaving then ends the new one alone."""
    old, new = Platform(), Platform()
    signal.set_event_listener(old.watch)
    unsubscribe = signal.subscribe(print)
    signal.set_event_listener(new.watch)
    assert (old.log, new.log) == (["watch", "stop"], ["watch"])
    unsubscribe()
    assert (old.log, new.log) == (["watch", "stop"], ["watch", "stop"])


@pytest.mark.parity(
    "QC-focusManager-006", "QC-focusManager-007", "QC-focusManager-008", "QC-onlineManager-008", "QC-onlineManager-009"
)
def test_watching_ends_with_the_last_listener_and_starts_with_the_next(signal):
    """The way to watch is remembered."""
    platform = Platform()
    signal.set_event_listener(platform.watch)
    first, second = signal.subscribe(print), signal.subscribe(repr)
    first()
    assert platform.log == ["watch"]
    second()
    second()
    assert platform.log == ["watch", "stop"]
    signal.subscribe(print)
    assert platform.log == ["watch", "stop", "watch"]


def test_a_watch_that_cannot_be_stopped_is_started_for_every_listener(signal):
    """Nothing says that it still runs."""
    # Source: focusManager.ts, onSubscribe
    platform = Platform(stoppable=False)
    signal.set_event_listener(platform.watch)
    signal.subscribe(print)()
    signal.subscribe(print)
    assert platform.log == ["watch"] * 3


def test_without_a_platform_listening_starts_nothing(signal):
    """A program that knows says so itself."""
    signal.subscribe(print)()
    assert signal.has_listeners() is False


def test_a_signal_says_what_it_makes_of_the_platform():
    """The base class cannot know."""
    tells = []
    PlatformSignal().set_event_listener(tells.append)
    with pytest.raises(NotImplementedError):
        tells[0]("news")

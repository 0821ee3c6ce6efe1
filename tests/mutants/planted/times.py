"""Bugs in what depends on time: staleness, collection, retries, the network and the focus."""

from query.cache.query import Query
from query.cache.query_entry import QueryEntry
from query.observers.observer_timers import ObserverTimers
from query.observers.query_observer_base import QueryObserverBase
from query.runtime.environment import Environment
from query.runtime.retryer import Retryer

from .planting import mutant


@mutant(
    QueryEntry._is_older_than,
    "if stale_time == math.inf",
    "if (stale_time := stale_time + 0.000_001) == math.inf",
)
def data_is_still_fresh_at_the_deadline():
    """Data of exactly the age of ``stale_time`` counts as fresh: ``<`` where ``<=`` was meant.

    A poll every 30 seconds over data that is fresh for 30 seconds asks every other time.
    """


@mutant(Query._optional_remove, "if not self._observers and (", "if (")
def an_observed_query_is_collected():
    """The collection timer does not look whether somebody watches.

    After five minutes on one page its data is gone from the cache, and the next to ask loads it again.
    """


@mutant(Query._optional_remove, ' and (was_written or self._state.fetch_status == "idle")', "")
def a_fetching_query_is_collected():
    """The collection timer does not look whether a fetch is under way.

    A prefetch that takes longer than ``gc_time`` is thrown away while it loads.
    """


@mutant(Retryer._wait_to_retry, "self._failure_count < retry", "self._failure_count <= retry")
def one_retry_too_many():
    """``retry=2`` tries four times.

    The counter is compared before it counts.
    """


@mutant(
    Retryer._run,
    "                if not self.has_ended:\n",
    "                if self._failure_count:\n"
    "                    self._failure_count -= 1\n"
    "                elif not self.has_ended:\n",
)
def retries_go_on_after_a_success():
    """An attempt that succeeds after failures does not end the loop.

    ``for attempt in range(retries)`` without the ``break``.
    """


@mutant(
    Retryer._wait_to_retry,
    "    await self._environment.sleep(delay)\n    if not self.can_continue():\n",
    "    may_go_on = self.can_continue()\n    await self._environment.sleep(delay)\n    if not may_go_on:\n",
)
def the_network_is_looked_at_before_the_wait():
    """Whether a retry may run is decided before the pause that precedes it: check, then await, then act.

    The network goes during the back-off, and the retry is sent all the same.
    """


@mutant(
    Retryer.continue_,
    "gate.set_result(None)",
    "gate.set_result(None)\n        self._environment.spawn(self._run(), self.name)",
)
def a_paused_fetch_resumes_twice():
    """The return of the network opens the gate and starts the loop of attempts anew.

    Two listeners for one event, each of which "makes sure that it goes on": the request is sent twice.
    """


@mutant(
    Query._on_signal,
    "    if self._run is not None:\n        self._run.continue_()\n",
    "",
)
def a_paused_fetch_is_never_resumed():
    """The return of the network is no reason to go on for a fetch that waits for it.

    The page opened in the tunnel loads only when it is opened again.
    """


@mutant(Environment.can_start, 'return network_mode != "online" or self.online_manager.is_online()', "return True")
def an_offline_fetch_starts_anyway():
    """The network is not looked at before the first attempt.

    Every page that is opened offline is an error page.
    """


@mutant(
    QueryObserverBase.should_fetch_on_window_focus,
    "self.options.refetch_on_window_focus)",
    '"always")',
)
def focus_refetches_what_is_fresh():
    """A regained focus refetches everything that is watched, however fresh, and whatever the options say.

    Each change of tabs sends a request per component.
    """


@mutant(QueryObserverBase._on_interval, "if in_background or self._client", "if True or self._client")
def an_interval_goes_on_unfocused():
    """A refetch interval does not look at the focus.

    Forty tabs in the background poll the server all night.
    """


@mutant(QueryObserverBase.destroy, "    self._timers.clear()\n", "")
def an_interval_goes_on_after_the_unsubscription():
    """The timers of an observer outlive its last listener.

    ``setInterval`` without ``clearInterval``: a poll for each time that the page was open.
    """


@mutant(ObserverTimers.set_interval, "    self._clear_interval()\n", "")
def intervals_pile_up():
    """Setting the interval anew does not stop the one before.

    The longer the page is open, the more often it polls.
    """


@mutant(Retryer._stop_if_ended, "task.cancel()", "pass")
def a_cancelled_fetch_leaves_its_task():
    """The task of a cancelled fetch is not stopped: it waits for the network, or for a retry, for good.

    "Task was destroyed but it is pending!"
    """


@mutant(Query.add_observer, "del bucket.entries[self]", "pass")
def a_collection_timer_is_left_behind():
    """The collection timer is forgotten instead of cancelled.

    It keeps the entry, and all that this holds, in memory, and collects it too early should it be used again.
    """

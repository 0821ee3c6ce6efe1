"""Bugs in who fetches, who joins, and whose answer counts."""

from query.cache.fetching_query import FetchingQuery
from query.cache.query import Query
from query.client.client_marks import ClientMarks
from query.runtime.outcome import Outcome

from .planting import mutant


@mutant(
    FetchingQuery.fetch,
    "            present.cancel(silent=True)\n"
    "            # a listener of its signal may have started the next one: that is new enough\n"
    "            present = self._run_under_way()\n",
    "            present = self._run = None\n",
)
def a_stale_answer_overwrites_a_newer_one():
    """A refetch starts beside the fetch it supersedes, which goes on, and whose late answer is taken in.

    The search field whose results are those of the word before: the slower request answers last, and wins.
    """


@mutant(
    FetchingQuery._run_under_way,
    'return run if run is not None and run.cancelled is None and self.state.fetch_status != "idle" else None',
    "return run",
)
def a_fetch_after_a_cancel_joins_the_dead_one():
    """A cancelled fetch is still joined until it has unwound, so that no request is made and the waiter gets nothing.

    Leave a page and come back at once: it never loads.
    """


@mutant(
    FetchingQuery._run_under_way,
    'return run if run is not None and run.cancelled is None and self.state.fetch_status != "idle" else None',
    "return None",
)
def a_second_caller_makes_a_second_request():
    """A fetch under way is not joined.

    Ten components that mount together send ten requests.
    """


@mutant(FetchingQuery._release, "if self._run is run:", "if True:")
def the_clean_up_of_an_old_fetch_unregisters_the_new_one():
    """A fetch that was superseded clears the mark of the fetch under way, whichever that is by then.

    ``finally: del self.pending[key]`` without a look at what is stored there.
    """


@mutant(
    Outcome.join,
    "waiter: asyncio.Future[None] = asyncio.Future(loop=self.loop)",
    "waiter = next(iter(self._waiters or (asyncio.Future(loop=self.loop),)))",
)
def a_cancelled_waiter_kills_the_others():
    """Whoever waits, waits in the shared future, and takes it down when it is cancelled.

    ``await self.pending[key]`` without ``asyncio.shield``: one request's timeout fails all others.
    """


@mutant(FetchingQuery._revert, 'self.set_state(**{**fields_of(before), "fetch_status": "idle"})', "pass")
def a_cancelled_fetch_leaves_its_state():
    """A cancel does not put the state back: the query says fetching, and nothing fetches.

    The spinner that turns for ever after "Cancel".
    """


@mutant(
    ClientMarks._refetch,
    "handle = query.fetch(cancel_refetch=cancel_refetch)",
    "handle = query.fetch(cancel_refetch=False)",
)
def an_invalidation_during_a_fetch_is_lost():
    """An invalidation joins the fetch under way, which was sent before what it is to learn of.

    Save, and see the list from before the save: the poll that was under way answered for it.
    """


@mutant(
    Query.invalidate,
    "if not self.state.is_invalidated:",
    'if not self.state.is_invalidated and self.state.fetch_status == "idle":',
)
def an_invalidation_does_not_mark_a_query_that_fetches():
    """While a query fetches or waits for the network, an invalidation does not mark it.

    ``if self.loading: return`` at the top of whatever asks for news: cancel that load, and old data passes for new.
    """


@mutant(Query.destroy, "    if self._run is not None:\n        self.cancel(silent=True)\n", "")
def a_removed_query_is_written():
    """What is removed or reset goes on fetching, and its answer is written to an entry that nobody holds any more.

    After the log-out the profile of the last user arrives.
    """

"""Bugs in what observers show, and to whom."""

from query.observers.observed_query import ObservedQuery
from query.observers.query_observer_base import QueryObserverBase
from query.observers.shown_data import ShownData

from .planting import mutant


@mutant(ShownData._select, " and select is self._select_fn", "")
def another_select_shows_the_result_of_the_old_one():
    """What ``select`` made is kept as long as the data stays, even for another ``select``.

    Memoised by the data alone: the filter changes, and the list does not.
    """


@mutant(
    ShownData._select,
    "if self._previous is not None and data is self._previous_data and select is self._select_fn:",
    "if False:",
)
def select_runs_each_time():
    """What ``select`` made is never kept.

    A sort of ten thousand rows at each change of ``is_fetching``.
    """


@mutant(
    ObservedQuery._publish,
    "self._tell(result)",
    '[__import__("asyncio").get_running_loop().call_soon(listener, result) for listener in self._present()]',
)
def a_listener_is_told_after_it_left():
    """Listeners are told on a later turn of the loop, whether or not they still listen by then.

    "Can't perform a React state update on an unmounted component."
    """


@mutant(QueryObserverBase._move_to, "previous.remove_observer(self)", "pass")
def a_change_of_key_leaves_the_old_observer_counted():
    """An observer that moves to another key is still counted at the one before.

    Every page that was ever turned to is kept, and refetched when the window regains the focus.
    """


@mutant(QueryObserverBase._move_to, "query.add_observer(self)", "pass")
def a_change_of_key_does_not_count_at_the_new_one():
    """An observer that moves to another key is told nothing of it.

    The second page never shows, though its request was answered.
    """

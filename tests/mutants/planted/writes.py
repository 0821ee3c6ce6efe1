"""Bugs in mutations: what runs beside what, and what a rollback takes back."""

from query.base.optimistic import Undo, take_back, update_data
from query.cache.mutation_cache import MutationCache

from .planting import mutant


@mutant(Undo.__call__, "if state is not UNSET and self._is_mine(state):", "if state is not UNSET:")
def a_rollback_takes_back_newer_data():
    """A rollback restores what it remembers, though other data has come in since.

    Two quick edits: the first fails, and takes the second with it.
    """


@mutant(take_back, "for one in reversed((undo,) if isinstance(undo, Undo) else (undo or ())):", "for one in ():")
def a_rollback_takes_back_nothing():
    """A failed mutation leaves its optimistic write in the cache.

    The row that the server refused stays in the list.
    """


@mutant(
    take_back,
    "for one in reversed((undo,) if isinstance(undo, Undo) else (undo or ())):",
    "for one in (undo,) if isinstance(undo, Undo) else tuple(undo or ())[:1]:",
)
def a_rollback_takes_back_the_first_write_only():
    """Of several optimistic writes only the first is taken back.

    The detail page is right again, the list still shows what was refused.
    """


@mutant(update_data, "    client.cancel_queries(QueryFilters(query_key=key, exact=True))\n", "")
def a_fetch_under_way_overwrites_an_optimistic_write():
    """An optimistic write does not cancel the fetch under way, whose answer does not know of it.

    The new row shows, vanishes, and shows again.
    """


@mutant(MutationCache.can_run, "return first is None or first is own", "return True")
def a_scope_runs_two_at_once():
    """Mutations of one scope do not wait for each other.

    "Rename" arrives before "create".
    """


@mutant(MutationCache.run_next, "following.go_on()", "pass")
def a_scope_never_goes_on():
    """The end of a mutation does not wake the one that waits for it.

    The second save of a form hangs until the page is reloaded.
    """

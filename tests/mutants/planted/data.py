"""Bugs in what is stored, under which key, and what a write does."""

from query.base.keys import plain_text
from query.base.query_state import reduce_query_state, succeeded
from query.base.structural_sharing import _share_dict
from query.cache.infinite_query_behavior import PagesRun

from .planting import mutant


@mutant(plain_text, "return encode_json(parts).decode()", 'return __import__("msgspec").json.encode(parts).decode()')
def a_dict_in_another_order_is_another_key():
    """The order of the members of a dict is part of the key.

    ``json.dumps(key)`` without ``sort_keys``: the same filter, written elsewhere, has an entry of its own.
    """


@mutant(succeeded, "is_invalidated=False,", "is_invalidated=state.is_invalidated,")
def a_write_does_not_clear_the_invalidation():
    """Data written by hand over invalidated data stays invalidated.

    The response of a save is written to the cache, and is fetched again all the same.
    """


@mutant(
    reduce_query_state,
    '                fetch_status="idle",\n                status="error",\n',
    '                fetch_status="idle",\n                data=UNSET,\n                status="error",\n',
)
def a_failed_refetch_loses_the_data():
    """The data goes when a refetch fails.

    One failed poll, and a page full of rows is an error page.
    """


@mutant(
    _share_dict,
    "    return next.copy() if kept is None else {**next, **kept}\n",
    "    previous.clear()\n    previous.update({**next, **(kept or {})})\n    return previous\n",
)
def sharing_changes_the_old_data():
    """New data is copied into the old object instead of the other way around.

    Whoever kept the data from before, for a rollback or to compare, holds the new.
    """


@mutant(PagesRun._fetch_all, "self._rounds < wanted:", "self._rounds < wanted - 1:")
def a_refetch_loses_a_page():
    """An infinite query is refetched without its last page.

    The list jumps up when the window regains the focus.
    """


@mutant(
    PagesRun._with_page,
    "max_pages=given(options.max_pages, 0),",
    "max_pages=given(options.max_pages, 0) and given(options.max_pages, 0) + 1,",
)
def one_page_too_many_is_kept():
    """``max_pages=2`` keeps three.

    Compared before the new page is added.
    """

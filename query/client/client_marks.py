"""What a client does to many queries at once: invalidate, refetch, reset, cancel, remove.

Source: queryClient.ts.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from msgspec import structs
from typing_extensions import Unpack

from ..base.filters import (
    QueriesMeant,
    QueryFilterFields,
    QueryFilters,
    query_filters,
)
from ..cache.query import Query, invalidate_each, mark_each
from ..runtime.handle import Handle
from ..runtime.waiting import all_done
from .client_base import ClientBase

RefetchType = Literal["active", "inactive", "all", "none"]

_DONE: Final[Handle[None]] = Handle.of(None)
"""The handle of calls that had nothing to wait for: one for all, since it never changes."""
_IN_USE_OR_NONE: Final = (None, "active", "none")


class ClientMarks(ClientBase):
    """The part of ``QueryClient`` that marks queries, and fetches those in use anew."""

    def invalidate_queries(
        self,
        filters: QueriesMeant | None = None,
        /,
        *,
        refetch_type: RefetchType | None = None,
        throw_on_error: bool = False,
        cancel_refetch: bool = True,
        **fields: Unpack[QueryFilterFields],
    ) -> Handle[None]:
        """Mark matching queries stale and refetch those that are in use.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            refetch_type: Which of them to refetch: "active" (default), "inactive", "all" or "none".
            throw_on_error: Fail with the first error of a refetch; otherwise the states tell.
            cancel_refetch: Supersede fetches under way.
            **fields: the fields of the filters.

        Returns:
            A handle that is done when the refetches are.

        Source: queryClient.ts, invalidateQueries.
        """
        cache = self._query_cache
        if not cache._listeners and not cache._live.observed and refetch_type in _IN_USE_OR_NONE:
            # nobody is told, and nothing is in use: all that there is to do if a key says it all
            unread = cache._unread
            if filters is None and not fields and unread.may_be and cache.note is None:
                unread.mark_all()
                mark_each(unread.looked_at(), cache)
                return _DONE
            found = cache._find_keyed(filters, fields)
            if found is not None:
                mark_each(found, cache)
                return _DONE
        with self._environment.notify_manager.batch():
            wanted = query_filters(filters, fields)
            invalidate_each(cache.find_all(wanted), cache)
            kind = refetch_type or wanted.type or "active"
            if kind == "none":
                return _DONE
            # once more: what is stale or active, and which are there, may have changed with that
            found = cache.find_all(structs.replace(wanted, type=kind))
            return self._refetch(found, throw_on_error=throw_on_error, cancel_refetch=cancel_refetch)

    def refetch_queries(
        self,
        filters: QueriesMeant | None = None,
        /,
        *,
        throw_on_error: bool = False,
        cancel_refetch: bool = True,
        **fields: Unpack[QueryFilterFields],
    ) -> Handle[None]:
        """Fetch matching queries again, each with its own options; not those that are disabled or static.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            throw_on_error: Fail with the first error, while the others go on; otherwise the states tell.
            cancel_refetch: Supersede fetches under way.
            **fields: the fields of the filters.

        Returns:
            A handle that is done when the fetches are; paused ones are not waited for.

        Source: queryClient.ts, refetchQueries.
        """
        with self._environment.notify_manager.batch():
            found = self._query_cache.find_all(filters, **fields)
            return self._refetch(found, throw_on_error=throw_on_error, cancel_refetch=cancel_refetch)

    def _refetch(self, found: list[Query[Any]], *, throw_on_error: bool, cancel_refetch: bool) -> Handle[None]:
        handles: list[Handle[Any]] = []
        matching = [query for query in found if not query.is_disabled() and not query.is_static()]
        for query in matching:
            handle = query.fetch(cancel_refetch=cancel_refetch)
            if query.state.fetch_status != "paused":
                handles.append(handle)
        return all_done(handles, throw_on_error=throw_on_error) if handles else _DONE

    def reset_queries(
        self,
        filters: QueriesMeant | None = None,
        /,
        *,
        throw_on_error: bool = False,
        cancel_refetch: bool = True,
        **fields: Unpack[QueryFilterFields],
    ) -> Handle[None]:
        """Put matching queries back to their initial state and refetch those that are in use.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            throw_on_error: Fail with the first error of a refetch; otherwise the states tell.
            cancel_refetch: Supersede fetches under way.
            **fields: the fields of the filters.

        Returns:
            A handle that is done when the refetches are.

        Source: queryClient.ts, resetQueries.
        """
        with self._environment.notify_manager.batch():
            # determined once: a reset changes what filters see
            matching = self._query_cache.find_all(filters, **fields)
            chosen = {id(query) for query in matching}
            for query in matching:
                query.reset()
            return self.refetch_queries(
                QueryFilters(type="active", predicate=lambda query: id(query) in chosen),
                throw_on_error=throw_on_error,
                cancel_refetch=cancel_refetch,
            )

    def cancel_queries(
        self,
        filters: QueriesMeant | None = None,
        /,
        *,
        revert: bool = True,
        silent: bool = False,
        **fields: Unpack[QueryFilterFields],
    ) -> Handle[None]:
        """Cancel the fetches of matching queries: the first step of an optimistic update.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            revert: Put the queries back to their states from before, at once.
            silent: With ``revert=False``, leave the states alone.
            **fields: the fields of the filters.

        Returns:
            A handle that is done, without error, when the states are final.

        Source: queryClient.ts, cancelQueries.
        """
        with self._environment.notify_manager.batch():
            matching = self._query_cache.find_all(filters, **fields)
            return all_done([query.cancel(revert=revert, silent=silent) for query in matching])

    def remove_queries(
        self,
        filters: QueriesMeant | None = None,
        /,
        **fields: Unpack[QueryFilterFields],
    ) -> None:
        """Take matching queries out of the cache. Observers keep what they last showed.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            **fields: the fields of the filters.
        """
        cache = self._query_cache
        if cache._may_leave_together():
            # nobody is told, and nothing is cancelled: all that there is to do if a key says it all
            found = cache._find_keyed(filters, fields)
            if found is not None:
                # an exact key is not the beginning of all that begin with it
                beginning = fields.get("query_key") if filters is None else filters
                cache._remove_found(found, None if "exact" in fields else beginning)
                return
        with self._environment.notify_manager.batch():
            for query in cache.find_all(filters, **fields):
                cache.remove(query)

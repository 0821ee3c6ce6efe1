"""All observers of a query when they look alike, and one listener listens to each: told in a loop that is little else.

They see the same but for ``refetch``, which is each one's own. So there is one result, which is made that of the next
observer as soon as its listener has looked at it. Only if somebody keeps it is it left to that observer for good, and
another one made: nobody can tell the difference, since nobody else holds a result that changes. To copy it for each
instead costs as much as all the rest. The benchmark of ten thousand observers needs that.
"""

from __future__ import annotations

from collections.abc import Sequence
from sys import getrefcount
from types import SimpleNamespace
from typing import Any, Final

from msgspec.structs import replace

from ..cache.crowd import Crowd
from ..cache.query import Query
from ..client.query_client import QueryClient
from ..runtime.notify_manager import NotifyManager
from .own_refetch import OwnRefetch
from .plain_result import settled_result
from .query_result import same_result


class Round:
    """Whose turn it is. What is shown is a copy of a model, which carries this in place of ``refetch``.

    Attributes:
        owner: The ``refetch`` of the one result, which says whose it is at present.
        result: That result.
    """

    __slots__ = ("owner", "result")

    # Any: OwnRefetch, and what carries it; None while nobody is told
    def __init__(self) -> None:
        self.owner: Any = None
        self.result: Any = None

    def lend(self, model: Any) -> None:
        """Make another result; the one before is somebody's for good.

        Args:
            model: What it is a copy of.
        """
        # Any: it is nobody's yet
        nobody: Any = None
        self.owner = OwnRefetch(nobody)
        self.result = replace(model, refetch=self.owner)

    def end(self) -> None:
        """Nobody is told any more."""
        self.owner = self.result = None


class Fellows:
    """All observers of a query, which look alike and see the same whatever the time, and who listens to each.

    Args:
        crowd: They, as the query holds them.
        query: The query.
        client: Their client.
        updates_at_start: How often data had come in, and fetches had failed, when they came.
        model: What their results are copies of.
    """

    __slots__ = (
        "_client",
        "_crowd",
        "_deferred",
        "_listeners",
        "_model",
        "_observers",
        "_query",
        "_round",
        "_updates_at_start",
    )

    # Any: observers that look alike are of one class, which is no business of this file
    def __init__(
        self,
        crowd: Crowd,
        query: Query[Any],
        client: QueryClient,
        updates_at_start: tuple[int, int],
        model: Any,
    ) -> None:
        self._crowd = crowd
        self._query = query
        self._client = client
        self._updates_at_start = updates_at_start
        self._round = Round()
        self._model = replace(model, refetch=self._round)
        self._observers: Sequence[Any] = [*crowd]
        self._listeners: Sequence[Any] = [observer._listener for observer in self._observers]
        self._deferred = client._environment.notify_manager.deferred_by(self._listeners)
        for observer in self._observers:
            _forget_unless_held(observer)

    def tell(self) -> None:
        """Let them take in the state of the query, one after the other."""
        crowd, query = self._crowd, self._query
        cache, manager = self._client._query_cache, self._client._environment.notify_manager
        before, state = self._model, query.state
        # as the one of this telling: who writes meanwhile puts another there
        token = self._round
        after = settled_result(state, *self._updates_at_start, token)
        if cache._listeners or not manager.depth or after.has_data is not before.has_data or same_result(after, before):
            crowd.changed()
            self._observers[0].tell_all(self._observers)
            return
        # inside of the listeners these are no fellows: what is written there is told to each as it is
        crowd.fellows, crowd.round = None, token
        self._model = after
        try:
            if self._deferred is None:
                rest = self._tell_each(after, token)
            else:
                rest = self._tell_later(after, self._deferred, manager)
        finally:
            token.end()
        if not rest and crowd.round is token:
            crowd.fellows = self
            return
        if rest:
            rest[0].tell_all(rest)
        crowd.changed()

    def _tell_each(self, after: Any, token: Round) -> Sequence[Any]:
        """Call the listeners, until anything changes.

        Args:
            after: What is shown now.
            token: Whose turn it is.

        Returns:
            The observers that were not told.
        """
        crowd, heard = self._crowd, self._client._query_cache._listeners
        token.lend(after)
        result, owner = token.result, token.owner
        alone, unheld = getrefcount(result), getrefcount(owner)
        pairs = zip(self._observers, self._listeners, strict=True)
        for observer, listener in pairs:
            observer._model = after
            kept = observer._result
            if kept is None:
                owner.observer = observer
                try:
                    listener(result)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is not the teller's
                    observer._report(error)
                if getrefcount(result) == alone and getrefcount(owner) == unheld and crowd.round is token and not heard:
                    continue
                shown = result
                # a change inside of the listener has given it another one
                if observer._result is None and observer._model is after:
                    observer._result = result
                token.lend(after)
                result, owner = token.result, token.owner
            else:
                observer._result = shown = replace(after, refetch=kept.refetch)
                try:
                    listener(shown)
                except Exception as error:  # noqa: BLE001
                    observer._report(error)
            if crowd.round is not token or heard:
                if observer._listener is not listener:
                    observer._tell_late({listener}, shown)
                self._client._query_cache.observer_results_updated(self._query)
                return [observer for observer, _ in pairs]
        return ()

    def _tell_later(self, after: Any, deferred: Sequence[Any], manager: NotifyManager) -> Sequence[Any]:
        """Have the functions called later: nothing of anybody is called now.

        Args:
            after: What is shown now.
            deferred: What is to be called for each.
            manager: Who does it.

        Returns:
            The observers that were not told: none.
        """
        results: list[Any] = []
        for observer in self._observers:
            kept = observer._result
            observer._model = after
            observer._result = result = replace(after, refetch=OwnRefetch(observer) if kept is None else kept.refetch)
            results.append(result)
        manager.call_each(deferred, results)
        return ()


def _holds(observer: Any) -> int:
    result = observer._result
    return getrefcount(result) + getrefcount(result.refetch)


_ALONE: Final = _holds(SimpleNamespace(_result=SimpleNamespace(refetch=object())))
"""What ``_holds`` says of a result that only its observer holds: how much the question itself holds is Python's."""


def _forget_unless_held(observer: Any) -> None:
    """Have an observer make its result anew when somebody looks, if nobody could tell."""
    if observer._result is not None and _holds(observer) == _ALONE:
        observer._result = None

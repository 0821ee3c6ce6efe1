"""What is behind fetching a query: the answer that is there, or the fetch.

Source: queryClient.ts.
"""

from __future__ import annotations

from types import CodeType, FunctionType, MethodType
from typing import Any, Final

from ..base.errors import OptionError
from ..base.keys import know_text, plain_text
from ..base.known_texts import LIST, TUPLE
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.query_key import QueryKey, packed_key, packed_plain_key
from ..base.types import UNSET
from ..base.values import resolve_stale_time
from ..cache.answer import NEVER
from ..runtime.handle import Handle
from .client_data import ClientData
from .completed import Completed
from .first_fetch import first_fetch, first_fetch_by_name

QUERY_KEY: Final[Any] = QueryKey
"""Any: a checker would take a key for one of something unknown."""


class ClientFetching(ClientData):
    """The part of ``QueryClient`` that all its ways to fetch have in common."""

    def _fetch(self, options: AnyQueryOptions) -> Handle[Any]:
        """The data of the query that these options mean: from the cache while it is fresh, else fetched."""
        defaults = self._defaults
        try:
            remembered = options._remembered
        except AttributeError:
            # no options; completing them says so
            remembered = None
        # Any: checkers do not know what a class by identity rules out, and isinstance takes twice as long
        own: Any
        stale_time: float | str | None
        if (
            type(remembered) is str
            and defaults.hash_by_text
            and (type(own := options.stale_time) is float or type(own) is int)
        ):
            query_hash, stale_time = remembered, own
        elif type(remembered) is Completed and remembered.state is defaults.state:
            query_hash, stale_time = remembered.query_hash, remembered.stale_time
        else:
            query_hash, stale_time = defaults.hash_and_stale_time(options)
        # Any: of which kind it is, is looked at, and isinstance takes longer
        known: Any = self._query_cache._queries.get(query_hash)
        if type(known) is int:
            known = self._query_cache.get(query_hash)
        if known is not None and stale_time is not None:
            answer = known._answer
            if (
                answer is None
                or answer.stale_time != stale_time
                or (answer.until != NEVER and self._environment.timeout_manager._clock.time() >= answer.until)
            ):
                answer = known.answer_if_fresh(stale_time)
            if answer is not None:
                answer.note_options(options, defaults.state)
                fresh: Handle[Any] = answer
                return fresh
        query: Any = known
        complete: AnyQueryOptions
        if query is None:
            first: Handle[Any] | None = first_fetch(options, self, defaults, self._query_cache, self._environment)
            if first is not None:
                return first
            plain = defaults.plainly_to_fetch(options)
            if plain is not None:
                complete = plain
                query = self._query_cache.make(self, complete.query_key, query_hash, complete)
            else:
                complete = defaults.to_fetch(options)
                query = self._query_cache.build(self, complete)
        elif type(remembered) is Completed and remembered.state is defaults.state:
            complete = remembered._to_fetch or remembered.to_fetch()
        else:
            complete = defaults.to_fetch(options)
        if known is None or stale_time is None:
            # with a plain stale time, what is known was just found stale
            wanted = complete.stale_time
            state = query._state if query._written_at is None else query.state
            if wanted is UNSET or wanted == 0:
                # mostly; and then data is stale, unless it is from a time to come
                now = self._environment.timeout_manager._clock.time()
                is_stale = state.data is UNSET or state.data_updated_at <= now
            else:
                # what has no data is stale, but a function is asked
                is_stale = state.data is UNSET and not callable(wanted)
            if not is_stale and not query.is_stale_by_time(resolve_stale_time(complete.stale_time, query)):
                return Handle.of(query.state.data)
        # one under way is joined
        handle: Handle[Any] = (None if query._run is None else query.join()) or query.fetch(complete)
        return handle

    def _asked(
        self, method: str, query_key: Any, query_fn: Any, stale_time: Any, fields: dict[str, Any], query_hash: str
    ) -> Any:
        """What fields ask for: a handle, if a glance tells that the data is fresh or the query new, else options.

        What makes options checks the fields; what is no reason to make any is checked here, as far as it is what is
        usual. ``tests/client/test_query_client_fields.py`` holds both ways to one outcome. What ``text_at_a_glance``
        says of the key comes with them; "" if that is nothing.
        """
        if fields:
            return options_by_name(method, query_key, query_fn, stale_time, fields)
        defaults = self._defaults
        if type(query_key) is QUERY_KEY:
            query_hash = query_key.text
        query: Any = self._query_cache._queries.get(query_hash) if query_hash and defaults.hash_by_text else None
        if type(query) is int:
            # nobody has looked at it yet: it is no query
            query = self._query_cache.get(query_hash)
        if query is not None:
            # Any: it is what people write, and no float if it is none
            limit: Any
            if stale_time is UNSET:
                limit = defaults.stale_time if defaults.only_for_all else defaults.stale_times.get(query_hash)
            elif type(stale_time) is float or type(stale_time) is int or type(stale_time) is str:
                limit = stale_time
            else:
                limit = None
            function, count = query_fn, 1
            if type(function) is MethodType:
                function, count = function.__func__, 2
            code: CodeType | None = None
            if limit is not None and (
                query_fn is UNSET
                or (
                    type(function) is FunctionType
                    and (code := function.__code__).co_argcount == count
                    and not code.co_kwonlyargcount
                )
            ):
                # as in _fetch, without the call: this and that are all that a hit is
                answer = query._answer
                if (
                    answer is None
                    or answer.stale_time != limit
                    or (answer.until != NEVER and self._environment.timeout_manager._clock.time() >= answer.until)
                ):
                    answer = None
                    if limit == "static" if type(limit) is str else limit > 0:
                        answer = query.answer_if_fresh(limit)
                if answer is not None:
                    answer.note_fields(stale_time, query_fn, code, defaults.state)
                    return answer
        elif type(query_key) is LIST or type(query_key) is TUPLE or type(query_key) is QUERY_KEY:
            text = query_hash or plain_text(query_key)
            if text is not None and text not in self._query_cache._queries:
                # a miss, as a rule, which needs no options. What was found equals plain JSON, but need not be any
                packed = packed_key(query_key, text) if query_hash else packed_plain_key(query_key, text)
                first = first_fetch_by_name(
                    packed, text, query_fn, stale_time, self, defaults, self._query_cache, self._environment
                )
                if first is not None:
                    return first
        options = options_by_name(method, query_key, query_fn, stale_time, fields)
        if not query_hash and options._remembered in self._query_cache._queries:
            # who asks again will do so again
            know_text(query_key)
        return options


def options_by_name(
    method: str, query_key: Any, query_fn: Any, stale_time: Any, fields: dict[str, Any]
) -> QueryOptions[Any, Any]:
    """The options that fields are.

    Args:
        method: Who was given them, for the message.
        query_key: The key, or ``UNSET``.
        query_fn: The query function, or ``UNSET``.
        stale_time: The stale time, or ``UNSET``.
        fields: The others by name.

    Raises:
        OptionError: None at all, or one that cannot be right.
    """
    if query_key is query_fn is stale_time is UNSET and not fields:
        raise OptionError(
            f"{method}() was given nothing to go by. Pass QueryOptions(...), or the options by name, such as "
            f'{method}(query_key=("projects",), query_fn=load).',
            option="options",
        )
    return QueryOptions(query_key=query_key, query_fn=query_fn, stale_time=stale_time, **fields)


def both_given(method: str) -> OptionError:
    """The error of a call with options and fields.

    Args:
        method: Who was given them.
    """
    return OptionError(
        f"{method}() was given options and fields of options, too. Pass one of the two: "
        "options.with_(...) makes options with other fields.",
        option="options",
    )

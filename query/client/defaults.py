"""Option defaults: the client's, and those of keys.

Source: queryClient.ts, defaultQueryOptions and its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import msgspec

from ..base.errors import OptionError
from ..base.given_options import (
    COMPLETE,
    is_complete,
    merge_options,
    options_of,
    replaced,
    set_fields,
    set_remembered,
)
from ..base.infinite_options import AnyInfiniteQueryOptions, InfiniteQueryOptions
from ..base.keys import hash_key, partial_match_key
from ..base.mutation_options import AnyMutationOptions, MutationOptions
from ..base.option_checks import text
from ..base.options import NO_OPTIONS, AnyQueryOptions, QueryOptions
from ..base.query_key import AnyQueryKey, QueryKey, as_query_key
from ..base.types import UNSET, SkipToken, Unset, skip_token
from ..base.values import given
from .completed import Completed, plain_stale_time
from .hydration_options import DehydrateOptions, HydrateOptions

_MOST_OF_KEYS: Final = 4096


class DefaultOptions(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a client's queries and mutations inherit.

    Attributes:
        queries: Options of queries, without a key.
        mutations: Options of mutations, without a key.
        dehydrate: How to dehydrate the client.
        hydrate: What restored queries and mutations inherit on top of that, and how to read them.
    """

    queries: AnyQueryOptions = NO_OPTIONS
    mutations: AnyMutationOptions = MutationOptions()
    dehydrate: DehydrateOptions = DehydrateOptions()
    hydrate: HydrateOptions = HydrateOptions()

    def __post_init__(self) -> None:
        sections = {
            "queries": QueryOptions,
            "mutations": MutationOptions,
            "dehydrate": DehydrateOptions,
            "hydrate": HydrateOptions,
        }
        for section, kind in sections.items():
            value = getattr(self, section)
            if not isinstance(value, kind):
                raise OptionError(
                    f"DefaultOptions.{section} is {value!r}; expected {kind.__name__}(...) with what to inherit.",
                    option=section,
                )


class Defaults:
    """The defaults of one client.

    Args:
        options: What all its queries and mutations inherit.

    Attributes:
        state: What the defaults are now, by identity: another object after each change.
        state_of_mutations: The same of what mutations inherit.
        hash_by_text: No default gives a hash of its own, so that a key is filed under its text.
        only_for_all: There are none for single keys, so that all queries inherit the same.
        are_simple: Both, so that one completion serves all that have no options of their own.
        stale_time: What all queries inherit, as ``Completed`` has it.
        stale_times: The same for single keys that were asked for, by their texts.
        give_select: Some default gives a select.
        inherited: All that a fetch inherits, by name, if that does not depend on what its options give; see
            ``to_fetch``.
        inherited_apart: The same if it is also nothing that a query looks at while it is fetched for the first time.
    """

    def __init__(self, options: DefaultOptions) -> None:
        self._options = options
        # filed under the default hash; a replaced registration keeps its place in the order
        self._queries: dict[str, tuple[QueryKey[Any], AnyQueryOptions]] = {}
        self._mutations: dict[str, tuple[QueryKey[Any], AnyMutationOptions]] = {}
        self._for_any_key: AnyQueryOptions | None = None
        # what was merged for keys that were asked for; most queries of a key come one after the other
        self._of_keys: dict[str, AnyQueryOptions] = {}
        self.state: object = None
        self.state_of_mutations: object = None
        self.hash_by_text: bool = True
        self.only_for_all: bool = True
        self.give_select: bool = False
        self.are_simple: bool = True
        self.stale_time: float | str | None = None
        self.stale_times: dict[str, float | str | None] = {}
        self.inherited: Mapping[str, Any] | None = None
        self.inherited_apart: Mapping[str, Any] | None = None
        self._on_change()

    @property
    def options(self) -> DefaultOptions:
        """What all queries and mutations inherit; may be replaced as a whole."""
        return self._options

    @options.setter
    def options(self, options: DefaultOptions) -> None:
        self._options = options
        self._on_change()

    def _on_change(self) -> None:
        self._for_any_key = None
        self.state = self.state_of_mutations = object()
        self._of_keys.clear()
        self.stale_times.clear()
        self.only_for_all = not self._queries
        self.stale_time = plain_stale_time(self._options.queries.stale_time)
        given_to_queries = [self._options.queries, *(options for _, options in self._queries.values())]
        self.hash_by_text = not any(
            given(options.query_key_hash_fn, None) is not None or isinstance(options.query_hash, str)
            for options in given_to_queries
        )
        self.give_select = any(options.select is not UNSET for options in given_to_queries)
        self.are_simple = self.hash_by_text and self.only_for_all
        self.inherited = self._all_inherited() if self.are_simple else None
        own = self._options.queries
        is_apart = NOT_LOOKED_AT.issuperset(own.__dict__) and not callable(own.stale_time)
        self.inherited_apart = self.inherited if is_apart else None

    def _all_inherited(self) -> Mapping[str, Any] | None:
        options = self._options.queries
        if type(options) is not QueryOptions or "query_key" in options.__dict__ or options.query_fn is skip_token:
            return None
        inherited = self._complete(options).__dict__
        # as ``Completed.to_fetch`` does
        return inherited if "retry" in inherited else {**inherited, "retry": False}

    def set_query_defaults(self, query_key: AnyQueryKey, options: AnyQueryOptions) -> None:
        """Let all keys that begin with this one inherit *options*, in place of what was set for it before.

        Args:
            query_key: The beginning.
            options: The options.
        """
        _check_kind(options, QueryOptions, "set_query_defaults() was given")
        key = as_query_key(query_key)
        self._queries[key.text] = (key, options)
        self._on_change()

    def get_query_defaults(self, query_key: AnyQueryKey) -> AnyQueryOptions:
        """What is set for keys like this one, later registrations over earlier ones.

        Args:
            query_key: The key.
        """
        if self.only_for_all:
            return NO_OPTIONS
        wanted = as_query_key(query_key)
        known = self._of_keys.get(wanted.text)
        if known is not None:
            return known
        merged: AnyQueryOptions = NO_OPTIONS
        parts = wanted.parts
        for key, options in self._queries.values():
            if partial_match_key(parts, key.parts):
                merged = _merged(merged, options)
        if len(self._of_keys) >= _MOST_OF_KEYS:
            self._of_keys.clear()
        self._of_keys[wanted.text] = merged
        return merged

    def set_mutation_defaults(self, mutation_key: AnyQueryKey, options: AnyMutationOptions) -> None:
        """The same for mutations, by their ``mutation_key``.

        Args:
            mutation_key: The beginning.
            options: The options.
        """
        _check_kind(options, MutationOptions, "set_mutation_defaults() was given")
        key = as_query_key(mutation_key)
        self._mutations[key.text] = (key, options)
        self.state_of_mutations = object()

    def get_mutation_defaults(self, mutation_key: AnyQueryKey) -> AnyMutationOptions:
        """What is set for mutation keys like this one, later registrations over earlier ones.

        Args:
            mutation_key: The key.
        """
        merged: AnyMutationOptions = _NO_MUTATION_OPTIONS
        if self._mutations:
            parts = as_query_key(mutation_key).parts
            for key, options in self._mutations.values():
                if partial_match_key(parts, key.parts):
                    merged = merge_options(merged, options)
        return merged

    def hash_of(self, query_key: AnyQueryKey) -> str:
        """The text that a query of this key is filed under, unless its own options say another.

        Args:
            query_key: The key.

        Raises:
            QueryKeyError: It is none.
        """
        if self.hash_by_text:
            return query_key.text if isinstance(query_key, QueryKey) else hash_key(query_key)
        return cast("str", self.of_query(QueryOptions(query_key=query_key)).query_hash)

    def of_key(self, query_key: AnyQueryKey) -> AnyQueryOptions:
        """What a query of this key inherits, complete: the options of those who read and write by key.

        Args:
            query_key: The key.

        Raises:
            QueryKeyError: It is none.
        """
        key = as_query_key(query_key)
        return self._complete(options_of(QueryOptions, {"query_key": key}))

    def of_query(self, options: AnyQueryOptions) -> AnyQueryOptions:
        """*options* with everything that they inherit, and with what follows from it.

        Args:
            options: As people write them; options that are complete come back as they are.

        Raises:
            OptionError: They are no QueryOptions.
        """
        remembered = getattr(options, "_remembered", None)
        if type(remembered) is Completed and remembered.state is self.state:
            return remembered.options
        _check_kind(options, QueryOptions, "the options of a query are")
        return options if remembered is COMPLETE else self.completed(options).options

    def hash_and_stale_time(self, options: AnyQueryOptions) -> tuple[str, float | str | None]:
        """What decides whether there is a fresh answer, as ``Completed`` has it.

        Args:
            options: As people write them, or complete.

        Raises:
            OptionError: They are no QueryOptions.
        """
        remembered = getattr(options, "_remembered", None)
        if type(remembered) is str and self.hash_by_text:
            stale_time = options.stale_time
            return remembered, (
                plain_stale_time(stale_time) if stale_time is not UNSET else self._stale_time_of(options.query_key)
            )
        completed = self.completed(options)
        return completed.query_hash, completed.stale_time

    def _stale_time_of(self, query_key: QueryKey[Any]) -> float | str | None:
        """What queries of this key inherit, as ``Completed`` has it."""
        if self.only_for_all:
            return self.stale_time
        text = query_key.text
        try:
            return self.stale_times[text]
        except KeyError:
            stale_time = self.get_query_defaults(query_key).stale_time
            found = self.stale_time if stale_time is UNSET else plain_stale_time(stale_time)
            if len(self.stale_times) >= _MOST_OF_KEYS:
                self.stale_times.clear()
            self.stale_times[text] = found
            return found

    def completed(self, options: AnyQueryOptions) -> Completed:
        """What these defaults make of *options*, worked out once.

        Args:
            options: As people write them, or complete.

        Raises:
            OptionError: They are no QueryOptions.
        """
        remembered = getattr(options, "_remembered", None)
        if type(remembered) is Completed and remembered.state is self.state:
            return remembered
        _check_kind(options, QueryOptions, "the options of a query are")
        if remembered is COMPLETE:
            return Completed(self.state, options)
        made = Completed(self.state, self._complete(options))
        set_remembered(options, made)
        return made

    def to_fetch(self, options: AnyQueryOptions) -> AnyQueryOptions:
        """The options for a caller who is there to be told, as ``Completed.to_fetch`` gives them, worked out once.

        Args:
            options: As people write them, or complete.

        Raises:
            OptionError: They are no QueryOptions.
        """
        remembered = getattr(options, "_remembered", None)
        if type(remembered) is Completed and remembered.state is self.state:
            return remembered._to_fetch or remembered.to_fetch()
        complete = self.plainly_to_fetch(options)
        if complete is None:
            return self.completed(options).to_fetch()
        has_own = "retry" in options.__dict__ or "retry" in self._options.queries.__dict__
        set_remembered(options, Completed(self.state, complete if has_own else None, complete))
        return complete

    def plainly_to_fetch(self, options: AnyQueryOptions) -> AnyQueryOptions | None:
        """The same for plain options of which nothing will be asked again, in one step: a miss costs little else.

        Args:
            options: As people write them.

        Returns:
            None for options of which something follows: those of pages, without a key, with a hash or hash function of
            their own, that must not fetch, or that say something of the network.
        """
        inherited = self.inherited
        query_hash = getattr(options, "_remembered", None)
        if (
            inherited is None
            or type(query_hash) is not str
            or type(options) is not QueryOptions
            or options.network_mode is not UNSET
            or options.persister is not UNSET
            or options.query_fn is skip_token
        ):
            return None
        made: AnyQueryOptions = _new(QueryOptions)
        set_fields(made, {**inherited, **options.__dict__, "query_hash": query_hash})
        set_remembered(made, COMPLETE)
        return made

    def _complete(self, options: AnyQueryOptions) -> AnyQueryOptions:
        key = options.query_key
        if not self.only_for_all and not isinstance(key, Unset):
            options = merge_options(self.get_query_defaults(key), options)
        options = merge_options(self._options.queries, options)
        fields = options.__dict__.copy()
        if not isinstance(key := options.query_key, Unset) and not isinstance(options.query_hash, str):
            hash_fn = options.query_key_hash_fn
            fields["query_hash"] = (
                key.text if hash_fn is None or isinstance(hash_fn, Unset) else text("query_hash", hash_fn(key))
            )
        if given(options.persister, None) is not None and given(options.network_mode, None) is None:
            # what is stored can be had without a network
            fields["network_mode"] = "offline_first"
        if isinstance(options.refetch_on_reconnect, Unset):
            fields["refetch_on_reconnect"] = options.network_mode != "always"
        if isinstance(options.query_fn, SkipToken):
            fields["enabled"] = False
        return options_of(type(options), fields, complete=True)

    def for_any_key(self) -> AnyQueryOptions | None:
        """What all queries inherit that have no options of their own, complete but for key and hash.

        Returns:
            None if it depends on the key.
        """
        options = self._for_any_key
        if options is None and self.are_simple:
            options = self.of_query(QueryOptions())
            if not isinstance(options.query_key, Unset):
                return None
            self._for_any_key = options
        return options

    def of_mutation(self, options: AnyMutationOptions) -> AnyMutationOptions:
        """*options* with everything that they inherit.

        Args:
            options: As people write them; options that are complete come back as they are.

        Raises:
            OptionError: They are no MutationOptions.
        """
        _check_kind(options, MutationOptions, "the options of a mutation are")
        if is_complete(options):
            return options
        key = given(options.mutation_key, None)
        if key is not None:
            options = merge_options(self.get_mutation_defaults(key), options)
        options = merge_options(self.options.mutations, options)
        return replaced(options, {}, complete=True)


def _check_kind(options: object, kind: type[object], what: str) -> None:
    if not isinstance(options, kind):
        raise OptionError(
            f"{what} {options!r}; expected {kind.__name__}(...), with the options by name.", option="options"
        )


def _merged(lower: AnyQueryOptions, higher: AnyQueryOptions) -> AnyQueryOptions:
    if [isinstance(options, InfiniteQueryOptions) for options in (lower, higher)] == [True, False]:
        # a merger has the class of the upper ones, and plain ones have no room for what is about pages
        higher = merge_options(higher, _NO_INFINITE_OPTIONS)
    return merge_options(lower, higher)


NOT_LOOKED_AT: Final = frozenset(
    {"enabled", "gc_time", "notify_on_change_props", "placeholder_data", "refetch_interval"}
    | {"refetch_interval_in_background", "refetch_on_mount", "refetch_on_reconnect", "refetch_on_window_focus"}
    | {"retry", "retry_delay", "retry_on_mount", "select", "stale_time", "throw_on_error"}
)
"""Options for observers and callers, and those for which a query that is made knows where to look."""
_new: Final[Any] = object.__new__
_NO_INFINITE_OPTIONS: AnyInfiniteQueryOptions = InfiniteQueryOptions()
_NO_MUTATION_OPTIONS: AnyMutationOptions = MutationOptions()

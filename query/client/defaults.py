"""Option defaults: the client's, and those of keys.

Source: queryClient.ts, defaultQueryOptions and its neighbours.
"""

from __future__ import annotations

from typing import Any, cast

import msgspec

from ..base.errors import OptionError
from ..base.given_options import is_complete, merge_options, replaced
from ..base.infinite_options import AnyInfiniteQueryOptions, InfiniteQueryOptions
from ..base.keys import hash_key, partial_match_key
from ..base.mutation_options import AnyMutationOptions, MutationOptions
from ..base.option_checks import text
from ..base.options import NO_OPTIONS, AnyQueryOptions, QueryOptions
from ..base.query_key import AnyQueryKey, QueryKey, as_query_key
from ..base.types import SkipToken, Unset
from ..base.values import given
from .hydration_options import DehydrateOptions, HydrateOptions


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
        hash_by_text: No default gives a hash of its own, so that a key is filed under its text.
    """

    def __init__(self, options: DefaultOptions) -> None:
        self._options = options
        # filed under the default hash; a replaced registration keeps its place in the order
        self._queries: dict[str, tuple[QueryKey[Any], AnyQueryOptions]] = {}
        self._mutations: dict[str, tuple[QueryKey[Any], AnyMutationOptions]] = {}
        self._for_any_key: AnyQueryOptions | None = None
        self.hash_by_text: bool = True
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
        given_to_queries = [self._options.queries, *(options for _, options in self._queries.values())]
        self.hash_by_text = not any(
            given(options.query_key_hash_fn, None) is not None or isinstance(options.query_hash, str)
            for options in given_to_queries
        )

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
        merged: AnyQueryOptions = NO_OPTIONS
        if self._queries:
            parts = as_query_key(query_key).parts
            for key, options in self._queries.values():
                if partial_match_key(parts, key.parts):
                    merged = _merged(merged, options)
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

    def of_query(self, options: AnyQueryOptions) -> AnyQueryOptions:
        """*options* with everything that they inherit, and with what follows from it.

        Args:
            options: As people write them; options that are complete come back as they are.

        Raises:
            OptionError: They are no QueryOptions.
        """
        _check_kind(options, QueryOptions, "the options of a query are")
        if is_complete(options):
            return options
        if not isinstance(options.query_key, Unset):
            options = merge_options(self.get_query_defaults(options.query_key), options)
        options = merge_options(self.options.queries, options)
        changes: dict[str, Any] = {}
        if not isinstance(options.query_key, Unset) and not isinstance(options.query_hash, str):
            hash_fn = given(options.query_key_hash_fn, None)
            changes["query_hash"] = (
                options.query_key.text if hash_fn is None else text("query_hash", hash_fn(options.query_key))
            )
        if given(options.network_mode, None) is None and given(options.persister, None) is not None:
            # what is stored can be had without a network
            changes["network_mode"] = "offline_first"
        if isinstance(options.refetch_on_reconnect, Unset):
            changes["refetch_on_reconnect"] = options.network_mode != "always"
        if isinstance(options.query_fn, SkipToken):
            changes["enabled"] = False
        return replaced(options, changes, complete=True)

    def for_any_key(self) -> AnyQueryOptions | None:
        """What all queries inherit that have no options of their own, complete but for key and hash.

        Returns:
            None if it depends on the key.
        """
        options = self._for_any_key
        if options is None and self.hash_by_text and not self._queries:
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


_NO_INFINITE_OPTIONS: AnyInfiniteQueryOptions = InfiniteQueryOptions()
_NO_MUTATION_OPTIONS: AnyMutationOptions = MutationOptions()

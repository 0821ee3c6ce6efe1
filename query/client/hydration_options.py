"""How to dehydrate and hydrate: the options of the two calls, and sections of a client's defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, TypedDict, cast

from ..base import option_checks as check
from ..base.given_options import GivenOptions, OptionsT, changed
from ..base.mutation_options import AnyMutationOptions, MutationOptions
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.types import UNSET, Unset
from ..base.views import MutationView, QueryView


class DehydrateFields(TypedDict, total=False):
    """The fields of ``DehydrateOptions``, for calls that take them as keywords."""

    should_dehydrate_query: Callable[[QueryView], bool] | None
    should_dehydrate_mutation: Callable[[MutationView], bool] | None
    serialize_data: Callable[[Any], Any] | None
    serialize_error: Callable[[Exception], Any] | None
    should_redact_errors: Callable[[Exception], bool] | None
    promises: bool | None
    compact: bool | None


class HydrateFields(TypedDict, total=False):
    """The fields of ``HydrateOptions``, for calls that take them as keywords."""

    queries: AnyQueryOptions | None
    mutations: AnyMutationOptions | None
    deserialize_data: Callable[[Any], Any] | None
    deserialize_error: Callable[[Any], Exception] | None


def _options_of(kind: type[GivenOptions]) -> check.Check:
    def is_kind(option: str, value: Any) -> Any:
        if not isinstance(value, kind):
            raise check.refuse(option, value, f"{kind.__name__}(...) for what is restored.")
        return value

    return is_kind


_DEHYDRATE_CHECKS: Final[dict[str, check.Check]] = {
    "should_dehydrate_query": check.function_of(1, "should_dehydrate_query(query)", sync=True),
    "should_dehydrate_mutation": check.function_of(1, "should_dehydrate_mutation(mutation)", sync=True),
    "serialize_data": check.function_of(1, "serialize_data(data)", sync=True),
    "serialize_error": check.function_of(1, "serialize_error(error)", sync=True),
    "should_redact_errors": check.function_of(1, "should_redact_errors(error)", sync=True),
    "promises": check.flag,
    "compact": check.flag,
}

_HYDRATE_CHECKS: Final[dict[str, check.Check]] = {
    "queries": _options_of(QueryOptions),
    "mutations": _options_of(MutationOptions),
    "deserialize_data": check.function_of(1, "deserialize_data(data)", sync=True),
    "deserialize_error": check.function_of(1, "deserialize_error(description)", sync=True),
}


class DehydrateOptions(GivenOptions):
    """What of a client to dehydrate, and how.

    What is left out is taken from the client's ``DefaultOptions(dehydrate=...)``; None asks for the built-in default.

    Attributes:
        should_dehydrate_query: Whether to take a query along; by default those with status "success".
        should_dehydrate_mutation: Whether to take a mutation along; by default those that are paused.
        serialize_data: Makes something plain of the data of a query; by default it is taken as it is.
        serialize_error: Makes something plain of an error; by default its type and message. ``lambda error: error``
            keeps the exception, for a state that does not leave the process.
        should_redact_errors: False for an error that may be told to whoever hydrates a fetch under way. The others
            become a ``RedactedError``.
        promises: Take fetches under way along, as awaitables. Only for a state that does not leave the event loop:
            it cannot be written as JSON.
        compact: Write most queries as columns instead of a dict each, in a part of the time and the room. ``hydrate``
            of this package reads either; TanStack Query and what looks at ``state["queries"]`` do not.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.

    Source: hydration.ts, DehydrateOptions. Differs: ``serialize_error``, ``promises`` and ``compact`` are new.
    """

    _checks: ClassVar[Mapping[str, check.Check]] = _DEHYDRATE_CHECKS

    should_dehydrate_query: Callable[[QueryView], bool] | Unset | None = UNSET
    should_dehydrate_mutation: Callable[[MutationView], bool] | Unset | None = UNSET
    serialize_data: Callable[[Any], Any] | Unset | None = UNSET
    serialize_error: Callable[[Exception], Any] | Unset | None = UNSET
    should_redact_errors: Callable[[Exception], bool] | Unset | None = UNSET
    promises: bool | Unset | None = UNSET
    compact: bool | Unset | None = UNSET


class HydrateOptions(GivenOptions):
    """What restored queries and mutations inherit, and how to read what was made plain.

    What is left out is taken from the client's ``DefaultOptions(hydrate=...)``; None asks for the built-in default.

    Attributes:
        queries: Options of restored queries.
        mutations: Options of restored mutations.
        deserialize_data: Undoes ``serialize_data``.
        deserialize_error: Undoes ``serialize_error``; by default an error is a ``DehydratedError``.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.

    Source: hydration.ts, HydrateOptions. Differs: without the level ``defaultOptions``.
    """

    _checks: ClassVar[Mapping[str, check.Check]] = _HYDRATE_CHECKS

    queries: AnyQueryOptions | Unset | None = UNSET
    mutations: AnyMutationOptions | Unset | None = UNSET
    deserialize_data: Callable[[Any], Any] | Unset | None = UNSET
    deserialize_error: Callable[[Any], Exception] | Unset | None = UNSET


def named_options(kind: type[OptionsT], options: OptionsT | None, fields: object) -> OptionsT:
    """Options as calls take them: an object, or fields, or an object changed by fields.

    Args:
        kind: The class of the options.
        options: The object, if any.
        fields: Fields by name; they win over the object's.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.
    """
    named = cast("dict[str, Any]", fields)
    if options is None:
        return kind(**named)
    return changed(options, named) if named else options

"""The options of dehydrating and hydrating are checked where they are written."""

from __future__ import annotations

import pytest

from query import DehydrateOptions, HydrateOptions, MutationOptions, OptionError, QueryOptions, UnknownOptionError


async def async_function(_):
    """Its answer would come too late."""


WRONG = [
    (DehydrateOptions, {"should_dehydrate_query": True}, "a function, called as should_dehydrate_query"),
    (DehydrateOptions, {"should_dehydrate_mutation": lambda: True}, "takes 0 positional arguments"),
    (DehydrateOptions, {"serialize_data": async_function}, "is the coroutine function async_function"),
    (DehydrateOptions, {"serialize_error": "str"}, "a function, called as serialize_error"),
    (DehydrateOptions, {"should_redact_errors": False}, "a function, called as should_redact_errors"),
    (DehydrateOptions, {"promises": 1}, "True or False"),
    (HydrateOptions, {"queries": MutationOptions()}, r"expected QueryOptions\(...\) for what is restored"),
    (HydrateOptions, {"mutations": QueryOptions()}, r"expected MutationOptions\(...\) for what is restored"),
    (HydrateOptions, {"deserialize_data": async_function}, "is the coroutine function async_function"),
    (HydrateOptions, {"deserialize_error": 1}, "a function, called as deserialize_error"),
]


@pytest.mark.parametrize(("kind", "options", "why"), WRONG, ids=[next(iter(options)) for _, options, _ in WRONG])
def test_an_option_that_cannot_be_right_is_refused(kind, options, why):
    """With what was expected."""
    with pytest.raises(OptionError, match=why) as caught:
        kind(**options)
    assert caught.value.option == next(iter(options))


@pytest.mark.parametrize("kind", [DehydrateOptions, HydrateOptions])
def test_an_option_that_does_not_exist_is_named(kind):
    """It is a misspelling as a rule."""
    with pytest.raises(UnknownOptionError, match="no option 'serialise'"):
        kind(serialise=str)

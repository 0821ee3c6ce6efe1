"""Options of mutations: made, checked, changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from query.base.errors import OptionError, QueryKeyError, UnknownOptionError
from query.base.given_options import given_options, is_complete, merge_options, replaced
from query.base.mutation_options import CHECKS, MutationOptionFields, MutationOptions, mutation_options
from query.base.types import UNSET, skip_token


def nothing(): ...


def test_options_left_out_are_unset():
    """They inherit; nothing has a default here."""
    assert given_options(MutationOptions()) == {}


def test_every_option_is_checked_and_typed():
    """A new option cannot be forgotten in either place."""
    assert set(CHECKS) == {name for name in MutationOptions.__annotations__ if name[0] != "_"}
    assert all(getattr(MutationOptions, name) is UNSET for name in CHECKS)
    assert set(MutationOptionFields.__optional_keys__) == set(CHECKS) - {"mutation_fn", "on_mutate"}


def test_options_are_kept_as_the_house_uses_them():
    """Keys frozen, durations in seconds."""
    options = MutationOptions(mutation_key=["a"], gc_time=timedelta(minutes=1), retry_delay=timedelta(seconds=2))
    assert (options.mutation_key, options.gc_time, options.retry_delay) == (("a",), 60.0, 2.0)


def test_callbacks_may_be_plain_or_async():
    """Both are awaited."""

    async def later(*arguments): ...

    def plain(*arguments): ...

    names = ("mutation_fn", "on_mutate", "on_success", "on_error", "on_settled")
    for function in (later, plain):
        options = MutationOptions(**dict.fromkeys(names, function))
        assert [getattr(options, name) for name in names] == [function] * 5


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("mutation_fn", "mutation_fn(variables, context)"),
        ("on_mutate", "on_mutate(variables, context)"),
        ("on_success", "on_success(data, variables, on_mutate_result, context)"),
        ("on_error", "on_error(error, variables, on_mutate_result, context)"),
        ("on_settled", "on_settled(data, error, variables, on_mutate_result, context)"),
    ],
)
def test_a_callback_with_other_parameters_is_told_how_it_is_called(name, call):
    """Where it is written, not when the write is already done."""
    with pytest.raises(OptionError) as caught:
        MutationOptions(**{name: nothing})
    assert str(caught.value) == (
        f"{name} is called as {call}, but nothing takes 0 positional arguments. "
        "Give it those parameters; *_ takes the ones it has no use for."
    )
    assert caught.value.option == name


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"mutation_fn": skip_token},
            "mutation_fn=skip_token is a SkipToken; expected a function, called as mutation_fn(variables, context).",
        ),
        ({"scope": 5}, "scope=5 is an int; expected a str."),
        ({"meta": []}, "meta=[] is a list; expected a dict."),
        (
            {"throw_on_error": "no"},
            "throw_on_error='no' is a str; expected True, False, or a function of the error that returns one of them.",
        ),
    ],
)
def test_a_wrong_option_is_refused_where_it_is_written(fields, text):
    """What happened, what was expected."""
    with pytest.raises(OptionError) as caught:
        MutationOptions(**fields)
    assert str(caught.value) == text


def test_a_string_is_no_mutation_key():
    """As for queries."""
    with pytest.raises(QueryKeyError, match=r"is 'a', a str\."):
        MutationOptions(mutation_key="a")


@pytest.mark.parametrize(
    "make", [MutationOptions, MutationOptions().with_, mutation_options], ids=["made", "changed", "factory"]
)
def test_an_unknown_option_names_the_nearest(make):
    """Also in a change."""
    with pytest.raises(UnknownOptionError) as caught:
        make(on_succes=nothing)
    assert str(caught.value) == "MutationOptions has no option 'on_succes'. Did you mean 'on_success'?"


def test_with_makes_a_changed_copy():
    """Checked like fresh options, and no longer counted as defaulted."""
    options = replaced(MutationOptions(retry=1, gc_time=5), {}, complete=True)
    changed = options.with_(gc_time=timedelta(seconds=9), retry=UNSET)
    assert (changed.gc_time, changed.retry, is_complete(changed)) == (9.0, UNSET, False)
    assert (options.gc_time, options.retry, is_complete(options)) == (5, 1, True)
    with pytest.raises(OptionError, match=r"^retry=-1 is an int"):
        options.with_(retry=-1)


def test_a_factory_may_wrap_another():
    """New options, and options on top of them, which stay as they are."""

    def rename(variables, context): ...

    def remember(variables, context): ...

    base = mutation_options(mutation_key=["rename"], mutation_fn=rename, retry=1)
    wrapped = mutation_options(base, on_mutate=remember, retry=2)
    assert (wrapped.mutation_key, wrapped.mutation_fn, wrapped.on_mutate) == (("rename",), rename, remember)
    assert (base.on_mutate, base.retry, wrapped.retry) == (UNSET, 1, 2)


def test_defaults_fill_in_what_is_left_out():
    """As for queries; the result is of the class of the higher."""
    merged = merge_options(MutationOptions(retry=1, scope="a"), MutationOptions(scope="b"))
    assert type(merged) is MutationOptions
    assert (merged.retry, merged.scope) == (1, "b")


def test_options_show_what_was_given():
    """Not the dozen that were not."""
    assert repr(MutationOptions(scope="a", retry=UNSET)) == "MutationOptions(scope='a')"


def test_options_are_frozen():
    """They may be kept and shared."""
    with pytest.raises(AttributeError):
        MutationOptions().retry = 2

"""Options that cannot be right, refused where they are written: every check, by the text of its refusal."""

from __future__ import annotations

import functools
import inspect
import math
import sys
from collections import OrderedDict
from datetime import timedelta
from unittest.mock import AsyncMock, MagicMock, Mock

import msgspec
import pytest

from query.base import option_checks as check
from query.base.errors import OptionError, QueryKeyError, UnknownOptionError
from query.base.types import UNSET, skip_token

SECONDS = "seconds (an int or float, at least 0), a timedelta, or math.inf"
BAD_NUMBERS = [-1, -0.5, math.nan, True, False, "5", timedelta(-1), [1]]


def nothing(): ...


def one(a): ...


def two(a, b): ...


def three(a, b, c): ...


async def later(a): ...


async def later_two(a, b): ...


class Model:
    def method(self, a): ...

    def method_of_two(self, a, b): ...

    def plain(): ...

    def rest(*args): ...

    @staticmethod
    def static(a): ...

    @classmethod
    def made(cls, a): ...

    def __call__(self, a, b, c, d): ...


def refusal(function, value, option="option"):
    """The text with which *value* is refused."""
    with pytest.raises(OptionError) as caught:
        function(option, value)
    assert caught.value.option == option
    return str(caught.value)


# -- what is accepted, and how it is kept


@pytest.mark.parametrize(
    ("function", "value", "kept"),
    [
        (check.duration, 0, 0),
        (check.duration, 1.5, 1.5),
        (check.duration, timedelta(minutes=5), 300.0),
        (check.duration, math.inf, math.inf),
        (check.duration_or_function, timedelta(seconds=2), 2.0),
        (check.duration_or_function, two, two),
        (check.stale_time, "static", "static"),
        (check.stale_time, timedelta(seconds=2), 2.0),
        (check.stale_time, one, one),
        (check.interval, False, False),
        (check.interval, 0, 0),
        (check.interval, timedelta(seconds=2), 2.0),
        (check.interval, one, one),
        (check.flag, True, True),
        (check.flag_or_function, False, False),
        (check.flag_or_function, one, one),
        (check.flag_or_error_function, True, True),
        (check.flag_or_error_function, one, one),
        (check.flag_or_error_function, two, two),
        (check.refetch_on, "always", "always"),
        (check.refetch_on, False, False),
        (check.refetch_on, one, one),
        (check.retry, True, True),
        (check.retry, 0, 0),
        (check.retry, math.inf, math.inf),
        (check.retry, two, two),
        (check.network_mode, "offline_first", "offline_first"),
        (check.key, ["a"], ("a",)),
        (check.text, "hash", "hash"),
        (check.meta, {}, {}),
        (check.anything, 1, 1),
        (check.instant_or_function, 0, 0),
        (check.instant_or_function, -5.5, -5.5),
        (check.instant_or_function, nothing, nothing),
        (check.sharing, False, False),
        (check.sharing, two, two),
        (check.change_props, "all", "all"),
        (check.change_props, ["data", "error"], ("data", "error")),
        (check.change_props, {"data"}, ("data",)),
        (check.change_props, nothing, nothing),
        (check.function_of(1, "f(a)"), later, later),
        (check.function_of(1, "f(a)", sync=True), one, one),
        (check.function_of(1, "f(a)", skippable=True), skip_token, skip_token),
    ],
)
def test_what_can_be_right_is_kept(function, value, kept):
    """Timedeltas as seconds, lists of names as tuples, keys frozen, all else as it is."""
    made = function("option", value)
    assert made == kept
    assert type(made) is type(kept) or function is check.key


# -- what is refused, and how


@pytest.mark.parametrize("value", BAD_NUMBERS)
@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (check.duration, f"{SECONDS}."),
        (check.duration_or_function, f"{SECONDS}; or a function (failure_count, error) that returns one."),
        (check.stale_time, f'{SECONDS}; "static"; or a function of the query that returns one of them.'),
    ],
)
def test_a_wrong_duration_is_refused(function, expected, value):
    """Negative, NaN, a bool, a text: none of them is a time."""
    assert refusal(function, value).startswith(f"option={value!r} is a")
    assert refusal(function, value).endswith(f"; expected {expected}")


@pytest.mark.parametrize("value", [bad for bad in BAD_NUMBERS if bad is not False])
def test_a_wrong_interval_is_refused(value):
    """False means none; True means nothing."""
    text = refusal(check.interval, value)
    assert text.endswith(f"expected {SECONDS}; False for none; or a function of the query that returns one.")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "a bool"),
        (-1, "an int"),
        (-1.5, "a float"),
        ("soon", "a str"),
        (timedelta(-1), "a timedelta"),
        (OrderedDict(), "a OrderedDict"),
    ],
)
def test_the_refused_value_is_shown_with_its_kind(value, kind):
    """A reader sees that "5" was a text and True a bool."""
    assert refusal(check.duration, value, "gc_time") == f"gc_time={value!r} is {kind}; expected {SECONDS}."


FLAG = "True or False."
NAMES = 'a list of names of result fields, "all", or a function that returns one of them.'
RETRY = "the number of retries, True for ever, False for none, or a function (failure_count, error) -> bool."
FLAG_OR_FUNCTION = "True, False, or a function of the query that returns one of them."


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [
        (check.flag, 1, FLAG),
        (check.flag, one, FLAG),
        (check.flag_or_function, "no", FLAG_OR_FUNCTION),
        (check.flag_or_function, 0, FLAG_OR_FUNCTION),
        (check.flag_or_error_function, 1, "True, False, or a function of the error that returns one of them."),
        (check.refetch_on, "never", 'True, False, "always", or a function of the query that returns one of them.'),
        (check.retry, -1, RETRY),
        (check.retry, "3", RETRY),
        (check.retry, math.nan, RETRY),
        (check.network_mode, "offlineFirst", '"online", "always" or "offline_first".'),
        (check.network_mode, ["online"], '"online", "always" or "offline_first".'),
        (check.text, 5, "a str."),
        (check.meta, [("a", 1)], "a dict."),
        (check.instant_or_function, math.inf, "seconds since the epoch, or a function that returns them."),
        (check.instant_or_function, True, "seconds since the epoch, or a function that returns them."),
        (check.instant_or_function, "now", "seconds since the epoch, or a function that returns them."),
        (check.sharing, "deep", "True, False, or a function (previous, next) that returns the data to keep."),
        (check.change_props, "data", NAMES),
        (check.function_of(1, "f(a)"), 5, "a function, called as f(a)."),
        (check.function_of(1, "f(a)"), skip_token, "a function, called as f(a)."),
        (check.function_of(1, "f(a)", skippable=True), 5, "a function, called as f(a), or skip_token."),
    ],
)
def test_what_cannot_be_right_is_refused_with_what_would_be(function, value, expected):
    """The whole text after the value."""
    assert refusal(function, value).split("; expected ", 1)[1] == expected


def test_a_wrong_key_is_refused_as_a_key():
    """With the words of keys."""
    with pytest.raises(
        QueryKeyError, match=r"^query_key is 'a', a str\. A query key is a list or tuple: write \['a'\]"
    ):
        check.key("query_key", "a")


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (check.duration_or_function, 2),
        (check.stale_time, 1),
        (check.interval, 1),
        (check.flag_or_function, 1),
        (check.flag_or_error_function, 1),
        (check.refetch_on, 1),
        (check.retry, 2),
        (check.sharing, 2),
        (check.function_of(1, "f(a)", sync=True), 1),
    ],
)
def test_a_coroutine_function_is_refused_where_a_plain_one_is_needed(function, arguments):
    """Its coroutine would count as true, unseen."""
    given = later if arguments == 1 else later_two
    assert refusal(function, given) == (
        f"option is the coroutine function {given.__name__}, but its answer is needed at once. Pass a plain function."
    )


@pytest.mark.parametrize("hidden", [functools.partial(later_two, 1), AsyncMock()], ids=["partial", "AsyncMock"])
def test_a_hidden_coroutine_function_is_refused_as_well(hidden):
    """A partial of one or a mock has no name of its own, and is shown as it is."""
    assert refusal(check.flag_or_function, hidden) == (
        f"option is the coroutine function {hidden!r}, but its answer is needed at once. Pass a plain function."
    )


def test_a_function_marked_as_a_coroutine_function_is_refused_as_well():
    """A plain wrapper that inspect was told of, from Python 3.12 on; before, nothing could tell it."""

    def marked(a):
        return later(a)

    if sys.version_info >= (3, 12):
        inspect.markcoroutinefunction(marked)
        assert refusal(check.function_of(1, "f(a)", sync=True), marked).startswith("option is the coroutine function ")
    else:
        assert check.function_of(1, "f(a)", sync=True)("option", marked) is marked
    assert check.function_of(1, "f(a)")("option", marked) is marked


# -- the number of parameters


@pytest.mark.parametrize(
    "function",
    [
        one,
        later,
        lambda a, b=1: None,
        lambda *rest: None,
        lambda a, *rest: None,
        lambda a, *, b=1, **more: None,
        lambda a=1: None,
        Model().method,
        Model().rest,
        Model.made,
        Model.static,
        len,
        int,
        functools.partial(two, 1),
        Mock(),
        MagicMock(),
        AsyncMock(),
    ],
)
def test_a_function_that_can_take_the_arguments_passes(function):
    """More parameters with defaults are no harm; what is no plain function is not looked at."""
    assert check.function_of(1, "f(a)")("option", function) is function


@pytest.mark.parametrize(
    ("function", "name", "takes"),
    [
        (nothing, "nothing", "takes 0 positional arguments"),
        (two, "two", "takes 2 positional arguments"),
        (later_two, "later_two", "takes 2 positional arguments"),
        (Model.method, "Model.method", "takes 2 positional arguments"),
        (Model().plain, "Model.plain", "takes 0 positional arguments"),
        (Model().method_of_two, "Model.method_of_two", "takes 2 positional arguments"),
    ],
)
def test_a_function_with_other_parameters_is_refused(function, name, takes):
    """It would fail at the first call, far from here."""
    assert refusal(check.function_of(1, "query_fn(context)"), function, "query_fn") == (
        f"query_fn is called as query_fn(context), but {name} {takes}. "
        "Give it those parameters; *_ takes the ones it has no use for."
    )


def test_a_required_keyword_is_refused_by_its_name():
    """Nobody will pass it."""

    def fetch(context, *, page, size=10, sort): ...

    text = refusal(check.function_of(1, "query_fn(context)"), fetch, "query_fn")
    assert "<locals>.fetch needs page, sort by name. Give it those parameters" in text


@pytest.mark.parametrize(
    ("function", "call"),
    [
        (check.duration_or_function, "option(failure_count, error)"),
        (check.retry, "option(failure_count, error)"),
        (check.stale_time, "option(query)"),
        (check.interval, "option(query)"),
        (check.flag_or_function, "option(query)"),
        (check.refetch_on, "option(query)"),
        (check.sharing, "option(previous, next)"),
    ],
)
def test_each_function_is_told_how_it_is_called(function, call):
    """A function of three fits none of them."""
    assert refusal(function, three).startswith(f"option is called as {call}, but three takes 3 positional arguments.")


# -- the class of options


class Options(msgspec.Struct, frozen=True, kw_only=True, metaclass=check.OptionsMeta):
    stale_time: object = UNSET
    gc_time: object = None
    _hidden: bool = False


def test_an_unknown_name_is_answered_with_the_nearest():
    """Instead of msgspec's "unexpected keyword"."""
    with pytest.raises(UnknownOptionError, match=r"^Options has no option 'stale'\. Did you mean 'stale_time'\?$"):
        Options(stale=1)


def test_hidden_names_are_not_told():
    """A name with an underscore is nobody's option."""
    with pytest.raises(UnknownOptionError, match=r"^Options has no option 'x'\. It knows: gc_time, stale_time\.$"):
        Options(x=1)
    with pytest.raises(UnknownOptionError, match=r"^Options has no option '_hidden'\."):
        check.refuse_unknown("Options", {"_hidden": True}, Options.__struct_fields__)


def test_other_mistakes_in_a_call_stay_what_they_are():
    """Positional arguments are no unknown option."""
    with pytest.raises(TypeError, match="positional"):
        Options(1)


@pytest.mark.parametrize(
    ("value", "number", "duration"),
    [
        (0, True, True),
        (-1, True, False),
        (math.inf, True, True),
        (math.nan, False, False),
        (True, False, False),
        ("1", False, False),
        (None, False, False),
        (timedelta(0), False, True),
        (timedelta(-1), False, False),
    ],
)
def test_numbers_and_durations(value, number, duration):
    """A bool is neither; a timedelta is only the latter."""
    assert (check.is_number(value), check.is_duration(value)) == (number, duration)

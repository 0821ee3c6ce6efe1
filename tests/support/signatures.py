"""Compares the signatures of two classes, method by method: an async one and the one that waits."""

from __future__ import annotations

import inspect
import re
import typing

HANDLE = re.compile(r"Handle\[(.*)\]")
TIMEOUT = inspect.Parameter("timeout", inspect.Parameter.KEYWORD_ONLY, default=None, annotation="Duration | None")


def methods(cls, leave_out):
    """The public methods and properties of a class by name, but for those left out; each as its forms."""
    members = {name: inspect.getattr_static(cls, name) for name in dir(cls) if not name.startswith("_")}
    functions = {name: getattr(member, "fget", member) for name, member in members.items() if name not in leave_out}
    return {name: forms(function) for name, function in functions.items() if inspect.isfunction(function)}


def forms(function):
    """The signatures of a function: of each overload, and its own."""
    return [inspect.signature(form) for form in (*typing.get_overloads(function), function)]


def waiting(signature):
    """The signature that the method that waits must have: ``timeout=`` more, and ``T`` instead of ``Handle[T]``."""
    handle = HANDLE.fullmatch(str(signature.return_annotation))
    if handle is None:
        return signature
    parameters = list(signature.parameters.values())
    rest = [parameter for parameter in parameters if parameter.kind is parameter.VAR_KEYWORD]
    named = [parameter for parameter in parameters if parameter.kind is not parameter.VAR_KEYWORD]
    # in an overload a default is "..." for "there is one"
    is_stub = any(parameter.default is ... for parameter in named)
    timeout = TIMEOUT.replace(default=...) if is_stub else TIMEOUT
    return signature.replace(parameters=[*named, timeout, *rest], return_annotation=handle[1])


def texts(signatures):
    """Signatures as text: names, kinds, defaults and annotations."""
    return [str(signature).replace("'", "") for signature in signatures]


def differences(asynchronous, blocking, *, only_async=(), only_blocking=(), renamed=()):
    """A line for each method that one class has and the other has not, or has with another signature.

    ``renamed`` are pairs of texts: what an annotation says there, and what it says here.
    """
    expected = {
        name: texts(waiting(signature) for signature in signatures)
        for name, signatures in methods(asynchronous, only_async).items()
    }
    for there, here in renamed:
        expected = {name: [text.replace(there, here) for text in lines] for name, lines in expected.items()}
    found = {name: texts(signatures) for name, signatures in methods(blocking, only_blocking).items()}
    lacking = [f"{blocking.__name__} lacks {name}" for name in sorted(expected.keys() - found.keys())]
    surplus = [f"{asynchronous.__name__} has no {name}" for name in sorted(found.keys() - expected.keys())]
    other = [
        f"{name}: expected {text} among {found[name]}"
        for name in sorted(expected.keys() & found.keys())
        for text in expected[name]
        if text not in found[name]
    ]
    more = [
        f"{name}: did not expect {text}"
        for name in sorted(expected.keys() & found.keys())
        for text in found[name]
        if text not in expected[name]
    ]
    order = [
        f"{name}: the overloads have another order"
        for name in sorted(expected.keys() & found.keys())
        if expected[name] != found[name] and sorted(expected[name]) == sorted(found[name])
    ]
    return [*lacking, *surplus, *other, *more, *order]


INTERNAL = {
    # what a query or a mutation asks of an observer
    "on_mutation_state",
    "on_mutation_update",
    "on_query_update",
    "should_fetch_on_reconnect",
    "should_fetch_on_window_focus",
    "tell_all",
    "update_result",
    # for who draws results in the loop, or looks at the observers that live there
    "fetch_optimistic",
    "get_observers",
    "get_optimistic_result",
    "track_prop",
    "track_result",
}
"""Methods of observers that threads do not have."""


def observer_differences(asynchronous, blocking, renamed=()):
    """The same for observers. ``subscribe`` differs in the names of type variables only."""
    renamed = [("listener: Callable[P, object]", "listener: Callable[[ShownT], object]"), *renamed]
    return [
        *differences(asynchronous, blocking, only_async=INTERNAL, only_blocking={"options"}, renamed=renamed),
        *constructor_differences(asynchronous, blocking),
    ]


def constructor_differences(asynchronous, blocking):
    """A line for each form of the constructor that only one class has."""
    there, here = "client: QueryClient", "client: BlockingClientBase"
    expected = [text.replace(there, here) for text in texts(forms(asynchronous.__init__))]
    found = texts(forms(blocking.__init__))
    return [f"__init__: {text}" for text in (*expected, *found) if (text in expected) != (text in found)]

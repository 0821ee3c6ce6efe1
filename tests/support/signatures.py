"""Compares the signatures of two classes, method by method: an async one and the one that waits."""

from __future__ import annotations

import inspect
import re
import typing

HANDLE = re.compile(r"Handle\[(.*)\]")


def methods(cls, *, leave_out=()):
    """The public methods and properties of a class by name, but for those left out."""
    return {
        name: value
        for name in dir(cls)
        if not name.startswith("_") and name not in leave_out
        for value in [inspect.getattr_static(cls, name)]
        if inspect.isfunction(value) or isinstance(value, property)
    }


def described(function):
    """Parameters (name, kind, default, annotation) and the return annotation, of each overload and of the function."""
    function = function.fget if isinstance(function, property) else function
    forms = [*typing.get_overloads(function), function]
    return [
        (
            [(p.name, p.kind.name, p.default, p.annotation) for p in inspect.signature(form).parameters.values()],
            inspect.signature(form).return_annotation,
        )
        for form in forms
    ]


def waiting(forms):
    """The forms as the method that waits must have them: ``timeout=`` more, and ``T`` instead of ``Handle[T]``."""
    return [
        (with_timeout(parameters), handle[1]) if (handle := HANDLE.fullmatch(result)) else (parameters, result)
        for parameters, result in forms
    ]


def with_timeout(parameters):
    """The parameters, with ``timeout`` as the last that may be named."""
    rest = [parameter for parameter in parameters if parameter[1] == "VAR_KEYWORD"]
    named = [parameter for parameter in parameters if parameter[1] != "VAR_KEYWORD"]
    return [*named, ("timeout", "KEYWORD_ONLY", None, "Duration | None"), *rest]


def differences(asynchronous, blocking, *, only_async=(), only_blocking=(), renamed=None):
    """A line for each method that one class has and the other has not, or has with another signature."""
    renamed = renamed or {}
    expected = {
        renamed.get(name, name): waiting(described(value))
        for name, value in methods(asynchronous, leave_out=only_async).items()
    }
    found = {name: described(value) for name, value in methods(blocking, leave_out=only_blocking).items()}
    lines = [f"{blocking.__name__} lacks {name}" for name in sorted(expected.keys() - found.keys())]
    lines += [f"{asynchronous.__name__} has no {name}" for name in sorted(found.keys() - expected.keys())]
    lines += [
        f"{name}: expected\n  {expected[name]}, got\n  {found[name]}"
        for name in sorted(expected.keys() & found.keys())
        if expected[name] != found[name]
    ]
    return lines

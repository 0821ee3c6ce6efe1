"""Which reactive attributes of a node its options may depend on."""

from __future__ import annotations

import types
from collections.abc import Collection
from typing import Any

from textual.reactive import Reactive


def reactives_of(kind: Any) -> dict[str, Reactive[Any]]:
    """The reactive attributes of a class of nodes by name, inherited ones first.

    Args:
        kind: The class.
    """
    found: dict[str, Reactive[Any]] = kind._reactives
    return found


def followed(kind: Any, names: Collection[str]) -> list[str]:
    """The reactive attributes whose changes mean that options are read again.

    Those of users, and of Textual's ready-made widgets. Those that all nodes have, such as ``has_focus``, change with
    each movement of the mouse: they count only where options name them.

    Args:
        kind: The class of the node.
        names: The attributes that the functions of its options name.
    """
    return [
        name
        for name, reactive in reactives_of(kind).items()
        # a declaration tells by itself
        if not hasattr(reactive, "make_source") and (name in names or not _has_every_node(reactive))
    ]


def names_in(*functions: object) -> frozenset[str]:
    """The attributes that functions name in their own code, and in functions within.

    Args:
        *functions: Functions, or anything else, which names none.
    """
    found: set[str] = set()
    waiting: list[object] = [getattr(function, "__code__", None) for function in functions]
    while waiting:
        code = waiting.pop()
        if isinstance(code, types.CodeType):
            found.update(code.co_names)
            waiting.extend(code.co_consts)
    return frozenset(found)


def _has_every_node(reactive: Reactive[Any]) -> bool:
    module = reactive.owner.__module__
    return module.startswith("textual.") and not module.startswith("textual.widgets")

"""The queries and mutations of a machine, by their names: completed so that the machine holds their requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from query import MutationOptions, QueryOptions
from query.base.types import SkipToken, Unset
from query.base.values import given

from .http import OwnFunction
from .plain_keys import has_dict, respelled
from .requests import Request


class HeldFunction:
    """A query function whose calls wait for the machine.

    Args:
        name: What the machine calls the query.
        held: Called with the name and the context; returns what the function waits for.
    """

    def __init__(self, name: str, held: Callable[[str, Any], Any]) -> None:
        self._name = name
        self._held = held

    def __call__(self, context: Any) -> Any:
        """Begin a request.

        Args:
            context: What a query function is called with.
        """
        return self._held(self._name, context)


def check_names(machine: Any) -> None:
    """Refuse a machine whose queries or mutations are none.

    Args:
        machine: The class.

    Raises:
        TypeError: An option that is none, or that has no key.
        ValueError: There are no queries.
    """
    if not machine.queries:
        raise ValueError(f"{machine.__name__}.queries is empty; expected options of queries, by names of your choice.")
    for name, options in machine.queries.items():
        if not isinstance(options, QueryOptions) or isinstance(options.query_key, Unset):
            raise TypeError(
                f"{machine.__name__}.queries[{name!r}] is {options!r}; expected QueryOptions(query_key=...), or the "
                "options that api_options() or infinite_query_options() make."
            )
    for name, options in machine.mutations.items():
        if not isinstance(options, MutationOptions):
            raise TypeError(f"{machine.__name__}.mutations[{name!r}] is {options!r}; expected MutationOptions(...).")


class NamedQuery:
    """One query of a machine.

    Args:
        name: Its name.
        options: Its options; without a query function, the machine's own takes its place.
        held: Called with the name and the context; returns what the machine's function waits for.
        called: Called with them when a function of the user's own is.

    Attributes:
        key: The key.
    """

    def __init__(
        self, name: str, options: Any, held: Callable[[str, Any], Any], called: Callable[[str, Any], Request]
    ) -> None:
        self.name = name
        function: Any = given(options.query_fn, None)
        if function is None:
            options = options.with_(query_fn=HeldFunction(name, held))
        elif not isinstance(function, SkipToken):
            options = options.with_(query_fn=OwnFunction(name, function, lambda context: called(name, context)))
        # parts, for a key that keeps its text would not notice how it is written
        self.key: Any = options.query_key
        self.other_key: Any = respelled(tuple(self.key)) if has_dict(tuple(self.key)) else None
        self.options: Any = options
        self._other: Any = None if self.other_key is None else options.with_(query_key=self.other_key)
        self._turn = False
        self.hash: str = self.key.text if given(options.query_hash, None) is None else ""

    def spelled(self) -> tuple[Any, Any]:
        """The options and the key; where there are two ways to write it, each time the other."""
        if self._other is None:
            return self.options, self.key
        self._turn = not self._turn
        return (self.options, self.key) if self._turn else (self._other, self.other_key)

"""Containers that give something to all below them, and who is told when that is another.

A widget looks for the nearest of its ancestors, since Textual has no contexts.
"""

from __future__ import annotations

from typing import Any, Final, Protocol, cast

from textual.containers import Container
from textual.dom import DOMNode
from textual.reactive import reactive
from textual.widget import Widget

from ...base.errors import MissingQueryClientError
from ...client.query_client import QueryClient as CoreClient
from ...face import QueryClient

ATTRIBUTE: Final = "query_client"
"""What a node calls the client that it gives to all below it."""


class Given(Protocol):
    """Someone below who uses what is given."""

    def on_given_another(self) -> None:
        """It is another by now."""
        ...


class Giver(Container):
    """A container that gives something to all below it, and tells them when it changes."""

    def __init__(self, *children: Widget, **names: Any) -> None:
        super().__init__(*children, **names)
        self._given: dict[Given, None] = {}

    def give(self, given: Given) -> None:
        """Tell someone of changes from now on.

        Args:
            given: Who.
        """
        self._given[given] = None

    def take_back(self, given: Given) -> None:
        """Tell them no more.

        Args:
            given: Who.
        """
        self._given.pop(given, None)

    def _tell_given(self) -> None:
        for given in list(self._given):
            given.on_given_another()


class QueryClientProvider(Giver):
    """Gives a client to all widgets below it.

    For example::

        def compose(self):
            with QueryClientProvider(client=client):
                yield ProjectList()

    An app or screen may as well have an attribute ``query_client``. The nearest one counts. As long as the provider is
    mounted, so is the client: it follows focus and network.

    Args:
        *children: The widgets.
        client: The client.
        **names: What all widgets take: ``name``, ``id``, ``classes``, ``disabled``, ``markup``.

    Attributes:
        query_client: The client. All below it begin anew when another one is set.

    Raises:
        TypeError: What is given as client is none.

    Source: react-query, QueryClientProvider.tsx. Differs: it is a container, and so has a place on the screen.
    """

    query_client: reactive[QueryClient | None] = reactive(None, init=False, repaint=False)

    def __init__(self, *children: Widget, client: QueryClient, **names: Any) -> None:
        super().__init__(*children, **names)
        self._kept: QueryClient | None = None
        self.set_reactive(QueryClientProvider.query_client, self.validate_query_client(client))

    def validate_query_client(self, client: object) -> QueryClient:
        """Refuse what is no client.

        Args:
            client: What may be one.

        Raises:
            TypeError: It is none.
        """
        return checked_client(client, self)

    def watch_query_client(self) -> None:
        """All below begin anew."""
        if self.is_running:
            self._keep(self.query_client)
            self._tell_given()

    def on_mount(self) -> None:
        """The client follows focus and network from now on."""
        self._keep(self.query_client)

    def on_unmount(self) -> None:
        """Undoes that."""
        self._keep(None)

    def _keep(self, client: QueryClient | None) -> None:
        former, self._kept = self._kept, client
        if client is not None:
            client.mount()
        if former is not None:
            former.unmount()


class IsRestoringProvider(Giver):
    """Says to all widgets below it whether a stored cache is being restored: until it is, none of them fetches.

    Args:
        *children: The widgets.
        value: Whether it is.
        **names: What all widgets take: ``name``, ``id``, ``classes``, ``disabled``, ``markup``.

    Attributes:
        value: Whether it is.

    Source: react-query, IsRestoringProvider.ts.
    """

    value: reactive[bool] = reactive(False, init=False, repaint=False)

    def __init__(self, *children: Widget, value: bool, **names: Any) -> None:
        super().__init__(*children, **names)
        self.set_reactive(IsRestoringProvider.value, value)

    def watch_value(self) -> None:
        """All below begin, or wait."""
        self._tell_given()


def client_of(node: DOMNode) -> tuple[QueryClient, DOMNode]:
    """The client of the nearest ancestor that has one, the node itself included, and that ancestor.

    Args:
        node: A widget, screen or app.

    Raises:
        MissingQueryClientError: There is none.
        TypeError: What the ancestor has is none.
    """
    for ancestor in node.ancestors_with_self:
        # a node that declares use_query_client() by this name asks as well
        if not hasattr(getattr(type(ancestor), ATTRIBUTE, None), "asks_ancestors"):
            found: object = getattr(ancestor, ATTRIBUTE, None)
            if found is not None:
                return checked_client(found, ancestor), ancestor
    path = " > ".join(type(ancestor).__name__ for ancestor in reversed(node.ancestors_with_self))
    raise MissingQueryClientError(
        f"there is no query client for {node!r}: looked for one in {path}. Give the app an attribute query_client, or "
        "put the widget into a QueryClientProvider(..., client=client)."
    )


def restoring_of(node: DOMNode) -> IsRestoringProvider | None:
    """The nearest ancestor that says whether a stored cache is being restored.

    Args:
        node: A widget, screen or app.
    """
    for ancestor in node.ancestors:
        if isinstance(ancestor, IsRestoringProvider):
            return ancestor
    return None


def checked_client(client: object, node: DOMNode) -> QueryClient:
    """A client, if it is one.

    Args:
        client: What may be one.
        node: Whose it is, for the message.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(client, CoreClient):
        raise TypeError(
            f"the query client of {node!r} is a {type(client).__name__}, which is no QueryClient. "
            "Make one with query.QueryClient()."
        )
    return cast("QueryClient", client)

"""Who gives a node its client: the nearest ancestor that has one, a ``QueryClientProvider`` or the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast, overload

from textual.containers import Container
from textual.dom import DOMNode
from textual.widget import Widget

from ...base.errors import MissingQueryClientError
from ...client.query_client import QueryClient as CoreClient
from ...face import QueryClient

ATTRIBUTE: Final = "query_client"
"""What a node calls the client that it gives to all below it."""


class QueryClientProvider(Container):
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
        query_client: The client.

    Raises:
        TypeError: What is given as client is none.

    Source: react-query, QueryClientProvider.tsx. Differs: it is a container, and so has a place on the screen.
    """

    def __init__(self, *children: Widget, client: QueryClient, **names: Any) -> None:
        super().__init__(*children, **names)
        self.query_client: QueryClient = checked_client(client, self)

    def on_mount(self) -> None:
        """The client follows focus and network from now on."""
        self.query_client.mount()

    def on_unmount(self) -> None:
        """Undoes that."""
        self.query_client.unmount()


class ClientDeclaration:
    """The client of a node as an attribute; see ``use_query_client``.

    Args:
        client: The client to use whatever the ancestors have.
    """

    def __init__(self, client: QueryClient | None) -> None:
        self._client = client

    @overload
    def __get__(self, node: None, owner: type[object]) -> ClientDeclaration: ...
    @overload
    def __get__(self, node: DOMNode, owner: type[object] | None = None) -> QueryClient: ...
    def __get__(self, node: DOMNode | None, owner: type[object] | None = None) -> ClientDeclaration | QueryClient:
        if node is None:
            return self
        return client_of(node) if self._client is None else self._client

    if not TYPE_CHECKING:

        def __set__(self, node: DOMNode, value: object) -> None:
            raise AttributeError("a client that is declared cannot be set: declare use_query_client(client) with it")


def use_query_client(client: QueryClient | None = None) -> ClientDeclaration:
    """Declare an attribute that is the client of the widget.

    For example::

        class ProjectList(Vertical):
            client = use_query_client()

    Args:
        client: The client to use whatever the ancestors have.

    Raises:
        MissingQueryClientError: Whenever the attribute is read and no ancestor has a client.

    Source: react-query, QueryClientProvider.tsx, useQueryClient.
    """
    return ClientDeclaration(client)


def client_of(node: DOMNode) -> QueryClient:
    """The client of the nearest ancestor that has one, the node itself included.

    Args:
        node: A widget, screen or app.

    Raises:
        MissingQueryClientError: There is none.
        TypeError: What the ancestor has is none.
    """
    for ancestor in node.ancestors_with_self:
        # a node that declares use_query_client() asks as well
        if not isinstance(getattr(type(ancestor), ATTRIBUTE, None), ClientDeclaration):
            found: object = getattr(ancestor, ATTRIBUTE, None)
            if found is not None:
                return checked_client(found, ancestor)
    path = " > ".join(type(ancestor).__name__ for ancestor in reversed(node.ancestors_with_self))
    raise MissingQueryClientError(
        f"there is no query client for {node!r}: looked for one in {path}. Give the app an attribute query_client, or "
        "put the widget into a QueryClientProvider(..., client=client)."
    )


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

"""Declarations of what ancestors give: the client, and whether a stored cache is being restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, overload

from textual.dom import DOMNode

from ...face import QueryClient
from .giving import client_of, restoring_of


class ClientDeclaration:
    """The client of a node as an attribute; see ``use_query_client``.

    Args:
        client: The client to use whatever the ancestors have.
    """

    asks_ancestors = True

    def __init__(self, client: QueryClient | None) -> None:
        self._client = client

    @overload
    def __get__(self, node: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, node: DOMNode, owner: type[object] | None = None) -> QueryClient: ...
    def __get__(self, node: DOMNode | None, owner: type[object] | None = None) -> Self | QueryClient:
        if node is None:
            return self
        return client_of(node)[0] if self._client is None else self._client

    if not TYPE_CHECKING:

        def __set__(self, node: DOMNode, value: object) -> None:
            raise AttributeError("a client that is declared cannot be set: declare use_query_client(client) with it")


class RestoringDeclaration:
    """Whether a stored cache is being restored, as an attribute of a node; see ``use_is_restoring``."""

    @overload
    def __get__(self, node: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, node: DOMNode, owner: type[object] | None = None) -> bool: ...
    def __get__(self, node: DOMNode | None, owner: type[object] | None = None) -> Self | bool:
        if node is None:
            return self
        provider = restoring_of(node)
        return provider is not None and provider.value

    if not TYPE_CHECKING:

        def __set__(self, node: DOMNode, value: object) -> None:
            raise AttributeError("whether a cache is being restored is said by an IsRestoringProvider(..., value=...)")


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


def use_is_restoring() -> RestoringDeclaration:
    """Declare an attribute that is True while a stored cache is being restored; see ``IsRestoringProvider``.

    Source: react-query, IsRestoringProvider.ts, useIsRestoring.
    """
    return RestoringDeclaration()

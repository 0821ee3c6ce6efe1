"""One declaration at work, and what declarations are to the node that has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from textual.dom import DOMNode

from ...base.types import UNSET, Unsubscribe
from ...client.query_client import QueryClient
from .sources import Source


class DeclarationLike(Protocol):
    """A declaration as the node that has it sees it."""

    name: str
    waits_for_restoring: bool
    names: frozenset[str]

    @property
    def own_client(self) -> QueryClient | None:
        """The client to use; None for that of the nearest ancestor that has one."""
        ...

    def options_for(self, node: DOMNode) -> Any:
        """The options to use, read anew."""
        ...

    def is_subscribed(self, node: DOMNode) -> bool:
        """Whether to follow what is shown."""
        ...

    @property
    def is_fixed(self) -> bool:
        """Whether nothing of the node matters for that."""
        ...

    def make_source(self, client: QueryClient, options: Any) -> Source[Any]:
        """What is shown."""
        ...

    def announce(self, node: DOMNode, old: Any, new: Any, *, is_first: bool = False) -> None:
        """Tell the node's watchers, and draw it again as the declaration says."""
        ...


class Running:
    """One declaration at work.

    Args:
        declaration: The declaration.
        client: The client.
        source: What is shown.
        on_change: Called with it at each change.

    Attributes:
        declaration: The declaration.
        client: The client.
        source: What is shown.
        unsubscribe: Ends its subscription; None while it has none.
        told: What the node was told last.
        is_ready: Whether the node is mounted, and so may be told.
        is_due: Whether it will be, with the next turn of the loop.
        is_reading: Whether its options are being read.
    """

    __slots__ = (
        "_on_change",
        "client",
        "declaration",
        "is_due",
        "is_reading",
        "is_ready",
        "source",
        "told",
        "unsubscribe",
    )

    def __init__(
        self,
        declaration: DeclarationLike,
        client: QueryClient,
        source: Source[Any],
        on_change: Callable[[Running], object],
    ) -> None:
        self.declaration: DeclarationLike = declaration
        self.client: QueryClient = client
        self.source: Source[Any] = source
        self.unsubscribe: Unsubscribe | None = None
        self.told: Any = UNSET
        self.is_due: bool = False
        self.is_ready: bool = False
        self.is_reading: bool = False
        self._on_change = on_change

    def subscribe(self, is_subscribed: bool) -> bool:
        """Follow what is shown, or do not.

        Args:
            is_subscribed: Whether to.

        Returns:
            Whether that is new.
        """
        if is_subscribed is (self.unsubscribe is not None):
            return False
        if self.unsubscribe is not None:
            # what is shown from now on is what there is now
            self.source.current()
            self.unsubscribe()
            self.unsubscribe = None
        else:
            self.unsubscribe = self.source.subscribe(self._changed)
        return True

    def _changed(self, *_: object) -> None:
        self._on_change(self)

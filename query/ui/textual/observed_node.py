"""The declarations of one node at work: what they show, when their options are read again, and who is told.

What a node is told comes with the next turn of the loop, once however often it changed meanwhile, and not through the
node's message queue: a handler that awaits a mutation must not keep its own widget from showing that it is pending.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any, Final, Protocol

from textual.dom import DOMNode
from textual.reactive import Reactive

from ...base.types import UNSET, Unsubscribe
from ...client.query_client import QueryClient
from .errors import CircularOptionsError, NotMountedError
from .sources import Source

ATTRIBUTE: Final = "_query_declarations"
"""Where a node keeps them."""


class DeclarationLike(Protocol):
    """A declaration as the node that has it sees it."""

    name: str

    def client_for(self, node: DOMNode) -> QueryClient:
        """The client to use."""
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

    Attributes:
        declaration: The declaration.
        client: The client.
        source: What is shown.
        unsubscribe: Ends its subscription; None while it has none.
        told: What the node was told last.
        is_ready: Whether the node is mounted, and so may be told.
        is_due: Whether it will be, with the next turn of the loop.
        is_reading: Whether its options are being read.
        schedule: Calls what tells the node, with the next turn.
    """

    __slots__ = (
        "client",
        "declaration",
        "is_due",
        "is_reading",
        "is_ready",
        "schedule",
        "source",
        "told",
        "unsubscribe",
    )

    def __init__(self, declaration: DeclarationLike, client: QueryClient, source: Source[Any]) -> None:
        self.declaration: DeclarationLike = declaration
        self.client: QueryClient = client
        self.source: Source[Any] = source
        self.unsubscribe: Unsubscribe | None = None
        self.told: Any = UNSET
        self.is_due: bool = False
        self.is_ready: bool = False
        self.is_reading: bool = False
        self.schedule: Callable[..., None] = _nothing


class ObservedNode:
    """All declarations of one node that is mounted, or was.

    Args:
        node: The node.

    Attributes:
        is_over: Whether the node is unmounted.
    """

    def __init__(self, node: DOMNode) -> None:
        self._node = node
        self._running: dict[str, Running] = {}
        self._starting: list[str] = []
        self._follows = False
        self._clients: list[QueryClient] = []
        # what the node's own task sees: its app, above all
        self._context = contextvars.copy_context()
        self.is_over: bool = False

    @classmethod
    def of(cls, node: DOMNode, name: str) -> ObservedNode:
        """The declarations of a node, begun if need be.

        Args:
            node: The node.
            name: Which of them is asked for, for the message.

        Raises:
            NotMountedError: The node is not mounted yet.
        """
        known: ObservedNode | None = node.__dict__.get(ATTRIBUTE)
        if known is None or (known.is_over and node.is_running):
            if not node.is_running:
                raise NotMountedError(node, name)
            known = ObservedNode(node)
            setattr(node, ATTRIBUTE, known)
            # Any: Textual does not say what its task returns
            untyped: Any = node
            task = untyped._task
            if task is not None:
                # one that fails while it is mounted is never told that it is unmounted
                task.add_done_callback(known._on_task_done)
        return known

    @classmethod
    def end(cls, node: DOMNode) -> None:
        """The node is unmounted: follow nothing any more.

        Args:
            node: The node.
        """
        known: ObservedNode | None = node.__dict__.get(ATTRIBUTE)
        if known is not None:
            known.stop()

    def start(self, declaration: DeclarationLike) -> Running:
        """Have a declaration at work; nothing is done if it is.

        Args:
            declaration: A declaration of the node.

        Raises:
            CircularOptionsError: Its options need what it shows.
            MissingQueryClientError: No ancestor of the node has a client.
        """
        name = declaration.name
        known = self._running.get(name)
        if known is not None:
            return known
        node = self._node
        if self.is_over:
            raise NotMountedError(node, name)
        if name in self._starting:
            raise CircularOptionsError(node, [*self._starting[self._starting.index(name) :], name])
        self._starting.append(name)
        try:
            client = declaration.client_for(node)
            options = declaration.options_for(node)
        finally:
            self._starting.pop()
        running = Running(declaration, client, declaration.make_source(client, options))
        running.schedule = client.environment.notify_manager.batch_calls(self._deliver)
        self._running[name] = running
        if client not in self._clients:
            self._clients.append(client)
            client.mount()
        if not declaration.is_fixed and not self._follows:
            self._follows = True
            self._follow(node)
        if declaration.is_subscribed(node):
            running.unsubscribe = running.source.subscribe(lambda *_: self._on_change(running))
        running.told = running.source.current()
        return running

    def show(self, declaration: DeclarationLike) -> Any:
        """What a declaration shows now; once the node is unmounted, what it showed last.

        Args:
            declaration: A declaration of the node.
        """
        running = self.start(declaration)
        return running.told if self.is_over else running.source.current()

    def get_ready(self, declaration: DeclarationLike) -> None:
        """The node is mounted: tell it what there is, and from now on each change.

        Args:
            declaration: A declaration of the node.
        """
        running = self.start(declaration)
        if not running.is_ready:
            running.is_ready = True
            old = running.told
            new = running.told = running.source.current()
            declaration.announce(self._node, old, new, is_first=True)

    def stop(self) -> None:
        """Follow nothing any more. What was shown last stays."""
        self.is_over = True
        for running in self._running.values():
            if running.unsubscribe is not None:
                running.told = running.source.current()
                running.unsubscribe()
                running.unsubscribe = None
        clients, self._clients = self._clients, []
        for client in clients:
            client.unmount()

    def _on_task_done(self, _: object) -> None:
        self.stop()

    # -- options that depend on the node

    def _follow(self, node: DOMNode) -> None:
        kind = type(node)
        for name, reactive in reactives_of(kind).items():
            if not hasattr(reactive, "make_source"):
                # a computed one is "changed" whenever it is read
                node.watch(node, name, self._on_computed if name in kind._computes else self._on_reactive, init=False)

    def _on_reactive(self, old: object, new: object) -> None:
        # when it is mounted, a node is told of the first value of each
        if old is not new or self._node._is_mounted:
            self.read_again()

    def _on_computed(self, old: object, new: object) -> None:
        if old is not new and old != new:
            self.read_again()

    def read_again(self, but: Running | None = None) -> None:
        """Read the options of all declarations again: something that they depend on may have changed.

        Args:
            but: Not of this one: it is what changed.
        """
        node = self._node
        if self.is_over:
            return
        for running in list(self._running.values()):
            declaration = running.declaration
            if running is not but and not declaration.is_fixed and not running.is_reading:
                # reading them may read a computed attribute, which counts as a change of that
                running.is_reading = True
                try:
                    options = declaration.options_for(node)
                    is_subscribed = declaration.is_subscribed(node)
                finally:
                    running.is_reading = False
                running.source.set_options(options)
                self._subscribe(running, is_subscribed)

    def _subscribe(self, running: Running, is_subscribed: bool) -> None:
        if is_subscribed is (running.unsubscribe is not None):
            if not is_subscribed:
                self._on_change(running)
        elif is_subscribed:
            running.unsubscribe = running.source.subscribe(lambda *_: self._on_change(running))
            self._on_change(running)
        elif running.unsubscribe is not None:
            running.unsubscribe()
            running.unsubscribe = None

    # -- telling

    def _on_change(self, running: Running) -> None:
        if not running.is_due and running.is_ready:
            running.is_due = True
            running.schedule(running)

    def _deliver(self, running: Running) -> None:
        running.is_due = False
        node = self._node
        # its children go first: a watcher would look for them in vain
        if self.is_over or node._closing or node._pruning:
            return
        try:
            self._context.copy().run(self._tell, running)
        except Exception as error:  # noqa: BLE001 - a watcher's: the app ends with it, as with any other watcher's
            node.call_next(_raise, error)

    def _tell(self, running: Running) -> None:
        old, new = running.told, running.source.current()
        if old is new or (isinstance(new, int) and old == new):
            return
        running.told = new
        running.declaration.announce(self._node, old, new)
        if len(self._running) > 1:
            self.read_again(but=running)


def reactives_of(kind: Any) -> dict[str, Reactive[Any]]:
    """The reactive attributes of a class of nodes by name, inherited ones first.

    Args:
        kind: The class.
    """
    found: dict[str, Reactive[Any]] = kind._reactives
    return found


def _raise(error: Exception) -> None:
    raise error


def _nothing(*_: object) -> None:
    pass

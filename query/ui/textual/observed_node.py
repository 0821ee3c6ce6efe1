"""The declarations of one node at work: what they show, when their options are read again, and who is told.

What changes in the cache is told with the next turn of the loop, once however often it changed meanwhile, and not
through the node's message queue: a handler that awaits a mutation must not keep its own widget from showing that it is
pending.
"""

from __future__ import annotations

import contextvars
from typing import Any, Final

from textual.dom import DOMNode

from ...client.query_client import QueryClient
from .errors import CircularOptionsError, NotMountedError
from .giving import Giver, client_of, restoring_of
from .reactives import followed
from .running import DeclarationLike, Running

ATTRIBUTE: Final = "_query_declarations"
"""Where a node keeps them."""


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
        self._followed: set[str] = set()
        self._clients: dict[QueryClient, None] = {}
        self._givers: dict[Giver, None] = {}
        # looked for once: the place of a node does not change
        self._restoring = restoring_of(node)
        if self._restoring is not None:
            self._take_from(self._restoring)
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

    # -- beginning and end

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
            client = self._client_for(declaration)
            options = declaration.options_for(node)
        finally:
            self._starting.pop()
        running = Running(declaration, client, declaration.make_source(client, options), self._on_change)
        self._running[name] = running
        if client not in self._clients:
            self._clients[client] = None
            client.mount()
        if not declaration.is_fixed:
            self._follow(declaration)
        running.subscribe(self._is_subscribed(declaration))
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
                running.subscribe(False)
        clients, self._clients = self._clients, {}
        for client in clients:
            client.unmount()
        for giver in self._givers:
            giver.take_back(self)
        self._givers = {}

    def _on_task_done(self, _: object) -> None:
        self.stop()

    # -- what ancestors give

    def on_given_another(self) -> None:
        """An ancestor gives another client, or says that a stored cache was restored."""
        for name, running in list(self._running.items()):
            declaration = running.declaration
            if self._client_for(declaration) is running.client:
                if running.subscribe(self._is_subscribed(declaration)):
                    self._on_change(running)
            else:
                running.subscribe(False)
                del self._running[name]
                again = self.start(declaration)
                again.told, again.is_ready = running.told, running.is_ready
                self._on_change(again)
        used = {running.client for running in self._running.values()}
        for client in [client for client in self._clients if client not in used]:
            del self._clients[client]
            client.unmount()

    def _client_for(self, declaration: DeclarationLike) -> QueryClient:
        own = declaration.own_client
        if own is not None:
            return own
        client, ancestor = client_of(self._node)
        if isinstance(ancestor, Giver):
            self._take_from(ancestor)
        return client

    def _take_from(self, giver: Giver) -> None:
        if giver not in self._givers:
            self._givers[giver] = None
            giver.give(self)

    def _is_subscribed(self, declaration: DeclarationLike) -> bool:
        waits = declaration.waits_for_restoring and self._restoring is not None and self._restoring.value
        return not waits and declaration.is_subscribed(self._node)

    # -- options that depend on the node

    def _follow(self, declaration: DeclarationLike) -> None:
        node = self._node
        for name in followed(type(node), declaration.names):
            if name not in self._followed:
                self._followed.add(name)
                # a computed one is "changed" whenever it is read
                told = self._on_computed if name in type(node)._computes else self._on_reactive
                node.watch(node, name, told, init=False)

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
        if self.is_over:
            return
        for running in list(self._running.values()):
            declaration = running.declaration
            if running is not but and not declaration.is_fixed and not running.is_reading:
                # reading them may read a computed attribute, which counts as a change of that
                running.is_reading = True
                try:
                    options = declaration.options_for(self._node)
                    is_subscribed = self._is_subscribed(declaration)
                finally:
                    running.is_reading = False
                running.source.set_options(options)
                running.subscribe(is_subscribed)
                if running.is_ready:
                    # at once, as Textual does for what is computed from the attribute that was set
                    self._tell(running)

    # -- telling

    def _on_change(self, running: Running) -> None:
        if not running.is_due and running.is_ready:
            running.is_due = True
            running.client.environment.notify_manager.schedule(lambda: self._deliver(running))

    def _deliver(self, running: Running) -> None:
        running.is_due = False
        node = self._node
        # its children go first: a watcher would look for them in vain
        if self.is_over or node._closing or node._pruning or self._running.get(running.declaration.name) is not running:
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


def _raise(error: Exception) -> None:
    raise error

"""A declared attribute: a reactive attribute whose value comes from a client.

It is one of Textual's ``Reactive``, so all that goes with those goes with it: ``watch_<name>``, plain or async and with
none, one or two arguments; ``watch()`` from other nodes; ``data_bind``; compute methods; and the keywords of
``reactive``. Only nobody can set it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, Self, TypeAlias, TypedDict, overload

from textual import events
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.reactive import Reactive
from typing_extensions import TypeVar

from ...client.query_client import QueryClient
from .observed_node import ObservedNode
from .reactives import names_in, reactives_of
from .sources import Source

ValueT = TypeVar("ValueT")
"""What a declared attribute holds."""
T = TypeVar("T")

OrFunction: TypeAlias = Callable[[Any], T] | T
"""A value, or a function of the widget that returns it."""


class ReactiveFlags(TypedDict, total=False):
    """The keywords that ``reactive`` has, too.

    Attributes:
        layout: Lay the widget out anew at each change.
        repaint: Draw it anew at each change; True if not given.
        init: Call the watchers with what there is when the widget is mounted; True if not given.
        recompose: Remove its children and compose anew at each change. That loses the focus: prefer a watcher.
        bindings: Look anew at its key bindings at each change.
        toggle_class: CSS classes, separated by blanks, that the widget has while the value is true.
    """

    layout: bool
    repaint: bool
    init: bool
    recompose: bool
    bindings: bool
    toggle_class: str | None


class Declaration(Reactive[ValueT], Generic[ValueT]):
    """An attribute of a widget, screen or app that shows something of a client; see ``use_query``.

    Args:
        make_source: Makes what is shown, of a client and options.
        options: The options, or a function of the node that returns them.
        client: The client; None for that of the nearest ancestor that has one.
        subscribed: Whether to follow what is shown, or a function of the node that says so.
        waits_for_restoring: Whether not to, either, while a stored cache is being restored.
        functions: What is called with the node; by default *options* and *subscribed*.
        **flags: Keywords of ``reactive``.
    """

    def __init__(
        self,
        make_source: Callable[[QueryClient, Any], Source[ValueT]],
        options: object,
        *,
        client: QueryClient | None,
        subscribed: bool | Callable[[Any], bool] = True,
        waits_for_restoring: bool = False,
        functions: tuple[object, ...] | None = None,
        **flags: Any,
    ) -> None:
        super().__init__(default=None, **{"init": True, **flags})  # type: ignore[arg-type]
        self._make_source = make_source
        self._options = options
        self._client = client
        self._subscribed = subscribed
        self.waits_for_restoring: bool = waits_for_restoring
        self.names: frozenset[str] = names_in(*((options, subscribed) if functions is None else functions))

    def __set_name__(self, owner: type[Any], name: str) -> None:
        super().__set_name__(owner, name)
        self._is_connected = issubclass(owner, MessagePump)
        if self._is_connected:
            _connect(owner)

    # -- as an attribute

    # as Textual does not type its own: whatever node, and whichever class the node is of
    @overload  # type: ignore[override]
    def __get__(self, obj: None, obj_type: type[object]) -> Self: ...
    @overload
    def __get__(self, obj: DOMNode, obj_type: type[object] | None = ...) -> ValueT: ...
    def __get__(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, obj: DOMNode | None, obj_type: type[object] | None = None
    ) -> Self | ValueT:
        if obj is None:
            return self
        shown: ValueT = ObservedNode.of(obj, self.name).show(self)
        return shown

    def __set__(self, obj: Any, value: Any) -> None:
        raise AttributeError(
            f"{type(obj).__name__}.{self.name} shows what is in the cache and cannot be set. "
            "Write to the cache: client.set_query_data(key, data)."
        )

    # -- as Textual calls it

    def _initialize_reactive(self, obj: Any, name: str) -> None:
        # the last step of mounting
        if not self._is_connected:
            # declared in a plain class that others inherit from
            _connect(obj.__class__)
        ObservedNode.of(obj, name).get_ready(self)

    # -- as the node's declarations see it

    @property
    def is_fixed(self) -> bool:
        """Whether nothing of the node matters for the options."""
        return not callable(self._options) and not callable(self._subscribed)

    @property
    def own_client(self) -> QueryClient | None:
        """The client to use; None for that of the nearest ancestor that has one."""
        return self._client

    def options_for(self, node: DOMNode) -> Any:
        """The options to use, read anew.

        Args:
            node: The node.
        """
        return self._options(node) if callable(self._options) else self._options

    def is_subscribed(self, node: DOMNode) -> bool:
        """Whether to follow what is shown.

        Args:
            node: The node.
        """
        return bool(self._subscribed(node)) if callable(self._subscribed) else self._subscribed

    def make_source(self, client: QueryClient, options: Any) -> Source[ValueT]:
        """What is shown.

        Args:
            client: The client.
            options: The options.
        """
        return self._make_source(client, options)

    def announce(self, node: DOMNode, old: Any, new: Any, *, is_first: bool = False) -> None:
        """Tell the node's watchers, and draw it again as the flags say.

        Args:
            node: The node.
            old: What they were told before, or what it was composed with.
            new: What there is now.
            is_first: Whether the node was just mounted: what it draws is up to date if nothing changed since.
        """
        setattr(node, self.internal_name, new)
        if self._toggle_class is not None:
            node.set_class(bool(new), *self._toggle_class.split())
        is_changed = old is not new
        if is_changed or (is_first and self._init):
            self._check_watchers(node, self.name, old)
        if not is_changed:
            return
        self._compute(node)
        if self._bindings:
            node.refresh_bindings()
        if self._layout or self._repaint or self._recompose:
            node.refresh(repaint=self._repaint, layout=self._layout, recompose=self._recompose)


def _on_compose(self: DOMNode) -> None:
    # before its compose(), and before that of those below, who may need the same
    for name, declaration in reactives_of(type(self)).items():
        if isinstance(declaration, Declaration):
            ObservedNode.of(self, name).start(declaration)


def _on_unmount(self: DOMNode) -> None:
    ObservedNode.end(self)


_HANDLERS: Final = {events.Compose: _on_compose, events.Unmount: _on_unmount}


def _connect(owner: type[MessagePump]) -> None:
    """Have the nodes of a class tell when they are composed and unmounted, as with ``@on`` in its body.

    Args:
        owner: The class.
    """
    # a handler that several classes of an inheritance have is called once
    decorated: dict[Any, list[Any]] = owner.__dict__["_decorated_handlers"]
    for event, handler in _HANDLERS.items():
        known = decorated.setdefault(event, [])
        if not any(function is handler for function, _ in known):
            known.append((handler, {}))

"""What one call of a hook keeps from render to render: what it listens to, and when the component is drawn again."""

from __future__ import annotations

from collections.abc import Callable

from ..base.types import Unsubscribe
from ..client.query_client import QueryClient
from ..runtime.notify_manager import NotifyManager
from ..runtime.subscribable import Subscribable


class Binding:
    """Binds a component to a part of a client; see the subclasses.

    The component calls ``show`` of a subclass at each render, ``mount`` once it is there, and ``unmount`` when it goes.
    What a render asks for takes effect after it, with the next turn of the loop. That needs no effect of the framework
    beside the one for ``mount``, and so leaves nothing behind where effects pile up.

    Args:
        redraw: Renders the component again. Called only while it is mounted.
    """

    def __init__(self, redraw: Callable[[], object]) -> None:
        self._redraw = redraw
        self._is_mounted = False
        # both are called with the next turn of the loop, once however often they are asked for
        self._will_settle = False
        self._will_look = False
        self._manager: NotifyManager | None = None
        self._source: Subscribable[...] | None = None
        self._unsubscribe: Unsubscribe | None = None

    def mount(self) -> Unsubscribe:
        """The component is there: listen, and see whether anything changed since it was drawn.

        Returns:
            ``unmount``.
        """
        if not self._is_mounted:
            self._is_mounted = True
            self._settle()
        return self.unmount

    def unmount(self) -> None:
        """The component goes: listen no more. May be called more than once."""
        self._is_mounted = False
        self._listen_to(None)

    # -- for subclasses

    def _drawn(self, client: QueryClient) -> None:
        """The component was drawn, with whatever it asked for this time: see to it afterwards.

        Args:
            client: Whose changes it is to be told of.
        """
        manager = self._manager = client.environment.notify_manager
        if self._is_mounted and not self._will_settle:
            self._will_settle = True
            manager.schedule(self._settle_late)

    def _settle(self) -> None:
        """Do what the latest render asked for: listen, and look whether what was drawn is still true."""
        raise NotImplementedError

    def _differs(self) -> bool:
        """Whether the component would be drawn otherwise by now. What shows nothing never does."""
        return False

    def _listen_to(self, source: Subscribable[...] | None) -> None:
        """Listen to this, and to nothing else.

        Args:
            source: What to listen to; None for nothing.
        """
        if source is self._source:
            return
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._source, self._unsubscribe = source, None
        if source is not None:
            self._unsubscribe = source.subscribe(self._on_change)

    def _look(self) -> None:
        """Draw again if that makes a difference."""
        if self._is_mounted and self._differs():
            self._redraw()

    # -- told

    def _on_change(self, *_: object) -> None:
        if not self._will_look and self._manager is not None:
            self._will_look = True
            self._manager.schedule(self._look_late)

    def _look_late(self) -> None:
        is_due, self._will_look = self._will_look, False
        # else settling looks, or has looked
        if is_due and not self._will_settle:
            self._look()

    def _settle_late(self) -> None:
        self._will_settle = self._will_look = False
        if self._is_mounted:
            self._settle()

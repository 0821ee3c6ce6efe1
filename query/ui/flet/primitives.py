"""The four hooks of Flet.

Three things of Flet are not as a reader of React expects. A component is told to draw by way of the page of the task
that changes its state, which for a cache is anybody's: it is drawn in the context in which it was first rendered. What
an effect returns to undo it is forgotten at the next render: it is kept in a reference. And a session that closes takes
no component off its page: what effects began is ended with the session.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import Any, Final

from typing_extensions import TypeVar

from ..extras import missing_extra
from ..hooks import Hooks
from ..primitives import CLIENT, RESTORING, HookContext, Ref
from .session_ends import end_with, forget

try:
    import flet

    # before 1.0 they are not there
    from flet import create_context, use_context, use_effect, use_ref
except ImportError as _missing:
    raise missing_extra("query.ui.flet", "flet>=1.0", "flet") from _missing

T = TypeVar("T")
ShownT = TypeVar("ShownT")

# its types have holes
_flet: Final[Any] = flet
# Any: a context of Flet is a function with two attributes more
_CONTEXTS: Final[dict[HookContext[Any], Any]] = {
    context: create_context(context.default) for context in (CLIENT, RESTORING)
}


class _Effect:
    """One effect of one component, and how to undo it."""

    def __init__(self, effect: Callable[[], Callable[[], None]]) -> None:
        self._effect = effect
        self._undo: Callable[[], None] | None = None
        self._session: Any = None

    def begin(self) -> None:
        self._session = flet.context.page.session
        end_with(self._session, self.end)
        self._undo = self._effect()

    def end(self) -> None:
        undo, self._undo = self._undo, None
        if undo is not None:
            forget(self._session, self.end)
            self._session = None
            undo()


class FletPrimitives:
    """The hooks of Flet as ours need them; see ``Primitives``."""

    def use_ref(self, initial: T, /) -> Ref[T]:
        """``flet.use_ref``."""
        # Any: a function is called for the value
        ref: Any = use_ref(lambda: initial)
        kept: Ref[T] = ref
        return kept

    def use_state(self, initial: int, /) -> Callable[[Callable[[int], int]], None]:
        """The second half of ``flet.use_state``."""
        _, change = _flet.use_state(initial)
        context = copy_context()

        def change_here(update: Callable[[int], int]) -> None:
            # a copy, since no context can be entered twice
            context.copy().run(change, update)

        return change_here

    def use_effect(self, effect: Callable[[], Callable[[], None]], dependencies: Sequence[object], /) -> None:
        """``flet.use_effect``, with *effect* as it was at the first render."""
        kept = self.use_ref(_Effect(effect)).current
        use_effect(kept.begin, list(dependencies), kept.end)

    def use_context(self, context: HookContext[T], /) -> T:
        """``flet.use_context``."""
        value: T = use_context(_CONTEXTS[context])
        return value


def provide(context: HookContext[T], content: Callable[[], ShownT], value: T) -> ShownT:
    """What a function returns; the components that it calls are given something.

    Args:
        context: Through what.
        content: The function.
        value: What.
    """
    shown: ShownT = _CONTEXTS[context](value, content)
    return shown


BOUND: Final = Hooks(FletPrimitives())
"""All hooks, for Flet."""

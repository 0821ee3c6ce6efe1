"""The four hooks of ReactPy.

ReactPy keeps a stop event for each render of a component, and a task for each run of an effect, until the component
goes. Effects without dependencies run once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from typing_extensions import TypeVar

from ..extras import missing_extra
from ..hooks import Hooks
from ..primitives import CLIENT, RESTORING, HookContext, Ref

try:
    import reactpy

    # of 1.x it is not there
    from reactpy.types import Component
except ImportError as _missing:
    raise missing_extra("query.ui.reactpy", "reactpy>=2.0.0b13", "reactpy") from _missing

T = TypeVar("T")

# Any: a context of ReactPy is a function with an attribute more
_CONTEXTS: Final[dict[HookContext[Any], Any]] = {
    context: reactpy.create_context(context.default) for context in (CLIENT, RESTORING)
}


class ReactPyPrimitives:
    """The hooks of ReactPy as ours need them; see ``Primitives``."""

    def use_ref(self, initial: T, /) -> Ref[T]:
        """``reactpy.use_ref``."""
        ref: Ref[T] = reactpy.use_ref(initial)
        return ref

    def use_state(self, initial: int, /) -> Callable[[Callable[[int], int]], None]:
        """The second half of ``reactpy.use_state``."""
        return reactpy.use_state(initial).set_value

    def use_effect(self, effect: Callable[[], Callable[[], None]], dependencies: Sequence[object], /) -> None:
        """``reactpy.use_effect``."""
        reactpy.use_effect(effect, list(dependencies))

    def use_context(self, context: HookContext[T], /) -> T:
        """``reactpy.use_context``."""
        value: T = reactpy.use_context(_CONTEXTS[context])
        return value


def provide(context: HookContext[T], *children: Any, value: T, key: str | int | None = None) -> Component:
    """A component that gives something to all below it.

    Args:
        context: Through what.
        *children: Components and elements.
        value: What.
        key: The key of this component among its siblings.
    """
    provider: Component = _CONTEXTS[context](*children, value=value, key=key)
    return provider


BOUND: Final = Hooks(ReactPyPrimitives())
"""All hooks, for ReactPy."""

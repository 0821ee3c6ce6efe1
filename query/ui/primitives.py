"""What the hooks need of a framework, and no more: a reference, a state, an effect, and a context.

An adapter fulfils ``Primitives`` with the functions of its framework. Everything else is written once, above.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Generic, Protocol

from typing_extensions import TypeVar

from ..face import QueryClient

T = TypeVar("T")


class Ref(Protocol[T]):
    """A place that a component keeps from render to render.

    Attributes:
        current: What is in it.
    """

    current: T


class HookContext(Generic[T]):
    """Something that a component gives to all below it. Each framework has contexts of its own; this names one.

    Args:
        name: What it gives, for messages.
        default: What is there without a provider.

    Attributes:
        name: The name.
        default: The default.
    """

    def __init__(self, name: str, default: T) -> None:
        self.name = name
        self.default = default


CLIENT: Final[HookContext[QueryClient | None]] = HookContext("query client", None)
"""The client of the nearest ``QueryClientProvider``."""
RESTORING: Final[HookContext[bool]] = HookContext("is restoring", False)
"""Whether a stored cache is being restored, so that nothing should fetch yet."""


class Primitives(Protocol):
    """The four hooks of a framework on which all others are built. They are called while a component renders."""

    def use_ref(self, initial: T, /) -> Ref[T]:
        """A reference that holds *initial* at first; the same object at each render."""
        ...

    def use_state(self, initial: int, /) -> Callable[[Callable[[int], int]], None]:
        """A function that replaces a number by what a function makes of it, and renders the component again."""
        ...

    def use_effect(self, effect: Callable[[], Callable[[], None]], dependencies: Sequence[object], /) -> None:
        """Call *effect* once the component is there, and what that returned when it goes.

        Both are called again when a dependency changes. The hooks give none: in some frameworks each run of an effect
        leaves something behind until the component goes.
        """
        ...

    def use_context(self, context: HookContext[T], /) -> T:
        """What the nearest provider gives, or the default."""
        ...

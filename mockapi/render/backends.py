"""What a framework gives so that a screen can show it: one room each, loaded when something of it is rendered."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, cast

from .commits import Commits
from .elements import Element
from .errors import UnsupportedActionError

Wrapper = Callable[[Any], Any]
"""What is put around a user interface, such as ``lambda child: QueryClientProvider(child, client=client)``."""


class Backend(Protocol):
    """A user interface that is on, as its ``Screen`` uses it. All else of a screen is written once, over this.

    After each action a backend returns when the program's handler has run up to its first wait, and what that changed
    at once is on the screen.
    """

    @property
    def root(self) -> Element:
        """What is on the screen now. May be called from any thread."""
        ...

    async def click(self, element: Element) -> None:
        """Click on an element.

        Args:
            element: The element.

        Raises:
            StaleElementError: It is no longer there.
        """
        ...

    async def type(self, element: Element, text: str) -> None:
        """Type a text, key by key, at the end of what is in an element already.

        Args:
            element: The element.
            text: The text.
        """
        ...

    async def clear(self, element: Element) -> None:
        """Empty a field.

        Args:
            element: The field.
        """
        ...

    async def press(self, element: Element | None, key: str) -> None:
        """Press one key.

        Args:
            element: Where; None for the element that has the focus.
            key: Its name in browsers, such as ``"Enter"``.
        """
        ...

    async def rerender(self, ui: Any) -> None:
        """Show another state of the same user interface. What stays in it keeps its state.

        Args:
            ui: Its new root.
        """
        ...


class Room(Protocol):
    """The module of a backend."""

    def open_backend(self, ui: Any, wrapper: Wrapper | None, commits: Commits) -> AbstractAsyncContextManager[Backend]:
        """Show a user interface until the end of the block. Tells of each change by ``commits``.

        Args:
            ui: What to show.
            wrapper: What to put around it.
            commits: To be told of commits, and of errors of the program.
        """
        ...

    def make_probe(self, hook: Callable[..., Any], seen: Callable[[Any], None]) -> Callable[[dict[str, Any]], Any]:
        """A component that calls a hook, by the properties it calls it with. Needed for ``render_hook`` alone.

        Args:
            hook: The hook.
            seen: To be called with what the hook returns, at each render.
        """
        ...


ROOMS = {
    "flet": ".flet_backend",
    "reactpy": ".reactpy_backend",
    "textual": ".textual_backend",
}
"""The module of each backend, by the package that the class of a user interface comes from."""


def room_of(framework: str) -> Room:
    """The backend of a framework, loaded now.

    Args:
        framework: Such as ``"reactpy"``.

    Raises:
        UnsupportedActionError: There is none.
        ImportError: The framework is not installed.
    """
    name = ROOMS.get(framework)
    if name is None:
        raise UnsupportedActionError(f"nothing of {framework!r} can be rendered; expected one of {', '.join(ROOMS)}.")
    try:
        module = importlib.import_module(name, __package__)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != framework:
            raise
        raise ImportError(
            f"to render {framework}, install it: pip install 'pytest-mockapi[{framework}]'", name=framework
        ) from None
    return cast("Room", module)


def framework_of(ui: Any) -> str:
    """The package that the class of a user interface comes from.

    Args:
        ui: A component, app or widget; or the class of an app.

    Raises:
        UnsupportedActionError: It is none that can be rendered.
    """
    if getattr(ui, "__is_component__", False) or getattr(getattr(ui, "func", None), "__is_component__", False):
        # Flet calls components itself, so what is rendered is the function
        return "flet"
    kinds = ui.__mro__ if isinstance(ui, type) else type(ui).__mro__
    for kind in kinds:
        package = kind.__module__.split(".")[0]
        if package in ROOMS:
            return package
    if callable(ui) and not isinstance(ui, type):
        name = getattr(ui, "__name__", repr(ui))
        raise UnsupportedActionError(f"render() got the function {name}; expected what it makes: render({name}()).")
    raise UnsupportedActionError(
        f"render() got a {type(ui).__name__}; expected a component, app or widget of {', '.join(ROOMS)}."
    )

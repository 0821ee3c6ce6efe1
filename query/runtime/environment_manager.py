"""Is this process a server, whose caches live for one request?

Source: environmentManager.ts. Differs: no guess by what the process lacks; the answer is no until a program says so.
"""

from __future__ import annotations

from collections.abc import Callable

from ..base.option_checks import function_of

_PREDICATE = function_of(0, "is_server()", sync=True)


class EnvironmentManager:
    """Knows whether the caches of this process serve one request each, by a predicate that can be replaced.

    Attributes:
        is_asked: Whether a program gave a predicate: until then the answer is no.
    """

    def __init__(self) -> None:
        self.is_asked: bool = False
        self._predicate: Callable[[], bool] = lambda: False

    def is_server(self) -> bool:
        """Whether this counts as a server. The predicate is asked each time."""
        return self._predicate()

    def set_is_server(self, predicate: Callable[[], bool]) -> None:
        """Answer by another predicate from now on, for every client that was not told itself.

        Args:
            predicate: A plain function without arguments. It is asked whenever the answer matters: keep it quick.

        Raises:
            OptionError: It is none.
        """
        self._predicate = _PREDICATE("is_server", predicate)
        self.is_asked = True


environment_manager: EnvironmentManager = EnvironmentManager()
"""The process-wide one, asked by clients that were not told ``is_server`` themselves."""

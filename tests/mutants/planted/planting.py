"""Planting a bug: one change in the text of one function, for as long as a ``with`` block lasts.

The changed text is compiled and put in place of the function's code, so that whoever holds the function runs it: also
modules that imported it by name, and objects that were made before. The change is checked against the source; if that
has moved on, planting says so instead of planting nothing.
"""

from __future__ import annotations
import __future__

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType

from query.base import known_texts, query_key

MUTANTS: dict[str, Mutant] = {}
"""All planted bugs by name."""


class NotPlantedError(Exception):
    """The function no longer has the text that the bug changes."""


@dataclass(frozen=True)
class Mutant:
    """A bug that can be planted.

    Attributes:
        name: What goes wrong, as an identifier.
        story: What it breaks, and which bug of the real world it stands for.
        function: Where.
        before: The text that is changed; it occurs once.
        after: What it is changed to.
    """

    name: str
    story: str
    function: FunctionType
    before: str
    after: str

    @property
    def place(self) -> str:
        """The function, as people name it."""
        return f"{self.function.__module__}.{self.function.__qualname__}"

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Have the bug, until the block ends."""
        healthy = self.function.__code__
        self.function.__code__ = self._sick()
        _forget_keys()
        try:
            yield
        finally:
            self.function.__code__ = healthy
            _forget_keys()

    def _sick(self) -> CodeType:
        lines = textwrap.dedent(inspect.getsource(self.function))
        if lines.count(self.before) != 1:
            raise NotPlantedError(
                f"{self.name}: {self.place} was expected to contain this once, and does so {lines.count(self.before)} "
                f"times. Adapt the planted bug to the new source:\n{textwrap.indent(self.before, '    ')}"
            )
        changed = lines.replace(self.before, self.after)
        flags = __future__.annotations.compiler_flag
        module = compile(changed, f"<{self.name}>", "exec", flags=flags, dont_inherit=True)
        return next(part for part in module.co_consts if isinstance(part, CodeType))


def _forget_keys() -> None:
    # what the healthy made of keys would hide a bug in making it, and what the sick made would outlive it
    for memory in (known_texts.KNOWN_TEXTS, known_texts._SEEN, query_key.KNOWN_KEYS):
        memory.clear()


def mutant(where: object, before: str, after: str) -> Callable[[Callable[[], None]], Mutant]:
    """Declare a bug: the name and docstring of the decorated function are its name and story.

    Args:
        where: The function that is changed, or a property.
        before: The text in it.
        after: The text in its place.
    """
    function = where.fget if isinstance(where, property) else where
    assert isinstance(function, FunctionType)

    def declare(told: Callable[[], None]) -> Mutant:
        name = told.__name__
        assert name not in MUTANTS
        MUTANTS[name] = Mutant(name, inspect.cleandoc(told.__doc__ or ""), function, before, after)
        return MUTANTS[name]

    return declare

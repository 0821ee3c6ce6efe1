"""What is on a screen, whatever draws it: elements, and the walk through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol


class Element(Protocol):
    """One thing on a screen as it was at one commit. It does not change; the next commit brings new ones.

    A backend gives a class of its own to this, or uses ``HtmlElement``.
    """

    @property
    def tag(self) -> str:
        """What it is called in a printed tree: ``"button"``, ``"Label"``. Empty for the root, which is never found."""
        ...

    @property
    def role(self) -> str | None:
        """Its ARIA role, such as ``"button"`` or ``"textbox"``; None if it has none."""
        ...

    @property
    def name(self) -> str:
        """Its accessible name, whitespace folded; empty if it has none."""
        ...

    @property
    def text(self) -> str:
        """All text inside it, whitespace folded."""
        ...

    @property
    def attributes(self) -> Mapping[str, object]:
        """What a printed tree shows beside the tag, such as ``{"value": "Apollo", "disabled": True}``."""
        ...

    @property
    def children(self) -> Sequence[Element | str]:
        """What is inside it, in order. A string is text."""
        ...

    @property
    def is_hidden(self) -> bool:
        """Whether neither it nor what is inside it is there for people: no query by role finds it."""
        ...


def folded(text: str) -> str:
    """A text whose whitespace is folded: none at its ends, one space elsewhere.

    Args:
        text: The text.
    """
    return " ".join(text.split())


def walk(element: Element) -> Iterator[Element]:
    """An element and all that are inside it, outer ones first, in the order of the document.

    Args:
        element: Where to begin.
    """
    yield element
    for child in element.children:
        if not isinstance(child, str):
            yield from walk(child)

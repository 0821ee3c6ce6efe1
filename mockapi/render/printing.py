"""A screen as text, as failures show it."""

from __future__ import annotations

from collections.abc import Iterator

from .elements import Element, folded

MAX_TEXT = 7000
"""Characters of a screen that are shown."""
WIDTH = 100
"""Characters in a line up to which a short text stays beside its tag."""


def printed(element: Element) -> str:
    """An element and what is inside it, one line each.

    Args:
        element: The element, or the root of a screen.
    """
    text = "\n".join(_lines(element, 0)) or "(nothing is on the screen)"
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}\n... {len(text) - MAX_TEXT} more characters ..."


def _lines(element: Element, depth: int) -> Iterator[str]:
    below = depth + 1 if element.tag else depth
    children = [child for child in element.children if not isinstance(child, str) or child.strip()]
    pad = "  " * depth
    if not element.tag:
        yield from _inside(children, below)
        return
    start = f"<{element.tag}{''.join(_attributes(element))}>"
    if not children:
        yield f"{pad}{start[:-1]} />"
        return
    end = f"</{element.tag}>"
    if all(isinstance(child, str) for child in children):
        text = folded("".join(str(child) for child in children))
        if len(pad) + len(start) + len(text) + len(end) <= WIDTH:
            yield f"{pad}{start}{text}{end}"
            return
    yield f"{pad}{start}"
    yield from _inside(children, below)
    yield f"{pad}{end}"


def _inside(children: list[Element | str], depth: int) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield "  " * depth + folded(child)
        else:
            yield from _lines(child, depth)


def _attributes(element: Element) -> Iterator[str]:
    for name, value in element.attributes.items():
        if value is True:
            yield f" {name}"
        elif value is not None and value is not False:
            yield f' {name}="{value}"'

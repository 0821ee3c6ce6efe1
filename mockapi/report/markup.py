"""HTML as a tree, so that nothing can get into a page unescaped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias
from xml.etree import ElementTree as ET

Child: TypeAlias = "str | ET.Element | Iterable[Child] | None"
"""What may stand in an element: text, another element, several of these, or nothing."""


def element(tag: str, /, *children: Child, **attributes: str | bool | None) -> ET.Element:
    """An HTML element. Everything in it is text until it is an element.

    Args:
        tag: Such as "div".
        *children: What stands in it.
        **attributes: Its attributes. ``class_`` is "class", ``data_text`` is "data-text"; True is an attribute without
            a value, False and None are none.
    """
    made = ET.Element(tag)
    for name, value in attributes.items():
        if value is not None and value is not False:
            made.set(name.rstrip("_").replace("_", "-"), "" if value is True else value)
    _fill(made, children)
    return made


def document(root: ET.Element) -> str:
    """A tree as a page.

    Args:
        root: The ``html`` element.
    """
    return f"<!DOCTYPE html>\n{ET.tostring(root, encoding='unicode', method='html')}\n"


def _fill(parent: ET.Element, children: Iterable[Child]) -> None:
    for child in children:
        if isinstance(child, ET.Element):
            parent.append(child)
        elif isinstance(child, str):
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + child
            else:
                parent.text = (parent.text or "") + child
        elif child is not None:
            _fill(parent, child)

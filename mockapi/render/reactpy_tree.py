"""ReactPy's tree as it is sent to browsers, and the document that a browser makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .html_elements import HtmlElement

Path = tuple[str | int, ...]
"""Where an element is: for each element on the way its key, or its place if it has none."""

_NAMES = {"htmlFor": "for", "className": "class", "defaultValue": "value", "defaultChecked": "checked"}
_ARIA = re.compile(r"^aria_?(?=[A-Z]|[a-z]+$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class VdomHandle:
    """What the backend knows an element by.

    Attributes:
        place: Where it is, and its tag: what is at one place is one field for as long as it has one tag.
        handlers: What is to be told of an event, by the event, such as ``"onClick"``.
        attributes: Its attributes as the component wrote them.
    """

    place: tuple[Path, str]
    handlers: Mapping[str, Mapping[str, Any]]
    attributes: Mapping[str, Any]


def patched(tree: Any, path: str, model: Any) -> Any:
    """A tree after an update. The tree itself does not change.

    Args:
        tree: The tree.
        path: Where the update belongs, such as ``"/children/0"``; empty for all of it.
        model: What is there now.
    """
    steps = [step for step in path.split("/") if step]
    return _patched(tree, steps, model)


def _patched(tree: Any, steps: list[str], model: Any) -> Any:
    if not steps:
        return model
    step, *rest = steps
    if isinstance(tree, list):
        index = int(step)
        return [*tree[:index], _patched(tree[index], rest, model), *tree[index + 1 :]]
    return {**tree, step: _patched(tree[step], rest, model)}


def document(tree: Mapping[str, Any], shown: Callable[[VdomHandle, str], Mapping[str, Any]]) -> HtmlElement:
    """The document of a tree.

    Args:
        tree: The tree.
        shown: Gives what a field shows instead of some of its attributes, such as what was typed; by its handle and
            tag.
    """
    root = HtmlElement("", {}, VdomHandle(((), ""), {}, {}))
    _fill(root, tree, (), shown)
    return root


def _fill(
    into: HtmlElement, node: Mapping[str, Any], path: Path, shown: Callable[[VdomHandle, str], Mapping[str, Any]]
) -> None:
    tag = str(node["tagName"])
    element = into
    # a component and a fragment have no tag: what is inside belongs to the element around them
    if tag:
        attributes = node.get("attributes", {})
        handlers = node.get("eventHandlers", {})
        handle = VdomHandle((path, tag), handlers, attributes)
        html = {_html_name(name): _html_value(name, value) for name, value in attributes.items()}
        for name in ("key", "_reactpy_ack_seq"):
            html.pop(name, None)
        html.update(shown(handle, tag))
        element = HtmlElement(tag.lower(), html, handle, sorted(handlers))
        into.append(element)
    for index, child in enumerate(node.get("children", ())):
        if isinstance(child, str):
            element.append(child)
        else:
            key = child.get("attributes", {}).get("key")
            _fill(element, child, (*path, index if key is None else str(key)), shown)


def _html_name(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    if _ARIA.match(name):
        return "aria-" + _ARIA.sub("", name).lower()
    return name if name.startswith(("data-", "aria-")) else name.lower()


def _html_value(name: str, value: Any) -> Any:
    # in these, false is a value
    return str(value).lower() if name.startswith("aria") and isinstance(value, bool) else value

"""What a browser tells a ReactPy handler of an event."""

from __future__ import annotations

from typing import Any

from .html_elements import HtmlElement

_KINDS = {"onClick": "click", "onKeyDown": "keydown", "onKeyUp": "keyup", "onInput": "input", "onChange": "change"}
# what a form and a choice are lists of
_LISTS = {
    "form": frozenset(("button", "fieldset", "input", "object", "output", "select", "textarea")),
    "select": frozenset(("option",)),
}
_MOUSE = {
    "button": 0,
    "buttons": 0,
    "detail": 1,
    "altKey": False,
    "ctrlKey": False,
    "metaKey": False,
    "shiftKey": False,
}
_KEYS = {"altKey": False, "ctrlKey": False, "metaKey": False, "shiftKey": False, "repeat": False}


def event_data(event: str, target: HtmlElement, current: HtmlElement, details: dict[str, Any]) -> dict[str, Any]:
    """The data of an event, as a handler gets it.

    Args:
        event: Such as ``"onClick"``.
        target: Where it happened.
        current: Whose handler it is for.
        details: What there is to say beside, such as ``{"key": "a"}``; or ``{"target": {"value": "abc"}}``.
    """
    own = described(target)
    if isinstance(own, dict):
        own |= details.pop("target", {})
    common = _MOUSE if event == "onClick" else _KEYS if event.startswith("onKey") else {}
    return {
        "type": _KINDS.get(event, event.removeprefix("on").lower()),
        "bubbles": True,
        "cancelable": True,
        "defaultPrevented": False,
        **common,
        **details,
        "target": own,
        "currentTarget": own if current is target else described(current),
    }


def described(element: HtmlElement) -> dict[str, Any] | list[Any]:
    """An element as events of ReactPy describe it.

    Its client sends everything that can be counted through as the list of what is in it: a form is the list of its
    fields, and a choice that of its options. Neither has a ``value`` there.

    Args:
        element: The element.
    """
    if element.tag in _LISTS:
        return [described(one) for one in element.walk() if one is not element and one.tag in _LISTS[element.tag]]
    given = element.given
    found: dict[str, Any] = {
        "tagName": element.tag.upper(),
        "id": str(given.get("id", "")),
        "className": str(given.get("class", "")),
        "textContent": element.raw_text,
        "dataset": {name[5:]: str(value) for name, value in given.items() if name.startswith("data-")},
    }
    if element.tag == "option":
        text = element.raw_text
        found |= {"value": str(given.get("value", text)), "text": text, "selected": bool(given.get("selected", False))}
    elif element.tag in ("input", "textarea", "button"):
        found |= {"name": str(given.get("name", "")), "value": str(given.get("value", ""))}
        if element.tag in ("input", "button"):
            found["type"] = str(given.get("type", "text" if element.tag == "input" else "submit"))
        if found.get("type") in ("checkbox", "radio"):
            found |= {"checked": bool(given.get("checked", False)), "value": str(given.get("value", "on"))}
    return found

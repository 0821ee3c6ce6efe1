"""What a browser tells a ReactPy handler of an event."""

from __future__ import annotations

from typing import Any

from .html_elements import HtmlElement

_KINDS = {"onClick": "click", "onKeyDown": "keydown", "onKeyUp": "keyup", "onInput": "input", "onChange": "change"}
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
    own = {**described(target), **details.pop("target", {})}
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


def described(element: HtmlElement) -> dict[str, Any]:
    """An element as events describe it; a form has its named fields as well.

    Args:
        element: The element.
    """
    given = element.given
    found: dict[str, Any] = {
        "tagName": element.tag.upper(),
        "id": str(given.get("id", "")),
        "className": str(given.get("class", "")),
        "textContent": element.raw_text,
        "dataset": {name[5:]: str(value) for name, value in given.items() if name.startswith("data-")},
    }
    if element.tag in ("input", "textarea", "select", "button", "option"):
        found |= {"name": str(given.get("name", "")), "value": str(given.get("value", ""))}
        if element.tag in ("input", "button"):
            found["type"] = str(given.get("type", "text" if element.tag == "input" else "submit"))
        if found.get("type") in ("checkbox", "radio"):
            found |= {"checked": bool(given.get("checked", False)), "value": str(given.get("value", "on"))}
    if element.tag == "form":
        fields = [one for one in element.walk() if one is not element and one.given.get("name")]
        found = {**{str(one.given["name"]): described(one) for one in fields}, **found}
    return found

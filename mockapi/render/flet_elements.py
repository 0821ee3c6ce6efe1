"""Controls of Flet as elements: with the roles and names that they have for people."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flet import BaseControl

from .elements import Element, folded

ROLES: Mapping[str, str] = {
    "AlertDialog": "dialog",
    "AppBar": "banner",
    "Button": "button",
    "Checkbox": "checkbox",
    "CupertinoButton": "button",
    "CupertinoCheckbox": "checkbox",
    "CupertinoSlider": "slider",
    "CupertinoSwitch": "switch",
    "CupertinoTextField": "textbox",
    "Divider": "separator",
    "Dropdown": "combobox",
    "ElevatedButton": "button",
    "FilledButton": "button",
    "FilledTonalButton": "button",
    "FloatingActionButton": "button",
    "IconButton": "button",
    "Image": "img",
    "ListTile": "listitem",
    "ListView": "list",
    "MenuItemButton": "menuitem",
    "NavigationBar": "navigation",
    "OutlinedButton": "button",
    "PopupMenuItem": "menuitem",
    "ProgressBar": "progressbar",
    "ProgressRing": "progressbar",
    "Radio": "radio",
    "SearchBar": "searchbox",
    "Slider": "slider",
    "SnackBar": "alert",
    "Switch": "switch",
    "Tab": "tab",
    "TextButton": "button",
    "TextField": "textbox",
}
"""The roles of controls by the names of their classes."""

FIELDS = frozenset(("CupertinoTextField", "SearchBar", "TextField"))
TOGGLES = frozenset(("Checkbox", "CupertinoCheckbox", "CupertinoSwitch", "Switch"))
_NAMED_BY_CONTENT = frozenset(("button", "listitem", "menuitem", "tab"))
_TEXTS = frozenset(("content", "label", "subtitle", "text", "title"))
_NAMES = ("semantics_label", "label", "tooltip", "hint_text")
_SHOWN = ("value", "disabled", "label", "tooltip", "hint_text", "selected", "key")


class FletElement:
    """A control as it was at one commit.

    Args:
        control: The control.
        parent: What it is in.
    """

    def __init__(self, control: Any, parent: FletElement | None) -> None:
        self.control = control
        self.parent = parent
        self.tag = type(control).__name__
        self.role = ROLES.get(self.tag)
        self.is_hidden = not getattr(control, "visible", True)
        self.is_disabled: bool = bool(getattr(control, "disabled", False)) or (
            parent is not None and parent.is_disabled
        )
        events = [name for name in _events(control) if getattr(control, name) is not None]
        shown = {
            name: getattr(control, name, None)
            for name in _SHOWN
            if name != "value" or self.tag not in ("Text", "Markdown")
        }
        simple = {name: value for name, value in shown.items() if isinstance(value, (str, int, float)) and value != ""}
        self.attributes: Mapping[str, object] = {**simple, **dict.fromkeys(events, True)}
        self.children: Sequence[Element | str] = [
            child if isinstance(child, str) else FletElement(child, self) for child in _inside(control)
        ]
        self.text = folded(" ".join(child if isinstance(child, str) else child.text for child in self.children))
        given = (getattr(control, name, None) for name in _NAMES)
        names = [folded(name) for name in given if isinstance(name, str)]
        if self.role in _NAMED_BY_CONTENT:
            names.append(self.text)
        self.name = next(filter(None, names), "")

    def __repr__(self) -> str:
        return f"<{self.tag} role={self.role!r} name={self.name!r}>"


class FletRoot:
    """All that is on a page.

    Args:
        controls: What is in its view.
    """

    tag = ""
    role = None
    name = ""
    is_hidden = False
    attributes: Mapping[str, object] = {}

    def __init__(self, controls: Any) -> None:
        self.children: Sequence[Element | str] = [FletElement(control, None) for control in _controls(controls)]
        self.text = folded(" ".join(child.text for child in self.children if not isinstance(child, str)))


def _events(control: Any) -> Iterator[str]:
    return (field.name for field in dataclasses.fields(control) if field.name.startswith("on_"))


def _controls(value: Any) -> Iterator[Any]:
    """The controls in a value. A component is what it draws."""
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _controls(one)
    elif isinstance(value, BaseControl):
        if type(value).__name__ == "Component":
            yield from _controls(getattr(value, "_b", None))
        else:
            yield value


def _inside(control: Any) -> Iterator[Any]:
    """What is inside a control, in the order of its fields: controls, and texts."""
    if type(control).__name__ in ("Text", "Markdown"):
        yield str(control.value)
        return
    for field in dataclasses.fields(control):
        if field.name.startswith(("_", "on_")) or field.name in ("parent", "page", "data"):
            continue
        value = getattr(control, field.name, None)
        if isinstance(value, str):
            # the label of a field is its name, which stands beside it
            if field.name in _TEXTS and not (field.name == "label" and type(control).__name__ in FIELDS):
                yield value
        else:
            yield from _controls(value)

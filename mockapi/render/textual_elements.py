"""Widgets of Textual as elements: their roles, names and texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text
from textual.content import Content
from textual.widget import Widget
from textual.widgets import (
    Button,
    Checkbox,
    DataTable,
    Footer,
    Header,
    Input,
    Link,
    ListItem,
    ListView,
    LoadingIndicator,
    OptionList,
    ProgressBar,
    RadioButton,
    RadioSet,
    Select,
    Switch,
    Tab,
    Tabs,
    TextArea,
)
from textual.widgets._toast import Toast
from textual.widgets._toggle_button import ToggleButton

from .elements import Element, folded

ROLES: Final[Mapping[type[Widget], str]] = {
    Button: "button",
    Checkbox: "checkbox",
    DataTable: "table",
    Footer: "contentinfo",
    Header: "banner",
    Input: "textbox",
    Link: "link",
    ListItem: "option",
    ListView: "listbox",
    LoadingIndicator: "progressbar",
    OptionList: "listbox",
    ProgressBar: "progressbar",
    RadioButton: "radio",
    RadioSet: "radiogroup",
    Select: "combobox",
    Switch: "switch",
    Tab: "tab",
    Tabs: "tablist",
    TextArea: "textbox",
    Toast: "alert",
}
"""What each kind of widget is, and those that are made of it."""

NAMED_BY_TEXT: Final = frozenset(("button", "checkbox", "link", "option", "radio", "tab"))
"""Roles whose name is what is written on it, as in browsers."""


class TextualElement:
    """A widget as it was at one time.

    Args:
        widget: The widget.
    """

    def __init__(self, widget: Widget) -> None:
        self.handle: Widget = widget
        self.tag: str = type(widget).__name__
        self.role: str | None = next((ROLES[kind] for kind in type(widget).__mro__ if kind in ROLES), None)
        self.is_hidden: bool = not (widget.display and widget.visible)
        self.children: Sequence[Element | str] = _inside(widget)
        self.attributes: Mapping[str, object] = dict(_attributes(widget))

    @property
    def text(self) -> str:
        """All text inside it, whitespace folded."""
        return folded(" ".join(child if isinstance(child, str) else child.text for child in self.children))

    @property
    def name(self) -> str:
        """Its text if its role is named by that; else its border's title, its placeholder, or its tooltip."""
        if self.role in NAMED_BY_TEXT and self.text:
            return self.text
        widget = self.handle
        titles = (widget.border_title, getattr(widget, "placeholder", None), widget.tooltip)
        return next((folded(plain(title)) for title in titles if title), "")

    def __repr__(self) -> str:
        return f"<{self.tag}{'' if self.handle.id is None else f' id={self.handle.id!r}'}>"


class TextualRoot:
    """What is on the screen that is in front.

    Args:
        widgets: What is on it, from top to bottom.
    """

    tag = ""
    role = None
    name = ""
    is_hidden = False

    def __init__(self, widgets: Sequence[Widget]) -> None:
        self.attributes: Mapping[str, object] = {}
        self.children: Sequence[Element | str] = [TextualElement(widget) for widget in widgets]

    @property
    def text(self) -> str:
        """All text inside it, whitespace folded."""
        return folded(" ".join(child if isinstance(child, str) else child.text for child in self.children))


def plain(content: Any) -> str:
    """Text without its style; empty for what is none.

    Args:
        content: What a widget renders.
    """
    if isinstance(content, str):
        return content
    return content.plain if isinstance(content, (Content, Text)) else ""


def _inside(widget: Widget) -> list[Element | str]:
    match widget:
        case OptionList():
            return ["\n".join(plain(widget.get_option_at_index(index).prompt) for index in range(widget.option_count))]
        case DataTable():
            return ["\n".join(_rows(widget))]
        case ToggleButton():
            # without its box
            return [plain(widget.label)]
        case Input() | TextArea():
            # what was typed is a value, as in browsers
            return []
        case _:
            below: list[Element | str] = [TextualElement(child) for child in widget.children]
    if below or type(widget).render is Widget.render:
        return below
    text = plain(widget.render())
    return [text] if text.strip() else []


def _rows(table: Any) -> Iterator[str]:
    yield " ".join(plain(column.label) for column in table.ordered_columns)
    for index in range(table.row_count):
        yield " ".join(plain(cell) or str(cell) for cell in table.get_row_at(index))


def _attributes(widget: Widget) -> Iterator[tuple[str, object]]:
    if widget.id is not None:
        yield "id", widget.id
    classes = " ".join(sorted(name for name in widget.classes if not name.startswith("-")))
    if classes:
        yield "class", classes
    for name, given in (("value", "value"), ("text", "value"), ("placeholder", "placeholder")):
        value: object = getattr(widget, name, None)
        if isinstance(value, (str, bool, float, int)) and value not in ("", None):
            yield given, value
    if widget.disabled:
        yield "disabled", True
    if widget.has_focus:
        yield "focused", True

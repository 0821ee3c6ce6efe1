"""What people did to the fields of a document, which a browser knows and the program may not."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from .html_elements import HtmlElement

_NOT_TYPED = frozenset(("button", "checkbox", "color", "file", "hidden", "image", "radio", "range", "reset", "submit"))
_CAN_BE_DISABLED = frozenset(("button", "fieldset", "input", "optgroup", "option", "select", "textarea"))
_DEFAULTS = {"value": "defaultValue", "checked": "defaultChecked"}


class FieldStates:
    """The values and check marks of fields, as they were typed and clicked. What the program sets later wins.

    Attributes:
        version: Another one after each change.
    """

    def __init__(self) -> None:
        self.version = 0
        self._states: dict[tuple[Hashable, str], tuple[Any, Any]] = {}

    def set(self, place: Hashable, name: str, value: Any, attributes: Mapping[str, Any]) -> None:
        """Note what somebody did.

        Args:
            place: Where the field is.
            name: ``"value"`` or ``"checked"``.
            value: What it is now.
            attributes: The attributes that the program gave the field.
        """
        self.version += 1
        self._states[place, name] = (attributes.get(name), value)

    def keep_up(self, attributes_of: Callable[[Hashable], Mapping[str, Any] | None]) -> None:
        """Forget what the program has set anew since, and fields that are gone. To be called at each commit.

        Args:
            attributes_of: The attributes that the program gives the field at a place now; None if there is none.
        """
        for (place, name), (before, _) in [*self._states.items()]:
            given = attributes_of(place)
            if given is None or given.get(name) != before:
                del self._states[place, name]
                self.version += 1

    def shown(self, place: Hashable, tag: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """What a field shows instead of its attributes.

        Args:
            place: Where it is.
            tag: Its tag.
            attributes: What the program gives it.
        """
        if tag not in ("input", "textarea", "select"):
            return {}
        found: dict[str, Any] = {}
        for name, default in _DEFAULTS.items():
            given = attributes.get(name)
            state = self._states.get((place, name))
            if state is not None:
                found[name] = state[1]
            elif given is None and attributes.get(default) is not None:
                found[name] = attributes[default]
        return found

    def toggled(self, place: Hashable, field: HtmlElement) -> bool | None:
        """What a click makes of a checkbox or a radio button; None for anything else.

        Args:
            place: Where it is.
            field: The field as it is shown.
        """
        if field.tag != "input":
            return None
        kind = str(field.given.get("type", "")).lower()
        if kind == "checkbox":
            return not field.given.get("checked", False)
        return True if kind == "radio" else None


def is_typed_into(element: HtmlElement) -> bool:
    """Whether keys end up as text in an element.

    Args:
        element: The element.
    """
    if element.tag == "input":
        return str(element.given.get("type", "text")).lower() not in _NOT_TYPED
    return element.tag == "textarea"


def is_disabled(element: HtmlElement) -> bool:
    """Whether an element, or the group of fields around it, does not react.

    Args:
        element: The element.
    """
    around = (one for one in (element, *element.ancestors) if one.tag in _CAN_BE_DISABLED)
    return any("disabled" in one.given for one in around)


def submit_button_of(form: HtmlElement) -> HtmlElement | None:
    """The button that sends a form; None if it has none.

    Args:
        form: The form.
    """
    for one in form.walk():
        kind = str(one.given.get("type", "submit" if one.tag == "button" else "text")).lower()
        if one.tag in ("button", "input") and kind in ("submit", "image"):
            return one
    return None

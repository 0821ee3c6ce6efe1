"""Which ARIA role an element of HTML has: what its attribute says, or what its tag implies.

After "HTML Accessibility API Mappings" and "ARIA in HTML" of the W3C.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

BY_TAG: Mapping[str, str] = {
    "address": "group",
    "article": "article",
    "aside": "complementary",
    "blockquote": "blockquote",
    "button": "button",
    "caption": "caption",
    "code": "code",
    "datalist": "listbox",
    "dd": "definition",
    "del": "deletion",
    "details": "group",
    "dfn": "term",
    "dialog": "dialog",
    "dt": "term",
    "em": "emphasis",
    "fieldset": "group",
    "figure": "figure",
    "form": "form",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "h5": "heading",
    "h6": "heading",
    "hgroup": "group",
    "hr": "separator",
    "html": "document",
    "ins": "insertion",
    "li": "listitem",
    "main": "main",
    "math": "math",
    "menu": "list",
    "meter": "meter",
    "nav": "navigation",
    "ol": "list",
    "optgroup": "group",
    "option": "option",
    "output": "status",
    "p": "paragraph",
    "progress": "progressbar",
    "search": "search",
    "strong": "strong",
    "sub": "subscript",
    "sup": "superscript",
    "table": "table",
    "tbody": "rowgroup",
    "td": "cell",
    "textarea": "textbox",
    "tfoot": "rowgroup",
    "thead": "rowgroup",
    "time": "time",
    "tr": "row",
    "ul": "list",
}
"""The roles of tags that have the same everywhere."""

BY_INPUT_TYPE: Mapping[str, str | None] = {
    "button": "button",
    "checkbox": "checkbox",
    "color": None,
    "date": None,
    "datetime-local": None,
    "file": None,
    "hidden": None,
    "image": "button",
    "month": None,
    "number": "spinbutton",
    "password": None,
    "radio": "radio",
    "range": "slider",
    "reset": "button",
    "search": "searchbox",
    "submit": "button",
    "time": None,
    "week": None,
}
"""The roles of inputs by their type. Any other type is a textbox."""

_SECTIONING = frozenset(("article", "aside", "main", "nav", "section"))


class RoleHolder(Protocol):
    """An element as its role depends on it."""

    tag: str

    @property
    def given(self) -> Mapping[str, Any]:
        """Its attributes."""
        ...

    @property
    def name(self) -> str:
        """Its accessible name."""
        ...

    @property
    def ancestors(self) -> Iterator[RoleHolder]:
        """The elements around it."""
        ...

    @property
    def document(self) -> RoleHolder:
        """The document that it is in."""
        ...

    def walk(self) -> Iterator[RoleHolder]:
        """Itself and all elements inside it."""
        ...


def role_of(element: RoleHolder) -> str | None:
    """The role of an element; None if it has none, or one that is not told.

    Args:
        element: The element.
    """
    said = str(element.given.get("role", "")).split()
    if said:
        return None if said[0] in ("none", "presentation") else said[0]
    special = _SPECIAL.get(element.tag)
    return BY_TAG.get(element.tag) if special is None else special(element)


def _link(element: RoleHolder) -> str | None:
    return "link" if "href" in element.given else None


def _landmark(role: str) -> Callable[[RoleHolder], str | None]:
    def of(element: RoleHolder) -> str | None:
        return None if any(above.tag in _SECTIONING for above in element.ancestors) else role

    return of


def _image(element: RoleHolder) -> str | None:
    return None if element.given.get("alt") == "" and not element.name else "img"


def _input(element: RoleHolder) -> str | None:
    kind = str(element.given.get("type", "text")).lower()
    role = BY_INPUT_TYPE.get(kind, "textbox")
    names = element.given.get("list")
    if role not in ("textbox", "searchbox") or names is None:
        return role
    lists = (one for one in element.document.walk() if one.tag == "datalist")
    return "combobox" if any(one.given.get("id") == names for one in lists) else role


def _section(element: RoleHolder) -> str | None:
    return "region" if element.name else None


def _select(element: RoleHolder) -> str | None:
    size = str(element.given.get("size", "1"))
    return "listbox" if "multiple" in element.given or (size.isdigit() and int(size) > 1) else "combobox"


def _header_cell(element: RoleHolder) -> str | None:
    return "rowheader" if element.given.get("scope") in ("row", "rowgroup") else "columnheader"


_SPECIAL: Mapping[str, Callable[[RoleHolder], str | None]] = {
    "a": _link,
    "area": _link,
    "footer": _landmark("contentinfo"),
    "header": _landmark("banner"),
    "img": _image,
    "input": _input,
    "section": _section,
    "select": _select,
    "th": _header_cell,
}
"""The roles of tags for which it depends."""

"""What an element of HTML is called for those who cannot see it.

After "Accessible Name and Description Computation" of the W3C, without what needs style sheets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, Self

from .elements import folded

NAMED_BY_CONTENT = frozenset(
    (
        "button",
        "cell",
        "checkbox",
        "columnheader",
        "gridcell",
        "heading",
        "link",
        "menuitem",
        "menuitemcheckbox",
        "menuitemradio",
        "option",
        "radio",
        "row",
        "rowheader",
        "switch",
        "tab",
        "tooltip",
        "treeitem",
    )
)
"""The roles of elements that are called what they contain."""

_LABELLED = frozenset(("button", "input", "meter", "output", "progress", "select", "textarea"))
_TITLES = {"fieldset": "legend", "figure": "figcaption", "table": "caption"}
_BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    )
)


class NameHolder(Protocol):
    """An element as its name depends on it."""

    tag: str

    @property
    def given(self) -> Mapping[str, Any]:
        """Its attributes."""
        ...

    @property
    def inner(self) -> Sequence[Self | str]:
        """What is inside it."""
        ...

    @property
    def role(self) -> str | None:
        """Its role."""
        ...

    @property
    def is_hidden(self) -> bool:
        """Whether it is hidden."""
        ...

    @property
    def ancestors(self) -> Iterator[Self]:
        """The elements around it."""
        ...

    @property
    def document(self) -> Self:
        """The document that it is in."""
        ...

    def walk(self) -> Iterator[Self]:
        """Itself and all elements inside it."""
        ...


def accessible_name(element: NameHolder) -> str:
    """The name of an element; empty if it has none.

    Args:
        element: The element.
    """
    for name in _candidates(element):
        text = folded(name)
        if text:
            return text
    return ""


def _candidates(element: NameHolder) -> Iterator[str]:
    given = element.given
    if "aria-labelledby" in given:
        by_id = {str(one.given["id"]): one for one in element.document.walk() if "id" in one.given}
        named = [by_id[name] for name in str(given["aria-labelledby"]).split() if name in by_id]
        yield " ".join(_spoken(one, inside=False) for one in named)
    yield str(given.get("aria-label", ""))
    yield from _native(element)
    # asked for last: the role of some elements depends on whether they have a name
    if element.tag not in ("section", "img") and element.role in NAMED_BY_CONTENT:
        yield _content(element)
    yield str(given.get("title", ""))
    if element.tag in ("input", "textarea"):
        yield str(given.get("placeholder", ""))


def _native(element: NameHolder) -> Iterator[str]:
    """What HTML has for naming an element of this tag."""
    tag, given = element.tag, element.given
    kind = str(given.get("type", "text")).lower()
    if tag in _LABELLED and not (tag == "input" and kind in ("hidden", "image")):
        yield " ".join(_spoken(label, inside=False) for label in _labels(element))
    if tag == "input" and kind in ("button", "submit", "reset"):
        yield str(given.get("value", {"submit": "Submit", "reset": "Reset"}.get(kind, "")))
    if tag in ("img", "area") or (tag == "input" and kind == "image"):
        yield str(given.get("alt", ""))
    if tag == "optgroup":
        yield str(given.get("label", ""))
    title = _TITLES.get(tag)
    if title is not None:
        yield from (_content(child) for child in element.inner if not isinstance(child, str) and child.tag == title)


def _labels(element: NameHolder) -> Iterator[NameHolder]:
    """The labels of a field: those around it, and those that name its id."""
    own = element.given.get("id")
    for label in element.document.walk():
        if label.tag != "label":
            continue
        target = label.given.get("for")
        if (target is None and label in element.ancestors) or (own is not None and str(own) == str(target)):
            yield label


def _content(element: NameHolder) -> str:
    return "".join(child if isinstance(child, str) else _spoken(child, inside=True) for child in element.inner)


def _spoken(element: NameHolder, *, inside: bool) -> str:
    """What one element adds to the name of another."""
    if element.is_hidden and inside:
        return ""
    label = str(element.given.get("aria-label", "")).strip()
    if label:
        text = label
    elif element.tag == "img":
        text = str(element.given.get("alt", ""))
    elif element.tag in ("input", "select", "textarea"):
        # a field inside its own label is not part of its name
        text = ""
    else:
        text = _content(element)
    return f" {text} " if inside and element.tag in _BLOCKS else text

"""Elements of HTML, of whichever backend: with the roles and names that browsers give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from .accessible_names import accessible_name
from .elements import Element, folded
from .html_roles import role_of

T = TypeVar("T")


class HtmlElement:
    """One element of a document, as it was at one commit.

    Args:
        tag: Its tag in lower case; empty for the document itself.
        attributes: Its attributes by the names of HTML, such as ``"for"`` and ``"aria-label"``. True is an attribute
            without a value; those that are False or None are absent.
        handle: By what the backend knows it.
        events: What it listens to, for printing, such as ``["onClick"]``.
        is_hidden: Whether a style sheet hides it.
    """

    def __init__(
        self,
        tag: str,
        attributes: Mapping[str, Any],
        handle: Any = None,
        events: Sequence[str] = (),
        *,
        is_hidden: bool = False,
    ) -> None:
        self.tag = tag
        self.given = {name: value for name, value in attributes.items() if value is not None and value is not False}
        self.handle = handle
        self.events = events
        self._is_hidden = is_hidden
        self.parent: HtmlElement | None = None
        self._children: list[HtmlElement | str] = []
        # worked out when first asked for: most elements never are
        self._known: dict[str, Any] = {}

    def append(self, child: HtmlElement | str) -> None:
        """Put something inside it, behind what is there. Only while the document is built.

        Args:
            child: An element, or a text.
        """
        if isinstance(child, HtmlElement):
            child.parent = self
        self._children.append(child)

    @property
    def children(self) -> Sequence[Element | str]:
        """What is inside it, in order."""
        return self._children

    @property
    def inner(self) -> Sequence[HtmlElement | str]:
        """The same, typed for those who know that it is HTML."""
        return self._children

    @property
    def attributes(self) -> Mapping[str, object]:
        """Its attributes, and what it listens to."""
        return {**self.given, **dict.fromkeys(self.events, True)}

    @property
    def role(self) -> str | None:
        """Its ARIA role: what its attribute ``role`` says, or what its tag implies."""
        return self._once("role", role_of)

    @property
    def name(self) -> str:
        """Its accessible name."""
        return self._once("name", accessible_name)

    @property
    def text(self) -> str:
        """All text inside it, whitespace folded."""
        return self._once("text", lambda one: folded(one.raw_text))

    @property
    def raw_text(self) -> str:
        """All text inside it as it is written."""
        return self._once("raw_text", _raw_text)

    @property
    def is_hidden(self) -> bool:
        """Whether it is hidden by an attribute, by its own style, or by a style sheet if the backend knows those."""
        return self._is_hidden or self._once("is_hidden", _is_hidden)

    @property
    def ancestors(self) -> Iterator[HtmlElement]:
        """The elements around it, inner ones first; the document is the last."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    @property
    def document(self) -> HtmlElement:
        """The document that it is in."""
        return next((above for above in self.ancestors if above.parent is None), self)

    def walk(self) -> Iterator[HtmlElement]:
        """Itself and all elements inside it, in the order of the document."""
        yield self
        for child in self._children:
            if not isinstance(child, str):
                yield from child.walk()

    def _once(self, what: str, work_out: Callable[[HtmlElement], T]) -> T:
        if what not in self._known:
            self._known[what] = work_out(self)
        known: T = self._known[what]
        return known

    def __repr__(self) -> str:
        return f"<{self.tag or 'document'} role={self.role!r} name={self.name!r}>"


def _raw_text(element: HtmlElement) -> str:
    return "".join(child if isinstance(child, str) else child.raw_text for child in element.inner)


def _is_hidden(element: HtmlElement) -> bool:
    given = element.given
    style = given.get("style")
    own: Mapping[str, Any] = style if isinstance(style, Mapping) else {}
    return (
        element.tag in ("script", "style", "template", "head", "noscript")
        or "hidden" in given
        or str(given.get("aria-hidden", "")).lower() == "true"
        or own.get("display") == "none"
        or own.get("visibility") == "hidden"
        or (element.tag == "input" and given.get("type") == "hidden")
    )

"""What is looked for on a screen, and how: ``get_``, ``query_`` and their ``_all`` forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NoReturn

from .elements import Element, folded, walk
from .errors import ElementNotFound, MultipleElementsFound
from .printing import printed

TextMatch = str | re.Pattern[str]
"""A text: a ``str`` is all of it, whitespace folded on both sides; a pattern is found anywhere in it."""

_NO_TEXT = frozenset(("script", "style", "template", "head", "noscript"))


def matches(wanted: TextMatch, text: str) -> bool:
    """Whether a text is the one that is wanted.

    Args:
        wanted: A text or a pattern.
        text: A folded text.
    """
    if isinstance(wanted, str):
        return folded(wanted) == text
    return wanted.search(text) is not None


class Queries:
    """Looks for elements inside one.

    ``get_by_*`` is exactly one element, ``query_by_*`` is one or None, ``get_all_by_*`` is at least one,
    ``query_all_by_*`` is any number.

    Args:
        root: Gives the element to look inside of, as it is now.
    """

    def __init__(self, root: Callable[[], Element]) -> None:
        self._root = root

    @property
    def root(self) -> Element:
        """What is looked through: all that is on the screen now."""
        return self._root()

    def __str__(self) -> str:
        return printed(self._root())

    def within(self, element: Element) -> Queries:
        """Queries that look inside one element only, as it was when it was found.

        Args:
            element: The element.
        """
        return Queries(lambda: element)

    # -- by text

    def query_all_by_text(self, text: TextMatch) -> list[Element]:
        """All elements with a text; of elements in one another the deepest only.

        Args:
            text: A ``str`` is all of their text, a pattern is found in it.
        """
        found: list[Element] = []
        _deepest(self.root, text, found)
        return found

    def query_by_text(self, text: TextMatch) -> Element | None:
        """The one element with a text; None if there is none.

        Args:
            text: A ``str`` is all of its text, a pattern is found in it.

        Raises:
            MultipleElementsFound: There are several.
        """
        return self._at_most_one(self.query_all_by_text(text), _by_text(text))

    def get_by_text(self, text: TextMatch) -> Element:
        """The one element with a text.

        Args:
            text: A ``str`` is all of its text, a pattern is found in it.

        Raises:
            ElementNotFound: There is none, or there are several.
        """
        return self._exactly_one(self.query_all_by_text(text), _by_text(text))

    def get_all_by_text(self, text: TextMatch) -> list[Element]:
        """All elements with a text, at least one.

        Args:
            text: A ``str`` is all of their text, a pattern is found in it.

        Raises:
            ElementNotFound: There is none.
        """
        return self._at_least_one(self.query_all_by_text(text), _by_text(text))

    # -- by role

    def query_all_by_role(self, role: str, *, name: TextMatch | None = None) -> list[Element]:
        """All elements with a role that are not hidden.

        Args:
            role: The ARIA role, such as ``"button"``.
            name: Their accessible name; None for any.
        """
        found: list[Element] = []
        _with_role(self.root, role, name, found)
        return found

    def query_by_role(self, role: str, *, name: TextMatch | None = None) -> Element | None:
        """The one element with a role; None if there is none.

        Args:
            role: The ARIA role, such as ``"button"``.
            name: Its accessible name; None for any.

        Raises:
            MultipleElementsFound: There are several.
        """
        return self._at_most_one(self.query_all_by_role(role, name=name), _by_role(role, name))

    def get_by_role(self, role: str, *, name: TextMatch | None = None) -> Element:
        """The one element with a role.

        Args:
            role: The ARIA role, such as ``"button"``.
            name: Its accessible name; None for any.

        Raises:
            ElementNotFound: There is none, or there are several.
        """
        return self._exactly_one(self.query_all_by_role(role, name=name), _by_role(role, name), role)

    def get_all_by_role(self, role: str, *, name: TextMatch | None = None) -> list[Element]:
        """All elements with a role, at least one.

        Args:
            role: The ARIA role, such as ``"button"``.
            name: Their accessible name; None for any.

        Raises:
            ElementNotFound: There is none.
        """
        return self._at_least_one(self.query_all_by_role(role, name=name), _by_role(role, name), role)

    # -- how many

    def _exactly_one(self, found: list[Element], looked_for: str, role: str | None = None) -> Element:
        if not found:
            self._refuse(looked_for, role)
        one = self._at_most_one(found, looked_for)
        assert one is not None
        return one

    def _at_most_one(self, found: list[Element], looked_for: str) -> Element | None:
        if len(found) > 1:
            raise MultipleElementsFound(looked_for, len(found), str(self))
        return found[0] if found else None

    def _at_least_one(self, found: list[Element], looked_for: str, role: str | None = None) -> list[Element]:
        if not found:
            self._refuse(looked_for, role)
        return found

    def _refuse(self, looked_for: str, role: str | None) -> NoReturn:
        hint = "" if role is None else _roles_there(self._root(), role)
        raise ElementNotFound(looked_for, 0, str(self), hint)


def _by_text(text: TextMatch) -> str:
    return f"element with the text {_shown(text)}"


def _by_role(role: str, name: TextMatch | None) -> str:
    named = "" if name is None else f" and the name {_shown(name)}"
    return f"element with the role {role!r}{named}"


def _shown(wanted: TextMatch) -> str:
    return repr(wanted) if isinstance(wanted, str) else f"/{wanted.pattern}/"


def _deepest(element: Element, text: TextMatch, found: list[Element]) -> bool:
    """Collect the deepest elements with a text; whether there is one."""
    if element.tag in _NO_TEXT:
        return False
    before = len(found)
    for child in element.children:
        if not isinstance(child, str):
            _deepest(child, text, found)
    if len(found) == before and element.tag and matches(text, element.text):
        found.append(element)
    return len(found) > before


def _with_role(element: Element, role: str, name: TextMatch | None, found: list[Element]) -> None:
    if element.is_hidden:
        return
    if element.tag and element.role == role and (name is None or matches(name, element.name)):
        found.append(element)
    for child in element.children:
        if not isinstance(child, str):
            _with_role(child, role, name, found)


def _roles_there(root: Element, role: str) -> str:
    """What there is instead of an element with a role."""
    elements: Sequence[Element] = [element for element in walk(root) if element.tag and element.role]
    same = [element.name for element in elements if element.role == role]
    if same:
        return f"Elements with this role are named {', '.join(map(repr, same))}."
    roles = sorted({str(element.role) for element in elements})
    return f"Roles that are there: {', '.join(roles)}." if roles else "Nothing there has a role."

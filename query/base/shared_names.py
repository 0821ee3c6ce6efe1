"""Dicts of which a program makes very many with the same names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_ROOM: Final = 32
"""Names for which Python leaves room in the objects of a new class."""


def sharing_names(members: Mapping[str, Any]) -> dict[str, Any]:
    """*members* as a dict whose copies share the table of its names.

    Such as Python itself uses for attributes. A copy takes a third of the room, which is what making many costs: most
    of that time goes to pages of memory that nobody has touched before.

    Args:
        members: The members; those of the copies can be replaced, and others added.
    """

    class Names:
        """A class of its own for these names: any class has such a table."""

    holder = Names()
    for name in members:
        setattr(holder, name, None)
    # Python leaves room for names to come, but less in each further object, until it is a single one
    for _ in range(_ROOM):
        holder = Names()
    for name, value in members.items():
        setattr(holder, name, value)
    return vars(holder)

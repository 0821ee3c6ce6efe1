"""The parts of a key that can be looked up: what must be equal for one key to begin another. Pure.

Most keys begin with a few plain parts, ``("projects", 7, {...})``. Where a filter has one, a key that matches has an
equal one at the same place. *Atoms* stand for such parts: two parts are equal, as keys understand it, if and only if
their atoms are. Lists and dicts have none, since they also match what is more than they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeGuard

from .key_text import text_of
from .key_types import kind_of
from .keys import is_plain
from .query_key import QueryKey, as_query_key, parts_at_hand

Atoms: TypeAlias = tuple[Hashable, ...]

OWN_ATOMS: Final[frozenset[type[object]]] = frozenset({str, int, type(None)})
"""The types that are their own atoms: among these, what is equal in Python is equal in a key."""
_CONTAINERS: Final = frozenset({list, tuple, dict})
_TRUE: Final = ("true",)
_FALSE: Final = ("false",)


def prefix_of(meant: object) -> Sequence[object] | None:
    """The parts of a key that only says which others are meant; None for what is no list, tuple or ``QueryKey``.

    They are for one look: a plain list is not made a key for that, and its parts stay as they are.

    Args:
        meant: What a call means.

    Raises:
        QueryKeyError: A part has no stable text.
    """
    kind: type[object] = type(meant)
    key: Any = meant
    if kind is list or kind is tuple:
        parts: tuple[object, ...] = tuple(key)
        return parts if are_atoms(parts) or _is_plain(parts) else as_query_key(parts).parts
    return parts_at_hand(key) if kind is QueryKey else None


def are_atoms(parts: Sequence[object]) -> TypeGuard[Atoms]:
    """Whether all parts are plain, and are their own atoms: True and 1.0 are not.

    Args:
        parts: Parts of a key.
    """
    # all() of a generator takes three times as long, and so does a set of the types
    for part in parts:  # noqa: SIM110
        if type(part) not in OWN_ATOMS:
            return False
    return True


def leading_atoms(parts: Sequence[object]) -> Atoms:
    """The atoms of the parts before the first list or dict.

    Args:
        parts: Parts of a key.
    """
    atoms: list[Hashable] = []
    for part in parts:
        kind: type[object] = type(part)
        atom: Any = part if kind in OWN_ATOMS else _OPEN if kind in _CONTAINERS else _atom(part)
        if atom is _OPEN:
            break
        atoms.append(atom)
    return tuple(atoms)


def member_atoms(members: Mapping[str, object]) -> tuple[list[Atoms], bool]:
    """The members of a dict of a key that can be looked up, each as its path and its atom at the end.

    Args:
        members: A dict of a key. Dicts in it are entered, lists are passed over.

    Returns:
        The members, and whether they say all that the dict says.
    """
    found: list[Atoms] = []
    return found, _collect(members, (), found)


def atom_text(atom: Hashable) -> str:
    """The canonical text of the part that an atom stands for.

    Args:
        atom: The atom.
    """
    return atom[0] if type(atom) is tuple else text_of(atom)


def is_members(part: object) -> TypeGuard[dict[str, object]]:
    """Whether a part of a key is a dict.

    Args:
        part: The part.
    """
    return type(part) is dict


def _is_plain(parts: tuple[object, ...]) -> bool:
    try:
        return is_plain(parts)
    except RecursionError:
        # a key says what is wrong with it
        return False


def _collect(members: Mapping[str, object], path: tuple[str, ...], found: list[Atoms]) -> bool:
    says_all = bool(members)
    for name, part in members.items():
        kind: type[object] = type(part)
        if kind in OWN_ATOMS:
            found.append((*path, name, part))
        elif is_members(part):
            says_all = _collect(part, (*path, name), found) and says_all
        else:
            atom = _atom(part)
            if atom is _OPEN:
                says_all = False
            else:
                found.append((*path, name, atom))
    return says_all


class _Open:
    """In place of the atom of a list or dict."""


_OPEN: Final = _Open()


def _atom(part: object) -> Hashable:
    """The atom of a part that is not its own."""
    value: Any = part
    if part is True or part is False:
        # not 1 and 0
        return _TRUE if part else _FALSE
    counts_as = kind_of(part)
    if counts_as is tuple or counts_as is dict:
        return _OPEN
    if counts_as is str:
        return str.__str__(value)
    if counts_as is int or (counts_as is float and value.is_integer()):
        return int(value)
    # no str or int equals a tuple, and no part with an atom is one
    return (text_of(part),)

"""Where a cache notes what happens, for a log: in no words, and without the events that listeners are told.

An event costs more than half of a write that nobody watches, and a note a small part of one.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from ..base.contracts import Note
from ..base.types import Unsubscribe

Entry: TypeAlias = tuple[Any, Any, float]
"""What is noted: to what it happened, what happened, and when, in seconds since the epoch.

To what: a query, a mutation, or a list of queries to which the same happened.
What: an action; or False for data that was fetched, and True for data that was written by hand; or "added", "written"
(a query was added with such data), "removed", "observer_added", "observer_removed".
"""


class Noting:
    """The part of both caches that notes.

    Attributes:
        note: Called with an entry at each change, before anybody is told of it; None while nobody wants to know, so
            that this costs one look.
    """

    def __init__(self) -> None:
        super().__init__()
        # of the instance from the start: what a class has is found in twice the time, and this is asked at each change
        self.note: Note | None = None
        self._notes: tuple[Note, ...] = ()

    def note_for(self, note: Note) -> Unsubscribe:
        """Note what happens from now on.

        Args:
            note: Called with each entry. It must be quick, and must not raise: ``deque.append`` is one.

        Returns:
            A function that ends it; it may be called more than once.
        """
        self._set_notes((*self._notes, note))
        return NoteEnd(self, note)

    def _set_notes(self, notes: tuple[Note, ...]) -> None:
        self._notes = notes
        if len(notes) > 1:
            self.note = lambda entry: [note(entry) for note in notes]
        else:
            self.note = notes[0] if notes else None


class NoteEnd(msgspec.Struct, eq=False):
    """Ends the notes for one log when it is called."""

    source: Noting
    note: Note

    def __call__(self) -> None:
        """Note no more for it."""
        # by identity: the methods of two deques with the same entries are equal
        self.source._set_notes(tuple([note for note in self.source._notes if note is not self.note]))

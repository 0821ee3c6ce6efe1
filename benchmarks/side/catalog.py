"""All rows, in the order in which they are run and shown."""

from __future__ import annotations

from .row import Row, Topic, rows_of
from .rows.creation import Creation
from .rows.data import Data
from .rows.fetches import Fetches
from .rows.filters import Filters, PartialObjects
from .rows.floors import Floors
from .rows.hits import Hits, HitsWithDefaults
from .rows.hydration import Hydration
from .rows.keys import Keys
from .rows.memory import Memory, Pause, RawPause
from .rows.mutations import Mutations
from .rows.observers import FanOut, Mounting, Observers

TOPICS: tuple[type[Topic], ...] = (
    Keys,
    Hits,
    HitsWithDefaults,
    Fetches,
    Floors,
    Data,
    Filters,
    PartialObjects,
    FanOut,
    Observers,
    Mounting,
    Creation,
    Mutations,
    Hydration,
    Memory,
    Pause,
    RawPause,
)
"""Topics, each with its rows."""

ROWS: tuple[Row, ...] = tuple(row for topic in TOPICS for row in rows_of(topic))
"""All rows."""

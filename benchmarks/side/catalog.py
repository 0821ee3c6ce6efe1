"""All rows, in the order in which they are run and shown."""

from __future__ import annotations

from .row import Row, Topic, rows_of
from .rows.creation import Creation
from .rows.data import Data
from .rows.defaults import QueryDefaults
from .rows.fetches import Fetches, UvloopFetches
from .rows.filters import Filters, PartialObjects
from .rows.floors import Floors
from .rows.groups import Groups
from .rows.hits import Hits, HitsByObjects, HitsWithDefaults
from .rows.http import Http
from .rows.hydration import CompactHydration, Hydration
from .rows.imports import Imports, Modules
from .rows.infinite import Pages
from .rows.keys import Keys
from .rows.loop_holds import LoopHolds
from .rows.memory import HashMemory, LookedAtPause, Memory, Pause, RawPause
from .rows.mutations import Mutations, Scopes
from .rows.observers import FanOut, Mounting, Observers
from .rows.persistence import Persistence
from .rows.soak import Soak
from .rows.trouble import Cancelling, Retries

TOPICS: tuple[type[Topic], ...] = (
    Keys,
    Hits,
    HitsByObjects,
    HitsWithDefaults,
    QueryDefaults,
    Fetches,
    UvloopFetches,
    Retries,
    Cancelling,
    Floors,
    Http,
    Data,
    Filters,
    PartialObjects,
    FanOut,
    Observers,
    Mounting,
    Groups,
    Pages,
    Creation,
    Mutations,
    Scopes,
    Hydration,
    CompactHydration,
    Persistence,
    LoopHolds,
    Memory,
    HashMemory,
    Pause,
    LookedAtPause,
    RawPause,
    Soak,
    Imports,
    Modules,
)
"""Topics, each with its rows."""

ROWS: tuple[Row, ...] = tuple(row for topic in TOPICS for row in rows_of(topic))
"""All rows."""

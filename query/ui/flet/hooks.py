"""The hooks by their names, bound to Flet. What they do is written in ``query.ui``."""

from __future__ import annotations

from typing import Final

from .primitives import BOUND

use_query_client: Final = BOUND.use_query_client
use_query: Final = BOUND.use_query
use_queries: Final = BOUND.use_queries
use_infinite_query: Final = BOUND.use_infinite_query
use_prefetch_query: Final = BOUND.use_prefetch_query
use_mutation: Final = BOUND.use_mutation
use_mutation_state: Final = BOUND.use_mutation_state
use_is_fetching: Final = BOUND.use_is_fetching
use_is_mutating: Final = BOUND.use_is_mutating
use_is_restoring: Final = BOUND.use_is_restoring

"""All hooks, bound to one framework: what an adapter makes once and hands out by name."""

from __future__ import annotations

from .mutation_hooks import MutationHooks
from .queries_hook import QueriesHook
from .query_hooks import QueryHooks


class Hooks(QueryHooks, QueriesHook, MutationHooks):
    """All hooks.

    Args:
        primitives: The hooks of the framework.
    """

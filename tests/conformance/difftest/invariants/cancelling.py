"""What cancel and reset leave behind."""

from __future__ import annotations

from collections.abc import Iterator

from .step import Step, invariant, matches, state_of


@invariant
def cancel_reverts(s: Step) -> Iterator[str]:
    """A cancelled fetch leaves data and counters as they were and the query idle.

    Exceptions: a stream writes while it is in flight, and of the original: initial data that an observer brought
    meanwhile, and what was hydrated meanwhile, are lost.
    """
    if s.op["op"] != "cancel" or s.op.get("revert") is False or s.uses("initial_data", "stream", "hydrate"):
        return
    for k, a, b in s.pairs():
        if k[0] == s.client and s.given(matches(s.op["filters"], a) and a["fetch_status"] != "idle"):
            if s.was_stranded(k) or s.events(k, "fetch"):
                continue  # (a mutation callback that waited for the cancelled fetch may go on and refetch)
            same = all(
                a.get(f) == b.get(f) for f in ("data", "data_update_count", "error_update_count", "data_updated_at")
            )
            if b["fetch_status"] != "idle" or not same:
                yield f"{k}: after cancel {state_of(b)}"


@invariant
def cancel_of_an_idle_query_is_a_no_op(s: Step) -> Iterator[str]:
    if s.op["op"] != "cancel":
        return
    for k, a, b in s.pairs():
        if s.events(k, "fetch") or s.events(k, "success"):
            continue  # (a mutation callback that waited for another, cancelled fetch may go on to fetch or write it)
        if s.given(a["fetch_status"] == "idle") and state_of(a) != state_of(b):
            yield f"{k}: idle, but cancel changed it"


@invariant
def silent_cancel_without_revert_strands_the_query(s: Step) -> Iterator[str]:
    """A wart of the original, pinned down: cancel(revert=False, silent=True) leaves fetch_status 'fetching'."""
    for k, q in s.queries(s.after):
        if q["fetch_status"] == "idle" or s.events(k, "fetch"):
            s.strand(k, False)
    if s.op["op"] == "cancel" and s.op.get("revert") is False and s.op.get("silent") is True:
        for k, a, b in s.pairs():
            if k[0] == s.client and s.given(matches(s.op["filters"], a) and a["fetch_status"] != "idle"):
                s.strand(k, True)
                if state_of(a) != state_of(b):
                    yield f"{k}: {state_of(b)}"


@invariant
def reset_goes_back_to_the_start(s: Step) -> Iterator[str]:
    if s.op["op"] != "reset" or s.uses("initial_data", "hydrate", "stream", "persister"):
        return
    for k, a, b in s.pairs():
        # without data some become active, and fetch; what comes of it may make them inactive again
        inactive = not a["is_active"] and not b["is_active"] and not s.calls(k)
        if k[0] == s.client and s.given(matches(s.op["filters"], a) and inactive):
            if b["status"] != "pending" or "data" in b or b["data_update_count"] or b["is_invalidated"]:
                yield f"{k}: after reset {state_of(b)}"

"""How the state of one query may change over time."""

from __future__ import annotations

from collections.abc import Iterator

from .step import Step, invariant, state_of


@invariant
def no_silent_change(s: Step) -> Iterator[str]:
    for k, a, b in s.pairs():
        if s.given(state_of(a) != state_of(b)) and not s.events(k, "updated", "added"):
            yield f"{k}: state changed without an event"


@invariant
def counters_never_decrease(s: Step) -> Iterator[str]:
    if s.op["op"] in ("reset", "hydrate"):
        return
    for k, a, b in s.pairs():
        before, after = ([q["data_update_count"], q["error_update_count"]] for q in (a, b))
        if s.uses("stream") and s.events(k, "set_state"):
            continue  # a stream that begins anew
        if s.uses("hydrate") and s.events(k, "set_state"):
            continue  # back to before the fetch, during which something was hydrated
        if s.given() and (after[0] < before[0] or after[1] < before[1]):
            yield f"{k}: data and error counts {before} -> {after}"


@invariant
def data_updated_at_is_monotonic(s: Step) -> Iterator[str]:
    if s.uses("updated_at", "initial_data_updated_at") or s.op["op"] in ("reset", "hydrate"):
        return
    if s.uses("store"):
        return  # what is restored is as old as it was stored, also over what was written meanwhile
    for k, a, b in s.pairs():
        if s.uses("initial_data", "stream", "hydrate") and s.events(k, "set_state"):
            continue  # a cancel may revert to before the initial data, or before what was hydrated during the fetch
        if s.given() and b["data_updated_at"] < a["data_updated_at"]:
            yield f"{k}: data_updated_at {a['data_updated_at']} -> {b['data_updated_at']}"


@invariant
def data_changes_only_with_count(s: Step) -> Iterator[str]:
    """Data that differs means an update was counted (except reset, revert, hydration, initial data)."""
    if s.op["op"] in ("reset", "hydrate", "cancel"):
        return
    for k, a, b in s.pairs():
        if s.given(a.get("data") != b.get("data") and "data" in a) and b["data_update_count"] == a["data_update_count"]:
            if not s.events(k, "set_state"):
                yield f"{k}: data changed, count did not"


@invariant
def success_clears_invalidated(s: Step) -> Iterator[str]:
    for k, a, b in s.pairs():
        ev = [e.get("action") for e in s.events(k, "updated")]
        if s.given(ev and ev[-1] == "success") and (
            b["is_invalidated"] or b["error"] is not None or b["status"] != "success"
        ):
            yield f"{k}: after a success: {b['status']}, invalidated {b['is_invalidated']}"


@invariant
def fetched_success_resets_failures(s: Step) -> Iterator[str]:
    for k, a, b in s.pairs():
        ev = [e.get("action") for e in s.events(k, "updated")]
        mine = s.op["op"] == "resolve" and str(s.log.get("value")).startswith(f"query:{k[1]}#")
        if s.given(mine and ev == ["success"] and a["fetch_status"] == "fetching") and (
            b["failure_count"] or b["fetch_status"] != "idle"
        ):
            yield f"{k}: fetched successfully, failure_count {b['failure_count']}, {b['fetch_status']}"

"""What holds of the state of one query, at every instant."""

from __future__ import annotations

from collections.abc import Iterator

from .step import Step, invariant, key_id


@invariant
def success_has_data(s: Step) -> Iterator[str]:
    for k, q in s.queries(s.after):
        if s.given(q["status"] == "success") and ("data" not in q or q["error"] is not None):
            yield f"{k}: success without data, or with an error"


@invariant
def pending_has_nothing(s: Step) -> Iterator[str]:
    for k, q in s.queries(s.after):
        if s.given(q["status"] == "pending") and ("data" in q or q["error"] is not None):
            yield f"{k}: pending with data or error"


@invariant
def error_has_error(s: Step) -> Iterator[str]:
    for k, q in s.queries(s.after):
        if s.given(q["status"] == "error") and q["error"] is None:
            yield f"{k}: status error, error None"


@invariant
def idle_error_is_invalidated(s: Step) -> Iterator[str]:
    for k, q in s.queries(s.after):
        if s.given(q["status"] == "error" and q["fetch_status"] == "idle") and not q["is_invalidated"]:
            yield f"{k}: an idle error that is not invalidated"


@invariant
def failure_count_and_reason_agree(s: Step) -> Iterator[str]:
    for k, q in s.queries(s.after):
        if s.given(q["failure_count"] > 0) != (q["failure_reason"] is not None):
            yield f"{k}: failure_count {q['failure_count']}, reason {q['failure_reason']}"


@invariant
def idle_has_counted_its_outcome(s: Step) -> Iterator[str]:
    """A pending query that is idle has never finished anything (or was reset/reverted)."""
    for k, q in s.queries(s.after):
        if (
            s.given(q["status"] == "pending" and q["fetch_status"] == "idle")
            and q["failure_count"] > 0
            and not s.uses("hydrate", "silent")
        ):
            yield f"{k}: pending and idle with failure_count {q['failure_count']}"


@invariant
def stale_without_observers(s: Step) -> Iterator[str]:
    for k, q in s.queries(s.after):
        if s.given(q["observers"] == 0) and q["is_stale"] != ("data" not in q or q["is_invalidated"]):
            yield f"{k}: is_stale {q['is_stale']}"


@invariant
def active_needs_an_observer(s: Step) -> Iterator[str]:
    for k, q in s.queries(s.after):
        if s.given(q["observers"] == 0) and q["is_active"]:
            yield f"{k}: active without observers"


@invariant
def keys_are_unique(s: Step) -> Iterator[str]:
    for name, c in s.after["clients"].items():
        keys = [key_id(q["key"]) for q in c["queries"]]
        if s.given(len(keys) > 1) and len(keys) != len(set(keys)):
            yield f"{name}: duplicate keys {keys}"


@invariant
def is_fetching_counts(s: Step) -> Iterator[str]:
    for name, c in s.after["clients"].items():
        if s.given() and c["is_fetching"] != sum(q["fetch_status"] == "fetching" for q in c["queries"]):
            yield f"{name}: is_fetching {c['is_fetching']}"

"""What observers show, and whom they tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .step import Step, invariant


def _results(s: Step) -> Iterator[tuple[str, dict[str, Any]]]:
    for o, r in s.after["observers"].items():
        if isinstance(r, dict) and "is_placeholder_data" in r:
            yield o, r


@invariant
def flags_are_functions_of_status(s: Step) -> Iterator[str]:
    for o, r in _results(s):
        if not s.given():
            continue
        st, fs, has = r["status"], r["fetch_status"], "data" in r
        infinite = "has_next_page" in r
        more = infinite and (r["is_fetching_next_page"] or r["is_fetching_previous_page"])
        page_error = infinite and (r["is_fetch_next_page_error"] or r["is_fetch_previous_page_error"])
        want = {
            "is_pending": st == "pending",
            "is_success": st == "success",
            "is_error": st == "error",
            "is_fetching": fs == "fetching",
            "is_paused": fs == "paused",
            "is_loading": st == "pending" and fs == "fetching",
            "is_refetching": fs == "fetching" and st != "pending" and not more,
            "is_loading_error": st == "error" and not has,
            "is_refetch_error": st == "error" and has and not page_error,
        }
        bad = {k: r[k] for k, v in want.items() if r[k] != v}
        if bad:
            yield f"{o}: {bad} with {st}/{fs}"


@invariant
def placeholder_is_success_of_a_pending_query(s: Step) -> Iterator[str]:
    for o, r in _results(s):
        if s.given(r["is_placeholder_data"]) and (
            r["status"] != "success" or "data" not in r or r["data_updated_at"] != 0
        ):
            yield f"{o}: placeholder with {r}"


@invariant
def disabled_is_never_stale(s: Step) -> Iterator[str]:
    for o, r in _results(s):
        if s.given(not r["is_enabled"]) and r["is_stale"]:
            yield f"{o}: disabled and stale"


@invariant
def select_and_placeholder_stay_out_of_the_cache(s: Step) -> Iterator[str]:
    for k, q in s.queries(s.after):
        d = q["data"] if isinstance(q.get("data"), dict) else {}
        if s.given(d and s.uses("select", "placeholder_data")) and ("w" in d or d.get("n") == -1):
            yield f"{k}: {d} in the cache"


@invariant
def only_subscribers_are_notified(s: Step) -> Iterator[str]:
    live = s.memory.setdefault("live", set())
    op, o = s.op["op"], s.op.get("o")
    if op in ("observe", "observe_queries", "observe_mutation", "subscribe") and not s.skipped:
        live.add(o)
    for n in s.log["notifications"]:
        if s.given() and n["o"] not in live:
            yield f"{n['o']} was notified, but is not subscribed"
    if op in ("unobserve", "unsubscribe") and not s.skipped:
        live.discard(o)


@invariant
def notifications_end_in_the_current_result(s: Step) -> Iterator[str]:
    """The last notification of a step shows what the observer shows.

    Exceptions: listeners that want to know less, and optimistic results, which become the current one untold.
    """
    if s.uses("notify_on_change_props", "track", "get_optimistic"):
        return
    last = {n["o"]: n for n in s.log["notifications"]}
    for o, r in _results(s):
        n = last.get(o, {})
        if s.given(n) and any(n.get(f) != r.get(f) for f in ("status", "fetch_status", "data", "error")):
            yield f"{o}: notified {n}, shows {r}"

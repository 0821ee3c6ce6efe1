"""What invalidation, filters, writes and garbage collection do."""

from __future__ import annotations

from collections.abc import Iterator

from .step import Step, invariant, key_id, matches, state_of


@invariant
def invalidate_marks_exactly_the_matching(s: Step) -> Iterator[str]:
    if s.op["op"] != "invalidate" or s.op.get("refetch_type") != "none":
        return
    for k, a, b in s.pairs():
        if k[0] != s.client:
            continue
        hit = matches(s.op["filters"], a)
        if s.given(hit) and {**state_of(a), "is_invalidated": True} != state_of(b):
            yield f"{k}: matched, but {state_of(b)}"
        if not hit and state_of(a) != state_of(b):
            yield f"{k}: not matched, but changed"


@invariant
def get_queries_data_is_the_filter_model(s: Step) -> Iterator[str]:
    if s.op["op"] != "get_queries_data" or s.skipped:
        return
    want = [
        [q["key"], q.get("data")] for k, q in s.queries(s.before) if k[0] == s.client and matches(s.op["filters"], q)
    ]
    if s.given(want) and want != s.log["value"]:
        yield f"filter {s.op['filters']}: {s.log['value']} instead of {want}"


@invariant
def is_fetching_is_the_filter_model(s: Step) -> Iterator[str]:
    if s.op["op"] != "is_fetching" or s.skipped:
        return
    f = {**s.op["filters"], "fetch_status": "fetching"}
    want = sum(matches(f, q) for k, q in s.queries(s.before) if k[0] == s.client)
    if s.given() and want != s.log["value"]:
        yield f"is_fetching {s.log['value']} instead of {want}"


@invariant
def remove_removes_exactly_the_matching(s: Step) -> Iterator[str]:
    if s.op["op"] != "remove" or s.skipped:
        return
    after = dict(s.queries(s.after))
    for k, q in s.queries(s.before):
        if k[0] == s.client:
            if s.given(matches(s.op["filters"], q)) and k in after and not s.events(k, "added"):
                yield f"{k}: not removed"  # (an await-ing mutation callback may build it anew)
            if not matches(s.op["filters"], q) and (k not in after or state_of(after[k]) != state_of(q)):
                yield f"{k}: removed or changed by a filter that does not match it"


@invariant
def set_data_touches_one_query(s: Step) -> Iterator[str]:
    if s.op["op"] != "set_data" or s.skipped:
        return
    for k, a, b in s.pairs():
        if k != (s.client, key_id(s.op["key"])) and s.given() and state_of(a) != state_of(b):
            yield f"{k}: changed by set_data of {s.op['key']}"


@invariant
def set_data_effect(s: Step) -> Iterator[str]:
    if s.op["op"] != "set_data" or s.skipped or s.op.get("data") == {"$fn": "nothing"}:
        return
    me = (s.client, key_id(s.op["key"]))
    for k, a, b in s.pairs():
        if k != me or "value" not in s.log:
            continue
        acts = [e["action"] for e in s.events(k, "updated")]
        if not s.given(acts == ["success"]):
            continue
        want = {
            **state_of(a),
            "status": "success",
            "data": s.log["value"],
            "data_update_count": a["data_update_count"] + 1,
            "data_updated_at": s.op.get("updated_at", s.log["now"]),
            "error": None,
            "is_invalidated": False,
        }
        if state_of(b) != want:
            yield f"{k}: {state_of(b)} instead of {want}"


@invariant
def updater_returning_nothing_is_a_no_op(s: Step) -> Iterator[str]:
    if s.op["op"] == "set_data" and s.op.get("data") == {"$fn": "nothing"} and s.given():
        if s.log["events"] or "value" in s.log:
            yield "something happened"


@invariant
def removed_only_by_its_own_means(s: Step) -> Iterator[str]:
    """Time alone removes a query only when nobody observes it and nothing is in flight."""
    if s.op["op"] != "advance":
        return
    for k, q in s.queries(s.before):
        gone = s.events(k, "removed")
        if s.given(gone):
            if q["observers"] and not s.uses("unobserve", "mutate"):
                yield f"{k}: collected while observed"
            ended = [
                e
                for e in s.events(k, "updated")
                if e["t"] <= gone[0]["t"] and e["action"] in ("success", "error", "set_state")
            ]
            if q["fetch_status"] != "idle" and not ended:
                yield f"{k}: collected while {q['fetch_status']}"


@invariant
def observed_is_never_collected(s: Step) -> Iterator[str]:
    if s.op["op"] != "advance":
        return
    after = dict(s.queries(s.after))
    for k, q in s.queries(s.before):
        if s.given(q["observers"] > 0) and k not in after:
            yield f"{k}: observed, but gone after {s.op['ms']} ms"


@invariant
def unobserved_is_collected(s: Step) -> Iterator[str]:
    if s.op["op"] != "advance" or s.op["ms"] < 300_000 or s.uses("gc_time", "mutate", "hydrate", "reset", "server"):
        return  # "reset": the original forgets to re-arm gc when it resets an unobserved query (a leak)
    after = dict(s.queries(s.after))
    for k, q in s.queries(s.before):
        if s.given(q["observers"] == 0 and q["fetch_status"] == "idle" and not s.calls(k)) and k in after:
            yield f"{k}: unobserved and idle, but still there after {s.op['ms']} ms"

"""When a query function is called, and when not."""

from __future__ import annotations

from collections.abc import Iterator

from .step import Step, invariant, key_id, state_of


@invariant
def every_attempt_is_announced(s: Step) -> Iterator[str]:
    """Dedup: calls so far <= fetches started + retries announced (per key, one page per fetch)."""
    if s.uses("infinite") or len(s.scenario["clients"]) > 1:
        return
    count = s.memory.setdefault("attempts", {})
    for e in s.log["events"]:
        if e.get("action") in ("fetch", "failed"):
            c = count.setdefault(key_id(e["key"]), [0, 0])
            c[0] += 1
    for call in s.log["calls"]:
        if call.get("kind") == "query":
            count.setdefault(key_id(call["key"]), [0, 0])[1] += 1
    for k, (announced, made) in count.items():
        if s.given(made) and made > announced:
            yield f"{k}: {made} calls for {announced} announced attempts"


def _only_trigger(s: Step) -> bool:
    return s.op["op"] in ("fetch", "prefetch", "query", "ensure") and not s.skipped


@invariant
def joining_makes_no_call(s: Step) -> Iterator[str]:
    """n fetches of one key while one is in flight: no further call."""
    if not _only_trigger(s):
        return
    k, q = s.target()
    if s.given(q.get("fetch_status") == "fetching") and not s.was_stranded(k) and s.calls(k):
        yield f"{k}: a call although one is in flight"


@invariant
def default_retries_back_off(s: Step) -> Iterator[str]:
    """1 s, 2 s, 4 s, ... capped at 30 s, and never more than 3 retries (no retry option anywhere).

    Exception: a persister may take its time before it calls the function.
    """
    if (
        s.uses("retry", "retry_delay", "online", "focus", "infinite", "consume_signal", "server", "persister")
        or len(s.scenario["clients"]) > 1
    ):
        return
    due = s.memory.setdefault("retry_due", {})
    for k, q in s.queries(s.after):
        if s.given(q["failure_count"]) and q["failure_count"] > 4:
            yield f"{k}: failure_count {q['failure_count']}"
    for c in s.log["calls"]:
        if c.get("kind") == "query" and key_id(c["key"]) in due:
            key = key_id(c["key"])
            want = due.pop(key)
            if s.given() and c["t"] != want and not s.events(("main", key), "fetch"):
                yield f"{key}: retried at {c['t']}, due at {want}"
    for k, q in s.queries(s.after):
        failed = s.events(k, "failed")
        if failed and q["fetch_status"] == "fetching":
            due[k[1]] = failed[-1]["t"] + min(1000 * 2 ** (q["failure_count"] - 1), 30_000)
        elif q["fetch_status"] == "idle":
            due.pop(k[1], None)


@invariant
def fresh_makes_no_call(s: Step) -> Iterator[str]:
    if not _only_trigger(s):
        return
    k, q = s.target()
    t = s.op.get("options", {}).get("stale_time")
    young = t == "inf" or (isinstance(t, int) and s.log["now"] < q.get("data_updated_at", 0) + t)
    fresh = "data" in q and (t == "static" or (young and not q["is_invalidated"]))
    if s.given(fresh and q["fetch_status"] == "idle") and s.calls(k):
        yield f"{k}: fresh for {t}, but a call was made"


@invariant
def exactly_at_the_deadline_is_stale(s: Step) -> Iterator[str]:
    if s.op["op"] not in ("fetch", "prefetch", "query") or s.skipped:
        return
    k, q = s.target()
    t = s.op.get("options", {}).get("stale_time")
    due = "data" in q and isinstance(t, int) and s.log["now"] >= q["data_updated_at"] + t
    if s.given(due and q["fetch_status"] == "idle") and not s.events(k, "fetch"):
        yield f"{k}: stale ({t}), but no fetch"


@invariant
def ensure_returns_cached(s: Step) -> Iterator[str]:
    if s.op["op"] != "ensure" or s.skipped or s.op.get("options", {}).get("infinite"):
        return
    k, q = s.target()
    if s.given("data" in q):
        mine = [e for e in s.log["settled"] if e["op"] == s.index]
        if not mine or mine[0].get("value") != q["data"]:
            yield f"{k}: ensure did not return the cached data"
        if s.calls(k) and "revalidate_if_stale" not in s.op.get("options", {}):
            yield f"{k}: ensure made a call although there is data"


@invariant
def offline_makes_no_call(s: Step) -> Iterator[str]:
    online = s.memory.setdefault("online", [True])
    was = online[0]
    if s.op["op"] == "online":
        online[0] = s.op["value"]
    # (the next page of an infinite fetch that is under way is not an attempt of its own)
    if s.given(not was and not online[0] and not s.uses("network_mode", "persister")) and any(
        "kind" in c and "page_param" not in c for c in s.log["calls"]
    ):
        yield "a call while offline"


@invariant
def resolving_needs_a_fetching_query(s: Step) -> Iterator[str]:
    """Only a query that was fetching takes a response; a late answer of an abandoned call changes nothing."""
    if s.op["op"] not in ("resolve", "reject") or s.skipped or "query:" not in str(s.log.get("value")):
        return
    key = s.log["value"].split(":", 1)[1].rsplit("#", 1)[0]
    for k, a, b in s.pairs():
        if k[1] == key and s.given(a["fetch_status"] == "idle") and state_of(a) != state_of(b):
            yield f"{k}: was idle, yet a response changed it"

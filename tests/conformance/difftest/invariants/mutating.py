"""Mutations, hydration and infinite queries."""

from __future__ import annotations

from collections.abc import Iterator

from .step import Step, invariant, key_id, state_of


@invariant
def mutation_status_moves_forward(s: Step) -> Iterator[str]:
    rank = {"idle": 0, "pending": 1, "success": 2, "error": 2}
    for name, c in s.after["clients"].items():
        old = {m["id"]: m for m in s.before.get("clients", {}).get(name, {}).get("mutations", [])}
        for m in c["mutations"]:
            if s.given(m["id"] in old) and (
                rank[m["status"]] < rank[old[m["id"]]["status"]]
                or (rank[old[m["id"]]["status"]] == 2 and m["status"] != old[m["id"]]["status"])
            ):
                yield f"mutation {m['id']}: {old[m['id']]['status']} -> {m['status']}"


@invariant
def one_at_a_time_per_scope(s: Step) -> Iterator[str]:
    if s.uses("mutation_set_options", "hydrate", "set_mutation_defaults"):
        return
    for name, c in s.after["clients"].items():
        running: dict[str, list[int]] = {}
        for m in c["mutations"]:
            if m["scope"] is not None and m["status"] == "pending" and not m["is_paused"]:
                running.setdefault(m["scope"], []).append(m["id"])
        for scope, ids in running.items():
            if s.given() and len(ids) > 1:
                yield f"{name}: scope {scope} runs {ids} at once"


@invariant
def is_mutating_counts(s: Step) -> Iterator[str]:
    for name, c in s.after["clients"].items():
        if s.given(c["mutations"]) and c["is_mutating"] != sum(m["status"] == "pending" for m in c["mutations"]):
            yield f"{name}: is_mutating {c['is_mutating']}"


@invariant
def settled_mutations_tell_why(s: Step) -> Iterator[str]:
    for c in s.after["clients"].values():
        for m in c["mutations"]:
            if s.given(m["status"] in ("success", "error")) and (
                (m["status"] == "error") != (m["error"] is not None) or m["is_paused"]
            ):
                yield f"mutation {m['id']}: {m['status']}, error {m['error']}, paused {m['is_paused']}"


@invariant
def hydrate_into_empty_is_identity(s: Step) -> Iterator[str]:
    saved = s.memory.setdefault("dehydrated", {})
    if s.op["op"] == "dehydrate" and not s.skipped:
        saved.pop(s.op["into"], None)
        if s.op.get("queries", "all") == "all" and "serialize" not in s.op:
            saved[s.op["into"]] = ([q for k, q in s.queries(s.before) if k[0] == s.client], "queries" in s.op)
    as_json = s.op.get("json", True) and "deserialize" not in s.op
    if s.op["op"] == "hydrate" and not s.skipped and as_json and s.op["from"] in saved:
        queries, everything = saved[s.op["from"]]
        before, after = dict(s.queries(s.before)), dict(s.queries(s.after))
        for q in queries:
            k = (s.client, key_id(q["key"]))
            if k not in before and (everything or q["status"] == "success"):
                got = after.get(k)
                want = {**state_of(q), "fetch_status": "idle"}
                if s.given(not s.uses("gc_time")) and (got is None or state_of(got) != want):
                    yield f"{k}: hydrated {got and state_of(got)} from {want}"


@invariant
def hydrate_never_overwrites_newer(s: Step) -> Iterator[str]:
    if s.op["op"] != "hydrate" or s.skipped:
        return
    for k, a, b in s.pairs():
        if s.given() and b["data_updated_at"] < a["data_updated_at"]:
            yield f"{k}: {a['data_updated_at']} -> {b['data_updated_at']}"


@invariant
def pages_and_params_go_together(s: Step) -> Iterator[str]:
    for k, q in s.queries(s.after):
        d = q.get("data")
        if isinstance(d, dict) and "pages" in d and s.given() and len(d["pages"]) != len(d["page_params"]):
            yield f"{k}: {len(d['pages'])} pages, {len(d['page_params'])} params"


@invariant
def max_pages_limits(s: Step) -> Iterator[str]:
    limits = {
        o["options"].get("max_pages")
        for o in s.scenario["ops"]
        if o.get("options", {}).get("infinite")
        if isinstance(o.get("options"), dict)
    }
    # what is written by hand is not limited
    if not limits or limits & {None, 0} or s.uses("$pages"):
        return
    for k, q in s.queries(s.after):
        d = q.get("data")
        if isinstance(d, dict) and "pages" in d and s.given() and len(d["pages"]) > max(limits):
            yield f"{k}: {len(d['pages'])} pages"

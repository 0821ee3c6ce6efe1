"""Where ``query`` is meant to differ from query-core. Nothing else is ignored.

An entry is one of two things:

* A *repair*: query-core itself is mended for the comparison (oracle/repairs.mjs). Everything that follows from the
  repair is still compared, so prefer it.
* A *normalisation*: a function that both sides' steps pass through before they are compared.

Each entry has a witness, a scenario that differs without the entry and agrees with it; a test runs it. An entry whose
witness no longer differs has to go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Step = dict[str, Any]


@dataclass(frozen=True)
class Intended:
    """One intended difference.

    Attributes:
        name: What it is called; that of the repair, if it is one.
        decision: Which decision of the port asks for it.
        reason: What differs, and why.
        witness: The ops of a scenario that shows it.
        is_repair: Whether ``name`` is a repair of the oracle.
        normalise: What both sides' steps pass through, if it is no repair.
        level: The level of comparison from which on it shows.
    """

    name: str
    decision: str
    reason: str
    witness: list[dict[str, Any]]
    is_repair: bool = False
    normalise: Callable[[Step], Step] | None = None
    level: str = "behaviour"


def _pages_are_infinite(step: Step) -> Step:
    if step["op"] != "dehydrate" or "value" not in step:
        return step
    queries = [
        {**query, "infinite": query["infinite"] or (isinstance(query.get("data"), dict) and "pages" in query["data"])}
        for query in step["value"]["queries"]
    ]
    return {**step, "value": {**step["value"], "queries": queries}}


def _no_redacted_is_unhandled(step: Step) -> Step:
    unhandled = [error for error in step.get("unhandled", ()) if error != "redacted"]
    rest = {name: content for name, content in step.items() if name != "unhandled"}
    return {**rest, "unhandled": unhandled} if unhandled else rest


INTENDED: tuple[Intended, ...] = (
    Intended(
        name="hydrated_fetch_fails_silently",
        decision="D-19, failures that nobody awaits",
        reason=(
            "A fetch that was dehydrated under way and fails is an unhandled rejection in query-core, if what it was "
            "hydrated into did not come to wait for it, being offline or gone. Here nobody is told twice: the query "
            "that fetches has the error in its state."
        ),
        witness=[
            {"op": "observe", "o": "o2", "key": ["a"]},
            {"op": "dehydrate", "into": "d1", "queries": "all"},
            {"op": "remove", "filters": {}},
            {"op": "online", "value": False},
            {"op": "hydrate", "from": "d1", "json": False},
        ],
        normalise=_no_redacted_is_unhandled,
    ),
    Intended(
        name="signal_is_read_by_each_fetch",
        decision="D-34, defects of query-core that are not copied",
        reason=(
            "When the last observer leaves, a fetch whose function reads the signal is cancelled. A fetch of pages in "
            "query-core counts as one that reads it if any former fetch of that query did, or if it has a persister. "
            "Here each counts by itself, once its function has read it."
        ),
        witness=[
            {"op": "fetch", "key": ["a"], "options": {"infinite": True, "consume_signal": True}},
            {"op": "resolve"},
            {"op": "observe", "o": "i1", "key": ["a"], "options": {"infinite": True}},
            {"op": "unobserve", "o": "i1"},
        ],
        is_repair=True,
    ),
    Intended(
        name="reset_rearms_gc",
        decision="D-34, defects of query-core that are not copied",
        reason=(
            "A reset stops the collection timer. query-core starts it again only when an observer leaves or a fetch "
            "ends, so a reset query that nobody watches stays for good. Here it is collected after its gc_time."
        ),
        witness=[
            {"op": "set_data", "key": ["a"], "data": 1},
            {"op": "reset", "filters": {}},
            {"op": "advance", "ms": 300_000},
        ],
        is_repair=True,
    ),
    Intended(
        name="removed_mutation_runs",
        decision="D-34, defects of query-core that are not copied",
        reason=(
            "A mutation that waits for its turn in a scope, and is taken out of the cache by clear() or remove(), "
            "waits for ever in query-core: the scope that would wake it no longer knows it. Here it has left the "
            "queue and runs."
        ),
        witness=[
            {"op": "observe_mutation", "o": "m1", "options": {"scope": "s"}},
            {"op": "mutate", "o": "m1", "variables": 1},
            {"op": "mutate", "o": "m1", "variables": 2},
            {"op": "clear"},
        ],
        is_repair=True,
    ),
    Intended(
        name="removed_mutation_is_not_collected",
        decision="D-34, defects of query-core that are not copied",
        reason=(
            "A mutation that was taken out of the cache keeps its collection timer in query-core; when it fires, the "
            "mutation is removed again, with a second event. Here the timer goes with the mutation."
        ),
        witness=[
            {"op": "observe_mutation", "o": "m1", "options": {"gc_time": 100}, "subscribe": False},
            {"op": "mutate", "o": "m1", "variables": 1},
            {"op": "resolve"},
            {"op": "mutation_reset", "o": "m1"},
            {"op": "clear"},
            {"op": "advance", "ms": 100},
        ],
        is_repair=True,
        level="events",
    ),
    Intended(
        name="pending_mutation_waits_for_its_end",
        decision="D-34, defects of query-core that are not copied",
        reason=(
            "In query-core a mutation with a gc_time of 0 that nobody observes asks at each instant whether it may go, "
            "as long as it is under way. Without a browser that slows such timers, that is a busy loop. Here it asks "
            "once, when it has ended."
        ),
        witness=[
            {"op": "observe_mutation", "o": "m1", "options": {"gc_time": 0}},
            {"op": "mutate", "o": "m1", "variables": 1},
            {"op": "mutate", "o": "m1", "variables": 2},
            {"op": "resolve"},
        ],
        is_repair=True,
    ),
    Intended(
        name="cancelled_run_asks_for_no_page",
        decision="D-3, a cancelled fetch is really stopped",
        reason=(
            "Cancelling an infinite query whose function never read the signal does not stop query-core's run: it goes "
            "on asking for the pages that were left, and drops them. Here the task is cancelled, and asks for no more."
        ),
        witness=[
            {
                "op": "query",
                "key": ["inf"],
                "options": {
                    "infinite": True,
                    "initial_page_param": 0,
                    "next_page": {"$fn": "next_until", "args": [3]},
                    "pages": 2,
                },
            },
            {"op": "cancel", "filters": {}},
            {"op": "resolve"},
        ],
        is_repair=True,
    ),
    Intended(
        name="written_pages_are_infinite",
        decision="D-9, options: the class says what kind of query it is",
        reason=(
            "Pages that were written by hand, before anybody said how to fetch them, are dehydrated by query-core as "
            "any other data. Here pages have a class, and the payload says infinite: without it the dict that they "
            "travel as would not become pages again."
        ),
        witness=[
            {"op": "set_data", "key": ["inf"], "data": {"$pages": [1], "params": [0]}},
            {"op": "dehydrate", "into": "d1"},
        ],
        normalise=_pages_are_infinite,
    ),
    Intended(
        name="unheard_observer_keeps_nothing",
        decision="D-34, defects of query-core that are not copied",
        reason=(
            "An observer that only starts a mutation, with nobody listening to it, keeps that mutation in query-core's "
            "cache for good. Programs without a user interface write just so. Here only a listener keeps a mutation; "
            "what nobody listens to is collected after its gc_time."
        ),
        witness=[
            {"op": "observe_mutation", "o": "m1", "options": {"gc_time": 100}, "subscribe": False},
            {"op": "mutate", "o": "m1", "variables": 1},
            {"op": "resolve"},
            {"op": "advance", "ms": 100},
        ],
        is_repair=True,
    ),
    Intended(
        name="nothing_is_no_placeholder",
        decision="D-34, defects of query-core that are not copied",
        reason=(
            "A placeholder of which select makes nothing is a success without data in query-core, and none any more "
            "when the result is computed again, as by the next subscription. Here it is none from the beginning."
        ),
        witness=[
            {
                "op": "observe",
                "o": "o1",
                "key": ["a"],
                "options": {"placeholder_data": 0, "select": {"$fn": "get", "args": ["n"]}},
                "subscribe": False,
            },
        ],
        is_repair=True,
    ),
    Intended(
        name="combine_is_kept",
        decision="D-34, defects of query-core that are not copied",
        reason=(
            "A group of query-core forgets the combine that its constructor is given, and one that set_queries is not "
            "given again. Here it stays until another is given, or None."
        ),
        witness=[
            {
                "op": "observe_queries",
                "o": "q1",
                "queries": [{"key": ["a"]}],
                "combine": {"$fn": "const", "args": [0]},
            },
            {"op": "resolve"},
            {"op": "get_optimistic_queries", "o": "q1", "queries": [{"key": ["a"]}]},
        ],
        is_repair=True,
    ),
    Intended(
        name="combines_what_it_is_given",
        decision="D-34, defects of query-core that are not copied",
        reason=(
            "query-core remembers a combined value for the results that a group shows. Who asks for that of other "
            "queries, or of results that are not shown yet, may be given the former one. Here it is remembered for the "
            "results that it was made of."
        ),
        witness=[
            {"op": "observe_queries", "o": "q1", "queries": [{"key": ["a"]}], "subscribe": False},
            {
                "op": "get_optimistic_queries",
                "o": "q1",
                "queries": [{"key": ["a"]}],
                "combine": {"$fn": "first_data"},
            },
            {"op": "set_data", "key": ["a"], "data": 1},
            {
                "op": "get_optimistic_queries",
                "o": "q1",
                "queries": [{"key": ["a"]}],
                "combine": {"$fn": "first_data"},
            },
        ],
        is_repair=True,
    ),
)


def prepare(scenario: dict[str, Any], entries: Iterable[Intended] = INTENDED) -> dict[str, Any]:
    """The scenario as the oracle gets it: with the intended repairs."""
    return {**scenario, "repairs": [entry.name for entry in entries if entry.is_repair]}


def normalise(step: Step, entries: Iterable[Intended] = INTENDED) -> Step:
    """A step of either side without the other intended differences."""
    for entry in entries:
        if entry.normalise is not None:
            step = entry.normalise(step)
    return step

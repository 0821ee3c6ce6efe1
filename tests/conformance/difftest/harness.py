"""Replays a scenario on a Python cache through a driver, and writes the same trace as the oracle."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
from collections.abc import Callable
from typing import Any

from .callbacks import MUTATION_CALLBACKS, cache_callbacks, mutation_callback
from .deterministic_loop import DeterministicLoop, LivelockError
from .driver_protocol import Driver, Unsupported
from .functions import Functions, number
from .network import Network
from .ops import perform
from .streams import HOW, is_stream, open_stream

STEP_LIMIT = 200_000
"""How many callbacks one op may run."""

TIMER_LIMIT = 5_000
"""How many timers one op may fire: as many as the oracle lets one."""

CHANNELS = ("calls", "settled", "callbacks", "notifications", "events", "mutation_events")

#: options of which "inf" is a value
NUMERIC = ("retry", "retry_delay", "gc_time", "initial_data_updated_at", "enabled", "stale_time", "refetch_interval")

#: what is JSON as it is
_SCALARS = frozenset((str, int, float, bool, type(None)))

Step = dict[str, Any]
Trace = list[Step]


class Harness:
    """Replays scenarios.

    Args:
        make_driver: Makes a fresh driver for each run.
    """

    def __init__(self, make_driver: Callable[[], Driver]) -> None:
        self._make_driver = make_driver

    def run(self, scenario: dict[str, Any]) -> Run:
        """Replay *scenario*; the run holds its trace and what it left behind."""
        # a copy of its own: no object may be shared between ops, nor with other runs
        run = Run(self._make_driver(), json.loads(json.dumps(scenario)))
        run.go()
        return run

    def trace(self, scenario: dict[str, Any]) -> Trace:
        """The trace of *scenario*."""
        return self.run(scenario).trace


class Run:
    """One run of one scenario.

    Args:
        driver: Not used by any other run.
        scenario: Not shared with anybody.

    Attributes:
        trace: A step for each op.
        leaks: A line for each task and timer that outlived the client, and for each error that its end left unhandled.
    """

    def __init__(self, driver: Driver, scenario: dict[str, Any]) -> None:
        self.driver: Driver = driver
        self.scenario = scenario
        self.loop: DeterministicLoop = DeterministicLoop(max_steps=STEP_LIMIT, max_timers=TIMER_LIMIT)
        self.functions: Functions = Functions(driver)
        self.network: Network = Network(
            self.loop, driver.now_ms, lambda entry: self.step["calls"].append(entry), self.functions.value
        )
        self.clients: dict[str, Any] = {}
        self.observers: dict[str, dict[str, Any]] = {}
        self.dehydrated: dict[str, Any] = {}
        self.step: Step = {}
        self.index = -1
        self.trace: Trace = []
        self.leaks: list[str] = []
        self._memo: dict[str, Any] = {}

    # values and options

    def memo(self, tag: str, spec: Any, make: Callable[[], Any]) -> Any:
        """The object of this spec, made once: equal specs are the same function object."""
        key = tag + json.dumps(spec)
        if key not in self._memo:
            self._memo[key] = make()
        return self._memo[key]

    def convert(self, value: Any, numeric: bool = False) -> Any:
        """A value of the scenario as Python sees it: functions made, "inf" read as a number if *numeric*."""
        if isinstance(value, dict) and "$fn" in value:
            return self.memo("fn", value, lambda: self.functions.make(value["$fn"], value.get("args", [])))
        value = self.functions.value(value)
        return number(value) if numeric else value

    def query_options(self, options: dict[str, Any] | None, key: Any = None) -> Any:
        """The driver's options of a query, or of defaults if there is no key."""
        options = options or {}
        special = ("fn", "consume_signal", "persister")
        out = {k: self.convert(v, k in NUMERIC) for k, v in options.items() if k not in special}
        if "persister" in options:
            out["persister"] = self.driver.persister_fn(self.persister(options["persister"]))
        if key is not None or "fn" in options or "consume_signal" in options:
            spec, consume = options.get("fn", "manual"), options.get("consume_signal") is True
            if spec == "skip":
                out["fn"] = self.driver.skip_token
            elif spec != "none":
                out["fn"] = self.memo("query_fn", [spec, consume], lambda: self._query_fn(spec, consume))
        return self.driver.query_options(key, out)

    def persister(self, spec: dict[str, Any]) -> Any:
        """The driver's persister of this spec."""
        read = {name: number(value) for name, value in spec.items()}
        return self.memo("persister", spec, lambda: self.driver.persister(read, self.filters(spec.get("filters"))))

    def mutation_options(self, options: dict[str, Any] | None, owner: str | None = None) -> Any:
        """The driver's options of a mutation, or of defaults if there is no owner."""
        options = options or {}
        out = {
            k: self.convert(v, k in NUMERIC) for k, v in options.items() if k != "fn" and k not in MUTATION_CALLBACKS
        }
        if owner is not None or "fn" in options:
            spec, key = options.get("fn", "manual"), options.get("key")
            if spec != "none":
                out["fn"] = self.memo("mutation_fn", [spec, key], lambda: self._mutation_fn(spec, key))
        for name in MUTATION_CALLBACKS:
            if name in options:
                out[name] = self.mutation_callback(f"{owner or 'defaults'}.{name}", name, options[name])
        return self.driver.mutation_options(out)

    def mutation_callback(self, label: str, name: str, spec: dict[str, Any]) -> Any:
        """The driver's form of a mutation callback."""
        return self.memo(
            "callback",
            [label, spec],
            lambda: self.driver.wrap_mutation_callback(name, mutation_callback(self, label, spec)),
        )

    def filters(self, filters: dict[str, Any] | None) -> dict[str, Any]:
        """Filters with their predicate made."""
        return {k: self.convert(v) for k, v in (filters or {}).items()}

    def _query_fn(self, spec: Any, consume: bool) -> Any:
        if is_stream(spec):
            stream = spec["stream"]

            def open_(record: dict[str, Any], on_abort: Any) -> Any:
                return open_stream(self.network, {"kind": "query", **record}, stream, on_abort)

            how = {name: self.convert(stream[name]) for name in HOW if name in stream}
            return self.driver.wrap_stream_fn(open_, consume, how)

        def start(record: dict[str, Any], on_abort: Any) -> asyncio.Future[Any]:
            return self.network.start({"kind": "query", **record}, spec, on_abort)

        return self.driver.wrap_query_fn(start, consume)

    def _mutation_fn(self, spec: Any, key: Any) -> Any:
        def start(variables: Any) -> asyncio.Future[Any]:
            record = {"kind": "mutation", "variables": variables, **({} if key is None else {"key": key})}
            return self.network.start(record, spec, None)

        return self.driver.wrap_mutation_fn(start)

    def add_client(self, name: str, config: dict[str, Any]) -> None:
        """Make a client whose caches log their events."""
        driver = self.driver

        def query_event(type_: str, query: Any, action: str | None) -> None:
            entry = {"t": driver.now_ms(), "client": name, "type": type_, "key": driver.key_of(query)}
            self.log("events", entry | ({"action": action} if type_ == "updated" else {}))

        def mutation_event(type_: str, mutation_id: int | None, action: str | None) -> None:
            entry: dict[str, Any] = {"t": driver.now_ms(), "client": name, "type": type_}
            if mutation_id is not None:
                entry["mutation"] = mutation_id
            self.log("mutation_events", entry | ({"action": action} if type_ == "updated" else {}))

        logged = config.get("cache_callbacks")
        self.clients[name] = driver.client(
            queries=self.query_options(config.get("queries")),
            mutations=self.mutation_options(config.get("mutations")),
            query_callbacks=cache_callbacks(self, "query_cache") if logged else {},
            mutation_callbacks=cache_callbacks(self, "mutation_cache") if logged else {},
            mount=config.get("mount", True),
            on_query_event=query_event,
            on_mutation_event=mutation_event,
        )

    # what the trace shows

    def log(self, channel: str, entry: dict[str, Any]) -> None:
        """Add an entry to the current step, as plain JSON of now."""
        self.step[channel].append(self.plain(entry))

    def plain(self, x: Any) -> Any:
        """A JSON copy: members without a value dropped, errors as their name."""
        kind = type(x)
        if kind in _SCALARS:
            return x
        undefined = self.driver.undefined
        if kind is dict:
            return {k: v if type(v) in _SCALARS else self.plain(v) for k, v in x.items() if v is not undefined}
        if kind is list or kind is tuple:
            return [None if v is undefined else self.plain(v) for v in x]
        if kind in self.driver.records:
            return self.plain(self.driver.records[kind](x))
        return self.driver.error_name(x) if isinstance(x, BaseException) else x

    def brief(self, result: Any, kind: str = "query") -> dict[str, Any]:
        """What a trace shows of a result that a promise or a listener received."""
        if kind == "queries":
            return {"results": [self.brief(member) for member in result]}
        names = ("status", "data", "error") if kind == "mutation" else ("status", "fetch_status", "data", "error")
        record = self.driver.result_record(result, kind)
        return self.plain({name: record[name] for name in names})

    def outcome(self, awaitable: Any) -> asyncio.Future[Any]:
        """A future with the outcome of what an op returned."""
        future: asyncio.Future[Any] = self.loop.create_future()
        future.add_done_callback(lambda f: f.cancelled() or f.exception())

        def settle(value: Any, error: BaseException | None) -> None:
            if not future.done():
                future.set_result(value) if error is None else future.set_exception(error)

        self.driver.watch(awaitable, settle)
        return future

    def track(self, awaitable: Any, show: Callable[[Any], Any] = lambda value: value) -> None:
        """Log the outcome of what the current op returned, in the step in which it settles."""
        op = self.index

        def settled(value: Any, error: BaseException | None) -> None:
            entry = {"op": op, "t": self.driver.now_ms(), "ok": error is None}
            self.log("settled", entry | ({"value": show(value)} if error is None else {"error": error}))

        self.driver.watch(awaitable, settled)

    def subscribe(self, name: str, observed: dict[str, Any]) -> None:
        """Subscribe an observer with a listener that logs."""

        def listener(result: Any) -> None:
            observed["told"] = observed.get("told", 0) + 1
            self.log("notifications", {"o": name, "t": self.driver.now_ms(), **self.brief(result, observed["kind"])})

        observed["unsubscribe"] = self.driver.subscribe(observed["observer"], listener)

    def snapshot(self) -> dict[str, Any]:
        """The whole visible state."""
        driver = self.driver
        clients = {
            name: {
                "queries": driver.snapshot_queries(client),
                "mutations": driver.snapshot_mutations(client),
                "is_fetching": driver.is_fetching(client, {}),
                "is_mutating": driver.is_mutating(client, {}),
            }
            for name, client in self.clients.items()
        }
        observers: dict[str, Any] = {}
        for name, observed in self.observers.items():
            kind, result = observed["kind"], driver.current_result(observed["observer"])
            if kind == "queries":
                observers[name] = [driver.result_record(member, "query") for member in result]
            else:
                subscribed = bool(observed.get("unsubscribe"))
                observers[name] = {**driver.result_record(result, kind), "subscribed": subscribed}
        pending = [call.id for call in self.network.pending()]
        return self.plain({"clients": clients, "observers": observers, "pending_calls": pending})

    # running

    def go(self) -> None:
        """Run all ops, then clean up and look for leaks."""
        s = self.scenario
        flags = {k: s.get(k, default) for k, default in (("online", True), ("focused", True), ("server", False))}
        self._new_step("start")
        self.driver.open(self.loop, start_ms=s.get("start", 1_000_000), **flags)
        try:
            self.loop.call(self._begin)
            for self.index, op in enumerate(s.get("ops", [])):
                self._new_step(op["op"])
                self._run_op(op)
                self.trace.append(self.step)
                if "limit" in self.step or "unsupported" in self.step:
                    break
        finally:
            self._new_step("end")  # what the clean-up causes is nobody's business
            self._end()

    def _begin(self) -> None:
        for name, config in self.scenario.get("clients", {"main": {}}).items():
            self.add_client(name, config)

    def _new_step(self, name: str) -> None:
        self.step = {"op": name, "now": 0, **{channel: [] for channel in CHANNELS}}

    def _run_op(self, op: dict[str, Any]) -> None:
        step = self.step

        def do() -> None:
            try:
                outcome = perform(self, op)
            except Unsupported:
                raise
            except Exception as error:  # the library's answer to this op
                step["threw"] = self.driver.error_name(error)
            else:
                step.update({k: self.plain(v) for k, v in outcome.items() if v is not self.driver.undefined})

        try:
            if op["op"] == "advance":
                self.loop.run_until_idle()
                self.loop.advance(op["ms"] / 1000)
            else:
                self.loop.call(do)
        except LivelockError:
            step["limit"] = "timers"
        except Unsupported as error:
            step["unsupported"] = str(error)
        if reported := self._reported():
            step["unhandled"] = reported
        step["now"] = self.driver.now_ms()
        if "unsupported" not in step and "limit" not in step:
            step["state"] = self.loop.look(self.snapshot)

    def _reported(self) -> list[str | None]:
        """The errors that belonged to nobody's call since the last time, by their names."""
        contexts, self.loop.unhandled = self.loop.unhandled, []
        return [
            self.driver.error_name(context["exception"]) if "exception" in context else context["message"]
            for context in contexts
        ]

    def _end(self) -> None:
        """Close everything; whatever still lives then is a leak."""
        livelock = "limit" in (self.trace[-1] if self.trace else {})
        with contextlib.suppress(LivelockError):
            self.loop.call(self._unsubscribe_all)
            for client in self.clients.values():
                self.loop.call(functools.partial(self.driver.dispose_client, client))
            self.loop.call(self.network.close)
        if not livelock:
            self.leaks = self.loop.leaks() + [f"unhandled: {name}" for name in self._reported()]
        self.loop.shutdown()

    def _unsubscribe_all(self) -> None:
        for observed in self.observers.values():
            if observed.get("unsubscribe"):
                observed["unsubscribe"]()

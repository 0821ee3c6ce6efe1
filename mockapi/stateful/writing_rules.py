"""Rules that write: data, and mutations."""

from __future__ import annotations

from typing import Any

from query.base.types import microseconds

from .machine_base import MachineBase
from .sameness import is_same


class WritingRules(MachineBase):
    """What changes data, here or on the server."""

    def _on_write(self, *, name: str, payload: Any, settle: bool) -> None:
        named = self._named(name, f"write {name}")
        _, key = named.spelled()
        data = self._as_data(named, self._payload(name, payload))
        _, before, _ = self._before(named)
        others = self._others({self._hash(named)})
        now = self._example.now()
        self._example.do("write", lambda: self.client.set_query_data(key, data))
        after = self._entry(named)
        self._untouched(others, f"{name} was written")
        if after is None:
            self._wrong(f"{name} was written, and is not in the cache")
        else:
            state = after.query.state
            count = 0 if before is None else before.data_update_count
            if not is_same(state.data, data) or state.data_update_count != count + 1 or state.status != "success":
                self._wrong(f"{name} was written {data!r}, and is {state!r}")
            if (
                state.is_invalidated
                or state.error is not None
                or microseconds(state.data_updated_at) != microseconds(now)
            ):
                self._wrong(f"{name} was written, and is not fresh of now: {state!r}")
            if before is not None and state.fetch_status != before.fetch_status:
                self._wrong(f"{name} was written, and its fetch is {state.fetch_status!r}")
        self._settle(settle)

    def _on_optimistic(self, *, name: str, payload: Any, settle: bool) -> None:
        named = self._named(name, f"write {name} optimistically")
        options = self._example.mutations.optimistic(named.options, self._payload(name, payload))
        example = self._example
        example.do("mutate", lambda: example.mutations.start(self.client, f"optimistic {name}", options, None))
        self._settle(settle)

    def _on_mutate(self, *, name: str, variables: Any, settle: bool) -> None:
        example, options = self._example, self.mutations[name]
        example.step(f"mutate {name} with {variables!r}")
        example.do("mutate", lambda: example.mutations.start(self.client, name, options, variables))
        self._settle(settle)

"""Makes a scenario smaller while it still fails."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

Scenario = dict[str, Any]
Path = tuple[Any, ...]

#: members without which a scenario is another one or none at all
_KEEP = frozenset(
    "op key o ms pick value variables into from ops clients filters infinite queries data error $fn args "
    "cancel snapshot set rollback invalidate v n deep x y $undefined script delay".split()
)


def shrink(scenario: Scenario, fails: Callable[[Scenario], bool]) -> Scenario:
    """Delete ops, then options and fields, as long as *fails* stays true.

    Args:
        scenario: One for which *fails* is true.
        fails: Whether a smaller scenario still shows the same.
    """
    scenario = _fewer_ops(scenario, fails)
    while (smaller := _one_member_less(scenario, fails)) is not None:
        scenario = smaller
    return scenario


def _fewer_ops(scenario: Scenario, fails: Callable[[Scenario], bool]) -> Scenario:
    size = max(1, len(scenario["ops"]) // 2)
    while size:
        i = 0
        while i < len(scenario["ops"]):
            candidate = {**scenario, "ops": scenario["ops"][:i] + scenario["ops"][i + size :]}
            if fails(candidate):
                scenario = candidate
            else:
                i += size
        size //= 2
    return scenario


def _one_member_less(scenario: Scenario, fails: Callable[[Scenario], bool]) -> Scenario | None:
    for path in list(_members(scenario)):
        candidate = copy.deepcopy(scenario)
        place: Any = candidate
        for part in path[:-1]:
            place = place[part]
        del place[path[-1]]
        if fails(candidate):
            return candidate
    return None


def _members(x: Any, prefix: Path = ()) -> Iterator[Path]:
    if isinstance(x, dict):
        for k, v in x.items():
            if k not in _KEEP:
                yield (*prefix, k)
            if k not in ("key", "args"):
                yield from _members(v, (*prefix, k))
    elif isinstance(x, list):
        for i, v in enumerate(x):
            yield from _members(v, (*prefix, i))

"""What happened to a query or a mutation in a few words, the same in each view of the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..base.types import UNSET
from .event_log import LoggedEvent


def subject_text(event: LoggedEvent) -> str:
    """What it happened to, such as ``["projects",{"page":1}]`` or ``mutation 1 ["save"]``.

    Args:
        event: The event.
    """
    query, mutation = event.query, event.mutation
    if query is not None:
        return query.query_hash
    if mutation is None:
        return str(event.subject)
    key = mutation.mutation_key
    return f"mutation {mutation.mutation_id}" + ("" if key is None else f" {key.text}")


def event_text(
    event: LoggedEvent, show: Callable[[Any], str] | None, show_error: Callable[[BaseException], str]
) -> str:
    """What happened, such as ``success: {'id': 1}`` or ``fetch, paused: no network``.

    Args:
        event: The event.
        show: Puts data in words; None leaves data out.
        show_error: Puts an error in words.
    """
    action: Any = event.action

    def with_data(text: str, data: Any) -> str:
        # a log that does not keep data has none
        return text if show is None or data is UNSET else f"{text}: {show(data)}"

    match event.kind:
        case "fetch":
            return "fetch" if action.can_start else "fetch, paused: no network"
        case "failed":
            return f"attempt {action.failure_count} failed, another follows: {show_error(action.error)}"
        case "pause":
            return "paused"
        case "continue":
            return "goes on"
        case "success":
            return with_data("success", event.data)
        case "written":
            return with_data("data written", event.data)
        case "error":
            return f"error: {show_error(action.error)}"
        case "invalidate":
            return "invalidated"
        case "set_state":
            return f"state set: {_changes(action.changes, show)}"
        case "pending":
            return with_data("pending" + ", paused" * action.is_paused, action.variables)
        case kind:
            return kind.replace("_", " ")


def _changes(changes: Mapping[str, Any], show: Callable[[Any], str] | None) -> str:
    shown = [f"{name}={changes[name]}" for name in ("status", "fetch_status", "is_invalidated") if name in changes]
    if "data" in changes and show is not None:
        shown.append(f"data={show(changes['data'])}")
    return ", ".join(shown) or ", ".join(changes)

"""Mutation and cache callbacks: what they log, and what a scenario makes them do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .harness import Run

MutationCallback = Callable[[dict[str, Any], Any], Awaitable[Any]]
"""(arguments by name, client) -> result; a driver calls it from whatever its library calls."""

MUTATION_CALLBACKS = ("on_mutate", "on_success", "on_error", "on_settled")


def mutation_callback(run: Run, label: str, spec: dict[str, Any]) -> MutationCallback:
    """A callback that logs its arguments and then does what *spec* says.

    Args:
        run: The run that it belongs to.
        label: Its name in the trace, such as ``m1.on_success``.
        spec: ``{do: [...], delay: ms, throws: text, returns: JSON}``, see SCENARIO.md.
    """

    async def callback(arguments: dict[str, Any], client: Any) -> Any:
        shown = {k: run.driver.error_name(v) if k == "error" else v for k, v in arguments.items()}
        run.log("callbacks", {"t": run.driver.now_ms(), "cb": label, **shown})
        return await _act(run, spec, arguments.get("context"), client)

    return callback


async def _act(run: Run, spec: dict[str, Any], context: Any, client: Any) -> Any:
    driver = run.driver
    result = run.functions.value(spec["returns"]) if "returns" in spec else driver.undefined
    for action in spec.get("do", []):
        if "cancel" in action:
            await run.outcome(driver.cancel(client, {"key": action["cancel"]}, {}))
        elif "snapshot" in action:
            result = {"key": action["snapshot"], "data": driver.get_data(client, action["snapshot"])}
        elif "set" in action:
            driver.set_data(client, action["set"][0], run.convert(action["set"][1]))
        elif "rollback" in action:
            if isinstance(context, dict) and "key" in context:
                driver.set_data(client, context["key"], context["data"])
        else:
            await run.outcome(driver.invalidate(client, {"key": action["invalidate"]}, None, {}))
    if isinstance(spec.get("delay"), (int, float)):
        await run.loop.sleep(spec["delay"] / 1000)
    if "throws" in spec:
        raise Exception(spec["throws"])
    return result


def cache_callbacks(run: Run, label: str) -> dict[str, Callable[..., None]]:
    """The callbacks of a query cache or mutation cache, which log themselves.

    Args:
        run: The run that they belong to.
        label: ``query_cache``, whose callbacks are about a query, or ``mutation_cache``: about variables.
    """

    def push(name: str, subject: Any, **entry: Any) -> None:
        about = {"key": run.driver.key_of(subject)} if label == "query_cache" else {"variables": subject}
        run.log("callbacks", {"t": run.driver.now_ms(), "cb": f"{label}.{name}", **about, **entry})

    name = run.driver.error_name
    return {
        "on_success": lambda data, subject: push("on_success", subject, data=data),
        "on_error": lambda error, subject: push("on_error", subject, error=name(error)),
        "on_settled": lambda data, error, subject: push("on_settled", subject, data=data, error=name(error)),
    }

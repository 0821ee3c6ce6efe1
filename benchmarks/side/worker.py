"""One process that runs rows and prints their figures as JSON; node/main.mjs does the same for TanStack Query."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import inspect
import json
import platform
import statistics
import sys
from collections.abc import Collection, Sequence
from typing import Any

from .catalog import ROWS
from .row import Case, Outcome, Row, Topic
from .timing import measure


async def outcome_of(row: Row, topic: Topic) -> Outcome:
    """Make the row.

    Args:
        row: Which.
        topic: What it belongs to.
    """
    made = row.method(topic)
    return await made if inspect.isawaitable(made) else made


async def figure_of(row: Row, topic: Topic) -> dict[str, Any]:
    """What a row takes, or why that means nothing.

    Args:
        row: Which.
        topic: What it belongs to.
    """
    try:
        made = await outcome_of(row, topic)
        if isinstance(made, Case):
            values, unit = await measure(made), "ns"
        else:
            values, unit = list(made.values), made.unit
    except Exception as error:  # noqa: BLE001 - the other rows are not to be lost
        return {"wrong": f"{type(error).__name__}: {error}"}
    return {"median": statistics.median(values), "unit": unit}


async def run_rows(names: Collection[str]) -> dict[str, dict[str, Any]]:
    """The figures of rows, by name.

    Args:
        names: Which.
    """
    figures: dict[str, dict[str, Any]] = {}
    topic: Topic | None = None
    for row in ROWS:
        if row.name not in names:
            continue
        if topic is None or type(topic) is not row.topic or topic.size != row.size:
            if topic is not None:
                topic.close()
            topic = row.topic(row.size)
        figures[row.name] = await figure_of(row, topic)
    if topic is not None:
        topic.close()
    return figures


def run_on_loop(names: Collection[str], needed: Collection[str | None]) -> dict[str, dict[str, Any]]:
    """The figures of rows that share a process, and so an event loop.

    Args:
        names: Which.
        needed: Packages that they need: uvloop, or none.
    """
    if "uvloop" not in needed:
        return asyncio.run(run_rows(names))
    uvloop: Any = importlib.import_module("uvloop")
    figures: dict[str, dict[str, Any]] = uvloop.run(run_rows(names))
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Run rows and print their figures.

    Args:
        arguments: The command line; that of the process by default.
    """
    parser = argparse.ArgumentParser(description="Time rows in this process.")
    parser.add_argument("--rows", required=True, help="their names, with commas between")
    given = parser.parse_args(arguments)
    names = given.rows.split(",")
    figures = run_on_loop(names, {row.topic.needs for row in ROWS if row.name in names})
    json.dump(
        {"runtime": f"{platform.python_implementation()} {platform.python_version()}", "figures": figures}, sys.stdout
    )


if __name__ == "__main__":
    main()

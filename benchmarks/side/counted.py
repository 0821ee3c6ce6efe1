"""Runs rows so that a simulator can count their instructions: each by two children that differ in one thing alone.

This process makes a row, shows that it is right, and forks twice. One child does the operation a number of times, the
other twice as often. Both inherit the same memory, so the difference of what the simulator counted in the two is that
number of operations and nothing else. Printed are the process ids of the children, for whoever reads its logs.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import sys
from collections.abc import Sequence

from .catalog import ROWS
from .row import Case, Row
from .timing import finish, prove
from .worker import outcome_of

WARM_UPS = 3


async def do(case: Case, times: int) -> None:
    """The operation.

    Args:
        case: The row.
        times: How often; what is prepared anew for each time is part of it.
    """
    if not case.times:
        await finish(case.run(times))
        return
    for _ in range(times):
        if case.prepare is not None:
            await finish(case.prepare())
        await finish(case.run(case.times))


async def child(case: Case, times: int) -> int:
    """Fork, and let the child do the operation.

    Args:
        case: The row.
        times: How often.

    Returns:
        The child's process id.
    """
    loop = asyncio.get_running_loop()
    process = os.fork()
    if process:
        _, status = os.waitpid(process, 0)
        if status:
            raise RuntimeError(f"a child ended with {os.waitstatus_to_exitcode(status)}")
        return process
    # asyncio forgets in a child that a loop is running
    asyncio._set_running_loop(loop)
    code = 1
    try:
        await do(case, times)
        code = 0
    finally:
        # without what an interpreter does at its end
        os._exit(code)


async def count(row: Row, times: int) -> tuple[int, int, int]:
    """Process ids of the child with fewer and that with more operations, and by how many they differ.

    Args:
        row: Which.
        times: How often the first child does it.
    """
    topic = row.topic(row.size)
    case = await outcome_of(row, topic)
    assert isinstance(case, Case), row.name
    await prove(case)
    await do(case, WARM_UPS)
    gc.collect()
    gc.disable()
    try:
        return await child(case, times), await child(case, 2 * times), times * case.per
    finally:
        gc.enable()
        topic.close()


async def count_all(wanted: dict[str, int]) -> dict[str, tuple[int, int, int]]:
    """What ``count`` returns, by row.

    Args:
        wanted: How often each row is to be done.
    """
    return {row.name: await count(row, wanted[row.name]) for row in ROWS if row.name in wanted}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the rows and print the process ids.

    Args:
        arguments: The command line; that of the process by default.
    """
    parser = argparse.ArgumentParser(description="Run rows in children, for a simulator to count.")
    parser.add_argument("rows", nargs="+", metavar="ROW=TIMES")
    given = parser.parse_args(arguments)
    wanted = {name: int(times) for name, _, times in (each.rpartition("=") for each in given.rows)}
    json.dump(asyncio.run(count_all(wanted)), sys.stdout)


if __name__ == "__main__":
    main()

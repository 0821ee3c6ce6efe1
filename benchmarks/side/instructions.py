"""Instructions an operation, counted by cachegrind: the same in each run, whatever else the machine does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .rounds import HERE, ROOT

TIMES: dict[str, int] = {
    "hash_key/typical": 1000,
    "fetch_hit/inline_options": 300,
    "fetch_hit/prepared_options": 500,
    "ensure_query_data/hit": 500,
    "get_query_data": 1000,
    "query_defaults/get_with_10_registered": 500,
    "fetch_miss/immediate_gc5min": 1,
    "fetch_stale/refetch_existing": 200,
    "fetch_stale/one_suspend": 100,
    "fetch_dedup/1000_callers_per_caller": 1,
    "retry/3_failures": 50,
    "http/hit_options_made_in_the_call": 100,
    "set_query_data/small": 500,
    "set_query_data/list1000_one_changed": 3,
    "invalidate_prefix/10_of_1k": 3,
    "find_all_prefix/10_of_1k": 100,
    "is_fetching/none_of_1k": 1000,
    "notify_sync/100_observers": 20,
    "notify_batched/100_observers": 20,
    "observer/mount_unmount": 200,
    "observer/set_options_same": 200,
    "queries_observer/one_update_of_100_combine": 20,
    "infinite/fetch_next_page_at_10": 4,
    "create/10k_per_query": 1,
    "mutate/observer_subscribed_callbacks": 100,
    "dehydrate/10k_per_query": 1,
    "hydrate/10k_per_query": 1,
}
"""Rows whose instructions are counted, and how many times are enough."""

JOBS = 2


def why_not_counted() -> str | None:
    """Why nothing can be counted here; None if it can."""
    return None if shutil.which("valgrind") else "there is no valgrind on the PATH"


def _counted_by(logs: Path, process: int) -> int:
    found = re.search(r"I\s+refs:\s+([\d,]+)", (logs / f"{process}.log").read_text())
    if found is None:
        raise RuntimeError(f"cachegrind did not count process {process}")
    return int(found[1].replace(",", ""))


def count(times: Mapping[str, int]) -> dict[str, float]:
    """Instructions an operation, by row.

    Args:
        times: How often to do each row.
    """
    with tempfile.TemporaryDirectory() as directory:
        logs = Path(directory)
        simulator = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
        program = [sys.executable, "-m", "side.counted", *(f"{row}={number}" for row, number in times.items())]
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", directory),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE.parent}",
            # the order of sets, and so of what is done with them
            "PYTHONHASHSEED": "0",
        }
        ended = subprocess.run(
            [*simulator, f"--log-file={logs}/%p.log", *program],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise RuntimeError(f"counting ended with {ended.returncode}:\n{ended.stderr[-2000:]}")
        children: dict[str, tuple[int, int, int]] = json.loads(ended.stdout)
        return {
            row: (_counted_by(logs, more) - _counted_by(logs, fewer)) / operations
            for row, (fewer, more, operations) in children.items()
        }


def count_all() -> dict[str, float]:
    """Instructions an operation of all rows that are counted, by row."""
    rows = list(TIMES.items())
    with ThreadPoolExecutor(JOBS) as pool:
        parts = pool.map(count, [dict(rows[i::JOBS]) for i in range(JOBS)])
        found = {row: figure for part in parts for row, figure in part.items()}
    return {row: found[row] for row in TIMES}

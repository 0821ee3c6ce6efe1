"""Makes the tester importable, and leaves out what needs Node where there is none: counted, and said once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from difftest.installation import missing  # noqa: E402
from difftest.oracle import Oracle  # noqa: E402

_NOT_RUN = pytest.StashKey[str]()


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    """A running oracle. Tests that ask for it run only where it can."""
    with Oracle() as oracle:
        yield oracle


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    needy = [item for item in items if FOLDER in item.path.parents and "oracle" in getattr(item, "fixturenames", ())]
    reason = missing() if needy else None
    if reason is not None:
        items[:] = [item for item in items if item not in needy]
        config.hook.pytest_deselected(items=needy)
        config.stash[_NOT_RUN] = f"{len(needy)} tests that compare with query-core did not run: {reason}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if (line := config.stash.get(_NOT_RUN, None)) is not None:
        terminalreporter.section("conformance")
        terminalreporter.write_line(line)

"""The guard that no process is left behind sees what it should: it can fail."""

from __future__ import annotations

import subprocess
import sys

import pytest
from started_processes import StartedProcesses

pytestmark = [pytest.mark.e2e, pytest.mark.real_sleep("it waits for real processes")]

WAIT = "import sys; sys.stdin.read()"
# leaves a child behind, which has another session, and writes its id before it ends
ORPHAN = (
    "import subprocess, sys; "
    f"print(subprocess.Popen([sys.executable, '-c', {WAIT!r}], start_new_session=True).pid, flush=True)"
)


@pytest.fixture
def processes():
    """A guard of its own."""
    processes = StartedProcesses("MOCKAPI_E2E_TEST")
    yield processes
    processes.close()
    assert processes.left(patience=10) == []


def test_a_child_is_seen_until_it_ends(processes):
    """By its id and command."""
    assert processes.running() == []
    with subprocess.Popen([sys.executable, "-c", WAIT], stdin=subprocess.PIPE) as child:
        [line] = processes.running()
        assert line.startswith(f"{child.pid} ")
        assert "sys.stdin.read()" in line
    assert processes.left(patience=5) == []


def test_the_child_of_one_that_has_ended_is_seen(processes):
    """Whoever is its parent now."""
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        orphan = parent.stdout.readline().decode().strip()
        parent.wait()
        assert [line.split()[0] for line in processes.left(patience=0)] == [orphan]
    assert processes.left(patience=5) == []


async def test_all_of_a_browser_is_seen(processes, browser):
    """Its helpers as well, which write over their environment. The fixture says that nothing of it is left."""
    page = await browser.new_page()
    await page.set_content("<p>Hello</p>")
    lines = "\n".join(processes.running())
    for part in ("--headless", "--type=zygote", "--type=renderer", "crashpad_handler"):
        assert part in lines

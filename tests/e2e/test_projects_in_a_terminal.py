"""The projects of the example in a real terminal, under tmux: its app, and a real server behind it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from asgi_server import served
from projects.backend import Backend

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "projects"

pytestmark = [pytest.mark.e2e, pytest.mark.real_sleep("a terminal takes its time")]

PATIENCE = 20
"""Seconds that a terminal may take."""


class Terminal:
    """A terminal of tmux in which a program runs."""

    def __init__(self, name):
        self.name = name

    async def tmux(self, *arguments):
        process = await asyncio.create_subprocess_exec(
            "tmux", "-L", self.name, "-f", os.devnull, *arguments, stdout=asyncio.subprocess.PIPE
        )
        written, _ = await process.communicate()
        return process.returncode, written.decode()

    async def type(self, text):
        await self.tmux("send-keys", "-l", text)

    async def press(self, key):
        await self.tmux("send-keys", key)

    async def screen(self):
        return (await self.tmux("capture-pane", "-p"))[1]

    async def shows(self, *texts, without=()):
        """Wait until all of these are on the screen, and none of those."""
        screen = ""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while True:
                    screen = await self.screen()
                    if all(text in screen for text in texts) and not any(text in screen for text in without):
                        return
                    await asyncio.sleep(0.05)
        pytest.fail(f"after {PATIENCE} s not {texts}, or some of {without}, on the screen:\n{screen}", pytrace=False)

    async def ended(self):
        """Wait until the program has ended."""
        async with asyncio.timeout(PATIENCE):
            while (await self.tmux("has-session"))[0] == 0:
                await asyncio.sleep(0.05)


@pytest.fixture
async def backend():
    """The server's side."""
    return Backend(["Vostok", "Mercury"])


@pytest.fixture
async def terminal(backend, tmp_path):
    """The app in a terminal, on a server of projects."""
    assert shutil.which("tmux") is not None, "there is no tmux on the PATH; make e2e installs it"
    terminal = Terminal(f"mockapi-{os.getpid()}")
    async with served(backend.app) as url:
        program = shlex.join([sys.executable, "-m", "textual_app", url])
        # its standard error stays that of the terminal: Textual draws on it
        await terminal.tmux("new-session", "-d", "-x", "100", "-y", "40", "-c", str(EXAMPLE), program)
        yield terminal
        await terminal.tmux("kill-server")


async def test_the_projects_are_shown_with_one_request(terminal, backend):
    """The heading and the list show the same query."""
    await terminal.shows("Projects (2)", "Vostok", "Mercury", "Mercury was created")
    assert sorted(backend.received) == ["GET /activity/", "GET /projects/"]


async def test_a_new_row_is_there_before_the_server_has_answered(terminal, backend):
    """And loses its mark when it has. The focus stays in the field for the next one."""
    await terminal.shows("Projects (2)")
    backend.writes_open.clear()
    await terminal.type("Gemini")
    await terminal.press("Enter")
    await terminal.shows("Gemini (saving)", "Projects (3)")
    backend.writes_open.set()
    await terminal.shows("Gemini was created", without=["(saving)"])
    await terminal.type("Soyuz")
    await terminal.press("Enter")
    await terminal.shows("Soyuz was created", "Projects (4)")
    assert [request for request in backend.received if request.startswith("POST")] == ["POST /projects/"] * 2


async def test_a_row_that_is_refused_is_taken_back(terminal, backend):
    """The reason is shown."""
    await terminal.shows("Projects (2)")
    backend.fault = "out of order"
    backend.writes_open.clear()
    await terminal.type("Gemini")
    await terminal.press("Enter")
    await terminal.shows("Gemini (saving)")
    backend.writes_open.set()
    await terminal.shows("Could not create Gemini: out of order (500)", "Projects (2)", without=["(saving)"])


async def test_quitting_ends_the_program(terminal, backend):
    """Also while it fetches."""
    await terminal.shows("Projects (2)")
    backend.delay = 60
    await terminal.press("F5")
    await terminal.shows("updating ...")
    await terminal.press("C-q")
    await terminal.ended()

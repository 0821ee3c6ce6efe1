"""What the tests on published SDKs share: a record of the sleeping they ask for, and a run of a whole inner suite."""

from __future__ import annotations

import asyncio
import time

import anyio
import pytest


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch):
    """A developer's own settings must not move the SDKs to another server."""
    for name in ("OPENAI_BASE_URL", "GROQ_BASE_URL", "OLLAMA_HOST", "OLLAMA_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def naps(monkeypatch):
    """The seconds an SDK wanted to sleep between two tries, in order; nothing really sleeps."""
    naps = []
    pass_control = asyncio.sleep

    async def nap(delay, *args):
        naps.append(delay)
        await pass_control(0)

    monkeypatch.setattr(time, "sleep", naps.append)
    monkeypatch.setattr(asyncio, "sleep", nap)
    monkeypatch.setattr(anyio, "sleep", nap)
    return naps


@pytest.fixture
def run_suite(pytester):
    """Run one test file in a pytest of its own and give back its result."""

    def run_suite(source):
        pytester.makepyfile(test_inner=source)
        # the plugins left out would only cost time: the inner tests use none of them
        left_out = ("cacheprovider", "asyncio", "hypothesispytest")
        return pytester.runpytest_inprocess(
            "-W", "error", *(part for name in left_out for part in ("-p", f"no:{name}"))
        )

    return run_suite

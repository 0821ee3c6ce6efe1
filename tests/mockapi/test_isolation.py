"""Requests that are under way together, of many tasks and threads: none gets another's answer, none is lost."""

from pathlib import Path
from types import SimpleNamespace

import httpx
import httpx2
import pytest

from mockapi import MockApiClient


@pytest.fixture(scope="module")
def isolation(load_program):
    """The program that proves it with more of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
        return load_program("benchmarks/isolation.py")


@pytest.mark.parametrize("case", ["one_for_all", "one_each", "one_each_for_helpers", "refused"])
def test_none_is_mixed_and_none_is_lost(isolation, case):
    """50 tasks and 16 threads, each with both libraries, around one client or one each."""
    load = isolation.Load(tasks=50, threads=16, each=4)
    with isolation.busy_switching():
        count = getattr(isolation, case)(load)
    sent = {"one_for_all": 66, "one_each": 66, "one_each_for_helpers": 50, "refused": 16}[case] * 2 * 4
    assert count[1:] == (sent, 0, 0)


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_the_count_notices_what_goes_wrong(isolation, library):
    """An answer of another client, another's type, a request that is in no history, and one that is there unasked."""
    ledger = isolation.Ledger()
    with MockApiClient() as mock:
        isolation.answering(mock, "one")
        response = library.get(isolation.URL, params={"who": "MainThread", "n": 0})
        ledger.note("MainThread", library, 0, response, "one")
        assert ledger.count("right", mock) == ("right", 1, 0, 0)
        ledger.note("MainThread", library, 1, response, "one")
        ledger.note("MainThread", library, 2, SimpleNamespace(text="one to MainThread 2"), "one")
        assert ledger.count("wrong", mock) == ("wrong", 3, 2, 2)
        library.get(isolation.URL, params={"who": "stranger", "n": 0})
        assert ledger.count("strange", mock) == ("strange", 3, 3, 3)

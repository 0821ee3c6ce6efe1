"""The fixture: virtual time for each test and each example, whichever plugin runs it."""

import textwrap

import pytest

SUITE = """
import asyncio

import httpx
import pytest
from hypothesis import given, settings, strategies as st

from query import QueryClient, QueryOptions

MARK


async def test_time_moves_when_the_test_says_so(mock_clock):
    task = asyncio.create_task(asyncio.sleep(30))
    await mock_clock.advance(29)
    assert not task.done()
    await mock_clock.advance(1)
    assert task.done()


@pytest.mark.mock_clock(autojump=True, start=0)
async def test_or_it_jumps(mock_clock):
    await asyncio.sleep(3600)
    assert mock_clock.time() == 3600


async def test_the_options_of_another_test_are_gone(mock_clock):
    assert not mock_clock.autojump
    assert mock_clock.time() == 1_700_000_000


async def test_query_clients_go_by_it(mock_clock, make_test_query_client):
    times = []

    async def fetch(context):
        times.append(mock_clock.monotonic())

    # also one that the program makes for itself
    async with QueryClient() as own:
        for client in (make_test_query_client(gc_time=600), own):
            options = QueryOptions(query_key=("k",), query_fn=fetch, stale_time=30)
            await client.fetch_query(options)
            await mock_clock.advance(29.999)
            await client.fetch_query(options)
            await mock_clock.advance(0.001)
            await client.fetch_query(options)
    assert times == [0, 30, 30, 60]


async def test_mocks_go_by_it(mock_clock, mock_api_client):
    mock_api_client.add_mock_response("/slow/", body=1, async_delay=5)
    async with httpx.AsyncClient(base_url="https://api.test", timeout=10) as client:
        task = asyncio.create_task(client.get("/slow/"))
        await mock_clock.advance(4)
        assert not task.done()
        await mock_clock.advance(1)
        assert task.result().json() == 1


SEEN = []


@settings(max_examples=30, deadline=None)
@given(st.floats(0.001, 1e5))
async def test_each_example_begins_anew(mock_clock, seconds):
    SEEN.append(seconds)
    assert mock_clock.monotonic() == 0
    task = asyncio.create_task(asyncio.sleep(seconds))
    await mock_clock.advance(seconds)
    assert task.done()


async def test_it_was_each_example():
    assert len(SEEN) >= 30


@pytest.fixture
async def worker():
    queue = asyncio.Queue()

    async def work():
        while True:
            answer = await queue.get()
            await asyncio.sleep(1)
            answer.set_result("done")

    task = asyncio.create_task(work())
    yield queue
    task.cancel()


async def test_what_fixtures_began_goes_by_it(worker, mock_clock):
    answer = asyncio.get_running_loop().create_future()
    worker.put_nowait(answer)
    await mock_clock.advance(1)
    assert answer.done()


async def test_without_it_time_is_real():
    loop = asyncio.get_running_loop()
    assert "time" not in vars(loop)
    async with QueryClient() as client:
        assert client.environment.now() > 1_700_000_000 + 3600


async def test_asked_for_late(request):
    clock = request.getfixturevalue("mock_clock")
    async with clock:
        task = asyncio.create_task(asyncio.sleep(30))
        await clock.advance(30)
        assert task.done()
"""

PLAIN = """
import asyncio
import functools
import inspect

import pytest


def in_a_loop(function):
    @functools.wraps(function)
    def run(*args, **kwargs):
        return asyncio.run(function(*args, **kwargs))

    return run


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    handle = getattr(pyfuncitem.obj, "hypothesis", None)
    if handle is not None:
        handle.inner_test = in_a_loop(handle.inner_test)
    elif inspect.iscoroutinefunction(pyfuncitem.obj):
        pyfuncitem.obj = in_a_loop(pyfuncitem.obj)
"""

ASYNCIO = ["-o", "asyncio_default_fixture_loop_scope=function"]
AUTO = [*ASYNCIO, "-o", "asyncio_mode=auto"]
PLUGINS = {
    "asyncio-auto": ("", "", ["-p", "no:anyio", *AUTO]),
    "asyncio-strict": (
        "pytestmark = pytest.mark.asyncio",
        "import pytest_asyncio; pytest.fixture = pytest_asyncio.fixture",
        ["-p", "no:anyio", *ASYNCIO, "-o", "asyncio_mode=strict"],
    ),
    "asyncio-module": (
        'pytestmark = pytest.mark.asyncio(loop_scope="module")',
        "",
        ["-p", "no:anyio", *AUTO, "-o", "asyncio_default_fixture_loop_scope=module"],
    ),
    "anyio": ("pytestmark = pytest.mark.anyio", "", ["-p", "no:asyncio"]),
}


@pytest.fixture
def run(pytester):
    """Run a test module in a process of its own; returns the result."""
    pytester.makeini("[pytest]\nfilterwarnings = error")

    def run(code, *args):
        pytester.makepyfile(textwrap.dedent(code))
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:cov", *(args or ASYNCIO))

    return run


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_same_suite_passes_under_every_plugin(run, pytester, plugin):
    """pytest-asyncio in both modes and with a loop for a module, and anyio's plugin."""
    mark, fixture, args = PLUGINS[plugin]
    pytester.makeconftest('import pytest\n@pytest.fixture(scope="module")\ndef anyio_backend(): return "asyncio"')
    code = SUITE.replace("MARK", mark)
    if fixture:
        code = code.replace("@pytest.fixture\n", "@pytest_asyncio.fixture\n").replace(
            "import httpx\n", "import httpx\nimport pytest_asyncio\n"
        )
    result = run(code, *args)
    result.assert_outcomes(passed=10)


def test_the_same_suite_passes_without_a_plugin(run, pytester):
    """Each test in an ``asyncio.run`` of its own; only asynchronous fixtures need a plugin."""
    pytester.makeconftest(PLAIN)
    run(
        SUITE.replace("MARK", ""), "-p", "no:asyncio", "-p", "no:anyio", "-k", "not what_fixtures_began"
    ).assert_outcomes(passed=9, deselected=1)


def test_a_test_that_waits_for_ever_fails_at_its_line_and_harms_no_other(run):
    """In no time, and with its place."""
    result = run(
        """
        import asyncio

        async def test_stuck(mock_clock):
            await asyncio.Event().wait()  # for ever

        async def test_frozen(mock_clock, make_test_query_client):
            try:
                await asyncio.sleep(1000)
            except Exception:
                pass

        async def test_next(mock_clock):
            task = asyncio.create_task(asyncio.sleep(1))
            await mock_clock.advance(1)
            assert task.done()

        async def test_after_it():
            await asyncio.sleep(0.001)
        """,
        *AUTO,
    )
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*await asyncio.Event().wait()  # for ever",
            "E *TimeStandsStillError: the test waits for what can never come: no timer is set*",
            "*test_a_test_that_waits_for_ever*.py:* in test_stuck",
            "E *TimeStandsStillError: the test waits for what only time can bring: the next timer fires in 1000 s*",
        ]
    )


def test_each_example_of_a_sync_test_begins_anew(run):
    """It runs a loop of its own, and attaches the clock there."""
    run(
        """
        import asyncio
        from hypothesis import given, settings, strategies as st

        @settings(max_examples=10, deadline=None)
        @given(st.integers(1, 100))
        def test_each_example_of_a_sync_test(mock_clock, seconds):
            assert mock_clock.monotonic() == 0

            async def main():
                async with mock_clock:
                    task = asyncio.create_task(asyncio.sleep(seconds))
                    await mock_clock.advance(seconds)
                    assert task.done()

            asyncio.run(main())
        """
    ).assert_outcomes(passed=1)


def test_an_example_that_stands_still_is_shrunk(run):
    """Hypothesis takes it for the failure that it is."""
    result = run(
        """
        import asyncio
        from hypothesis import given, settings, strategies as st

        @settings(deadline=None, database=None)
        @given(st.integers(0, 1000))
        async def test_x(mock_clock, n):
            if n > 10:
                await asyncio.sleep(n)
        """,
        *AUTO,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*n=11,*"])


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("speed=2", "@pytest.mark.mock_clock on test_x has no option 'speed'. It knows: start, autojump, *"),
        ("0", "@pytest.mark.mock_clock on test_x has the positional argument 0*"),
        ("real_timeout=0", "@pytest.mark.mock_clock on test_x: real_timeout=0 is no time to wait*"),
        ("start='now'", "@pytest.mark.mock_clock on test_x: *"),
    ],
)
def test_a_wrong_marker_is_told(run, options, text):
    """By its name, its test, and what is expected."""
    result = run(
        f"""
        import pytest

        @pytest.mark.mock_clock({options})
        def test_x(mock_clock):
            pass
        """
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"E *MarkerError: {text}"])


def test_trio_has_a_clock_of_its_own(run):
    """Its loop is none of asyncio's, and the error says whose clock to take."""
    result = run(
        """
        import pytest

        @pytest.mark.anyio
        @pytest.mark.parametrize("anyio_backend", ["trio"])
        async def test_x(mock_clock, anyio_backend):
            pass
        """,
        "-p",
        "no:asyncio",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *UnsupportedLoopError: no asyncio loop runs here*trio.testing.MockClock*"])


def test_suites_run_in_parallel_and_in_any_order(run):
    """Workers of pytest-xdist have foreign threads; pytest-randomly mixes the tests."""
    code = """
        import asyncio, pytest

        @pytest.mark.parametrize("n", range(20))
        async def test_x(mock_clock, n):
            assert mock_clock.monotonic() == 0
            task = asyncio.create_task(asyncio.sleep(n * 3600))
            await mock_clock.advance(n * 3600)
            assert task.done()
        """
    for args in (["-n", "2"], ["-p", "randomly"]):
        run(code, *AUTO, *args).assert_outcomes(passed=20)


def test_a_unittest_case_may_use_a_clock(run):
    """Plain asyncio, without any plugin's fixture."""
    run(
        """
        import asyncio, unittest
        from mockapi import VirtualClock

        class Case(unittest.IsolatedAsyncioTestCase):
            async def asyncSetUp(self):
                self.clock = VirtualClock()
                self.clock.attach()

            async def test_it(self):
                task = asyncio.create_task(asyncio.sleep(30))
                await self.clock.advance(30)
                assert task.done()

            async def asyncTearDown(self):
                self.clock.detach()
        """
    ).assert_outcomes(passed=1)

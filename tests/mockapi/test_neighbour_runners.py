"""Whoever runs, orders, spreads, stops or fences in tests: our fixture works under all of them, and loses no miss.

Every plugin that is installed is loaded in these runs. The last tests switch all of them on at once.
"""

import textwrap

import pytest

INI = """
[pytest]
filterwarnings = error
asyncio_default_fixture_loop_scope = function
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Run a test module in a process of its own; returns the result. pytest-randomly takes part on demand."""

    def run(code, *args, ini="", with_randomly=False):
        pytester.makeini(INI + textwrap.dedent(ini))
        pytester.makepyfile(textwrap.dedent(code))
        if with_randomly:
            monkeypatch.delenv("PYTEST_ADDOPTS")
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-rA", *args)

    return run


def outcomes(result):
    """What became of each test, from the short summary: {"test_it": "FAILED"}."""
    rows = [line.split() for line in result.outlines if line.startswith(("PASSED ", "FAILED ", "ERROR "))]
    return {row[1].rpartition("::")[2]: row[0] for row in rows}


# -- pytest-asyncio

ASYNC = """
    import asyncio
    import httpx, httpx2, pytest

    MARK

    async def ask(library, path):
        async with library.AsyncClient(base_url="https://api.test") as client:
            return (await client.get(path)).text

    class TestInOneLoop:
        loops = set()
        OTHER

        async def test_answered(self, mock_api_client, make_test_query_client):
            mock_api_client.add_mock_response("/x", body="one")
            assert await asyncio.gather(ask(httpx, "/x"), ask(httpx2, "/x")) == ["one", "one"]
            self.loops.add(asyncio.get_running_loop())
            make_test_query_client()

        async def test_forgotten(self, mock_api_client):
            assert (mock_api_client.mocks, list(mock_api_client.calls)) == ([], [])
            mock_api_client.add_mock_response("/x", body="two")
            task = asyncio.create_task(ask(httpx, "/x"))
            assert await task == "two"
            self.loops.add(asyncio.get_running_loop())
            assert len(self.loops) == LOOPS

        async def test_miss(self, mock_api_client):
            await asyncio.gather(ask(httpx, "/nope"), return_exceptions=True)

        async def test_fixture(self, mock_api_client, answered):
            assert await ask(httpx2, "/fixture") == "fixture"

    FIXTURE
    async def answered(mock_api_client):
        mock_api_client.add_mock_response("/fixture", body="fixture")
        yield await ask(httpx, "/fixture")
"""


@pytest.mark.parametrize(
    ("mode", "scope"),
    [("auto", "function"), ("strict", "function"), ("auto", "class"), ("strict", "module"), ("auto", "session")],
)
def test_pytest_asyncio_in_each_mode_and_scope_of_loops(run, mode, scope):
    """Tests that share a loop share nothing of ours, and a miss fails its own."""
    code = textwrap.dedent(ASYNC).replace("LOOPS", "2" if scope == "function" else "1").replace("OTHER\n", "\n")
    mark = "" if mode == "auto" and scope == "function" else f'pytestmark = pytest.mark.asyncio(loop_scope="{scope}")'
    fixture = f"@{'pytest' if mode == 'auto' else 'pytest_asyncio'}.fixture"
    if mode == "strict":
        fixture = f'import pytest_asyncio\n@pytest_asyncio.fixture(loop_scope="{scope}")'
    result = run(code.replace("MARK", mark).replace("FIXTURE", fixture), ini=f"asyncio_mode = {mode}\n")
    result.assert_outcomes(passed=3, failed=1)
    assert outcomes(result)["test_miss"] == "FAILED"
    result.stdout.fnmatch_lines(["*no mock answers GET https://api.test/nope"])


def test_a_client_of_a_wider_fixture_stands_behind_that_of_the_test(run):
    """In the first test as in the others, sync and async, in a loop that is older than both."""
    result = run(
        """
        import httpx, pytest, pytest_asyncio
        from mockapi import MockApiClient

        @pytest_asyncio.fixture(scope="module", loop_scope="module")
        async def loop_first(): yield

        @pytest.fixture(scope="module")
        def wide(loop_first):
            with MockApiClient() as mock:
                mock.add_mock_response("/wide", body="wide")
                yield mock

        async def ask(path):
            async with httpx.AsyncClient() as client:
                return (await client.get(f"https://api.test{path}")).text

        def test_sync_first(wide, mock_api_client):
            mock_api_client.add_mock_response("/x", body="test")
            assert httpx.get("https://api.test/x").text == "test"

        @pytest.mark.asyncio(loop_scope="module")
        async def test_async(wide, mock_api_client):
            mock_api_client.add_mock_response("/x", body="test")
            assert await ask("/x") == "test"

        @pytest.mark.asyncio(loop_scope="module")
        async def test_wide_alone(wide): assert await ask("/wide") == "wide"

        def test_within(wide, mock_api_client):
            with MockApiClient() as inner:
                inner.add_mock_response("/x", body="inner")
                assert httpx.get("https://api.test/x").text == "inner"

        @pytest.fixture
        def own():
            with MockApiClient() as mock:
                mock.add_mock_response("/x", body="own")
                yield

        @pytest.mark.asyncio(loop_scope="module")
        async def test_own_of_the_test(wide, mock_api_client, own): assert await ask("/x") == "own"
        """
    )
    result.assert_outcomes(passed=5)


# -- anyio's plugin, and trio by hand


def test_anyios_plugin_on_asyncio_and_on_trio(run):
    """Plain tests, fixtures, task groups and worker threads; with pytest-asyncio there too, in strict mode."""
    result = run(
        """
        import anyio, httpx, httpx2, pytest, sniffio

        pytestmark = pytest.mark.anyio

        async def ask(library, path):
            async with library.AsyncClient(base_url="https://api.test") as client:
                return (await client.get(path)).text

        @pytest.fixture
        async def answered(mock_api_client):
            mock_api_client.add_mock_response("/fixture", body="fixture")
            yield await ask(httpx, "/fixture")
            assert await ask(httpx2, "/fixture") == "fixture"

        async def test_answered(mock_api_client, answered, anyio_backend):
            assert sniffio.current_async_library() == anyio_backend
            mock_api_client.add_mock_response("/x", body="one", async_delay=0.001)
            assert [answered, await ask(httpx, "/x"), await ask(httpx2, "/x")] == ["fixture", "one", "one"]

        async def test_task_group_and_thread(mock_api_client):
            found = mock_api_client.add_mock_response("/x", body=iter(["o", "ne"]))
            async with anyio.create_task_group() as group:
                for library in (httpx, httpx2):
                    group.start_soon(ask, library, "/x")
                    group.start_soon(anyio.to_thread.run_sync, library.get, "https://api.test/x")
            assert found.call_count == 4

        async def test_read_timeout(mock_api_client):
            mock_api_client.add_mock_response("/x", async_delay=60)
            for library in (httpx, httpx2):
                with pytest.raises(library.ReadTimeout):
                    await ask(library, "/x")

        async def test_miss(mock_api_client):
            try:
                async with anyio.create_task_group() as group:
                    group.start_soon(ask, httpx, "/nope")
            except* Exception: pass
        """,
        ini="asyncio_mode = strict\n",
    )
    result.assert_outcomes(passed=6, failed=2)
    found = outcomes(result)
    assert {name for name in found if found[name] == "FAILED"} == {"test_miss[asyncio]", "test_miss[trio]"}


def test_trio_run_by_hand(run):
    """In a plain test, and with a nursery; a miss that a nursery swallows fails the test."""
    result = run(
        """
        import httpx, httpx2, trio

        async def ask(library, path, answers):
            async with library.AsyncClient(base_url="https://api.test") as client:
                answers.append((await client.get(path)).text)

        async def both(path):
            answers = []
            async with trio.open_nursery() as nursery:
                for library in (httpx, httpx2):
                    nursery.start_soon(ask, library, path, answers)
            return answers

        def test_answered(mock_api_client):
            mock_api_client.add_mock_response("/x", body="one", async_delay=0.001)
            assert trio.run(both, "/x") == ["one", "one"]

        def test_miss(mock_api_client):
            async def main():
                try: await both("/nope")
                except* Exception: pass
            trio.run(main)
        """
    )
    result.assert_outcomes(passed=1, failed=1)
    assert outcomes(result)["test_miss"] == "FAILED"


# -- pytest-xdist, pytest-randomly

SPREAD = """
    import httpx, httpx2, pytest

    def swallow():
        try: httpx.get("https://nope.test/")
        except Exception: pass

    @pytest.mark.parametrize("number", range(12))
    @pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
    def test_answered(mock_api_client, library, number):
        assert (mock_api_client.mocks, mock_api_client.unmatched) == ([], [])
        mock_api_client.add_mock_response("/x", body=number)
        assert library.get("https://api.test/x").json() == number
        assert len(mock_api_client.calls) == 1

    @pytest.mark.parametrize("number", range(3))
    def test_miss(mock_api_client, number): swallow()

    @pytest.mark.parametrize("number", range(3))
    def test_without(number):
        from mockapi import turns
        assert turns.active == []
"""
MISSES = {f"test_miss[{number}]" for number in range(3)}


def failed(result):
    return {name for name, outcome in outcomes(result).items() if outcome != "PASSED"}


def test_pytest_xdist_spreads_tests_over_processes(run):
    """Each worker has a client of its own, and their reports come back whole."""
    result = run(SPREAD, "-n", "2")
    result.assert_outcomes(passed=27, failed=3)
    assert failed(result) == MISSES
    result.stdout.fnmatch_lines(["*no mock answers GET https://nope.test/", "*  sent from  *:* in swallow   (httpx, *"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pytest_randomly_shuffles_tests(run, seed):
    """The same tests fail in every order, so none leaves anything to the next."""
    result = run(SPREAD, f"--randomly-seed={seed}", "-v", with_randomly=True)
    result.assert_outcomes(passed=27, failed=3)
    assert failed(result) == MISSES


# -- pytest-socket


def test_pytest_socket_has_nothing_to_block(run):
    """With sockets turned off, mocked requests are answered, sync and async, and a miss is ours to tell."""
    result = run(
        """
        import asyncio, httpx, httpx2, pytest, socket

        @pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
        def test_sync(mock_api_client, library):
            mock_api_client.add_mock_response("/x", body="one")
            assert library.get("https://api.test/x").text == "one"
            with library.stream("GET", "https://api.test/x") as response:
                assert response.read() == b"one"
            with pytest.raises(RuntimeError, match="socket"), pytest.warns(UserWarning):
                socket.socket()

        # an event loop has a pair of sockets of its own: --allow-unix-socket is for that
        @pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
        async def test_async(mock_api_client, library):
            mock_api_client.add_mock_response("/x", body=iter(["o", "ne"]), async_delay=0.001)
            async with library.AsyncClient() as client:
                assert (await client.get("https://api.test/x")).text == "one"

        def test_miss(mock_api_client):
            try: httpx.get("https://nope.test/")
            except Exception: pass
        """,
        "--disable-socket",
        "--allow-unix-socket",
        ini="asyncio_mode = auto\n",
    )
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["*no mock answers GET https://nope.test/"])


# -- pytest-timeout, unittest, Hypothesis


@pytest.mark.parametrize("method", ["signal", "thread"])
def test_pytest_timeout_stops_a_test_that_hangs(run, method):
    """By signal the run goes on with nothing of it left; and what the test missed is noted on its failure."""
    result = run(
        """
        import httpx, threading, pytest

        @pytest.mark.timeout(1, func_only=True)
        def test_hangs(mock_api_client):
            mock_api_client.add_mock_response("/x")
            try: httpx.get("https://nope.test/")
            except Exception: pass
            threading.Event().wait(20)

        def test_next(mock_api_client):
            assert (mock_api_client.mocks, mock_api_client.unmatched) == ([], [])
            mock_api_client.add_mock_response("/x", body=1)
            assert httpx.get("https://api.test/x").json() == 1
        """,
        f"--timeout-method={method}",
    )
    if method == "thread":
        # that one ends the process, and says where it stood
        assert result.ret == 1
        result.stdout.fnmatch_lines(["*Timeout*", "*in test_hangs*"])
        return
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["E * Failed: Timeout *", "E * no mock answers GET https://nope.test/"])


def test_unittest_and_hypothesis_together(run):
    """A TestCase gets the fixture through an autouse fixture, and each example of its tests has mocks of its own."""
    result = run(
        """
        import httpx, httpx2, pytest, unittest
        from hypothesis import given, settings, strategies as st

        settings.register_profile("patient", deadline=None, max_examples=20)
        settings.load_profile("patient")

        class TestOld(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def client(self, mock_api_client):
                self.mock = mock_api_client

            def setUp(self):
                if "before" in self.id():
                    try: httpx.get("https://nope.test/before")
                    except Exception: pass
                self.mock.add_mock_response("/base", body="base")

            def test_plain(self):
                self.assertEqual(httpx.get("https://api.test/base").text, "base")

            # not integers(): Hypothesis would look for constants in all modules here
            @given(st.sampled_from(range(10)))
            def test_given(self, number):
                self.assertEqual((len(self.mock.mocks), len(self.mock.calls)), (1, 0))
                self.mock.add_mock_response("/x", body=number)
                self.assertEqual(httpx2.get("https://api.test/x").json(), number)

            def test_miss(self):
                try: httpx.get("https://nope.test/")
                except Exception: pass

            @given(st.sampled_from(range(10)))
            def test_given_miss(self, number):
                if number > 3:
                    try: httpx.get(f"https://nope.test/{number}")
                    except Exception: pass

            @given(st.sampled_from(range(10)))
            def test_miss_before_the_examples(self, number):
                pass

            def test_subtests(self):
                for number in range(3):
                    with self.subTest(number=number):
                        self.mock.add_mock_response("/sub", body=number)
                        self.assertEqual(httpx.get("https://api.test/sub").json(), number)

        class TestAsync(unittest.IsolatedAsyncioTestCase):
            @pytest.fixture(autouse=True)
            def client(self, mock_api_client):
                self.mock = mock_api_client

            async def asyncSetUp(self):
                self.mock.add_mock_response("/x", body=1)
                self.client = await self.enterAsyncContext(httpx.AsyncClient())

            async def test_it(self):
                self.assertEqual((await self.client.get("https://api.test/x")).json(), 1)

            async def test_async_miss(self):
                try: await self.client.get("https://nope.test/")
                except Exception: pass
        """
    )
    assert failed(result) == {
        "test_miss",
        "test_given_miss",
        "test_miss_before_the_examples",
        "test_async_miss",
    }
    result.assert_outcomes(passed=4, failed=4)
    for path in ("4", "before"):
        result.stdout.fnmatch_lines([f"*no mock answers GET https://nope.test/{path}"])


# -- all of them at once

TOGETHER = """
    import asyncio
    import anyio, httpx, httpx2, pytest, requests, respx, responses, trio, unittest
    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from hypothesis import given, settings, strategies as st

    settings.register_profile("patient", deadline=None, max_examples=10)
    settings.load_profile("patient")
    app = FastAPI()

    @app.get("/")
    async def index():
        async with httpx2.AsyncClient() as client:
            return (await client.get("https://api.test/x")).text

    @pytest.fixture(autouse=True)
    def x(mock_api_client):
        mock_api_client.add_mock_response("https://api.test/x", body="ours", required=False)

    async def ask(library):
        async with library.AsyncClient() as client:
            return (await client.get("https://api.test/x")).text

    def test_respx(respx_mock, httpx2_mock):
        respx_mock.get("https://theirs.test/").respond(text="theirs")
        httpx2_mock.get("https://theirs.test/").respond(text="theirs")
        for library in (httpx, httpx2):
            assert library.get("https://theirs.test/").text == "theirs"
            assert library.get("https://api.test/x").text == "ours"

    @responses.activate
    def test_responses():
        responses.get("https://theirs.test/", body="theirs")
        assert requests.get("https://theirs.test/").text == "theirs"
        assert httpx.get("https://api.test/x").text == "ours"

    def test_pytest_httpx(httpx_mock):
        httpx_mock.add_response(text="theirs")
        assert httpx.get("https://api.test/x").text == "theirs"
        assert httpx2.get("https://api.test/x").text == "ours"

    @pytest.mark.asyncio
    async def test_asyncio():
        assert await ask(httpx) == "ours"

    @pytest.mark.anyio
    async def test_anyio(anyio_backend):
        assert await ask(httpx2) == "ours"

    def test_trio():
        assert trio.run(ask, httpx) == "ours"

    def test_fastapi():
        assert TestClient(app).get("/").json() == "ours"

    @pytest.mark.timeout(20)
    @given(st.sampled_from(range(10)))
    def test_given(mock_api_client, number):
        mock_api_client.add_mock_response("/n", body=number)
        assert httpx.get("https://api.test/n").json() == number

    class TestOld(unittest.TestCase):
        def test_unittest(self):
            assert httpx.get("https://api.test/x").text == "ours"

    def test_miss():
        try: httpx.get("https://nope.test/")
        except Exception: pass

    @pytest.mark.asyncio
    async def test_miss_async():
        await asyncio.gather(httpx2.AsyncClient().get("https://nope.test/"), return_exceptions=True)
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_all_plugins_in_one_run(run, seed):
    """Loaded and at work, shuffled, on two processes, strict, without sockets: all pass but the two misses."""
    result = run(
        TOGETHER,
        *("-n", "2", f"--randomly-seed={seed}", "--disable-socket", "--allow-unix-socket"),
        *("--timeout=30", "--mockapi-strict"),
        with_randomly=True,
    )
    assert failed(result) == {"test_miss", "test_miss_async"}
    assert len(outcomes(result)) == 12
    result.stdout.fnmatch_lines(["  sent from  an unknown place (a background task or thread)   (httpx2, AsyncClient)"])

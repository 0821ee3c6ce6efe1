"""The plugin: fixtures, marker, options, and misses that cannot be lost."""

import textwrap

import pytest

INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""


@pytest.fixture
def run(pytester):
    """Run a test module in a process of its own; returns the result."""
    pytester.makeini(INI)

    def run(code, *args):
        pytester.makepyfile(textwrap.dedent(code))
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", *args)

    return run


def test_the_readme_form_of_a_test_passes(run):
    """Mock, act, override, refetch, assert."""
    run(
        """
        import httpx

        async def test_adds_a_project(mock_api_client, make_test_query_client):
            mock_api_client.add_mock_response(url="/projects/", body=[])
            create = mock_api_client.add_mock_response(url="/projects/", method="POST", body={"id": 1})
            async with httpx.AsyncClient(base_url="https://api.test") as client:
                assert (await client.get("/projects/")).json() == []
                await client.post("/projects/", json={"name": "My Project"})
                mock_api_client.add_mock_response(url="/projects/", body=[{"id": 1}])
                assert (await client.get("/projects/")).json() == [{"id": 1}]
            create.assert_called_with(data={"name": "My Project"})
        """
    ).assert_outcomes(passed=1)


def test_a_swallowed_miss_fails_its_own_test_in_the_call_phase(run):
    """It says so, and which line sent the request; a query that keeps the error as its state swallows it, too."""
    result = run(
        """
        import asyncio, httpx

        def test_except_exception(mock_api_client):
            try: httpx.get("https://nope.test/")
            except Exception: pass

        async def test_query_client_keeps_it_as_a_state(mock_api_client, make_test_query_client):
            from query import QueryObserver
            from query.api import api_options
            observer = QueryObserver(make_test_query_client(), api_options.as_(dict)("/x/", stale_time=0))
            done = asyncio.Event()
            observer.subscribe(lambda result: result.is_error and done.set())
            await done.wait()
        """
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "*the test passed, but the program sent a request that no mock answers and swallowed the error:*",
            "*no mock answers GET https://nope.test/*",
            "*  sent from  test_a_swallowed_miss*.py:* in test_except_exception   (httpx, Client)*",
        ]
    )


def test_a_miss_is_a_note_on_another_failure(run):
    """The test's own failure stays on top."""
    result = run(
        """
        import httpx

        def test_other(mock_api_client):
            try: httpx.get("https://nope.test/")
            except Exception: pass
            assert 1 == 2

        def test_itself(mock_api_client):
            httpx.get("https://nope.test/")
        """
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*assert 1 == 2*", "*before this failure, requests were sent that no mock answers:*"])
    assert result.stdout.str().count("before this failure") == 1


def test_everything_is_cleared_after_each_test(run):
    """Mocks, calls, delays and options; misses of one test are not the next one's."""
    run(
        """
        import httpx, pytest

        def test_one(mock_api_client):
            mock_api_client.add_mock_response("/a/")
            mock_api_client.async_delay = 3
            httpx.get("https://x.test/a/")

        @pytest.mark.mockapi(base_url="https://x.test")
        def test_two(mock_api_client):
            assert (mock_api_client.mocks, len(mock_api_client.calls), mock_api_client.async_delay) == ([], 0, None)
            mock_api_client.add_mock_response("/a/")

        def test_three(mock_api_client):
            mock_api_client.add_mock_response("/a/")
            assert httpx.get("https://other.test/a/").status_code == 200

        def test_without():
            from mockapi import turns
            assert turns.active == []
        """
    ).assert_outcomes(passed=4)


def test_markers_of_module_class_and_test_are_merged(run):
    """The nearest wins, option by option."""
    run(
        """
        import httpx, pytest

        pytestmark = pytest.mark.mockapi(base_url="https://module.test", allow=["ok.test"])

        @pytest.mark.mockapi(base_url="https://class.test")
        class TestIt:
            def test_class(self, mock_api_client):
                mock_api_client.add_mock_response("/a/", body="class")
                assert httpx.get("https://class.test/a/").text == "class"
                assert mock_api_client._options.allow == ("ok.test",)

            @pytest.mark.mockapi(base_url="https://test.test")
            def test_test(self, mock_api_client):
                mock_api_client.add_mock_response("/a/", body="test")
                assert httpx.get("https://test.test/a/").text == "test"
        """
    ).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        (
            "bas_url='x'",
            "*@pytest.mark.mockapi on test_it has no option 'bas_url'. It knows: base_url, unmatched, *",
        ),
        ("'x'", "*@pytest.mark.mockapi on test_it has the positional argument 'x'; its options are named: base_url*"),
        ("unmatched='warn'", "*@pytest.mark.mockapi on test_it: unmatched='warn' means nothing; expected*"),
    ],
)
def test_a_marker_that_cannot_be_is_an_error_of_its_test(run, marker, text):
    """It names the test, what was written and what there is."""
    result = run(
        f"""
        import pytest

        @pytest.mark.mockapi({marker})
        def test_it(mock_api_client): pass

        def test_next(mock_api_client): pass
        """
    )
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines([text])


def test_ini_options_are_the_defaults(run, pytester):
    """For every test of the project; a marker overrides."""
    pytester.makeini(INI + "mockapi_unmatched = pass\nmockapi_allow =\n    a.test\n    b.test\n")
    run(
        """
        import pytest

        def test_it(mock_api_client):
            options = mock_api_client._options
            assert (options.unmatched, options.allow) == ("pass", ("a.test", "b.test"))

        @pytest.mark.mockapi(unmatched="fail", allow=[])
        def test_marked(mock_api_client):
            assert (mock_api_client._options.unmatched, mock_api_client._options.allow) == ("fail", ())
        """
    ).assert_outcomes(passed=2)


HYPOTHESIS = """
    import httpx, pytest
    from hypothesis import given, settings
    from hypothesis import strategies as st

    # a busy machine makes the first request of an example slow
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")

    @pytest.fixture(autouse=True)
    def base(mock_api_client):
        mock_api_client.add_mock_response("/base/", body="base")

    @given(n=st.integers(0, 9))
    def test_sync(mock_api_client, make_test_query_client, n):
        assert (len(mock_api_client.mocks), len(mock_api_client.calls)) == (1, 0)
        mock_api_client.add_mock_response("/n/", body=n)
        assert httpx.get("https://x.test/n/").json() == n
        assert httpx.get("https://x.test/base/").text == "base"

    @ASYNC
    @given(n=st.integers(0, 9))
    async def test_async(mock_api_client, make_test_query_client, n):
        from query import QueryOptions
        assert (len(mock_api_client.mocks), len(mock_api_client.calls)) == (1, 0)
        mock_api_client.add_mock_response("/n/", body=n)
        async with httpx.AsyncClient(verify=False) as client:
            assert (await client.get("https://x.test/n/")).json() == n
        client = make_test_query_client()
        assert await client.query(QueryOptions(query_key=("n", n), query_fn=lambda context: n)) == n

    @given(n=st.integers(0, 9))
    def test_miss(mock_api_client, n):
        if n > 3:
            try: httpx.get(f"https://x.test/{n}/")
            except Exception: pass
"""


@pytest.mark.parametrize("runner", ["asyncio", "anyio"])
def test_hypothesis_examples_each_have_a_fresh_state(run, runner):
    """No suppressed health check; a swallowed miss fails the example that made it, and shrinks."""
    marker = {"asyncio": "pytest.mark.asyncio", "anyio": "pytest.mark.anyio"}[runner]
    code = textwrap.dedent(HYPOTHESIS).replace("@ASYNC", f"@{marker}")
    if runner == "anyio":
        code += "\n@pytest.fixture\ndef anyio_backend(): return 'asyncio'\n"
    result = (
        run(code, *(["-p", "no:asyncio"] if runner == "anyio" else []), "-o", "addopts=")
        if runner == "asyncio"
        else run(code, "-p", "no:asyncio", "-c", "/dev/null", "--rootdir=.")
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*no mock answers GET https://x.test/4/*"])


def test_a_module_named_query_beside_the_tests_is_named(run, pytester):
    """Those who use the plugin are told what to do; those who do not are not disturbed."""
    pytester.makepyfile(query="VALUE = 1")
    result = run(
        """
        import query

        def test_own(): assert query.VALUE == 1

        def test_ours(mock_api_client): pass
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*QueryPackageError: 'import query' finds *query.py, but pytest-mockapi needs its own package*Rename it*"]
    )


def test_unittest_classes_and_doctests_are_not_disturbed(run, pytester):
    """They have no fixtures of ours."""
    pytester.makepyfile(mod='def f():\n    """\n    >>> 1\n    1\n    """\n')
    run(
        """
        import unittest

        def test_first(mock_api_client): pass

        class Old(unittest.TestCase):
            def test_it(self): assert True
        """,
        "--doctest-modules",
    ).assert_outcomes(passed=3)


def test_a_miss_in_a_fixture_fails_the_phase_that_can_still_fail(run):
    """In set-up: the call phase, or a note on the set-up's own failure. In tear-down: the tear-down."""
    result = run(
        """
        import httpx, pytest

        def swallow(path):
            try: httpx.get(f"https://nope.test/{path}")
            except Exception: pass

        @pytest.fixture
        def before(mock_api_client): swallow("before")

        @pytest.fixture
        def broken(mock_api_client):
            swallow("broken")
            raise ValueError("fixture")

        @pytest.fixture
        def after(mock_api_client):
            yield
            swallow("after")

        def test_before(before): pass

        def test_broken(broken): pass

        def test_after(after): pass

        def test_told_once(before, after):
            assert True

        def test_next(mock_api_client): pass
        """,
        "-rfE",
    )
    result.assert_outcomes(passed=2, failed=2, errors=3)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at setup of test_broken*",
            "E * ValueError: fixture",
            "E * before this failure, requests were sent that no mock answers:",
            "E * no mock answers GET https://nope.test/broken",
            "*ERROR at teardown of test_after*",
            "*no mock answers GET https://nope.test/after",
            "*_ test_before _*",
            "*no mock answers GET https://nope.test/before",
        ]
    )
    # each once in its section, once in the summary at most
    assert result.stdout.str().count("no mock answers GET https://nope.test/before\n") == 2


def test_a_request_after_the_end_of_its_test_fails_the_session_and_no_other_test(run):
    """It is answered if a mock of the running test fits; else it is shown at the end, with the test that left it."""
    result = run(
        """
        import asyncio, httpx, pytest
        pytestmark = pytest.mark.asyncio(loop_scope="module")
        left = []

        async def late(path, go):
            await go.wait()
            try:
                async with httpx.AsyncClient() as client:
                    return (await client.get(f"https://nope.test/{path}/")).text
            except AssertionError:
                return "refused"

        async def test_leaves_tasks(mock_api_client):
            for path in ("served", "refused", "idle"):
                go = asyncio.Event()
                left.append((asyncio.create_task(late(path, go)), go))

        async def test_next(mock_api_client):
            mock_api_client.add_mock_response("/served/", body="served")
            for task, go in left[:2]:
                go.set()
            assert [await task for task, _ in left[:2]] == ["served", "refused"]

        async def test_without_a_client():
            task, go = left[2]
            go.set()
            assert await task == "refused"
        """
    )
    result.assert_outcomes(passed=3)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*= requests after the end of their test =*",
            "no mock answers GET https://nope.test/refused/",
            "  The request came from a task or thread that was started in *::test_leaves_tasks, which was over*",
            "nothing answers GET https://nope.test/idle/",
        ]
    )


def test_a_client_that_is_got_by_name_answers_too(run):
    """request.getfixturevalue names no fixture before the test runs; no request may leak for that."""
    result = run(
        """
        import httpx

        def check(request):
            client = request.getfixturevalue("mock_api_client")
            client.add_mock_response("/x", body=1)
            assert httpx.get("https://nope.test/x").json() == 1

        def test_first(request): check(request)

        def test_second(request): check(request)

        def test_miss(request):
            request.getfixturevalue("mock_api_client").add_mock_response("/x")
            try: httpx.get("https://nope.test/y")
            except Exception: pass

        def test_without():
            from mockapi import turns
            assert turns.active == []
        """
    )
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*no mock answers GET https://nope.test/y*"])


def test_a_fixture_of_wider_scope_is_told_that_its_mocks_would_not_last(run):
    """Instead of a second test that finds nothing."""
    result = run(
        """
        import pytest

        @pytest.fixture(scope="module")
        def api(mock_api_client):
            mock_api_client.add_mock_response("/x")

        def test_it(api): pass

        @pytest.fixture(scope="class")
        def own():
            from mockapi import MockApiClient
            with MockApiClient() as client:
                client.add_mock_response("/x", body=1)
                yield client

        class TestOwn:
            def test_one(self, own): self.check()
            def test_two(self, own): self.check()
            def check(self):
                import httpx
                assert httpx.get("https://nope.test/x").json() == 1
        """
    )
    result.assert_outcomes(errors=1, passed=2)
    result.stdout.fnmatch_lines(["E *ScopeError: the module-scoped fixture 'api' uses mock_api_client, but *"])


def test_unittest_classes_can_use_the_fixture(run):
    """Through an autouse fixture, plain and async; a swallowed miss fails them as well."""
    result = run(
        """
        import httpx, pytest, unittest

        class Base:
            @pytest.fixture(autouse=True)
            def client(self, mock_api_client):
                self.mock = mock_api_client

        class TestPlain(Base, unittest.TestCase):
            def test_it(self):
                self.mock.add_mock_response("/x", body=1)
                self.assertEqual(httpx.get("https://nope.test/x").json(), 1)

            def test_miss(self):
                try: httpx.get("https://nope.test/x")
                except Exception: pass

        class TestAsync(Base, unittest.IsolatedAsyncioTestCase):
            async def test_it(self):
                self.mock.add_mock_response("/x", body=1)
                async with httpx.AsyncClient() as client:
                    self.assertEqual((await client.get("https://nope.test/x")).json(), 1)
        """
    )
    result.assert_outcomes(passed=2, failed=1)


def test_a_session_lets_go_of_the_transports(pytester):
    """So that a program that runs pytest has httpx as it was."""
    pytester.makeini(INI)
    pytester.makepyfile(
        test_it="""
        def test_it(mock_api_client): pass
        """,
        main="""
        import sys
        import httpx, pytest

        before = [httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request]
        assert pytest.main(["-q", "-p", "no:cacheprovider", "test_it.py"]) == 0
        assert [httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request] == before
        assert not any(type(finder).__module__.startswith("mockapi") for finder in sys.meta_path)
        """,
    )
    assert pytester.runpython("main.py").ret == 0

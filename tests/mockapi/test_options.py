"""Options of the ini file, the command line and the marker; and the clients of modules and sessions."""

import textwrap

import pytest

INI = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"


@pytest.fixture
def run(pytester):
    """Run a test module in a process of its own, with lines for the ini file; returns the result."""

    def run(code, *args, ini=""):
        pytester.makeini(INI + ini)
        pytester.makepyfile(test_it=textwrap.dedent(code))
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", *args)

    return run


UNUSED = """
    import httpx, pytest

    def test_unused(mock_api_client):
        mock_api_client.get("/used/")
        mock_api_client.get("/x/?page=1", name="first page")
        mock_api_client.get("/optional/", required=False)
        httpx.get("https://api.test/used/")

    def test_near(mock_api_client):
        mock_api_client.get("/x/")
        mock_api_client.get("/x/", match=[mock_api_client.match_query({"page": 1})])
        httpx.get("https://api.test/x/?page=2")

    def test_required(mock_api_client):
        mock_api_client.get("/must/", required=True)

    def test_fails_anyway(mock_api_client):
        mock_api_client.get("/must/", required=True)
        assert 1 == 2
"""


def test_unused_mocks_are_ignored_unless_they_are_required(run):
    """Required ones fail the test in its call phase; they are a note on another failure."""
    result = run(UNUSED)
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*_ test_required _*",
            "a mock was not called, but had to be:",
            "  GET /must/   added at test_it.py:15",
            "Send what they answer, take them out, or say required=False.",
            "*_ test_fails_anyway _*",
            "E*assert 1 == 2",
            "E*a mock was not called, but had to be:",
        ]
    )


@pytest.mark.parametrize("policy", ["fail", "warn"])
def test_unused_mocks_are_no_second_failure_of_a_test_with_a_miss(run, policy):
    """They are told with the miss, whether it was swallowed or not, and not as an error of the tear-down."""
    result = run(
        """
        import httpx

        def test_swallowed(mock_api_client):
            mock_api_client.get("/unused/")
            try: httpx.get("https://api.test/x/")
            except Exception: pass

        def test_raised(mock_api_client):
            mock_api_client.get("/unused/")
            httpx.get("https://api.test/x/")
        """,
        *("-W", "error"),
        ini=f"mockapi_unused = {policy}\n",
    )
    result.assert_outcomes(failed=2)
    if policy == "fail":
        result.stdout.fnmatch_lines(["*GET https://api.test/x/", "a mock was not called, but had to be:"])


def test_unused_mocks_can_fail_the_test(run):
    """With the source line and the nearest request; ``required=False`` lets one be."""
    result = run(
        UNUSED,
        "--deselect",
        "test_it.py::test_required",
        "--deselect",
        "test_it.py::test_fails_anyway",
        ini="mockapi_unused = fail\n",
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "a mock was not called, but had to be:",
            "  GET /x/?page=1 (first page)   added at test_it.py:5",
            "    nearest request: GET https://api.test/used/ (path)",
            "  GET /x/   added at test_it.py:11",
            "    nearest request: GET https://api.test/x/?page=2 (query: page differs)",
        ],
    )
    assert "/optional/" not in result.stdout.str()


def test_unused_mocks_can_warn(run):
    """By a warning of its own class, in the test's name."""
    result = run(UNUSED, "test_it.py::test_unused", ini="mockapi_unused = warn\n")
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["*::test_unused", "*UnusedMockWarning: a mock was not called*", "*GET /x/?page=1*"])
    result = run(
        UNUSED, "test_it.py::test_unused", "-W", "error::mockapi.UnusedMockWarning", ini="mockapi_unused = warn\n"
    )
    result.assert_outcomes(failed=1)


def test_a_strict_run_lets_nothing_pass(run):
    """Whatever the ini file says; the nearest marker still has its word."""
    result = run(
        """
        import httpx, pytest, urllib.request

        def test_unused(mock_api_client):
            mock_api_client.get("/x/")

        def test_leak(mock_api_client):
            with pytest.raises(AssertionError, match="urllib .*past the mock"):
                urllib.request.urlopen("http://api.test/")

        def test_unmatched(mock_api_client):
            with pytest.raises(AssertionError, match="no mock answers"):
                httpx.get("http://api.test/")

        @pytest.mark.mockapi(unused="ignore")
        def test_marked(mock_api_client):
            mock_api_client.get("/x/")
        """,
        "--mockapi-strict",
        ini="mockapi_unmatched = pass\n",
    )
    result.assert_outcomes(failed=3, passed=1)


def test_every_option_of_a_client_may_stand_in_the_marker(run):
    """Merged from module, class and test."""
    run(
        """
        import httpx, pytest, time

        pytestmark = pytest.mark.mockapi(base_url="https://api.test", unmatched="connect_error")

        @pytest.mark.mockapi(level="client")
        class TestIt:
            @pytest.mark.mockapi(real_time=True, async_delay=0.02)
            def test_it(self, mock_api_client):
                mock_api_client.get("/x/", "mocked")
                before = time.monotonic()
                with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(202))) as client:
                    assert client.get("https://api.test/x/").text == "mocked"
                assert time.monotonic() - before >= 0.02
                with mock_api_client.expect_unmatched(), pytest.raises(httpx.ConnectError):
                    httpx.get("https://other.test/x/")

            def test_without(self, mock_api_client):
                assert mock_api_client.async_delay is None
        """
    ).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("ini", "text"),
    [
        ("mockapi_unused = never\n", 'unused=\'never\' means nothing; expected "ignore", "warn" or "fail"'),
        ("mockapi_unmatched = warn\n", "unmatched='warn' means nothing"),
        (
            "mockapi_transports =\n    nowhere:Nothing\n",
            "mockapi_transports has 'nowhere:Nothing', which cannot be",
        ),
    ],
)
def test_an_ini_option_that_cannot_be_is_said(run, ini, text):
    """With what was expected."""
    result = run("def test_it(mock_api_client): pass", ini=ini)
    result.assert_outcomes(errors=1)
    assert text in result.stdout.str()


def test_shared_contexts_can_be_switched_off_in_the_ini_file(run):
    """For suites that look at contexts."""
    code = """
        import httpx

        def context():
            return httpx.Client()._transport._pool._ssl_context

        def test_it(mock_api_client):
            assert (context() is context()) is SHARED
        """
    run(code.replace("SHARED", "True")).assert_outcomes(passed=1)
    run(code.replace("SHARED", "False"), ini="mockapi_share_ssl = false\n").assert_outcomes(passed=1)


LAYERS = """
    import httpx, pytest

    @pytest.fixture(scope="session")
    def login(mock_api_client_session):
        found = mock_api_client_session.post("/login/", {"token": "t"})
        # answered before any test runs
        assert httpx.post("https://api.test/login/").json() == {"token": "t"}
        return found

    @pytest.fixture(scope="module")
    def catalogue(mock_api_client_module):
        return mock_api_client_module.get("/items/", ["module"])

    def test_one(mock_api_client, login, catalogue):
        assert httpx.get("https://api.test/items/").json() == ["module"]
        assert httpx.post("https://api.test/login/").json() == {"token": "t"}
        mock_api_client.get("/items/", ["test"])
        assert httpx.get("https://api.test/items/").json() == ["test"]
        assert (len(mock_api_client.calls), login.call_count, catalogue.call_count) == (4, 2, 1)

    def test_two(mock_api_client, login, catalogue):
        assert httpx.get("https://api.test/items/").json() == ["module"]
        assert (len(mock_api_client.calls), catalogue.call_count) == (1, 2)

    def test_without_the_tests_own(login):
        assert httpx.post("https://api.test/login/").json() == {"token": "t"}
        with pytest.raises(AssertionError, match="nearest of 2 mocks"):
            httpx.get("https://api.test/nothing/")
"""


def test_clients_of_module_and_session_lie_below_the_tests(run, pytester):
    """What they answer stays; a miss fails its test, whichever client the test asked for."""
    pytester.makepyfile(
        test_zz_other=textwrap.dedent(
            """
            import httpx, pytest

            def test_other_module(mock_api_client, mock_api_client_session):
                assert httpx.post("https://api.test/login/").json() == {"token": "t"}
                assert len(mock_api_client_session.mocks) == 1
                with mock_api_client.expect_unmatched():
                    httpx.get("https://api.test/items/")
            """
        )
    )
    result = run(LAYERS)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*_ test_without_the_tests_own _*", "the test passed, but the program *"])


def test_a_miss_around_the_tests_of_a_module_is_an_error_there(run):
    """Its fixtures' set-up and end have a verdict too."""
    result = run(
        """
        import httpx, pytest

        def swallow(path):
            try: httpx.get(f"https://nope.test/{path}")
            except AssertionError: pass

        @pytest.fixture(scope="module")
        def end(mock_api_client_module):
            mock_api_client_module.get("/must/", required=True)
            yield
            swallow("end")

        def test_it(end): pass
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_it*", "E*no mock answers GET https://nope.test/end"])


def test_a_fixture_of_wider_scope_is_told_of_the_wider_clients(run):
    """The mistake has its cure in the message."""
    result = run(
        """
        import pytest

        @pytest.fixture(scope="module")
        def wide(mock_api_client):
            mock_api_client.get("/x/")

        def test_it(wide): pass
        """
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*Use mock_api_client_module or mock_api_client_session there*"])

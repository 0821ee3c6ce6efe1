"""Other mocks of HTTP, and apps under test, beside ours: each serves its own, and no miss is lost.

Every plugin that is installed is loaded in these runs, so each is also a proof that they can be loaded together.
"""

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
    """Run a test module in a process of its own, beside every plugin there is; returns the result."""
    pytester.makeini(INI)

    def run(code, *args):
        pytester.makepyfile(textwrap.dedent(code))
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-rA", *args)

    return run


def reports(result):
    """The phase and outcome of each test, from the short summary: {"test_it": "FAILED"}."""
    rows = [line.split() for line in result.outlines if line.startswith(("PASSED ", "FAILED ", "ERROR "))]
    return {row[1].rpartition("::")[2]: row[0] for row in rows}


# -- respx, and its twin for httpx2


RESPX = """
    import httpx, httpx2, pytest, respx

    OURS, THEIRS = "https://ours.test/", "https://theirs.test/"

    def check(library, mock, router):
        mock.add_mock_response(OURS, body="ours")
        theirs = router.get(THEIRS).respond(text="theirs")
        assert library.get(OURS).text == "ours"
        assert library.get(THEIRS).text == "theirs"
        assert theirs.call_count == 1
        assert [call.url for call in mock.calls] == [OURS]
        assert [(call.url, call.outcome) for call in mock.history] == [(OURS, "answered"), (THEIRS, "passed")]
        assert mock.unmatched == []

    async def acheck(library, mock, router):
        mock.add_mock_response(OURS, body="ours")
        router.get(THEIRS).respond(text="theirs")
        async with library.AsyncClient() as client:
            assert (await client.get(OURS)).text == "ours"
            assert (await client.get(THEIRS)).text == "theirs"
        assert mock.unmatched == []
"""


def test_respx_and_ours_each_serve_their_own_in_one_test(run):
    """Whichever fixture comes first, sync and async, for both libraries; and each serves its tests alone."""
    code = textwrap.dedent(RESPX)
    for library, fixture in (("httpx", "respx_mock"), ("httpx2", "httpx2_mock")):
        for order in (f"mock_api_client, {fixture}", f"{fixture}, mock_api_client"):
            name = f"{library}_{order.split(',')[0]}"
            code += textwrap.dedent(
                f"""
                def test_{name}_first({order}):
                    check({library}, mock_api_client, {fixture})

                async def test_{name}_first_async({order}):
                    await acheck({library}, mock_api_client, {fixture})

                @respx.mock(using="{"httpcore" if library == "httpx" else "httpcore2"}")
                def test_{name}_decorator(mock_api_client, respx_mock):
                    check({library}, mock_api_client, respx_mock)
                """
            )
    code += textwrap.dedent(
        """
        @pytest.mark.respx(base_url="https://theirs.test")
        def test_respx_alone(respx_mock):
            respx_mock.get("/").respond(text="theirs")
            assert httpx.get(THEIRS).text == "theirs"

        def test_ours_alone(mock_api_client):
            mock_api_client.add_mock_response(OURS, body="ours")
            assert httpx.get(OURS).text == httpx2.get(OURS).text == "ours"
        """
    )
    run(code).assert_outcomes(passed=14)


def test_a_request_that_neither_respx_nor_ours_knows_fails_its_test(run):
    """For the library whose router is on, and for the other one, whose requests must not leave either."""
    result = run(
        """
        import httpx, httpx2, pytest

        def swallow(library, url):
            try: library.get(url)
            except Exception: pass

        @pytest.mark.respx(assert_all_called=False)
        def test_own(mock_api_client, respx_mock): swallow(httpx, "https://nope.test/1")

        @pytest.mark.respx(assert_all_called=False)
        def test_other(mock_api_client, respx_mock): swallow(httpx2, "https://nope.test/2")

        def test_twin(mock_api_client, httpx2_mock): swallow(httpx2, "https://nope.test/3")

        def test_twins_other(httpx2_mock, mock_api_client): swallow(httpx, "https://nope.test/4")

        def test_unused_route_of_respx_is_still_respxs_to_tell(mock_api_client):
            import respx
            with respx.mock() as router:
                router.get("https://theirs.test/")

        def test_control(mock_api_client, respx_mock): pass
        """
    )
    result.assert_outcomes(failed=5, passed=1)
    for number in range(1, 5):
        result.stdout.fnmatch_lines([f"*no mock answers GET https://nope.test/{number}"])
    result.stdout.fnmatch_lines(["*some routes were not called*"])


# -- pytest-httpx


def test_pytest_httpx_wins_while_its_fixture_is_on(run):
    """It answers httpx then, in whichever order they are named; what it is told not to mock, and httpx2, is ours.

    Only who asks for ours by name, in the middle of a test, puts it on top.
    """
    run(
        """
        import httpx, httpx2, pytest

        URL = "https://api.test/"

        def check(mock, httpx_mock):
            mock.add_mock_response(URL, body="ours")
            httpx_mock.add_response(url=URL, text="theirs")
            assert httpx.get(URL).text == "theirs"
            assert httpx2.get(URL).text == "ours"
            assert [call.library for call in mock.calls] == ["httpx2"]

        def test_ours_first(mock_api_client, httpx_mock): check(mock_api_client, httpx_mock)

        def test_theirs_first(httpx_mock, mock_api_client): check(mock_api_client, httpx_mock)

        def test_ours_late(httpx_mock, request):
            httpx_mock.add_response(text="theirs")
            assert httpx.get(URL).text == "theirs"
            request.getfixturevalue("mock_api_client").add_mock_response(URL, body="ours")
            assert httpx.get(URL).text == "ours"

        def test_theirs_late(mock_api_client, request):
            mock_api_client.add_mock_response(URL, body="ours")
            assert httpx.get(URL).text == "ours"
            httpx_mock = request.getfixturevalue("httpx_mock")
            httpx_mock.add_response(text="theirs")
            assert httpx.get(URL).text == "theirs"

        @pytest.mark.httpx_mock(should_mock=lambda request: request.url.host == "theirs.test")
        async def test_each_its_own(mock_api_client, httpx_mock):
            httpx_mock.add_response(text="theirs")
            mock_api_client.add_mock_response("/", body="ours")
            async with httpx.AsyncClient() as client:
                assert (await client.get("https://theirs.test/")).text == "theirs"
                assert (await client.get("https://ours.test/")).text == "ours"

        def test_theirs_alone(httpx_mock):
            httpx_mock.add_response(text="theirs")
            assert httpx.get(URL).text == "theirs"

        def test_ours_alone(mock_api_client):
            mock_api_client.add_mock_response(URL, body="ours")
            assert httpx.get(URL).text == "ours"
        """
    ).assert_outcomes(passed=7)


def test_misses_beside_pytest_httpx_fail_their_tests(run):
    """Its own are its own to tell; ours are told whether its fixture was used before or not."""
    result = run(
        """
        import httpx, httpx2, pytest

        def swallow(library):
            try: library.get("https://nope.test/")
            except Exception: pass

        def test_before(httpx_mock): pass

        def test_ours(mock_api_client): swallow(httpx)

        def test_other_library(httpx_mock, mock_api_client): swallow(httpx2)

        @pytest.mark.httpx_mock(should_mock=lambda request: False)
        def test_not_theirs(httpx_mock, mock_api_client): swallow(httpx)
        """
    )
    result.assert_outcomes(passed=1, failed=3)
    assert result.stdout.str().count("swallowed the error") >= 3


# -- one library under the name of the other


def test_an_alias_in_the_conftest_makes_both_names_one(run, pytester):
    """Loading our plugin has not imported httpx by then; the three others that would have are turned off."""
    pytester.makeconftest(
        """
        import sys
        assert "mockapi.plugin" in sys.modules
        assert not {"httpx", "httpcore", "httpx2", "respx"} & set(sys.modules)
        import httpx2
        httpx2.alias_httpx()
        """
    )
    code = """
        import httpx, httpx2

        def test_both_names(mock_api_client):
            assert httpx is httpx2
            found = mock_api_client.add_mock_response("/x", body=1)
            assert httpx.get("https://api.test/x").json() == 1
            assert found.call_count == 1
            assert isinstance(found.last.request, httpx2.Request)

        async def test_async_and_errors(mock_api_client):
            mock_api_client.add_mock_response("/x", body=httpx.ReadTimeout)
            async with httpx.AsyncClient() as client:
                try: await client.get("https://api.test/x")
                except httpx2.ReadTimeout as error: assert error.request.url == "https://api.test/x"
                else: assert False

        def test_respx_below(mock_api_client):
            import respx
            with respx.mock() as router:
                router.get("https://theirs.test/").respond(text="theirs")
                assert httpx.get("https://theirs.test/").text == "theirs"

        def test_miss(mock_api_client):
            try: httpx.get("https://nope.test/")
            except Exception: pass
    """
    off = [argument for name in ("respx", "pytest_httpx", "pytest_httpx2") for argument in ("-p", f"no:{name}")]
    result = run(code, *off)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*no mock answers GET https://nope.test/"])


# -- an app under test, which calls others itself


APP = """
    import httpx, httpx2, pytest
    from fastapi import FastAPI, HTTPException
    from fastapi.responses import JSONResponse
    from fastapi.testclient import TestClient

    app, handled = FastAPI(), FastAPI()
    libraries = {"httpx": httpx, "httpx2": httpx2}

    @app.get("/sync/{name}")
    def sync(name: str):
        return libraries[name].get("https://up.test/x").json()

    @app.get("/async/{name}")
    async def async_(name: str):
        async with libraries[name].AsyncClient() as client:
            return (await client.get("https://up.test/x")).json()

    @app.get("/swallows/{name}")
    async def swallows(name: str):
        try: return await async_(name)
        except Exception: return "fallback"

    @handled.exception_handler(Exception)
    async def on_error(request, error):
        return JSONResponse({"error": "handled"}, 500)

    handled.include_router(app.router)

    @pytest.fixture
    def client():
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client

    SHAPES = pytest.mark.parametrize("shape", ["sync", "async"])
    LIBRARIES = pytest.mark.parametrize("name", ["httpx", "httpx2"])
"""


def test_an_app_behind_fastapis_test_client_is_served_upstream(run):
    """Its endpoints call with either library, in a worker thread or async; what the test client asks is not ours."""
    code = """
        @SHAPES
        @LIBRARIES
        def test_it(mock_api_client, client, shape, name):
            mock_api_client.add_mock_response("https://up.test/x", body={"up": name})
            assert client.get(f"/{shape}/{name}").json() == {"up": name}
            assert [(call.library, call.url) for call in mock_api_client.calls] == [(name, "https://up.test/x")]

        @SHAPES
        def test_client_made_first(client, mock_api_client, shape):
            mock_api_client.add_mock_response("https://up.test/x", body=1)
            assert client.get(f"/{shape}/httpx").json() == 1

        @SHAPES
        @LIBRARIES
        async def test_from_an_async_test(mock_api_client, shape, name):
            mock_api_client.add_mock_response("https://up.test/x", body=2)
            transport = libraries[name].ASGITransport(app=app)
            async with libraries[name].AsyncClient(transport=transport, base_url="http://app.test") as client:
                assert (await client.get(f"/{shape}/{name}")).json() == 2
    """
    run(textwrap.dedent(APP) + textwrap.dedent(code)).assert_outcomes(passed=10)


def test_a_miss_inside_the_app_fails_the_test(run):
    """Swallowed by the endpoint, by a handler, or turned into a 500 by the server; the next test is clean."""
    code = """
        @SHAPES
        @LIBRARIES
        def test_server_error(mock_api_client, client, shape, name):
            assert client.get(f"/{shape}/{name}").status_code == 500

        @SHAPES
        @LIBRARIES
        def test_handler(mock_api_client, shape, name):
            with TestClient(handled, raise_server_exceptions=False) as client:
                assert client.get(f"/{shape}/{name}").json() == {"error": "handled"}

        @LIBRARIES
        def test_endpoint(mock_api_client, client, name):
            assert client.get(f"/swallows/{name}").json() == "fallback"

        def test_raised(mock_api_client):
            TestClient(app).get("/async/httpx")

        def test_next(mock_api_client, client):
            mock_api_client.add_mock_response("https://up.test/x", body=1)
            assert client.get("/sync/httpx").json() == 1
    """
    result = run(textwrap.dedent(APP) + textwrap.dedent(code))
    result.assert_outcomes(failed=11, passed=1)
    assert {name for name, outcome in reports(result).items() if outcome == "PASSED"} == {"test_next"}
    result.stdout.fnmatch_lines(["*swallowed the error:*", "*  sent from  *:* in sync   (httpx, Client)*"])


def test_a_test_client_that_is_kept_for_the_session_serves_every_test(run):
    """Its thread was started before any test, so it belongs to none: the test that runs answers."""
    code = """
        kept = []

        @pytest.fixture(scope="session")
        def session_client():
            with TestClient(app, raise_server_exceptions=False) as client:
                yield client

        @pytest.mark.parametrize("number", [1, 2])
        def test_it(session_client, mock_api_client, number):
            mock_api_client.add_mock_response("/x", body=number)
            assert session_client.get("/sync/httpx").json() == session_client.get("/async/httpx2").json() == number

        def test_miss(session_client, mock_api_client):
            session_client.get("/async/httpx")

        def test_after_it(session_client, mock_api_client):
            mock_api_client.add_mock_response("/x", body=3)
            assert session_client.get("/async/httpx").json() == 3
    """
    result = run(textwrap.dedent(APP) + textwrap.dedent(code))
    result.assert_outcomes(failed=1, passed=3)
    assert reports(result)["test_miss"] == "FAILED"

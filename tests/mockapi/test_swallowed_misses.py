"""A program that swallows the error of a request without a mock does not make its test pass: twelve ways to try.

Each in both libraries; each must fail its own test, in the call phase, with its own request in the report.
"""

import json
import textwrap

import pytest

INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""

# writes down what pytest reports, for words in a terminal say little about phases
CONFTEST = """
    import json, pathlib

    def pytest_runtest_logreport(report):
        row = [report.nodeid.rpartition("::")[2], report.when, report.outcome, report.longreprtext]
        with pathlib.Path("reports.jsonl").open("a") as file:
            print(json.dumps(row), file=file)
"""

HEAD = """
    import asyncio, threading
    import anyio, httpx, httpx2, pytest, trio
    from concurrent.futures import ThreadPoolExecutor
    from fastapi import FastAPI
    from fastapi.responses import PlainTextResponse
    from fastapi.testclient import TestClient

    @pytest.fixture(params=["httpx", "httpx2"])
    def library(request):
        return {"httpx": httpx, "httpx2": httpx2}[request.param]

    @pytest.fixture
    def url(request):
        return "https://nope.test/" + request.node.name.replace("[", "-").rstrip("]") + "/"

    @pytest.fixture(autouse=True)
    def other_mock(mock_api_client):
        mock_api_client.add_mock_response("/other/", body=1)

    async def ask(library, url):
        async with library.AsyncClient() as client:
            return await client.get(url)
"""


@pytest.fixture
def run(pytester):
    """Run a test module in a process of its own; returns {test: {phase: (outcome, text)}}."""

    def run(code):
        pytester.makeini(INI)
        pytester.makeconftest(textwrap.dedent(CONFTEST))
        pytester.makepyfile(textwrap.dedent(HEAD) + textwrap.dedent(code))
        pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:xdist")
        found = {}
        for line in (pytester.path / "reports.jsonl").read_text().splitlines():
            name, when, outcome, text = json.loads(line)
            found.setdefault(name, {})[when] = (outcome, text)
        return found

    return run


def check(reports, ways):
    """Each way failed for its own request in its call phase, and nothing else failed."""
    expected = {f"{way}[{library}]" for way in ways for library in ("httpx", "httpx2")}
    assert {name for name, phases in reports.items() if phases["call"][0] == "failed"} == expected
    for name, phases in reports.items():
        assert [phases[when][0] for when in ("setup", "teardown")] == ["passed", "passed"], (name, phases)
        if name in expected:
            text = phases["call"][1]
            assert f"no mock answers GET https://nope.test/{name.replace('[', '-').rstrip(']')}/" in text
            assert text.count("no mock answers GET") == 1


def test_in_plain_code_and_threads(run):
    """except Exception, a bare except, a retry loop, a thread, an executor."""
    reports = run(
        """
        def test_except_exception(library, url):
            try: library.get(url)
            except Exception: pass

        def test_bare_except(library, url):
            try: library.get(url)
            except: pass

        def test_retry_loop(library, url):
            for attempt in range(3):
                try: return library.get(url)
                except (library.HTTPError, OSError): pass
                except Exception: break

        def test_thread(library, url):
            def go():
                try: library.get(url)
                except Exception: pass
            thread = threading.Thread(target=go)
            thread.start()
            thread.join()

        def test_executor(library, url):
            with ThreadPoolExecutor() as pool: pool.submit(library.get, url)

        def test_control(library):
            try: library.get("https://nope.test/other/").raise_for_status()
            except Exception: pass
        """
    )
    check(reports, ["test_except_exception", "test_bare_except", "test_retry_loop", "test_thread", "test_executor"])


def test_in_tasks(run):
    """gather, a background task, a task group, of asyncio and of trio, and a task that outlives its test."""
    reports = run(
        """
        async def test_gather(library, url):
            await asyncio.gather(ask(library, url), return_exceptions=True)

        async def test_background_task(library, url):
            task = asyncio.create_task(ask(library, url))
            await asyncio.wait([task])
            task.exception()

        async def test_task_group(library, url):
            try:
                async with asyncio.TaskGroup() as group: group.create_task(ask(library, url))
            except* Exception: pass

        async def test_worker_thread(library, url):
            await asyncio.gather(asyncio.to_thread(library.get, url), return_exceptions=True)

        def test_nursery(library, url):
            async def main():
                try:
                    async with trio.open_nursery() as nursery: nursery.start_soon(ask, library, url)
                except* Exception: pass
            trio.run(main)

        kept = []

        async def test_left_behind(library, url):
            async def go():
                for _ in range(5): await asyncio.sleep(0)
                try: await ask(library, url)
                except Exception: pass
            kept.append(asyncio.create_task(go()))

        async def test_after_it(library, mock_api_client):
            assert mock_api_client.unmatched == []

        async def test_control(library):
            kept.append(asyncio.create_task(ask(library, "https://nope.test/other/")))
        """
    )
    check(
        reports,
        [
            "test_gather",
            "test_background_task",
            "test_task_group",
            "test_worker_thread",
            "test_nursery",
            "test_left_behind",
        ],
    )


def test_in_an_app_and_beside_another_failure(run):
    """FastAPI with and without a handler for exceptions; and a failure of the test's own keeps its place."""
    reports = run(
        """
        def app_for(library, url):
            app = FastAPI()
            app.get("/sync")(lambda: library.get(url).text)

            @app.get("/async")
            async def index():
                return (await ask(library, url)).text

            return app

        def test_app(library, url):
            client = TestClient(app_for(library, url), raise_server_exceptions=False)
            assert client.get("/async").status_code == 500

        def test_app_in_its_thread(library, url):
            client = TestClient(app_for(library, url), raise_server_exceptions=False)
            assert client.get("/sync").status_code == 500

        def test_app_with_a_handler(library, url):
            app = app_for(library, url)

            @app.exception_handler(AssertionError)
            async def handle(request, error): return PlainTextResponse("sorry")

            assert TestClient(app).get("/async").text == "sorry"

        def test_another_failure(library, url):
            try: library.get(url)
            except Exception: pass
            assert 1 == 2

        def test_control(library):
            assert TestClient(app_for(library, "https://nope.test/other/")).get("/async").json() == "1"
        """
    )
    check(reports, ["test_app", "test_app_in_its_thread", "test_app_with_a_handler", "test_another_failure"])
    for library in ("httpx", "httpx2"):
        text = reports[f"test_another_failure[{library}]"]["call"][1]
        assert text.index("assert 1 == 2") < text.index("before this failure, requests were sent")

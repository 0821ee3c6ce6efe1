"""The report of a run: what gets into it, from which tests, and where it is written."""

import re
import subprocess
import sys
import textwrap

import msgspec
import pytest
from report_page import Page

from mockapi.report.records import FORMAT, RunRecord

INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""

SHOP = """
    import asyncio
    import httpx, httpx2, pytest
    from mockapi import match_data, match_query

    URL = "https://api.shop.test"

    @pytest.fixture
    def shop(mock_api_client):
        mock_api_client.add_mock_response("/me/", body={})
        mock_api_client.add_mock_response("/flags/", body={})
        return mock_api_client

    async def test_both_libraries(shop):
        async with httpx.AsyncClient() as one, httpx2.AsyncClient() as two:
            await asyncio.gather(one.get(f"{URL}/me/"), two.get(f"{URL}/me/"))

    def test_a_miss(shop):
        shop.add_mock_response("/orders/", method="POST", match=[match_data({"sku": "B-2"})])
        httpx.post(f"{URL}/orders/?token=hunter2", json={"sku": "B-02"}, headers={"authorization": "hunter2"})

    def test_a_swallowed_miss(shop):
        try:
            httpx.get("https://me:hunter2@api.shop.test/<script>alert(1)</script>/")
        except AssertionError:
            pass

    def test_an_error_of_the_mock(shop):
        shop.add_mock_response("/down/", body=httpx.ConnectError("no route to &lt;host&gt; ?password=hunter2"))
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{URL}/down/")

    def test_another_failure(shop):
        httpx.get(f"{URL}/me/")
        assert shop is None

    def test_used_up(shop):
        shop.add_mock_response("/once/", times=1)
        for _ in range(2):
            httpx.get(f"{URL}/once/")

    def test_covered(shop):
        shop.add_mock_response("/old/")
        shop.add_mock_response("/old/", method=["GET", "POST"])
        httpx.get(f"{URL}/old/")

    def test_impossible(shop):
        shop.add_mock_response("/x/", match=[match_query({"a": 1}), match_query({"a": 2})])

    @pytest.mark.xfail(strict=True)
    def test_known_fault(shop):
        assert shop is None

    def test_broken_teardown(shop, request):
        httpx.get(f"{URL}/me/")
        request.addfinalizer(lambda: httpx.get(f"{URL}/later/"))

    def test_elsewhere():
        pass
"""


class Run:
    """A suite that ran with a report."""

    def __init__(self, directory, code, *args):
        (directory / "pytest.ini").write_text(INI)
        (directory / "test_shop.py").write_text(textwrap.dedent(code))
        plugins = ["-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:cov"]
        reports = ["--mockapi-report=out/run.html", "--mockapi-report=out/run.json"]
        command = [sys.executable, "-m", "pytest", *plugins, *reports, *args]
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
        self.output = done.stdout + done.stderr
        self.code = done.returncode
        self.html = (directory / "out" / "run.html").read_text(encoding="utf-8")
        self.json = (directory / "out" / "run.json").read_bytes()
        self.record = msgspec.json.decode(self.json, type=RunRecord)
        self.page = Page(self.html)
        self.tests = {test.name.partition("::")[2]: test for test in self.record.tests}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The suite above, run once."""
    return Run(tmp_path_factory.mktemp("shop"), SHOP, "-p", "no:xdist")


# -- the records


def test_the_json_file_is_the_record_of_the_run(shop):
    """Machines read it with the types that made it, and nothing is lost on the way."""
    assert msgspec.json.decode(msgspec.json.encode(shop.record), type=RunRecord) == shop.record
    assert msgspec.json.encode(shop.record) == shop.json.rstrip()
    assert shop.record.format == FORMAT
    assert shop.record.started < shop.record.ended


def test_each_test_has_the_outcome_that_pytest_gave_it(shop):
    """Also the one whose teardown failed; and a test without the client is only counted."""
    outcomes = {name: test.outcome for name, test in shop.tests.items()}
    assert outcomes == {
        "test_both_libraries": "passed",
        "test_a_miss": "failed",
        "test_a_swallowed_miss": "failed",
        "test_an_error_of_the_mock": "passed",
        "test_another_failure": "failed",
        "test_used_up": "failed",
        "test_covered": "passed",
        "test_impossible": "passed",
        "test_known_fault": "xfailed",
        "test_broken_teardown": "error",
    }
    assert shop.record.summary.other_tests == 1


def test_the_summary_counts_tests_requests_libraries_and_mocks(shop):
    """Each figure is one that a reader can count in the file."""
    summary = shop.record.summary
    assert summary.tests == {"passed": 4, "failed": 4, "xfailed": 1, "error": 1}
    assert summary.requests == {"answered": 6, "unmatched": 4, "failed": 1}
    assert summary.libraries == {"httpx": 10, "httpx2": 1}
    assert summary.mocks == sum(len(test.mocks) for test in shop.record.tests)
    assert summary.mocks_hit == 6


def test_a_request_names_its_mock_its_line_and_its_status(shop):
    """What a reader wants to know of each."""
    test = shop.tests["test_another_failure"]
    (request,) = test.requests
    (mock,) = [mock for mock in test.mocks if mock.number == request.mock]
    assert (request.method, request.url, request.outcome) == ("GET", "https://api.shop.test/me/", "answered")
    assert (request.status, request.library, request.client) == (200, "httpx", "Client")
    assert re.fullmatch(r"test_shop.py:\d+ in test_another_failure", request.source)
    assert (mock.name, mock.hits) == ("GET /me/", 1)
    assert re.fullmatch(r"test_shop.py:\d+", mock.source)
    assert re.fullmatch(r"test_shop.py:\d+", test.failed_at)


def test_a_miss_is_there_with_its_whole_explanation(shop):
    """Swallowed or not."""
    (request,) = shop.tests["test_a_miss"].requests
    assert (request.outcome, request.status, request.mock) == ("unmatched", None, None)
    assert "sku   expected 'B-2'   got 'B-02'" in request.problem
    (request,) = shop.tests["test_a_swallowed_miss"].requests
    assert request.problem.startswith("no mock answers GET https://")


def test_an_error_that_a_mock_raised_is_no_miss(shop):
    """It was asked for."""
    (request,) = shop.tests["test_an_error_of_the_mock"].requests
    assert (request.outcome, request.status, request.problem) == ("failed", None, "")
    assert request.error.startswith("ConnectError: no route to")


def test_no_secret_gets_into_the_files(shop):
    """Neither from a URL, nor a header, nor the text of an error."""
    assert "hunter2" not in shop.html
    assert b"hunter2" not in shop.json
    assert "https://***@api.shop.test" in shop.page.text


def test_findings_name_the_line_and_the_tests(shop):
    """One finding for each line, the gravest first."""
    found = [(finding.kind, finding.names) for finding in shop.record.findings]
    assert found == [
        ("impossible", ("GET /x/",)),
        ("used_up", ("GET /once/",)),
        ("shadowed", ("GET /old/",)),
        ("never_used", ("GET /flags/",)),
    ]
    assert shop.record.findings[0].tests == ("test_shop.py::test_impossible",)
    assert len(shop.record.findings[3].tests) == 10


def test_a_hypothesis_test_tells_of_its_last_example_and_counts_the_others(tmp_path):
    """A hundred examples are not a hundred tables, but a mock that answered in one of them is used."""
    code = """
        import httpx
        from hypothesis import given, settings, strategies as st

        @settings(max_examples=10, derandomize=True, database=None)
        @given(st.integers())
        def test_examples(mock_api_client, n):
            mock_api_client.add_mock_response("/n/")
            if n == 0:
                mock_api_client.add_mock_response("/zero/")
                httpx.get("https://api.test/zero/")
            httpx.get("https://api.test/n/")
    """
    run = Run(tmp_path, code, "-p", "no:xdist")
    test = run.tests["test_examples"]
    assert run.record.summary.libraries == {"httpx": test.request_count}
    assert test.examples == 10
    assert 1 <= len(test.requests) <= 2
    assert test.request_count > 10
    assert {mock.name: mock.hits for mock in test.mocks}["GET /n/"] == 10
    assert sum(mock.hits for mock in test.mocks if mock.name == "GET /zero/") >= 1


def test_mocks_that_live_longer_are_told_of_where_they_answer(tmp_path):
    """And at the first test that could use them, so that one which no test needs is found."""
    code = """
        import httpx, pytest

        @pytest.fixture(scope="session", autouse=True)
        def api(mock_api_client_session):
            mock_api_client_session.add_mock_response("/me/")
            mock_api_client_session.add_mock_response("/nobody/")

        def test_asks_nothing(mock_api_client):
            pass

        def test_asks(mock_api_client):
            mock_api_client.add_mock_response("/own/")
            httpx.get("https://api.test/own/")
            httpx.get("https://api.test/me/")

        def test_asks_in_a_scope(mock_api_client):
            with mock_api_client.scope() as scope:
                scope.add_mock_response("/scope/")
                httpx.get("https://api.test/scope/")
    """
    run = Run(tmp_path, code, "-p", "no:xdist")
    told = {name: [(mock.name, mock.hits) for mock in test.mocks] for name, test in run.tests.items()}
    assert told == {
        "test_asks_nothing": [("GET /me/", 0), ("GET /nobody/", 0)],
        "test_asks": [("GET /me/", 1), ("GET /own/", 1)],
        "test_asks_in_a_scope": [("GET /scope/", 1)],
    }
    assert [(finding.kind, finding.names) for finding in run.record.findings] == [("never_used", ("GET /nobody/",))]
    assert [request.mock for request in run.tests["test_asks"].requests] == [2, 1]


def test_requests_after_the_end_of_their_test_are_told(tmp_path):
    """They belong to no test, and are not lost."""
    code = """
        import threading, httpx
        go, gone = threading.Event(), threading.Event()

        def test_leaves_a_thread_behind(mock_api_client):
            import contextvars
            def late():
                go.wait(10)
                try: httpx.get("https://late.test/?token=hunter2")
                except AssertionError: pass
                gone.set()
            threading.Thread(target=contextvars.copy_context().run, args=(late,)).start()

        def test_runs_then(mock_api_client):
            go.set()
            assert gone.wait(10)
    """
    run = Run(tmp_path, code, "-p", "no:xdist")
    (late,) = run.record.late
    assert "GET https://late.test/?token=***" in late
    assert "test_leaves_a_thread_behind" in late
    assert "After the end of their test" in run.page.text


def test_a_problem_that_is_no_missing_mock_has_its_name(tmp_path):
    """A matcher that raises, for one."""
    code = """
        import httpx

        def broken(request):
            raise KeyError("api_key=hunter2")

        def test_it(mock_api_client):
            mock_api_client.add_mock_response("/a/", match=[broken])
            httpx.get("https://api.test/a/")
    """
    run = Run(tmp_path, code, "-p", "no:xdist")
    (request,) = run.tests["test_it"].requests
    assert (request.outcome, request.error) == ("unmatched", "MatcherError")
    assert "MatcherError" in run.page.text


# -- workers


def test_workers_send_their_records_to_the_one_report(tmp_path):
    """Every test is there once, with its worker."""
    run = Run(tmp_path, SHOP, "-n", "2")
    assert {test.name: test.outcome for test in run.record.tests}.keys() == {
        f"test_shop.py::{name}" for name in run.tests
    }
    assert run.record.summary.tests == {"passed": 4, "failed": 4, "xfailed": 1, "error": 1}
    assert run.record.summary.other_tests == 1
    assert {test.worker for test in run.record.tests} == {"gw0", "gw1"}
    assert re.search(r"written to .*run\.html", run.output)


def test_a_worker_that_crashes_takes_only_its_last_test_along(tmp_path):
    """What the others sent is in the report, and what is missing is said."""
    code = """
        import os, httpx
        def test_before(mock_api_client):
            mock_api_client.add_mock_response("/")
            httpx.get("https://api.test/")
        def test_crash(mock_api_client):
            os._exit(1)
    """
    run = Run(tmp_path, code, "-n", "1", "--max-worker-restart", "0")
    assert run.tests["test_before"].outcome == "passed"
    assert len(run.tests["test_before"].requests) == 1
    (lost,) = run.record.lost
    assert lost.startswith("The worker gw0 crashed")
    assert lost in run.page.text


# -- the page


def test_the_page_is_well_formed_and_needs_nothing_else(shop):
    """One file: no address to load anything from, and an id only once."""
    ids = [attributes["id"] for _, attributes in shop.page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert not [attributes for _, attributes in shop.page.elements if "src" in attributes]
    links = [attributes["href"] for _, attributes in shop.page.elements if "href" in attributes]
    assert all(link.startswith(("#", "data:")) for link in links)
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert "url(" not in shop.html
    assert "@import" not in shop.html


def test_what_was_sent_is_text_in_the_page(shop):
    """A URL with a tag in it makes no element, and an entity in an error stays as it was written."""
    assert len(shop.page.all("script")) == 1
    assert "no route to &lt;host&gt;" in shop.page.text
    assert "alert(1)" in shop.page.text


def test_the_page_can_be_read_without_its_script(shop):
    """Everything is there and can be opened; only the filter waits for the script."""
    entries = shop.page.all("details", class_="entry")
    assert len(entries) == len(shop.record.tests)
    assert [entry["data-outcome"] for entry in entries if "open" in entry] == ["failed"] * 4 + ["error"]
    hidden = {attributes.get("id") for _, attributes in shop.page.elements if "hidden" in attributes}
    assert hidden == {"filter", "nothing"}
    assert "sku   expected 'B-2'   got 'B-02'" in shop.page.text


def test_the_page_has_a_way_for_the_keyboard_and_for_readers_aloud(shop):
    """A link to skip the head, labels for fields, heads for tables, and words for bars."""
    assert shop.page.all("a", class_="skip") == [{"href": "#tests", "class": "skip"}]
    assert shop.page.all("html") == [{"lang": "en"}]
    assert all("scope" in head for head in shop.page.all("th"))
    assert all(bar["aria-label"] for bar in shop.page.all("span", class_="lane"))
    assert len(shop.page.all("label")) == len(shop.page.all("input")) + len(shop.page.all("select"))


def test_an_empty_run_is_a_page_too(tmp_path):
    """No test ran, or none used the client."""
    run = Run(tmp_path, "def test_elsewhere(): pass", "-p", "no:xdist")
    assert run.record.tests == ()
    assert "No test used the mock client." in run.page.text
    assert "0 requests of 0 tests, 0 not answered" in run.output


# -- the option


@pytest.fixture
def run(pytester):
    """Run one passing test with options; returns the result."""
    pytester.makeini(INI)
    pytester.makepyfile("def test_it(mock_api_client): print('it ran')")

    def run(*args):
        return pytester.runpytest_subprocess("-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", *args)

    return run


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("report.txt", "ends in neither .html nor .json"),
        ("test.html/", "is a directory"),
        ("tox.ini/report.html", "cannot be written"),
    ],
)
def test_a_path_that_cannot_be_written_is_refused_before_the_tests(run, pytester, path, said):
    """Not after an hour of tests."""
    pytester.mkdir("test.html")
    result = run(f"--mockapi-report={path}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    text = result.stderr.str()
    assert f"--mockapi-report={path}" in text
    assert said in text.lower()
    assert "it ran" not in result.stdout.str()


def test_a_directory_that_is_missing_is_made(run, pytester):
    """As pytest does it for its own reports."""
    result = run("--mockapi-report=some/where/report.json")
    assert result.ret == 0
    assert msgspec.json.decode((pytester.path / "some/where/report.json").read_bytes(), type=RunRecord).tests


def test_collecting_alone_writes_nothing(run, pytester):
    """An older report stays."""
    (pytester.path / "report.json").write_text("the older one")
    assert run("--mockapi-report=report.json", "--collect-only").ret == 0
    assert (pytester.path / "report.json").read_text() == "the older one"


def test_a_report_that_cannot_be_written_in_the_end_is_said(run, pytester):
    """The directory went while the tests ran: their result counts, and the line says what is missing."""
    pytester.makepyfile("import shutil\ndef test_it(mock_api_client): shutil.rmtree('out')")
    result = run("--mockapi-report=out/report.html")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["not written: */out/report.html (No such file or directory)"])


def test_without_the_option_nothing_of_the_report_is_loaded(run, pytester):
    """Who does not ask for it does not pay for it."""
    pytester.makepyfile(
        """
        import sys
        def test_it(mock_api_client):
            assert not [name for name in sys.modules if name.startswith("mockapi.report")]
        """
    )
    assert run().ret == 0


def test_the_option_leaves_room_for_an_alias_of_httpx(run, pytester):
    """The report loads no HTTP library before a test asks for the client."""
    pytester.makeconftest("import sys\nassert not {'httpx', 'httpx2', 'respx'} & set(sys.modules)")
    pytester.mkdir("sub")
    (pytester.path / "sub" / "conftest.py").write_text(
        "import sys\nassert not {'httpx', 'httpx2', 'respx'} & set(sys.modules)"
    )
    (pytester.path / "sub" / "test_sub.py").write_text("def test_it(mock_api_client): pass")
    plugins = ("-p", "no:pytest_httpx", "-p", "no:httpx2", "-p", "no:respx", "-p", "no:anyio")
    assert run("--mockapi-report=report.html", *plugins).ret == 0


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_a_test_that_failed_shows_what_happened_to_its_queries(tmp_path, workers):
    """The time line of pytest's own report, also from a worker; a test that passed has none."""
    found = Run(
        tmp_path,
        """
        from query import query_options

        async def read(mock_api_client, client):
            mock_api_client.get("https://api.test/projects/", ["<b>Apollo</b>"])

            async def load(context):
                import httpx
                async with httpx.AsyncClient() as http:
                    return (await http.get("https://api.test/projects/")).json()

            return await client.fetch_query(query_options(query_key=("projects",), query_fn=load))

        async def test_passes(mock_api_client, make_test_query_client):
            assert await read(mock_api_client, make_test_query_client())

        async def test_fails(mock_api_client, make_test_query_client):
            assert not await read(mock_api_client, make_test_query_client())
        """,
        *(workers or ("-p", "no:xdist")),
        "-o",
        "asyncio_mode=auto",
    )
    assert found.tests["test_passes"].queries == ()
    told = [line[12:] for line in found.tests["test_fails"].queries[1:]]
    assert told == [
        '["projects"]   added',
        '["projects"]   fetch',
        "GET https://api.test/projects/   sent",
        "GET https://api.test/projects/   200",
        "[\"projects\"]   success: ['<b>Apollo</b>']",
    ]
    assert "What happened to its queries" in found.html
    assert "&lt;b&gt;Apollo&lt;/b&gt;" in found.html

"""A test session that records: what is written where, and what is left alone."""

import json
import textwrap

import pytest
from shop_server import running_shop

# imported here: what a run inside this process imports first, it forgets at its end
from mockapi import lifecycle  # noqa: F401
from mockapi.recorder import session  # noqa: F401
from mockapi.recorder.module_file import RecordedModule


@pytest.fixture
def shop():
    with running_shop() as shop:
        yield shop


@pytest.fixture
def run(pytester, shop, monkeypatch):
    """Run test modules, recording below "recorded"."""
    monkeypatch.setenv("SHOP", shop.url)

    def run(code=None, *args, options=("--mockapi-record=recorded",), **modules):
        if code is not None:
            modules["test_shop"] = code
        head = "import os, httpx, pytest\nURL = os.environ['SHOP']\n"
        for name, text in modules.items():
            path = pytester.path / f"{name}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(head + textwrap.dedent(text))
        # in this process, which is quicker, unless there are others anyway
        start = pytester.runpytest_subprocess if "-n" in args else pytester.runpytest_inprocess
        unused = [
            part for name in ("cacheprovider", "cov", "hypothesispytest", "asyncio") for part in ("-p", f"no:{name}")
        ]
        return start(*unused, *options, *args)

    return run


@pytest.fixture
def recorded(pytester):
    """The text of a recorded module."""
    return lambda name="shop": (pytester.path / "recorded" / f"{name}.py").read_text(encoding="utf-8")


TWO = """
    def test_text(mock_api_client):
        assert httpx.get(f"{URL}/text").status_code == 200

    def test_gzip():
        assert httpx.get(f"{URL}/gzip").status_code == 200
"""


def test_each_test_gets_a_function_in_the_file_of_its_module(run, recorded):
    """Also a test that does not name the fixture; a test that sends nothing gets none."""
    result = run(TWO + "\n    def test_nothing(): pass\n")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*mockapi recording*", "recorded/shop.py: 2 tests, 2 exchanges"])
    text = recorded()
    assert text.index("def gzip(") < text.index("def text(")
    assert "nothing" not in text


def test_what_a_mock_answers_is_not_recorded(run, recorded, shop):
    """Neither it nor what goes to hosts that are allowed in every run."""
    run(
        """
        def test_text(mock_api_client):
            mock_api_client.add_mock_response("/mine/", body=1)
            httpx.get(f"{URL}/mine/")
            httpx.get(f"{URL}/text")

        @pytest.mark.mockapi(allow=["127.0.0.1"])
        def test_allowed(mock_api_client):
            httpx.get(f"{URL}/gzip")
        """
    ).assert_outcomes(passed=2)
    assert shop.seen == ["GET /text", "GET /gzip"]
    assert "/mine/" not in recorded()
    assert "/gzip" not in recorded()


def test_nothing_to_record_is_said(run, pytester):
    """No file is written for it."""
    run("def test_nothing(): pass").stdout.fnmatch_lines(
        ["nothing was recorded: every request was answered by a mock*"]
    )
    assert not (pytester.path / "recorded").exists()


def test_workers_of_xdist_write_one_file(run, recorded):
    """The same as one process would."""
    code = "".join(f"def test_{name}():\n    httpx.get(f'{{URL}}/{path}')\n" for name, path in PATHS)
    run(code).assert_outcomes(passed=4)
    alone = recorded()
    run(code, "-n", "2").assert_outcomes(passed=4)
    assert recorded() == alone
    assert alone.count("def ") == 4


PATHS = [("one", "text"), ("two", "gzip"), ("three", "logo.png"), ("four", "latin")]


def test_a_run_of_some_tests_keeps_the_functions_of_the_others(run, recorded):
    """A recording can be made anew test by test."""
    run(TWO)
    before = recorded()
    run(None, "-k", "gzip").assert_outcomes(passed=1, deselected=1)
    assert recorded() == before


def test_an_edited_file_is_left_alone_and_the_run_fails(run, recorded, pytester):
    """What was recorded now lies beside it, so nothing is lost."""
    run(TWO)
    path = pytester.path / "recorded" / "shop.py"
    edited = recorded().replace('{"packed": True}', '{"packed": False}')
    path.write_text(edited)
    result = run(None)
    assert result.ret == 1
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "recorded/shop_new.py: 2 tests, 2 exchanges",
            "recorded/shop.py was edited since it was recorded: it was left as it is.",
            "  Recorded now: recorded/shop_new.py. Take over what you need, or run with --mockapi-update to *.",
        ]
    )
    assert recorded() == edited
    assert '{"packed": True}' in recorded("shop_new")


def test_an_edited_file_is_overwritten_when_that_is_asked_for(run, recorded, pytester):
    """Test by test: what stands beside the functions that are recorded anew is kept."""
    run(TWO)
    path = pytester.path / "recorded" / "shop.py"
    text = recorded().replace('{"packed": True}', '{"packed": False}')
    text = text.replace("from mockapi import MockApiClient\n", "from mockapi import MockApiClient\nimport string\n")
    path.write_text(text + "\n\n# a helper\nLETTERS = string.ascii_letters\n")
    result = run(None, "-k", "gzip", options=("--mockapi-record=recorded", "--mockapi-update"))
    assert result.ret == 0
    text = recorded()
    assert '{"packed": True}' in text
    assert "def text(" in text
    assert "import string\n" in text
    assert "# a helper\nLETTERS = string.ascii_letters\n" in text
    assert not RecordedModule(path).is_edited


def test_a_file_that_is_no_recording_is_never_overwritten(run, recorded, pytester):
    """Whatever is asked for."""
    (pytester.path / "recorded").mkdir()
    (pytester.path / "recorded" / "shop.py").write_text("ANSWER = 42\n")
    result = run(TWO, options=("--mockapi-record=recorded", "--mockapi-update"))
    assert result.ret == 1
    result.stdout.fnmatch_lines(["recorded/shop.py is no recording: it was left as it is."])
    assert recorded() == "ANSWER = 42\n"
    assert "def gzip(" in recorded("shop_new")


def test_an_edited_body_beside_the_file_counts_as_an_edit(run, pytester):
    """It would be overwritten as well."""
    code = "def test_logo():\n    httpx.get(f'{URL}/logo.png')\n"
    run(code)
    logo = pytester.path / "recorded" / "shop_files" / "logo" / "logo.png"
    assert logo.read_bytes().startswith(b"\x89PNG")
    logo.write_bytes(b"mine")
    assert run(None).ret == 1
    assert logo.read_bytes() == b"mine"


def test_a_body_that_is_no_longer_needed_goes(run, pytester):
    """With the function that it belonged to."""
    run("def test_it():\n    httpx.get(f'{URL}/logo.png')\n")
    run("def test_it():\n    httpx.get(f'{URL}/text')\n")
    assert [path.name for path in (pytester.path / "recorded").rglob("*") if path.is_file()] == ["shop.py"]


def test_files_mirror_the_folders_of_the_tests(run, pytester):
    """Below the folder that the recordings share with the tests, without "test"."""
    code = "def test_it():\n    httpx.get(f'{URL}/text')\n"
    run(options=("--mockapi-record=tests/recorded",), **{"tests/test_a": code, "tests/api/orders_test": code})
    assert {path.relative_to(pytester.path).as_posix() for path in pytester.path.rglob("recorded/**/*.py")} == {
        "tests/recorded/a.py",
        "tests/recorded/api/orders.py",
    }


def test_a_failing_test_is_recorded_too(run, recorded):
    """What the service said is what one wants to see then."""
    run("def test_it():\n    assert httpx.get(f'{URL}/text').status_code == 500\n").assert_outcomes(failed=1)
    assert "mock_api_client.add_mock_response(" in recorded()


def test_a_base_url_makes_paths_of_what_lies_below_it(run, recorded):
    """Anything else is a whole URL."""
    run(
        """
        @pytest.mark.mockapi(base_url=f"{URL}/orders")
        def test_it(mock_api_client):
            httpx.get(f"{URL}/orders/?page=1")
            httpx.get(f"{URL}/text")
        """
    )
    assert 'add_mock_response(\n        "/",\n' in recorded()
    assert '/text"' in recorded()
    assert 'add_mock_response(\n        "/text"' not in recorded()


def test_names_of_ones_own_are_masked_and_headers_kept(run, recorded, pytester):
    """By the ini file."""
    pytester.makeini("[pytest]\nmockapi_record_mask =\n    customer_*\nmockapi_record_headers = x-powered-by\n")
    run(
        """
        def test_it():
            data = {"customer_name": "Anna Karenina", "kind": "visit to Anna Karenina"}
            httpx.post(f"{URL}/echo", json=data)
            httpx.get(f"{URL}/orders/?page=1")
        """
    )
    assert "Karenina" not in recorded()
    assert '{"customer_name": ANY, "kind": ANY}' in recorded()
    assert '"kind": "visit to masked-1"' in recorded()
    assert '"x-powered-by": "shop"' in recorded()


def test_a_run_that_does_not_record_loads_nothing_of_it(run, pytester):
    """Whoever only mocks pays nothing for the recorder."""
    run(
        """
        import sys

        def test_it(mock_api_client):
            mock_api_client.get("/x", 1)
            assert httpx.get("https://api.test/x").json() == 1
            assert [name for name in sys.modules if name.startswith("mockapi.recorder")] == []
        """,
        "-n",
        "0",
        options=(),
    ).assert_outcomes(passed=1)


def test_updating_without_recording_is_refused(run):
    """It would do nothing, silently."""
    result = run(TWO, options=("--mockapi-update",))
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*--mockapi-update says what --mockapi-record=DIR may overwrite; give that, too."])


def test_a_folder_that_is_a_file_is_refused(run):
    """Before any test has run."""
    result = run(TWO, options=("--mockapi-record=test_shop.py",))
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*test_shop.py is a file; expected a folder, which need not exist yet."])


def test_a_report_travels_as_json(run, pytester):
    """Other plugins write reports to files; what is written is not kept for the rest of the run."""
    pytester.makeconftest(
        """
        import json

        import pathlib
        import pytest

        reports = []

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logreport(report):
            if hasattr(report, "mockapi_recorded"):
                reports.append(report)
                pathlib.Path("report.json").write_text(json.dumps(report.mockapi_recorded))

        def pytest_unconfigure():
            assert not hasattr(reports.pop(), "mockapi_recorded")
        """
    )
    run("def test_it():\n    httpx.get(f'{URL}/logo.png')\n")
    said = json.loads((pytester.path / "report.json").read_text())
    assert (said["name"], said["count"]) == ("it", 1)

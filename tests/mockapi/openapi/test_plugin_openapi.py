"""The ini option, the marker, and what is loaded: in test suites of their own."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

DESCRIPTION = """
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses: {"200": {description: x, content: {application/json: {schema: {type: array}}}}}
"""


@pytest.fixture
def run(pytester):
    """Run a test module in a process of its own, beside a description; returns the result."""

    def run(code, *args, ini="mockapi_openapi = api/things.yaml"):
        pytester.makeini(f"[pytest]\nfilterwarnings = error\nasyncio_default_fixture_loop_scope = function\n{ini}\n")
        (pytester.path / "api").mkdir()
        (pytester.path / "api" / "things.yaml").write_text(DESCRIPTION)
        pytester.makepyfile(textwrap.dedent(code))
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly", *args)

    return run


def test_the_ini_file_names_a_description(run):
    """A bad mock fails on its line; a bad request fails its test though the program swallows the error."""
    result = run(
        """
        import httpx
        from mockapi import EXAMPLE

        def test_good(mock_api_client):
            mock_api_client.get("/things", EXAMPLE)
            assert httpx.get("https://x.test/things?limit=1").json() == ["text"]

        def test_bad_mock(mock_api_client):
            mock_api_client.get("/things", {})

        def test_bad_request(mock_api_client):
            mock_api_client.get("/things", EXAMPLE)
            try:
                httpx.get("https://x.test/things?limit=many")
            except Exception:
                pass
        """
    )
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*MockContractError: the mock GET /things (added at test_the_ini*.py:9) is not what things.yaml describes*",
            '*body: {} is not of type "array"',
            "*swallowed the error*",
            "*query limit: 'many' is not of type \"integer\"",
        ]
    )


def test_a_marker_names_another_one_or_none(run):
    """From the test's own folder, or from the root; a dict; None."""
    run(
        """
        import httpx, pytest
        from mockapi import MockContractError

        OTHER = {"openapi": "3.0.0", "info": {}, "paths": {"/other": {"get": {"responses": {"204": {}}}}}}

        @pytest.mark.mockapi(openapi=OTHER)
        def test_dict(mock_api_client):
            mock_api_client.get("/other", status_code=204)

        @pytest.mark.mockapi(openapi=None)
        def test_none(mock_api_client):
            mock_api_client.get("/nothing", {})

        @pytest.mark.mockapi(openapi="api/things.yaml")
        def test_path(mock_api_client):
            with pytest.raises(MockContractError):
                mock_api_client.get("/nothing", {})
        """
    ).assert_outcomes(passed=3)


def test_layers_of_modules_and_sessions_keep_to_it_too(run):
    """Their requests are checked as those of the test's own mocks."""
    run(
        """
        import httpx, pytest
        from mockapi import EXAMPLE, RequestContractError

        @pytest.fixture(scope="module", autouse=True)
        def things(mock_api_client_module):
            mock_api_client_module.get("/things", EXAMPLE)

        def test_request(mock_api_client):
            assert httpx.get("https://x.test/things").status_code == 200
            with mock_api_client.expect_unmatched() as errors:
                httpx.get("https://x.test/things?limit=a")
            assert isinstance(errors[0], RequestContractError)
        """
    ).assert_outcomes(passed=1)


def test_a_description_that_is_not_there_is_named(run):
    """In the words of the option's user."""
    result = run("def test_it(mock_api_client): pass", ini="mockapi_openapi = api/gone.yaml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*the mockapi options of the ini file: the description */api/gone.yaml cannot be read: No such file*"]
    )


def test_a_marker_with_a_description_that_is_none_is_refused(run):
    """As a mistake of the marker."""
    result = run(
        """
        import pytest

        @pytest.mark.mockapi(openapi=5)
        def test_it(mock_api_client): pass
        """
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*MarkerError*openapi=5 is no description; expected a path, a dict*"])


def test_the_extra_that_is_missing_is_named(run):
    """For the validator, and for YAML."""
    result = run(
        """
        import sys
        import pytest
        from mockapi import MissingExtraError, MockApiClient, match_schema

        @pytest.fixture(params=["jsonschema_rs", "yaml"])
        def hidden(request, monkeypatch):
            monkeypatch.setitem(sys.modules, request.param, None)
            return request.param

        def test_it(hidden):
            with pytest.raises(MissingExtraError, match=rf"{hidden}.*pip install 'pytest-mockapi\\[openapi\\]'"):
                MockApiClient(openapi="api/things.yaml")

        def test_matcher(monkeypatch):
            monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
            with pytest.raises(MissingExtraError, match="match_schema needs the package 'jsonschema_rs'"):
                match_schema({})
        """,
        ini="",
    )
    result.assert_outcomes(passed=3)


def test_nothing_is_loaded_without_a_description():
    """A client that answers a request has neither the validator, nor YAML, nor the folder."""
    code = """
        import sys
        import httpx
        from mockapi import MockApiClient

        with MockApiClient() as client:
            client.get("/x", 1)
            httpx.get("https://x.test/x")
        print(*(name for name in sys.modules if name.startswith(("mockapi.openapi", "jsonschema_rs", "yaml"))))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

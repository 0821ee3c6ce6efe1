"""The pytest plugin: hooks and fixtures only. Loading it loads nothing else."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .client import MockApiClient
    from .lifecycle import Lifecycle
    from .query_client import MakeTestQueryClient

_FIXTURES = frozenset(("mock_api_client", "make_test_query_client"))
_LIFECYCLE: pytest.StashKey[Lifecycle] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options."""
    parser.addini(
        "mockapi_unmatched", 'what happens to a request that no mock answers: "fail" or "pass"', default="fail"
    )
    parser.addini("mockapi_allow", "hosts whose requests are sent for real", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers", "mockapi(base_url=, unmatched=, allow=): options of mock_api_client for a module, class or test"
    )


# Session-scoped on paper: what they return is made new for each test, and for each example of a Hypothesis test, which
# would refuse fixtures of function scope.
@pytest.fixture(scope="session")
def mock_api_client(pytestconfig: pytest.Config) -> MockApiClient:
    """A ``MockApiClient`` that answers the HTTP requests of this test, and fails it for those it cannot answer."""
    return _lifecycle(pytestconfig).client


@pytest.fixture(scope="session")
def make_test_query_client(pytestconfig: pytest.Config) -> MakeTestQueryClient:
    """Makes query clients for this test, without retries and with ``gc_time`` 0, and closes them after it."""
    return _lifecycle(pytestconfig).make_query_client


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Make everything new before the test's fixtures are set up."""
    if _FIXTURES.intersection(getattr(item, "fixturenames", ())):
        _lifecycle(item.config).begin(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Close what the test made, and fail it for requests that were not answered, in its own call phase."""
    lifecycle = item.config.stash.get(_LIFECYCLE, None)
    if lifecycle is None:
        return (yield)
    with lifecycle.around(item):
        try:
            result = yield
        except BaseException as error:
            lifecycle.explain(error)
            raise
    lifecycle.check()
    return result


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Forget everything after the test's fixtures are torn down."""
    try:
        return (yield)
    finally:
        lifecycle = item.config.stash.get(_LIFECYCLE, None)
        if lifecycle is not None:
            lifecycle.end()


def _lifecycle(config: pytest.Config) -> Lifecycle:
    """The state of this session, made when it is first needed."""
    lifecycle = config.stash.get(_LIFECYCLE, None)
    if lifecycle is None:
        from .query_package import require_query

        require_query()
        from .lifecycle import Lifecycle

        lifecycle = config.stash[_LIFECYCLE] = Lifecycle(config)
    return lifecycle

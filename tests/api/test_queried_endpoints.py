"""Endpoints that need a query: for checkers classes of their own, at run time endpoints."""

from query.api import ApiUrl, Endpoint, FlatApiUrl, FlatQueriedEndpoint, QueriedEndpoint
from query.api.endpoint_base import Answer


def test_they_read_as_endpoints_do():
    """What a query must hold is the backend's to say at run time."""
    search = FlatQueriedEndpoint("/search/", {"GET": Answer()})
    assert search(query={"q": "moon"}, stale_time=0).query_key == ("/search/", {"query": {"q": "moon"}})
    inner = QueriedEndpoint("/search/$kind/", {"GET": Answer()})
    assert inner(path={"kind": "a"}, query={"q": "moon"}, stale_time=0).query_key[0] == "/search/a/"


def test_they_have_urls_but_are_no_other_endpoints():
    """A checker would take the query of the others as optional."""
    assert issubclass(QueriedEndpoint, ApiUrl)
    assert issubclass(FlatQueriedEndpoint, FlatApiUrl)
    assert not issubclass(QueriedEndpoint, Endpoint)

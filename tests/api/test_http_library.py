"""Whose client it is, and what of it may be known to strangers."""

import pytest

from query import OptionError
from query.api.http_library import HttpKind, bare_request, http_kind, load


def test_a_client_is_known_by_its_class(library):
    """Also one that extends it, whatever it is called and wherever it lives."""

    class Login(library.Client):
        pass

    with library.Client() as blocking, Login() as extended:
        assert http_kind(library.AsyncClient()) == HttpKind(library.__name__, blocks=False)
        assert http_kind(blocking) == http_kind(extended) == HttpKind(library.__name__, blocks=True)


def test_a_class_that_is_only_called_so_is_no_client():
    """Nor is a class instead of a client."""

    class AsyncClient:
        pass

    for other in (AsyncClient(), AsyncClient, None):
        with pytest.raises(OptionError, match="expected an AsyncClient or a Client of httpx or httpx2"):
            http_kind(other)


def test_a_library_is_loaded_by_its_name(library):
    """When a call is made, and not before."""
    assert load(library.__name__) is library


def test_a_bare_request_has_nothing_of_its_client_but_what_all_have(library):
    """What the call says itself is in it, and wins."""
    headers = {"Authorization": "Bearer 1", "X-Team": "a", "User-Agent": "app/1", "Accept-Language": "de"}
    with library.Client(base_url="https://api.test", headers=headers, params={"key": 1}, cookies={"a": "b"}) as http:
        url = "https://other.test/x"
        bare = bare_request(library, http, "GET", url, {})
        said = bare_request(
            library, http, "PUT", url, {"headers": {"user-agent": "own"}, "params": {"b": 2}, "json": []}
        )
    assert {name: bare.headers[name] for name in sorted(bare.headers)} == {
        "accept": "*/*",
        "accept-encoding": http.headers["accept-encoding"],
        "accept-language": "de",
        "connection": "keep-alive",
        "host": "other.test",
        "user-agent": "app/1",
    }
    assert (str(bare.url), str(said.url), said.method) == (url, f"{url}?b=2", "PUT")
    assert (said.headers["user-agent"], said.content) == ("own", b"[]")

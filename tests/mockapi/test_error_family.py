"""Every exception of httpx and httpx2: raised as the caller's own library's, with the request where it has one."""

import asyncio
import re

import httpx
import httpx2
import pytest

from mockapi import MockApiClient

URL = "https://api.test/x"
LIBRARIES = {"httpx": httpx, "httpx2": httpx2}


def exceptions(library):
    """The names of a library's public exceptions."""
    found = [name for name in library.__all__ if isinstance(getattr(library, name), type)]
    return sorted(name for name in found if issubclass(getattr(library, name), Exception))


def built(library, name):
    """An instance, as somebody would write it."""
    kind = getattr(library, name)
    if name == "HTTPStatusError":
        request = library.Request("GET", "https://other.test/")
        return kind("made by hand", request=request, response=library.Response(503, text="body", request=request))
    try:
        return kind("made by hand")
    except TypeError:
        # StreamConsumed and its like have a text of their own
        return kind()


def raised(library, runner, body, name_of_error=None):
    """What a caller gets."""
    with MockApiClient() as mock:
        if name_of_error is None:
            mock.add_mock_response(URL, body=body)
        else:
            mock.add_error(URL, name_of_error)

        async def main():
            async with library.AsyncClient() as client:
                await client.get(URL)

        with pytest.raises(Exception) as caught:
            if runner == "sync":
                library.get(URL)
            else:
                asyncio.run(main())
        (call,) = mock.history
        assert (call.error, call.outcome) == (caught.value, "failed")
        assert mock.unmatched == []
    return caught.value


def check(error, library, name, url=URL):
    """It is the caller's own, and names the caller's request."""
    own = getattr(library, name)
    assert type(error) is own
    # HTTPError has the attribute too, but only its subclasses are given a request
    if issubclass(own, (library.RequestError, library.HTTPStatusError)):
        assert type(error.request) is library.Request
        assert error.request.url == url
    if own is library.HTTPStatusError:
        assert type(error.response) is library.Response
        assert (error.response.status_code, error.response.text) == (503, "body")


CELLS = [(name, made_in) for made_in, library in LIBRARIES.items() for name in exceptions(library)]


def test_there_are_as_many_as_expected():
    """New ones come by themselves; if one goes, somebody should look."""
    assert len(exceptions(httpx)) >= 28
    assert set(exceptions(httpx)) <= set(exceptions(httpx2))


@pytest.mark.parametrize("runner", ["sync", "async"])
@pytest.mark.parametrize("form", ["instance", "class", "raised"])
@pytest.mark.parametrize(("name", "made_in"), CELLS)
@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_each_exception_is_raised_as_the_callers_own(library, name, made_in, form, runner):
    """Whichever library it was made in, as an instance, a class, or raised by a function."""
    error = built(LIBRARIES[made_in], name)

    def fails(request):
        raise error

    if form == "class" and name == "HTTPStatusError":
        with pytest.raises(TypeError, match="status_code=500"), MockApiClient() as mock:
            mock.add_mock_response(URL, body=type(error))
        return
    got = raised(library, runner, {"instance": error, "class": type(error), "raised": fails}[form])
    if hasattr(library, name):
        # a request that a function gave to an error of the caller's own library is left alone
        by_hand = form == "raised" and name == "HTTPStatusError" and made_in == library.__name__
        check(got, library, name, "https://other.test/" if by_hand else URL)
    else:
        # the nearest of its bases that the caller's library has
        nearest = next(base.__name__ for base in type(error).__mro__ if hasattr(library, base.__name__))
        check(got, library, nearest)
    if form != "class" and str(error):
        assert str(got) == str(error)


@pytest.mark.parametrize("runner", ["sync", "async"])
@pytest.mark.parametrize("name", [name for name in exceptions(httpx) if name != "HTTPStatusError"])
@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_each_exception_is_raised_by_its_name(library, name, runner):
    """add_error knows all that httpx has, in both spellings."""
    check(raised(library, runner, None, name), library, name)
    spelled = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    check(raised(library, runner, None, spelled), library, name)


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("connect", "ConnectError"),
        ("refused", "ConnectError"),
        ("dns", "ConnectError"),
        ("tls", "ConnectError"),
        ("timeout", "ReadTimeout"),
        ("connect_timeout", "ConnectTimeout"),
        ("read_timeout", "ReadTimeout"),
        ("write_timeout", "WriteTimeout"),
        ("pool_timeout", "PoolTimeout"),
        ("reset", "ReadError"),
        ("disconnect", "RemoteProtocolError"),
        ("malformed", "RemoteProtocolError"),
        ("proxy", "ProxyError"),
        ("redirects", "TooManyRedirects"),
        ("decoding", "DecodingError"),
    ],
)
@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_each_fault_of_the_network_has_a_name(library, fault, name):
    """For those who think of what happens and not of classes."""
    error = raised(library, "sync", None, fault)
    check(error, library, name)
    assert str(error)

"""Where a call leads, and to whom the client shows its login."""

import pytest

from query.api import ApiClient, ApiRequest, RequestError
from query.api.origins import DEFAULT_BASE_URL, TrustedHosts, check_base_url, joined_url
from query.base.errors import OptionError

SECRETS = {"headers": {"Authorization": "Bearer 1", "X-Api-Key": "k"}, "cookies": {"sid": "s"}, "params": {"key": "q"}}


@pytest.mark.parametrize(
    ("base_url", "request_", "url"),
    [
        (DEFAULT_BASE_URL, ApiRequest(url="/projects/"), "http://localhost/projects/"),
        ("https://host", ApiRequest(url="/projects/"), "https://host/projects/"),
        ("https://host/", ApiRequest(url="/projects/"), "https://host/projects/"),
        ("https://host/api/0", ApiRequest(url="/projects/"), "https://host/api/0/projects/"),
        ("https://host/api/0/", ApiRequest(url="/projects/"), "https://host/api/0/projects/"),
        ("https://host/api/0/", ApiRequest(url="/"), "https://host/api/0/"),
        ("https://host:8443/api", ApiRequest(url="/x?a=1"), "https://host:8443/api/x?a=1"),
        # to a URL parser, this is another host
        ("https://host", ApiRequest(url="//evil.test/x"), "https://host//evil.test/x"),
        ("https://host/api/0/", ApiRequest(url="https://other/x/"), "https://other/x/"),
        ("https://host/api/0/", ApiRequest(url="/x/", host="https://eu.host"), "https://eu.host/x/"),
        ("https://host/api/0/", ApiRequest(url="/x/", host="https://eu.host/api/1/"), "https://eu.host/api/1/x/"),
        ("https://host", ApiRequest(url="https://other/x/", host="https://eu.host"), "https://other/x/"),
    ],
)
def test_where_a_call_leads(base_url, request_, url):
    """A path behind the base URL or the host, prefix and all; a whole URL where it says."""
    assert joined_url(request_, base_url) == url


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("own", [False, True])
async def test_a_prefix_is_kept_by_every_client(server, mock_api_client, own, slash):
    """By one that the API client makes, and by one of your own."""
    base_url = f"https://host/api/0{slash}"
    if own:
        await server.api_client(base_url=base_url).send(ApiRequest(url="/projects/"))
        assert str(server.last.url) == "https://host/api/0/projects/"
    else:
        mock = mock_api_client.add_mock_response("https://host/api/0/projects/", body=[])
        async with ApiClient(base_url=base_url, library=server.library.__name__) as api:
            await api.send(ApiRequest(url="/projects/"))
        mock.assert_called_once()


@pytest.mark.parametrize(
    ("base_url", "message"),
    [
        ("api.test", "base_url='api.test' has no scheme; expected a whole URL"),
        ("//api.test", "has no scheme"),
        (None, "base_url=None has no scheme"),
        ("https://api.test?key=1", "has a query or a fragment"),
        ("https://api.test/#top", "has a query or a fragment"),
    ],
)
def test_a_base_url_that_cannot_be_one_is_refused(base_url, message):
    """A path cannot be put behind it."""
    with pytest.raises(OptionError, match=message):
        check_base_url(base_url)


def test_a_host_that_cannot_be_one_is_refused():
    """It is a whole URL, too."""
    with pytest.raises(OptionError, match="host='eu.api.test' has no scheme"):
        joined_url(ApiRequest(url="/x/", host="eu.api.test"), "https://api.test")


def test_an_http_client_of_your_own_has_a_base_url_that_can_be_one(server):
    """The same rule for all."""
    with pytest.raises(OptionError, match="has a query"):
        ApiClient(http=server.http(base_url="https://api.test?key=1"))


@pytest.mark.parametrize(
    ("hosts", "origin", "trusted"),
    [
        (["eu.test"], ("https", "eu.test", 443), True),
        (["EU.test"], ("https", "eu.test", 443), True),
        (["https://eu.test/"], ("https", "eu.test", 443), True),
        (["eu.test"], ("http", "eu.test", 80), False),
        (["eu.test"], ("https", "eu.test", 8443), False),
        (["eu.test"], ("https", "x.eu.test", 443), False),
        (["eu.test"], ("https", "noteu.test", 443), False),
        (["eu.test:8443"], ("https", "eu.test", 8443), True),
        (["http://localhost:8000"], ("http", "localhost", 8000), True),
        (["*.api.test"], ("https", "eu.api.test", 443), True),
        (["*.api.test"], ("https", "a.b.api.test", 443), True),
        (["*.api.test"], ("https", "api.test", 443), False),
        (["*.api.test"], ("https", "evilapi.test", 443), False),
        (["[::1]:9"], ("https", "::1", 9), True),
        (["a.test", "b.test"], ("https", "b.test", 443), True),
        ([], ("https", "b.test", 443), False),
    ],
)
def test_which_hosts_are_trusted(hosts, origin, trusted):
    """Scheme, host and port count; what is not said is HTTPS."""
    assert (origin in TrustedHosts(hosts)) is trusted


@pytest.mark.parametrize(
    "hosts", ["eu.test", 5, [5], ["https://eu.test/path"], ["user@eu.test"], [""], ["*"], ["a*.b"]]
)
def test_what_is_no_list_of_hosts_is_refused(hosts):
    """A text alone would be a list of letters."""
    with pytest.raises(OptionError, match="trusted_hosts") as caught:
        ApiClient(trusted_hosts=hosts)
    assert caught.value.option == "trusted_hosts"


def secrets_of(request):
    known = {"authorization": "Bearer 1", "x-api-key": "k", "cookie": "sid=s"}
    told = [name for name, value in known.items() if request.headers.get(name) == value]
    return told + ["key"] * ("key" in request.url.params)


@pytest.mark.parametrize("blocks", [False, True])
@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (ApiRequest(url="/x/"), True),
        (ApiRequest(url="https://api.test/other/"), True),
        (ApiRequest(url="https://api.test:443/other/"), True),
        (ApiRequest(url="https://eu.test/x/"), True),
        (ApiRequest(url="/x/", host="https://eu.test"), True),
        (ApiRequest(url="http://api.test/x/"), False),
        (ApiRequest(url="https://api.test:8443/x/"), False),
        (ApiRequest(url="https://other.test/x/"), False),
        (ApiRequest(url="/x/", host="https://other.test"), False),
        (ApiRequest(url="https://api.test@other.test/x/"), False),
        (ApiRequest(url="https://other.test#@api.test/"), False),
        (ApiRequest(url="https://api.test.other.test/"), False),
    ],
)
async def test_who_calls_is_told_to_trusted_servers_alone(server, blocks, request_, told):
    """Headers, cookies and default parameters of the client, whatever the way in which another server is named."""
    make = server.blocking_http if blocks else server.http
    api = ApiClient(http=make(base_url="https://api.test/v1/", **SECRETS), trusted_hosts=["eu.test"])
    await api.send(request_)
    assert secrets_of(server.last) == (["authorization", "x-api-key", "cookie", "key"] if told else [])
    assert server.last.headers["user-agent"].startswith("python-httpx")


async def test_a_login_is_told_to_trusted_servers_alone(server):
    """As an ``auth=`` of the library."""
    api = server.api_client(base_url="https://api.test", auth=("user", "word"))
    await api.send(ApiRequest(url="/x/"))
    assert "authorization" in server.last.headers
    await api.send(ApiRequest(url="https://other.test/x/"))
    assert "authorization" not in server.last.headers


async def test_another_server_gets_what_the_call_says(server):
    """Its own headers, parameters and body; they win over what is shared."""
    api = server.api_client(base_url="https://api.test", headers={"X-Api-Key": "k"})
    headers = {"X-Api-Key": "theirs", "Accept": "text/csv"}
    await api.send(
        ApiRequest(url="https://other.test/x/", method="POST", query={"a": [1, 2]}, data={"b": 1}, headers=headers)
    )
    assert str(server.last.url) == "https://other.test/x/?a=1&a=2"
    assert (server.last.headers["x-api-key"], server.last.headers["accept"]) == ("theirs", "text/csv")
    assert server.json == {"b": 1}


async def test_a_refusal_for_want_of_a_login_says_why(server):
    """One would else look for the fault in the password."""
    server.answer = {"status_code": 401}
    api = server.api_client(base_url="https://api.test", headers={"Authorization": "Bearer 1"})
    with pytest.raises(RequestError) as caught:
        await api.send(ApiRequest(url="https://other.test/x/"))
    (note,) = caught.value.__notes__
    assert "were not sent" in note
    assert "trusted_hosts=" in note
    with pytest.raises(RequestError) as caught:
        await api.send(ApiRequest(url="/x/"))
    assert not hasattr(caught.value, "__notes__")


@pytest.mark.parametrize("blocks", [False, True])
@pytest.mark.parametrize(
    ("target", "hosts", "told"),
    [
        ("https://other.test/y/", [], []),
        ("https://api.test/y/", [], ["authorization", "x-api-key"]),
        ("https://eu.test/y/", ["eu.test"], ["x-api-key"]),
    ],
)
async def test_a_redirect_to_another_server_loses_the_login(library, mock_api_client, target, hosts, told, blocks):
    """httpx takes Authorization out wherever another origin begins; other headers go to trusted servers alone."""
    mock_api_client.add_mock_response("https://api.test/x/", status_code=302, headers={"Location": target})
    landed = mock_api_client.add_mock_response(target, body=[])
    headers = SECRETS["headers"]
    api = ApiClient(library=library.__name__, base_url="https://api.test", headers=headers, trusted_hosts=hosts)
    async with api:
        request = ApiRequest(url="/x/", headers={"X-Own": "1"})
        response = api.send_sync(request) if blocks else await api.send(request)
    assert str(response.url) == target
    assert secrets_of(landed.calls[0].request) == told
    assert landed.calls[0].request.headers["x-own"] == "1"


async def test_the_way_to_encryption_keeps_the_login(library, mock_api_client):
    """A base URL without it, answered by the way to the same server with it."""
    target = "https://api.test/x/"
    mock_api_client.add_mock_response("http://api.test/x/", status_code=301, headers={"Location": target})
    landed = mock_api_client.add_mock_response(target, body=[])
    async with ApiClient(library=library.__name__, base_url="http://api.test", headers=SECRETS["headers"]) as api:
        await api.send(ApiRequest(url="/x/"))
    assert secrets_of(landed.calls[0].request) == ["authorization", "x-api-key"]


async def test_a_redirect_of_an_http_client_of_your_own_loses_the_login(server):
    """That is the library's rule, for Authorization alone."""

    def answer(request):
        if request.url.host == "api.test":
            return {"status_code": 302, "headers": {"Location": "https://other.test/"}}
        return {"status_code": 200}

    server.answer = answer
    api = server.api_client(base_url="https://api.test", headers=SECRETS["headers"], follow_redirects=True)
    await api.send(ApiRequest(url="/x/"))
    assert secrets_of(server.last) == ["x-api-key"]

"""Pages that lead to one another by URL: what is used of it, and where it may not lead."""

import pytest

from query import InfiniteQueryObserver, OptionError, QueryClient
from query.api import (
    ApiRequest,
    ApiResponse,
    PageError,
    ResponseHeaders,
    api_options,
    link_pages,
    next_url_in_body,
    set_api_client,
)

FIRST = ApiRequest(url="/rows/", query={"sort": "name"}, headers={"X": "1"})
API = "https://api.test"


def linked(link):
    return ApiResponse([], ResponseHeaders({"Link": link}))


def after(page, strategy=None, page_params=(None,)):
    return (strategy or link_pages()).next_page_param(page, [page], page_params[-1], list(page_params))


@pytest.mark.parametrize(
    ("link", "param"),
    [
        ("<https://api.test/rows/?sort=name&cursor=2>; rel=next", "?sort=name&cursor=2"),
        ("<https://evil.test/x?cursor=2#top>; rel=next", "?cursor=2"),
        ("<?cursor=2>; rel=next", "?cursor=2"),
        ('</rows/?a=%2B+%FF&cursor=0:1:0>; rel=next; cursor="0:1:0"', "?a=%2B+%FF&cursor=0:1:0"),
        ('</rows/?cursor=0%3A1%3A0>; rel=next; cursor="0:1:0"', "?cursor=0%3A1%3A0"),
        ('</rows/?sort=name#x>; rel=next; cursor="a&b"', "?sort=name&cursor=a%26b"),
        ("</rows/>; rel=next; cursor=2", "?cursor=2"),
        ('</rows/?cursor=2>; rel=next; results="false"', None),
        ("</rows/?cursor=2>; rel=prev", None),
        ("", None),
    ],
)
def test_the_page_param_is_the_query_of_the_target(link, param):
    """As it was written: another spelling might be another page to the server."""
    assert after(linked(link)) == param


def test_a_page_is_asked_for_with_the_query_of_its_link():
    """Instead of the first one's, for the server has put into the link what it wants of that."""
    request = link_pages().request(FIRST, "?cursor=0:1:0")
    assert (request.url, request.query, request.headers) == ("/rows/?cursor=0:1:0", None, {"X": "1"})
    assert link_pages().request(ApiRequest(url="/rows/?sort=name"), "?cursor=2").url == "/rows/?cursor=2"
    assert link_pages().request(FIRST, None) is FIRST


@pytest.mark.parametrize("target", ["/rows/page/2", "https://api.test/rows/page/2", "", "http://[x?a"])
def test_a_target_without_a_query_is_an_error(target):
    """To take it for the end would lose pages without a word."""
    with pytest.raises(
        PageError, match=r"no query, and nothing else of a URL is used.*pages=link_pages\(hosts="
    ) as caught:
        after(linked(f"<{target}>; rel=next"))
    assert caught.value.found == target


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("/rows/page/2?x=1", f"{API}/rows/page/2?x=1"),
        ("page/2", f"{API}/rows/page/2"),
        (f"{API}/other/2", f"{API}/other/2"),
        ("HTTPS://API.test/other/2#top", "https://API.test/other/2"),
        ("//api.test/x", f"{API}/x"),
        ("https://files.test/x", "https://files.test/x"),
        ("?cursor=2", "/rows/?cursor=2"),
    ],
)
@pytest.mark.parametrize("make", [link_pages, next_url_in_body])
def test_whole_targets_are_followed_to_allowed_hosts(make, target, url):
    """Relative ones are of the first of them."""
    strategy = make(hosts=[API, "https://files.test/"])
    page = ApiResponse({"next": target}, ResponseHeaders({"Link": f"<{target}>; rel=next"}))
    request = strategy.request(FIRST, after(page, strategy))
    assert request.url == url
    assert request.headers == {"X": "1"}


def test_the_host_of_a_request_is_that_of_its_relative_links():
    """It is where the first page came from."""
    strategy = link_pages(hosts=[API, "https://eu.test"])
    first = ApiRequest(url="/rows/", host="https://eu.test")
    request = strategy.request(first, "/rows/2")
    assert (request.url, request.host) == ("https://eu.test/rows/2", None)
    assert strategy.request(ApiRequest(url="https://eu.test/rows/"), "2").url == "https://eu.test/rows/2"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/rows/?cursor=2",
        "//evil.test/rows/",
        "http://api.test/rows/",
        "https://api.test:8443/rows/",
        "https://api.test@evil.test/",
        "https://evil.test\\@api.test/",
        "https://api.test.evil.test/",
        "https://[x",
        "javascript:alert(1)",
    ],
)
def test_no_link_leads_to_another_host(target):
    """Not even by a URL that looks like one of the API."""
    with pytest.raises(
        PageError, match="leads to none of the allowed hosts, https://api.test. A link must not"
    ) as caught:
        link_pages(hosts=[API]).request(FIRST, target)
    assert caught.value.found == target


@pytest.mark.parametrize("param", ["https://api.test/rows/?cursor=2", "/rows/2", "cursor=2"])
def test_without_hosts_only_a_query_is_asked_for(param):
    """Also if a page param was restored from elsewhere."""
    with pytest.raises(PageError, match="of which there are none"):
        link_pages().request(FIRST, param)


@pytest.mark.parametrize("param", [2, "", {"cursor": "2"}])
def test_a_page_param_of_another_strategy_is_refused(param):
    """All options of one key must say the same."""
    with pytest.raises(PageError, match="no page param of pages that lead to one another by URL"):
        link_pages().request(FIRST, param)


@pytest.mark.parametrize("hosts", ["https://api.test", ["api.test"], ["https://api.test/v1/"], [5], 5])
@pytest.mark.parametrize("make", [link_pages, next_url_in_body])
def test_hosts_are_a_list_of_scheme_and_host(make, hosts):
    """Refused where they are written."""
    with pytest.raises(OptionError, match=r'expected a list such as \["https://api.example.com"\]'):
        make(hosts=hosts)


@pytest.mark.parametrize("link", ["<?cursor=2>; rel=next", "<?cursor=1>; rel=next"])
def test_a_server_that_repeats_itself_ends_the_list(link):
    """A page that leads to itself or to one that is there has none behind it."""
    assert after(linked(link), page_params=("?cursor=1", "?cursor=2")) is None
    assert (
        link_pages().previous_page_param(
            linked(link.replace("next", "prev")), [], "?cursor=1", ["?cursor=1", "?cursor=2"]
        )
        is None
    )


async def test_a_loop_over_a_server_that_repeats_itself_ends(server, client):
    """And so does fetching all pages again."""
    server.answer = {"status_code": 200, "json": [1], "headers": {"Link": "<?cursor=9>; rel=next"}}
    options = api_options.as_infinite(list[int])("/rows/", stale_time=0)
    observer = InfiniteQueryObserver(client, options)
    unsubscribe = observer.subscribe(lambda result: None)
    result = await observer.wait_for(lambda result: result.is_success)
    while result.has_next_page:
        result = await result.fetch_next_page()
    assert result.data.page_params == [None, "?cursor=9"]
    assert (await observer.refetch()).data.page_params == [None, "?cursor=9"]
    await client.infinite_query(options.with_(pages=1000))
    assert len(server.requests) == 6
    unsubscribe()


async def test_credentials_stay_with_the_api(server):
    """A link to another host asks the API itself for the next page."""
    server.answer = {
        "status_code": 200,
        "json": [1],
        "headers": {"Link": "<https://evil.test/steal?cursor=2>; rel=next"},
    }
    async with QueryClient() as client:
        http = server.api_client(base_url=API, headers={"Authorization": "Bearer secret"})
        set_api_client(http, query_client=client)
        await client.infinite_query(api_options.as_infinite(list[int])("/rows/", stale_time=0).with_(pages=2))
        client.clear()
    assert [str(request.url) for request in server.requests] == [f"{API}/rows/", f"{API}/rows/?cursor=2"]


async def test_an_allowed_host_is_asked_without_credentials(server):
    """Unless the API client trusts it: to follow a link and to hand over a login are two decisions."""
    server.answer = {"status_code": 200, "json": [1], "headers": {"Link": "<https://files.test/2>; rel=next"}}
    options = api_options.as_infinite(list[int])("/rows/", pages=link_pages(hosts=["https://files.test"]), stale_time=0)
    async with QueryClient() as client:
        http = server.api_client(base_url=API, headers={"Authorization": "Bearer secret"})
        set_api_client(http, query_client=client)
        await client.infinite_query(options.with_(pages=2))
        client.clear()
    assert [(request.url.host, "authorization" in request.headers) for request in server.requests] == [
        ("api.test", True),
        ("files.test", False),
    ]


@pytest.mark.parametrize("found", [None, "", False])
def test_no_url_in_the_body_is_no_page(found):
    """As those who have no null say it."""
    assert after(ApiResponse({"next": found}), next_url_in_body()) is None
    assert after(ApiResponse({}), next_url_in_body()) is None


@pytest.mark.parametrize("found", [True, ["?page=2"], {"href": "?page=2"}])
def test_what_is_no_url_in_the_body_is_an_error(found):
    """With what was found."""
    with pytest.raises(PageError, match="no text or number at 'next'"):
        after(ApiResponse({"next": found}), next_url_in_body())

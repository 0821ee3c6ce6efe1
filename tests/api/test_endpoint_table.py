"""The table of endpoints: a mapping whose values are made when they are asked for."""

import copy
import pickle
from typing import TypedDict

import pytest

from query import OptionError
from query.api import EndpointTable, FlatEndpoint, NoQuery, TableApiOptions, UnknownApiUrlError

URLS = {
    "/projects/": {"GET": "object", "POST": "object"},
    "/projects/$slug/": {"GET": "object"},
    "/projects/$slug/keys/": {"GET": "object"},
}
Manual = TypedDict("Manual", {"/health/": FlatEndpoint[NoQuery, str], "/projects/": FlatEndpoint[NoQuery, str]})


@pytest.fixture
def api():
    """A table of three URLs, none used yet."""
    return EndpointTable(URLS)


def test_it_is_a_mapping_of_all_urls(api):
    """Also of those that nobody has used."""
    assert list(api) == list(api.keys()) == list(URLS)
    assert len(api) == 3
    assert "/projects/$slug/" in api
    assert "/projects/apollo/" not in api
    assert [endpoint.pattern for endpoint in api.values()] == list(URLS)
    assert [(url, endpoint.pattern) for url, endpoint in api.items()] == [(url, url) for url in URLS]
    assert {**api}.keys() == URLS.keys()


def test_an_endpoint_is_made_once(api):
    """Whatever way it is asked for."""
    assert api["/projects/"] is api["/projects/"] is api.get("/projects/") is dict(api)["/projects/"]


def test_an_endpoint_has_the_methods_of_its_url(api):
    """As the document lists them."""
    assert api["/projects/"].methods == {"GET", "POST"}


def test_an_unknown_url_is_answered_with_the_nearest(api):
    """A typo is shown beside what was meant."""
    with pytest.raises(UnknownApiUrlError) as info:
        api["/project/$slug/keys/"]
    assert info.value.url == "/project/$slug/keys/"
    assert info.value.nearest[0] == "/projects/$slug/keys/"
    assert str(info.value).startswith(
        "'/project/$slug/keys/' is not one of the 3 URLs of this API. Nearest: '/projects/$slug/keys/', "
    )


@pytest.mark.parametrize("url", ["zzz", 7, None])
def test_nothing_near_is_no_guess(api, url):
    """And what is no text is no URL."""
    with pytest.raises(UnknownApiUrlError) as info:
        api[url]
    assert info.value.nearest == ()
    assert "Nearest" not in str(info.value)


def test_an_unknown_url_is_a_key_error(api):
    """So that get() has its default."""
    assert issubclass(UnknownApiUrlError, KeyError)
    assert api.get("/other/") is None
    assert api.get("/other/", 3) == 3


def test_the_error_can_be_copied(api):
    """As those that travel between processes are."""
    with pytest.raises(UnknownApiUrlError) as info:
        api["/project/"]
    again = pickle.loads(pickle.dumps(copy.copy(info.value)))
    assert (str(again), again.url, again.nearest) == (str(info.value), "/project/", info.value.nearest)


def test_a_companion_comes_on_top():
    """Its URLs are there too, with methods that nobody knows."""
    api = EndpointTable(URLS, companion=Manual)
    assert list(api) == [*URLS, "/health/"]
    assert api["/health/"].methods is None
    assert api["/projects/"].methods is None


def test_a_companion_is_a_typed_dict():
    """Anything else is refused."""
    with pytest.raises(OptionError, match="is no TypedDict") as info:
        EndpointTable(URLS, companion=dict)
    assert info.value.option == "companion"


def test_tables_are_joined(api):
    """The right one wins."""
    both = api | EndpointTable({"/projects/": {"PUT": "object"}, "/teams/": {"GET": "object"}}, types="other")
    assert list(both) == [*URLS, "/teams/"]
    assert both["/projects/"].methods == {"PUT"}
    with pytest.raises(TypeError):
        api | {"/teams/": {"GET": "object"}}


def test_a_table_shows_how_many_urls_it_has(api):
    """Not all of them."""
    assert repr(api) == "<EndpointTable of 3 URLs>"


def test_the_call_shape_of_api_options_goes_through_the_table(api):
    """For those who like the URL as an argument; an unknown one is refused the same way."""
    api_options = TableApiOptions(api)
    options = api_options.as_(dict)("/projects/$slug/", path={"slug": "a"}, stale_time=3)
    assert options.query_key == ("/projects/a/",)
    assert options.stale_time == 3
    pages = api_options.as_infinite(dict)("/projects/$slug/", path={"slug": "a"}, max_pages=2, stale_time=3)
    assert pages.max_pages == 2
    for make in (api_options.as_(dict), api_options.as_infinite(dict)):
        with pytest.raises(UnknownApiUrlError):
            make("/project/", stale_time=3)

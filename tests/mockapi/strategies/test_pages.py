"""Drawn links are read as they are meant, and drawn pages lead from the first to the last."""

from __future__ import annotations

import httpx
import pytest
from drawn import reached, simplest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockapi import MockApiClient
from mockapi.strategies import link_headers, pages, responses
from query.api.link_header import page_link, page_param

untimed = settings(database=None, max_examples=100)
cursors = st.none() | st.sampled_from(["0:10:0", "7"])


@untimed
@given(st.data(), cursors, cursors)
def test_drawn_links_mean_what_was_asked_for(data, following, previous):
    """However they are written."""
    header = data.draw(link_headers(next=following, previous=previous)).get("link")
    assert page_param(header, "next") == following
    assert page_param(header, "previous") == previous


@pytest.mark.parametrize(
    "part",
    [
        'rel="prev"',
        'rel="previous"',
        "rel=next",
        'results="false"',
        'results="true"',
        'cursor="',
        "</items/",
        "<https:",
    ],
)
def test_every_way_of_writing_is_reached(part):
    """Those that real servers use."""
    assert reached(link_headers(), lambda headers: part in headers.get("link", ""))


def test_links_shrink_to_none():
    """And may be none, one or two."""
    assert simplest(link_headers()) == {}
    found = simplest(link_headers(next="2", previous=None, url="/a?b=1"))
    assert page_link(found["link"], "next").target == "/a?b=1&cursor=2"
    assert reached(link_headers(next=st.just("9")), lambda headers: headers)["link"].count("cursor=9")
    assert reached(responses(headers=link_headers()), lambda answer: answer.prepared.headers)


@untimed
@given(pages(4, st.integers(0, 9)))
def test_pages_lead_from_the_first_to_the_last(drawn):
    """A program that follows the links sees every page once, and can go back."""
    with MockApiClient(base_url="https://api.test") as mock, httpx.Client(base_url="https://api.test") as client:
        mock.add_sequence("/items/", *drawn)
        url, seen = "/items/", []
        while url is not None:
            page = client.get(url)
            seen.append(page.json())
            link = page_link(page.headers.get("link"), "next")
            assert page_param(page.headers.get("link"), "previous") == (str(len(seen) - 2) if len(seen) > 1 else None)
            url = None if link is None else link.target
    assert len(seen) == len(drawn)


def test_pages_shrink_to_one_without_items():
    """And reach as many as are asked for."""
    assert repr(simplest(pages(3))) == "[<Answer 200, []>]"
    assert len(reached(pages(3), lambda drawn: len(drawn) == 3)) == 3
    with pytest.raises(ValueError, match="no number of pages"):
        pages(0)

"""Which URLs a mock answers."""

import re

import pytest

from mockapi.urls import parse_url


def test_a_path_means_any_host():
    """Without a base_url only the path counts."""
    url = parse_url("/projects/")
    assert (url.origin, url.path, url.segments) == (None, "/projects/", None)


def test_a_base_url_binds_paths_and_adds_its_own():
    """Paths belong under the base."""
    url = parse_url("/projects/", "https://API.test:443/api/0/")
    assert (url.origin, url.path) == ("https://api.test", "/api/0/projects/")


def test_a_whole_url_stays_whole():
    """A base_url does not touch whole URLs."""
    assert parse_url("http://other.test:8080", "https://api.test").origin == "http://other.test:8080"
    assert parse_url("http://other.test").path == "/"


@pytest.mark.parametrize("text", ["/p/$slug/", "/p/{slug}/"])
def test_templates_have_segments(text):
    """Both spellings of a parameter mean the same."""
    segments = parse_url(text).segments
    assert segments is not None
    assert segments[:2] == ("", "p")
    assert segments[2].fullmatch("a b").groupdict() == {"slug": "a b"}


def test_several_parameters_in_one_segment():
    """Compare pages have two in one segment."""
    pattern = parse_url("/compare/{base}...{head}").segments[2]
    assert pattern.fullmatch("v1...v2").groupdict() == {"base": "v1", "head": "v2"}


def test_percent_encoding_is_undone():
    """Paths are compared decoded."""
    assert parse_url("/a%20b/").path == "/a b/"


def test_a_regular_expression_stays_one():
    """It is named as such in messages."""
    assert parse_url(re.compile("/x/[0-9]+")).text == "re:/x/[0-9]+"


@pytest.mark.parametrize(
    ("url", "error", "text"),
    [
        ("projects/", ValueError, "neither a path nor a whole URL. Write '/projects/' for that path"),
        (b"/projects/", TypeError, "is no URL; expected a str"),
        (None, TypeError, "url=None is no URL"),
        (re.compile(b"/a"), TypeError, "is a regular expression for bytes"),
        ("/a/$x/b/{x}/", ValueError, "the parameter 'x' is there twice"),
        ("/a/{1}/", ValueError, "the parameter '1' is no name"),
        ("/a/**/b", ValueError, r"a \* stands for a whole segment, and \*\* at the end for all the rest.*; got '\*\*'"),
        ("/a/*.png", ValueError, r"got '\*\.png'. Write \$name for a part of a segment, %2A for the character itself"),
    ],
)
def test_what_is_no_url_is_refused(url, error, text):
    """With what to write instead."""
    with pytest.raises(error, match=text):
        parse_url(url)


def test_hosts_are_compared_as_they_are_sent():
    """In ASCII and lower case, without the user."""
    assert parse_url("https://u:p@B\u00fccher.Test/a").origin == "https://xn--bcher-kva.test"
    assert parse_url("http://[::1]:80/a").origin == "http://[::1]"


def test_an_encoded_slash_stays_inside_its_segment():
    """It is another path than the one with a slash."""
    assert parse_url("/f/a%2Fb%20c").path == "/f/a%2Fb c"


def test_stars_make_a_template():
    """An encoded one is a character of its path."""
    assert parse_url("/a/**").segments == ("", "a", ...)
    assert parse_url("/a/%2A").segments is None
    assert parse_url("/a/%2A").path == "/a/*"
    star = parse_url("/*/b").segments[1]
    assert star.fullmatch("x") and not star.fullmatch("")

"""Link headers: read as RFC 8288 says, and what is none is skipped.

``make links HEADERS=10000`` compares as many generated headers with a naive reading.
"""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_links import read_links

from query.api import Link, page_param, parse_link_header

NEXT = '<https://api.test/x/?&cursor=0:100:0>; rel="next"; results="true"; cursor="0:100:0"'
NO_PREVIOUS = '<https://api.test/x/?&cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1"'

# pieces that mean something, and some that break what is around them
PIECES = [
    *["<", ">", ";", ",", "=", '"', "\\", "'", "*", " ", "\t", "%", "%C3%A9", "%e9"],
    *["rel", "REL", "rev", "title", "title*", "anchor", "cursor", "results"],
    *["next", "Prev", "previous last", "UTF-8'de'n%c3%a4chste", "iso-8859-1''%E9", "utf-8''%E9", "latin''x", "é", "K"],
    *["https://a.test/?x=1,2;3", "/b?cursor=0:1:0", "<https://a.test/>", '; rel="next"', ";rel=prev"],
    *[' ; title="a, b; <c>"', '"a \\" b"', '"unclosed', ";;", ",,", "; =", "\n"],
]
GARBLED = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@st.composite
def well_formed(draw):
    """A header in some spelling of what the RFC allows."""
    space = st.sampled_from(["", " ", "\t ", "  "])

    def spelled(name, value):
        bare = value and not set(value) & set(' \t";,\\<>')
        if name.endswith("*") or (bare and draw(st.booleans())):
            text = value
        else:
            escaped = draw(st.sampled_from(['"\\', '"\\a,', "\"\\;=>'"]))
            text = '"' + "".join(f"\\{letter}" if letter in escaped else letter for letter in value) + '"'
        gap, name = draw(space), draw(st.sampled_from([name, name.upper()]))
        return f"{gap};{draw(space)}{name}{gap}={gap}{text}"

    links = []
    for _ in range(draw(st.integers(1, 4))):
        target = draw(st.text(st.sampled_from("abc/?&=:,;%2'\"#"), max_size=12))
        params = [("rel", draw(st.sampled_from(["next", "prev last", "NEXT", "https://rel.test/x", "first  next"])))]
        for _ in range(draw(st.integers(0, 3))):
            name = draw(st.sampled_from(["rel", "title", "anchor", "cursor", "results", "x-y", "type"]))
            params.append((name, draw(st.text(st.sampled_from("ab1 ,;=<>\"\\'é*"), max_size=8))))
        if draw(st.booleans()):
            params.append(("title*", draw(st.sampled_from(["UTF-8''%e2%82%ac", "UTF-8'en'a", "UTF-8''%ff", "x"]))))
        params = draw(st.permutations(params))
        links.append(f"<{target}>" + "".join(spelled(*param) for param in params))
    return draw(st.sampled_from([",", ", ", " ,\t", ",,", ", ,"])).join(links)


def compare(header):
    read = [(link.target, list(link.rel), list(link.params)) for link in parse_link_header(header)]
    assert read == read_links(header)


@settings(max_examples=150)
@given(st.one_of(well_formed(), GARBLED))
def test_a_header_is_read_as_a_naive_reader_does(header):
    """Letter by letter, after appendix B of the RFC."""
    compare(header)


@settings(max_examples=50)
@given(st.text())
def test_no_text_raises(text):
    """Whatever a server sends, a page is shown."""
    compare(text)
    page_param(text, "next")


@pytest.mark.parametrize(
    ("header", "links"),
    [
        ("</a>; rel=next", [("/a", ("next",))]),
        ('</a>; rel="First  NEXT"', [("/a", ("first", "next"))]),
        ("</a>; rel=next; rel=prev", [("/a", ("next",))]),
        ("</a?x=1,2;3>; rel=next,</b>;rel=prev", [("/a?x=1,2;3", ("next",)), ("/b", ("prev",))]),
        ('</a>; title="x, </c>; rel=y"; rel=next', [("/a", ("next",))]),
        ("<>; rel=next", [("", ("next",))]),
        ("</a>; crossorigin; rel = next ;", [("/a", ("next",))]),
        ("</a>; title=x", []),
        ("</a>", []),
        ("", []),
        ("junk, </b>; rel=next", [("/b", ("next",))]),
        ("</a; rel=next, </b>; rel=prev", [("/b", ("prev",))]),
        ("</a>; rel=next oops</c>, </b>; rel=prev", [("/a", ("next", "oops</c>")), ("/b", ("prev",))]),
        ('</a>; rel="next" oops, </b>; rel=prev', [("/a", ("next",)), ("/b", ("prev",))]),
        ('</a>; rel="next', [("/a", ("next",))]),
    ],
)
def test_links(header, links):
    """One by one, for the eye."""
    assert [(link.target, link.rel) for link in parse_link_header(header)] == links


def test_several_lines_are_one_after_the_other():
    """As a server may send them; a fault in one ends with it."""
    links = parse_link_header(['</a>; rel=next; title="unclosed', "</b>; rel=prev"])
    assert [link.target for link in links] == ["/a", "/b"]
    assert parse_link_header(None) == ()


def test_parameters_are_found_by_name():
    """The first of a name, in any case; what is encoded for other letters comes before its plain twin."""
    (link,) = parse_link_header("</a>; rel=next; title=plain; TITLE*=UTF-8'de'n%c3%a4chste; x=1; x=2; anchor=\"#b\"")
    assert (link.title, link.get("X"), link.anchor, link.get("y")) == ("nächste", "1", "#b", None)
    assert link == Link("/a", ("next",), link.params)
    assert hash(link) == hash(Link("/a", ("next",), link.params))


@pytest.mark.parametrize("value", ["UTF-8''%ff", "UTF-8''%4", "x", "ebcdic''x"])
def test_a_value_that_cannot_be_decoded_is_left_out(value):
    """Then the plain twin is what there is."""
    (link,) = parse_link_header(f"</a>; rel=next; title=plain; title*={value}")
    assert link.title == "plain"


@pytest.mark.parametrize(
    ("header", "direction", "param"),
    [
        (f"{NO_PREVIOUS}, {NEXT}", "next", "0:100:0"),
        (f"{NO_PREVIOUS}, {NEXT}", "previous", None),
        ('</x?page=2&per_page=5>; rel="next"', "next", "2"),
        ('</x?page=1>; rel="prev", </x?page=3>; rel="next"', "previous", "1"),
        ('</x?after=abc>; rel="next"', "next", "abc"),
        ('</x?cursor=>; rel="next"; cursor=""', "next", None),
        ("</x?cursor=a%3Ab+c>; rel=next", "next", "a:b c"),
        ("</x?cursor=1>; rel=next; results=FALSE", "next", None),
        ('</x?cursor=1>; rel=next; anchor="#other", </x?cursor=2>; rel=next', "next", "2"),
        ("<http://[x?cursor=1>; rel=next", "next", None),
        ("</x>; rel=next", "next", None),
        (None, "next", None),
        ("", "previous", None),
    ],
)
def test_the_param_of_a_page(header, direction, param):
    """The cursor of the link, or what the target's query says."""
    assert page_param(header, direction) == param


def test_the_param_of_a_page_is_looked_up_in_lines_and_links_too():
    """In what ``headers.link`` gives, say."""
    assert page_param([NO_PREVIOUS, NEXT], "next") == "0:100:0"
    assert page_param(parse_link_header(NEXT), "next") == "0:100:0"


def test_the_names_of_page_params_may_be_others():
    """Those of a server with words of its own."""
    assert page_param("</x?seite=2&page=9>; rel=next", "next", names=["seite"]) == "2"


def test_a_long_garbled_header_takes_no_longer_than_a_good_one():
    """A server must not be able to stop the program: reading goes once over the text."""
    for piece in ["<", "<,", "<>;", '";', "<a>;a=\\", "<a>;a*=%,", ";=", "<a>;rel=" + "x " * 9]:
        links = parse_link_header(piece * 20_000)
        assert all(isinstance(link, Link) for link in links)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seen = []

    @settings(max_examples=count, deadline=None, database=None)
    @given(st.one_of(well_formed(), GARBLED))
    def run(header):
        seen.append(len(parse_link_header(header)))
        compare(header)

    run()
    print(f"{len(seen)} headers read as the naive reader does; {sum(map(bool, seen))} have links, {sum(seen)} in all")

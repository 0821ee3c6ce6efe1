"""Files that a request must have."""

import re
from io import BytesIO
from unittest.mock import ANY

import httpx
import httpx2
import pytest
from dirty_equals import IsBytes, IsStr

from mockapi import ABSENT, Mismatch, SentFile, match_files
from mockapi.differences import difference

PNG = b"\x89PNG\r\n\x1a\n\r\n--\xff"


def post(library=httpx, **body):
    request = library.Request("POST", "https://api.test/items/", **body)
    request.read()
    return request


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize(
    ("wanted", "outcome"),
    [
        (PNG, True),
        (PNG[:-1], False),
        (("a.png", PNG), True),
        (("b.png", PNG), False),
        (("a.png", PNG, "image/png"), True),
        (("a.png", PNG, "image/jpeg"), False),
        ((ANY, IsBytes, "IMAGE/png"), True),
        ((re.compile(r".*\.png"), ANY), True),
        ({"content_type": "image/png"}, True),
        ({"filename": "a.png", "content": b""}, False),
        (SentFile(filename="a.png", content=PNG, content_type="image/png"), True),
        (SentFile(filename="a.png", content=PNG), False),
        ([PNG], True),
        ([PNG, PNG], False),
        (ANY, True),
        (ABSENT, False),
    ],
)
def test_a_file_is_compared_by_the_parts_that_are_given(library, wanted, outcome):
    """Bytes, httpx's tuples, a dict, or what a call holds."""
    sent = post(library, data={"title": "x"}, files={"avatar": ("a.png", PNG, "image/png"), "other": b"1"})
    assert bool(match_files({"avatar": wanted})(sent)) is outcome


def test_files_of_a_repeated_field_are_a_list_in_order():
    """Each by its own parts."""
    sent = post(files=[("doc", ("1.txt", b"one")), ("doc", ("2.txt", "zwölf".encode(), "text/plain; charset=utf-8"))])
    assert match_files({"doc": [b"one", ("2.txt", "zwölf", "text/plain")]})(sent)
    assert match_files({"doc": ["one", {"content": re.compile("zw.lf")}]})(sent)
    assert match_files({"doc": [ANY, {"content": IsStr(regex="zw.*")}]})(sent)
    assert not match_files({"doc": [b"one"]})(sent)
    assert not match_files({"doc": ["zwölf", "one"]})(sent)
    assert not match_files({"doc": [b"one", {"content_type": "text/plain; charset=latin-1"}]})(sent)


def test_a_field_is_no_file_and_absent_means_no_file():
    """Text fields are for match_form."""
    sent = post(data={"title": "x"}, files={"f": b"1"})
    assert match_files({"title": ABSENT, "f": b"1"})(sent)
    assert not match_files({"title": "x"})(sent)
    assert match_files({"f": ABSENT})(post(json={}))


def test_what_differs_is_shown_by_part():
    """Only the parts that were asked for, and of those what is different."""
    sent = post(files={"a": ("a.txt", b"hi", "text/plain"), "b": ("b.txt", b"token=123"), "c": b"1"})
    outcome = match_files({"a": ("x.txt", "ho"), "b": ("b.txt", b"token=9"), "c": ABSENT, "d": b"2"})(sent)
    assert isinstance(outcome, Mismatch)
    assert outcome.reason == "a differs"
    assert difference(outcome) == [
        "a.content   expected 'ho'   got 'hi'",
        "a.filename   expected 'x.txt'   got 'a.txt'",
        "b.content   expected ***   got *** (another)",
        "c   expected absent   got {'filename': 'upload', 'content': b'1', 'content_type': 'application/octet-stream'}",
        "d   expected {'content': b'2'}   got nothing",
    ]
    several = post(files=[("a", b"1"), ("a", b"2")])
    assert difference(match_files({"a": [b"1", b"3"]})(several)) == ["a[1].content   expected b'3'   got b'2'"]
    assert match_files({"a": b"1"})(several).reason == "a differs"
    assert difference(match_files({"a": [b"1", "\xff"]})(several))[0].startswith(
        "a[1].content   expected 'ÿ'   got '2'"
    )


def test_a_file_that_is_no_text_is_shown_as_bytes():
    """Where text was expected, too."""
    assert difference(match_files({"f": "hi"})(post(files={"f": b"\xff"}))) == [
        "f.content   expected 'hi'   got b'\\xff'"
    ]


def test_a_large_file_is_shown_where_it_begins_to_differ():
    """And is not too large to be compared."""
    sent = post(files={"f": b"\x00" * 100_000 + b"\x01"})
    (row,) = difference(match_files({"f": b"\x00" * 100_000 + b"\x02"})(sent))
    assert row.endswith(r"\x00\x02'   got b'" + "..." + r"\x00" * 30 + r"\x01'")


def test_a_body_without_a_form_says_so():
    """With what it is instead."""
    assert difference(match_files({"f": b"1"})(post(json={"a": 1}))) == [
        "the body is no form   expected {'f': {'content': b'1'}}   got 'application/json'"
    ]
    assert match_files({"f": b"1"})(post()).reason == "the body is empty"


@pytest.mark.parametrize("file", [None, 1, True, ("a.png",), ("a", b"", "c", {}), {}, {"name": "x"}, [ABSENT], [[b""]]])
def test_what_is_no_file_is_refused(file):
    """With the shapes that can be."""
    with pytest.raises(
        TypeError, match=r"match_files has .* for 'f', which is no file; expected its bytes or text, \("
    ):
        match_files({"f": file})


def test_an_open_file_is_refused():
    """It could be read once only."""
    with pytest.raises(TypeError, match="match_files has the open file .* read it first"):
        match_files({"f": BytesIO(b"x")})

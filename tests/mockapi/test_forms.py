"""Multipart forms are read as they were written."""

import httpx
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockapi.forms import SentFile, multipart
from mockapi.requests import RequestView

BINARY = st.binary(max_size=20) | st.text("\r\n-B", max_size=12).map(str.encode)
NAME = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
    lambda text: "%" not in text
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@pytest.mark.parametrize("library", [httpx, httpx2])
@given(
    fields=st.dictionaries(NAME, TEXT, max_size=3),
    files=st.lists(
        st.tuples(NAME, st.tuples(NAME, BINARY, st.sampled_from(["text/plain", "message/rfc822", "a/b; c=d"])))
    ),
)
def test_every_name_text_and_file_comes_back_as_it_was(library, fields, files):
    """Whatever is in them, line breaks and dashes at the ends too."""
    request = library.Request(
        "POST",
        "http://a.test/",
        data=fields,
        files=files or {"f": b""},
        headers={"Content-Type": "multipart/form-data; boundary=B1"},
    )
    request.read()
    view = RequestView(request, library.__name__)
    assert view.fields == {name: [text] for name, text in fields.items()}
    found = [(name, part) for name, part in view.parts if isinstance(part, SentFile)]
    if files:
        assert found == [
            (name, SentFile(filename=filename, content=content, content_type=kind))
            for name, (filename, content, kind) in files
        ]


@pytest.mark.parametrize(
    ("content_type", "content", "found"),
    [
        ("multipart/form-data", b"--B\r\n\r\nx\r\n--B--", []),
        ("multipart/form-data; boundary=B", b"", []),
        ("multipart/form-data; boundary=B", b"--B\r\nno end of the head\r\n--B--", []),
        ("multipart/form-data; boundary=B", b"--B\r\n\r\nnameless\r\n--B--", []),
        (
            'multipart/form-data; boundary="B C"',
            b"--B C\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n--B C--",
            [("a", "1")],
        ),
        # line feeds only, text before the first part, and after the last
        (
            "multipart/form-data; boundary=B",
            b'hello\n--B \nContent-Disposition: form-data; name="a"\n\n1\n--Bx\n2\n--B--\nbye\n--B\n\nx\n--B--',
            [("a", "1\n--Bx\n2")],
        ),
        # the last boundary is missing: what was sent before it counts
        (
            "multipart/form-data; boundary=B",
            b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B\r\n',
            [("a", "1")],
        ),
        (
            "multipart/form-data; boundary=B",
            b"--B\r\nContent-Disposition: form-data; name=\"a\"; filename*=UTF-8''%C3%BC.txt\r\n\r\n1\r\n--B--",
            [("a", SentFile(filename="\u00fc.txt", content=b"1"))],
        ),
        (
            "multipart/form-data; boundary=B",
            b"--B\r\nContent-Disposition: form-data; name=a; filename=x; filename*=no''%C3\r\nbroken\r\n\r\n1\r\n--B--",
            [("a", SentFile(filename="x", content=b"1"))],
        ),
    ],
)
def test_forms_that_were_written_by_hand(content_type, content, found):
    """As far as they can be understood."""
    assert multipart(content_type, content) == found

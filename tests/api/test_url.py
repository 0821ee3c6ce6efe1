"""URLs from patterns: every parameter has one value, encoded as browsers encode it, and leads nowhere else."""

import enum
import hashlib
import shutil
import subprocess
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.api.url import (
    MissingPathParamError,
    PathParamError,
    PathParamTypeError,
    UnknownPathParamError,
    get_api_url,
    path_params,
)
from query.base.types import skip_token

characters = st.characters(exclude_categories=["Cs"])


@pytest.mark.parametrize(
    ("pattern", "path", "url"),
    [
        ("/projects/", None, "/projects/"),
        ("/projects/", {}, "/projects/"),
        ("/projects/$slug/", {"slug": "apollo"}, "/projects/apollo/"),
        ("/projects/$slug", {"slug": 11}, "/projects/11"),
        ("/v/${v}_raw/", {"v": "1"}, "/v/1_raw/"),
        ("/a/$a-$b/", {"a": 1, "b": 2}, "/a/1-2/"),
        ("/e/$project:$event/", {"project": "abc", "event": "1:2"}, "/e/abc:1%3A2/"),
        ("/compare/$base...$head/", {"base": "a", "head": "b"}, "/compare/a...b/"),
        ("/items/$$count", None, "/items/$count"),
        ("/items/$id/$$value", {"id": 1}, "/items/1/$value"),
        ("/$id1/$id", {"id": "123", "id1": "456"}, "/456/123"),
        ("/$a/$b", {"a": "$b", "b": "x"}, "/%24b/x"),
        ("/$a/$a", {"a": "x"}, "/x/x"),
        ("https://$region.api.test/x/", {"region": "eu"}, "https://eu.api.test/x/"),
        ("/x/$a/", {"a": "v 1.0.0/ä?#%2F"}, "/x/v%201.0.0%2F%C3%A4%3F%23%252F/"),
        ("/x/$a/", {"a": UUID(int=1)}, "/x/00000000-0000-0000-0000-000000000001/"),
        ("/x/$a.json", {"a": "."}, "/x/..json"),
        ("/x/?next=$a", {"a": ""}, "/x/?next="),
        ("/x/?next=$a", {"a": ".."}, "/x/?next=.."),
    ],
)
def test_values_are_filled_in(pattern, path, url):
    """By name, encoded once, in one pass: a value that looks like a parameter stays data."""
    assert get_api_url(pattern, path=path) == url


def test_an_enum_gives_its_value():
    """Whatever it is mixed with, the URL shows the value and not the name of the member."""

    class Sort(enum.StrEnum):
        NEW = "newest"

    class Old(str, enum.Enum):  # noqa: UP042
        NEW = "newest"

    class Level(enum.IntEnum):
        HIGH = 3

    class Plain(enum.Enum):
        NEW = "newest"

    for member in (Sort.NEW, Old.NEW, Plain.NEW):
        assert get_api_url("/$a", path={"a": member}) == "/newest"
    assert get_api_url("/$a", path={"a": Level.HIGH}) == "/3"


def test_subclasses_of_str_and_int_are_what_they_extend():
    """Their own str() is for people."""

    class Slug(str):
        def __str__(self):
            return "<slug>"

    class Id(int):
        def __str__(self):
            return "<id>"

    assert get_api_url("/$a/$b", path={"a": Slug("x"), "b": Id(5)}) == "/x/5"


@given(st.text(characters, min_size=1))
def test_a_value_can_be_read_back(text):
    """Encoding loses nothing, and leaves nothing that ends a segment."""
    url = get_api_url("/x$a/", path={"a": text})
    assert unquote(url) == f"/x{text}/"
    assert url.count("/") == 2
    assert not set(url) & set("?#\\ ")


UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"


@given(characters)
def test_encoding_is_that_of_browsers(character):
    """encodeURIComponent leaves its unreserved characters and writes all others as the bytes of UTF-8."""
    expected = character if character in UNRESERVED else "".join(f"%{byte:02X}" for byte in character.encode())
    assert get_api_url("/x$a", path={"a": character}) == f"/x{expected}"


# of encodeURIComponent over all code points but the halves of pairs, in order
DIGEST = "938a36c2cb043adc1a51e5e3aaa011c45fd04cd8d9c7f552767835cb0e024d3f"
CODE_POINTS = [*range(0xD800), *range(0xE000, 0x110000)]


def test_encoding_is_that_of_browsers_on_every_code_point():
    """By a digest of what Node makes of them, which the next test computes anew."""
    text = "".join(map(chr, CODE_POINTS))
    encoded = hashlib.sha256()
    for start in range(0, len(text), 65536):
        encoded.update(get_api_url("$a", path={"a": text[start : start + 65536]}).encode())
    assert encoded.hexdigest() == DIGEST


def test_the_digest_is_that_of_node():
    """The real thing, where it is installed; it refuses halves of pairs, as we do."""
    if shutil.which("node") is None:
        return
    code = """
        const hash = require("crypto").createHash("sha256")
        let refused = 0
        for (let point = 0; point < 0x110000; point++) {
            try { hash.update(encodeURIComponent(String.fromCodePoint(point))) }
            catch (error) { if (error instanceof URIError) refused++ }
        }
        console.log(refused, hash.digest("hex"))
    """
    done = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(0x110000 - len(CODE_POINTS)), DIGEST]


def test_every_half_of_a_pair_is_refused():
    """It has no bytes in UTF-8."""
    for point in range(0xD800, 0xE000):
        with pytest.raises(PathParamError, match="half of a character"):
            get_api_url("/$a", path={"a": chr(point)})


def test_skip_token_leaves_the_pattern():
    """It names the entry of a query that cannot fetch yet."""
    assert get_api_url("/projects/$slug/", path=skip_token) == "/projects/$slug/"


def test_a_missing_value_is_named():
    """With what was given, and what to do."""
    with pytest.raises(MissingPathParamError, match=r"no value for \$b, \$c\. path= holds a; add") as caught:
        get_api_url("/$a/$b/$c/", path={"a": 1})
    assert caught.value.names == ("b", "c")
    assert caught.value.pattern == "/$a/$b/$c/"
    with pytest.raises(MissingPathParamError, match="path= holds nothing"):
        get_api_url("/$a/")


@pytest.mark.parametrize(("pattern", "known"), [("/$a/", r"\$a"), ("/flat/", "none")])
def test_an_unknown_value_is_named(pattern, known):
    """A misspelt name, or a path for a URL without parameters."""
    with pytest.raises(UnknownPathParamError, match=rf"it has no \$x\. Its parameters: {known};") as caught:
        get_api_url(pattern, path={"x": 1, **({"a": 1} if "a/" in pattern and "$" in pattern else {})})
    assert caught.value.names == ("x",)


@pytest.mark.parametrize("value", [True, None, 1.0, b"x", ["x"], object()])
def test_a_value_without_one_spelling_is_refused(value):
    """Python's str() of it is not what another language would send."""
    with pytest.raises(PathParamTypeError, match=r"\$a is .*expected a str, an int or a UUID") as caught:
        get_api_url("/x/$a/", path={"a": value})
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, PathParamError)
    assert caught.value.names == ("a",)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/x/$a/", {"a": ""}),
        ("/x/$a/", {"a": "."}),
        ("/x/$a/", {"a": ".."}),
        ("/x/$a", {"a": ""}),
        ("/x/$a$b/", {"a": ".", "b": "."}),
        ("/x/.$a/", {"a": "."}),
        ("/x/$a?page=1", {"a": ".."}),
        ("/x/$a#top", {"a": ""}),
    ],
)
def test_a_value_that_leads_to_another_url_is_refused(pattern, path):
    """HTTP libraries collapse dots, servers collapse slashes: the call would reach another endpoint."""
    with pytest.raises(PathParamError, match="leads to another URL"):
        get_api_url(pattern, path=path)


@pytest.mark.parametrize("pattern", ["/x/$/", "/x/$1/", "/x/${a", "/x/${}/", "/x/${1}/", "/x/$", "/x/$ä/"])
def test_a_dollar_that_begins_no_parameter_is_refused(pattern):
    """It is a misprint, or a dollar that should be doubled."""
    with pytest.raises(PathParamError, match=r"the \$ at 3 in .*Write \$name or \$\{name\}.*\$\$ for a dollar"):
        get_api_url(pattern)


def test_a_path_that_is_no_mapping_is_refused():
    """One value without its name."""
    with pytest.raises(TypeError, match="path='apollo' is no mapping"):
        get_api_url("/projects/$slug/", path="apollo")


def test_the_names_of_a_pattern():
    """Each once, in order."""
    assert path_params("/$b/${a}x/$b/$$c") == ("b", "a")

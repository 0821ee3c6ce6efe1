"""What a call sends: forms, files and raw bodies."""

import io
from pathlib import Path

import pytest

from query import MutationObserver, MutationOptions, OptionError
from query.api import ApiClient, ApiRequest, api_query_key, fetch_mutation

BYTES = bytes(range(256)) * 600
"""More than two pieces."""


@pytest.fixture(params=["async", "blocks"])
def send(request, server):
    """Send a call by each kind of client."""

    async def send(call):
        if request.param == "blocks":
            return ApiClient(http=server.blocking_http()).send_sync(call)
        return await server.api_client().send(call)

    send.blocks = request.param == "blocks"
    return send


@pytest.fixture
def picture(tmp_path):
    """A file on this machine."""
    path = tmp_path / "moon.png"
    path.write_bytes(BYTES)
    return path


def parts_of(request):
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    parts = request.content.split(b"--" + boundary)[1:-1]
    return [tuple(part.strip(b"\r\n").split(b"\r\n\r\n", 1)) for part in parts]


async def test_a_form(server, send):
    """Fields as a browser would send them; a list repeats its field."""
    await send(ApiRequest(method="POST", url="/login/", form={"user": "me", "scope": ["a", "b"]}))
    assert server.last.content == b"user=me&scope=a&scope=b"
    assert server.last.headers["content-type"] == "application/x-www-form-urlencoded"


async def test_files_beside_the_fields_of_a_form(server, send, picture):
    """Paths are opened for the call, with their name; others may be given one, and a content type."""
    files = {
        "picture": picture,
        "notes": ("notes.txt", "gr\u00fcn", "text/plain"),
        "more": [b"1", ("two.bin", io.BytesIO(b"2")), ("three.png", picture)],
    }
    await send(ApiRequest(method="POST", url="/files/", form={"title": "Moon"}, files=files))
    heads = [(head.split(b"form-data; ")[1].split(b"\r\n"), body) for head, body in parts_of(server.last)]
    assert heads == [
        ([b'name="title"'], b"Moon"),
        ([b'name="picture"; filename="moon.png"', b"Content-Type: image/png"], BYTES),
        ([b'name="notes"; filename="notes.txt"', b"Content-Type: text/plain"], "gr\u00fcn".encode()),
        ([b'name="more"; filename="upload"', b"Content-Type: application/octet-stream"], b"1"),
        ([b'name="more"; filename="two.bin"', b"Content-Type: application/octet-stream"], b"2"),
        ([b'name="more"; filename="three.png"', b"Content-Type: image/png"], BYTES),
    ]


async def test_files_alone(server, send, picture):
    """There need not be a field beside them."""
    await send(ApiRequest(method="POST", url="/files/", files={"picture": picture}))
    assert len(parts_of(server.last)) == 1


async def pieces():
    for start in range(0, len(BYTES), 50_000):
        yield BYTES[start : start + 50_000]


def plain_pieces():
    for start in range(0, len(BYTES), 50_000):
        yield BYTES[start : start + 50_000]


@pytest.mark.parametrize("kind", ["bytes", "path", "file", "iterator"])
async def test_a_raw_body(server, send, picture, kind):
    """Bytes at once, everything else piece by piece; the length of a path is told."""
    content = {"bytes": BYTES, "path": picture, "file": io.BytesIO(BYTES), "iterator": plain_pieces()}[kind]
    headers = {"Content-Type": "application/octet-stream"}
    await send(ApiRequest(method="PUT", url="/raw/", content=content, headers=headers))
    assert server.last.content == BYTES
    assert server.last.headers["content-type"] == "application/octet-stream"
    if kind in ("bytes", "path"):
        assert server.last.headers["content-length"] == str(len(BYTES))
        assert "transfer-encoding" not in server.last.headers
    else:
        assert server.last.headers["transfer-encoding"] == "chunked"


async def test_a_text_as_it_is(server, send):
    """Not as JSON."""
    await send(ApiRequest(method="PUT", url="/raw/", content="gr\u00fcn"))
    assert server.last.content == "gr\u00fcn".encode()


async def test_an_async_iterator(server, send):
    """Only a client that can be awaited can wait for its pieces."""
    call = ApiRequest(method="PUT", url="/raw/", content=pieces())
    if send.blocks:
        with pytest.raises(OptionError, match="content= is an async iterable, which a client that blocks"):
            await send(call)
        assert server.requests == []
    else:
        await send(call)
        assert server.last.content == BYTES


@pytest.mark.parametrize("part", ["files", "content"])
async def test_a_file_that_was_opened_is_closed(server, send, picture, monkeypatch, part):
    """Also if the call fails."""
    opened = []

    def watch(path, *args, **options):
        opened.append(open(path, *args, **options))
        return opened[-1]

    monkeypatch.setattr("query.api.uploads.open", watch, raising=False)
    value = {"picture": picture} if part == "files" else picture
    await send(ApiRequest(method="POST", url="/x/", **{part: value}))
    server.answer = {"status_code": 500}
    with pytest.raises(Exception, match="answered 500"):
        await send(ApiRequest(method="POST", url="/x/", **{part: value}))
    assert len(opened) == 2
    assert all(file.closed for file in opened)


@pytest.mark.parametrize("part", [{"files": {"picture": Path("/no/such")}}, {"content": Path("/no/such")}])
async def test_a_file_that_is_not_there_is_missed_before_anything_is_sent(server, send, part):
    """The error is that of the system."""
    with pytest.raises(FileNotFoundError):
        await send(ApiRequest(method="POST", url="/x/", **part))
    assert server.requests == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"data": 1, "form": {}}, "data and form"),
        ({"data": 1, "files": {}}, "data and files"),
        ({"data": 1, "content": b""}, "data and content"),
        ({"content": b"", "form": {"a": 1}}, "form and content"),
        ({"content": b"", "files": {}}, "content and files"),
        ({"form": {}, "files": {}, "content": b""}, "form and content and files"),
    ],
)
def test_a_body_of_two_kinds_is_refused(body, said):
    """One of them would be lost."""
    with pytest.raises(OptionError, match=f"a call was given {said}, but has one body"):
        ApiRequest(method="POST", url="/x/", **body)


@pytest.mark.parametrize("body", [{"form": {"a": 1}}, {"files": {"a": b""}}, {"content": b"a"}])
def test_a_query_uploads_nothing(body):
    """What cannot be in its key would make two calls one."""
    with pytest.raises(OptionError, match="Upload with fetch_mutation"):
        api_query_key(ApiRequest(method="POST", url="/x/", **body))


async def test_a_mutation_uploads_a_file(server, client, picture):
    """Its variables may be the path."""
    upload = MutationOptions(
        mutation_fn=fetch_mutation(lambda path: ApiRequest(method="POST", url="/files/", files={"file": path}))
    )
    assert await MutationObserver(client, upload).mutate(picture) == {"ok": True}
    assert parts_of(server.last)[0][1] == BYTES


async def test_an_upload_to_another_server(server, picture):
    """As to a storage whose URL came from the API: it does not hear the login."""
    api = server.api_client(base_url="https://api.test", headers={"Authorization": "Bearer 1"})
    await api.send(ApiRequest(method="PUT", url="https://storage.test/moon?signature=1", content=picture))
    assert server.last.content == BYTES
    assert "authorization" not in server.last.headers
    assert server.last.headers["content-length"] == str(len(BYTES))

"""Mocks from HAR files and cassettes."""

import base64
import gzip
import json
import re
import sys
import zipfile

import httpx
import pytest

from mockapi import MockApiClient

API = "https://api.test"


def entry(url="/orders/", *, method="GET", status=200, content=None, headers=None, **more):
    """An entry of a HAR, as small as it can be."""
    request = {"method": method, "url": url if "://" in url or ":" in url[:6] else API + url, **more.pop("request", {})}
    if "sent" in more:
        request["postData"] = more.pop("sent")
    head = [{"name": name, "value": value} for name, value in (headers or {}).items()]
    body = {"text": "[]", "mimeType": "application/json"} if content is None else content
    return {"request": request, "response": {"status": status, "headers": head, "content": body}, **more}


def text(value, kind="application/json", **more):
    return {"text": value, "mimeType": kind, **more}


@pytest.fixture
def har(tmp_path):
    """Write a HAR file of entries."""

    def write(*entries, name="shop.har"):
        path = tmp_path / name
        path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def mock():
    with MockApiClient() as mock:
        yield mock


@pytest.fixture
def client(mock):
    with httpx.Client(base_url=API) as client:
        yield client


def test_entries_answer_as_the_service_did(har, mock, client):
    """Status, body, content type and the headers that matter; the mocks come back in order."""
    path = har(
        entry("/orders/?page=2", content=text("[1, 2]"), headers={"Link": "</next>", "Date": "today"}),
        entry("/page", content=text("<p>\u00fc</p>", "text/html; charset=utf-8")),
        entry("/old/", content=text("[3]")),
        entry("/gone", method="DELETE", status=204, content={"size": 0}),
    )
    assert [mock.name for mock in mock.load(path)] == ["GET /orders/", "GET /page", "GET /old/", "DELETE /gone"]
    orders = client.get("/orders/?page=2")
    assert (orders.json(), orders.headers["link"]) == ([1, 2], "</next>")
    assert "date" not in orders.headers
    page = client.get("/page")
    assert (page.text, page.headers["content-type"]) == ("<p>\u00fc</p>", "text/html; charset=utf-8")
    assert client.delete("/gone").status_code == 204


def test_the_line_that_loads_is_the_source_of_its_mocks(har, mock):
    """A miss then names the place in the test."""
    (loaded,) = mock.load(har(entry()))
    assert "test_loading.py:" in loaded.source


def test_entries_of_one_request_are_a_sequence(har, mock, client):
    """In the order of their moments, whatever their order in the file and their zones."""
    path = har(
        entry(content=text('"c"'), startedDateTime="2026-01-01T12:00:02.000Z"),
        entry(content=text('"a"'), startedDateTime="2026-01-01T13:00:00.500+01:00"),
        entry(content=text('"b"'), startedDateTime="2026-01-01T12:00:01Z"),
    )
    (loaded,) = mock.load(path)
    assert [client.get("/orders/").json() for _ in range(4)] == ["a", "b", "c", "c"]
    assert loaded.call_count == 4


def test_without_moments_the_order_is_that_of_the_file(har, mock, client):
    """They are not required of each tool."""
    mock.load(har(entry(content=text("1"), startedDateTime="soon"), entry(content=text("2"))))
    assert [client.get("/orders/").json() for _ in range(2)] == [1, 2]


def test_requests_are_told_apart_by_query_and_body(har, mock, client):
    """JSON, the text of a form, and the fields of one; large or small."""
    form = "application/x-www-form-urlencoded"
    path = har(
        entry("/a?q=x%20y", content=text("1")),
        entry("/a", content=text("2")),
        entry(
            "/a",
            method="POST",
            content=text("3"),
            sent={"mimeType": "application/json", "text": '{"n": 1}'},
            request={"headers": [{"name": "Content-Type", "value": "application/json"}]},
        ),
        entry("/a", method="POST", content=text("4"), sent={"mimeType": form, "text": "n=1&m=2"}),
        entry("/a", method="POST", content=text("5"), sent={"mimeType": form, "params": [{"name": "n", "value": "9"}]}),
        entry(
            "/a",
            method="PUT",
            content=text("6"),
            sent={
                "mimeType": "multipart/form-data",
                "params": [
                    {"name": "n", "value": "1"},
                    {"name": "n", "value": "2"},
                    {"name": "file", "fileName": "a.txt", "value": "hello"},
                ],
            },
        ),
    )
    mock.load(path)
    assert client.get("/a", params={"q": "x y"}).json() == 1
    assert client.get("/a").json() == 2
    assert client.post("/a", json={"n": 1}).json() == 3
    assert client.post("/a", data={"n": "1", "m": "2"}).json() == 4
    assert client.post("/a", data={"n": "9"}).json() == 5
    assert client.put("/a", data={"n": ["1", "2"]}, files={"file": b"hello"}).json() == 6


def test_secrets_of_requests_need_not_be_the_same(har, mock, client):
    """A test has others than the browser had."""
    sent = {"mimeType": "application/json", "text": '{"user": "ann", "password": "real"}'}
    mock.load(har(entry("/login?api_key=real", method="POST", content=text("1"), sent=sent)))
    assert client.post("/login?api_key=mine", json={"user": "ann", "password": "other"}).json() == 1


def test_bodies_in_base64_and_compressed_ones_are_decoded(har, mock, client):
    """As mitmproxy and browsers write what is no text."""
    packed = base64.b64encode(gzip.compress(b'{"packed": true}')).decode()
    plain = base64.b64encode(b"\x89PNG\xff").decode()
    path = har(
        entry("/packed", content=text(packed, encoding="base64"), headers={"Content-Encoding": "gzip"}),
        entry("/unpacked", content=text('{"packed": false}'), headers={"content-encoding": "br"}),
        entry("/logo", content=text(plain, "image/png", encoding="base64"), headers={"content-encoding": "gzip"}),
        entry("/claimed", content=text("<p>no base64</p>", "text/html", encoding="base64")),
        entry("/own", content=text("\u00fc", "text/plain; charset=own")),
        entry("/latin", content=text("gr\u00fcn", "text/plain; charset=iso-8859-1")),
    )
    mock.load(path)
    assert client.get("/packed").json() == {"packed": True}
    assert client.get("/unpacked").json() == {"packed": False}
    assert client.get("/claimed").text == "<p>no base64</p>"
    assert client.get("/own").content == "\u00fc".encode()
    assert client.get("/logo").content == b"\x89PNG\xff"
    assert client.get("/latin").content == "gr\u00fcn".encode("latin-1")


def test_what_no_client_would_ask_for_is_left_out(har, mock):
    """Aborted requests, websockets, other schemes, and the questions that browsers ask before."""
    preflight = {"headers": [{"name": "Access-Control-Request-Method", "value": "PUT"}]}
    path = har(
        entry("/aborted", status=0),
        entry("/unknown", status=-1),
        entry("/socket", status=101),
        entry("data:text/plain,hello"),
        entry("/orders/", method="OPTIONS", status=204, content={}, request=preflight),
        entry("/orders/"),
    )
    assert [mock.name for mock in mock.load(path)] == ["GET /orders/"]


def test_a_file_without_any_answer_is_refused(har, mock):
    """It would answer nothing."""
    with pytest.raises(ValueError, match="shop.har has no answer of a service. What was aborted, websockets, and"):
        mock.load(har(entry("/aborted", status=0)))


def test_headers_of_http2_that_are_none_are_left_out(har, mock, client):
    """Browsers list them among the others."""
    mock.load(
        har(entry(headers={":status": "200", "ETag": "1"}, request={"headers": [{"name": ":path", "value": "/"}]}))
    )
    assert client.get("/orders/").headers["etag"] == "1"


def test_several_hosts_give_whole_urls_and_one_gives_paths(har, mock):
    """Of the entries that are chosen; with a base_url, what lies below it has a path."""
    path = har(entry("/a"), entry("https://cdn.test/b"))
    assert [mock.name for mock in mock.load(path)] == [f"GET {API}/a", "GET https://cdn.test/b"]
    assert [mock.name for mock in mock.load(path, urls="https://cdn.test/")] == ["GET /b"]
    based = MockApiClient(base_url=API)
    assert [mock.name for mock in based.load(path)] == ["GET /a", "GET https://cdn.test/b"]


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({"urls": "/v1/"}, ["/v1/a", "/v1/b"]),
        ({"urls": ["/v1/b", f"{API}/v2"]}, ["/v1/b", "/v2/a"]),
        ({"urls": re.compile(r"/a$")}, ["/v1/a", "/v2/a"]),
        ({"methods": "post"}, ["/v1/b"]),
        ({"methods": ["GET", "PUT"], "urls": "/v2/"}, ["/v2/a"]),
    ],
)
def test_entries_are_chosen_by_url_and_method(har, mock, options, paths):
    """Beginnings of URLs or paths, expressions, one method or several."""
    path = har(entry("/v1/a"), entry("/v1/b", method="POST"), entry("/v2/a"))
    assert [mock.url.text for mock in mock.load(path, **options)] == paths


def test_choosing_nothing_is_refused(har, mock):
    """With what there is to choose from."""
    path = har(*(entry(f"/{name}") for name in "abcde"))
    with pytest.raises(
        ValueError, match=r"shop.har: none of its 5 answers fits urls='/v1/'.*GET https://api.test/a, .* and 2 m"
    ):
        mock.load(path, urls="/v1/")
    with pytest.raises(ValueError, match=r"urls=\['v1'\] has 'v1'; expected beginnings of URLs"):
        mock.load(path, urls=["v1"])
    assert mock.mocks == []


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (
            [entry(), {"request": {}}],
            r"shop.har: log.entries\[1\].request: Object missing required field `method`. Exp",
        ),
        ([{"request": {"method": "GET", "url": "x"}}], r"log.entries\[0\]: Object missing required field `response`"),
        ([entry(status="late")], r"log.entries\[0\].response.status: Expected `int`, got `str`"),
        ([entry("https://a b:c/")], r"log.entries\[0\] \(GET https://a b:c/\): the URL is none"),
        ([entry(content=text("abc", encoding="base64"))], r"log.entries\[0\] .*says that it is base64, and is not"),
        ([entry(content={"size": 5})], r"the body of 5 bytes is not in the file. .* leave the entry out by urls= or"),
        ([entry(content={"_file": "gone.json"})], r"its content should be in 'gone.json' beside the file"),
        ([entry(content={"_file": "../../etc/x"})], r"it lies outside of the file's folder"),
    ],
)
def test_an_entry_that_is_not_whole_is_named(har, mock, entries, said):
    """By its number, and where in it; nothing is registered then."""
    with pytest.raises(ValueError, match=said):
        mock.load(har(*entries))
    assert mock.mocks == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "shop.har is no JSON, so no HAR file"),
        (b'{"log": {"entries": [', "shop.har is no JSON, so no HAR file: Input data was truncated"),
        (b"[]", "shop.har: it: Expected `object`, got `array`. Expected a HAR file"),
        (b'{"log": {}}', "shop.har: log: Object missing required field `entries`"),
    ],
)
def test_a_file_that_is_no_har_is_refused(tmp_path, mock, content, said):
    """With what it should have been."""
    path = tmp_path / "shop.har"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(said)):
        mock.load(path)


def test_a_file_that_begins_with_a_byte_order_mark_is_read(har, mock):
    """Some tools write one."""
    path = har(entry())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(mock.load(str(path))) == 1


def test_contents_beside_the_file_and_in_an_archive_are_read(har, mock, client, tmp_path):
    """As Playwright attaches them."""
    path = har(entry("/a", content={"_file": "a.json", "mimeType": "application/json"}))
    (tmp_path / "a.json").write_text("[7]")
    mock.load(path)
    assert client.get("/a").json() == [7]
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as archive:
        archive.writestr("har.har", path.read_text().replace("/a", "/b"))
        archive.writestr("a.json", "[8]")
    mock.load(tmp_path / "shop.zip")
    assert client.get("/b").json() == [8]
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "")
    with pytest.raises(ValueError, match="empty.zip is an archive without a .har file; it has readme.txt"):
        mock.load(tmp_path / "empty.zip")


CASSETTE = """
interactions:
- request:
    body: '{"n": 1}'
    headers: {Content-Type: [application/json], Accept: ['*/*']}
    method: POST
    uri: https://api.test/orders/?page=2
  response:
    body: {string: '{"id": 1}'}
    headers: {Content-Type: [application/json], Set-Cookie: [a=1, b=2]}
    status: {code: 201, message: Created}
- request: {body: null, headers: {}, method: GET, uri: https://api.test/packed}
  response:
    body:
      string: !!binary |
        PACKED
    headers: {Content-Encoding: [gzip], Content-Type: [text/plain; charset=utf-8]}
    status: {code: 200, message: OK}
version: 1
"""


def test_cassettes_of_vcrpy_are_read(tmp_path, mock, client):
    """YAML, with bodies as they came."""
    path = tmp_path / "shop.yaml"
    path.write_text(CASSETTE.replace("PACKED", base64.b64encode(gzip.compress(b"packed")).decode()))
    mock.load(path)
    response = client.post("/orders/?page=2", json={"n": 1})
    assert (response.status_code, response.json()) == (201, {"id": 1})
    assert response.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert client.get("/packed").text == "packed"


def test_cassettes_of_older_versions_are_read(tmp_path, mock, client):
    """For httpx they were another form."""
    path = tmp_path / "shop.json"
    response = {"status_code": 203, "content": "old", "headers": {"Content-Encoding": ["gzip"]}}
    request = {"method": "GET", "uri": f"{API}/x", "body": ""}
    path.write_text(json.dumps({"interactions": [{"request": request, "response": response}]}))
    mock.load(path)
    assert (client.get("/x").status_code, client.get("/x").text) == (203, "old")


def test_cassettes_in_json_are_read(tmp_path, mock, client):
    """Bodies are text or base64 there."""
    path = tmp_path / "shop.json"
    response = {"status": {"code": 200}, "headers": {}, "body": {"base64_string": base64.b64encode(b"\xff").decode()}}
    request = {"method": "get", "uri": f"{API}/x", "body": b"".decode(), "headers": {"Accept": "text/plain"}}
    path.write_text(json.dumps({"interactions": [{"request": request, "response": response}], "version": 1}))
    mock.load(path)
    assert client.get("/x").content == b"\xff"


def test_a_cassette_that_is_none_is_refused(tmp_path, mock, monkeypatch):
    """With the place, or with what is missing to read it."""
    path = tmp_path / "shop.yml"
    path.write_text("interactions:\n- request: {method: GET}\n")
    with pytest.raises(ValueError, match=r"shop.yml: interactions\[0\]: Object missing required field"):
        mock.load(path)
    path.write_text("interactions:\n- request: {method: GET, uri: x}\n  response: {}\n")
    with pytest.raises(ValueError, match=r"interactions\[0\]: Object missing required field `status`"):
        mock.load(path)
    path.write_text("a: 1")
    with pytest.raises(ValueError, match="shop.yml is no cassette of vcrpy: it has no list of interactions"):
        mock.load(path)
    path.write_text("a: [")
    with pytest.raises(ValueError, match="shop.yml is no YAML"):
        mock.load(path)
    monkeypatch.setitem(sys.modules, "yaml", None)
    (tmp_path / "shop.json").write_text('{"interactions": [')
    with pytest.raises(ValueError, match="shop.json is no JSON, so no HAR file"):
        mock.load(tmp_path / "shop.json")
    with pytest.raises(ImportError, match="shop.yml is YAML, which needs PyYAML: pip install pyyaml"):
        mock.load(path)

"""What is recorded from a real service makes the same tests pass without it: both libraries, sync and async."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from shop_server import running_shop

# three runs of one module: one process has them all
pytestmark = [pytest.mark.xdist_group("round-trip"), pytest.mark.timeout(300)]

SUPPORT = Path(__file__).resolve().parent.parent.parent / "support"

TESTS = '''
"""Each test sends something and looks at what comes back; ``recorded`` lets a recording answer, if there is one."""
import importlib.util, os, sys
import httpx, httpx2, pytest
from mockapi.recorder.python_source import function_name

sys.path.insert(0, os.environ["SUPPORT"])
from shop_server import LINES, PNG, TOKEN

URL = os.environ["SHOP"]

class Sync:
    def __init__(self, library, **options):
        self.client, self.library = library.Client(**options), library
    async def send(self, *args, **options):
        return self.client.request(*args, **options)
    async def stream(self, path):
        with self.client.stream("GET", path) as response:
            return [line for line in response.iter_lines()]
    async def glance(self, path):
        with self.client.stream("GET", path) as response:
            for piece in response.iter_raw(4):
                return piece
    async def close(self):
        self.client.close()

class Async:
    def __init__(self, library, **options):
        self.client, self.library = library.AsyncClient(**options), library
    async def send(self, *args, **options):
        return await self.client.request(*args, **options)
    async def stream(self, path):
        async with self.client.stream("GET", path) as response:
            return [line async for line in response.aiter_lines()]
    async def glance(self, path):
        async with self.client.stream("GET", path) as response:
            pieces = response.aiter_raw(4)
            async for piece in pieces:
                break
            await pieces.aclose()
            return piece
    async def close(self):
        await self.client.aclose()

@pytest.fixture(params=[(Sync, httpx), (Sync, httpx2), (Async, httpx), (Async, httpx2)],
                ids=["httpx-sync", "httpx2-sync", "httpx-async", "httpx2-async"])
async def call(request):
    kind, library = request.param
    call = kind(library, base_url=URL, timeout=60)
    yield call
    await call.close()

@pytest.fixture(autouse=True)
def recorded(request, mock_api_client):
    if "RECORDING" in os.environ:
        spec = importlib.util.spec_from_file_location("recording", os.environ["RECORDING"])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        getattr(module, function_name(request.node.nodeid))(mock_api_client)

async def test_json_with_headers(call):
    response = await call.send("GET", "/orders/", params={"page": 2})
    assert response.json() == [{"id": 21}]
    assert response.links["next"]["url"] == "/orders/?page=3"
    assert response.headers["etag"] == '"p2"'
    assert response.headers["content-type"] == "application/json"

async def test_text(call):
    response = await call.send("GET", "/text")
    assert response.text == "one line\\nand 'another' \\"line\\"\\n"
    assert response.headers["content-type"] == "text/plain; charset=utf-8"

async def test_text_in_another_charset(call):
    response = await call.send("GET", "/latin")
    assert (response.text, response.content) == ("gr\\u00fcn", b"gr\\xfcn")

async def test_binary(call):
    response = await call.send("GET", "/logo.png")
    assert response.content == PNG
    assert response.headers["content-type"] == "image/png"

async def test_gzip(call):
    assert (await call.send("GET", "/gzip")).json() == {"packed": True}

async def test_redirect(call):
    response = await call.send("GET", "/moved", follow_redirects=True)
    assert response.json() == [{"id": 31}]
    assert [one.status_code for one in response.history] == [302]

async def test_redirect_that_is_not_followed(call):
    response = await call.send("GET", "/moved")
    assert response.status_code == 302 and response.next_request.url.path == "/orders/"

async def test_stream(call):
    assert await call.stream("/lines") == [line.decode().rstrip("\\n") for line in LINES]

async def test_stream_that_is_left_early(call):
    assert await call.glance("/lines") == LINES[0][:4]

async def test_no_content(call):
    response = await call.send("DELETE", "/gone/1")
    assert (response.status_code, response.content) == (204, b"")

async def test_head(call):
    response = await call.send("HEAD", "/text")
    assert (response.headers["content-length"], response.content) == ("30", b"")

async def test_error_status(call):
    response = await call.send("GET", "/nothing")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {"title": "no such thing"}

async def test_nobody_listens(call):
    with pytest.raises(call.library.ConnectError):
        await call.send("GET", "http://127.0.0.1:1/x")

async def test_connection_breaks_within_the_body(call):
    with pytest.raises(call.library.RemoteProtocolError):
        await call.send("GET", "/broken")

async def test_post_json(call):
    for name in ("chair", "table"):
        response = await call.send("POST", "/echo", json={"name": name, "tags": ["a"]})
        assert response.json() == {"name": name, "tags": ["a"]}

async def test_post_form(call):
    for user in ("anna", "bert"):
        response = await call.send("POST", "/echo", data={"user": user, "times": "2"})
        assert response.text == f"user={user}&times=2"

async def test_post_multipart(call):
    files = {"file": ("a.bin", bytes(range(256)))}
    response = await call.send("POST", "/upload", data={"kind": "x"}, files=files)
    assert response.json() == {"size": True}

async def test_post_bytes_and_text(call):
    for content in (b"\\xff\\x00", b"plain words", b""):
        assert (await call.send("POST", "/echo", content=content)).content == content

async def test_answers_that_change(call):
    kind = f"{type(call).__name__}{call.library.__name__}"
    states = [(await call.send("GET", f"/jobs/{kind}")).json()["state"] for _ in range(5)]
    assert states == ["waiting", "waiting", "done", "done", "done"]

async def test_a_token_that_is_handed_on(call):
    response = await call.send("POST", "/login", data={"user": "anna", "password": "correct-horse"})
    token = response.json()["access_token"]
    assert response.json()["expires_in"] == 3600 and call.client.cookies["sid"]
    headers = {"authorization": f"Bearer {token}"}
    response = await call.send("GET", f"/sessions/{token}/", params={"token": token}, headers=headers)
    assert response.json() == {"path": f"/sessions/{token}/?token={token}", "you_sent": f"Bearer {token}"}

async def test_query_with_odd_signs(call):
    for text in ("a b&c=d", "\\u00fc'\\"", ""):
        response = await call.send("GET", "/echo/$x/{y}/a%20b", params={"q": text, "r": ["1", "2"]})
        assert response.status_code == 200
'''

SECRETS = ("tok-7f3a9c51e2d84b60", "9d8c7b6a5f4e", "correct-horse")


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """A run against the service: the folder, what pytest said, and what the service saw."""
    folder = tmp_path_factory.mktemp("round-trip")
    (folder / "test_shop.py").write_text(TESTS)
    (folder / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"
    )
    with running_shop() as shop:
        done = run(folder, shop.url, "--mockapi-record=recorded")
        return folder, shop.url, done, list(shop.seen)


def run(folder, url, *args, **environ):
    """Run the tests of the folder in a process of their own."""
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", *args]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=folder,
        env={**os.environ, "SHOP": url, "SUPPORT": str(SUPPORT), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tests_pass_against_the_service(recording):
    """Recording changes nothing of what a program sees."""
    _, _, done, seen = recording
    assert done.returncode == 0, done.stdout + done.stderr
    assert "recorded/shop.py: 84 tests, " in done.stdout
    assert len(seen) > 84


def test_the_recording_makes_them_pass_without_it(recording):
    """The service is down; every request is answered by what was recorded."""
    folder, url, _, _ = recording
    done = run(folder, url, RECORDING=str(folder / "recorded" / "shop.py"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "84 passed" in done.stdout


def test_recording_again_gives_the_same_file(recording):
    """Old recordings do not answer meanwhile, and nothing in the file is of the day or of chance."""
    folder, *_ = recording
    path = folder / "recorded" / "shop.py"
    before = path.read_text(encoding="utf-8")
    with running_shop() as shop:
        done = run(folder, shop.url, "--mockapi-record=recorded", "-k", "httpx2-async", RECORDING=str(path))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "21 passed" in done.stdout
        assert len(shop.seen) > 21
        assert without_chance(path.read_text(encoding="utf-8")) == without_chance(before)


def without_chance(text):
    """The text without the ports of servers, and without what is computed from them."""
    lines = re.sub(r"http://127\.0\.0\.1:\d{4,}", "http://shop", text).splitlines()
    return [line for line in lines if not line.startswith("# checksum")]


def test_no_secret_is_in_any_file(recording):
    """Tokens, cookies and passwords, wherever they stood."""
    folder, *_ = recording
    texts = {path: path.read_bytes() for path in (folder / "recorded").rglob("*") if path.is_file()}
    assert len(texts) > 1
    for path, text in texts.items():
        for secret in SECRETS:
            assert secret.encode() not in text, path


def test_equal_secrets_stay_equal(recording):
    """The token of the login is the one in the later path and answer."""
    folder, *_ = recording
    text = (folder / "recorded" / "shop.py").read_text(encoding="utf-8")
    source = text[text.index("def a_token_that_is_handed_on_httpx_sync") :].split("\n\n\n")[0]
    placeholder = source.split('"access_token": "')[1].split('"')[0]
    assert placeholder.startswith("masked-")
    assert f'"/sessions/{placeholder}/"' in source
    assert f'"you_sent": "Bearer {placeholder}"' in source

"""A real service on this machine, with one path for each kind of answer. For the tests of recording."""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2
TOKEN = "tok-7f3a9c51e2d84b60"
LINES = [b"first\n", b"second\n", "dritte mit \u00fc\n".encode()]


class Shop(ThreadingHTTPServer):
    """The service; ``seen`` has "METHOD /path?query" of each request that arrived."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[str] = []
        self.orders = [{"id": 1, "name": "Anna's chair", "price": 12.5, "paid": True, "note": None}]
        self.jobs: dict[str, int] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address) -> None:
        """A client that goes away is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Shop

    def log_message(self, *args) -> None:
        pass

    def handle_one_request(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def answer(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        content = self.rfile.read(size)
        if self.headers.get("transfer-encoding") == "chunked":
            while piece := int(self.rfile.readline(), 16):
                content += self.rfile.read(piece + 2)[:-2]
            self.rfile.readline()
        self.server.seen.append(f"{self.command} {self.path}")
        path, _, query = self.path.partition("?")
        first, *rest = [part for part in path.split("/") if part] or ["root"]
        getattr(self, f"on_{first.replace('.', '_')}", self.on_unknown)(rest, query, content)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    def send(self, status, body=b"", content_type=None, **headers) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def json(self, body, status=200, **headers) -> None:
        self.send(status, body, "application/json", X_Powered_By="shop", **headers)

    def on_unknown(self, rest, query, content) -> None:
        self.send(404, {"title": "no such thing"}, "application/problem+json")

    def on_orders(self, rest, query, content) -> None:
        if self.command == "DELETE":
            self.server.orders.clear()
            self.send(204)
        elif self.command == "POST":
            order = {"id": len(self.server.orders) + 1, **json.loads(content)}
            self.server.orders.append(order)
            self.json(order, 201, Location=f"/orders/{order['id']}/")
        elif query:
            page = int(query.removeprefix("page="))
            self.json([{"id": page * 10 + 1}], Link=f'</orders/?page={page + 1}>; rel="next"', ETag=f'"p{page}"')
        else:
            self.json(self.server.orders)

    def on_jobs(self, rest, query, content) -> None:
        asked = self.server.jobs[rest[0]] = self.server.jobs.get(rest[0], 0) + 1
        self.json({"state": "waiting" if asked < 3 else "done"})

    def on_gone(self, rest, query, content) -> None:
        self.send(204)

    def on_upload(self, rest, query, content) -> None:
        self.json({"size": bytes(range(256)) in content})

    def on_text(self, rest, query, content) -> None:
        self.send(200, b"one line\nand 'another' \"line\"\n", "text/plain; charset=utf-8")

    def on_latin(self, rest, query, content) -> None:
        self.send(200, "gr\u00fcn".encode("latin-1"), "text/plain; charset=iso-8859-1")

    def on_logo_png(self, rest, query, content) -> None:
        self.send(200, PNG, "image/png")

    def on_gzip(self, rest, query, content) -> None:
        self.send(200, gzip.compress(b'{"packed": true}'), "application/json", Content_Encoding="gzip")

    def on_moved(self, rest, query, content) -> None:
        self.send(302, b"", Location=f"{self.server.url}/orders/?page=3")

    def on_login(self, rest, query, content) -> None:
        cookie = "sid=9d8c7b6a5f4e; Path=/; HttpOnly"
        self.json({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600}, Set_Cookie=cookie)

    def on_sessions(self, rest, query, content) -> None:
        self.json({"path": self.path, "you_sent": self.headers.get("authorization")})

    def on_echo(self, rest, query, content) -> None:
        self.send(200, content, self.headers.get("content-type"))

    def on_lines(self, rest, query, content) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in LINES:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        self.wfile.write(b"0\r\n\r\n")

    def on_broken(self, rest, query, content) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"only so much")
        self.close_connection = True


@contextlib.contextmanager
def running_shop():
    """The service, running."""
    with Shop() as shop:
        thread = threading.Thread(target=shop.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield shop
        finally:
            shop.shutdown()
            thread.join()

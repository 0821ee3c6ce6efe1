"""Where in the user's code a request was sent, at a cost that every request can pay."""

import httpx
import pytest

from mockapi import MockApiClient


class Wrapping(httpx.BaseTransport):
    """A user's own transport around the real one."""

    def __init__(self):
        self.inner = httpx.HTTPTransport()

    def handle_request(self, request):
        return self.inner.handle_request(request)


class Overriding(httpx.Client):
    """A user's own client, whose request() takes the place of httpx's: the stack stays as deep as it was."""

    def request(self, method, url, **options):
        options = {name: value for name, value in options.items() if name == "params"}
        return self.send(self.build_request(method, url, **options))


def ask(client):
    return client.get("https://api.test/a/")


@pytest.mark.parametrize(
    ("make", "function"),
    [
        (httpx.Client, "ask"),
        (lambda: httpx.Client(transport=Wrapping()), "handle_request"),
        (Overriding, "request"),
    ],
)
def test_the_nearest_line_of_the_users_is_named_whatever_was_asked_before(make, function):
    """The way to the last line is remembered, and must not lead past a nearer one."""
    with MockApiClient() as mock:
        mock.add_mock_response("/a/", body=1)
        for _ in range(2):
            with httpx.Client() as plain, make() as client:
                ask(plain)
                ask(client)
                httpx.get("https://api.test/a/")
    names = [call.source.rpartition(" in ")[2] for call in mock.calls]
    test = "test_the_nearest_line_of_the_users_is_named_whatever_was_asked_before"
    assert names == ["ask", function, test] * 2

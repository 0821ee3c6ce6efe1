"""Requests that are passed on to the real service while somebody records."""

import httpx
import httpx2
import pytest
from shop_server import running_shop

from mockapi import MockApiClient, interception
from mockapi.turns import PassedOn

LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


class Witness:
    """A recorder that only notes what it is told."""

    def __init__(self, written=()):
        self.noted = []
        self.written = written

    def passing(self, view, base_url):
        self.noted.append((view.method, view.path, base_url))
        return PassedOn(self.noted.append, self.noted.append)

    def wrote(self, source):
        return any(part in source for part in self.written)


@pytest.fixture
def shop():
    with running_shop() as shop:
        yield shop


@pytest.fixture
def witness(monkeypatch):
    witness = Witness()
    monkeypatch.setattr(interception, "recorder", witness)
    return witness


@LIBRARIES
def test_what_no_mock_answers_is_sent_for_real_and_shown_to_the_recorder(library, shop, witness):
    """Whatever ``unmatched`` says, and with the base_url by which paths are told."""
    with MockApiClient(base_url=shop.url) as mock:
        mock.add_mock_response("/mine/", body=1)
        assert library.get(f"{shop.url}/mine/").json() == 1
        assert library.get(f"{shop.url}/text").text.startswith("one line")
    request, response = witness.noted
    assert request == ("GET", "/text", shop.url)
    assert isinstance(response, library.Response)
    assert mock.unmatched == []
    assert shop.seen == ["GET /text"]


@LIBRARIES
async def test_an_async_caller_gets_the_real_answer_too(library, shop, witness):
    """The same for async clients."""
    with MockApiClient():
        async with library.AsyncClient() as client:
            assert (await client.get(f"{shop.url}/gzip")).json() == {"packed": True}
    assert [type(noted) for noted in witness.noted] == [tuple, library.Response]


@LIBRARIES
async def test_an_error_of_the_transport_is_shown_and_raised(library, witness):
    """The program gets what it would get anyway."""
    with running_shop() as shop:
        pass
    with MockApiClient():
        with pytest.raises(library.ConnectError) as sync:
            library.get(shop.url)
        async with library.AsyncClient() as client:
            with pytest.raises(library.ConnectError) as awaited:
                await client.get(shop.url)
    assert [noted for noted in witness.noted if isinstance(noted, Exception)] == [sync.value, awaited.value]


def test_hosts_that_are_allowed_are_no_business_of_the_recorder(shop, witness):
    """They are sent for real in every run."""
    with MockApiClient(allow=["127.0.0.1"]):
        assert httpx.get(f"{shop.url}/text").status_code == 200
    assert witness.noted == []


def test_what_an_earlier_recording_registers_does_not_answer(shop, witness):
    """Else nothing could ever be recorded anew."""
    witness.written = [__file__.rpartition("/")[2]]
    with MockApiClient() as mock:
        mock.add_mock_response("/text", body="old")
        assert httpx.get(f"{shop.url}/text").text != "old"

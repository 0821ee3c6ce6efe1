"""One default TLS context for all clients that are made while requests are mocked."""

import ssl
import subprocess
import sys
import textwrap

import httpx
import httpx2
import pytest

from mockapi import MockApiClient, interception

LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


def context_of(client):
    return client._transport._pool._ssl_context


@LIBRARIES
def test_clients_made_while_mocked_share_the_default_context(library):
    """Sync and async; it is a genuine one."""
    with MockApiClient():
        contexts = [context_of(library.Client()), context_of(library.AsyncClient()), context_of(library.Client())]
    assert contexts[0] is contexts[1] is contexts[2]
    assert contexts[0].verify_mode is ssl.CERT_REQUIRED
    assert contexts[0].check_hostname


@LIBRARIES
def test_every_other_context_is_its_own(library, monkeypatch):
    """Of verify, of the environment, and of clients that are made outside."""
    own = ssl.create_default_context()
    with MockApiClient():
        shared = context_of(library.Client())
        assert context_of(library.Client(verify=own)) is own
        assert context_of(library.Client(verify=False)).verify_mode is ssl.CERT_NONE
        without_env = context_of(library.Client(trust_env=False))
        assert without_env is not shared
        assert context_of(library.Client(trust_env=False)) is without_env
        with monkeypatch.context() as patch:
            patch.setenv("SSL_CERT_DIR", "/")
            assert context_of(library.Client()) is not shared
        assert context_of(library.Client()) is shared
    assert context_of(library.Client()) is not shared


@LIBRARIES
def test_it_can_be_switched_off(library, monkeypatch):
    """For tests that look at contexts themselves."""
    monkeypatch.setattr(interception, "shares_tls", False)
    with MockApiClient():
        assert context_of(library.Client()) is not context_of(library.Client())


def test_nothing_is_left_of_it_at_the_end():
    """The functions of the libraries are their own again."""
    code = """
    import httpx, httpx2
    import httpx._transports.default as one, httpx2._transports.default as two
    before = one.create_ssl_context, two.create_ssl_context
    from mockapi import MockApiClient
    from mockapi.interception import release
    with MockApiClient():
        assert one.create_ssl_context is not before[0]
        assert two.create_ssl_context is not before[1]
    release()
    assert (one.create_ssl_context, two.create_ssl_context) == before
    with MockApiClient():
        mine = one.create_ssl_context = lambda **options: before[0](**options)
    release()
    assert one.create_ssl_context is mine
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


def test_a_library_without_that_function_is_left_alone():
    """Its inside may change; a mocked client is then only slower."""
    code = """
    import httpx, types, sys
    from mockapi import tls
    del sys.modules["httpx._transports.default"].create_ssl_context
    tls.share(httpx, lambda: True)
    tls.share(types.ModuleType("another"), lambda: True)
    assert not hasattr(sys.modules["httpx._transports.default"], "create_ssl_context")
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)

"""A description of a small shop, and clients that keep to it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from mockapi import MockApiClient
from mockapi.openapi.description import load_description
from mockapi.requests import RequestView

SHOP = Path(__file__).parent / "shop" / "shop.yaml"
ID = "5f0f7b52-3a8e-4e1c-9d5e-6c7a1f6b9c11"
BASE = "https://api.shop.test/v1"


@pytest.fixture(scope="session")
def shop():
    """The path of the description."""
    return SHOP


@pytest.fixture
def mocks():
    """An active client that keeps to the shop's description; misses are the test's to look at."""
    client = MockApiClient(openapi=SHOP)
    client.start()
    yield client
    client.stop()


@pytest.fixture
def described():
    """A description of one path, from the parts that matter: its operation and its schemas."""

    def make(operation=None, *, path="/things", method="get", schemas=None, version="3.1.0", **more):
        return {
            "openapi": version,
            "info": {"title": "Things", "version": "1"},
            "paths": {path: {method: operation or {"responses": {"204": {"description": "None"}}}}},
            "components": {"schemas": schemas or {}},
            **more,
        }

    return make


@pytest.fixture
def faults():
    """What is wrong with a request, as "place: reason" lines; the description is the shop's unless given."""

    def look(method, url, *, openapi=SHOP, **parts):
        description = load_description(openapi)
        request = httpx.Request(method, url if "://" in url else BASE + url, **parts)
        request.read()
        view = RequestView(request, "httpx")
        operation, params = description.requested(view.method, view.raw_path, view.origin)
        return [f"{fault.place}: {fault.reason}" for fault in operation.request_faults(view, params)]

    return look

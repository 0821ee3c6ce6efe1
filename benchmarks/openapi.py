"""What holding a request against an OpenAPI description costs: the same calls with a description and without one.

    python benchmarks/openapi.py

Prints the start (import, parsing, the first request of an operation) and the cost of a request that is kept to the
description, in microseconds of CPU, least of several rounds that take turns.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from mockapi import EXAMPLE, MockApiClient

ROOT = Path(__file__).resolve().parent.parent
SHOP = ROOT / "tests" / "mockapi" / "openapi" / "shop" / "shop.yaml"
BASE = "https://api.shop.test/v1"
ID = "5f0f7b52-3a8e-4e1c-9d5e-6c7a1f6b9c11"
ORDER = {"status": "open", "lines": [{"sku": "B-1", "quantity": 1}] * 5, "payment": {"kind": "card", "number": "4242"}}
QUERY = {"limit": "5", "status": ["open", "paid"], "ids": "1,2", "filter[color]": "red"}
ROUNDS, CALLS = 15, 200


def cost(call: Callable[[], Any]) -> float:
    """Microseconds of CPU for one call."""
    start = time.thread_time()
    for _ in range(CALLS):
        call()
    return (time.thread_time() - start) / CALLS * 1e6


def made(openapi: Path | None) -> MockApiClient:
    client = MockApiClient(openapi=openapi)
    client.get("/v1/orders", EXAMPLE if openapi else {"items": [], "next": None})
    client.post("/v1/orders", EXAMPLE if openapi else {"id": ID}, status_code=201)
    client.get("/v1/orders/$id", EXAMPLE if openapi else {"id": ID})
    return client


def start_up() -> None:
    """The costs that come once."""
    code = "import time, httpx, mockapi.client; a = time.process_time(); {}; print((time.process_time() - a) * 1e3)"
    for text, line in (
        (
            "import of what checks (once a run, if there is a description)",
            "import mockapi.openapi.checking, jsonschema_rs, yaml",
        ),
        (
            "the same, and reading the shop's description",
            f"import mockapi; mockapi.MockApiClient(openapi={str(SHOP)!r})",
        ),
    ):
        found = [
            float(
                subprocess.run(
                    [sys.executable, "-c", code.format(line)], capture_output=True, text=True, check=True
                ).stdout
            )
            for _ in range(5)
        ]
        print(f"{text:<66}{min(found):8.1f} ms")
    start = time.thread_time()
    MockApiClient(openapi=SHOP)
    middle = time.thread_time()
    for _ in range(100):
        MockApiClient(openapi=SHOP)
    print(f"{'a client more, its description read already':<66}{(time.thread_time() - middle) * 1e4:8.1f} us")
    del start


def main() -> None:
    start_up()
    http = httpx.Client()
    requests: dict[str, Callable[[], Any]] = {
        "GET one, a path parameter": lambda: http.get(f"{BASE}/orders/{ID}"),
        "GET a page, four query parameters": lambda: http.get(f"{BASE}/orders", params=QUERY),
        "POST an order of five lines": lambda: http.post(f"{BASE}/orders", json=ORDER, headers={"Idempotency-Key": ID}),
    }
    plain, checked = made(None), made(SHOP)
    print(f"\n{'a request':<36}{'without':>10}{'checked':>10}{'more':>10}   (us of CPU)")
    gc.disable()
    for name, call in requests.items():
        found: dict[bool, list[float]] = {True: [], False: []}
        for _ in range(ROUNDS):
            for is_checked, client in ((False, plain), (True, checked)):
                client.start()
                call()
                found[is_checked].append(cost(call))
                client.stop()
                client.reset_calls()
            gc.collect()
        without, with_it = min(found[False]), min(found[True])
        print(f"{name:<36}{without:10.1f}{with_it:10.1f}{with_it - without:10.1f}")
    body = {**ORDER, "id": ID, "created": "2026-01-02T03:04:05Z"}
    register = MockApiClient(openapi=SHOP)
    register.get("/v1/orders/$id", body)
    unchecked = MockApiClient()
    first = min(cost(lambda: unchecked.get("/v1/orders/$id", body)) for _ in range(3))
    second = min(cost(lambda: register.get("/v1/orders/$id", body)) for _ in range(3))
    print(f"{'registering a mock':<36}{first:10.1f}{second:10.1f}{second - first:10.1f}")


if __name__ == "__main__":
    main()

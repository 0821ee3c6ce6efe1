"""What a server may answer: statuses, bodies, delays, whole answers, and scripts of several."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st

from query.base.types import UNSET, Duration, seconds

from ..answers import Answer
from .faults import network_faults
from .payloads import json_payloads

OK: Final = (200, 201, 202, 204)
CLIENT: Final = (400, 401, 403, 404, 409, 410, 422, 429)
SERVER: Final = (500, 502, 503, 504)

_WITHOUT_BODY: Final = (204, 304)


def statuses(*, ok: bool = True, client: bool = True, server: bool = True) -> st.SearchStrategy[int]:
    """Statuses that programs meet. They shrink to 200, else to the first that is left.

    Args:
        ok: 200, 201, 202 and 204. Redirects and 304 answer what only some requests ask; add them with ``|``.
        client: 400, 401, 403, 404, 409, 410, 422 and 429.
        server: 500, 502, 503 and 504.

    Raises:
        ValueError: None is left.
    """
    chosen = [*OK * ok, *CLIENT * client, *SERVER * server]
    if not chosen:
        raise ValueError("statuses() has nothing to draw from: ok, client and server are all False. Leave one True.")
    return st.sampled_from(chosen)


def latencies(slowest: Duration = 30.0) -> st.SearchStrategy[float]:
    """Seconds until something arrives: none, some milliseconds, or some seconds. They shrink to none.

    Args:
        slowest: The longest, in seconds or as a timedelta.

    Raises:
        ValueError: It is below 0, or endless.
    """
    most = seconds(slowest)
    if not 0 <= most < float("inf"):
        raise ValueError(f"slowest={slowest!r} is no longest delay; expected seconds, or a timedelta, at least 0.")
    quick = st.integers(1, 999).map(lambda count: count / 1000)
    found = st.just(0.0) | quick.filter(lambda delay: delay <= most)
    return found | st.integers(1, int(most)).map(float) if most >= 1 else found


def responses(
    payload: Any = UNSET,
    *,
    status: st.SearchStrategy[int] | int = 200,
    headers: st.SearchStrategy[Mapping[str, str]] | Mapping[str, str] | None = None,
    delay: st.SearchStrategy[float] | Duration | None = None,
) -> st.SearchStrategy[Answer]:
    """Answers, as ``add_sequence`` takes them. Those of 204 and 304 have no body.

    Args:
        payload: A strategy for bodies, such as ``json_payloads(example)``; or one body for all. Any JSON if not given.
            A str is sent as JSON, too; bytes are sent as they are.
        status: A strategy for statuses, such as ``statuses()``; or one for all.
        headers: A strategy for headers, such as ``link_headers()``; or those of all.
        delay: A strategy for delays, such as ``latencies()``; or one for all, in seconds or as a timedelta.
    """
    bodies = json_payloads() if payload is UNSET else _drawn(payload)
    return st.builds(_answer, _drawn(status), bodies, _drawn(headers), _drawn(delay))


def exchanges(
    n: int,
    payload: Any = UNSET,
    *,
    response: st.SearchStrategy[Answer] | None = None,
    fault: st.SearchStrategy[Answer] | None = None,
    ends_well: bool = False,
) -> st.SearchStrategy[list[Answer]]:
    """Scripts for the successive calls of one route: ``mock_api_client.add_sequence(url, *script)``.

    They shrink to a single answer or fault.

    Args:
        n: How many answers and faults at the most.
        payload: What ``responses`` takes: the bodies of good answers.
        response: Good answers, instead of ``responses(payload)``.
        fault: What goes wrong: by default ``network_faults()``, and statuses of clients' and servers' errors.
        ends_well: Whether the last is a good answer, as a program with enough retries needs it.

    Raises:
        ValueError: *n* is below 1.
    """
    if n < 1:
        raise ValueError(f"n={n} is no number of calls; expected at least 1.")
    good = responses(payload) if response is None else response
    if fault is None:
        fault = responses(payload, status=statuses(ok=False)) | network_faults()
    if not ends_well:
        return st.lists(good | fault, min_size=1, max_size=n)
    return st.builds(lambda start, end: [*start, end], st.lists(good | fault, max_size=n - 1), good)


def _drawn(given: Any) -> st.SearchStrategy[Any]:
    """What is a strategy already, else the one for this value alone."""
    return given if isinstance(given, st.SearchStrategy) else st.just(given)


def _answer(status: int, body: Any, headers: Mapping[str, str] | None, delay: Duration | None) -> Answer:
    if status in _WITHOUT_BODY:
        body = UNSET
    elif isinstance(body, str):
        # which the mock would send as plain text
        body = json.dumps(body, ensure_ascii=False).encode()
        if not any(name.lower() == "content-type" for name in headers or ()):
            headers = {"content-type": "application/json", **(headers or {})}
    return Answer(body, status_code=status, headers=headers, async_delay=delay)

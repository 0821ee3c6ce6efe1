"""The words of every failure: what happened, what was expected, what to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .answers import ANY_METHOD
from .body_matchers import data_of
from .differences import MAX_ROWS, difference, distance, shown
from .matchers import Matcher, Mismatch, UnusableOutcomeError
from .places import sent_from
from .requests import RequestView
from .secrets import masked, masked_url
from .urls import path_fits, segments_fit
from .views import CalledView, CallView, MockView

MAX_OTHERS = 3
"""Further mocks that are named."""
MAX_PASTE = 200
"""Characters of the query, or of the body, in a mock to paste."""

_SLASH = "trailing slash"


# -- a request that nothing answers


def unmatched(view: RequestView, mocks: Sequence[MockView], source: str) -> str:
    """The text of an ``UnmatchedRequestError``.

    Args:
        view: The request.
        mocks: All mocks, oldest first.
        source: Where it was sent from.
    """
    lines = [
        f"no mock answers {view.method} {masked_url(view.url)}",
        f"  sent from  {source}   ({view.library}, {view.client})",
    ]
    ranked = sorted(((_score(mock, view), mock.number, mock) for mock in mocks), key=lambda row: row[:2], reverse=True)
    if not ranked:
        lines.append("  no mock is registered")
    else:
        lines += _nearest(ranked[0][2], view, len(ranked))
        others = [f"{mock.name} ({_first_reason(mock, view)})" for _, _, mock in ranked[1 : 1 + MAX_OTHERS]]
        if others:
            lines.append("  then: " + "  ·  ".join(others))
    lines.append(f"  paste: {_paste(view)}")
    return "\n".join(lines)


def _nearest(mock: MockView, view: RequestView, count: int) -> list[str]:
    rows: list[tuple[str, Mismatch | None]] = [
        (name, Mismatch(name, reason) if reason else None)
        for name, reason in (("method", _method_reason(mock, view)), ("path", _path_reason(mock, view)))
    ]
    rows += mock.parts(view)
    agreeing = [name for name, mismatch in rows if mismatch is None]
    ticks = [f"{name} ok{_sent_query(view) if name == 'query' else ''}" for name in dict.fromkeys(agreeing)]
    lines = [
        f"  nearest of {count} mock{'' if count == 1 else 's'}, {len(agreeing)} of {len(rows)} parts agree:",
        f"    {mock.name}   added at {mock.source}",
        f"      {'   '.join(ticks) or 'nothing agrees'}",
    ]
    elsewhere = _path_reason(mock, view) not in ("", _SLASH)
    for name, mismatch in rows:
        # what a mock of quite another path would want beside it helps nobody
        if mismatch is not None and (name in ("method", "path") or not elsewhere):
            lines += [f"      {mismatch.part:<7} {row}" for row in difference(mismatch)]
    return lines


def _sent_query(view: RequestView) -> str:
    return f" {shown(_query_of(view))}" if view.query else ""


def _query_of(view: RequestView) -> dict[str, Any]:
    return {name: values[0] if len(values) == 1 else values for name, values in view.query.items()}


def _score(mock: MockView, view: RequestView) -> float:
    score = 4.0 * (not _path_reason(mock, view)) + 2.0 * _takes(mock, view.method)
    if score >= 4:
        mismatches = mock.mismatches(view)
        # first by parts, then by how much of them differs
        return score + 2.0 / (1 + len(mismatches)) + 0.3 / (1 + sum(map(distance, mismatches)))
    if mock.url.path is not None:
        wanted, got = mock.url.path.strip("/").split("/"), view.path.strip("/").split("/")
        same = sum(1 for a, b in zip(wanted, got, strict=False) if a == b)
        score += 3.0 * same / max(len(wanted), len(got)) if wanted != got else 3.5
    return score


def _first_reason(mock: MockView, view: RequestView) -> str:
    for name, reason in (("method", _method_reason(mock, view)), ("path", _path_reason(mock, view))):
        if reason:
            return reason if reason == _SLASH else name
    mismatches = mock.mismatches(view)
    return f"{mismatches[0].part}: {mismatches[0].reason}" if mismatches else "matches now, but did not"


def _takes(mock: MockView, method: str) -> bool:
    return method in mock.methods or ANY_METHOD in mock.methods


def _method_reason(mock: MockView, view: RequestView) -> str:
    return "" if _takes(mock, view.method) else f"wanted {'|'.join(mock.methods)}, got {view.method}"


def _path_reason(mock: MockView, view: RequestView) -> str:
    url = mock.url
    if path_fits(url, view):
        return ""
    if url.regex is not None:
        return "the expression does not match"
    if url.segments is None:
        is_slash = (url.path or "").rstrip("/") == view.path_key.rstrip("/")
    else:
        is_slash = segments_fit(url.segments, view.raw_path[:-1] if view.raw_path[-1:] == "/" else f"{view.raw_path}/")
    if is_slash:
        return _SLASH
    return f"wanted {url.path}, got {view.path}"


def _paste(view: RequestView) -> str:
    parts = [json.dumps(view.path)]
    if view.method != "GET":
        parts.append(f'method="{view.method}"')
    match: list[str] = []
    query, data = _pasted(_query_of(view)), _pasted(data_of(view) if view.request.content else None)
    if query:
        match.append(f"match_query({query!r})")
    if data:
        match.append(f"match_data({data!r})")
    if match:
        parts.append(f"match=[{', '.join(match)}]")
    return f"mock_api_client.add_mock_response({', '.join(parts)}, body=...)"


def _pasted(data: Any) -> dict[str, Any]:
    """The keys that a mock to paste would match by: no secrets, and not more than anybody wants to read."""
    found: dict[str, Any] = {}
    if isinstance(data, dict):
        for name, value in data.items():
            hidden = masked({name: value}) != {name: value}
            if not hidden and len(repr({**found, name: value})) <= MAX_PASTE:
                found[name] = value
    return found


# -- assertions


def call_count(mock: CalledView, expected: str) -> str:
    """The text for a wrong number of calls.

    Args:
        mock: The mock.
        expected: What was expected, such as "1 call".
    """
    got = len(mock.calls)
    lines = [f"expected {expected} to {mock.name} (added at {mock.source}), got {got}"]
    lines += [f"{_call(call)}{_body_of(call)}" for call in list(mock.calls)[:MAX_ROWS]]
    if got > MAX_ROWS:
        lines.append(f"  ... and {got - MAX_ROWS} more")
    return "\n".join(lines)


def wrong_call(mock: CalledView, call: CallView, mismatches: Sequence[Mismatch], among: int = 1) -> str:
    """The text for a call that was not as expected.

    Args:
        mock: The mock.
        call: The call.
        mismatches: How it differs.
        among: How many calls were looked at.
    """
    which = "the latest call" if among == 1 else f"the nearest of {among} calls"
    lines = [f"{which} to {mock.name} (added at {mock.source}) differs from what was expected"]
    lines.append(_call(call))
    for mismatch in mismatches:
        lines += [f"  {mismatch.part:<7} {row}" for row in difference(mismatch)]
    return "\n".join(lines)


def _call(call: CallView) -> str:
    source = f"   sent from {call.source}" if call.source else ""
    return f"  {call.method} {masked_url(call.url)}{source}"


def _body_of(call: CallView) -> str:
    return f"  {shown(call.data)}" if call.content and call.data is not None else ""


# -- other failures


def several_clients(request: Any, count: int) -> str:
    """The text of a ``SeveralClientsError``.

    Args:
        request: The request.
        count: How many clients are active.
    """
    return (
        f"{request.method} {masked_url(str(request.url))} was sent from a thread or task that belongs to no mock "
        f"client, while {count} are active. Start the thread with contextvars.copy_context().run, or use one client."
    )


def after_its_test(request: Any, name: str) -> str:
    """The text for a request that came when its test was over and no client was active.

    Args:
        request: The request.
        name: The test.
    """
    return late(f"nothing answers {request.method} {masked_url(str(request.url))}", name)


def late(text: str, name: str) -> str:
    """The text of an error, with what has to be said when its test was over.

    Args:
        text: The text.
        name: The test.
    """
    return (
        f"{text}\n  The request came from a task or thread that was started in {name}, which was over by then. "
        "Await, cancel or join it in that test."
    )


def failing_matcher(matcher: Matcher, mock: MockView, view: RequestView, error: Exception) -> str:
    """The text of a ``MatcherError``.

    Args:
        matcher: The matcher.
        mock: The mock that has it.
        view: The request.
        error: What asking it raised.
    """
    return (
        f"the matcher {matcher_name(matcher)} of {mock.name} (added at {mock.source}) {fault(error)} for "
        f"{view.method} {masked_url(view.url)}. A matcher returns True, False, a Mismatch or a reason for no (a str) "
        f"for every request.{f' {error.hint}' if isinstance(error, UnusableOutcomeError) else ''}"
    )


def fault(error: Exception) -> str:
    """What went wrong in a matcher.

    Args:
        error: What asking it raised.
    """
    return f"returned {shown(error.outcome)}" if isinstance(error, UnusableOutcomeError) else f"raised {error!r}"


def matcher_name(matcher: Matcher) -> str:
    """What to call a matcher.

    Args:
        matcher: The matcher.
    """
    return str(getattr(matcher, "__qualname__", None) or repr(matcher))


def unusable_body(mock: MockView, view: RequestView, error: TypeError) -> str:
    """The text of a ``BodyError``.

    Args:
        mock: The mock.
        view: The request.
        error: What is wrong with the body.
    """
    return (
        f"the body function of {mock.name} (added at {mock.source}) gave {view.method} {masked_url(view.url)} "
        f"what cannot be sent: {error}"
    )


def no_example(mock: MockView) -> str:
    """The text for a body that is an example of nothing.

    Args:
        mock: The mock.
    """
    return (
        f"{mock.name} (added at {mock.source}) has body=EXAMPLE, and no OpenAPI description to take an example from. "
        "Give the client one: MockApiClient(openapi=path), @pytest.mark.mockapi(openapi=path), or mockapi_openapi in "
        "the ini file."
    )


def swallowed(errors: Sequence[BaseException], begin: str = "the test passed") -> str:
    """The text that fails a test whose program swallowed the errors of unmatched requests.

    Args:
        errors: The errors.
        begin: What went well.
    """
    what = "a request that no mock answers" if len(errors) == 1 else f"{len(errors)} requests that no mock answers"
    texts = "\n".join(str(error) for error in errors[:MAX_ROWS])
    return f"{begin}, but the program sent {what} and swallowed the error:\n{texts}"


def swallowed_note(errors: Sequence[BaseException]) -> str:
    """The note on a test that failed for another reason.

    Args:
        errors: The errors of unmatched requests.
    """
    texts = "\n".join(str(error) for error in errors[:MAX_ROWS])
    return f"before this failure, requests were sent that no mock answers:\n{texts}"


def unused(mocks: Sequence[MockView], history: Sequence[CallView]) -> str:
    """The text for mocks that had to be called and were not.

    Args:
        mocks: The mocks.
        history: All requests that were sent.
    """
    what = "a mock was" if len(mocks) == 1 else f"{len(mocks)} mocks were"
    lines = [f"{what} not called, but had to be:"]
    for mock in mocks[:MAX_ROWS]:
        lines.append(f"  {mock.name}   added at {mock.source}")
        near = _nearest_request(mock, history)
        if near is not None:
            lines.append(
                f"    nearest request: {near.method} {masked_url(near.url)} ({_first_reason(mock, near.view)})"
            )
    if len(mocks) > MAX_ROWS:
        lines.append(f"  ... and {len(mocks) - MAX_ROWS} more")
    lines.append("Send what they answer, take them out, or say required=False.")
    return "\n".join(lines)


def _nearest_request(mock: MockView, history: Sequence[CallView]) -> CallView | None:
    ranked = [(_score(mock, call.view), call) for call in history]
    return max(ranked, key=lambda row: row[0])[1] if ranked else None


def used_up(mock: MockView, view: RequestView) -> str:
    """The text for a request after the last answer of a sequence.

    Args:
        mock: The mock.
        view: The request.
    """
    count = len(mock.answers)
    return (
        f"the sequence of {mock.name} (added at {mock.source}) is used up ({count} of {count}), and "
        f"{view.method} {masked_url(view.url)} came after that\n"
        f"  sent from  {sent_from()}   ({view.library}, {view.client})\n"
        '  Give it more answers, or say then="repeat" or then="fall_through".'
    )


def hanging(mock: MockView, view: RequestView) -> str:
    """The text of a ``GateError``.

    Args:
        mock: The mock that is paused.
        view: The request.
    """
    return (
        f"{view.method} {masked_url(view.url)} would wait for ever: {mock.name} (added at {mock.source}) is paused, "
        "and the request was sent by a sync client in the very thread that called pause(). Send it from another "
        "thread, by asyncio.to_thread for example, or release the gate first."
    )

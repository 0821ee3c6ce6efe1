"""What a mock answers with: body, status, headers and delay; and what may be said of a mock, checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from types import ModuleType
from typing import Any, TypeAlias, cast

import msgspec

from query.base.types import UNSET, Duration, is_valid_timeout

from .bodies import Body, Failure, Prepared, described, prepare

HeaderTypes: TypeAlias = Mapping[str, str] | Sequence[tuple[str, str]]

ANY_METHOD = "*"
"""As a method: whichever a request has."""

_METHOD = re.compile(r"[A-Za-z]+")


class Answer:
    """One answer of a mock, as ``add_sequence`` takes several.

    Args:
        body: What ``add_mock_response`` takes as its body. Empty if not given.
        status_code: The status.
        headers: Headers of the answer.
        async_delay: Seconds, or a timedelta, before the answer to an async caller.

    Raises:
        TypeError: A body or headers of a wrong kind.
        ValueError: A status or delay that cannot be.
    """

    def __init__(
        self,
        body: Body = UNSET,
        *,
        status_code: int = 200,
        headers: HeaderTypes | None = None,
        async_delay: Duration | None = None,
    ) -> None:
        self.prepared = PreparedAnswer(
            body=prepare(body),
            status_code=checked_status(status_code),
            headers=checked_headers(headers),
            async_delay=checked_delay(async_delay),
        )

    def __repr__(self) -> str:
        answer = self.prepared
        text = [] if isinstance(answer.body, Failure) else [str(answer.status_code)]
        text += [f"{name}: {value}" for name, value in answer.headers]
        text += [described(answer.body)]
        if answer.async_delay:
            text.append(f"after {answer.async_delay:g} s")
        return f"<Answer {', '.join(filter(None, text))}>"


class PreparedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, checked.

    Attributes:
        body: The body, checked.
        status_code: The status.
        headers: Names and values, a name may repeat.
        async_delay: Seconds before the answer; None for the client's own.
        made_headers: The headers as each library that asked has them, those of the body among them.
    """

    body: Prepared
    status_code: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    async_delay: float | None = None
    made_headers: dict[ModuleType, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        # a changed copy has other headers
        msgspec.structs.force_setattr(self, "made_headers", {})


def checked_methods(method: object) -> tuple[str, ...]:
    """Methods in capitals.

    Args:
        method: The method, or several.

    Raises:
        ValueError: No method of HTTP can look like that.
    """
    if method == ANY_METHOD:
        return (ANY_METHOD,)
    names = (method,) if isinstance(method, str) else tuple(method) if isinstance(method, Collection) else ()
    if not names or not all(isinstance(name, str) and _METHOD.fullmatch(name) for name in names):
        raise ValueError(f'method={method!r} is no HTTP method; expected one such as "POST", or a list of them.')
    return tuple(dict.fromkeys(str(name).upper() for name in names))


def checked_status(status_code: object) -> int:
    """A status.

    Args:
        status_code: The status; a member of ``http.HTTPStatus`` will do.

    Raises:
        ValueError: Not an int from 100 to 599.
    """
    if isinstance(status_code, bool) or not isinstance(status_code, int) or not 100 <= status_code <= 599:
        raise ValueError(f"status_code={status_code!r} is no HTTP status; expected an int from 100 to 599.")
    return int(status_code)


def checked_headers(headers: Any) -> tuple[tuple[str, str], ...]:
    """Headers as pairs.

    Args:
        headers: A mapping or pairs; None for none.

    Raises:
        TypeError: A name or value that is no str.
    """
    pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers or ())
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise TypeError(f"headers has {pair!r}; expected names and values that are both str.")
    return tuple(pairs)


def checked_delay(async_delay: object) -> float | None:
    """A delay in seconds.

    Args:
        async_delay: Seconds, a timedelta, or None for no delay.

    Raises:
        ValueError: Negative, endless, or no duration at all.
    """
    if async_delay is None:
        return None
    delay = async_delay.total_seconds() if isinstance(async_delay, timedelta) else async_delay
    if not is_valid_timeout(delay):
        raise ValueError(f"async_delay={async_delay!r} is no delay; expected seconds, or a timedelta, at least 0.")
    return float(cast("float", delay))


def checked_times(times: Any) -> int | None:
    """How often a mock answers.

    Args:
        times: A number, or None for always.

    Raises:
        ValueError: Not an int of at least 1.
    """
    if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
        raise ValueError(f"times={times!r} is no number of answers; expected an int, at least 1.")
    return times


def checked_required(required: Any) -> bool | None:
    """Whether a mock must be called.

    Args:
        required: True, False, or None for what the client says.

    Raises:
        ValueError: Anything else.
    """
    if required is not None and not isinstance(required, bool):
        raise ValueError(f"required={required!r} means nothing; expected True, False, or None for the client's rule.")
    return required

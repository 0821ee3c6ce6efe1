"""When a server wants to be asked again: the header ``Retry-After`` of RFC 9110."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

_SECONDS = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?")


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """The seconds that the server wants to be left alone; None if it does not say, or says what cannot be read.

    A date counts from the ``Date`` of the same answer, if there is one: the clocks of two machines are not the same.

    Args:
        headers: The headers of the answer; names in lower case, or in any.
        now: What time it is, in seconds since the epoch, if the answer does not say when it was made.
    """
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    until = _instant(text)
    if until is None:
        return None
    made = _instant(headers.get("date", ""))
    return max(0.0, until - (now() if made is None else made))


def _instant(text: str) -> float | None:
    if not text:
        return None
    # the package of mail is dear, and dates are rare
    from email.utils import parsedate_to_datetime

    try:
        date: datetime = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    # without a zone it is that of the standard, whatever this machine's is
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()

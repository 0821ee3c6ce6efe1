"""Numbers and names as the report says them."""

from __future__ import annotations

import time

OUTCOMES = {
    "answered": "answered",
    "failed": "failed by its mock",
    "unmatched": "not answered",
    "passed": "sent for real",
    "pending": "still waiting",
}
"""What became of a request, in words."""

FINDINGS = {
    "impossible": "can never match",
    "used_up": "used up too early",
    "shadowed": "shadowed",
    "never_used": "never used",
}
"""What a finding is, in a few words."""


def number_of(count: int, noun: str) -> str:
    """A number with its noun, such as "1 test" or "2,000 requests".

    Args:
        count: How many.
        noun: One of them.
    """
    plural = noun if count == 1 else f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{count:,} {plural}"


def duration(seconds: float | None) -> str:
    """A duration with three digits that matter, such as "0.42 ms" or "1.5 s"; empty if it is not known.

    Args:
        seconds: The duration.
    """
    if seconds is None:
        return ""
    if seconds >= 60:
        return f"{int(seconds // 60)} min {int(seconds % 60)} s"
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1000:.2f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"


def instant(seconds: float) -> str:
    """An instant in the time of this machine, such as "2026-11-28 08:20:50 +0100".

    Args:
        seconds: Seconds since the epoch.
    """
    return time.strftime("%Y-%m-%d %H:%M:%S %z", time.localtime(seconds))


def said(text: str) -> str:
    """*text* as it can be written to a file: half a character, as JSON may hold one, in its escaped form.

    Args:
        text: Any text.
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")

"""What a machine that found something raises."""

from __future__ import annotations


class CacheViolationError(AssertionError):
    """The cache, or what stands on it, did not keep a promise.

    Attributes:
        problems: What it did instead, in one line each.
        story: What happened until then, in one line each.
    """

    def __init__(self, problems: list[str], story: list[str], state: list[str]) -> None:
        parts = ["\n".join(problems), "What happened:\n" + _indented(story), "How things are:\n" + _indented(state)]
        super().__init__("\n\n".join(parts))
        self.problems = problems
        self.story = story


class RequestFailedError(Exception):
    """What a request fails with that the machine lets fail; retries are worth it.

    Attributes:
        number: Which request.
    """

    def __init__(self, number: int) -> None:
        super().__init__(f"request {number} failed")
        self.number = number


def _indented(lines: list[str]) -> str:
    return "\n".join(f"  {line}" for line in lines)

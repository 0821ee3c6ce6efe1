"""What may be said of a mock beside its URL and its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeAlias, TypedDict

from query.base.types import Duration

from .answers import HeaderTypes
from .matchers import Matcher
from .scenarios import Then, When

Url: TypeAlias = str | re.Pattern[str]


class SequenceOptions(TypedDict, total=False):
    """What may be said of a mock beside its URL, its answers and its method.

    Attributes:
        match: Matchers that must all agree: ``match_query``, ``match_data`` and others, or functions of the request.
        times: How often to answer; an older registration answers again afterwards.
        required: Whether it must be called by the end of the test; by default the client's ``unused`` says.
        name: What to call it in messages.
        when: States of a scenario in which it answers: ``scenario.at(...)``.
        openapi: Whether it, and requests for it, must keep to the client's OpenAPI description, if there is one.
    """

    match: Sequence[Matcher]
    times: int | None
    required: bool | None
    name: str | None
    when: When[Any] | None
    openapi: bool


class MockOptions(SequenceOptions, total=False):
    """The same with what a mock does beside answering.

    Attributes:
        then: The state to which it moves a scenario: ``scenario.go(...)``.
    """

    then: Then[Any] | None


class ResponseOptions(MockOptions, total=False):
    """The same with what may be said of a single answer.

    Attributes:
        status_code: The status.
        headers: Headers of the answer.
        async_delay: Seconds, or a timedelta, before the answer to an async caller.
    """

    status_code: int
    headers: HeaderTypes | None
    async_delay: Duration | None


def with_then(options: SequenceOptions) -> MockOptions:
    """Options of a sequence as those of any mock.

    Args:
        options: The options.
    """
    made: MockOptions = {**options, "then": None}
    return made

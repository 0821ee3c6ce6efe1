"""What a server says of an error in the form of RFC 9457: ``application/problem+json``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem as its server describes it. What is missing or of another type than it should be is left out.

    Attributes:
        type: A URI that names this kind of problem; "about:blank" if it is no other than the status.
        title: The kind of problem in words.
        status: The status as the server that made the problem gave it.
        detail: What happened this time.
        instance: A URI that names this one occurrence.
        extensions: What else was said, by name.
    """

    type: str = "about:blank"
    title: str | None = None
    status: int | None = None
    detail: str | None = None
    instance: str | None = None
    extensions: Mapping[str, Any] = {}


_TEXTS = ("type", "title", "detail", "instance")


def read_problem(content_type: str, json: Any) -> Problem | None:
    """The problem in a body; None if it is of another form.

    Args:
        content_type: What the body is said to be.
        json: The body.
    """
    if content_type.partition(";")[0].strip().lower() != "application/problem+json" or not isinstance(json, dict):
        return None
    members = cast("dict[str, Any]", json)
    known: dict[str, Any] = {name: members[name] for name in _TEXTS if isinstance(members.get(name), str)}
    status = members.get("status")
    if isinstance(status, int) and not isinstance(status, bool):
        known["status"] = status
    extensions = {name: value for name, value in members.items() if name not in (*_TEXTS, "status")}
    return Problem(**known, extensions=extensions)

"""The headers of an answer: found in any case, and those of paging read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, cast

from .link_header import Link, parse_link_header

# as browsers keep them from programs: cookies are the HTTP client's, and what is cached may be stored and sent around
_KEPT_BACK: Final = frozenset({"set-cookie", "set-cookie2"})
_COUNT = re.compile(r"[0-9]{1,18}")


class ResponseHeaders(Mapping[str, str]):
    """Headers of an answer, without regard to case: ``headers["X-Hits"]`` is ``headers["x-hits"]``.

    A header that came in several lines is one text, its lines joined by ", " (RFC 9110, 5.3); a ``Link`` reads the
    same then. ``Set-Cookie`` alone cannot be joined. It is left out, as browsers do: the cookies are in the HTTP
    client, and a cache may be written down or sent to others.

    Args:
        headers: Names and values, as a mapping or in pairs; a name may come again.
    """

    __slots__ = ("_values",)

    def __init__(self, headers: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        values: dict[str, str] = {}
        # those of the HTTP libraries are a mapping, their lines joined already
        pairs = cast("Mapping[str, str]", headers).items() if isinstance(headers, Mapping) else headers
        for name, value in pairs:
            known = name.lower()
            if known not in _KEPT_BACK:
                values[known] = f"{values[known]}, {value}" if known in values else value
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ResponseHeaders):
            return self._values == other._values
        if not isinstance(other, Mapping):
            return NotImplemented
        theirs = cast("Mapping[object, object]", other)
        lower = {name.lower() if isinstance(name, str) else name: theirs[name] for name in theirs}
        return len(lower) == len(theirs) and self._values == lower

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"ResponseHeaders({self._values!r})"

    def __reduce__(self) -> tuple[type[ResponseHeaders], tuple[dict[str, str]]]:
        return ResponseHeaders, (dict(self._values),)

    @property
    def link(self) -> tuple[Link, ...]:
        """The links of ``Link``; none if it is missing or garbled."""
        return parse_link_header(self._values.get("link"))

    @property
    def hits(self) -> int | None:
        """``X-Hits``, how many rows there are on all pages; None if it is missing or no number."""
        return self._count("x-hits")

    @property
    def max_hits(self) -> int | None:
        """``X-Max-Hits``, where the server stops counting hits; None if it is missing or no number."""
        return self._count("x-max-hits")

    def _count(self, name: str) -> int | None:
        text = self._values.get(name, "").strip()
        return int(text) if _COUNT.fullmatch(text) else None

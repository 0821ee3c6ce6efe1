"""The ``Link`` header of an answer (RFC 8288), read leniently: what is no link is skipped, and nothing raises.

Written here because no library would do. Those that come with HTTP clients split at every comma, also within quotes
and targets, and find no relation among several in one ``rel``. Of those made for it, most raise at the first fault, or
do not take the first ``rel`` of two. The one that reads all of it right has had a single release so far.

The reading is that of RFC 8288, appendix B. Where that gives the rest of the header up, this goes on after the next
comma; and a ``<`` within a target, which no URL has, means that the target before it was never closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

import msgspec

Direction: TypeAlias = Literal["next", "previous"]

RELATIONS: Final[dict[str, tuple[str, ...]]] = {"next": ("next",), "previous": ("previous", "prev")}
"""What servers call the two directions; "prev" is the registered name, "previous" an old one that many send."""

PAGE_NAMES: Final = ("cursor", "page", "after", "before", "page_token", "pageToken", "page_info", "offset")
"""The query parameters in which servers say which page; the first one that is there counts."""

_SPACE: Final = " \t"
_TARGET = re.compile(r"<([^<>]*)>")
_NAME = re.compile(r"[^ \t=;,]*")
_BARE = re.compile(r"[^;,]*")
# an unclosed one ends with its line
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)(?:"|\\?\Z)', re.DOTALL)
_SPACES = re.compile(r"[ \t]*")
_GAP = re.compile(r"[ \t,]*")
_EXTENDED = re.compile(r"(?P<charset>[^']*)'[^']*'(?P<text>(?:[^%]|%[0-9A-Fa-f]{2})*)", re.ASCII)


class Link(msgspec.Struct, frozen=True):
    """One link of a header.

    Attributes:
        target: Where it leads, as it was written: a whole URL or a part of one.
        rel: What it is to its context, in lower case: ``("next",)``.
        params: All parameters in their order, names in lower case. The value of one whose name ends with ``*`` is
            decoded; one that cannot be is left out.
    """

    target: str
    rel: tuple[str, ...]
    params: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str | None:
        """The first value of a parameter; that of ``title*`` comes before that of ``title``. None if there is none.

        Args:
            name: Its name in any case, without ``*``.
        """
        name = name.lower()
        values = dict(reversed(self.params))
        return values.get(f"{name}*", values.get(name))

    @property
    def title(self) -> str | None:
        """Its title, if it has one."""
        return self.get("title")

    @property
    def anchor(self) -> str | None:
        """What it is a link of, if that is not what was asked for."""
        return self.get("anchor")


def parse_link_header(header: str | Iterable[str] | None) -> tuple[Link, ...]:
    """The links of a header, in order. A link without ``rel`` is none.

    Args:
        header: Its text, or that of each of several ``Link`` lines; None if there is none.
    """
    if header is None:
        return ()
    lines = (header,) if isinstance(header, str) else header
    return tuple(link for line in lines for link in _links(line))


def page_link(header: str | Iterable[str] | Iterable[Link] | None, direction: Direction) -> Link | None:
    """The link to the page that follows or precedes; None if there is none.

    ``results="false"`` means that the page does not exist. A link of something else, by ``anchor``, does not count.

    Args:
        header: The text of the header or its lines, or its links; None if there is none.
        direction: "next" or "previous".
    """
    for link in _as_links(header):
        if link.anchor:
            continue
        if any(relation in link.rel for relation in RELATIONS[direction]):
            return None if (link.get("results") or "").lower() == "false" else link
    return None


def page_param(
    header: str | Iterable[str] | Iterable[Link] | None,
    direction: Direction,
    *,
    names: Iterable[str] = PAGE_NAMES,
) -> str | None:
    """What to ask for the next or previous page with; None if there is no such page.

    That is the parameter ``cursor`` of the link, else the first of *names* in the query of its target::

        page_param('<https://api.test/x/?cursor=0:100:0>; rel="next"; results="true"; cursor="0:100:0"', "next")

    Args:
        header: The text of the header or its lines, or its links; None if there is none.
        direction: "next" or "previous".
        names: Query parameters in which the server says which page.
    """
    link = page_link(header, direction)
    if link is None:
        return None
    if cursor := link.get("cursor"):
        return cursor
    sent = dict(reversed(parse_qsl(query_of(link.target))))
    return next((sent[name] for name in names if name in sent), None)


def query_of(target: str) -> str:
    """The query of a URL without its question mark; "" for none, and for what is no URL.

    Args:
        target: A whole URL or a part of one.
    """
    try:
        return urlsplit(target).query
    except ValueError:
        return ""


def _as_links(header: str | Iterable[str] | Iterable[Link] | None) -> Iterator[Link]:
    for part in (header,) if isinstance(header, str) else header or ():
        if isinstance(part, Link):
            yield part
        else:
            yield from _links(part)


def _links(line: str) -> Iterator[Link]:
    at = _after(_GAP, line, 0)
    while at < len(line):
        target = _TARGET.match(line, at)
        if target is None:
            at = _next_comma(line, at)
        else:
            params, at = _params(line, target.end())
            relations = next((value for name, value in params if name == "rel"), "")
            rel = tuple(relation.lower() for relation in re.split("[ \t]+", relations) if relation)
            if rel:
                yield Link(target[1], rel, tuple(params))
        at = _after(_GAP, line, at)


def _params(line: str, at: int) -> tuple[list[tuple[str, str]], int]:
    params: list[tuple[str, str]] = []
    at = _after(_SPACES, line, at)
    while line.startswith(";", at):
        start = _after(_SPACES, line, at + 1)
        at = _after(_NAME, line, start)
        name, value = line[start:at].lower(), ""
        at = _after(_SPACES, line, at)
        if line.startswith("=", at):
            at = _after(_SPACES, line, at + 1)
            quoted = _QUOTED.match(line, at)
            if quoted is not None:
                value, at = re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL), quoted.end()
            else:
                start, at = at, _after(_BARE, line, at)
                value = line[start:at].rstrip(_SPACE)
        decoded = _decoded(value) if name.endswith("*") else value
        if name and decoded is not None:
            params.append((name, decoded))
        at = _after(_SPACES, line, at)
    return params, _next_comma(line, at)


def _decoded(value: str) -> str | None:
    # RFC 8187; its forerunner knew ISO-8859-1 too
    parts = _EXTENDED.fullmatch(value)
    if parts is None or parts["charset"].lower() not in ("utf-8", "iso-8859-1"):
        return None
    try:
        return unquote_to_bytes(parts["text"]).decode(parts["charset"])
    except UnicodeError:
        return None


def _after(pattern: re.Pattern[str], line: str, at: int) -> int:
    found = pattern.match(line, at)
    return at if found is None else found.end()


def _next_comma(line: str, at: int) -> int:
    comma = line.find(",", at)
    return len(line) if comma == -1 else comma

"""Python data as source text, laid out as ruff's formatter does it at 88 columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from unittest.mock import ANY

import msgspec

WIDTH = 88
INDENT = "    "


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of source: a word, or brackets with pieces between them.

    Attributes:
        start: All of a word; else what comes before the pieces, with the bracket that opens.
        items: The pieces.
        end: The bracket that closes; empty for a word.
        is_text: Whether the pieces are the parts of one text, which have no commas between them.
    """

    start: str
    items: tuple[Layout, ...] = ()
    end: str = ""
    is_text: bool = False

    def flat(self) -> str:
        """All of it on one line."""
        return self.start + ", ".join(item.flat() for item in self.items) + self.end

    def lines(self, indent: str = "", after: str = "") -> Iterator[str]:
        """Its lines: one if it fits.

        Args:
            indent: What each line begins with.
            after: What stands behind it, such as a comma.
        """
        if not self.items or (not self.is_text and fits(indent + self.flat() + after)):
            yield indent + self.flat() + after
            return
        yield indent + self.start
        # a lone piece gets no comma, as the formatter has it
        comma = "," if len(self.items) > 1 and not self.is_text else ""
        for item in self.items:
            yield from item.lines(indent + INDENT, comma)
        yield indent + self.end + after


def fits(line: str) -> bool:
    """Whether a line is no longer than the formatter allows.

    Args:
        line: The line.
    """
    if len(line) > WIDTH or line.isascii():
        return len(line) <= WIDTH
    # signs of East Asia take two columns, marks on letters take none
    columns = sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line
    )
    return columns <= WIDTH


def word(text: str) -> Layout:
    """A piece that is never broken.

    Args:
        text: The source.
    """
    return Layout(start=text)


def call(name: str, arguments: Iterable[Layout]) -> Layout:
    """A call.

    Args:
        name: What is called.
        arguments: Each as it stands in the brackets, a keyword with its name.
    """
    return Layout(start=f"{name}(", items=tuple(arguments), end=")")


def named(name: str, value: Layout) -> Layout:
    """A value with what stands before it, such as ``body=`` or ``"id": ``.

    Args:
        name: What stands before it.
        value: The value.
    """
    return msgspec.structs.replace(value, start=name + value.start)


def literal(value: Any) -> Layout:
    """Data as source.

    Args:
        value: JSON data, bytes, ``ANY``, and dicts and lists of them.
    """
    if value is ANY:
        return word("ANY")
    if isinstance(value, str):
        return word(quoted(value))
    if isinstance(value, bytes):
        return word(_bytes(value))
    if isinstance(value, float):
        return word(repr(value).replace("e+", "e"))
    if isinstance(value, Mapping):
        items: Any = value.items()
        pairs = tuple(named(f"{quoted(name)}: ", literal(item)) for name, item in items)
        return Layout(start="{", items=pairs, end="}")
    if isinstance(value, (list, tuple)):
        return Layout(start="[", items=tuple(map(literal, value)), end="]")
    return word(repr(value))


def long_text(text: str, room: int) -> Layout:
    """A text, line by line if it is one of several and does not fit in the room there is.

    Args:
        text: The text.
        room: Columns for all of it.
    """
    whole = quoted(text)
    parts = text.splitlines(keepends=True)
    if len(parts) < 2 or fits(" " * (WIDTH - room) + whole):
        return word(whole)
    return Layout(start="(", items=tuple(word(quoted(part)) for part in parts), end=")", is_text=True)


def quoted(text: str) -> str:
    """A text in the quotes that need the fewer escapes, double ones if it is all the same.

    Args:
        text: The text.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_sign(sign, quote) for sign in text) + quote


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _sign(sign: str, quote: str) -> str:
    if sign == quote:
        return f"\\{sign}"
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if sign.isprintable():
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _bytes(value: bytes) -> str:
    quote = "'" if value.count(b'"') > value.count(b"'") else '"'
    signs = (_sign(chr(code), quote) if code < 0x7F else f"\\x{code:02x}" for code in value)
    return f"b{quote}{''.join(signs)}{quote}"

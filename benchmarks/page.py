"""Parts of a page in Markdown that a program writes: between two comments with a name."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BLOCK = re.compile(r"<!-- begin (?P<name>[\w-]+) -->\n(?P<body>.*?)<!-- end (?P=name) -->\n", re.DOTALL)


def block(name: str, body: str) -> str:
    """A part with its name.

    Args:
        name: The name.
        body: What stands in it.
    """
    return f"<!-- begin {name} -->\n{body.rstrip()}\n<!-- end {name} -->\n"


def blocks_of(page: str) -> dict[str, str]:
    """All parts of a page, by name.

    Args:
        page: The page.
    """
    return {found["name"]: found["body"].rstrip() for found in _BLOCK.finditer(page)}


def replaced(page: str, bodies: Mapping[str, str]) -> str:
    """A page with other bodies in its parts; parts of other names, and all around them, stay.

    Args:
        page: The page.
        bodies: By name.
    """

    def body_of(found: re.Match[str]) -> str:
        name = found["name"]
        return block(name, bodies[name]) if name in bodies else found[0]

    return _BLOCK.sub(body_of, page)

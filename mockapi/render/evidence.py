"""What a failure of a wait shows beside the condition: the screens, what was sent, what happened to the queries."""

from __future__ import annotations

import asyncio
import textwrap

from .commits import screens_of


def shown_screens(loop: asyncio.AbstractEventLoop) -> str:
    """The screens of a loop, as text, each below its title.

    Args:
        loop: The loop.
    """
    screens = screens_of(loop)
    several = len(screens) > 1
    return _titled([(f"screen {number}" if several else "screen", str(one)) for number, one in enumerate(screens, 1)])


def shown_logs() -> str:
    """What the test has sent, and what happened to its queries, as text.

    It is there if the test uses the fixtures of the plugin, or a ``MockApiClient`` that it made itself.
    """
    # here: a program may render without pytest
    from ..plugin import running_lifecycle
    from ..turns import chosen

    lifecycle = running_lifecycle()
    sections = [] if lifecycle is None else lifecycle.sections_so_far()
    client = chosen()
    if client is not None and (lifecycle is None or client is not lifecycle.client):
        from ..client import MockApiClient
        from ..request_log import TITLE, request_log

        # no other class answers requests
        assert isinstance(client, MockApiClient)
        sections.append((TITLE, request_log(client.history)))
    return _titled(sections)


def _titled(parts: list[tuple[str, str]]) -> str:
    return "\n\n".join(f"{title}:\n{textwrap.indent(text, '  ')}" for title, text in parts)

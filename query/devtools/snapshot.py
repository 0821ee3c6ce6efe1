"""A client as a file: for a bug report, or beside the results of a run."""

from __future__ import annotations

from pathlib import Path

from ..cache.event_log import EventLog
from ..client.query_client import QueryClient
from ..threads.client import BlockingClient
from .app import Devtools
from .page import file_page
from .server import BlockingDevtoolsServer, DevtoolsServer


def devtools_snapshot(
    client: QueryClient | BlockingClient,
    path: str | Path,
    *,
    events: EventLog | Devtools | DevtoolsServer | BlockingDevtoolsServer | None = None,
) -> Path:
    """Write everything about a client into one HTML file that needs nothing else.

    Data under names of secrets, such as "password" or "access_token", is masked; what is long is cut.

    Args:
        client: The client; one of ``query.sync`` too.
        path: The file.
        events: Where its last events were noted: an ``EventLog``, or the devtools that show it.

    Returns:
        The path.

    Raises:
        OSError: The file cannot be written.
    """
    if isinstance(events, (DevtoolsServer, BlockingDevtoolsServer)):
        events = events.page
    log = events.log if isinstance(events, Devtools) else events
    if isinstance(client, BlockingClient):
        inner = client._client
        text = client._crossing.call(lambda: file_page(inner, log))
    else:
        text = file_page(client, log)
    path = Path(path)
    path.write_text(text, encoding="utf-8")
    return path

"""A page that shows a client while it works, and lets its queries load or fail; needs the extra ``devtools``.

For example::

    async with serve_devtools(client) as page:
        print(page.url)
"""

try:
    import htpy as _htpy
    import sse_starlette as _sse_starlette
    import uvicorn as _uvicorn
except ImportError as _error:
    raise ImportError(
        f"query.devtools needs {_error.name}. Install it with: pip install 'pytest-mockapi[devtools]'"
    ) from _error

from ..cache.event_log import EventLog, LoggedEvent
from .app import Devtools, devtools
from .server import BlockingDevtoolsServer, DevtoolsServer, serve_devtools
from .snapshot import devtools_snapshot
from .triggers import TriggeredError

__all__ = [
    "devtools",
    "Devtools",
    "serve_devtools",
    "DevtoolsServer",
    "BlockingDevtoolsServer",
    "devtools_snapshot",
    "EventLog",
    "LoggedEvent",
    "TriggeredError",
]

del _htpy, _sse_starlette, _uvicorn

"""What can be wrong with a declaration."""

from __future__ import annotations

from ...base.errors import QueryError
from ..extras import missing_extra

try:
    from textual.dom import DOMNode
except ImportError as _missing:
    raise missing_extra("query.ui.textual", "textual>=8.0", "textual") from _missing


class NotMountedError(QueryError, RuntimeError):
    """A declared attribute was read before its node was mounted.

    Attributes:
        node: The widget, screen or app.
        name: The attribute.
    """

    def __init__(self, node: DOMNode, name: str) -> None:
        self.node = node
        self.name = name
        super().__init__(
            f"{type(node).__name__}.{name} was read before the {type(node).__name__} was mounted, so it has no "
            "ancestors that could give it a client. Read it in compose() or later, not in __init__()."
        )


class CircularOptionsError(QueryError, RuntimeError):
    """The options of a declaration need what it shows, perhaps by way of others.

    Attributes:
        node: The widget, screen or app.
        names: The attributes, each of which needs the next; the last is the first again.
    """

    def __init__(self, node: DOMNode, names: list[str]) -> None:
        self.node = node
        self.names = names
        super().__init__(
            f"the options of {type(node).__name__} go round in a circle: {' needs '.join(names)}. "
            "Let one of them do without the other."
        )

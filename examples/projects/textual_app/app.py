"""The app: the widgets on one screen, with the query client that they share."""

from __future__ import annotations

from typing import ClassVar

from query import QueryClient
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Footer

from .widgets import Activity, Heading, NewProject, ProjectList


class ProjectsApp(App[None]):
    """The projects of an API.

    Args:
        client: The query client that all widgets use.

    Attributes:
        query_client: The same: by this name the widgets find it.
    """

    TITLE = "Projects"
    AUTO_FOCUS = "Input"
    CSS = """
    Heading, .title { text-style: bold; }
    ProjectList, NewProject, Activity { height: auto; margin-bottom: 1; }
    NewProject Horizontal { height: auto; }
    NewProject Input { width: 1fr; }
    Rows { height: auto; max-height: 12; }
    .message { color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f5", "refresh", "Refresh"), ("ctrl+q", "quit", "Quit")]

    def __init__(self, client: QueryClient) -> None:
        super().__init__()
        self.query_client = client

    def compose(self) -> ComposeResult:
        """The screen."""
        with Vertical():
            yield Heading()
            yield ProjectList()
            yield NewProject()
            yield Activity()
        yield Footer()

    def action_refresh(self) -> None:
        """Fetch anew whatever is shown."""
        self.query_client.invalidate_queries()

"""What is on the screen. Nobody passes data along: each widget declares by its options what it shows.

The watchers are called when a widget is mounted, and whenever what they read has changed. They change what is there
instead of composing anew, so that the focus stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from query.ui.textual import use_infinite_query, use_is_fetching, use_mutation, use_query
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Label, Static

from projects.options import (
    activity_options,
    create_project_options,
    label,
    project_count_options,
    projects_options,
    reason,
)


class Rows(VerticalScroll, can_focus=False):
    """Lines of text, one below the other."""

    def show(self, lines: Sequence[str]) -> None:
        """Show these lines instead of those before.

        Args:
            lines: The lines.
        """
        shown = list(self.query_children(Label))
        for row, line in zip(shown, lines, strict=False):
            row.update(line)
        for row in shown[len(lines) :]:
            row.remove()
        self.mount_all(Label(line, markup=False) for line in lines[len(shown) :])


class Heading(Static):
    """How many projects there are. It shows the same query as the list, so it costs no request."""

    count = use_query(project_count_options())
    fetching = use_is_fetching(projects_options())

    def render(self) -> str:
        """The line."""
        if not self.count.is_success:
            return "Projects"
        return f"Projects ({self.count.data}){' - updating ...' if self.fetching else ''}"


class ProjectList(Vertical):
    """The projects, or why there are none."""

    projects = use_query(projects_options())

    def compose(self) -> ComposeResult:
        """The rows, and what there is to say."""
        yield Rows(name="Projects")
        yield Label(classes="message", markup=False)
        yield Button("Try again")

    def watch_projects(self) -> None:
        """Show what there is."""
        projects = self.projects
        message = ""
        if projects.is_loading_error:
            message = f"Could not load the projects: {reason(projects.error)}"
        elif projects.is_refetch_error:
            message = f"This may be old: {reason(projects.error)}"
        elif projects.is_pending:
            message = "Loading ..."
        self.query_one(Rows).show([label(row) for row in projects.data or ()])
        self.query_one(".message", Label).update(message)
        self.query_one(Button).display = projects.is_loading_error

    def on_button_pressed(self) -> None:
        """Try again."""
        self.projects.refetch()


class NewProject(Vertical):
    """A form that creates a project."""

    create = use_mutation(create_project_options())

    def compose(self) -> ComposeResult:
        """The form, and what there is to say."""
        with Horizontal():
            yield Input(placeholder="Name")
            yield Button("Create Project", variant="primary")
        yield Label(classes="message", markup=False)

    def watch_create(self) -> None:
        """Say why it failed."""
        create = self.create
        failed = f"Could not create {create.variables['name']}: {reason(create.error)}" if create.is_error else ""
        self.query_one(".message", Label).update(failed)

    def on_input_submitted(self) -> None:
        """Enter sends the form."""
        self.submit()

    def on_button_pressed(self) -> None:
        """And so does the button."""
        self.submit()

    def submit(self) -> None:
        """Create what the field says, and empty it for the next."""
        field = self.query_one(Input)
        name = field.value.strip()
        if name:
            self.create.mutate({"name": name})
            field.clear()


class Activity(Vertical):
    """What happened, and more of it on demand."""

    activity = use_infinite_query(activity_options())

    def compose(self) -> ComposeResult:
        """The rows, what there is to say, and the button."""
        yield Static("Activity", classes="title")
        yield Rows(name="Activity")
        yield Label(classes="message", markup=False)
        yield Button("Load more", disabled=True)

    def watch_activity(self) -> None:
        """Show what there is."""
        activity = self.activity
        pages = activity.data.pages if activity.data else []
        self.query_one(Rows).show([event["text"] for page in pages for event in page])
        failed = f"Could not load more: {reason(activity.error)}" if activity.is_error else ""
        self.query_one(".message", Label).update("Loading ..." if activity.is_pending else failed)
        more = self.query_one(Button)
        more.label = "Loading more ..." if activity.is_fetching_next_page else "Load more"
        more.disabled = not activity.has_next_page or activity.is_fetching

    def on_button_pressed(self) -> None:
        """Load more."""
        self.activity.fetch_next_page()

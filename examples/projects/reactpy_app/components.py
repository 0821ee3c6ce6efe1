"""What is on the page. Nobody passes data along: each component says by its options what it shows."""

from __future__ import annotations

from typing import Any

from query.ui.reactpy import use_infinite_query, use_is_fetching, use_mutation, use_query
from reactpy import component, event, html, use_ref, use_state
from reactpy.types import VdomDict

from projects.options import (
    activity_options,
    create_project_options,
    label,
    project_count_options,
    projects_options,
    reason,
)


@component
def Page() -> VdomDict:
    """All of it."""
    return html.main(Heading(), ProjectList(), NewProject(), Activity())


@component
def Heading() -> VdomDict:
    """How many projects there are. It shows the same query as the list, so it costs no request."""
    count = use_query(project_count_options())
    is_fetching = use_is_fetching(projects_options())
    return html.header(
        html.h1(f"Projects ({count.data})" if count.is_success else "Projects"),
        html.small({"role": "status"}, "Updating ...") if is_fetching and not count.is_pending else None,
    )


@component
def ProjectList() -> VdomDict:
    """The projects, or why there are none."""
    projects = use_query(projects_options())
    if projects.is_loading_error:
        return html.div(
            html.p({"role": "alert"}, f"Could not load the projects: {reason(projects.error)}"),
            html.button({"onClick": lambda _: projects.refetch()}, "Try again"),
        )
    if projects.is_pending:
        return html.p("Loading ...")
    return html.section(
        html.ul(
            {"aria-label": "Projects"},
            [html.li({"key": f"{number} {row['slug']}"}, label(row)) for number, row in enumerate(projects.data or ())],
        ),
        html.p({"role": "alert"}, f"This may be old: {reason(projects.error)}") if projects.is_refetch_error else None,
    )


@component
def NewProject() -> VdomDict:
    """A form that creates a project."""
    # not a state: a value that goes to the server and back at each key loses some when one types fast
    typed = use_ref("")
    field, set_field = use_state(0)
    create = use_mutation(create_project_options())

    def note(change: dict[str, Any]) -> None:
        typed.current = change["target"]["value"].strip()

    @event(prevent_default=True)
    def submit(_: dict[str, Any]) -> None:
        if typed.current:
            create.mutate({"name": typed.current})
            typed.current = ""
            # another key is another field, and that is empty
            set_field(field + 1)

    return html.form(
        {"onSubmit": submit},
        html.label("Name", html.input({"key": str(field), "onChange": note})),
        html.button({"type": "submit"}, "Create Project"),
        html.p({"role": "alert"}, f"Could not create {create.variables['name']}: {reason(create.error)}")
        if create.is_error
        else None,
    )


@component
def Activity() -> VdomDict:
    """What happened, and more of it on demand."""
    activity = use_infinite_query(activity_options())
    if activity.is_pending:
        return html.p("Loading ...")
    events = [one for page in activity.data.pages for one in page] if activity.data else []
    return html.section(
        html.h2("Activity"),
        html.ol({"aria-label": "Activity"}, [html.li({"key": str(one["id"])}, one["text"]) for one in events]),
        html.p({"role": "alert"}, f"Could not load more: {reason(activity.error)}") if activity.is_error else None,
        html.button(
            {
                "onClick": lambda _: activity.fetch_next_page(),
                "disabled": not activity.has_next_page or activity.is_fetching,
            },
            "Loading more ..." if activity.is_fetching_next_page else "Load more",
        ),
    )

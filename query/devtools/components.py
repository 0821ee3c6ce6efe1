"""The parts of the page, as trees in which nothing is unescaped. The live page and the file are made of the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from htpy import (
    Element,
    Node,
    a,
    button,
    code,
    dd,
    div,
    dl,
    dt,
    h2,
    h3,
    optgroup,
    option,
    p,
    pre,
    section,
    select,
    span,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
)
from markupsafe import Markup

from ..base.types import UNSET
from ..cache.event_log import LoggedEvent
from ..cache.event_words import event_text, subject_text
from ..cache.mutation import AnyMutation
from ..cache.query import Query
from .data_text import data_text, error_text, short_text
from .reading import (
    MutationLabel,
    Mutations,
    Queries,
    QueryLabel,
    is_disabled,
    mutation_label,
    mutation_name,
    query_label,
)
from .triggers import MakeError, Trigger

QUERY_ACTIONS: Final[Mapping[str, str]] = {
    "refetch": "Refetch",
    "invalidate": "Invalidate",
    "reset": "Reset",
    "remove": "Remove",
}
"""What can be done to a query, and the words on the buttons; triggers come after them."""


def counts(found: Mapping[Any, int]) -> Element:
    """How many are in which state.

    Args:
        found: Numbers by state, in order.
    """
    return div(class_="counts", role="status")[
        (
            span(class_=f"count {label}" + ("" if number else " none"))[span(class_="dot"), f"{label} ", code[number]]
            for label, number in found.items()
        )
    ]


def query_table(found: Queries, selected: str = "", *, anchors: bool = False) -> Element:
    """The table of queries.

    Args:
        found: What to show.
        selected: The hash of the one whose details are shown.
        anchors: Whether each leads to its details further down, as in a file.
    """
    rows = [
        _row(
            label,
            query.query_hash,
            (str(query.get_observers_count()), _remark(query), _time(query.state.data_updated_at)),
            query.query_hash,
            f"q{number}" if anchors else "",
            query.query_hash == selected,
        )
        for number, (query, label) in enumerate(found.rows, 1)
    ]
    return _table(["State", "Key", "Observers", "", "Updated"], rows, len(found.rows), found.found, "queries")


def mutation_table(found: Mutations, selected: str = "", *, anchors: bool = False) -> Element:
    """The table of mutations; see ``query_table``."""
    rows = [
        _row(
            label,
            mutation_name(mutation),
            (_time(mutation.state.submitted_at),),
            str(mutation.mutation_id),
            f"m{number}" if anchors else "",
            str(mutation.mutation_id) == selected,
        )
        for number, (mutation, label) in enumerate(found.rows, 1)
    ]
    return _table(["State", "Key", "Submitted"], rows, len(found.rows), found.found, "mutations")


def event_table(events: Sequence[LoggedEvent]) -> Element:
    """The last events, the newest first.

    Args:
        events: They, the oldest first.
    """
    many = any(event.client > 1 for event in events)
    rows = [
        _event_row(
            _time(event.at, digits=True),
            f"client {event.client} " if many else "",
            subject_text(event),
            event_text(event, short_text, error_text),
            str(event.observers),
        )
        for event in reversed(events)
    ]
    return _table(["Time", "Of", "Event", "Observers"], rows, len(events), len(events), "events")


def query_detail(
    query: Query[Any],
    *,
    trigger: Trigger | None = None,
    error_types: Mapping[str, MakeError] | None = None,
    id_: str = "",
) -> Element:
    """Everything about one query.

    Args:
        query: The query.
        trigger: What it was told to show.
        error_types: Errors it can be made to fail with; None in a file, where nothing can be done.
        id_: The id of the section, for links to it.
    """
    state = query.state
    facts: list[tuple[str, Node]] = [
        ("Status", f"{state.status} / {state.fetch_status}"),
        ("Observers", str(query.get_observers_count())),
        ("Updated at", _time(state.data_updated_at, day=True)),
        ("Updates", f"{state.data_update_count} of data, {state.error_update_count} of errors"),
    ]
    if state.is_invalidated:
        facts.append(("Invalidated", "yes"))
    if state.fetch_failure_count:
        facts.append(("Failed attempts", str(state.fetch_failure_count)))
    if query.meta:
        facts.append(("Meta", code[short_text(query.meta)]))
    return _detail(
        query.query_hash,
        query_label(query),
        None if error_types is None else _query_actions(query, trigger, error_types),
        facts,
        [("Error", _failure(state.error)), ("Data", None if state.data is UNSET else data_text(state.data))],
        id_,
    )


def mutation_detail(mutation: AnyMutation, *, id_: str = "") -> Element:
    """Everything about one mutation; see ``query_detail``."""
    state = mutation.state
    facts: list[tuple[str, Node]] = [
        ("Number", str(mutation.mutation_id)),
        ("Status", state.status),
        ("Submitted at", _time(state.submitted_at, day=True)),
    ]
    if mutation.scope is not None:
        facts.append(("Scope", code[mutation.scope]))
    if state.failure_count:
        facts.append(("Failed attempts", str(state.failure_count)))
    texts = [("Variables", state.variables), ("Context", state.context), ("Data", state.data)]
    shown = [(name, None if value is UNSET else data_text(value)) for name, value in texts]
    return _detail(
        mutation_name(mutation), mutation_label(mutation), None, facts, [("Error", _failure(state.error)), *shown], id_
    )


def nothing_selected(noun: str) -> Element:
    """What stands in the place of details that nobody asked for.

    Args:
        noun: What could be selected, such as "query".
    """
    return p(class_="muted empty")[f"Select a {noun} to see its details."]


def _table(heads: Sequence[str], rows: Iterable[Markup], shown: int, found: int, noun: str) -> Element:
    if not found:
        return p(class_="muted empty")[f"No {noun}."]
    left = found - shown
    return div[
        table[thead[tr[(th(scope="col")[head] for head in heads)]], tbody[rows]],
        p(class_="muted empty")[f"{left:,} more: filter to find them."] if left else None,
    ]


# a page is made anew while most of its rows are what they were; they are the greater part of it
@lru_cache(2_000)
def _row(
    label: QueryLabel | MutationLabel, text: str, cells: tuple[str, ...], target: str, anchor: str, is_selected: bool
) -> Markup:
    link = a(class_="key", href=f"#{anchor}")[text] if anchor else button(class_="key", type="button")[text]
    return _made(
        tr(data_select=target, class_="selected" if is_selected else None)[
            td[_tag(label)], td[link], (td(class_="number")[cell] for cell in cells)
        ]
    )


@lru_cache(2_000)
def _event_row(time: str, client: str, subject: str, text: str, observers: str) -> Markup:
    return _made(
        tr[
            td(class_="time")[time],
            td[span(class_="muted")[client] if client else None, code(class_="key")[subject]],
            td[text],
            td(class_="number")[observers],
        ]
    )


def _made(element: Element) -> Markup:
    """An element as text that is HTML already."""
    return Markup(str(element))


def _tag(label: QueryLabel | MutationLabel) -> Element:
    return span(class_=f"tag {label}")[span(class_="dot"), label]


def _detail(
    name: str,
    label: QueryLabel | MutationLabel,
    actions: Node,
    facts: Sequence[tuple[str, Node]],
    texts: Sequence[tuple[str, str | None]],
    id_: str,
) -> Element:
    return section(class_="detail", id=id_ or None)[
        div(class_="title")[h2[code[name]], _tag(label)],
        actions,
        dl[((dt[fact], dd[value]) for fact, value in facts)],
        (
            div(class_="data")[
                h3[heading, " ", button(class_="copy", type="button", data_copy=True)["Copy"] if actions else None],
                pre(class_="error" if heading == "Error" else None)[text],
            ]
            for heading, text in texts
            if text is not None
        ),
    ]


def _query_actions(query: Query[Any], trigger: Trigger | None, error_types: Mapping[str, MakeError]) -> Element:
    loading = ("restore_loading", "Restore loading") if trigger == "loading" else ("trigger_loading", "Trigger loading")
    error = ("restore_error", "Restore error") if trigger == "error" else ("trigger_error", "Trigger error")
    return div(class_="actions", role="toolbar", aria_label="Actions")[
        (_action(name, words, query) for name, words in QUERY_ACTIONS.items()),
        _action(*loading, query) if trigger != "error" else None,
        _action(*error, query) if trigger != "loading" else None,
        select(aria_label="Trigger error of a kind", data_action="trigger_error", data_target=query.query_hash)[
            option(value="")["Error of a kind…"],
            optgroup(label="Errors")[(option(value=name)[name] for name in error_types)],
        ]
        if error_types and trigger is None
        else None,
    ]


def _action(name: str, words: str, query: Query[Any]) -> Element:
    return button(type="button", class_=name, data_action=name, data_target=query.query_hash)[words]


def _failure(error: Exception | None) -> str | None:
    return None if error is None else error_text(error)


def _time(seconds: float, *, day: bool = False, digits: bool = False) -> str:
    """An instant in the time of this machine."""
    if not seconds:
        return "never"
    try:
        moment = datetime.fromtimestamp(seconds).astimezone()
    except (ValueError, OverflowError, OSError):
        # the clock of a test may tell any time
        return f"{seconds:g} s"
    return f"{moment:{'%Y-%m-%d ' * day}%H:%M:%S}" + (f".{moment.microsecond // 1000:03}" if digits else "")


def _remark(query: Query[Any]) -> str:
    """What its state leaves open."""
    if query.state.status == "error":
        return "error"
    return "disabled" if query.get_observers_count() and is_disabled(query) else ""

"""The page: once as one that lives, once as a file."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from functools import cache
from importlib.resources import files

from htpy import (
    Element,
    Node,
    body,
    button,
    div,
    fieldset,
    h1,
    h2,
    head,
    header,
    html,
    label,
    link,
    main,
    meta,
    nav,
    option,
    p,
    script,
    section,
    select,
    span,
    style,
    title,
)
from htpy import input as input_
from markupsafe import Markup

from ..cache.event_log import EventLog
from ..client.query_client import QueryClient
from . import components
from .reading import read_mutations, read_queries

TITLE = "Query devtools"
MAX_IN_FILE = 1_000
"""Queries, and mutations, that a file tells of."""


def live_page(nonce: str) -> str:
    """The frame of the live page. What is in it comes by the stream of events.

    Args:
        nonce: What the response's header says its style and script carry.
    """
    return str(
        html(lang="en")[
            _head(style(nonce=nonce)[_own("page.css")]),
            body[
                header[
                    h1[TITLE],
                    nav(role="tablist", aria_label="What to show")[
                        (
                            button(type="button", role="tab", data_tab=name, aria_selected=str(not number).lower())[
                                name.title()
                            ]
                            for number, name in enumerate(("queries", "mutations", "events"))
                        )
                    ],
                    div(data_part="counts"),
                    div(class_="network")[
                        span(id="connection", class_="muted", role="status")["connecting…"],
                        button(type="button", data_action="go_offline", id="network")["Go offline"],
                    ],
                ],
                _toolbar(),
                main[
                    section(id="list", aria_label="List", data_part="list"),
                    section(id="detail", aria_label="Details", data_part="detail"),
                ],
                p(id="problem", role="alert", hidden=True),
                script(nonce=nonce)[_own("page.js")],
            ],
        ]
    )


def file_page(client: QueryClient, log: EventLog | None) -> str:
    """Everything about a client in one file that needs nothing else, not even a script.

    Args:
        client: The client.
        log: What happened to it, if that is known.
    """
    queries = read_queries(client, limit=MAX_IN_FILE)
    mutations = read_mutations(client, limit=MAX_IN_FILE)
    css = _own("page.css")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return str(
        html(lang="en")[
            _head(meta(http_equiv="Content-Security-Policy", content=policy), style[css]),
            body(class_="file")[
                header[
                    h1[TITLE],
                    components.counts(queries.counts),
                    span(class_="muted")[f"as of {datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}"],
                ],
                section[h2["Queries"], components.query_table(queries, anchors=True)],
                section[h2["Mutations"], components.mutation_table(mutations, anchors=True)],
                section[h2["Events"], components.event_table(log.events())] if log is not None else None,
                (components.query_detail(query, id_=f"q{number}") for number, (query, _) in enumerate(queries.rows, 1)),
                (
                    components.mutation_detail(mutation, id_=f"m{number}")
                    for number, (mutation, _) in enumerate(mutations.rows, 1)
                ),
            ],
        ]
    )


def _head(*children: Node) -> Element:
    return head[
        meta(charset="utf-8"),
        children,
        meta(name="viewport", content="width=device-width, initial-scale=1"),
        meta(name="referrer", content="no-referrer"),
        # no request for an icon
        link(rel="icon", href="data:,"),
        title[TITLE],
    ]


def _toolbar() -> Element:
    return fieldset(class_="toolbar")[
        input_(type="search", id="filter", placeholder="Filter by key", aria_label="Filter by key", autocomplete="off"),
        label[
            "Sort by ",
            select(id="sort")[
                option(value="status")["status"], option(value="hash")["hash"], option(value="updated")["last updated"]
            ],
        ],
        button(type="button", id="reverse", aria_pressed="false", title="The other way round")["↓ Asc"],
        label(class_="only-queries")[input_(type="checkbox", id="hide-disabled"), " Hide disabled"],
        span(class_="space"),
        button(type="button", class_="danger", data_action="clear_queries", id="clear")["Clear cache"],
    ]


@cache
def _own(name: str) -> Markup:
    # a file of this package: nothing of a user is in it
    return Markup((files("query.devtools") / name).read_text(encoding="utf-8"))

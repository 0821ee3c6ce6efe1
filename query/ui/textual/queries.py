"""Declarations of queries, as they stand in the bodies of widgets, screens and apps."""

from __future__ import annotations

from typing_extensions import Unpack

from ...base.filters import QueriesMeant
from ...base.infinite_data import PageParamT, PageT, ShownPagesT
from ...base.infinite_options import InfiniteQueryOptions
from ...base.options import AnyQueryOptions, QueryOptions
from ...base.types import DataT, QueryDataT
from ...face import QueryClient
from ...observers.infinite_query_observer import InfiniteQueryObserver
from ...observers.infinite_query_result import InfiniteQueryObserverResult
from ...observers.query_observer import QueryObserver
from ...observers.query_result import QueryObserverResult
from .declaration import Declaration, OrFunction, ReactiveFlags
from .mutation_sources import FetchingSource, PrefetchSource
from .sources import QuerySource


def use_query(
    options: OrFunction[QueryOptions[QueryDataT, DataT]],
    client: QueryClient | None = None,
    *,
    subscribed: OrFunction[bool] = True,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[QueryObserverResult[DataT]]:
    """Declare an attribute that shows a query.

    For example::

        class ProjectView(Static):
            slug = reactive("")
            project = use_query(lambda self: project_options(self.slug))

            def watch_project(self, project):
                self.update(project.data["name"] if project.is_success else "Loading...")

    The first ``compose()`` has the result. While the widget is mounted, ``watch_<name>`` is called as Textual calls the
    watchers of reactive attributes: with what there is when the widget is mounted, and after each change of what was
    read of the result. When a reactive attribute of the widget changes, the options are read again; an attribute of
    an ancestor comes in by ``data_bind``.

    Args:
        options: The options, with a key; or a function of the widget that returns them.
        client: The client; by default that of the nearest ancestor that has one.
        subscribed: Whether to follow the query and to fetch; or a function of the widget that says so.
        **flags: Keywords of ``reactive``: ``layout``, ``repaint``, ``init``, ``recompose``, ``bindings``,
            ``toggle_class``. To ``recompose`` loses the focus: prefer a watcher.

    Raises:
        MissingQueryClientError: When the widget is mounted and no ancestor has a client.
        NotMountedError: The attribute was read before that.
        OptionError: The options have no key.

    Source: react-query, useQuery.ts. Differs: declared once, not called at each render.
    """
    return Declaration(
        lambda client, options: QuerySource(QueryObserver(client, options)),
        options,
        client=client,
        subscribed=subscribed,
        waits_for_restoring=True,
        **flags,
    )


def use_infinite_query(
    options: OrFunction[InfiniteQueryOptions[PageT, PageParamT, ShownPagesT]],
    client: QueryClient | None = None,
    *,
    subscribed: OrFunction[bool] = True,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[InfiniteQueryObserverResult[ShownPagesT]]:
    """Declare an attribute that shows an infinite query; see ``use_query``.

    For example::

        class IssueList(Vertical):
            issues = use_infinite_query(issues_options)

            def on_button_pressed(self):
                self.issues.fetch_next_page()

    Args:
        options: The options, with a key; or a function of the widget that returns them.
        client: The client; by default that of the nearest ancestor that has one.
        subscribed: Whether to follow the query and to fetch; or a function of the widget that says so.
        **flags: Keywords of ``reactive``.

    Raises:
        MissingQueryClientError: When the widget is mounted and no ancestor has a client.
        NotMountedError: The attribute was read before that.
        OptionError: The options have no key, or are not those of an infinite query.

    Source: react-query, useInfiniteQuery.ts.
    """
    return Declaration(
        lambda client, options: QuerySource(InfiniteQueryObserver(client, options)),
        options,
        client=client,
        subscribed=subscribed,
        waits_for_restoring=True,
        **flags,
    )


def use_prefetch_query(options: OrFunction[AnyQueryOptions], client: QueryClient | None = None) -> Declaration[None]:
    """Declare a query that widgets below will need: it is fetched at once, unless something is known of it.

    The attribute itself is None. Errors are not told: whoever needs the query sees them.

    Args:
        options: The options, with a key; or a function of the widget that returns them.
        client: The client; by default that of the nearest ancestor that has one.

    Raises:
        MissingQueryClientError: When the widget is mounted and no ancestor has a client.
        OptionError: The options have no key.

    Source: react-query, usePrefetchQuery.tsx.
    """
    return Declaration(PrefetchSource, options, client=client, repaint=False)


def use_is_fetching(
    filters: OrFunction[QueriesMeant | None] = None,
    client: QueryClient | None = None,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[int]:
    """Declare an attribute that is the number of queries that fetch right now.

    For example::

        class Busy(Static):
            fetching = use_is_fetching(toggle_class="busy")

    Args:
        filters: Which queries are meant: filters; or a key, or options, whose key is meant as a beginning; or a
            function of the widget that returns them. By default all.
        client: The client; by default that of the nearest ancestor that has one.
        **flags: Keywords of ``reactive``.

    Raises:
        MissingQueryClientError: When the widget is mounted and no ancestor has a client.
        NotMountedError: The attribute was read before that.

    Source: react-query, useIsFetching.ts.
    """
    return Declaration(FetchingSource, filters, client=client, **flags)

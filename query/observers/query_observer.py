"""Watches one query: fetches when it should, and publishes a result for each change.

Source: queryObserver.ts. What is not about the class of its results is next door, in ``query_observer_base.py``.
"""

from __future__ import annotations

from typing import Any, Generic

from ..base.options import AnyQueryOptions
from ..base.types import UNSET, DataT, QueryDataT
from ..cache.query import Query
from .fellow_observers import FellowObserver
from .query_result import RESULT_CLASSES, QueryObserverResult
from .shown_data import Shown


class QueryObserver(FellowObserver[QueryDataT, DataT], Generic[QueryDataT, DataT]):
    """Looks at one query through one set of options.

    Making it creates the query but does not fetch; the first subscription does, if the options say so. ::

        observer = QueryObserver(client, projects_options)
        unsubscribe = observer.subscribe(lambda result: print(result.status, result.data))

    Args:
        client: The client.
        options: The options, with a key.

    Attributes:
        options: The options in force, defaults filled in.

    Raises:
        OptionError: The options have no key.
    """

    _makes_plain_results = True

    def _make_result(
        self, shown: Shown, facts: list[Any], query: Query[QueryDataT], options: AnyQueryOptions
    ) -> QueryObserverResult[DataT]:
        # Any: the status and the data say of which class it is
        kind: Any = RESULT_CLASSES[shown.status, shown.data is not UNSET]
        made: QueryObserverResult[DataT] = kind(*facts)
        return made


QueryObserver._alike = QueryObserver

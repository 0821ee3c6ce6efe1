"""``QueryCacheMachine``: name your queries, and Hypothesis searches for an order of events that breaks them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from hypothesis import strategies as st

from query import MutationOptions, QueryOptions, infinite_query_options

from .marking_rules import MarkingRules
from .named import check_names
from .outside_rules import OutsideRules
from .reading_rules import ReadingRules
from .rules import rules_of
from .writing_rules import WritingRules


def _next_of_three(page: Any, pages: list[Any], param: int, params: list[int]) -> int | None:
    return param + 1 if len(pages) < 3 else None


class QueryCacheMachine(ReadingRules, WritingRules, MarkingRules, OutsideRules):
    """A Hypothesis machine for the queries and mutations that a subclass names.

    ::

        class Shop(QueryCacheMachine):
            queries = {"item": QueryOptions(query_key=("item", 1), stale_time=30), "cart": cart_options}
            mutations = {"add": MutationOptions(on_settled=invalidates(("cart",)))}


        TestShop = Shop.TestCase

    Queries and mutations without a function of their own are answered by the machine: when, in which order and with
    what is drawn. Each rule draws as well whether the loop runs until nothing is left to do (``settle``), so that
    several of them may fall into one tick; what must hold is looked at when everything is at rest.

    Attributes:
        queries: The options of your queries, by names of your choice. Options of infinite queries are welcome.
        mutations: The options of your mutations.
        payloads: A strategy of answers and of data to write; or one for each query and mutation, by name.
        variables: A strategy of what mutations are called with.
        durations: The seconds by which time may pass; by default those that the options name.
        burst: Whether rules may leave the loop alone.

    Raises:
        TypeError: A subclass names something that is no options.
        ValueError: It has no queries.
    """

    queries: ClassVar[Mapping[str, Any]] = {
        "item": QueryOptions(query_key=("item", {"id": 1, "part": "head"}), stale_time=30, retry=2),
        "items": QueryOptions(query_key=("items",), gc_time=60, select=lambda data: [data]),
        "pages": infinite_query_options(
            query_key=("item", "pages"),
            query_fn=None,
            initial_page_param=0,
            get_next_page_param=_next_of_three,
            retry=1,
            retry_delay=2,
        ),
    }
    mutations: ClassVar[Mapping[str, Any]] = {"save": MutationOptions(scope="save")}
    payloads: ClassVar[Any] = st.fixed_dictionaries({"v": st.integers(0, 3)})
    variables: ClassVar[Any] = st.none()
    durations: ClassVar[tuple[float, ...]] = ()
    burst: ClassVar[bool] = True

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Make the rules for what this class names."""
        super().__init_subclass__(**arguments)
        _add_rules(cls)


def _add_rules(machine: type[QueryCacheMachine]) -> None:
    check_names(machine)
    rules = rules_of(machine)
    for name in ("mutate", "optimistic", "next_page"):
        # those of the class above are made for other names
        rules.setdefault(name, None)
    for name, function in rules.items():
        present = getattr(machine, name, None)
        # one that somebody wrote stays
        if present is None or getattr(present, "is_made", False):
            setattr(machine, name, function)


_add_rules(QueryCacheMachine)

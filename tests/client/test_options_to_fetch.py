"""What a fetch makes of plain options in one step: the same as all the steps of completing them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query import UNSET, DefaultOptions, InfiniteQueryOptions, OptionError, QueryClient, QueryOptions, skip_token
from query.base.given_options import given_options, is_complete
from query.base.options import AnyQueryOptions


def load(context: object) -> object:
    raise AssertionError("fetched")


VALUES: dict[str, list[Any]] = {
    "query_fn": [load, skip_token, None],
    "query_key_hash_fn": [lambda key: f"my {key.text}", None],
    "retry": [False, 3, None],
    "network_mode": ["always", "online", "offline_first", None],
    "persister": [lambda query_fn, context, query: None, None],
    "gc_time": [0, 7.0, None],
    "stale_time": [0, 5.0, "static", lambda query: 5.0, None],
    "refetch_on_reconnect": [True, "always", None],
    "enabled": [True, False],
    "initial_data": [1],
    "meta": [{"a": 1}],
    "structural_sharing": [False],
}
SOME = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in VALUES.items()})
FEW = st.dictionaries(st.sampled_from(sorted(VALUES)), st.just(None), max_size=2).flatmap(
    lambda names: st.fixed_dictionaries({name: st.sampled_from(VALUES[name]) for name in names})
)
OF_PAGES = {"initial_page_param": 0, "get_next_page_param": lambda *_: None, "max_pages": 2}


@given(SOME | FEW, SOME | FEW, st.booleans(), st.booleans())
def test_they_are_the_same(
    inherited: dict[str, Any], own: dict[str, Any], has_pages: bool, inherits_pages: bool
) -> None:
    """Whatever is given and inherited; and so is what others find with the options afterwards."""
    defaults = InfiniteQueryOptions(**inherited, **OF_PAGES) if inherits_pages else QueryOptions(**inherited)
    client = QueryClient(default_options=DefaultOptions(queries=defaults))

    def written() -> AnyQueryOptions:
        if has_pages:
            return InfiniteQueryOptions(query_key=["a"], **own, **OF_PAGES)
        return QueryOptions(query_key=["a"], **own)

    step_by_step = client._defaults.completed(written())
    options = written()
    to_fetch = client._defaults.to_fetch(options)
    assert given_options(to_fetch) == given_options(step_by_step.to_fetch())
    assert type(to_fetch) is type(options)
    assert is_complete(to_fetch)
    assert client._defaults.to_fetch(options) is to_fetch
    completed = client._defaults.completed(options)
    assert completed.to_fetch() is to_fetch
    assert given_options(completed.options) == given_options(step_by_step.options)
    assert client.default_query_options(options) is completed.options
    assert is_complete(completed.options)
    assert (completed.query_hash, completed.stale_time) == (step_by_step.query_hash, step_by_step.stale_time)


def test_plain_options_take_one_step() -> None:
    """Which is what most of them are."""
    for defaults in (QueryOptions(), QueryOptions(stale_time=5, retry=1, meta={"a": 1})):
        client = QueryClient(default_options=DefaultOptions(queries=defaults))
        options = QueryOptions(query_key=["a"], query_fn=load, gc_time=7)
        made = client._defaults.plainly_to_fetch(options)
        assert made is not None
        assert (made.query_hash, made.gc_time, made.meta) == ('["a"]', 7, defaults.meta)
        assert made.retry == (False if defaults.retry is UNSET else 1)


def test_what_some_keys_inherit_is_found_step_by_step() -> None:
    """And as soon as it is said."""
    client = QueryClient()
    options = QueryOptions(query_key=["a"], query_fn=load)
    assert client._defaults.to_fetch(options).retry is False
    client.set_query_defaults(["a"], QueryOptions(retry=7))
    assert client._defaults.plainly_to_fetch(options) is None
    assert client._defaults.to_fetch(options).retry == 7


@pytest.mark.parametrize("wrong", [["a"], {"query_key": ["a"]}, None], ids=repr)
def test_what_is_no_options_is_refused(wrong: Any) -> None:
    """The same words as everywhere."""
    with pytest.raises(OptionError, match=r"the options of a query are .*; expected QueryOptions\(\.\.\.\)"):
        QueryClient().fetch_query(wrong)


async def test_the_second_fetch_remembers_with_the_options_what_it_made_of_them(client: QueryClient) -> None:
    """The first does not, since most options are written in the call and go with it."""

    async def answer(context: object) -> str:
        return "data"

    options = QueryOptions(query_key=["a"], query_fn=answer)
    for _ in range(2):
        assert await client.fetch_query(options) == "data"
    query = client.get_query_cache().get_all()[0]
    assert query.options is client._defaults.to_fetch(options)
    assert client.default_query_options(options).retry is UNSET

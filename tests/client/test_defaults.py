"""What options inherit: from the client, from the keys, and from one another."""

from __future__ import annotations

import pytest

from query import (
    UNSET,
    DefaultOptions,
    InfiniteQueryOptions,
    MutationOptions,
    OptionError,
    QueryClient,
    QueryKey,
    QueryOptions,
    skip_token,
)


def with_defaults(**sections):
    return QueryClient(default_options=DefaultOptions(**sections))


def retry_of(client, key, **options):
    """What a query of *key* inherits as its retry."""
    return client.default_query_options(QueryOptions(query_key=key, **options)).retry


# -- the client's


@pytest.mark.parity("QC-queryClient-002")
def test_queries_inherit_from_the_client():
    """What they leave out; what they give wins."""
    client = with_defaults(queries=QueryOptions(retry=7, gc_time=3))
    for given, gc_time in [({}, 3), ({"gc_time": 5}, 5)]:
        options = client.default_query_options(QueryOptions(query_key=["a", gc_time], **given))
        query = client.get_query_cache().build(client, options)
        assert (options.retry, query.options.retry) == (7, 7)
        assert (options.gc_time, query.options.gc_time, query.gc_time) == (gc_time, gc_time, gc_time)


def test_mutations_inherit_from_the_client():
    """What they leave out; what they give wins."""
    client = with_defaults(mutations=MutationOptions(retry=7, gc_time=3))
    options = client.default_mutation_options(MutationOptions(gc_time=5))
    assert (options.retry, options.gc_time) == (7, 5)


def test_an_explicit_none_asks_for_the_built_in_default():
    """It does not inherit."""
    assert retry_of(with_defaults(queries=QueryOptions(retry=7)), ["a"], retry=None) is None


@pytest.mark.parity("QC-queryClient-003")
def test_the_defaults_can_be_read_back_and_replaced_as_a_whole():
    """Nothing of the former stays behind."""
    defaults = DefaultOptions(queries=QueryOptions(retry=7, gc_time=3))
    client = QueryClient(default_options=defaults)
    assert client.get_default_options() is defaults
    client.set_default_options(DefaultOptions(queries=QueryOptions(gc_time=5)))
    options = client.default_query_options(QueryOptions(query_key=["a"]))
    assert (options.retry, options.gc_time) == (UNSET, 5)


@pytest.mark.parametrize("wrong", [{"queries": QueryOptions()}, {}, QueryOptions(), 0], ids=repr)
def test_defaults_that_are_none_are_refused(wrong):
    """When the client is made as well as later; empty ones too."""
    expected = r"default_options is .*; expected DefaultOptions\(queries=QueryOptions"
    with pytest.raises(OptionError, match=expected):
        QueryClient(default_options=wrong)
    with pytest.raises(OptionError, match=expected):
        QueryClient().set_default_options(wrong)


@pytest.mark.parametrize(
    ("section", "wrong", "expected"),
    [
        ("queries", {"retry": 1}, r"DefaultOptions.queries is \{'retry': 1\}; expected QueryOptions"),
        ("mutations", QueryOptions(), r"DefaultOptions.mutations is QueryOptions\(\); expected MutationOptions"),
    ],
)
def test_a_section_of_the_wrong_kind_is_refused(section, wrong, expected):
    """The text names the section and what it takes."""
    with pytest.raises(OptionError, match=expected) as caught:
        DefaultOptions(**{section: wrong})
    assert caught.value.option == section


# -- those of keys


@pytest.mark.parity("QC-queryClient-006", "QC-queryClient-007")
def test_longer_keys_inherit_and_shorter_do_not():
    """A registration is for all keys that begin with its own."""
    client = QueryClient()
    client.set_query_defaults(["a", "b"], QueryOptions(retry=7))
    assert retry_of(client, ["a", "b"]) == 7
    assert retry_of(client, ["a", "b", {"page": 1}]) == 7
    assert retry_of(client, ["a"]) is UNSET
    assert retry_of(client, ["b", "a"]) is UNSET


def test_part_of_a_dict_is_the_beginning_of_it():
    """As filters understand it."""
    client = QueryClient()
    client.set_query_defaults(["a", {"kind": "x"}], QueryOptions(retry=7))
    assert retry_of(client, ["a", {"kind": "x", "page": 1}]) == 7
    assert retry_of(client, ["a", {"kind": "y"}]) is UNSET


@pytest.mark.parity("QC-queryClient-010")
def test_all_that_match_are_merged_the_later_on_top():
    """Whichever key is longer."""
    client = QueryClient()
    client.set_query_defaults(["a", "b"], QueryOptions(retry=1, gc_time=1))
    client.set_query_defaults(["a"], QueryOptions(retry=2, meta={"a": 1}))
    options = client.get_query_defaults(["a", "b"])
    assert (options.retry, options.gc_time, options.meta) == (2, 1, {"a": 1})
    assert client.get_query_defaults(["none"]).retry is UNSET


@pytest.mark.parity("QC-queryClient-009")
def test_a_key_that_is_registered_again_is_replaced_in_its_place():
    """As a whole, and where it stood: what came after it still lies on top."""
    client = QueryClient()
    client.set_query_defaults(["a"], QueryOptions(retry=1, gc_time=1))
    client.set_query_defaults(["a", "b"], QueryOptions(retry=2))
    client.set_query_defaults(("a",), QueryOptions(retry=3, retry_delay=3))
    options = client.get_query_defaults(["a", "b"])
    assert (options.retry, options.gc_time, options.retry_delay) == (2, UNSET, 3)


def test_defaults_of_keys_lie_on_those_of_the_client():
    """And below the options themselves."""
    client = with_defaults(queries=QueryOptions(retry=1, gc_time=1, retry_delay=1))
    client.set_query_defaults(["a"], QueryOptions(retry=2, gc_time=2))
    options = client.default_query_options(QueryOptions(query_key=["a"], retry=3))
    assert (options.retry, options.gc_time, options.retry_delay) == (3, 2, 1)


@pytest.mark.parity("QC-queryClient-004")
def test_registering_defaults_fetches_and_changes_nothing(client, build, events):
    """Queries that are there stay as they are."""
    query = build()
    events.clear()
    client.set_query_defaults(query.query_key, QueryOptions(retry=7, query_fn=lambda context: pytest.fail("fetched")))
    assert query.options.retry is UNSET
    assert events == []


@pytest.mark.parity("QC-queryClient-156")
def test_mutation_defaults_go_by_the_mutation_key():
    """Without one, none of them apply."""
    client = QueryClient()
    client.set_mutation_defaults(["add"], MutationOptions(retry=7))
    client.set_mutation_defaults(["other"], MutationOptions(retry=8))
    assert client.get_mutation_defaults(["add", 1]).retry == 7
    assert client.get_mutation_defaults(["none"]).retry is UNSET
    assert client.default_mutation_options(MutationOptions(mutation_key=["add"])).retry == 7
    assert client.default_mutation_options(MutationOptions()).retry is UNSET


@pytest.mark.parity("QC-queryClient-155")
def test_mutation_defaults_that_are_registered_again_are_replaced():
    """As a whole."""
    client = QueryClient()
    client.set_mutation_defaults(["add"], MutationOptions(retry=7, gc_time=1))
    client.set_mutation_defaults(["add"], MutationOptions(retry=8))
    options = client.get_mutation_defaults(["add"])
    assert (options.retry, options.gc_time) == (8, UNSET)


@pytest.mark.parametrize("wrong", [{"retry": 1}, None, DefaultOptions()], ids=repr)
def test_registrations_that_are_no_options_are_refused(wrong):
    """Where they are written, and not when somebody inherits from them."""
    client = QueryClient()
    with pytest.raises(OptionError, match=r"set_query_defaults\(\) was given .*; expected QueryOptions\(\.\.\.\)"):
        client.set_query_defaults(["a"], wrong)
    with pytest.raises(
        OptionError, match=r"set_mutation_defaults\(\) was given .*; expected MutationOptions\(\.\.\.\)"
    ):
        client.set_mutation_defaults(["a"], wrong)


# -- what follows from the options


def test_options_that_are_complete_come_back_as_they_are():
    """Nothing is merged twice."""
    client = QueryClient()
    options = client.default_query_options(QueryOptions(query_key=["a"]))
    client.set_default_options(DefaultOptions(queries=QueryOptions(retry=7)))
    assert client.default_query_options(options) is options
    mutation = client.default_mutation_options(MutationOptions())
    assert client.default_mutation_options(mutation) is mutation


def test_the_callers_options_are_never_changed():
    """The complete ones are a copy."""
    options = QueryOptions(query_key=["a"])
    with_defaults(queries=QueryOptions(retry=7)).default_query_options(options)
    assert (options.retry, options.query_hash) == (UNSET, UNSET)


@pytest.mark.parity("QC-queryClient-016", "QC-utils-001", "QC-utils-002")
def test_the_hash_comes_from_the_merged_hash_function():
    """A default function applies to all queries that do not bring their own hash."""
    client = with_defaults(queries=QueryOptions(query_key_hash_fn=lambda key: f"hash of {len(key)}"))
    assert client.default_query_options(QueryOptions(query_key=["a", "b"])).query_hash == "hash of 2"
    assert client.default_query_options(QueryOptions(query_key=["a"], query_hash="own")).query_hash == "own"
    assert client.default_query_options(QueryOptions(query_key=["a"], query_key_hash_fn=None)).query_hash == '["a"]'


def test_a_hash_function_that_makes_no_text_is_refused():
    """It is the name of the entry."""
    client = with_defaults(queries=QueryOptions(query_key_hash_fn=lambda key: 5))
    with pytest.raises(OptionError, match="query_hash=5 is an int; expected a str"):
        client.default_query_options(QueryOptions(query_key=["a"]))


def test_options_without_a_key_get_no_hash():
    """They are defaults, or not finished yet."""
    assert QueryClient().default_query_options(QueryOptions()).query_hash is UNSET


@pytest.mark.parity("QC-queryClient-011", "QC-queryClient-012", "QC-queryClient-013")
@pytest.mark.parametrize(
    ("options", "network_mode"),
    [
        ({"persister": lambda query_fn, context, query: "data"}, "offline_first"),
        ({"persister": lambda query_fn, context, query: "data", "network_mode": "online"}, "online"),
        ({"persister": lambda query_fn, context, query: "data", "network_mode": "always"}, "always"),
        ({"network_mode": "always"}, "always"),
        ({"persister": None}, UNSET),
        ({}, UNSET),
    ],
)
@pytest.mark.parametrize("where", ["call", "key", "client"])
def test_what_is_stored_may_be_read_without_a_network(options, network_mode, where):
    """A persister asks before the network does, unless the network mode is said; wherever either comes from."""
    client = with_defaults(queries=QueryOptions(**options)) if where == "client" else QueryClient()
    if where == "key":
        client.set_query_defaults(["a"], QueryOptions(**options))
    own = options if where == "call" else {}
    assert client.default_query_options(QueryOptions(query_key=["a"], **own)).network_mode == network_mode


@pytest.mark.parametrize(
    ("options", "refetch"),
    [
        ({}, True),
        ({"network_mode": "offline_first"}, True),
        ({"network_mode": "always"}, False),
        ({"network_mode": "always", "refetch_on_reconnect": True}, True),
        ({"refetch_on_reconnect": None}, None),
    ],
    ids=str,
)
def test_what_needs_no_network_is_not_refetched_when_one_comes_back(options, refetch):
    """Unless asked for."""
    complete = QueryClient().default_query_options(QueryOptions(query_key=["a"], **options))
    assert complete.refetch_on_reconnect is refetch
    assert complete.network_mode == options.get("network_mode", UNSET)


def test_skip_token_disables_whatever_enabled_says():
    """Also when it comes from a default."""
    client = QueryClient()
    options = QueryOptions(query_key=["a"], query_fn=skip_token, enabled=True)
    assert client.default_query_options(options).enabled is False
    client.set_query_defaults(["b"], QueryOptions(query_fn=skip_token))
    assert client.default_query_options(QueryOptions(query_key=["b"], enabled=True)).enabled is False


def test_keys_may_be_written_in_either_form():
    """Lists, tuples and query keys with equal parts are one."""
    client = QueryClient()
    client.set_query_defaults(QueryKey("a"), QueryOptions(retry=7))
    assert retry_of(client, ("a", 1)) == retry_of(client, ["a", 1]) == retry_of(client, QueryKey("a", 1)) == 7


@pytest.mark.parametrize("wrong", [["a"], {"query_key": ["a"]}, "a", None, MutationOptions()], ids=repr)
def test_what_is_no_query_options_is_refused(wrong):
    """The text says what to pass; a key alone, or a dict, is an easy mistake."""
    with pytest.raises(OptionError, match=r"the options of a query are .*; expected QueryOptions\(\.\.\.\)"):
        QueryClient().default_query_options(wrong)


@pytest.mark.parametrize(
    "wrong", [["a"], lambda *_: None, None, QueryOptions()], ids=["key", "function", "None", "query"]
)
def test_what_is_no_mutation_options_is_refused(wrong):
    """The text says what to pass; the function alone is an easy mistake."""
    with pytest.raises(OptionError, match=r"the options of a mutation are .*; expected MutationOptions\(\.\.\.\)"):
        QueryClient().default_mutation_options(wrong)


def test_what_is_about_pages_outlives_plain_defaults_on_top(client):
    """In either order; plain queries of the same keys are not concerned."""
    client.set_query_defaults(("a",), QueryOptions(retry=1))
    client.set_query_defaults(("a", 1), InfiniteQueryOptions(max_pages=5, stale_time=1))
    client.set_query_defaults(("a", 1, 2), QueryOptions(stale_time=2))
    options = client.default_query_options(InfiniteQueryOptions(query_key=("a", 1, 2)))
    assert (options.retry, options.max_pages, options.stale_time) == (1, 5, 2)
    plain = client.default_query_options(QueryOptions(query_key=("a", 1, 2)))
    assert (type(plain), plain.stale_time) == (QueryOptions, 2)

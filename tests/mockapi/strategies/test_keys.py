"""Equal keys are equal, different ones are not, and both come in every form that docs/keys.md tells of."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

import pytest
from drawn import reached, simplest
from hypothesis import given, settings

from mockapi.strategies import different_keys, equal_keys, query_keys
from query import QueryClient, QueryKey, hash_key
from query.base.types import UNSET

untimed = settings(database=None, max_examples=200)


def parts_of(value):
    yield value
    if isinstance(value, (dict, MappingProxyType)):
        for part in value.values():
            yield from parts_of(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from parts_of(part)
    elif isinstance(value, QueryKey):
        for part in value.parts:
            yield from parts_of(part)


def depth(value):
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, (list, tuple)) else 0


@untimed
@given(query_keys())
def test_a_drawn_key_is_a_key(key):
    """The cache files data under it, and finds it."""
    client = QueryClient()
    client.set_query_data(key, 1)
    assert client.get_query_data(key) == 1


@pytest.mark.parametrize(
    "kind",
    [str, int, bool, type(None), float, datetime, UUID, Decimal, frozenset, dict, list, tuple],
    ids=lambda k: k.__name__,
)
def test_every_kind_of_part_is_reached(kind):
    """At the top and within others."""
    reached(query_keys(), lambda key: any(type(part) is kind for part in key[1:]))
    reached(
        query_keys(),
        lambda key: any(type(part) is kind for whole in key if isinstance(whole, dict) for part in whole.values()),
    )


def test_keys_shrink_to_one_name_and_keep_to_their_depth():
    """0 means no lists and dicts at all."""
    assert simplest(query_keys()) == ("projects",)
    assert depth(reached(query_keys(2), lambda key: depth(key) == 3)) == 3
    with pytest.raises(ValueError, match="no depth"):
        query_keys(-1)


@pytest.mark.parametrize("most", [0, 1])
def test_no_key_is_deeper_than_asked_for(most):
    """Whatever is drawn."""

    @untimed
    @given(query_keys(most))
    def check(key):
        assert depth(key) <= most + 1

    check()


@untimed
@given(equal_keys())
def test_equal_keys_name_one_entry(pair):
    """However they are written."""
    assert hash_key(pair[0]) == hash_key(pair[1])


FORMS = {
    "a list": lambda a, b: isinstance(b, list),
    "a QueryKey": lambda a, b: isinstance(b, QueryKey),
    "1 and 1.0": lambda a, b: any(type(x) is int and type(y) is float for x, y in zip(a, b, strict=True)),
    "1.0 and 1": lambda a, b: any(type(x) is float and type(y) is int for x, y in zip(a, b, strict=True)),
    "UNSET": lambda a, b: isinstance(b, tuple) and any(part is UNSET for part in parts_of(b)),
    "proxy": lambda a, b: isinstance(b, tuple) and any(isinstance(part, MappingProxyType) for part in parts_of(b)),
    "order": lambda a, b: any(isinstance(x, dict) and list(x) != [*y][: len(x)] for x, y in zip(a, b, strict=True)),
    "set": lambda a, b: any(isinstance(part, set) for part in parts_of(b)),
    "zone": lambda a, b: any(isinstance(part, datetime) and part.utcoffset() for part in parts_of(b)),
    "decimal": lambda a, b: any(isinstance(p, Decimal) and p.as_tuple().exponent == -4 for p in parts_of(b)),
    "inner list": lambda a, b: any(type(x) is tuple and type(y) is list for x, y in zip(a, b, strict=True)),
}
ALIKE = {
    "1 and '1'": lambda x, y: type(x) is int and y == str(x),
    "True and 1": lambda x, y: type(x) is bool and type(y) is int,
    "1 and True": lambda x, y: type(x) is int and type(y) is bool,
    "in brackets": lambda x, y: y == [x] and type(x) is str,
    "None": lambda x, y: x is not None and y is None,
    "order of a list": lambda x, y: type(x) in (list, tuple) and y == x[::-1] and x != y,
    "one member more": lambda x, y: type(x) is type(y) is dict and len(x) < len(y),
    "one member less": lambda x, y: type(x) is type(y) is dict and len(x) > len(y),
}


@pytest.mark.parametrize("name", FORMS)
def test_equal_keys_come_in_every_form(name):
    """Each that docs/keys.md promises."""
    reached(equal_keys(), lambda pair: FORMS[name](*pair))


@untimed
@given(different_keys())
def test_different_keys_name_two_entries(pair):
    """However alike they look."""
    assert hash_key(pair[0]) != hash_key(pair[1])


@pytest.mark.parametrize("name", ALIKE)
def test_different_keys_look_alike_in_every_way(name):
    """Those that a careless comparison takes for one."""
    reached(different_keys(), lambda pair: len(pair[0]) == len(pair[1]) and any(map(ALIKE[name], *pair)))


def test_a_key_may_be_longer_or_shorter():
    """One begins with the other, and is another all the same."""
    reached(different_keys(), lambda pair: pair[1] == (*pair[0], None))
    reached(different_keys(), lambda pair: pair[1] == pair[0][:-1])

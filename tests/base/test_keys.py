"""Keys: one text for equal keys, different texts for different ones, and what begins what."""

import dataclasses
import enum
import json
import math
import subprocess
import sys
from collections import ChainMap, OrderedDict
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.base.errors import QueryKeyError
from query.base.keys import canonical_text, hash_key, normalize_key, partial_match_key
from query.base.query_key import QueryKey
from query.base.types import UNSET, skip_token

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
json_like = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
json_keys = st.lists(json_like, max_size=3)
odd = st.sampled_from([1, 1.0, True, 0, -0.0, False, None, "1", "", math.nan, math.inf, 1.5, UNSET, "\ud800", b"1"])
few = st.recursive(
    odd.filter(lambda part: part is not UNSET),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.lists(inner, max_size=2).map(tuple)
        | st.dictionaries(st.sampled_from(["a", "b"]), inner | st.just(UNSET), max_size=2)
    ),
    max_leaves=4,
)
few_keys = st.lists(few, max_size=3)


def canon(part):
    """What a part means, said another way than by its text: nested tuples that Python can compare."""
    if isinstance(part, (list, tuple)):
        return ("list", *map(canon, part))
    if isinstance(part, dict):
        return ("dict", frozenset((name, canon(value)) for name, value in part.items() if value is not UNSET))
    if isinstance(part, float) and math.isnan(part):
        return ("nan",)
    kind = "number" if isinstance(part, (int, float)) and not isinstance(part, bool) else type(part).__name__
    return (kind, part)


@given(few_keys, few_keys)
def test_texts_are_equal_when_the_keys_mean_the_same(a, b):
    """Equal hashes if and only if the keys are equal by the rules, for numbers, NaN, UNSET and containers alike."""
    assert (hash_key(a) == hash_key(b)) == (canon(a) == canon(b))


@given(few_keys)
def test_a_key_begins_itself(key):
    """Partial matching is reflexive, also across copies."""
    assert partial_match_key(key, normalize_key(key))
    assert partial_match_key(normalize_key(key), key)


@given(few_keys, few_keys)
def test_keys_that_begin_each_other_are_equal(a, b):
    """Matching both ways is the same as having one hash."""
    assert (partial_match_key(a, b) and partial_match_key(b, a)) == (hash_key(a) == hash_key(b))


@given(few_keys, few_keys, few_keys)
def test_what_begins_a_beginning_begins_the_key(a, b, c):
    """Partial matching is transitive."""
    if partial_match_key(a, b) and partial_match_key(b, c):
        assert partial_match_key(a, c)


@given(few_keys, st.integers(0, 3))
def test_a_key_begins_with_its_first_parts(key, count):
    """Every prefix of a key matches it."""
    assert partial_match_key(key, key[:count])


@given(json_keys)
def test_the_fast_text_is_the_slow_text(key):
    """The encoder in C is used only where it writes what the definition says."""
    assert hash_key(key) == canonical_text(key)


@given(few_keys | json_keys)
def test_a_remembered_text_is_the_text(key):
    """Asked three times, for both forms, when the text is remembered: also of what looks alike when it is packed."""
    twins = [key, tuple(key), [date(2024, 2, 29) if part == "1" else part for part in key]]
    assert [hash_key(twin) for twin in twins * 3] == [canonical_text(twin) for twin in twins * 3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["2024-02-29"], [date(2024, 2, 29)]),
        ([["a"]], [{"a"}]),
        (["a"], {"a"}),
        ([1], [True]),
        ([1.0], [True]),
        ([{"a": 1}], [MappingProxyType({"a": 1})]),
    ],
)
def test_what_looks_like_a_remembered_key_is_none(one, other):
    """What packs to the same bytes, or compares equal, has its own text or its own refusal."""
    texts = {hash_key(one) for _ in range(3)}
    assert texts == {canonical_text(one)}
    try:
        expected = canonical_text(other)
    except QueryKeyError:
        with pytest.raises(QueryKeyError):
            hash_key(other)
    else:
        assert hash_key(other) == expected


@given(json_keys)
def test_the_text_of_a_json_key_is_json(key):
    """JSON with sorted members, as other languages write it."""
    assert hash_key(key) == json.dumps(key, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(few_keys)
def test_freezing_keeps_the_meaning_and_is_done_once(key):
    """A normalised key has the hash of what it was made from, and normalising it again changes nothing."""
    frozen = normalize_key(key)
    assert hash_key(frozen) == hash_key(key)
    assert canon(normalize_key(frozen)) == canon(frozen)


@pytest.mark.parity("QC-utils-059", "QC-utils-060", "QC-utils-061", "QC-utils-062", "QC-utils-063")
@pytest.mark.parametrize(
    ("key", "text"),
    [
        ([], "[]"),
        (("todos", 5), '["todos",5]'),
        (["a", None, 1.5], '["a",null,1.5]'),
        ([{"page": 1, "by": "x"}, "todos"], '[{"by":"x","page":1},"todos"]'),
        (["todos", {"b": 1, "a": [1, {"d": 1, "c": 2}]}], '["todos",{"a":[1,{"c":2,"d":1}],"b":1}]'),
        ([{"a": UNSET, "b": None}], '[{"b":null}]'),
        ([True, False, None, 1], "[true,false,null,1]"),
        ([1.0, -0.0, 1e16, 1.5, 1e-7], "[1,0,10000000000000000,1.5,1e-7]"),
        ([math.nan, math.inf, -math.inf], "[NaN,Infinity,-Infinity]"),
        (["é\n\x1f\u2028"], '["é\\n\\u001f\u2028"]'),
        ([1 << 20000], "[0x1" + "0" * 5000 + "]"),
        (["\ud800"], '["\\ud800"]'),
        ([10**30], "[1" + "0" * 30 + "]"),
        ([OrderedDict(b=1, a=2)], '[{"a":2,"b":1}]'),
        ([MappingProxyType({"a": 1})], '[{"a":1}]'),
        ([{"\U0001f600": 1, "\uffff": 2}], '[{"\uffff":2,"\U0001f600":1}]'),
    ],
)
def test_the_text_of_a_key(key, text):
    """The canonical text, spelled out."""
    assert hash_key(key) == text


def test_the_text_does_not_depend_on_the_hash_seed():
    """Keys with sets have one text in every process."""
    code = "from query.base.keys import hash_key; print(hash_key([{'b', 'a', 'c'}, frozenset({1.5, 'x'})]))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert texts == {'[set["a","b","c"],set["x",1.5]]\n'}


def test_a_query_key_stands_for_its_parts():
    """A QueryKey is accepted wherever a list is, also as a part of another key."""
    inner = QueryKey("a", {"b": 1})
    assert hash_key(inner) == hash_key(["a", {"b": 1}])
    assert normalize_key(inner) == ("a", {"b": 1})
    assert normalize_key(["x", inner]) == ("x", ("a", {"b": 1}))
    assert hash_key(["x", inner]) == '["x",["a",{"b":1}]]'
    assert partial_match_key(inner, ["a"])


def test_later_changes_of_the_caller_do_not_reach_a_key():
    """Lists, dicts, sets and records are copied, at every depth."""

    @dataclasses.dataclass
    class Filter:
        tags: list

    tags, members, options, record = ["a"], {1}, {"tags": ["a"]}, Filter(["a"])
    frozen = normalize_key(["x", tags, members, options, {"deep": record}])
    text = hash_key(frozen)
    tags.append("b")
    members.add(2)
    options["tags"].append("b")
    options["new"] = 1
    record.tags.append("b")
    assert hash_key(frozen) == text
    assert frozen[:4] == ("x", ("a",), frozenset({1}), {"tags": ("a",)})


def test_dicts_in_a_frozen_key_stay_plain_dicts():
    """A query_fn reads context.query_key[1]["cursor"]; members that are UNSET are gone."""
    frozen = normalize_key(["/projects/", OrderedDict(cursor="0:1:0", page=UNSET)])
    assert type(frozen[1]) is dict
    assert frozen[1] == {"cursor": "0:1:0"}


def test_a_named_tuple_keeps_its_names():
    """It is a tuple to the hash, and still has its fields for those who read the key; also one called parts."""

    class Point(NamedTuple):
        x: int
        parts: list

    frozen = normalize_key([Point(1, [2])])
    assert frozen[0].parts == (2,)
    assert hash_key(frozen) == "[[1,[2]]]"


def test_string_enums_are_their_values():
    """Equal in Python, equal as keys: also as the name of a member."""

    class Sort(enum.StrEnum):
        NEWEST = "newest"

    class Level(enum.IntEnum):
        HIGH = 3

    class Old(str, enum.Enum):  # noqa: UP042
        NEWEST = "newest"

    assert hash_key([Sort.NEWEST, Level.HIGH, Old.NEWEST]) == hash_key(["newest", 3, "newest"])
    assert hash_key([{Sort.NEWEST: 1}]) == hash_key([{"newest": 1}])
    assert partial_match_key([Sort.NEWEST], ["newest"])
    assert partial_match_key([{"newest": 1, "oldest": 2}], [{Sort.NEWEST: 1}])
    assert type(next(iter(normalize_key([{Sort.NEWEST: 1}])[0]))) is str


@pytest.mark.parity(
    "QC-utils-017",
    "QC-utils-018",
    "QC-utils-019",
    "QC-utils-020",
    "QC-utils-021",
    "QC-utils-022",
    "QC-utils-023",
    "QC-utils-024",
)
@pytest.mark.parametrize(
    ("key", "beginning", "matches"),
    [
        (["a", "b"], ["a"], True),
        (["a"], ["a", "b"], False),
        (["a"], [], True),
        ([["a", "b"], 1], [["a"]], True),
        (["a", {"x": 1, "y": 2}], ["a", {"x": 1}], True),
        (["a", {"x": 1}], ["a", {"x": 1, "y": 2}], False),
        (["a", {"x": {"y": 1, "z": [1, 2]}}], ["a", {"x": {"z": (1,)}}], True),
        (["a", {"x": 1}], ["a", {"y": UNSET}], True),
        (["a", {"x": UNSET}], ["a", {"x": None}], False),
        ([1], [1.0], True),
        ([1], [True], False),
        ([0], [None], False),
        ([math.nan], [float("nan")], True),
        ([["a"]], [{}], False),
        ([{"0": "a"}], [["a"]], False),
        (["a"], [["a"]], False),
        ([{"a": {"b": "b"}, "c": "c", "d": [{"d": "d"}]}], [{"a": {"b": "b"}, "c": "c", "d": []}], True),
        ([{"c": "c", "d": ["d"]}], [{"c": "c", "d": ["d", "e"]}], False),
        ([None], [{"a": 1}], False),
        ([{"a": None}], [{"a": {"b": 1}}], False),
        ([{"a": 1}], [None], False),
        ([{"a": {"b": 1}}], [{"a": None}], False),
        ([{1, 2}], [{2, 1}], True),
        ([{1, 2}], [{1}], False),
        ([OrderedDict(a=1, b=2)], [{"b": 2}], True),
    ],
)
def test_what_begins_a_key(key, beginning, matches):
    """Lists by prefix, dicts by their members, anything else by equality."""
    # Source: utils.test.tsx, partialMatchKey. Differs: a list never matches a dict.
    assert partial_match_key(key, beginning) is matches


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("todos", r"query_key is 'todos', a str.*list or tuple.*\['todos'\]"),
        (b"todos", r"a bytes"),
        ({"a": 1}, r"a dict.*\[\{'a': 1\}\]"),
        ({1}, r"a set, which has no order"),
        (None, r"is None.*\[\] for the empty key"),
        (5, r"5, an int"),
        ((part for part in "ab"), r"a generator"),
    ],
)
@pytest.mark.parametrize("take", [normalize_key, hash_key, canonical_text])
def test_what_is_no_list_is_refused(take, key, message):
    """A plain string is a sequence, and would be a key of letters: it and others are refused with the right form."""
    with pytest.raises(QueryKeyError, match=message) as caught:
        take(key)
    assert isinstance(caught.value, TypeError)


class Strange:
    def __repr__(self):
        raise AssertionError("nobody may ask for the repr of a part")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ([0, {"filter": Strange()}], r'query_key\[1\]\["filter"\] is a Strange, .*register_key_type\(Strange'),
        ([[1, (2, Strange())]], r"query_key\[0\]\[1\]\[1\] is a Strange"),
        ([{2: 1}], r"query_key\[0\] is a dict with the member name 2, an int.*write '2'"),
        ([UNSET], r"query_key\[0\] is UNSET.*Use None"),
        ([len], r"len, which can be called"),
        ([range(3)], r"a range.*list\(\.\.\.\)"),
        ([iter([1])], r"a list_iterator.*list\(\.\.\.\)"),
        ([bytearray(b"x")], r"a bytearray, which can be changed.*bytes\(\.\.\.\)"),
        ([{"a": {Strange}}], r'query_key\[0\]\["a"\] is Strange, which can be called'),
    ],
)
@pytest.mark.parametrize("take", [normalize_key, hash_key, canonical_text])
def test_a_part_without_a_stable_text_is_refused_with_its_place(take, key, message):
    """The message leads to the part, and says what to use instead; the part is not printed."""
    with pytest.raises(QueryKeyError, match=message):
        take(key)


def test_a_field_of_a_record_is_named_in_the_refusal():
    """The path goes on through records."""

    @dataclasses.dataclass
    class Filter:
        owner: object

    with pytest.raises(QueryKeyError, match=r"query_key\[0\]\.owner\[1\] is a Strange"):
        normalize_key([Filter([1, Strange()])])


def test_a_mapping_that_is_no_dict_is_refused():
    """Its members may be computed, or change by themselves."""
    with pytest.raises(QueryKeyError, match=r"a ChainMap.*dict\(\.\.\.\)"):
        hash_key([ChainMap({"a": 1})])


@pytest.mark.parametrize("take", [normalize_key, hash_key, canonical_text])
def test_a_key_that_contains_itself_is_refused(take):
    """And not followed until the interpreter gives up."""
    key = ["a"]
    key.append(key)
    with pytest.raises(QueryKeyError, match="contains itself"):
        take(key)


def test_comparing_cycles_is_refused():
    """Keys of the cache have none; a filter by hand may."""
    a, b = [], []
    a.append(a)
    b.append(b)
    with pytest.raises(QueryKeyError, match="contains itself"):
        partial_match_key(a, b)


def test_comparing_refuses_what_has_no_text():
    """A comparison that could only guess raises."""
    with pytest.raises(QueryKeyError, match="Strange"):
        partial_match_key([Strange()], [Strange()])


def test_skip_token_is_an_ordinary_enum_member():
    """It has a text of its own, as every member of an Enum has."""
    assert hash_key([skip_token]) == '[query.base.types.SkipToken("skip_token")]'

"""New data keeps the parts of the old that did not change."""

import collections
import copy
import dataclasses
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_sharing import naive_replace_equal_deep

from query.base.long_lists import MANY, is_json
from query.base.structural_sharing import replace_data, replace_equal_deep, shallow_equal, share_known
from query.base.types import UNSET

leaves = st.sampled_from([None, True, 1, 1.0, False, 0, "", "a", b"a", Decimal("1.0"), Decimal("1.00")])
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=2).map(tuple)
        | st.dictionaries(st.sampled_from(["a", "b", 1, True, 1.0]), inner, max_size=3)
    ),
    max_leaves=10,
)


def typed(tree):
    """A tree with the types of all its parts, for comparing to the letter."""
    if isinstance(tree, (list, tuple)):
        return (type(tree).__name__, [typed(part) for part in tree])
    if isinstance(tree, dict):
        return ("dict", sorted((repr(typed(name)), typed(part)) for name, part in tree.items()))
    return (type(tree).__name__, repr(tree))


def check_sharing(previous, result):
    """Every container of the result that equals its place in *previous* is that place."""
    if typed(previous) == typed(result):
        assert result is previous or not isinstance(result, (list, dict, tuple))
    elif type(previous) is type(result) is dict:
        for name in previous.keys() & result.keys():
            check_sharing(previous[name], result[name])
    elif type(previous) is type(result) and isinstance(previous, (list, tuple)):
        for old, new in zip(previous, result, strict=False):
            check_sharing(old, new)


@given(trees, trees)
def test_the_result_is_the_new_data_to_the_letter(previous, new):
    """Type for type, and neither argument is changed."""
    before = typed(previous), typed(new)
    assert typed(replace_equal_deep(previous, new)) == typed(new)
    assert (typed(previous), typed(new)) == before


@given(trees, trees)
def test_equal_parts_are_the_parts_of_before(previous, new):
    """Wherever a container equals what stood there, it is what stood there."""
    check_sharing(previous, replace_equal_deep(previous, new))


@given(trees)
def test_an_equal_copy_becomes_the_data_before(previous):
    """Nothing changed: the very same object."""
    new = copy.deepcopy(previous)
    result = replace_equal_deep(previous, new)
    assert result is previous or not isinstance(previous, (list, dict, tuple))


@given(trees, trees)
def test_sharing_twice_changes_nothing(previous, new):
    """What was rebuilt already is taken as it is."""
    once = replace_equal_deep(previous, new)
    assert replace_equal_deep(once, new) is once or not isinstance(once, (list, dict, tuple))


@pytest.mark.parity("QC-utils-034", "QC-utils-035", "QC-utils-042")
def test_a_change_makes_new_containers_up_to_the_root_only():
    """Siblings of what changed are kept by identity."""
    # Source: utils.test.tsx, replaceEqualDeep, "should replace different values"
    previous = {"rows": [{"id": 1, "tags": ["a"]}, {"id": 2, "tags": ["b"]}], "meta": {"n": 2}}
    new = {"rows": [{"id": 1, "tags": ["a"]}, {"id": 3, "tags": ["b"]}], "meta": {"n": 2}}
    result = replace_equal_deep(previous, new)
    assert result == new
    assert result["meta"] is previous["meta"]
    assert result["rows"] is not previous["rows"]
    assert result["rows"][0] is previous["rows"][0]
    assert result["rows"][1]["tags"] is previous["rows"][1]["tags"]


@pytest.mark.parity("QC-utils-043")
def test_a_change_deep_in_lists_leaves_their_neighbours():
    """Every list above the change is new."""
    previous = [[[1], [2]], [3]]
    result = replace_equal_deep(previous, [[[1], [4]], [3]])
    assert result == [[[1], [4]], [3]]
    assert result is not previous
    assert result[0] is not previous[0]
    assert result[0][0] is previous[0][0]
    assert result[1] is previous[1]


@pytest.mark.parity(
    "QC-utils-007",
    "QC-utils-015",
    "QC-utils-025",
    "QC-utils-026",
    "QC-utils-028",
    "QC-utils-031",
    "QC-utils-032",
    "QC-utils-033",
    "QC-utils-045",
    "QC-utils-046",
    "QC-utils-047",
)
@pytest.mark.parametrize(
    ("previous", "new"),
    [
        ("a b", "".join("a b")),
        (date(2026, 1, 1), date(2026, 1, 1)),
        ([1, 2], [1, 2]),
        ([], []),
        ({}, {}),
        ({"a": "b"}, {"a": "b"}),
        ({"a": None, "b": 1}, {"a": None, "b": 1}),
        ([None, None], [None, None]),
        ([{"a": None}, None], [{"a": None}, None]),
    ],
)
def test_equal_data_is_the_data_before(previous, new):
    """The very object, be it empty or hold nothing but None."""
    assert previous is not new
    assert replace_equal_deep(previous, new) is previous


@pytest.mark.parity("QC-utils-008", "QC-utils-009", "QC-utils-026", "QC-utils-027", "QC-utils-044")
@pytest.mark.parametrize(
    ("previous", "new"),
    [
        (1, 2),
        (date(2026, 1, 1), date(2026, 1, 2)),
        ([], {}),
        ({}, []),
        ({}, None),
        (None, {}),
        ({"a": None}, {"b": None}),
        ({"a": None, "b": 1}, {"b": 1}),
    ],
)
def test_other_data_is_the_new_data(previous, new):
    """Another value, another type, another name for None."""
    result = replace_equal_deep(previous, new)
    assert typed(result) == typed(new)
    assert result is not previous


@pytest.mark.parity("QC-utils-029", "QC-utils-037")
def test_a_longer_list_keeps_the_rows_it_had():
    """The next page of a list leaves the rows before it alone."""
    previous = [{"id": 1}, {"id": 2}]
    result = replace_equal_deep(previous, [{"id": 1}, {"id": 2}, {"id": 3}])
    assert result == [{"id": 1}, {"id": 2}, {"id": 3}]
    assert result[0] is previous[0]
    assert result[1] is previous[1]


@pytest.mark.parity("QC-utils-030", "QC-utils-036")
def test_a_shorter_list_and_a_smaller_dict_are_changes():
    """What went away is no equal data."""
    previous = [{"id": 1}, {"id": 2}]
    result = replace_equal_deep(previous, [{"id": 1}])
    assert result == [{"id": 1}]
    assert result[0] is previous[0]
    assert replace_equal_deep({"a": 1, "b": 2}, {"a": 1}) == {"a": 1}


def test_a_container_of_the_new_data_is_never_handed_on_in_its_place():
    """Later changes of what a fetch returned do not reach the cache where it was rebuilt."""
    new = {"a": [1]}
    result = replace_equal_deep({"a": [2]}, new)
    assert result is not new
    assert result["a"] is not new["a"]


def test_parts_that_are_the_same_object_stay_it():
    """Data that was made from the data before, as an optimistic update is."""
    row = {"id": 1}
    previous, new = {"rows": [row, None], "row": row}, {"rows": [row, 1], "row": row}
    result = replace_equal_deep(previous, new)
    assert result == new
    assert result["row"] is result["rows"][0] is row


def test_an_answer_that_is_parsed_again_is_the_data_before():
    """Equal strings and numbers that are other objects count as equal, in lists and in dicts."""
    text = '[{"id": 100000, "name": "one", "tags": ["a b", 1.5]}]'
    previous = json.loads(text)
    assert replace_equal_deep(previous, json.loads(text)) is previous


def test_the_order_of_members_is_that_of_the_data_kept():
    """Shared as a whole it is the old order, in a copy the new one."""
    assert list(replace_equal_deep({"a": 1, "b": 2}, {"b": 2, "a": 1})) == ["a", "b"]
    assert list(replace_equal_deep({"a": 1, "b": 2}, {"b": 2, "a": 3})) == ["b", "a"]


class Touchy:
    def __eq__(self, other):
        raise AssertionError("unknown objects are never compared")

    __hash__ = None


class Rows(list):
    pass


@dataclasses.dataclass(frozen=True)
class Record:
    x: int


@pytest.mark.parity(
    "QC-utils-012", "QC-utils-014", "QC-utils-016", "QC-utils-038", "QC-utils-039", "QC-utils-040", "QC-utils-041"
)
@pytest.mark.parametrize(
    "make", [Touchy, lambda: Rows([1]), lambda: collections.OrderedDict(a=1), lambda: {1}, lambda: Record(1)]
)
def test_other_objects_are_kept_only_by_identity(make):
    """Arrays, rows and subclasses are not looked into, nor asked whether they are equal."""
    old, new, plain = make(), make(), [1]
    result = replace_equal_deep({"x": old, "plain": plain}, {"x": new, "plain": [1]})
    assert result["x"] is new
    assert result["plain"] is plain
    previous = {"x": old}
    assert replace_equal_deep(previous, {"x": old}) is previous


def test_a_registered_record_is_looked_into(monkeypatch):
    """Records that hold data share it as containers do; the function is asked only for two of exactly that class."""
    import query.base.structural_sharing as module

    class Box:
        def __init__(self, items):
            self.items = items

    class Other(Box):
        pass

    def share(previous, new):
        items = replace_equal_deep(previous.items, new.items)
        return previous if items is previous.items else Box(items)

    monkeypatch.setattr(module, "_SHARE", dict(module._SHARE))
    module.register_shared_type(Box, share)
    previous = {"box": Box([[1], [2]])}
    assert replace_equal_deep(previous, {"box": Box([[1], [2]])}) is previous
    changed = replace_equal_deep(previous, {"box": Box([[1], [3]])})
    assert changed["box"].items == [[1], [3]]
    assert changed["box"].items[0] is previous["box"].items[0]
    other = Other([])
    assert replace_equal_deep(previous, {"box": other})["box"] is other


def test_scalars_that_read_differently_are_different():
    """One instant in two zones, one number in two spellings: a user sees which is which."""
    utc = datetime(2026, 1, 1, 12, tzinfo=UTC)
    elsewhere = utc.astimezone(timezone(timedelta(hours=2)))
    assert replace_equal_deep([utc], [elsewhere])[0] is elsewhere
    assert str(replace_equal_deep(Decimal("1.0"), Decimal("1.00"))) == "1.00"
    previous = [utc, Decimal("1.0"), Decimal("sNaN")]
    assert replace_equal_deep(previous, copy.deepcopy(previous)) is previous


@pytest.mark.parity("QC-utils-048")
def test_very_deep_data_is_taken_as_it_is():
    """Below 500 levels, or where the interpreter gives up, no part is shared, and nothing fails."""

    def nest(depth):
        tree = []
        for _ in range(depth):
            tree = [tree]
        return tree

    previous, new = nest(510), nest(510)
    result = replace_equal_deep(previous, new)
    for _ in range(505):
        result, new = result[0], new[0]
    assert result is new

    previous, new = [], []
    previous.append(previous)
    new.append(new)
    assert replace_equal_deep(previous, new) is not previous


def test_an_exhausted_stack_takes_the_new_data(monkeypatch):
    """Sharing is an economy; a fetch must not fail for it."""
    import query.base.structural_sharing as module

    monkeypatch.setattr(module, "MAX_DEPTH", 10**9)
    previous, new = [], []
    previous.append(previous)
    new.append(new)
    assert replace_equal_deep(previous, new) is new


def test_replace_data_follows_the_option():
    """Shared by default, as it is with False, and what a function says."""
    previous, new = {"a": [1]}, {"a": [1]}
    assert replace_data(previous, new, True) is previous
    assert replace_data(previous, new, None) is previous
    assert replace_data(previous, new, UNSET) is previous
    assert replace_data(previous, new) is previous
    assert replace_data(previous, new, False) is new
    assert replace_data(previous, new, lambda a, b: (a, b)) == (previous, new)
    assert replace_data(UNSET, new, True) is new


def test_a_sharing_function_sees_that_there_was_no_data():
    """It is called for the first data too, with UNSET."""
    seen = []
    replace_data(UNSET, 1, lambda previous, new: seen.append((previous, new)))
    assert seen == [(UNSET, 1)]


def test_what_a_sharing_function_raises_is_raised():
    """The caller makes it the error of the query."""
    with pytest.raises(ZeroDivisionError):
        replace_data(1, 2, lambda previous, new: 1 / 0)


@pytest.mark.parity("QC-utils-003", "QC-utils-004", "QC-utils-005", "QC-utils-006")
@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ({}, {}, True),
        ({"a": 1000}, {"a": int("1000")}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1}, None, False),
        ({"a": []}, {"a": []}, False),
        ({"a": None}, {"b": None}, False),
        ({"a": Decimal("1.0")}, {"a": Decimal("1.0")}, True),
        ({"a": Touchy()}, {"a": Touchy()}, False),
    ],
)
def test_shallow_equality(a, b, equal):
    """The same names with identical values, or equal scalars of one type."""
    assert shallow_equal(a, b) is equal


def test_shallow_equality_of_shared_objects():
    """Containers count as equal if they are the same."""
    part = []
    assert shallow_equal({"a": part}, {"a": part})


# -- long lists, which are looked at in other ways

JSON_LEAVES = st.sampled_from([None, True, 1, 1.0, False, 0, -0.0, 0.0, "", "a", "1", 1 << 70, float("nan"), "\ud800"])
JSON_TREES = st.recursive(
    JSON_LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "1"]), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def long_lists(draw, rows):
    """A long list, and one that came of it: copied, with some rows changed, and of another length."""
    pool = draw(st.lists(rows, min_size=1, max_size=5))
    places = st.integers(0, len(pool) - 1)
    previous = [pool[place] for place in draw(st.lists(places, min_size=MANY, max_size=3 * MANY))]
    new = copy.deepcopy(previous)
    for index, row in draw(st.dictionaries(st.integers(0, len(new) - 1), rows | places.map(pool.__getitem__))).items():
        new[index] = copy.deepcopy(row)
    if draw(st.booleans()):
        new += [copy.deepcopy(pool[place]) for place in draw(st.lists(places, max_size=3))]
    return copy.deepcopy(previous), new[: draw(st.integers(MANY, len(new)) | st.just(len(new)))]


def taken(previous, result, path=()):
    """Where a container of the result is the one that stood there before."""
    if isinstance(result, (list, dict, tuple)) and type(previous) is type(result):
        yield path, previous is result
        members = result.items() if isinstance(result, dict) else enumerate(result)
        for name, part in members:
            there = name in previous if isinstance(previous, dict) else name < len(previous)
            if there:
                yield from taken(previous[name], part, (*path, repr(name)))


def agrees(previous, new, result):
    """Whether a result is that of the definition: the same data to the letter, with the same parts of before."""
    naive = naive_replace_equal_deep(previous, new)
    assert typed(result) == typed(naive)
    assert list(taken(previous, result)) == list(taken(previous, naive))


@given(long_lists(JSON_TREES) | long_lists(trees) | long_lists(JSON_LEAVES) | long_lists(leaves))
def test_long_lists_share_what_short_ones_would(lists):
    """Whatever is in them, and wherever they are."""
    previous, new = lists
    before = typed(previous), typed(new)
    for old, later in [(previous, new), ({"rows": previous}, {"rows": new})]:
        agrees(old, later, replace_equal_deep(old, later))
    assert (typed(previous), typed(new)) == before


def test_a_long_list_with_nan_is_kept_when_nothing_changed():
    """NaN does not even equal itself, but the same object is no change."""
    nan = float("nan")
    previous, new = ([*[nan] * 16, *([] for _ in range(16))] for _ in range(2))
    assert replace_equal_deep(previous, new) is previous


@given(long_lists(JSON_TREES) | long_lists(trees))
def test_what_is_known_of_a_list_changes_nothing(lists):
    """But for the time: it is right, and the result the same."""
    previous, new = lists
    result, is_json = share_known(previous, new, False)
    agrees(previous, new, result)
    assert is_json <= json_alone(result)
    if json_alone(previous):
        agrees(previous, new, share_known(previous, new, True)[0])


def json_alone(tree):
    """Whether there is nothing but JSON in a tree, whose names may be numbers."""
    if type(tree) is dict:
        return all(map(json_alone, tree)) and all(map(json_alone, tree.values()))
    return all(map(json_alone, tree)) if type(tree) is list else type(tree) in (int, float, str, bool, type(None))


@given(trees | JSON_TREES)
def test_json_is_known_without_being_asked(tree):
    """As its parts would say one by one."""
    assert is_json(tree) == json_alone(tree)


def test_data_without_an_end_is_no_json():
    """Nor is what nests deeper than any answer does, or has too many parts to look at."""
    endless, deep, wide = [], [], [1]
    endless.append(endless)
    for _ in range(100):
        deep = [deep]
    for _ in range(50):
        wide = [wide, wide]
    assert [is_json(data) for data in (endless, deep, wide)] == [False] * 3


def test_rows_of_strangers_are_never_compared():
    """In long lists either: not with each other, and not with what they replace."""

    class Stranger:
        def __eq__(self, other):
            raise AssertionError("compared")

        __hash__ = None

    stranger = Stranger()
    rows = [{"id": number, "by": ["a"]} for number in range(MANY)]
    strange = [*copy.deepcopy(rows[:-1]), {"id": 0, "by": stranger}]
    for previous, new in [(rows, strange), (strange, rows), (strange, copy.copy(strange))]:
        result = replace_equal_deep(previous, new)
        assert len(result) == MANY
        assert result[0] is previous[0]

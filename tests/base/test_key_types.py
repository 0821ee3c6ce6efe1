"""What may stand in a key beside JSON: each type has its tag, and no value its neighbour's text."""

import dataclasses
import enum
import importlib
import itertools
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import PurePosixPath
from uuid import UUID

import msgspec
import pytest

from query.base import key_types
from query.base.errors import QueryKeyError
from query.base.key_types import register_key_type
from query.base.keys import hash_key, normalize_key, partial_match_key
from query.base.types import UNSET

ID = UUID(int=1)
CEST = timezone(timedelta(hours=2))
MIDNIGHT = datetime.combine(date(2026, 1, 2), time())


class Color(enum.Enum):
    RED = object()


class Mode(enum.Flag):
    READ = 1
    WRITE = 2


@dataclasses.dataclass
class Point:
    x: object
    y: object = UNSET


class Row(msgspec.Struct):
    x: object
    y: object = msgspec.UNSET


class Model:
    """Looks to us as a pydantic model does."""

    model_fields = {"x": None}

    def __init__(self, x):
        self.x = x

    def model_dump(self):
        return {"x": self.x}

    def __deepcopy__(self, memo):
        return Model(list(self.x))


@pytest.fixture
def registry(monkeypatch):
    """What a test registers is forgotten after it."""
    monkeypatch.setattr(key_types, "_registered", dict(key_types._registered))
    monkeypatch.setattr(key_types, "_kinds", {})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Color.RED, f'{__name__}.Color("RED")'),
        (Mode.READ | Mode.WRITE, f"{__name__}.Mode(3)"),
        (Mode(0), f"{__name__}.Mode(0)"),
        (ID, 'uuid("00000000-0000-0000-0000-000000000001")'),
        (MIDNIGHT, 'datetime("2026-01-02T00:00:00")'),
        (datetime(2026, 1, 2, 3, tzinfo=CEST), 'datetime("2026-01-02T01:00:00+00:00")'),
        (datetime(1, 1, 1, tzinfo=CEST), 'datetime("0001-01-01T00:00:00+02:00")'),
        (date(2026, 1, 2), 'date("2026-01-02")'),
        (time(1, 2), 'time("01:02:00")'),
        (timedelta(days=-1, microseconds=1), "timedelta(-86399999999)"),
        (Decimal("1.50"), 'decimal("15e-1")'),
        (Decimal("-0.0"), 'decimal("0")'),
        (Decimal(-12300), 'decimal("-123e2")'),
        (Decimal("NaN"), 'decimal("NaN")'),
        (b"\x00a", 'bytes("0061")'),
        (PurePosixPath("a/b"), 'path("a/b")'),
        ({"a", 1, None}, 'set["a",1,null]'),
        (Point(1, [True]), f'{__name__}.Point({{"x":1,"y":[true]}})'),
        (Point(1), f'{__name__}.Point({{"x":1}})'),
        (Row({"a": 1}), f'{__name__}.Row({{"x":{{"a":1}}}})'),
        (Model([1]), f'{__name__}.Model({{"x":[1]}})'),
    ],
)
def test_the_text_of_a_type(value, text):
    """Every type beside JSON is written with its tag."""
    assert hash_key([value]) == f"[{text}]"
    assert hash_key(normalize_key([value])) == f"[{text}]"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (datetime(2026, 1, 2, 3, tzinfo=CEST), datetime(2026, 1, 2, 1, tzinfo=UTC)),
        (Decimal("1.0"), Decimal("1.00")),
        (Decimal("1e2"), Decimal(100)),
        ({1.0, 2}, frozenset({2.0, 1})),
    ],
)
def test_equal_values_are_equal_keys(a, b):
    """One instant in two zones and one number in two spellings name one entry."""
    assert hash_key([a]) == hash_key([b])
    assert partial_match_key([a], [b])


def test_no_type_shares_a_text_with_another():
    """A UUID is not the string that it reads like, nor a date the datetime at its midnight."""
    values = [
        ID, str(ID), b"1", "31", date(2026, 1, 2), MIDNIGHT, "2026-01-02", time(0), timedelta(0), 0,
        Decimal(0), False, None, "a/b", PurePosixPath("a/b"), Color.RED, "RED", {1}, [1], Point(1), Row(1), {"x": 1},
        datetime(2026, 1, 2, tzinfo=UTC), set(), [], {},
    ]  # fmt: skip
    for a, b in itertools.combinations(values, 2):
        assert hash_key([a]) != hash_key([b]), (a, b)
    for a, b in itertools.combinations([value for value in values if type(value) not in (list, dict)], 2):
        assert not partial_match_key([a], [b]), (a, b)


def test_a_model_is_copied_into_a_key():
    """A later change of the model does not reach the key."""
    model = Model([1])
    frozen = normalize_key([model])
    model.x.append(2)
    assert hash_key(frozen) == hash_key([Model([1])])


def test_a_registered_type_may_stand_in_keys(registry):
    """With its subclasses, and under its tag."""

    class Money:
        def __init__(self, amount):
            self.amount = amount

    class Euro(Money):
        pass

    with pytest.raises(QueryKeyError, match="register_key_type"):
        hash_key([Money(1)])
    register_key_type(Money, lambda money: (money.amount, "EUR"), "money")
    assert hash_key([Money(1), Euro(2)]) == '[money([1,"EUR"]),money([2,"EUR"])]'
    money = Money(1)
    assert normalize_key([money])[0] is money


def test_a_registered_copy_protects_the_key(registry):
    """What can change is copied when it enters a key."""

    class Box:
        def __init__(self, items):
            self.items = items

    register_key_type(Box, lambda box: box.items, "box", copy=lambda box: Box(list(box.items)))
    box = Box([1])
    frozen = normalize_key([box])
    box.items.append(2)
    assert hash_key(frozen) == "[box([1])]"


def test_registering_overrides_what_is_built_in(registry):
    """A dataclass may be reduced to what distinguishes it."""
    register_key_type(Point, lambda point: point.x, "point")
    assert hash_key([Point(1, Color.RED)]) == "[point(1)]"


def test_what_an_encoder_returns_must_be_able_to_stand_in_a_key(registry):
    """The refusal leads to the part that was encoded."""

    class Money:
        pass

    register_key_type(Money, lambda money: {"currency": object()}, "money")
    with pytest.raises(QueryKeyError, match=r'query_key\[1\]\["currency"\] is an object'):
        hash_key(["a", Money()])


def test_two_types_cannot_have_one_tag(registry):
    """They would share cache entries."""

    class A: ...

    class B: ...

    register_key_type(A, str, "tag")
    with pytest.raises(ValueError, match=r"the tag 'tag' belongs to .*A already"):
        register_key_type(B, str, "tag")
    with pytest.raises(ValueError, match=r"'uuid' belongs to uuid\.UUID already"):
        register_key_type(B, str, "uuid")


def test_a_class_may_be_registered_again(registry):
    """A module that is loaded twice brings its class anew."""

    def make():
        class A: ...

        return A

    register_key_type(make(), str, "tag")
    again = make()
    register_key_type(again, lambda _: 1, "tag")
    assert hash_key([again()]) == "[tag(1)]"


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        (("Money", str, "money"), TypeError, "takes a class first, but got 'Money'"),
        ((Point, 5, "money"), TypeError, "encode=5 cannot be called"),
        ((Point, str, "mo(ney"), ValueError, r"'mo\(ney' is no tag"),
        ((Point, str, ""), ValueError, "is no tag"),
    ],
)
def test_a_wrong_registration_is_refused(registry, args, error, message):
    """With what was expected."""
    with pytest.raises(error, match=message):
        register_key_type(*args)


def test_a_copy_that_cannot_be_called_is_refused(registry):
    """As an encoder is."""
    with pytest.raises(TypeError, match="copy=5 cannot be called"):
        register_key_type(Point, str, "point", copy=5)


def test_pydantic_models_are_known_by_their_shape():
    """The real library, where it is installed."""
    try:
        pydantic = importlib.import_module("pydantic")
    except ImportError:
        return
    model = pydantic.create_model("M", x=(int, ...))
    assert hash_key([model(x=1)]).endswith('M({"x":1})]')

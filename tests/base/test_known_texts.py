"""Texts of plain keys that were asked for twice."""

from __future__ import annotations

import enum
from typing import NamedTuple

import pytest

from query.base import key_types, known_texts
from query.base.key_types import register_key_type
from query.base.keys import canonical_text, hash_key, know_text


def kept(key):
    """Whether the text of a key is kept."""
    return known_texts.pack(key) in known_texts.KNOWN_TEXTS


@pytest.fixture
def distrust(monkeypatch):
    """What a test registers, and what follows, is forgotten after it."""
    monkeypatch.setattr(key_types, "_registered", dict(key_types._registered))
    monkeypatch.setattr(key_types, "_kinds", {})
    monkeypatch.setattr(known_texts, "_trusts_equality", [True])


def test_a_text_is_kept_from_the_second_time_on(key):
    """For lists and tuples alike, which share it."""
    hash_key(key)
    assert not kept(key)
    hash_key(tuple(key))
    assert kept(key)
    assert [hash_key(key), hash_key(tuple(key))] == [canonical_text(key)] * 2


def test_remembered_texts_are_bounded(monkeypatch):
    """A program that makes new keys for ever does not fill the memory."""
    monkeypatch.setattr(known_texts, "_MOST", 3)
    for number in range(20):
        assert [hash_key(["bounded", number]) for _ in range(3)] == [f'["bounded",{number}]'] * 3
        assert len(known_texts.KNOWN_TEXTS) <= 3
        assert len(known_texts._SEEN) <= 3


def test_a_long_key_is_not_remembered():
    """Its copy would cost more than its text."""
    long = ["x" * 1000]
    assert {hash_key(long) for _ in range(3)} == {canonical_text(long)}
    assert not kept(long)


@pytest.mark.parametrize("odd", [1.5, b"a", {1}, object])
def test_a_key_that_is_not_plain_is_not_kept(key, odd):
    """Nor looked at twice."""
    for _ in range(3):
        know_text([*key, odd])
    assert known_texts.pack(key) not in known_texts.KNOWN_TEXTS
    for _ in range(2):
        know_text(key)
    assert kept(key)


def test_a_remembered_key_is_a_copy():
    """A caller may change his list, and ask with it again."""
    mine = ["mine", {"page": 1}, [1], (2,)]
    assert {hash_key(mine) for _ in range(3)} == {'["mine",{"page":1},[1],[2]]'}
    mine[1]["page"] = 2
    mine[2].append(2)
    assert hash_key(mine) == '["mine",{"page":2},[1,2],[2]]'
    assert hash_key(["mine", {"page": 1}, [1], (2,)]) == '["mine",{"page":1},[1],[2]]'


class Sort(enum.StrEnum):
    """Members are strings, and equal to them."""

    NAME = "name"


class Level(enum.IntEnum):
    """The same for numbers."""

    HIGH = 3


class Pair(NamedTuple):
    """A tuple, and equal to one."""

    a: int


EXTENDING = [(Sort.NAME, "name"), (Level.HIGH, 3), (Pair(1), (1,)), ({Sort.NAME: 1}, {"name": 1})]


@pytest.mark.parametrize(("extended", "plain"), EXTENDING)
def test_what_extends_a_plain_type_shares_its_text(key, extended, plain):
    """Whichever was asked for before, and however often."""
    for part in (plain, extended) * 3:
        assert hash_key([*key, part]) == canonical_text([*key, plain])


@pytest.mark.usefixtures("distrust")
@pytest.mark.parametrize(("extended", "plain"), EXTENDING[:3])
@pytest.mark.parametrize("times", [1, 3])
def test_a_registered_type_is_never_taken_for_the_plain_one_that_it_extends(key, extended, plain, times):
    """Though it packs and compares the same as a key whose text is known."""
    before = [hash_key([*key, plain]) for _ in range(times)]
    register_key_type(type(extended), lambda part: "its own", "own")
    for _ in range(3):
        assert hash_key([*key, plain]) == before[0]
        assert hash_key([*key, extended]) == canonical_text([*key, extended]) != before[0]


@pytest.mark.usefixtures("distrust")
def test_other_types_leave_texts_known(key):
    """What extends nothing plain equals nothing plain."""

    class Money: ...

    for _ in range(2):
        hash_key(key)
    register_key_type(Money, lambda money: "its own", "own")
    assert kept(key)

"""The storage protocol, and the storage in memory."""

from __future__ import annotations

from query import MemoryStorage


def test_a_value_comes_back_as_the_same_object():
    """Nothing is copied or turned into text."""
    storage, value = MemoryStorage(), {"pages": []}
    storage.set_item("a", value)
    assert storage.get_item("a") is value


def test_what_was_never_stored_is_none():
    """A storage does not raise for an unknown name, neither when reading nor when removing."""
    storage = MemoryStorage()
    storage.remove_item("a")
    assert storage.get_item("a") is None


def test_a_removed_value_is_gone():
    """The others stay."""
    storage = MemoryStorage([("a", "1"), ("b", "2")])
    storage.remove_item("a")
    assert storage.entries() == [("b", "2")]


def test_the_entries_are_a_copy():
    """One may remove while looking at them."""
    storage = MemoryStorage([("a", "1"), ("b", "2")])
    for key, _ in storage.entries():
        storage.remove_item(key)
    assert len(storage) == 0


def test_the_text_of_a_storage_tells_no_values():
    """They may be secrets."""
    assert repr(MemoryStorage([("a", "secret")])) == "<MemoryStorage with 1 items>"

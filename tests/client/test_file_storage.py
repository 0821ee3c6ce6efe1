"""A storage in files: whole texts, whatever the name, whatever goes wrong."""

from __future__ import annotations

import asyncio
import os

import pytest

from query import FileStorage


@pytest.fixture
def storage(tmp_path):
    """A storage in a folder that does not exist yet."""
    return FileStorage(tmp_path / "new" / "folder")


def files(storage):
    """The names of all files in the storage's folder."""
    return sorted(path.name for path in storage.directory.iterdir())


async def test_a_text_outlives_the_storage_object(storage):
    """The next process finds it."""
    await storage.set_item("a", "first\r\nsecond\n\N{SNOWMAN}")
    assert await FileStorage(storage.directory).get_item("a") == "first\r\nsecond\n\N{SNOWMAN}"


async def test_what_was_never_stored_is_none_and_makes_no_folder(storage):
    """Reading leaves no trace."""
    assert await storage.get_item("a") is None
    assert await storage.entries() == []
    await storage.remove_item("a")
    assert not storage.directory.exists()


@pytest.mark.parametrize(
    "key",
    ['tanstack-query-["a",{"b":"/../x"}]', "", "..", "line\nbreak", "x" * 5000, "\ud800", "con", "a%20b", "100%"],
    ids=["json", "empty", "dots", "newline", "long", "surrogate", "device", "quoted", "percent"],
)
async def test_any_text_may_be_a_name(storage, key):
    """The file stays in the folder and keeps the name inside."""
    await storage.set_item(key, "text")
    assert await storage.entries() == [(key, "text")]
    assert len(files(storage)) == 1
    assert len(files(storage)[0].encode()) < 150


async def test_names_that_differ_in_case_are_two(storage):
    """Also where the file system makes no difference."""
    await storage.set_item("a", "1")
    await storage.set_item("A", "2")
    assert len({name.lower() for name in files(storage)}) == 2
    assert dict(await storage.entries()) == {"a": "1", "A": "2"}


async def test_a_new_text_replaces_the_old_one_as_a_whole(storage):
    """Nothing of a longer one is left behind it."""
    await storage.set_item("a", "a long text")
    await storage.set_item("a", "short")
    assert await storage.get_item("a") == "short"
    assert len(files(storage)) == 1


async def test_a_write_that_fails_leaves_the_old_text(storage, monkeypatch):
    """And nothing beside it."""
    await storage.set_item("a", "old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        await storage.set_item("a", "new")
    assert await storage.entries() == [("a", "old")]
    assert len(files(storage)) == 1


async def test_what_was_asked_for_last_is_what_stays(storage):
    """However the threads run: an older write that comes late is dropped."""
    writes = [storage.set_item("a", str(number)) for number in range(50)]
    await asyncio.gather(*writes)
    assert await storage.get_item("a") == "49"
    await asyncio.gather(storage.set_item("a", "50"), storage.remove_item("a"))
    assert files(storage) == []


async def test_a_late_thread_does_not_bring_an_old_text_back(storage):
    """The turn is taken when the call is made."""
    old, new = storage._turn("a"), storage._turn("a")
    storage._write("a", "new", new)
    storage._write("a", "old", old)
    assert await storage.get_item("a") == "new"


async def test_a_removed_text_is_gone(storage):
    """The others stay."""
    await storage.set_item("a", "1")
    await storage.set_item("b", "2")
    await storage.remove_item("a")
    assert await storage.entries() == [("b", "2")]


async def test_a_damaged_file_is_handed_on_as_it_is(storage):
    """Whoever stored it will not be able to read it, and throws it away."""
    await storage.set_item("a", "text")
    path = storage.directory / files(storage)[0]
    path.write_bytes(path.read_bytes()[:-2] + b"\xff")
    assert await storage.get_item("a") == "te\N{REPLACEMENT CHARACTER}"


async def test_a_value_that_is_no_text_is_refused(storage):
    """With what to do instead."""
    with pytest.raises(TypeError, match="the value for 'a' is a dict, but files hold text. Serialise it"):
        await storage.set_item("a", {})


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
async def test_others_may_not_read_the_files(storage):
    """What a program cached may be a secret."""
    await storage.set_item("a", "1")
    path = storage.directory / files(storage)[0]
    assert (path.stat().st_mode & 0o777, storage.directory.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_home_folder_is_found(monkeypatch, tmp_path):
    """``~`` is the user's home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    storage = FileStorage("~/cache")
    assert repr(storage) == f"FileStorage({str(tmp_path / 'cache')!r})"

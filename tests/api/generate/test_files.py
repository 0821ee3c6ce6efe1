"""Generated files: whose they are, and that nothing of anybody is lost."""

import os
import stat
from pathlib import Path

import pytest

from query.api.generate import files as module
from query.api.generate.errors import ForeignFileError, GenerateError
from query.api.generate.files import GeneratedFile, read_old, shown_path, write


def made(path, body="x = 1\n", **more):
    return GeneratedFile(path=path, body=body, **{"made_from": '"A" 1 (a.json)', "command": "python -m x", **more})


def test_the_header_says_what_it_is_and_how_to_make_it_again(tmp_path):
    """And has nothing in it that only one machine or day has."""
    head = made(tmp_path / "backend.py", made_from='"A\nB" 1 (a.json)').text.splitlines()
    assert head[0] == '# Made by query.api.generate (format 1) from "A B" 1 (a.json). Do not edit; run again:'
    assert head[1] == "#     python -m x"
    assert [line.split(":")[0] for line in head[2:6]] == ["# contract-sha256", "# body-sha256", "# fmt", "# ruff"]
    assert str(tmp_path) not in "".join(head)


def test_the_contract_is_what_counts(tmp_path):
    """Other descriptions are the same contract, and another body."""
    old = made(tmp_path / "a.py", '"""Old."""\nx = 1\n').text.splitlines()
    new = made(tmp_path / "a.py", '"""New."""\nx = 1\n').text.splitlines()
    assert old[2] == new[2]
    assert old[3] != new[3]


def test_whose_a_file_is(tmp_path):
    """Ours as written, ours with an edit, somebody's, or nobody's."""
    path = tmp_path / "backend.py"
    assert read_old(path) == ("missing", "")
    path.write_text("  \n")
    assert read_old(path) == ("missing", "")
    write([made(path)])
    assert read_old(path) == ("ours", "x = 1\n")
    path.write_text(path.read_text() + "y = 2\n")
    assert read_old(path) == ("edited", "x = 1\ny = 2\n")
    path.write_text("x = 1\n")
    assert read_old(path) == ("foreign", "x = 1\n")
    path.write_bytes(b"\xff\xfe")
    assert read_old(path) == ("foreign", "")


def test_only_what_changed_is_written(tmp_path):
    """So that nothing is built anew for nothing."""
    a, b = made(tmp_path / "a.py"), made(tmp_path / "b.py")
    assert write([a, b]) == [a.path, b.path]
    assert write([a, made(b.path, "x = 2\n")]) == [b.path]
    assert b.path.read_text().endswith("x = 2\n")


@pytest.mark.parametrize(("added", "said"), [("x = 1", "not made by this program"), (None, "edited by hand since")])
def test_what_would_be_lost_is_refused(tmp_path, added, said):
    """Then nothing is written, not even the others; force says that it may go."""
    a, b = made(tmp_path / "a.py"), made(tmp_path / "b.py")
    b.path.write_text(added or b.text + "# mine\n")
    before = b.path.read_text()
    with pytest.raises(ForeignFileError, match=said) as info:
        write([a, b])
    assert info.value.paths == (b.path,)
    assert (a.path.exists(), b.path.read_text()) == (False, before)
    assert write([a, b], force=True) == [a.path, b.path]
    assert read_old(b.path)[0] == "ours"


def test_nothing_is_left_behind_when_writing_fails(tmp_path, monkeypatch):
    """Neither half of the files nor temporary ones."""
    a, b = made(tmp_path / "a.py"), made(tmp_path / "gone" / "b.py")
    with pytest.raises(GenerateError, match="nothing was written: No such file or directory"):
        write([a, b])
    assert list(tmp_path.iterdir()) == []

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "chmod", fail)
    with pytest.raises(GenerateError, match="No space left"):
        write([a])
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_as_readable_as_others(tmp_path):
    """New ones as the process lets; old ones keep what they have."""
    path = tmp_path / "a.py"
    mask = os.umask(0o027)
    try:
        write([made(path)])
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o644)
    write([made(path, "x = 2\n")])
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_what_cannot_be_read_is_said(tmp_path):
    """A folder in the place of a file."""
    with pytest.raises(GenerateError, match="cannot be read: Is a directory"):
        read_old(tmp_path)


def test_paths_are_shown_as_others_may_have_them(tmp_path, monkeypatch):
    """As given, or from here, or the name alone."""
    monkeypatch.chdir(tmp_path)
    assert shown_path(Path("../a/b.py")) == "../a/b.py"
    assert shown_path(tmp_path / "a" / "b.py") == "a/b.py"
    assert shown_path(tmp_path.parent / "b.py") == "b.py"

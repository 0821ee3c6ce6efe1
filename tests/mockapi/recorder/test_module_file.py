"""A recorded module on disk."""

import pytest

from mockapi.recorder.module_file import HEADER, RecordedModule, checksum, imports, is_recording, module_path
from mockapi.recorder.plan import PlannedAnswer, PlannedMock
from mockapi.recorder.python_source import written
from mockapi.recorder.reply_body import Attached
from query import UNSET


def mock(body=UNSET, url="/x"):
    answers = (PlannedAnswer(body=body),)
    return PlannedMock(method="GET", url=url, query={}, data=UNSET, answers=answers)


def function(test, *mocks):
    return written(test, mocks or [mock()], ["https://api.test"], 1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "shop.py"


def reopened(path):
    return RecordedModule(path)


def test_tests_whose_names_come_out_the_same_get_functions_of_their_own(path):
    """The later one gets a number, its files too; both keep them when the file is read again."""
    logo = mock(Attached(data=b"1", suffix=".png"), "/logo.png")
    other = mock(Attached(data=b"2", suffix=".png"), "/logo.png")
    module = RecordedModule(path)
    assert module.put(function("a.py::test_it[x-y]", logo)) == "it_x_y"
    assert module.put(function("a.py::test_it[x_y]", other)) == "it_x_y_2"
    module.write()
    assert (module.files_folder / "it_x_y" / "logo.png").read_bytes() == b"1"
    assert (module.files_folder / "it_x_y_2" / "logo.png").read_bytes() == b"2"
    assert 'FILES / "it_x_y_2/logo.png"' in path.read_text()
    again = reopened(path)
    assert not again.is_edited
    assert again.put(function("a.py::test_it[x_y]", other)) == "it_x_y_2"
    again.write()
    assert not reopened(path).is_edited


def test_two_bodies_of_one_name_are_two_files(path):
    """And equal ones are one."""
    bodies = [Attached(data=data, suffix=".bin") for data in (b"1", b"2", b"1")]
    made = function("a.py::test_it", *(mock(body, "/a/") for body in bodies))
    assert made.files == {"it/a.bin": b"1", "it/a_2.bin": b"2"}
    assert function("a.py::test_it", mock(bodies[0], "/")).files == {"it/body.bin": b"1"}


def test_a_name_that_needs_escapes_finds_its_function_again(path):
    """Quotes, backslashes and signs that cannot be printed."""
    test = 'a.py::test_it["\\u20ac\n"]'
    module = RecordedModule(path)
    module.put(function(test))
    module.write()
    again = reopened(path)
    again.put(function(test))
    again.write()
    assert path.read_text().count("def ") == 1


def test_a_very_long_name_is_broken_as_ruff_does_it(path):
    """The signature, not the name."""
    source = function(f"a.py::test_{'long_' * 12}name").source
    assert source.startswith("def long_")
    assert "(\n    mock_api_client: MockApiClient,\n) -> None:" in source


def test_a_change_of_layout_is_no_edit(path):
    """Quotes, breaks and commas are a formatter's; anything else is somebody's."""
    module = RecordedModule(path)
    module.put(function("a.py::test_it", mock({"a": [1, "x"]})))
    module.write()
    text = path.read_text()
    path.write_text(text.replace('{"a": [1, "x"]}', "{\n  'a': [\n 1,\n   'x',\n],\n}"))
    assert not reopened(path).is_edited
    path.write_text(text.replace('"x"', '"y"'))
    assert reopened(path).is_edited
    path.write_text(text.replace('    """What', '    # note\n    """What'))
    assert reopened(path).is_edited


@pytest.mark.parametrize("text", ["def broken(", "x = 'open", "x = '''open", "if x:\n    a\n  b"])
def test_a_file_that_is_no_python_any_more_counts_as_edited(path, text):
    """It can be overwritten when that is asked for."""
    path.write_text(f"{HEADER}\n{text}\n")
    module = reopened(path)
    assert (module.is_ours, module.is_edited) == (True, True)
    module.put(function("a.py::test_it"))
    module.write()
    assert not reopened(path).is_edited
    assert checksum(text, {}) != checksum(f"{text}z", {})


def test_a_file_without_a_checksum_counts_as_edited(path):
    """Whoever took it out wants to keep the file."""
    module = RecordedModule(path)
    module.put(function("a.py::test_it"))
    module.write()
    path.write_text("\n".join(line for line in path.read_text().splitlines() if "checksum" not in line))
    assert reopened(path).is_edited


def test_imports_are_in_the_order_of_isort():
    """Whatever else there was comes after them."""
    everything = ["match_query", "match_data", "match_content", "MockApiClient", "Answer", "httpx", "Path", "ANY"]
    assert imports([*everything, "print"], ["import string", "from os import path"]) == (
        "from pathlib import Path\n"
        "from unittest.mock import ANY\n"
        "\n"
        "import httpx\n"
        "from mockapi import Answer, MockApiClient, match_content, match_data, match_query\n"
        "import string\n"
        "from os import path\n"
    )


def test_what_is_no_recording_is_told(tmp_path, path):
    """Also what is not there, and what is no text."""
    assert not is_recording(tmp_path / "gone.py")
    path.write_bytes(b"\xff\xfe")
    assert not is_recording(path)
    path.write_text(HEADER)
    assert is_recording(path)


@pytest.mark.parametrize(
    ("test", "folder", "found"),
    [
        ("tests/test_a.py::test_x", "tests/recorded", "tests/recorded/a.py"),
        ("tests/api/a_test.py::test_x", "tests/recorded", "tests/recorded/api/a.py"),
        ("other/test_a.py::test_x", "tests/recorded", "tests/recorded/other/a.py"),
        ("test_a-b.py::test_x", "recorded", "recorded/a_b.py"),
        ("test_1.py::test_x", "recorded", "recorded/case_1.py"),
        ("tests.py::test_x", "recorded", "recorded/case_tests.py"),
        ("../aside/test_a.py::test_x", "/elsewhere/recorded", "/elsewhere/recorded/a.py"),
    ],
)
def test_a_module_lies_where_its_tests_lie(tmp_path, test, folder, found):
    """Seen from the folder that holds the recordings, or from the root."""
    root = tmp_path / "project"
    if test.startswith(".."):
        test = f"/aside/{test.rpartition('/')[2]}"
    assert module_path(test, root / folder, root) == root / found

"""The look into the wheel finds what is missing and what is too much."""

from __future__ import annotations

import pytest

INFO = "pytest_mockapi-1.0.dist-info"
GOOD = {
    "query/__init__.py": "",
    "query/py.typed": "",
    "mockapi/plugin.py": "",
    "mockapi/py.typed": "",
    f"{INFO}/METADATA": "",
    f"{INFO}/entry_points.txt": "[pytest11]\nmockapi = mockapi.plugin\n",
    f"{INFO}/licenses/LICENSE": "",
}
SOURCES = ["query/__init__.py", "mockapi/plugin.py"]


@pytest.fixture(scope="module")
def wheel_test(load_program):
    """The program."""
    return load_program("tools/wheel_test.py")


def test_a_whole_wheel_has_no_faults(wheel_test):
    """Sources, markers of typing, license and entry point are there, and nothing else."""
    assert wheel_test.faults(GOOD, GOOD.__getitem__, SOURCES) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("query/__init__.py", "query/__init__.py is missing"),
        ("query/py.typed", "query/py.typed is missing"),
        ("mockapi/py.typed", "mockapi/py.typed is missing"),
        (f"{INFO}/licenses/LICENSE", "LICENSE is missing"),
        (f"{INFO}/entry_points.txt", "the entry point is missing: '[pytest11]\\nmockapi = mockapi.plugin'"),
    ],
)
def test_a_missing_file_is_named(wheel_test, name, said):
    """Each file that an installation needs is looked for by itself."""
    files = {path: text for path, text in GOOD.items() if path != name}
    assert wheel_test.faults(files, files.__getitem__, SOURCES) == [said]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tests/test_x.py", ["tests does not belong into the wheel", "tests/test_x.py is a test"]),
        ("query/test_x.py", ["query/test_x.py is a test"]),
        ("conftest.py", ["conftest.py does not belong into the wheel", "conftest.py is a test"]),
        ("docs/index.md", ["docs does not belong into the wheel"]),
    ],
)
def test_a_surplus_file_is_named(wheel_test, name, said):
    """Tests and other folders would be installed beside everybody's packages."""
    files = {**GOOD, name: ""}
    assert wheel_test.faults(files, files.__getitem__, SOURCES) == said


def test_another_entry_point_is_a_fault(wheel_test):
    """pytest finds the plugin by this name and no other."""
    files = {**GOOD, f"{INFO}/entry_points.txt": "[pytest11]\nmock = mockapi.plugin\n"}
    (fault,) = wheel_test.faults(files, files.__getitem__, SOURCES)
    assert fault.startswith("the entry point is missing")


def test_a_program_that_fails_says_what_it_printed(wheel_test, tmp_path):
    """The message of a failed step is that of the tool."""
    with pytest.raises(wheel_test.WheelError, match=r"exited with 3:\nwords"):
        wheel_test.run(["sh", "-c", "echo words; exit 3"], tmp_path)

"""Every fact of query-core's own suite is covered by a test that names it, or is meant to differ with a reason."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from differing import DIFFERING
from ledger import find_marks, read_rows, table

ROWS = {row.id: row for row in read_rows()}


@pytest.fixture(scope="module")
def marks():
    """The ids that tests name."""
    return find_marks()


def test_every_fact_has_a_test_that_names_it(marks, capsys):
    """The counts are printed, and with them every fact that nobody covers."""
    with capsys.disabled():
        print(f"\n{table(list(ROWS.values()), marks, DIFFERING)}")
    missing = [
        f"{row.id}  {row.fact}"
        for row in ROWS.values()
        if row.is_demanded and row.id not in marks and row.id not in DIFFERING
    ]
    assert not missing, "nobody covers:\n" + "\n".join(missing)


def test_marks_name_facts_that_apply(marks):
    """A mark with an id that does not exist, or does not apply in Python, is a slip."""
    wrong = [
        f"{identifier}: {', '.join(where)}"
        for identifier, where in marks.items()
        if identifier not in ROWS or ROWS[identifier].applies == "n.a."
    ]
    assert not wrong, "these marks name no fact that applies:\n" + "\n".join(wrong)


def test_what_is_meant_to_differ_is_not_claimed_as_covered(marks):
    """An entry has a reason with its decision, and no test says the opposite."""
    for identifier, reason in DIFFERING.items():
        assert identifier in ROWS
        assert "D-" in reason
        assert identifier not in marks, f"{identifier} is meant to differ, but {marks[identifier]} covers it"


def test_the_ledger_is_whole():
    """The rows of a group are numbered without a gap: none was lost on the way."""
    for group in {row.group for row in ROWS.values()}:
        numbers = [int(row.id.rpartition("-")[2]) for row in ROWS.values() if row.group == group]
        assert numbers == list(range(1, len(numbers) + 1)), group
    assert sum(row.id.startswith("QC-") for row in ROWS.values()) == 576


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("@pytest.mark.parity('QC-a-001', 'QC-a-002')\nasync def test_x(): ...", ["QC-a-001", "QC-a-002"]),
        (
            "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.parity('QC-a-003'))])\ndef test_x(x): 1",
            ["QC-a-003"],
        ),
        ("# QC-a-001\ndef test_x():\n    'QC-a-002'", []),
    ],
)
def test_marks_are_read_from_the_syntax(tmp_path, source, found):
    """Only a mark counts, not a word in a comment or a text."""
    (tmp_path / "test_sample.py").write_text(source)
    assert sorted(find_marks(tmp_path)) == found


def test_a_mark_on_what_is_no_test_is_refused(tmp_path):
    """A helper covers nothing by itself."""
    (tmp_path / "test_sample.py").write_text("@pytest.mark.parity('QC-a-001')\ndef helper(): ...")
    with pytest.raises(AssertionError, match="helper is no test"):
        find_marks(tmp_path)

"""The ledger of facts: what each test of query-core's own suite establishes, and which test of this suite covers it.

``ledger.tsv`` has one row a fact. A test that covers facts names their ids: ``@pytest.mark.parity("QC-query-001")``.
``python tests/parity/ledger.py`` prints the counts by group and the ids that nobody names.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent

#: QC-...: query-core's own suite. QX: facts that it leaves open. The others belong to its satellite packages.
DEMANDED = ("QC-", "QX-")


@dataclass(frozen=True)
class Row:
    """One fact.

    Attributes:
        id: Its group, and its number in the upstream file.
        applies: "yes", "adapted" (the same intent by another mechanism), or "n.a." in Python.
        fact: The fact.
        note: Why it is adapted, or does not apply.
    """

    id: str
    applies: str
    fact: str
    note: str

    @property
    def group(self) -> str:
        """The group, such as "QC-query"."""
        return self.id.rpartition("-")[0]

    @property
    def is_demanded(self) -> bool:
        """Whether some test must cover it."""
        return self.applies != "n.a." and self.id.startswith(DEMANDED)


def read_rows(path: Path = HERE / "ledger.tsv") -> list[Row]:
    """All facts, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def find_marks(root: Path = TESTS) -> dict[str, list[str]]:
    """The ids that tests name, each with where: ``{"QC-query-001": ["cache/test_query.py::test_..."]}``.

    Only a mark on a test that pytest collects counts: on a test function, or on one of its parameter sets.
    """
    marks: dict[str, list[str]] = defaultdict(list)
    for path in sorted(root.rglob("test_*.py")):
        for name, identifier in _marks_of(path.read_text(encoding="utf-8"), str(path)):
            marks[identifier].append(f"{path.relative_to(root).as_posix()}::{name}")
    return marks


def _marks_of(source: str, path: str) -> Iterator[tuple[str, str]]:
    if "parity(" not in source:
        return
    for node in ast.walk(ast.parse(source, path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            is_test = node.name.startswith("test")
            for call in (call for decorator in node.decorator_list for call in ast.walk(decorator)):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.parity":
                    assert is_test, f"{path}:{call.lineno}: {node.name} is no test, so its mark covers nothing"
                    for argument in call.args:
                        written = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                        assert written, f"{path}:{call.lineno}: write each id out, so that a search finds it"
                        yield node.name, ast.literal_eval(argument)


def table(rows: list[Row], marks: dict[str, list[str]], differing: dict[str, str]) -> str:
    """The counts by group: facts that apply, those that a test covers, those that are meant to differ."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(row)
    lines = [f"{'group':24} {'apply':>5} {'tested':>6} {'differ':>6} {'n.a.':>4}"]
    total = [0, 0, 0, 0]
    for group, members in groups.items():
        apply = [row for row in members if row.applies != "n.a."]
        counts = [
            len(apply),
            sum(row.id in marks for row in apply),
            sum(row.id in differing for row in apply),
            len(members) - len(apply),
        ]
        if f"{group}-".startswith(DEMANDED):
            total = [a + b for a, b in zip(total, counts, strict=True)]
        lines.append(f"{group:24} {counts[0]:5} {counts[1]:6} {counts[2]:6} {counts[3]:4}")
    lines.append(f"{'query-core and QX':24} {total[0]:5} {total[1]:6} {total[2]:6} {total[3]:4}")
    return "\n".join(lines)


def main() -> int:
    """Print the counts and what is missing; 1 if something is."""
    sys.path.insert(0, str(HERE))
    from differing import DIFFERING

    rows, marks = read_rows(), find_marks()
    print(table(rows, marks, DIFFERING))
    missing = [row for row in rows if row.is_demanded and row.id not in marks and row.id not in DIFFERING]
    for row in missing:
        print(f"{row.id}  {row.fact}" + (f"  ({row.note})" if row.note else ""))
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())

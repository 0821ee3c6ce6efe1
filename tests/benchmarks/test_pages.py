"""What the benchmarks write: parts of pages, charts, and that the guide shows what was found."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import everything  # noqa: E402 - the line above is what makes it importable
import page  # noqa: E402
from charts import bars, curves  # noqa: E402
from side.catalog import ROWS  # noqa: E402
from side.curves import OBSERVERS, OF_OBSERVERS, OF_QUERIES, QUERIES, points_of  # noqa: E402
from side.rounds import Side, Sides  # noqa: E402
from side.row import short  # noqa: E402
from side.tables import lines_of, markdown, time_of  # noqa: E402


def test_a_part_of_a_page_is_replaced_and_the_rest_stays():
    """Also a part that has no new body."""
    text = f"# Title\n\n{page.block('a', 'old')}between\n{page.block('b', 'kept')}"
    body = "new\nlines"
    after = page.replaced(text, {"a": f"{body}\n", "c": "nowhere"})
    assert after == f"# Title\n\n{page.block('a', body)}between\n{page.block('b', 'kept')}"
    assert page.blocks_of(after) == {"a": "new\nlines", "b": "kept"}


def test_the_guide_shows_what_was_found():
    """Its tables are those of the last run, word for word."""
    found = page.blocks_of((ROOT / "benchmarks" / "results.md").read_text())
    shown = page.blocks_of((ROOT / "docs" / "performance.md").read_text())
    assert found
    assert {name: shown[name] for name in found} == found


def test_a_part_of_the_benchmarks_writes_nothing(monkeypatch):
    """Neither some rows, nor all of them without the rest, nor ours without Node: a page is of one run."""
    rows = list(ROWS)
    monkeypatch.setattr(everything, "why_no_node", lambda: None)
    assert everything.why_nothing_is_written(rows, set()) is None
    assert "part" in everything.why_nothing_is_written(rows[1:], set())
    assert "part" in everything.why_nothing_is_written(rows, {"quick"})
    monkeypatch.setattr(everything, "why_no_node", lambda: "there is none")
    assert everything.why_nothing_is_written(rows, set()) == "there is none"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--only", "no such row"], "no row has 'no such row' in its name"), (["--without", "pears"], "quick, peers")],
)
def test_what_cannot_be_chosen_is_told_of(arguments, words, capsys):
    """Before anything is run."""
    with pytest.raises(SystemExit):
        everything.main(arguments)
    assert words in capsys.readouterr().err


def test_the_charts_of_the_guide_are_there():
    """Each is a drawing that says what it shows, and has the colours of both kinds of pages."""
    guide = (ROOT / "docs" / "performance.md").read_text()
    for name in ("beside-node.svg", "growth-queries.svg", "growth-observers.svg"):
        assert f"(images/{name})" in guide
        drawing = ET.parse(ROOT / "docs" / "images" / name).getroot()
        texts = [element.text for element in drawing]
        assert texts[0]
        assert "prefers-color-scheme: dark" in texts[1]


def test_curves_are_of_rows():
    """Each point is a row, on both sides."""
    names = {row.name for row in ROWS if not row.topic.is_ours_alone}
    for all_of, sizes in ((OF_QUERIES, QUERIES), (OF_OBSERVERS, OBSERVERS)):
        for curve in all_of:
            assert {curve.row.format(size=short(size), n=size) for size in sizes} <= names


def test_a_curve_of_each_is_shown_for_all():
    """What was measured for one query is multiplied."""
    side = Side()
    side.values = {"create/1k_per_query": [2.0], "create/10k_per_query": [3.0, 5.0, 4.0]}
    create = next(curve for curve in OF_QUERIES if curve.row.startswith("create"))
    assert points_of(side, create, QUERIES) == {1_000: 2_000.0, 10_000: 40_000.0}


@pytest.mark.parametrize(
    ("points", "wanted"), [({10: 5.0, 1000: 5.0}, 0), ({10: 1.0, 100: 10.0, 1000: 100.0}, 1), ({1: 1.0, 10: 100.0}, 2)]
)
def test_a_slope_is_the_exponent_of_growth(points, wanted):
    """0 is flat, 1 in proportion."""
    assert curves.slope(points) == pytest.approx(wanted)


def test_a_plot_names_the_slope_of_each_side():
    """And is a drawing, whatever it is told."""
    plot = curves.Plot("a < b", {1: 10.0, 100: 10.0}, {1: 10.0, 100: 1000.0})
    drawn = curves.draw("Growth", "things", [plot, plot, plot, plot])
    ET.fromstring(drawn)
    assert drawn.count("ours: slope 0.00") == 4
    assert drawn.count("Node: slope 1.00") == 4


def test_bars_say_how_many_times():
    """Faster on one side of one, slower on the other."""
    drawn = bars.draw([bars.Bar("quick", 0.001), bars.Bar("slow", 2.5), bars.Bar("small", 0.5, is_memory=True)])
    ET.fromstring(drawn)
    assert "1,000x faster" in drawn
    assert "2.5x slower" in drawn
    assert "2.0x less" in drawn


def test_a_table_shows_the_ratio_of_the_rounds():
    """The median of the ratios, and what they lie between."""
    ours, node = Side(), Side()
    ours.values, ours.units = {"row": [1.0, 4.0, 3.0]}, {"row": "ns"}
    node.values, node.units = {"row": [2.0, 4.0, 1.0]}, {"row": "ns"}
    assert list(lines_of(Sides(ours, node), ["row", "none"])) == [
        ("row", "2 ns", "3 ns", "1.000", "0.500 .. 3.00"),
        ("none", "-", "-", "", ""),
    ]
    assert markdown(["", "a"], [["x", "1"]]) == "|  | a |\n| --- | ---: |\n| x | 1 |\n"


@pytest.mark.parametrize(
    ("taken", "words"), [(0.5, "0.5 ns"), (999.0, "999 ns"), (1500.0, "1.5 us"), (2.5e6, "2.5 ms"), (3e9, "3 s")]
)
def test_times_have_the_unit_that_suits(taken, words):
    """Three digits and a unit."""
    assert time_of(taken) == words

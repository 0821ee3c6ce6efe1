"""The page of a run: one file that needs no other, and no script to be read."""

from __future__ import annotations

from pathlib import Path

from . import sections
from .entries import anchors, entries
from .markup import document, element
from .overview import heading, overview
from .records import RunRecord

_HERE = Path(__file__).parent


def page(run: RunRecord) -> str:
    """A run as an HTML page.

    Args:
        run: The run.
    """
    ids = anchors(run)
    parts = {
        "misses": ("Not answered", sections.miss_section(run, ids), len(sections.misses(run)) + len(run.late)),
        "findings": ("Findings", sections.finding_section(run, ids), len(run.findings)),
        "operations": ("Operations", sections.operation_section(run), len(run.operations)),
        "tests": ("Tests", entries(run, ids), len(run.tests)),
        "slowest": ("Slowest", sections.slow_section(run, ids), min(len(run.tests), sections.MAX_SLOW)),
        "lines": ("Mocks by line", sections.line_section(run), len(run.lines)),
    }
    links = {id_: (title, count) for id_, (title, part, count) in parts.items() if part is not None}
    failed = sum(test.is_failure for test in run.tests)
    return document(
        element(
            "html",
            element(
                "head",
                element("meta", charset="utf-8"),
                element("meta", name="viewport", content="width=device-width, initial-scale=1"),
                element("meta", name="color-scheme", content="light dark"),
                # an icon of its own, or the browser would ask the server for one
                element("link", rel="icon", href=_icon("c0392b" if failed else "1a7f4b")),
                element(
                    "title", f"mockapi report: {len(run.tests):,} tests" + (f", {failed:,} failed" if failed else "")
                ),
                element("style", (_HERE / "page.css").read_text(encoding="utf-8")),
            ),
            element(
                "body",
                element("a", "Skip to the tests", href="#tests", class_="skip"),
                heading(run, links),
                element("main", overview(run), [part for _, part, _ in parts.values()]),
                element("script", (_HERE / "page.js").read_text(encoding="utf-8")),
            ),
            lang="en",
        )
    )


def _icon(colour: str) -> str:
    circle = f"<circle cx='8' cy='8' r='7' fill='%23{colour}'/>"
    return f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>{circle}</svg>"

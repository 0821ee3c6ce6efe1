"""The first thing to see of a run: how much there was of what, and where to look."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from .markup import Child, element
from .records import RunRecord
from .words import OUTCOMES, duration, instant, number_of

TEST_COLOURS = {"passed": "good", "failed": "bad", "error": "bad", "xpassed": "odd"}
"""The colour of a test, by its outcome; "idle" for any other."""

REQUEST_COLOURS = {"answered": "good", "failed": "odd", "unmatched": "bad", "passed": "real", "pending": "idle"}
"""The colour of a request, by its outcome. An error that its mock was told to raise is no fault."""

_TESTS = ("passed", "failed", "error", "xfailed", "xpassed", "skipped")


def heading(run: RunRecord, links: Mapping[str, tuple[str, int]]) -> ET.Element:
    """The head of the page: what run this was, and its sections.

    Args:
        run: The run.
        links: The sections by id, each with its title and how much is in it.
    """
    others = f", beside {number_of(run.summary.other_tests, 'test')} without it" if run.summary.other_tests else ""
    return element(
        "header",
        element("h1", "mockapi report"),
        element(
            "p",
            f"{number_of(len(run.tests), 'test')} with the mock client{others}. Began at ",
            element("time", instant(run.started)),
            f", took {duration(run.ended - run.started)}.",
            class_="muted",
        ),
        [element("p", text, class_="warning", role="alert") for text in run.lost],
        element(
            "nav",
            element(
                "ul",
                [
                    element(
                        "li", element("a", title, " ", element("span", f"{count:,}", class_="count"), href=f"#{id_}")
                    )
                    for id_, (title, count) in links.items()
                ],
            ),
            aria_label="Sections",
        ),
    )


def overview(run: RunRecord) -> ET.Element:
    """The run in figures.

    Args:
        run: The run.
    """
    summary = run.summary
    mocks = {"answered": summary.mocks_hit, "unused": summary.mocks - summary.mocks_hit}
    tests = {name: summary.tests[name] for name in (*_TESTS, "") if name in summary.tests}
    requests = {name: summary.requests[name] for name in OUTCOMES if name in summary.requests}
    return element(
        "section",
        element("h2", "Summary", class_="quiet"),
        element(
            "div",
            _card("Tests", tests, {"": "not finished"}, TEST_COLOURS),
            _card("Requests", requests, OUTCOMES, REQUEST_COLOURS),
            _card("Mocks", mocks, {"answered": "answered a request", "unused": "did not"}, REQUEST_COLOURS),
            _card("Libraries", dict(sorted(summary.libraries.items())), {}, {"httpx": "real", "httpx2": "odd"}),
            class_="cards",
        ),
        id="summary",
    )


def _card(title: str, counts: Mapping[str, int], words: Mapping[str, str], colours: Mapping[str, str]) -> ET.Element:
    total = sum(counts.values())
    there = {name: count for name, count in counts.items() if count}
    return element(
        "div",
        element("h3", title),
        element("p", f"{total:,}", class_="figure"),
        element(
            "div",
            [_share(colours.get(name, "idle"), count, total) for name, count in there.items()],
            class_="shares",
            aria_hidden="true",
        )
        if total
        else None,
        element(
            "ul",
            [
                element(
                    "li", element("i", class_=f"dot {colours.get(name, 'idle')}"), f"{count:,} {words.get(name, name)}"
                )
                for name, count in there.items()
            ],
        ),
        class_="card",
    )


def _share(colour: str, count: int, total: int) -> Child:
    return element("i", class_=colour, style=f"flex-grow:{count / total:.4f}")

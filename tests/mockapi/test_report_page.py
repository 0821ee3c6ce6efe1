"""What the page shows of a run that is given as data."""

import pytest
from report_page import Page

from mockapi.report.gathering import Gatherer
from mockapi.report.page import page
from mockapi.report.records import MockRecord, OperationRecord, RequestRecord, RunRecord, SummaryRecord, TestRecord
from mockapi.report.timeline import at_once, span
from mockapi.report.words import duration, number_of, said


def request(started=None, ended=None, **more):
    fields = {"method": "GET", "url": "https://api.test/a/", "outcome": "answered", "library": "httpx", **more}
    return RequestRecord(started=started, ended=ended, **fields)


def run_of(*tests, **more):
    summary = SummaryRecord(tests={}, other_tests=0, requests={}, libraries={}, mocks=0, mocks_hit=0)
    return RunRecord(started=0.0, ended=1.0, summary=summary, tests=tests, **more)


def test_bars_lie_where_the_requests_were():
    """From the first arrival to the last answer, in per cent."""
    test = TestRecord(name="t", requests=(request(10.0, 11.0), request(10.5, 14.0)))
    bars = [bar["style"] for bar in Page(page(run_of(test))).all("i") if bar["class"].startswith("bar")]
    assert bars == ["left:0.00%;width:25.00%", "left:12.50%;width:87.50%"]


def test_a_request_without_an_end_reaches_to_the_end_of_the_line():
    """It is drawn as open, and the words say so."""
    test = TestRecord(name="t", requests=(request(10.0, 12.0), request(11.0, outcome="pending")))
    shown = Page(page(run_of(test)))
    assert [bar["style"] for bar in shown.all("i", class_="bar idle open")] == ["left:50.00%;width:50.00%"]
    assert "did not end" in shown.all("span", class_="lane")[1]["aria-label"]
    assert "still waiting" in shown.text


def test_a_miss_is_a_mark_and_not_a_stretch():
    """What passes is the time to explain it, which nobody wants among the slowest."""
    test = TestRecord(name="t", requests=(request(10.0, 12.0), request(11.0, 99.0, outcome="unmatched")))
    assert test.requests[1].duration is None
    bars = [bar["style"] for bar in Page(page(run_of(test))).all("i") if bar["class"].startswith("bar")]
    assert bars == ["left:0.00%;width:100.00%", "left:50.00%;width:0.00%"]


def test_without_times_there_is_no_time_line():
    """A table is left."""
    shown = Page(page(run_of(TestRecord(name="t", requests=(request(),)))))
    assert not shown.all("span", class_="lane")
    assert "https://api.test" in shown.text


@pytest.mark.parametrize(
    ("times", "most"),
    [([], 0), ([(1, 2)], 1), ([(1, 2), (2, 3)], 1), ([(1, 3), (2, 4), (2.5, 2.6)], 3), ([(1, None), (2, 3)], 2)],
)
def test_requests_at_once_are_counted(times, most):
    """One that begins as another ends is not beside it."""
    assert at_once([request(*pair) for pair in times]) == most


def test_the_span_of_one_moment_has_a_length():
    """A percentage of it can be computed."""
    stretch = span([request(5.0, 5.0)])
    assert (stretch.percent(5.0), stretch.percent(9.0)) == (0.0, 100.0)
    assert span([request()]) is None


def test_the_slowest_come_first_and_link_to_their_tests():
    """Ten of each at most."""
    tests = [TestRecord(name=f"t{n}", duration=n, requests=(request(0.0, n),)) for n in range(1, 13)]
    shown = Page(page(run_of(*tests)))
    slowest = shown.text.partition("\nSlowest\nRequests\n")[2]
    assert slowest.index("12 s") < slowest.index("11 s")
    assert "#test-12" in [link["href"] for link in shown.all("a", class_="test")]
    assert len(shown.all("a", class_="test")) == 20


def test_the_same_miss_of_several_tests_is_shown_once():
    """With all of them, or the first few and how many more."""
    missed = request(outcome="unmatched", problem="no mock answers GET /a/")
    shown = Page(page(run_of(*(TestRecord(name=f"t{n}", outcome="failed", requests=(missed,)) for n in range(8)))))
    assert len(shown.all("details", class_="miss")) == 1
    assert " 8 times" in shown.text
    assert " and 3 tests more" in shown.text


def test_operations_are_shown_with_those_that_nothing_was_sent_to():
    """Hits of several workers add up."""
    gatherer = Gatherer()
    for _ in range(2):
        gatherer.add_operations([OperationRecord(id="listA", method="GET", path="/a/", hits=2)])
        gatherer.add_operations([OperationRecord(id="makeA", method="POST", path="/a/")])
    assert [(operation.id, operation.hits) for operation in gatherer.operations] == [("listA", 4), ("makeA", 0)]
    shown = Page(page(run_of(operations=gatherer.operations)))
    assert "1 of 2 operations were asked for, 50 %." in shown.text
    assert shown.all("meter")[0]["value"] == "50"


def test_half_a_character_does_not_spoil_the_page():
    """JSON may hold one, and a file cannot."""
    text = said("\ud800 and ü")
    assert text == "\\ud800 and ü"
    assert text in page(run_of(TestRecord(name=text)))


def test_a_large_run_is_one_page_of_a_size_that_a_browser_takes():
    """5,000 requests in 500 tests stay below 1,200 bytes each."""
    mocks = tuple(
        MockRecord(number=n, name=f"GET /projects/{n}/", source=f"tests/test_projects.py:{n}", hits=1)
        for n in range(1, 11)
    )
    tests = [
        TestRecord(
            name=f"tests/test_projects.py::test_number_{number}",
            outcome="passed",
            mocks=mocks,
            requests=tuple(
                request(
                    number + n / 10,
                    number + n / 10 + 0.05,
                    url=f"https://api.example.test/projects/{n}/?page={number}",
                    source="shop/client.py:120 in get_project",
                    client="AsyncClient",
                    mock=n,
                    status=200,
                )
                for n in range(1, 11)
            ),
        )
        for number in range(500)
    ]
    text = page(run_of(*tests))
    assert len(Page(text).all("span", class_="lane")) == 5000
    assert len(text.encode()) < 5000 * 1200


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.0, "0.00 ms"), (0.00042, "0.42 ms"), (0.25, "250 ms"), (1.5, "1.5 s"), (125.0, "2 min 5 s")],
)
def test_durations_have_the_digits_that_matter(seconds, text):
    """Milliseconds below a second, minutes above sixty."""
    assert duration(seconds) == text


def test_numbers_go_with_their_nouns():
    """One test, two tests, thousands with commas."""
    assert [number_of(n, "test") for n in (0, 1, 2, 5000)] == ["0 tests", "1 test", "2 tests", "5,000 tests"]
    assert number_of(2, "miss") == "2 misses"

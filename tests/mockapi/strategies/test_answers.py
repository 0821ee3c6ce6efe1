"""What is drawn as an answer is one: the mock takes it, a client gets it, and every kind comes."""

from __future__ import annotations

from datetime import timedelta

import httpx
import httpx2
import pytest
from drawn import reached, simplest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockapi import Answer, MockApiClient
from mockapi.bodies import Failure
from mockapi.faults import NETWORK, fault
from mockapi.strategies import (
    broken_bodies,
    exchanges,
    fault_names,
    json_payloads,
    latencies,
    network_faults,
    non_json_bodies,
    responses,
    statuses,
    truncated_bodies,
)

untimed = settings(database=None, max_examples=50)


def asked(*answers, library=httpx, times=1):
    """What a client gets from the mock, for each of several calls: a response, or an exception."""
    got = []
    with MockApiClient(base_url="https://api.test") as mock:
        mock.add_sequence("/x/", *answers)
        with library.Client() as client:
            for _ in range(times):
                try:
                    got.append(client.get("https://api.test/x/"))
                except library.HTTPError as error:
                    got.append(error)
    return got


@pytest.mark.parametrize("status", [200, 201, 202, 204, 400, 401, 403, 404, 409, 410, 422, 429, 500, 502, 503, 504])
def test_every_status_is_reached(status):
    """Of the families that are asked for."""
    reached(statuses(), lambda drawn: drawn == status)


def test_families_of_statuses_can_be_left_out():
    """What is left shrinks to its first; nothing left is refused."""
    assert simplest(statuses()) == 200
    assert simplest(statuses(ok=False)) == 400
    assert simplest(statuses(ok=False, client=False)) == 500
    with pytest.raises(ValueError, match="Leave one True"):
        statuses(ok=False, client=False, server=False)


@untimed
@given(responses(status=statuses(), headers=st.just({"x-a": "b"}), delay=latencies(5)))
def test_a_drawn_answer_is_what_the_client_gets(answer):
    """Status, headers and body arrive; what must have no body has none. A sync caller is not let wait."""
    (got,) = asked(answer)
    assert got.status_code == answer.prepared.status_code
    assert got.headers["x-a"] == "b"
    if got.status_code == 204:
        assert got.content == b""
    else:
        assert got.headers["content-type"] == "application/json"
        got.json()


def test_a_text_is_sent_as_json_and_bytes_as_they_are():
    """What is drawn is JSON data: a text is some, too."""
    text, own, plain = (
        simplest(responses(*arguments, headers=headers))
        for arguments, headers in ((("a",), None), (("a",), {"Content-Type": "text/x"}), ((b"a",), None))
    )
    got = asked(text, own, plain, times=3)
    assert [(one.content, one.headers.get("content-type")) for one in got] == [
        (b'"a"', "application/json"),
        (b'"a"', "text/x"),
        (b"a", None),
    ]


def test_answers_shrink_to_the_simplest():
    """A 200 with null, at once; each part can be given as one value for all."""
    assert repr(simplest(responses())) == "<Answer 200, null>"
    given_ = simplest(responses({"id": 1}, status=503, headers={"retry-after": "1"}, delay=2))
    assert repr(given_) == '<Answer 503, retry-after: 1, {"id":1}, after 2 s>'


def test_latencies_go_from_none_to_the_slowest():
    """And not beyond; they shrink to none."""
    assert simplest(latencies()) == 0
    assert simplest(latencies(30), lambda delay: delay >= 30) == 30
    assert simplest(latencies(timedelta(seconds=2)), lambda delay: delay > 1) == 2
    assert simplest(latencies(), lambda delay: 0 < delay < 1) == 0.001
    assert simplest(latencies(0.01), lambda delay: delay > 0) == 0.001
    for wrong in (-1, float("inf")):
        with pytest.raises(ValueError, match="no longest delay"):
            latencies(wrong)


@pytest.mark.parametrize("name", NETWORK)
def test_add_error_takes_every_name_that_is_drawn(name):
    """And each is drawn."""
    drawn = reached(fault_names(), lambda one: one == name)
    with MockApiClient(base_url="https://api.test") as mock:
        mock.add_error("/x/", drawn)
        with pytest.raises((httpx.RequestError, httpx.InvalidURL)):
            httpx.get("https://api.test/x/")


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize("kind", ["raised", "cut", "broken", "page"])
def test_every_fault_is_one_for_the_caller(library, kind):
    """An error of its own library, or a body that is no JSON, each time that it is asked for."""
    strategy = {
        "raised": fault_names().map(fault).map(Answer),
        "cut": truncated_bodies(),
        "broken": broken_bodies(json_payloads({"id": 1})),
        "page": non_json_bodies(),
    }[kind]

    @settings(untimed, max_examples=10)
    @given(strategy)
    def check(answer):
        for got in asked(answer, library=library, times=2):
            if kind in ("raised", "broken"):
                assert isinstance(got, library.RequestError)
            else:
                assert got.status_code == 200
                with pytest.raises(ValueError):
                    got.json()

    check()


def test_all_kinds_of_faults_are_drawn():
    """And they shrink to a connection that fails."""
    assert repr(simplest(network_faults())).startswith("<Answer raises ConnectError")
    for part in ("pieces of", "Bad Gateway", "b'['"):
        assert reached(network_faults(), lambda answer: part in repr(answer))


@untimed
@given(exchanges(4, {"id": 1}, ends_well=True))
def test_a_script_that_ends_well_ends_well(script):
    """However many faults come before, and no more calls than asked for."""
    got = asked(*script, times=len(script))
    assert 1 <= len(got) <= 4
    assert got[-1].json() == {"id": 1}


def test_scripts_shrink_to_a_single_answer():
    """And have good and bad ones in any order."""
    assert len(simplest(exchanges(3))) == 1
    assert repr(simplest(exchanges(3, {"id": 1}, ends_well=True))) == '[<Answer 200, {"id":1}>]'
    assert len(reached(exchanges(3), lambda script: len(script) == 3)) == 3

    def is_good(answer):
        return answer.prepared.status_code == 200 and not isinstance(answer.prepared.body, Failure)

    assert reached(exchanges(3), lambda script: [is_good(answer) for answer in script] == [True, False, True])
    assert reached(exchanges(3), lambda script: any(answer.prepared.status_code == 503 for answer in script))
    mine = reached(
        exchanges(2, response=st.just(Answer("a")), fault=st.just(Answer("b"))), lambda script: len(script) > 1
    )
    assert repr(mine) == "[<Answer 200, a>, <Answer 200, a>]"
    with pytest.raises(ValueError, match="no number of calls"):
        exchanges(0)

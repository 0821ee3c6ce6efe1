"""The command that shows what both sides do with a scenario of one's own."""

from __future__ import annotations

import io
import json
from pathlib import Path

import ask as command
import intended
import pytest
from faulty_drivers import LosesAWrite

RETRY = [
    {"op": "observe", "o": "o1", "key": ["a"], "options": {"retry": 1, "retry_delay": 100}},
    {"op": "reject", "error": "boom"},
    {"op": "advance", "ms": 100},
    {"op": "resolve", "data": {"n": 1}},
]

FAILED = 'status="pending" fetch_status="fetching" failure_count=1'
DONE = 'status="success" fetch_status="idle" data={"n": 1}'


@pytest.fixture
def asked(tmp_path, capsys):
    """Run the command on a scenario; gives the exit code and the lines."""

    def run(scenario, *options):
        file = tmp_path / "scenario.json"
        file.write_text(scenario if isinstance(scenario, str) else json.dumps(scenario))
        code = command.main([str(file), *options])
        return code, capsys.readouterr().out.splitlines()

    return run


def test_both_traces_stand_side_by_side(oracle, asked):
    """One block for each op, with what both did."""
    code, lines = asked(RETRY)
    assert code == 0
    assert lines[0].startswith("query-core 5.")
    assert lines[2:] == [
        '0. observe {"o": "o1", "key": ["a"], "options": {"retry": 1, "retry_delay": 100}}',
        '   =            call {"id": "query:[\\"a\\"]#0", "kind": "query", "key": ["a"], "at": 0}',
        '   =            query ["a"]: status="pending" fetch_status="fetching" is_stale=true observers=1',
        '   =            observer o1: status="pending" fetch_status="fetching" is_stale=true subscribed=true',
        '   =            unanswered: ["query:[\\"a\\"]#0"]',
        "",
        '1. reject {"error": "boom"}',
        '   =            value: "query:[\\"a\\"]#0"',
        f'   =            query ["a"]: {FAILED} failure_reason="boom" is_stale=true observers=1',
        f"   =            observer o1: {FAILED} is_stale=true subscribed=true",
        "",
        '2. advance {"ms": 100}',
        "   =            the time is 100 ms",
        '   =            call {"id": "query:[\\"a\\"]#1", "kind": "query", "key": ["a"], "at": 100}',
        f'   =            query ["a"]: {FAILED} failure_reason="boom" is_stale=true observers=1',
        f"   =            observer o1: {FAILED} is_stale=true subscribed=true",
        '   =            unanswered: ["query:[\\"a\\"]#1"]',
        "",
        '3. resolve {"data": {"n": 1}}',
        '   =            value: "query:[\\"a\\"]#1"',
        "   =            the time is 100 ms",
        f'   =            query ["a"]: {DONE} is_stale=true observers=1 data_update_count=1',
        f"   =            observer o1: {DONE} is_stale=true subscribed=true",
        "",
        "they agree",
    ]


def test_a_difference_is_shown_in_its_place(oracle, asked, monkeypatch):
    """What only one side has begins with its name; and the command exits with 1."""
    monkeypatch.setattr(command, "QueryDriver", LosesAWrite)
    writes = [{"op": "set_data", "key": ["a"], "data": number} for number in range(3)]
    code, lines = asked({"ops": writes})
    assert code == 1
    assert any(line.startswith("   query-core   query") for line in lines)
    assert any(line.startswith("they differ, first in step ") for line in lines)


def test_a_difference_that_is_meant_is_called_so(oracle, asked):
    """With the place of the reason, and no failure."""
    code, lines = asked(intended.INTENDED[0].witness)
    assert code == 0
    assert lines[-1] == "this difference is meant: see tests/conformance/intended.py"


def test_the_page_shows_what_the_command_prints(oracle, asked):
    """Its scenario, and the end of its output."""
    page = (Path(command.__file__).parents[2] / "docs" / "what-tanstack-does.md").read_text()
    scenario = page.split("```json\n")[1].split("```")[0]
    shown = page.split("```\n4. ")[1].split("\n```")[0]
    code, lines = asked(scenario)
    assert code == 0
    assert "\n".join(lines).endswith(f"4. {shown}")


def test_events_are_shown_when_asked_for(oracle, asked):
    """Also what listeners and caches are told."""
    code, lines = asked(RETRY[:1], "--level", "events")
    assert code == 0
    assert '   =            event {"client": "main", "type": "added", "key": ["a"], "at": 0}' in lines


@pytest.mark.parametrize(
    "text", ["", "3", "{}", '{"ops": 1}', '[{"key": 1}]'], ids=["nothing", "number", "no ops", "no list", "no op"]
)
def test_what_is_no_scenario_is_refused(asked, text):
    """With what one looks like."""
    code, lines = asked(text)
    assert code == 2
    assert "is no scenario" in lines[0]


def test_an_unknown_op_is_refused(oracle, asked):
    """By the side that would run it."""
    code, lines = asked([{"op": "explode"}])
    assert code == 2
    assert "explode" in lines[0]


def test_it_reads_the_standard_input(oracle, capsys, monkeypatch):
    """Given as -."""
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(RETRY)))
    assert command.main(["-"]) == 0
    assert capsys.readouterr().out.endswith("they agree\n")


def test_without_node_it_says_so(asked, monkeypatch):
    """And does not pretend an answer."""
    monkeypatch.setattr(command, "install", lambda: "there is no Node")
    code, lines = asked(RETRY)
    assert code == 2
    assert lines == ["ask: query-core cannot be asked: there is no Node"]

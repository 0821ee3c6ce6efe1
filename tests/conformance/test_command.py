"""The command: what it prints, keeps and records."""

from __future__ import annotations

import re
import subprocess

import pytest
import run as command
from difftest import installation
from difftest.driver import SUPPORTED
from difftest.profiles import name_of, profiles_of
from difftest.recording import load
from faulty_drivers import LosesAWrite, Miscounts

PROFILES = profiles_of(SUPPORTED)


def test_the_command_reports_agreement(oracle, capsys):
    """The seed, the speed and the number of differences; 0 if there are none. The same, however many work on it."""
    lines = []
    for jobs in ("1", "2"):
        assert command.main(["--count", "130", "--seed", "1", "--features", "core", "--jobs", jobs]) == 0
        said = capsys.readouterr().out
        assert "seed 1, 130 scenarios of 1 profiles\n" in said
        assert "scenarios/s, 0 differences, 0 broken invariants\n" in said
        lines += re.findall(r"  core: 130 scenarios, \d{4} steps, 0 differences\n", said)
    assert len(lines) == 2
    assert lines[0] == lines[1]


def test_the_command_runs_every_profile(oracle, capsys):
    """If it is told nothing else."""
    assert command.main(["--count", str(len(PROFILES)), "--jobs", "1"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"seed \d+, ", said)
    for profile in PROFILES:
        assert f"  {name_of(profile)}: 1 scenarios, " in said


@pytest.fixture
def own_corpus(monkeypatch, tmp_path):
    """Where the command keeps what it finds in this test."""
    monkeypatch.setattr(command, "CORPUS", tmp_path / "tests" / "conformance" / "corpus")
    monkeypatch.setattr(command, "FOUND", command.CORPUS / "found.jsonl")
    command.CORPUS.mkdir(parents=True)


FORTY = ["--count", "40", "--seed", "1", "--features", "core", "--jobs", "1", "--show", "1"]


def test_the_command_shows_a_shrunk_difference_and_keeps_it(oracle, capsys, monkeypatch, own_corpus):
    """One example of each kind, as a line of the corpus, once; and 1."""
    monkeypatch.setattr(command, "QueryDriver", LosesAWrite)
    assert command.main(FORTY) == 1
    said = capsys.readouterr().out
    assert "  clients {" in said and '  {"op": "set_data"' in said and "  query-core: " in said
    assert "  kept as a line of tests/conformance/corpus/found.jsonl\n" in said
    kept = command.corpus()
    assert len(kept) == 1
    assert command.main(FORTY) == 1
    assert "  corpus: 1 scenarios, " in capsys.readouterr().out
    assert command.corpus() == kept


def test_the_command_shows_a_broken_invariant_and_keeps_it(oracle, capsys, monkeypatch, own_corpus):
    """Shrunk, too: our own trace is enough to see it."""
    monkeypatch.setattr(command, "QueryDriver", Miscounts)
    assert command.main(FORTY) == 1
    assert "the invariant is_fetching_counts is broken in step 0: main: is_fetching 1\n" in capsys.readouterr().out
    assert {len(scenario["ops"]) for scenario in command.corpus()} == {1}


def test_the_command_records(oracle, capsys, monkeypatch, tmp_path):
    """So many scenarios of all profiles."""
    monkeypatch.setattr(command, "RECORDED", tmp_path / "recorded.json.gz")
    assert command.main(["--record", "3", "--pool", "2", "--seed", "1"]) == 0
    assert "3 scenarios recorded" in capsys.readouterr().out
    assert len(load(command.RECORDED).scenarios) == 3


def test_without_node_the_command_says_so_and_succeeds(capsys, monkeypatch):
    """A machine without Node is no failure of the project."""
    monkeypatch.setattr(installation.shutil, "which", lambda name: None)
    assert command.main(["--count", "10"]) == 0
    assert capsys.readouterr().out == "conformance: not run, there is no Node (no 'node' on the PATH)\n"


def test_a_failing_installation_is_told_in_one_line(capsys, monkeypatch, tmp_path):
    """With the line of npm's that says why."""
    monkeypatch.setattr(installation, "PACKAGE", tmp_path / "package.json")
    monkeypatch.setattr(installation.shutil, "which", lambda name: name)

    def npm(command, **options):
        return subprocess.CompletedProcess(
            command, 1, "", "npm error code ENOTFOUND\nnpm error FetchError: no network\nnpm error at x.js\n"
        )

    monkeypatch.setattr(installation.subprocess, "run", npm)
    assert command.main([]) == 0
    said = capsys.readouterr().out
    assert said == "conformance: not run, npm could not install query-core: FetchError: no network\n"

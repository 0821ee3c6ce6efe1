"""What `make e2e` installs from Debian, as whom, and what it says where it cannot. Nothing is installed here."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace

import pytest


@pytest.fixture
def machine(load_program, monkeypatch):
    """A machine with some programs, a user, and a record of what was run."""
    program = load_program("tools/e2e_programs.py")
    machine = SimpleNamespace(program=program, there={"apt-get", "sudo"}, user=0, ran=[], codes={})

    def run(command, **options):
        machine.ran.append(command)
        code = next((code for word, code in machine.codes.items() if word in command), 0)
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(program.shutil, "which", lambda name: name if name in machine.there else None)
    monkeypatch.setattr(program.os, "geteuid", lambda: machine.user)
    monkeypatch.setattr(program.subprocess, "run", run)
    return machine


def test_what_is_there_is_left_alone(machine):
    machine.there |= {"chromium", "tmux"}
    assert machine.program.main() == 0
    assert machine.ran == []


def test_root_installs_what_is_missing_and_no_more(machine):
    machine.there |= {"tmux"}
    assert machine.program.main() == 0
    assert machine.ran == [
        ["apt-get", "-q", "update"],
        ["apt-get", "-q", "install", "-y", "--no-install-recommends", "chromium"],
    ]


def test_anybody_else_needs_a_sudo_that_asks_nothing(machine):
    machine.user = 1000
    assert machine.program.main() == 0
    sudo = ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    assert machine.ran == [
        ["sudo", "-n", "true"],
        [*sudo, "update"],
        [*sudo, "install", "-y", "--no-install-recommends", "chromium", "tmux"],
    ]


@pytest.mark.parametrize(
    ("there", "codes", "why"),
    [
        ({"apt-get"}, {}, "only root may install them"),
        ({"apt-get", "sudo"}, {"true": 1}, "sudo asks for a password"),
        ({"sudo"}, {}, "there is no apt-get to install them with"),
        ({"apt-get", "sudo"}, {"update": 100}, "apt-get update failed with code 100"),
    ],
)
def test_where_it_cannot_it_names_the_packages(machine, capsys, there, codes, why):
    machine.user, machine.there, machine.codes = 1000, there, codes
    assert machine.program.main() == 1
    assert capsys.readouterr().err == (
        f"make e2e needs chromium and tmux, and {why}. "
        "Install them, on Debian with: apt-get install --no-install-recommends chromium tmux\n"
    )

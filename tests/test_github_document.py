"""Fetching the description of the second example: whole, and what was expected, or a line that says why not."""

from __future__ import annotations

import importlib.util
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "examples" / "github_api" / "fetch_document.py"


@pytest.fixture
def script():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("fetch_document", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Puts a program in the place of npm: a line of shell, which finds the folder to pack into in $5."""

    def put(line):
        program = tmp_path / "bin" / "npm"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

    return put


def package(path, member, text):
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo(member)
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
    return path


def test_what_is_there_is_not_fetched_again(script, tmp_path, monkeypatch):
    """Also where there is no npm."""
    monkeypatch.setenv("PATH", "")
    document = tmp_path / "document.json"
    document.write_text("{}")
    assert script.fetch(document) is False


def test_without_npm_it_says_so(tmp_path):
    """In one line, with exit code 1, so that a Makefile can go on without the example."""
    command = [sys.executable, SCRIPT, tmp_path / "document.json"]
    done = subprocess.run(command, env={"PATH": ""}, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert done.stdout == (
        "GitHub's document: not there, there is no npm on the PATH; install Node.js. "
        "The example that is generated from it will not run.\n"
    )


def test_what_npm_says_is_passed_on(script, npm, tmp_path):
    """Its last line says why."""
    npm("echo 'npm error code ENOTFOUND' >&2; echo 'npm error no network' >&2; exit 1")
    with pytest.raises(script.NotFetchedError, match="npm could not fetch @octokit/openapi@.*: npm error no network"):
        script.fetch(tmp_path / "document.json")


def test_what_is_not_the_expected_package_is_refused(script, npm, tmp_path):
    """Nothing of it is kept."""
    packed = package(tmp_path / "other.tgz", script.MEMBER, b"{}")
    npm(f"cp {packed} $5/")
    with pytest.raises(script.NotFetchedError, match="not what it was when its digest was written down"):
        script.fetch(tmp_path / "document.json")
    assert not (tmp_path / "document.json").exists()


def test_the_document_is_taken_out_of_the_package(script, npm, tmp_path, monkeypatch):
    """Into a folder that is made, whole or not at all."""
    packed = package(tmp_path / "good.tgz", script.MEMBER, b'{"openapi": "3.0.3"}')
    npm(f"cp {packed} $5/")
    digest = script.base64.b64encode(script.hashlib.sha512(packed.read_bytes()).digest()).decode()
    monkeypatch.setattr(script, "SHA512", digest)
    assert script.fetch(tmp_path / "document" / "github.json") is True
    assert [path.name for path in (tmp_path / "document").iterdir()] == ["github.json"]
    assert (tmp_path / "document" / "github.json").read_bytes() == b'{"openapi": "3.0.3"}'

"""The generated table of endpoints, and the description that it is generated from."""

from __future__ import annotations

from pathlib import Path

import pytest
from query.api.generate.command import main

EXAMPLE = Path(__file__).resolve().parent.parent


def test_the_table_is_that_of_the_description(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What CI would run: if it fails, its words say what has changed and which command brings it up to date."""
    monkeypatch.chdir(EXAMPLE)
    code = main(["openapi.json", "-o", "project_list/backend", "--check"])
    assert code == 0, capsys.readouterr().out

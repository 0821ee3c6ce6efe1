"""The garbage collector, paused."""

from __future__ import annotations

import gc

import pytest

from query.base.garbage import collection_paused


@pytest.fixture(autouse=True)
def _collector():
    """Every test finds it on, and leaves it so."""
    assert gc.isenabled()
    yield
    gc.enable()


def test_nothing_is_collected_meanwhile():
    """Afterwards it is as before."""
    with collection_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_turns_it_on_again():
    """Whatever was made has to be collected some day."""
    with pytest.raises(ValueError, match="^no$"), collection_paused():
        raise ValueError("no")
    assert gc.isenabled()


def test_who_has_turned_it_off_finds_it_off():
    """Also one pause in another, of which the outer one ends it."""
    with collection_paused():
        with collection_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    gc.disable()
    with collection_paused():
        pass
    assert not gc.isenabled()

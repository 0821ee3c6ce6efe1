"""Where errors go that belong to nobody's call."""

from __future__ import annotations

import logging

from query.runtime.reporting import report


async def test_a_running_loop_s_handler_gets_the_error(reported, caplog):
    """With the message; nothing is logged beside it."""
    error = ValueError("mine")
    report("a listener raised", error)
    assert reported == [{"message": "a listener raised", "exception": error}]
    assert caplog.records == []


def test_without_a_loop_the_error_is_logged_with_its_traceback(caplog):
    """Under the name of the package."""
    error = ValueError("mine")
    with caplog.at_level(logging.ERROR):
        report("a listener raised", error)
    (record,) = caplog.records
    assert (record.name, record.levelname, record.message) == ("query", "ERROR", "a listener raised")
    assert record.exc_info[1] is error

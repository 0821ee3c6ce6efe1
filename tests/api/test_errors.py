"""RequestError: one line that says what was asked and what came back."""

import pytest

from query.api.errors import MAX_DETAIL, RequestError
from query.base.errors import QueryError


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"status": 404}, "GET /x/ answered 404"),
        ({"status": 403, "detail": "no permission"}, "GET /x/ answered 403: no permission"),
        ({"status": 400, "detail": {"name": ["required"]}}, "GET /x/ answered 400: {'name': ['required']}"),
        ({"status": 500, "detail": "x" * 500}, f"GET /x/ answered 500: {'x' * MAX_DETAIL}..."),
        ({"cause": TimeoutError()}, "GET /x/ got no answer: TimeoutError"),
        ({"cause": OSError("refused")}, "GET /x/ got no answer: OSError: refused"),
        ({}, "GET /x/ failed"),
    ],
)
def test_the_text(fields, text):
    """Short enough to read, whatever the server sent."""
    error = RequestError(method="GET", url="/x/", **fields)
    assert str(error) == text
    assert isinstance(error, QueryError)


def test_the_facts_are_attributes():
    """Nobody has to parse the text."""
    response = object()
    error = RequestError(
        method="PUT", url="/x/", status=409, detail={"a": 1}, headers={"retry-after": "1"}, response=response
    )
    assert (error.method, error.url, error.status, error.detail) == ("PUT", "/x/", 409, {"a": 1})
    assert error.headers == {"retry-after": "1"}
    assert error.response is response
    assert RequestError(method="GET", url="/").headers == {}

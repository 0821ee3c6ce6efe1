"""The words of an unmatched request."""

import re

import httpx
import pytest
from forgiving import forgiving

from mockapi import ABSENT, MockApiClient, UnmatchedRequestError, match_data, match_query
from mockapi.errors import MatcherError


def miss(mock, method, url, **options):
    with pytest.raises(UnmatchedRequestError) as caught:
        httpx.request(method, url, **options)
    assert mock.unmatched[-1] is caught.value
    assert str(caught.value.request.url) == url
    return str(caught.value).splitlines()


def test_the_nearest_mock_is_taken_apart():
    """Source lines, ticks for what agrees, a difference for what does not, and a mock to paste."""
    with forgiving(MockApiClient()) as mock:
        mock.add_mock_response("/users/")
        mock.add_mock_response(
            "/orders/",
            method="POST",
            match=[mock.match_query({"page": 2}), mock.match_data({"items": [{"sku": "B-2"}]})],
        )
        mock.add_mock_response("/orders", method="POST")
        lines = miss(
            mock,
            "POST",
            "https://api.test/orders/?page=2&token=abc",
            json={"items": [{"sku": "B-02"}], "password": "x"},
        )
    assert lines[0] == "no mock answers POST https://api.test/orders/?page=2&token=***"
    assert lines[1].startswith("  sent from  tests/mockapi/test_messages.py:")
    assert lines[1].endswith(" in miss   (httpx, Client)")
    assert lines[2] == "  nearest of 3 mocks, 3 of 4 parts agree:"
    assert lines[3].startswith("    POST /orders/   added at tests/mockapi/test_messages.py:")
    matchers = "match_query({'page': '2'}), match_data({'items': [{'sku': 'B-02'}]})"
    assert lines[4:] == [
        "      method ok   path ok   query ok {'page': '2', 'token': '***'}",
        "      data    items[0].sku   expected 'B-2'   got 'B-02'",
        "  then: POST /orders (trailing slash)  ·  GET /users/ (method)",
        f'  paste: mock_api_client.add_mock_response("/orders/", method="POST", match=[{matchers}], body=...)',
    ]


def test_a_body_of_another_kind_is_shown_as_it_is():
    """Not taken apart against an object."""
    with forgiving(MockApiClient()) as mock:
        mock.add_mock_response("/a/", method="POST", match=[match_data({"n": 1})])
        for options, row in (
            ({}, "the body is empty   expected {'n': 1}   got b''"),
            ({"json": [1]}, "the body is no JSON object and no form   expected {'n': 1}   got [1]"),
            ({"content": b"{"}, "the body is no JSON object and no form   expected {'n': 1}   got b'{'"),
        ):
            assert f"      data    {row}" in miss(mock, "POST", "https://api.test/a/", **options)


def test_a_mock_of_another_path_is_not_taken_apart():
    """What it would want beside its path helps nobody."""
    with forgiving(MockApiClient()) as mock:
        only = mock.add_mock_response("/a/", match=[mock.match_query({"page": 2}), lambda request: True])
        assert miss(mock, "GET", "https://api.test/b/")[2:] == [
            "  nearest of 1 mock, 2 of 4 parts agree:",
            f"    GET /a/   added at {only.source}",
            "      method ok   match ok",
            "      path    wanted /a/, got /b/",
            '  paste: mock_api_client.add_mock_response("/b/", body=...)',
        ]


def test_a_mock_to_paste_is_python_and_matches():
    """Whatever is too long or secret is left out; what is left can be run."""
    sent = {"long": "v" * 500, "api_key": "k", "n": None, "s": "'"}
    with forgiving(MockApiClient()) as mock:
        text = miss(mock, "POST", "https://api.test/a/?tag=x&tag=y", json=sent)[-1].removeprefix("  paste: ")
        assert "api_key" not in text
        assert "long" not in text
        names = {"mock_api_client": mock, "match_query": match_query, "match_data": match_data}
        eval(text.replace("body=...", "body=1"), names)
        assert httpx.post("https://api.test/a/?tag=x&tag=y", json={"n": None, "s": "'"}).json() == 1


def test_without_mocks_it_says_so():
    """And still gives one to paste."""
    with forgiving(MockApiClient()) as mock:
        lines = miss(mock, "GET", "https://api.test/a/")
    assert lines[2:] == ["  no mock is registered", '  paste: mock_api_client.add_mock_response("/a/", body=...)']


def test_a_used_up_mock_says_how_often():
    """times is a reason."""
    with forgiving(MockApiClient()) as mock:
        mock.add_mock_response("/a/", times=2)
        httpx.get("https://api.test/a/")
        httpx.get("https://api.test/a/")
        assert "      times   used up (2 of 2)" in miss(mock, "GET", "https://api.test/a/")


def test_a_template_and_a_regular_expression_say_what_they_wanted():
    """Kinds of URLs other than plain paths."""
    with forgiving(MockApiClient()) as mock:
        mock.add_mock_response("/a/$id/")
        assert "      path    wanted /a/$id/, got /a/b/c/" in miss(mock, "GET", "https://api.test/a/b/c/")
        assert "      path    trailing slash" in miss(mock, "GET", "https://api.test/a/b")
        mock.clear_mock_responses()
        mock.add_mock_response("/a/**")
        assert "      path    wanted /a/**, got /b/" in miss(mock, "GET", "https://api.test/b/")
        assert "      path    trailing slash" in miss(mock, "GET", "https://api.test/a")
        mock.clear_mock_responses()
        mock.add_mock_response(re.compile("/z"), method="PUT")
        lines = miss(mock, "GET", "https://api.test/a/")
        assert "      nothing agrees" in lines
        assert "      path    the expression does not match" in lines
        assert "      method  wanted PUT, got GET" in lines


def test_a_thousand_mocks_are_ranked_and_one_is_taken_apart():
    """The report stays short."""
    with forgiving(MockApiClient()) as mock:
        for number in range(1000):
            mock.add_mock_response(f"/items/{number}/", match=[mock.match_query({"page": number})])
        lines = miss(mock, "GET", "https://api.test/items/7/?page=8")
    assert "  nearest of 1000 mocks, 2 of 3 parts agree:" in lines
    assert "      query   page   expected '7'   got '8'" in lines
    assert len(lines) < 12


def test_a_matcher_that_raises_is_named_and_fails_the_test_too():
    """With its mock and the request; a program that swallows the error does not hide it."""

    def tenant(request):
        return request.headers["x-tenant"] == "acme"

    with forgiving(MockApiClient()) as mock:
        mock.add_mock_response("/a/", match=[tenant])
        with pytest.raises(MatcherError) as caught:
            httpx.get("https://api.test/a/?token=t")
        assert mock.unmatched == [caught.value]
        assert isinstance(caught.value.__cause__, KeyError)
        text = str(caught.value)
        assert "tenant of GET /a/ (added at tests/mockapi/test_messages.py:" in text
        assert text.endswith(
            "raised KeyError('x-tenant') for GET https://api.test/a/?token=***. "
            "A matcher returns True, False, a Mismatch or a reason for no (a str) for every request."
        )
        lines = miss(mock, "POST", "https://api.test/a/")
        assert any(
            line.startswith("      match   ") and line.endswith("tenant raised KeyError('x-tenant')") for line in lines
        )


def test_a_function_that_forgets_to_return_is_named():
    """It is no plain no."""
    with forgiving(MockApiClient()) as mock:
        mock.add_mock_response("/a/", match=[lambda request: None])
        with pytest.raises(
            MatcherError, match=r"returned None for GET .* for every request\. Does it lack a return\?$"
        ):
            httpx.get("https://api.test/a/")
        assert any(line.endswith(" returned None") for line in miss(mock, "POST", "https://api.test/a/"))


def test_each_part_has_a_tick_or_its_rows():
    """Headers, cookies, form, files and functions beside query and data."""
    with forgiving(MockApiClient()) as mock:
        mock.add_mock_response(
            "/a/",
            method="POST",
            match=[
                mock.match_headers({"X-Tenant": "acme", "Authorization": "Bearer abc"}),
                mock.match_cookies({"theme": "dark"}),
                mock.match_form({"title": "Ada", "gone": ABSENT}),
                mock.match_files({"doc": b"new"}),
                lambda request: "the moon is full",
            ],
        )
        lines = miss(
            mock,
            "POST",
            "https://api.test/a/",
            headers={"X-Tenant": "other", "Authorization": "Bearer xyz", "Cookie": "theme=dark"},
            data={"title": "Bob"},
            files={"doc": b"old"},
        )
    assert lines[2] == "  nearest of 1 mock, 3 of 7 parts agree:"
    assert lines[4:-1] == [
        "      method ok   path ok   cookies ok",
        "      headers authorization   expected ***   got ***",
        "      headers x-tenant   expected 'acme'   got 'other'",
        "      form    title   expected 'Ada'   got 'Bob'",
        "      files   doc.content   expected b'new'   got b'old'",
        "      match   the moon is full",
    ]
    assert not any("abc" in line or "xyz" in line for line in lines)


def test_of_many_mocks_of_one_path_the_one_is_nearest_of_which_most_agrees():
    """By the keys that differ, if as many parts do."""
    with forgiving(MockApiClient()) as mock:
        mock.add_mock_response("/a/", match=[match_query({"page": 1, "size": 10, "sort": "name"})])
        for page in range(2, 9):
            mock.add_mock_response("/a/", match=[match_query({"page": page, "size": 20, "sort": "date"})])
        lines = miss(mock, "GET", "https://api.test/a/?page=9&size=10&sort=name")
        assert lines[5:6] == ["      query   page   expected '1'   got '9'"]
        mock.clear_mock_responses()
        for name in ("a", "b", "c"):
            mock.add_mock_response("/a/", method="POST", match=[match_data({"name": name, "n": 1, "m": 2})])
        mock.add_mock_response("/a/", method="POST", match=[match_data({"name": "x", "n": 3, "m": 4})])
        assert "      data    name   expected 'c'   got 'z'" in miss(
            mock, "POST", "https://api.test/a/", json={"name": "z", "n": 1, "m": 2}
        )

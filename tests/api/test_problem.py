"""Problems as RFC 9457 describes them."""

import pytest

from query.api.problem import Problem, read_problem

KIND = "application/problem+json"


def test_a_problem_has_its_members():
    """And what the server adds."""
    json = {
        "type": "https://example.com/probs/out-of-credit",
        "title": "You do not have enough credit.",
        "status": 403,
        "detail": "Your current balance is 30, but that costs 50.",
        "instance": "/account/12345/msgs/abc",
        "balance": 30,
    }
    assert read_problem("Application/Problem+JSON; charset=utf-8", json) == Problem(
        type="https://example.com/probs/out-of-credit",
        title="You do not have enough credit.",
        status=403,
        detail="Your current balance is 30, but that costs 50.",
        instance="/account/12345/msgs/abc",
        extensions={"balance": 30},
    )


@pytest.mark.parametrize("json", [{}, {"type": 5, "title": [], "status": "403", "detail": None}, {"status": True}])
def test_what_is_of_another_type_is_left_out(json):
    """As section 3.1 has it; a problem without a type is no other than its status."""
    assert read_problem(KIND, json) == Problem()


@pytest.mark.parametrize(
    ("kind", "json"), [("application/json", {"title": "x"}), ("", {}), (KIND, []), (KIND, None), (KIND + "x", {})]
)
def test_another_body_is_no_problem(kind, json):
    """A problem says that it is one."""
    assert read_problem(kind, json) is None

"""Mocks are held against a description where they are registered, requests and answers when they come."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import httpx2
import pytest

from mockapi import EXAMPLE, PASS, Answer, MockApiClient, UnmatchedRequestError
from mockapi.openapi.errors import AnswerContractError, MockContractError, RequestContractError

SHOP = Path(__file__).parent / "shop" / "shop.yaml"
ID = "5f0f7b52-3a8e-4e1c-9d5e-6c7a1f6b9c11"
BASE = "https://api.shop.test/v1"
ORDER = {
    "id": ID,
    "created": "2026-01-02T03:04:05Z",
    "status": "open",
    "lines": [{"sku": "A-1", "quantity": 2}],
}
PROBLEM = {"content-type": "application/problem+json"}


def lines(info):
    return [line.strip() for line in str(info.value).splitlines()]


# -- registering


def test_a_mock_that_keeps_to_the_description_is_registered(mocks):
    """By path, by whole URL at any server, by template, with any status that there is."""
    mocks.get("/v1/orders", {"items": [ORDER], "next": None}, headers={"X-Total": "1"})
    mocks.get(f"{BASE}/orders/{ID}", ORDER)
    mocks.get(f"https://eu.shop.test/v1/orders/{ID}", ORDER)
    mocks.get("/v1/orders/$id", {"title": "none", "status": 404}, status_code=404, headers=PROBLEM)
    mocks.get("/v1/orders/latest", None)
    mocks.delete("/v1/orders/{id}", status_code=204)
    mocks.post("/v1/login")
    mocks.get("/v1/orders", httpx.ConnectError("no"))
    mocks.get("/v1/orders", PASS)
    mocks.add_sse("/v1/events", [{"id": 1}])
    assert len(mocks.mocks) == 10


def test_a_path_that_there_is_not_is_refused_with_those_nearest(mocks):
    """The message names mock, line and description, what there is, and the way out."""
    with pytest.raises(MockContractError) as info:
        mocks.get("/orders", [])
    assert re.fullmatch(
        r"the mock GET /orders \(added at \S+test_checking.py:\d+\) is not what shop.yaml describes", lines(info)[0]
    )
    assert lines(info)[1:] == [
        "the description has no path /orders. It has /v1/orders, /v1/orders/latest, /v1/orders/{orderId}.",
        "To register it all the same: openapi=False.",
    ]
    assert mocks.mocks == []


def test_a_trailing_slash_too_many_is_told_at_once(mocks):
    """The path without it is the only one that is named."""
    with pytest.raises(MockContractError, match=r"no path /v1/orders/\. It has /v1/orders\."):
        mocks.get("/v1/orders/")


def test_a_method_that_there_is_not_is_refused(mocks):
    """With those that there are; one of several is enough."""
    with pytest.raises(MockContractError, match=r"/orders has no PUT\. It has GET, POST\."):
        mocks.put("/v1/orders")
    with pytest.raises(MockContractError, match=r"/orders has no PUT"):
        mocks.add_mock_response("/v1/orders", method=["GET", "PUT"], body=EXAMPLE)


def test_a_status_that_there_is_not_is_refused(mocks):
    """With those that there are. 4XX and default stand for many."""
    with pytest.raises(MockContractError) as info:
        mocks.post("/v1/orders", ORDER)
    assert lines(info)[1:3] == [
        "status 200: is not among those of the operation: 201, 422",
        "says shop.yaml#/paths/~1orders/post",
    ]
    for status in (400, 418, 500, 302):
        mocks.get("/v1/orders", {"title": "t", "status": 400}, status_code=status, headers=PROBLEM)


def test_a_body_is_checked_through_references_into_other_files(mocks):
    """The place in the body, and the place in the description that says so."""
    with pytest.raises(MockContractError) as info:
        mocks.get("/v1/orders/$id", {"title": "t", "status": 200, "causes": [{}]}, status_code=404, headers=PROBLEM)
    assert lines(info)[1:-1] == [
        "body /status: 200 is less than the minimum of 400",
        "says errors.yaml#/Problem/properties/status/minimum",
        "body /causes/0: 'title' is missing",
        "says errors.yaml#/Problem/required",
        "body /causes/0: 'status' is missing",
        "says errors.yaml#/Problem/required",
    ]


@pytest.mark.parametrize(
    ("body", "options", "reason"),
    [
        ({"a": 1}, {}, "body: 'id' is missing"),
        (None, {}, 'body: None is not of type "object"'),
        ("{}", {}, "expected application/json. Give data instead of a str, which is sent as text"),
        (b"{", {}, "body: '{' is no JSON"),
        ({"id": 1}, {"headers": {"content-type": "application/xml"}}, "header content-type: 'application/xml' is not"),
    ],
)  # fmt: skip
def test_a_body_of_the_wrong_kind_is_refused(mocks, body, options, reason):
    """JSON of another shape, text where JSON is due, bytes that are no JSON, another media type."""
    with pytest.raises(MockContractError, match=re.escape(reason)):
        mocks.post("/v1/files", body, status_code=201, **options)


def test_an_empty_body_is_refused_where_there_is_one(mocks):
    """And a body where there is none."""
    with pytest.raises(MockContractError, match=r"body: is empty; expected application/json\. body=mockapi\.EXAMPLE"):
        mocks.get("/v1/categories")
    with pytest.raises(MockContractError, match="body: must not be there"):
        mocks.delete("/v1/orders/$id", {"a": 1}, status_code=204)


def test_bytes_may_be_any_media_type_that_fits(mocks):
    """They come without a type; a text has to say that it is what the description wants."""
    mocks.get("/v1/orders/$id/invoice.pdf", b"%PDF")
    mocks.get("/v1/orders/$id/invoice.txt", "a text")
    with pytest.raises(MockContractError, match="'ab' is shorter than 3"):
        mocks.get("/v1/orders/$id/invoice.txt", "ab")
    mocks.post("/v1/files", b'{"id": 1}', status_code=201)


def test_headers_of_an_answer_are_checked(mocks):
    """Those that are required, and the values of the others."""
    page = {"items": [], "next": None}
    with pytest.raises(MockContractError, match="header X-Total: is missing, and it is required"):
        mocks.get("/v1/orders", page)
    with pytest.raises(MockContractError, match="header X-Total: 'many' is not of type"):
        mocks.get("/v1/orders", page, headers={"x-total": "many"})


def test_a_parameter_that_the_mock_writes_out_is_checked(mocks):
    """/v1/orders/7 answers for an order that there cannot be."""
    with pytest.raises(MockContractError, match="path orderId: '7' is not a \"uuid\""):
        mocks.get("/v1/orders/7", ORDER)


def test_what_is_write_only_is_not_answered(mocks):
    """The program sends a gift code, and never gets one."""
    with pytest.raises(MockContractError, match="body /gift_code: writeOnly: it is sent, and never answered"):
        mocks.get("/v1/orders/$id", {**ORDER, "gift_code": "g"})


def test_one_mock_can_opt_out(mocks):
    """It, and the requests for it, may be as they like."""
    mocks.get("/v1/nowhere", {"a": 1}, openapi=False)
    mocks.get("/v1/orders", [], openapi=False)
    mocks.add_sequence("/v1/orders", [], 5, method="PUT", openapi=False)
    assert httpx.get(f"{BASE}/nowhere?x=1").json() == {"a": 1}
    assert httpx.get(f"{BASE}/orders?limit=0").json() == []
    assert httpx.put(f"{BASE}/orders").json() == []


def test_all_answers_of_a_sequence_and_whole_responses_are_checked(mocks):
    """At once: they are known."""
    with pytest.raises(MockContractError, match="'quantity' is missing"):
        mocks.add_sequence("/v1/orders/$id", ORDER, Answer({**ORDER, "lines": [{"sku": "A-1"}]}))
    with pytest.raises(MockContractError, match="status 500"):
        mocks.get("/v1/orders/$id", httpx.Response(500))
    mocks.get("/v1/orders/$id", httpx2.Response(200, json=ORDER))


def test_an_update_is_checked_too(mocks):
    """And changes nothing if it is refused."""
    mock = mocks.get("/v1/orders/$id", ORDER)
    with pytest.raises(MockContractError):
        mock.update(body={"id": 1})
    assert httpx.get(f"{BASE}/orders/{ID}").json() == ORDER
    mock.update(body={**ORDER, "status": "paid"})
    assert httpx.get(f"{BASE}/orders/{ID}").json()["status"] == "paid"


def test_mocks_of_other_services_are_left_alone(mocks):
    """A whole URL on a host that no server has; but one whose path is in the description is meant by it."""
    mocks.get("https://auth.test/token", {"token": "t"})
    assert httpx.get("https://auth.test/token?x=1").json() == {"token": "t"}
    with pytest.raises(MockContractError, match="no path /v1/nothing"):
        mocks.get(f"{BASE}/nothing")
    with pytest.raises(MockContractError, match="'next' is missing"):
        mocks.get("https://staging.test/v1/orders", {"items": []}, headers={"X-Total": "0"})


def test_the_base_url_of_a_client_is_the_descriptions(shop):
    """Whatever its servers say, for that is the API under test."""
    client = MockApiClient(openapi=shop, base_url="https://localhost:8000/v1")
    client.get("/orders", EXAMPLE)
    with pytest.raises(MockContractError, match="no path /v1/order"):
        client.get("/order", [])


# -- requests


def test_a_bad_request_is_refused_like_one_that_no_mock_answers(mocks):
    """With its line, the mock that would have answered, and the way out."""
    mock = mocks.get("/v1/orders", EXAMPLE)
    with pytest.raises(UnmatchedRequestError) as info:
        httpx.get(f"{BASE}/orders", params={"limit": 0, "token": "s"})
    assert isinstance(info.value, RequestContractError)
    assert mocks.unmatched == [info.value]
    assert mocks.history.last.outcome == "unmatched"
    assert not mock.called
    said = lines(info)
    assert said[0] == (f"GET {BASE}/orders?limit=0&token=*** is not what shop.yaml describes, GET /orders (listOrders)")
    assert re.fullmatch(r"sent from  \S+test_checking.py:\d+ in \S+   \(httpx, Client\)", said[1])
    assert said[2:6] == [
        "query limit: 0 is less than the minimum of 1",
        "says shop.yaml#/paths/~1orders/get/parameters/1/schema/minimum",
        "query token: is no parameter; there are: cursor, limit, status, ids, tags, filter, paid",
        "says shop.yaml#/paths/~1orders/get",
    ]
    assert re.fullmatch(r"It would have been answered by GET /v1/orders, added at \S+:\d+\.", said[6])
    assert said[7] == "To let such requests through, register that mock with openapi=False."


async def test_async_requests_are_checked_too(mocks):
    """Of either library."""
    mocks.post("/v1/orders", EXAMPLE, status_code=201)
    for library in (httpx, httpx2):
        async with library.AsyncClient(base_url=BASE) as client:
            with pytest.raises(RequestContractError, match="body: 'lines' is missing"):
                await client.post("/orders", json={"status": "open"}, headers={"Idempotency-Key": ID})


def test_a_swallowed_bad_request_is_raised_at_the_end(shop):
    """Of a hand-made client; that of the fixture fails the test."""
    client = MockApiClient(openapi=shop)
    with pytest.raises(UnmatchedRequestError, match="is not what shop.yaml describes"), client:
        client.get("/v1/orders", EXAMPLE)
        with pytest.raises(RequestContractError):
            httpx.get(f"{BASE}/orders?limit=0")


def test_a_refused_request_uses_nothing_up(mocks):
    """A mock for one time answers the next, good one."""
    mocks.get("/v1/orders", EXAMPLE, times=1)
    with pytest.raises(RequestContractError):
        httpx.get(f"{BASE}/orders?limit=0")
    assert httpx.get(f"{BASE}/orders").status_code == 200


def test_the_operation_of_a_request_goes_by_its_own_path(mocks):
    """A template answers for /orders/latest too, whose id is no uuid."""
    mocks.get("/v1/orders/$id", ORDER)
    assert httpx.get(f"{BASE}/orders/latest").json() == ORDER
    with pytest.raises(RequestContractError, match="path orderId: 'last' is not a"):
        httpx.get(f"{BASE}/orders/last")


def test_a_regular_expression_is_checked_when_it_answers(mocks):
    """Its requests, and its answers."""
    mocks.get(re.compile(r"https://api\.shop\.test/.*"), ORDER)
    assert httpx.get(f"{BASE}/orders/{ID}").json() == ORDER
    with pytest.raises(RequestContractError, match="the description has no path /v1/order"):
        httpx.get(f"{BASE}/order")
    with pytest.raises(AnswerContractError, match='body: .* is not of type "array"'):
        httpx.get(f"{BASE}/categories")
    mocks.add_mock_response(re.compile(r"https://auth\.test/.*"), body={"any": "thing"})
    assert httpx.get("https://auth.test/x").json() == {"any": "thing"}


# -- answers that are made when they are asked for


def test_what_a_function_answers_is_checked(mocks):
    """It fails the test like a miss, even if the program swallows it."""
    mocks.get("/v1/orders/$id", lambda request: {**ORDER, "status": "lost"})
    with pytest.raises(AnswerContractError) as info:
        httpx.get(f"{BASE}/orders/{ID}")
    assert mocks.unmatched == [info.value]
    assert re.match(r"the answer of GET /v1/orders/\$id \(added at \S+:\d+\) to GET https://", str(info.value))
    assert 'body /status: \'lost\' is not one of "open", "paid" or "sent"' in str(info.value)


def test_a_response_that_a_function_makes_is_checked_with_its_own_status(mocks):
    """Status, headers and body are those of the response."""
    mocks.get("/v1/orders/$id", lambda request: httpx.Response(410, json={}))
    with pytest.raises(AnswerContractError, match="status 410: is not among those of the operation: 200, 404"):
        httpx.get(f"{BASE}/orders/{ID}")


def test_an_app_that_is_mounted_is_checked(mocks):
    """A fake of the service drifts like any mock."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": b'{"id": "one"}'})

    mocks.mount("https://api.shop.test", app)
    with pytest.raises(AnswerContractError, match="body /id: 'one' is not of type \"integer\""):
        httpx.post(f"{BASE}/files", data={"purpose": "photo"}, files={"file": b"x"})


def test_a_mock_for_all_the_rest_or_any_method_is_checked_when_it_answers(mocks):
    """What it answers is seen then."""
    mocks.get("/v1/**", ORDER)
    mocks.add_mock_response("/v1/orders/latest", method="*", body=ORDER)
    assert httpx.get(f"{BASE}/orders/{ID}").json() == ORDER
    assert httpx.get(f"{BASE}/orders/latest").json() == ORDER
    with pytest.raises(RequestContractError, match=r"/orders/latest has no PUT\. It has DELETE, GET\.|has no PUT"):
        httpx.put(f"{BASE}/orders/latest")
    with pytest.raises(MockContractError, match="no path /v1/order/"):
        mocks.add_mock_response("/v1/order/", method="*")


def test_a_request_that_is_passed_on_is_checked_first(mocks):
    """It would be refused by the service as well."""
    mocks.get("/v1/orders", PASS)
    with pytest.raises(RequestContractError, match="query limit"):
        httpx.get(f"{BASE}/orders?limit=0")


def test_nothing_is_wrong_with_an_error_that_a_function_raises(mocks):
    """It is no answer."""

    def fail(request):
        raise httpx.ReadTimeout("slow")

    mocks.get("/v1/orders", fail)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{BASE}/orders")
    assert mocks.unmatched == []


def test_an_answer_to_head_has_no_body(described):
    """As there is none to be checked."""
    content = {"application/json": {"schema": {"type": "integer"}}}
    openapi = described({"responses": {"200": {"description": "x", "content": content}}}, method="head")
    with MockApiClient(openapi=openapi) as client:
        client.head("/things")
        assert httpx.head("https://x.test/things").status_code == 200


def test_the_scope_of_a_client_keeps_to_its_description(mocks):
    """Its mocks are checked as those of the client."""
    with mocks.scope() as inner, pytest.raises(MockContractError):
        inner.get("/v1/nowhere")


# -- coverage


def test_coverage_counts_mocks_requests_and_answers(described):
    """By operation and by status; a refused request is none."""
    responses = {"200": {"description": "x", "content": {"application/json": {}}}, "4XX": {"description": "y"}}
    openapi = described({"operationId": "things", "responses": responses}, path="/things/{id}")
    with MockApiClient(openapi=openapi) as client:
        client.get("/things/$id", 1, times=1)
        client.get("/things/$id", status_code=404)
        httpx.get("https://x.test/things/1")
        with pytest.raises(RequestContractError):
            httpx.get("https://x.test/things/1?q=1")
        client.unmatched.clear()
        from mockapi.openapi.description import load_description

        assert load_description(openapi).coverage.records() == [
            {
                "description": "Things",
                "method": "GET",
                "path": "/things/{id}",
                "operation_id": "things",
                "mocked": 2,
                "requested": 1,
                "statuses": {"200": {"mocked": 1, "answered": 0}, "4XX": {"mocked": 1, "answered": 1}},
            }
        ]

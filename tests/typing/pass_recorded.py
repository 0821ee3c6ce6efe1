# Recorded by pytest --mockapi-record. Secrets are masked.
# An edited file is left alone, unless --mockapi-update is given.
# checksum: 248c1bc55d7541ebc1eab8a6af5141a7
"""What a real service answered: functions that register it as mocks."""

from pathlib import Path
from unittest.mock import ANY

import httpx

from mockapi import Answer, MockApiClient, match_content, match_data, match_query

FILES = Path(__file__).with_name("pass_recorded_files")


def page(mock_api_client: MockApiClient) -> None:
    """What https://api.test answered in test_orders.py::test_page."""
    mock_api_client.add_mock_response(
        "/orders/{secret_1}/",
        method="POST",
        match=[
            match_query({"api_key": ANY, "tags": ["a", "b"]}),
            match_data({"name": "chair", "price": 12.5, "password": ANY, "file": b"small"}),
        ],
        status_code=201,
        headers=[("set-cookie", "a=1"), ("set-cookie", "b=2")],
        body={"id": 1},
    )
    # the program read only the first 70 bytes of this body
    mock_api_client.add_sequence(
        "/jobs/1",
        Answer(httpx.ConnectError("ConnectError of a recording")),
        Answer(status_code=503, headers={"retry-after": "1"}),
        {"state": "done"},
        "one line of a text that is long enough\nto be broken, and another one\n",
        match=[match_data([1, {"a": ANY}])],
    )
    mock_api_client.add_mock_response(
        "/logo.png",
        headers={"content-type": "image/png"},
        body=FILES / "page/logo.png",
    )
    mock_api_client.add_error("/", "read_timeout", match=[match_content("plain words")])

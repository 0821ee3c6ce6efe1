"""What the type checkers must refuse of the mock: a mark gives the code of mypy and the rule of pyright."""

from __future__ import annotations

from mockapi import MockApiClient, NoSuchName  # error: attr-defined | reportAttributeAccessIssue

client = MockApiClient()

client.add_mock_response()  # error: call-arg | reportCallIssue
client.add_mock_response("/projects/", status="200")  # error: call-arg | reportCallIssue
client.add_mock_response(url="/projects/", status_code="200")  # error: arg-type | reportArgumentType
client.add_mock_response(url=7)  # error: arg-type | reportArgumentType
client.add_mock_response(url="/projects/", match=client.match_query({}))  # error: arg-type | reportArgumentType
MockApiClient("https://api.test")  # error: call-arg | reportCallIssue
MockApiClient(unmatched="ignore")  # error: arg-type | reportArgumentType
client.mocks[0].assert_called_with(header={})  # error: call-arg | reportCallIssue
client.mocks[0].assert_any_call(deep="yes")  # error: arg-type | reportArgumentType
client.match_headers("X-Tenant")  # error: arg-type | reportArgumentType
del NoSuchName

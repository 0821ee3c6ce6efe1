"""What the type checkers must refuse of API clients: a mark gives the code of mypy and the rule of pyright."""

from __future__ import annotations

import httpx

from query.api import ApiClient, ApiRequest

ApiClient(http=httpx)  # error: arg-type | reportArgumentType
ApiClient(http=object())  # error: arg-type | reportArgumentType
ApiClient(library="requests")  # error: arg-type | reportArgumentType
ApiClient(trusted_hosts=5)  # error: arg-type | reportArgumentType
ApiClient("https://api.test")  # error: call-arg | reportCallIssue
ApiClient().send_sync("/x/")  # error: arg-type | reportArgumentType
with ApiClient() as api:
    api.send(ApiRequest(url="/x/")).status_code  # error: attr-defined | reportAttributeAccessIssue

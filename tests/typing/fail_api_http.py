"""What the type checkers must refuse of API clients: a mark gives the code of mypy and the rule of pyright."""

from __future__ import annotations

import httpx

from query.api import ApiClient, ApiRequest, api_options, api_retry, limit_concurrency

ApiClient(http=httpx)  # error: arg-type | reportArgumentType
ApiClient(http=object())  # error: arg-type | reportArgumentType
ApiClient(library="requests")  # error: arg-type | reportArgumentType
ApiClient(trusted_hosts=5)  # error: arg-type | reportArgumentType
ApiClient("https://api.test")  # error: call-arg | reportCallIssue
ApiClient().send_sync("/x/")  # error: arg-type | reportArgumentType
api_options.as_(str)("/x.csv", parse="csv", stale_time=0)  # error: arg-type | reportArgumentType
api_retry(methods={1})  # error: arg-type | reportArgumentType
api_options.as_(str)("/x/", validate="on", stale_time=0)  # error: arg-type | reportArgumentType
ApiClient(validate=True)  # error: arg-type | reportArgumentType
ApiRequest(url="/x/", files={"f": 5})  # error: dict-item | reportArgumentType
limit_concurrency(len, 3)  # error: arg-type | reportArgumentType
with ApiClient() as api:
    response: int = api.send(ApiRequest(url="/x/"))  # error: assignment | reportAssignmentType

"""Every answer that GitHub documents comes out of the query client as it was documented."""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any

from documented import Documented, documented_examples
from github_api.backend import api

from mockapi import MakeTestQueryClient, MockApiClient, match_query
from query.api import RequestError

BATCH = 100


async def test_every_documented_answer_comes_out_equal(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Over the table, the query client and the HTTP client, to a mock and back: 754 endpoints, 766 examples."""
    examples, endpoints = documented_examples()
    client = make_test_query_client()
    table: Any = api  # the URLs come from the document, so there is no literal for a checker to look up

    async def ask(number: int, example: Documented) -> str | None:
        path = {"path": example.path} if example.path else {}
        mock_api_client.add_mock_response(
            url=table[example.pattern].url(**path),
            status_code=example.status,
            headers={"Content-Type": example.media},
            body=json.dumps(example.body).encode() if example.is_json else example.body,
            match=[match_query({"example": str(number)})],
        )
        # several examples of one URL are several entries
        parse = {} if example.is_json else {"parse": "text"}
        options = table[example.pattern](**path, extra_query={"example": number}, stale_time=math.inf, **parse)
        try:
            shown = await client.query(options)
        except RequestError as error:
            shown = error
        return (
            None if shown == example.body else f"{example.pattern} ({example.status}, {example.media}): {shown!r:.300}"
        )

    wrong: list[str | None] = []
    for start in range(0, len(examples), BATCH):
        batch = enumerate(examples[start : start + BATCH], start)
        wrong += await asyncio.gather(*(ask(number, example) for number, example in batch))
        mock_api_client.clear_mock_responses()
    assert not list(filter(None, wrong)), "\n".join(filter(None, wrong))

    assert (endpoints, len(examples)) == (754, 766)
    # the others answer with a status alone, or lead elsewhere
    assert len({example.pattern for example in examples}) == 731

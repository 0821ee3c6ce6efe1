"""The command line: ``python -m textual_app http://127.0.0.1:8765``."""

from __future__ import annotations

import argparse
import asyncio

from query import DefaultOptions, QueryClient, QueryOptions
from query.api import ApiClient, api_retry, set_api_client

from .app import ProjectsApp


async def run(api_url: str) -> None:
    """Show the projects of an API until the user quits.

    Args:
        api_url: Where it is.
    """
    client = QueryClient(default_options=DefaultOptions(queries=QueryOptions(**api_retry(1))))
    async with ApiClient(base_url=api_url) as api, client:
        set_api_client(api, query_client=client)
        await ProjectsApp(client).run_async()


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="textual_app", description="Show the projects of an API in the terminal.")
    parser.add_argument("api_url", help="where the API is, such as http://127.0.0.1:8765")
    asyncio.run(run(parser.parse_args().api_url))


if __name__ == "__main__":
    main()

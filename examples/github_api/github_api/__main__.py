"""The command line: ``python -m github_api octocat hello-world --labels bug``."""

from __future__ import annotations

import argparse
import asyncio
import sys

from query import QueryClient
from query.api import ApiClient, RequestError, set_api_client

from .issues import open_issues, titles


async def show(arguments: argparse.Namespace) -> int:
    """Print the open issues."""
    async with ApiClient(base_url=arguments.base_url) as github, QueryClient() as client:
        set_api_client(github, query_client=client)
        issues = open_issues(arguments.owner, arguments.repo, labels=arguments.labels)
        try:
            print(*await client.query(issues.with_(select=titles)), sep="\n")
        except RequestError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="github-api", description="List the open issues of a repository.")
    parser.add_argument("owner")
    parser.add_argument("repo")
    parser.add_argument("--labels", help="only issues with all of these labels, such as bug,ui")
    parser.add_argument("--base-url", default="https://api.github.com", help="another place of the API")
    sys.exit(asyncio.run(show(parser.parse_args())))


if __name__ == "__main__":
    main()

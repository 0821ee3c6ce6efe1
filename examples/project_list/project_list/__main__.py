"""The command line: ``python -m project_list https://api.example.com "My Project"``."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence

from query import DefaultOptions, QueryClient, QueryOptions
from query.api import ApiClient, RequestError, set_api_client

from .screen import ProjectListScreen


async def show(
    client: QueryClient, names: Sequence[str], *, owner: str | None = None, write: Callable[[str], object] = print
) -> bool:
    """Show the projects, create those that are named, and write down what the screen shows at each change.

    Args:
        client: The query client.
        names: The projects to create.
        owner: Show only this owner's projects.
        write: Takes the text.

    Returns:
        Whether all went well.
    """
    shown: list[str] = []

    def draw() -> None:
        nonlocal shown
        if screen.lines != shown:
            shown = screen.lines
            write("\n".join([*shown, ""]))

    screen = ProjectListScreen(client, owner=owner, on_change=draw)
    went_well = True
    with screen:
        await screen.loaded()
        for name in names:
            try:
                await screen.create(name)
            except RequestError:
                went_well = False  # the screen says why
    return went_well and not screen.failed


async def run(arguments: argparse.Namespace) -> bool:
    """Do what the command line says."""
    defaults = DefaultOptions(queries=QueryOptions(retry=1))
    async with ApiClient(base_url=arguments.base_url) as api, QueryClient(default_options=defaults) as client:
        set_api_client(api, query_client=client)
        return await show(client, arguments.names, owner=arguments.owner)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="project-list", description="List projects, and create new ones.")
    parser.add_argument("base_url", help="where the API is, such as https://api.example.com")
    parser.add_argument("names", nargs="*", metavar="NAME", help="projects to create")
    parser.add_argument("--owner", help="show only this owner's projects")
    sys.exit(not asyncio.run(run(parser.parse_args())))


if __name__ == "__main__":
    main()

"""The command line: ``python -m reactpy_app http://127.0.0.1:8765``."""

from __future__ import annotations

import argparse

import uvicorn

from .server import make_app


def main() -> None:
    """Serve the page until Ctrl+C."""
    parser = argparse.ArgumentParser(prog="reactpy_app", description="Show the projects of an API in a browser.")
    parser.add_argument("api_url", help="where the API is, such as http://127.0.0.1:8765")
    parser.add_argument("--port", type=int, default=8000, help="where to serve the page")
    arguments = parser.parse_args()
    uvicorn.run(make_app(arguments.api_url), port=arguments.port)


if __name__ == "__main__":
    main()

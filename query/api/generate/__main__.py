"""Runs the command: ``python -m query.api.generate openapi.json -o myapp/backend``."""

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main())

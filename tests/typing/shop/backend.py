# Made by query.api.generate (format 1) from "Projects" 1.0 (openapi.json). Do not edit; run again:
#     python -m query.api.generate tests/typing/shop/openapi.json -o tests/typing/shop/backend --style both --companion tests/typing/shop/manual.py
# contract-sha256: 397cf7b8405ea3366cb3e3458ab25c3e
# body-sha256: 397cf7b8405ea3366cb3e3458ab25c3e
# fmt: off
# ruff: noqa
from query.api import EndpointTable, TableApiOptions

from .manual import Manual

__all__ = ["api", "api_options"]

api = EndpointTable(
    {
        "/projects/": "GET POST",
        "/projects/$slug/": "DELETE GET PUT",
        "/projects/$slug/issues/$issue_id/": "GET",
        "/restart/": "POST",
        "/search/": "GET",
    },
    companion=Manual,
)
api_options = TableApiOptions(api)

# Made by query.api.generate (format 1) from "Projects" 1.0 (openapi.json). Do not edit; run again:
#     python -m query.api.generate tests/typing/shop/openapi.json -o tests/typing/shop/backend --style both --companion tests/typing/shop/manual.py
# contract-sha256: 066e49984adb982f46c756a877fcdc13
# body-sha256: 066e49984adb982f46c756a877fcdc13
# fmt: off
# ruff: noqa
from query.api import EndpointTable, TableApiOptions

from .manual import Manual

__all__ = ["api", "api_options"]

api = EndpointTable(
    {
        "/projects/": {"GET": "list[Project]", "POST": "Project"},
        "/projects/$slug/": {"DELETE": "None", "GET": "Project", "PUT": "Project"},
        "/projects/$slug/avatar/": {"PUT": "None"},
        "/projects/$slug/issues/$issue_id/": {"GET": "Tree"},
        "/restart/": {"POST": "None"},
        "/search/": {"GET": "list[Project]"},
    },
    types=f"{__name__}_types",
    companion=Manual,
)
api_options = TableApiOptions(api)

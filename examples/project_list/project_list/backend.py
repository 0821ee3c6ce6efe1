# Made by query.api.generate (format 1) from "Projects" 1.0 (openapi.json). Do not edit; run again:
#     python -m query.api.generate openapi.json -o project_list/backend
# contract-sha256: 173a9c52f09e95b0562d1ec4c5e6d14c
# body-sha256: 173a9c52f09e95b0562d1ec4c5e6d14c
# fmt: off
# ruff: noqa
from query.api import EndpointTable

__all__ = ["api"]

api = EndpointTable(
    {
        "/projects/": {"GET": "list[Project]", "POST": "Project"},
        "/projects/$project_id/": {"DELETE": "None", "GET": "Project", "PUT": "Project"},
        "/projects/$project_id/issues/": {"GET": "list[Issue]"},
    },
    types=f"{__name__}_types",
)

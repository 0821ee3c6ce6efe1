# Made by query.api.generate (format 1) from "Projects" 1.0 (openapi.json). Do not edit; run again:
#     python -m query.api.generate openapi.json -o project_list/backend
# contract-sha256: 1a817118b6dc0ddf047af0f084788c5a
# body-sha256: 1a817118b6dc0ddf047af0f084788c5a
# fmt: off
# ruff: noqa
from query.api import EndpointTable

__all__ = ["api"]

api = EndpointTable(
    {
        "/projects/": "GET POST",
        "/projects/$project_id/": "DELETE GET PUT",
        "/projects/$project_id/issues/": "GET",
    },
)

"""Endpoints by hand: one that the document has wrong, and one that it leaves out."""

from typing_extensions import TypedDict

from query.api import ApiMutation, Endpoint, FlatEndpoint, NoQuery, QueryParams


class Health(TypedDict):
    ok: bool


class RegionPath(TypedDict):
    region: str


class RegionEndpoint(Endpoint[RegionPath, QueryParams, Health]):
    post: ApiMutation[RegionPath, NoQuery, None, Health]


Manual = TypedDict(
    "Manual",
    {
        "/health/": FlatEndpoint[NoQuery, Health],
        "/internal/$region/health/": RegionEndpoint,
    },
)

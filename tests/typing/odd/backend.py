# Made by query.api.generate (format 1) from "Odd "title" with line" 1 (openapi.json). Do not edit; run again:
#     python -m query.api.generate tests/typing/odd/openapi.json -o tests/typing/odd/backend --style both
# contract-sha256: 03cbd6921fe20ed02d1df5b9de7ea47d
# body-sha256: 03cbd6921fe20ed02d1df5b9de7ea47d
# fmt: off
# ruff: noqa
from query.api import EndpointTable, TableApiOptions

__all__ = ["api", "api_options"]

api = EndpointTable(
    {
        "/$$count": {"GET": "int"},
        "/c/$a...$b": {"GET": "Literal['a\"b', \"c\\\\d\", \"it's\", 1, True] | None"},
        "/id/$id/": {"DELETE": "dict[str, object]", "GET": "GetIdByIdResponse"},
        "/k/$class/": {"GET": "str"},
        "/n/ApiTable/": {"GET": "ApiTable"},
        "/n/Endpoint/": {"GET": "Endpoint"},
        "/n/GenericAlias/": {"GET": "GenericAlias"},
        "/n/IdPath/": {"GET": "IdPath"},
        "/n/Literal/": {"GET": "Literal_"},
        "/n/Manual/": {"GET": "Manual"},
        "/n/NoQuery/": {"GET": "NoQuery"},
        "/n/None/": {"GET": "None_"},
        "/n/PathValue/": {"GET": "PathValue_"},
        "/n/ProjectsEndpoint/": {"GET": "ProjectsEndpoint"},
        "/n/T/": {"GET": "T"},
        "/n/TypedDict/": {"GET": "TypedDict_"},
        "/n/UUID/": {"GET": "UUID_"},
        "/n/api/": {"GET": "Api"},
        "/n/list/": {"GET": "List"},
        "/n/object/": {"GET": "Object"},
        "/n/str/": {"GET": "Str"},
        "/n/type/": {"GET": "Type"},
        "/projects/": {"GET": "Endpoint", "POST": "Api"},
        "/q\"uote/": {"GET": "int"},
        "/v/${v}_raw": {"GET": "list[List]"},
    },
    types=f"{__name__}_types",
)
api_options = TableApiOptions(api)

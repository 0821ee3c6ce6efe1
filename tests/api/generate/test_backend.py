"""A backend is read from its document: every operation with its pattern, parameters, body and answer."""

from __future__ import annotations

import json
import random
import sys
from importlib import import_module

import pytest

from query.api.generate.backend import read_backend
from query.api.generate.model import Parameter
from query.openapi.errors import DescriptionError

ORDER = {
    "type": "object",
    "required": ["id", "state"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "state": {"enum": ["open", "paid"]},
        "note": {"type": ["string", "null"]},
    },
}
ORDERS = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1.2"},
    "servers": [{"url": "https://api.test/v2"}],
    "paths": {
        "/orders": {
            "get": {
                "operationId": "list-orders",
                "summary": "All orders.\n\nNewest first.",
                "tags": ["orders"],
                "parameters": [
                    {"name": "cursor", "in": "query", "description": "Where to go on.", "schema": {"type": "string"}},
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                ],
                "responses": {
                    "404": {"description": "none"},
                    "200": {
                        "description": "some",
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}}
                            }
                        },
                    },
                },
            },
            "post": {
                "deprecated": True,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
                },
                "responses": {
                    "201": {
                        "description": "made",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
                    }
                },
            },
        },
        "/orders/{orderId}": {
            "parameters": [{"name": "orderId", "in": "path", "required": True, "schema": {"type": "string"}}],
            "delete": {
                "tags": ["admin"],
                "parameters": [{"name": "orderId", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {"204": {"description": "gone"}},
            },
        },
    },
    "components": {"schemas": {"Order": ORDER}},
    "webhooks": {"paid": {"post": {"responses": {}}}},
}


def document(**paths):
    """A document with some paths; each a GET unless it says otherwise."""
    return {"openapi": "3.1.0", "info": {"title": "T"}, "paths": paths}


def get(*parameters, **more):
    return {"get": {"parameters": list(parameters), "responses": {}, **more}}


def in_path(name, **schema):
    return {"name": name, "in": "path", "required": True, "schema": schema or {"type": "string"}}


def test_a_document_becomes_a_backend():
    """With everything that a table of endpoints needs, in the order of patterns and methods."""
    backend = read_backend(ORDERS)

    assert (backend.title, backend.version, backend.source) == ("Shop", "1.2", "")
    assert backend.servers == ("https://api.test/v2",)
    assert [(one.method, one.pattern) for one in backend.operations] == [
        ("GET", "/orders"),
        ("POST", "/orders"),
        ("DELETE", "/orders/$orderId"),
    ]
    listing, making, removing = backend.operations
    assert listing.query == (Parameter(name="cursor", type="str", required=False, doc="Where to go on."),)
    assert (listing.response, listing.response_status, listing.response_media) == (
        "list[Order]",
        "200",
        "application/json",
    )
    assert (listing.pages, listing.operation_id, listing.summary) == (True, "list-orders", "All orders.")
    assert listing.place == "the description#/paths/~1orders/get"
    assert (making.body, making.body_required, making.body_media) == ("OrderRequest", True, "application/json")
    assert (making.response, making.deprecated, making.pages) == ("Order", True, False)
    assert removing.path == (Parameter(name="orderId", type="int", required=True),)
    assert (removing.response, removing.body, removing.body_media) == ("None", None, "")


def test_its_types_are_those_that_the_operations_use():
    """Sorted by name; what the server makes is not part of what is sent."""
    types = {
        one.name: {field.name: (field.type, field.required) for field in one.fields}
        for one in read_backend(ORDERS).types
    }

    state = 'Literal["open", "paid"]'
    assert types == {
        "Order": {"id": ("int", True), "state": (state, True), "note": ("str | None", False)},
        "OrderRequest": {"state": (state, True), "note": ("str | None", False)},
    }


def test_a_file_of_json_or_yaml_gives_the_same_as_the_dict(tmp_path):
    """Apart from the name of the source."""
    import yaml

    (tmp_path / "shop.json").write_text(json.dumps(ORDERS))
    (tmp_path / "shop.yaml").write_text(yaml.safe_dump(ORDERS, sort_keys=False))

    from_json, from_yaml = read_backend(tmp_path / "shop.json"), read_backend(str(tmp_path / "shop.yaml"))
    assert (from_json.source, from_yaml.source) == ("shop.json", "shop.yaml")
    assert from_json.types == from_yaml.types == read_backend(ORDERS).types
    assert from_json.operations[0].place == "shop.json#/paths/~1orders/get"
    assert read_backend(ORDERS, name="shop:app").source == "shop:app"


def test_a_document_of_several_files_is_one(tmp_path):
    """Paths, operations, parameters and schemas may lie elsewhere; a whole file is called by its name."""
    (tmp_path / "shop.json").write_text(json.dumps(document(**{"/orders/{id}": {"$ref": "paths.json#/order"}})))
    answer = {"description": "x", "content": {"application/json": {"schema": {"$ref": "sub/order-line.json"}}}}
    operation = {"parameters": [{"$ref": "#/id"}], "responses": {"200": answer}}
    (tmp_path / "paths.json").write_text(
        json.dumps({"order": {"get": {"$ref": "#/operation"}}, "operation": operation, "id": in_path("id")})
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "order-line.json").write_text(
        json.dumps({"properties": {"above": {"$ref": "order-line.json"}}})
    )

    backend = read_backend(tmp_path / "shop.json")
    assert backend.operations[0].response == "OrderLine"
    assert backend.types[0].fields[0].type == "OrderLine"


def shuffled(value, rng):
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        return {key: shuffled(value[key], rng) for key in keys}
    return [shuffled(item, rng) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_document_changes_only_the_order_of_keys(seed):
    """Names and operations are the same, so that a document that was sorted anew changes no name."""
    text = {"type": "string"}
    ways = [{"properties": {"x": text, "y": text}}, {"properties": {"z": text, "w": text}}]
    buyer = {"properties": {"name": text, "mail": text}}
    inline = {
        "type": "object",
        "properties": {"buyer": buyer, "way": {"oneOf": ways}, "title": {**buyer, "title": "A"}},
    }
    data = {**ORDERS, "paths": {**ORDERS["paths"], "/a": get(), "/b": get()}}
    for path in ("/a", "/b"):
        data["paths"][path]["get"]["responses"] = {
            "200": {"description": "x", "content": {"application/json": {"schema": inline}}}
        }
    one, other = read_backend(data), read_backend(shuffled(data, random.Random(seed)))

    assert [(o.method, o.pattern, o.response, o.body) for o in one.operations] == [
        (o.method, o.pattern, o.response, o.body) for o in other.operations
    ]
    assert [(t.name, sorted((f.name, f.type) for f in t.fields)) for t in one.types] == [
        (t.name, sorted((f.name, f.type) for f in t.fields)) for t in other.types
    ]


def test_a_prefix_is_taken_off_and_another_put_there():
    """What the client's base URL says already, or does not say."""
    data = document(**{"/api/0/orders": get(), "/api/0": get()})

    assert [o.pattern for o in read_backend(data, strip_prefix="/api/0").operations] == ["/", "/orders"]
    assert [o.pattern for o in read_backend(data, strip_prefix="/api/0/", add_prefix="/v1").operations] == [
        "/v1/",
        "/v1/orders",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"strip_prefix": "/v1"}, r"#/paths/~1api~10 does not begin with strip_prefix='/v1'.*exclude="),
        ({"strip_prefix": "/ap"}, "does not begin with strip_prefix='/ap'"),
        ({"strip_prefix": "v1"}, "strip_prefix='v1' does not begin with a slash; expected '/v1'"),
        ({"add_prefix": "v1"}, "add_prefix='v1' does not begin with a slash; expected '/v1'"),
    ],
)
def test_a_prefix_that_cannot_be_meant_is_refused(options, said):
    """A pattern that kept it would lead to another URL."""
    with pytest.raises(DescriptionError, match=said):
        read_backend(document(**{"/api/0": get(), "/api/0/orders": get()}), **options)


def test_extensions_among_the_paths_are_no_paths():
    """Whatever they hold."""
    assert [o.pattern for o in read_backend(document(**{"x-more": 1, "/a": get()})).operations] == ["/a"]


def test_two_parameters_of_one_path_keep_apart():
    """The document's own name is told where it is another."""
    (operation,) = read_backend(
        document(**{"/{a-b}/{a_b}": get(in_path("a-b"), {**in_path("a_b"), "description": "x"})})
    ).operations

    assert operation.pattern == "/$a_b_2/$a_b"
    assert [(one.name, one.doc) for one in operation.path] == [("a_b_2", "a-b in the document"), ("a_b", "x")]


@pytest.mark.parametrize(
    ("data", "said", "where"),
    [
        ({"swagger": "2.0", "paths": {}}, r"OpenAPI 2\.0 \(Swagger\); 3\.0 and 3\.1 are known", ""),
        ({"openapi": "3.1.0"}, "has no paths, so there is nothing to read", "the description#/paths"),
        (document(**{"/a": {"get": 1}}), "is 1; an operation is expected there", "the description#/paths/~1a/get"),
        (
            document(**{"/a/{id}": get()}),
            r"the path has \{id\}, and no parameter of that name is declared. Add",
            "the description#/paths/~1a~1{id}/get",
        ),
        (
            document(**{"/a": get(in_path("id"))}),
            r"declares the parameter 'id' of the path /a, which has no \{id\}",
            "the description#/paths/~1a/get/parameters/0",
        ),
        (
            document(**{"/a/{b}": get(in_path("b")), "/a/{c}": get(in_path("c"))}),
            r"~1a~1\{c\}/get and the description#/paths/~1a~1\{b\}/get are the same URL, GET /a/\$c",
            "the description#/paths/~1a~1{c}/get",
        ),
        (
            document(**{"/a/{b}": get(requestBody={"content": {"application/json": {"schema": {"$ref": "#/x"}}}})}),
            "no parameter of that name",
            "the description#/paths/~1a~1{b}/get",
        ),
        (
            document(**{"/a": get(requestBody={"content": {"application/json": {"schema": {"$ref": "#/x"}}}})}),
            "#/paths/~1a/get/requestBody/content/application~1json/schema refers to '#/x', and there is nothing there",
            "the description#/paths/~1a/get/requestBody/content/application~1json/schema",
        ),
    ],
)
def test_a_broken_document_is_refused_with_the_place(data, said, where):
    """And with what to do."""
    with pytest.raises(DescriptionError, match=said) as caught:
        read_backend(data)
    assert caught.value.where == where


def test_two_paths_of_one_shape_with_other_methods_are_two():
    """A router can tell them apart by the method."""
    data = document(**{"/a/{b}": get(in_path("b")), "/a/{c}": {"put": get(in_path("c"))["get"]}})

    assert [(o.method, o.pattern) for o in read_backend(data).operations] == [("GET", "/a/$b"), ("PUT", "/a/$c")]


def test_a_component_that_nothing_uses_may_be_broken():
    """Only what is read can spoil it."""
    data = {**document(**{"/a": get()}), "components": {"schemas": {"A": {"allOf": [{"$ref": "#/gone"}]}}}}

    assert read_backend(data).types == ()


def test_the_wanted_operations_are_read_and_no_types_of_others():
    """By path and tag; what is left out may even be broken."""
    data = {**ORDERS, "paths": {**ORDERS["paths"], "/broken/{x}": get()}}

    assert [o.method for o in read_backend(data, include=["tag:admin"]).operations] == ["DELETE"]
    backend = read_backend(data, include=["/orders*"], exclude=["tag:orders", "/orders/*"])
    assert [o.method for o in backend.operations] == ["POST"]
    assert read_backend(data, include=["tag:admin"]).types == ()


APP = """
import enum, typing, uuid
import fastapi, pydantic

app = fastapi.FastAPI(title="Shop")

class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"

class Cat(pydantic.BaseModel):
    kind: typing.Literal["cat"]
    lives: int = 9

class Dog(pydantic.BaseModel):
    kind: typing.Literal["dog"]

class Pet(pydantic.BaseModel):
    one: typing.Annotated[Cat | Dog, pydantic.Field(discriminator="kind")]
    pair: tuple[int, str]
    below: list["Pet"]

@app.get("/files/{file_path:path}")
def read_file(file_path: str) -> str: ...

@app.get("/compare/{base}...{head}")
def compare(base: int, head: uuid.UUID, color: Color = Color.RED, tags: list[str] = fastapi.Query([])) -> bool: ...

@app.put("/v/{v}_raw")
def put_raw(v: Color, pet: Pet) -> Pet: ...
"""


def test_what_fastapi_says_of_itself_is_read(tmp_path, monkeypatch):
    """Its paths with converters, several parameters in a segment, enums, unions with a tag, and types in a circle."""
    (tmp_path / "app_of_a_shop.py").write_text(APP)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "app_of_a_shop", raising=False)
    backend = read_backend(import_module("app_of_a_shop").app.openapi())

    compared, file, raw = backend.operations
    assert [one.pattern for one in backend.operations] == ["/compare/$base...$head", "/files/$file_path", "/v/${v}_raw"]
    assert [one.type for one in (*compared.path, *file.path, *raw.path)] == ["int", "str | UUID", "str | int", "Color"]
    assert [(one.name, one.type, one.required) for one in compared.query] == [
        ("color", "Color", False),
        ("tags", "list[str]", False),
    ]
    assert (compared.response, file.response, raw.body, raw.response) == ("bool", "str", "PetInput", "PetOutput")
    assert {field.name: field.type for one in backend.types if one.name == "PetInput" for field in one.fields} == {
        "one": "Cat | Dog",
        "pair": "list[int | str]",
        "below": "list[PetInput]",
    }

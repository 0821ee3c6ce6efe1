"""A description is read, once for a session, and refused in clear words when it cannot be used."""

from __future__ import annotations

import json
import os

import httpx
import pytest

from mockapi import EXAMPLE, DescriptionError, MockApiClient, MockContractError, RequestContractError, load_description
from mockapi.openapi.coverage import all_records, merged
from mockapi.openapi.routes import Routes


@pytest.fixture
def written(tmp_path):
    """Write a description into a file; returns its path."""

    def write(data, name="api.json"):
        path = tmp_path / name
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        return path

    return write


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            {"swagger": "2.0", "paths": {}},
            r"is a description of OpenAPI 2\.0 \(Swagger\); 3\.0 and 3\.1 are known\. Convert",
        ),
        ({"openapi": "4.0.0", "paths": {}}, r"says openapi: 4\.0\.0; expected one of OpenAPI 3\.0 or 3\.1"),
        ({"info": {}}, "has no 'openapi'"),
        ({"openapi": "3.1.0", "paths": {}}, "has no paths, so there is nothing to keep to"),
        ({"openapi": "3.1.0", "paths": {"orders": {"get": {}}}}, "the path 'orders' does not begin with a slash"),
        ({"openapi": "3.1.0", "paths": []}, r"api\.json#/paths is a list; an object is expected there"),
        (
            {"openapi": "3.1.0", "servers": {}, "paths": {"/a": {"get": {}}}},
            r"api\.json#/servers is an object; a list is expected there",
        ),
        ({"openapi": "3.1.0", "servers": [{}], "paths": {"/a": {"get": {}}}}, r"api\.json#/servers/0 has no url"),
        ("[1]", "is no OpenAPI description: it holds no object"),
        ('{"openapi": ', "is no JSON: "),
    ],
)
def test_what_is_no_description_is_refused(written, data, text):
    """With what was expected."""
    with pytest.raises(DescriptionError, match=text):
        load_description(written(data))


def test_yaml_that_is_none_is_refused_and_a_file_that_cannot_be_read(written, tmp_path):
    """Each names the file."""
    with pytest.raises(DescriptionError, match=r"api\.yaml is no YAML: "):
        load_description(written("a: [", "api.yaml"))
    with pytest.raises(DescriptionError, match="gone.yaml cannot be read: No such file"):
        load_description(tmp_path / "gone.yaml")
    with pytest.raises(DescriptionError, match="cannot be read: "):
        load_description(tmp_path)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(DescriptionError, match="cannot be read: "):
        load_description(tmp_path / "bytes.yaml")


def test_yaml_is_read_as_json_would_be(written):
    """Numbers as keys, dates and "on" are texts."""
    text = """
        openapi: 3.1.0
        paths:
          /a:
            get:
              responses:
                200:
                  description: x
                  content: {application/json: {example: {on: 2024-01-01, yes: no, really: true}}}
    """
    with MockApiClient(openapi=written(text, "api.yml")) as client:
        client.get("/a", EXAMPLE)
        assert httpx.get("https://x.test/a").json() == {"on": "2024-01-01", "yes": "no", "really": True}


def test_a_file_is_read_once_and_again_when_it_has_changed(written, described):
    """Whatever the client; a new time of change is a new description."""
    path = written(described())
    first = load_description(path)
    assert load_description(str(path)) is first
    assert load_description(first) is first
    os.utime(path, ns=(1, 1))
    assert load_description(path) is not first


def test_a_dict_is_read_once_until_it_is_changed(described):
    """It may stand in a marker for a hundred tests."""
    given = described()
    first = load_description(given)
    assert load_description(given) is first
    given["paths"]["/more"] = {"get": {"responses": {}}}
    assert load_description(given) is not first
    for _ in range(10):
        load_description(described())
    assert load_description(given) is not first


def test_references_go_to_other_files_and_back(written, described):
    """Each file's own references start in itself; anchors and encoded names do too."""
    written(
        {
            "B": {"$ref": "#/C"},
            "C": {"type": "integer", "$anchor": "num"},
            "a/b": {"$ref": "api.json#/components/schemas/Text"},
        },
        "other.json",
    )
    properties = {
        "b": {"$ref": "other.json#/B"},
        "n": {"$ref": "other.json#num"},
        "t": {"$ref": "other.json#/a~1b"},
        "whole": {"$ref": "flag.json"},
    }
    written({"type": "boolean"}, "flag.json")
    schemas = {"All": {"type": "object", "properties": properties}, "Text": {"type": "string"}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/All"}}}
    openapi = described({"responses": {"200": {"description": "x", "content": content}}}, schemas=schemas)
    with MockApiClient(openapi=written(openapi)) as client:
        client.get("/things", EXAMPLE)
        assert httpx.get("https://x.test/things").json() == {"b": 1, "n": 1, "t": "t", "whole": True}


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        ("#/nowhere", "refers to '#/nowhere', and there is nothing there"),
        ("#name", "refers to '#name', and there is nothing there"),
        ("https://x.test/a.json", "only local files are followed"),
        ("other.json", "is a dict refers to the file 'other.json', and has no folder to look in"),
        ("#/components/schemas/Loop", "refers to itself in a circle"),
    ],
)
def test_references_that_lead_nowhere_are_told_where_they_are_needed(described, ref, text):
    """At the mock whose answer they describe."""
    content = {"application/json": {"schema": {"$ref": ref}}}
    operation = {"responses": {"200": {"description": "x", "content": content}}}
    loop = {"$ref": "#/components/schemas/Loop"}
    client = MockApiClient(openapi=described(operation, schemas={"Loop": loop}))
    with pytest.raises(MockContractError, match=text):
        client.get("/things", {})


def test_what_is_wrong_with_the_description_of_requests_fails_the_request(described):
    """As a miss: it must not be lost."""
    parameter = {"name": "a", "in": "query", "schema": {"type": "text"}}
    operation = {"parameters": [parameter], "responses": {"204": {"description": "x"}}}
    with MockApiClient(openapi=described(operation)) as client:
        client.get("/things", status_code=204)
        with pytest.raises(RequestContractError, match="parameters/0/schema/type is no valid schema"):
            httpx.get("https://x.test/things?a=1")
        client.unmatched.clear()


def test_a_parameter_that_is_none_is_told_at_the_mock(described):
    """It has a name and a place."""
    client = MockApiClient(openapi=described({"parameters": [{"name": "a", "in": "body"}], "responses": {}}))
    with pytest.raises(DescriptionError, match="a parameter has a name, and is in one of path, query, header, cookie"):
        client.get("/things")


def test_a_schema_that_is_none_is_told(described):
    """With its place."""
    for schema, text in (({"type": "text"}, "is no valid schema"), (5, "is 5; a schema is expected there")):
        content = {"application/json": {"schema": schema}}
        client = MockApiClient(openapi=described({"responses": {"200": {"description": "x", "content": content}}}))
        with pytest.raises(MockContractError, match=text):
            client.get("/things", 1)


def routes_of(servers, *paths):
    from query.openapi.documents import Document

    return Routes(Document({"servers": servers, "paths": {path: {"get": {}} for path in paths}}, None, {}).root)


@pytest.mark.parametrize(
    ("url", "path", "origin", "there"),
    [
        ("/", "/a", "https://any.test", True),
        ("/v1", "/v1/a", "https://any.test", True),
        ("/v1/", "/v1/a", "https://any.test", True),
        ("https://api.test", "/a", "https://api.test", True),
        ("https://api.test:443", "/a", "https://api.test", True),
        ("https://api.test:8443/v1", "/v1/a", "https://api.test:8443", True),
        ("https://api.test", "/a", "https://other.test", False),
        ("https://{env}.test/{version}", "/v7/a", "https://stage.test", True),
        ("https://{env}.test/{version}", "/v1/a", "https://prod.test", True),
    ],
)
def test_servers_say_where_paths_begin(url, path, origin, there):
    """Relative or whole, with ports and variables."""
    routes = routes_of([{"url": url}], "/a")
    assert [route.template for route, _ in routes.find(path)] == ["/a"]
    assert routes.all[0].server.is_at(origin) is there


def test_the_values_of_a_servers_variables_count():
    """An enum is all that there are."""
    routes = routes_of([{"url": "/{version}", "variables": {"version": {"enum": ["v1", "v2"]}}}], "/a")
    assert [list(routes.find(path)) == [] for path in ("/v1/a", "/v2/a", "/v3/a")] == [False, False, True]


def test_a_path_written_out_comes_before_one_with_parameters():
    """In whichever order they are described; names in the middle of a segment are parameters too."""
    routes = routes_of([], "/{a}/x", "/b/{c}", "/b/x", "/f.{ext}", "/a b")
    assert [route.template for route, _ in routes.find("/b/x")] == ["/b/x", "/b/{c}", "/{a}/x"]
    assert [params for _, params in routes.find("/f.pdf")] == [{"ext": "pdf"}]
    assert [route.template for route, _ in routes.find("/a%20b")] == ["/a b"]


def test_servers_of_a_path_or_an_operation_replace_the_others(described):
    """The nearest ones count."""
    openapi = described(servers=[{"url": "/v1"}])
    openapi["paths"]["/own"] = {"servers": [{"url": "/v2"}], "get": {"responses": {"204": {"description": "x"}}}}
    client = MockApiClient(openapi=openapi)
    client.get("/v2/own", status_code=204)
    client.get("/v1/things", status_code=204)
    with pytest.raises(MockContractError, match="no path /v1/own"):
        client.get("/v1/own")


def test_coverage_of_several_processes_adds_up(described):
    """Record by record; all that were read in this process are known."""
    openapi = described(title="x")
    openapi["paths"]["/other"] = {"post": {"operationId": "other", "responses": {"200": {"description": "x"}}}}
    coverage = load_description(openapi).coverage
    coverage.count_request("GET", "/things")
    coverage.count_answer("GET", "/things", "204")
    both = merged([*coverage.records(), *coverage.records()])
    assert [(row["path"], row["requested"], row["statuses"]) for row in both] == [
        ("/things", 2, {"204": {"mocked": 0, "answered": 2}}),
        ("/other", 0, {"200": {"mocked": 0, "answered": 0}}),
    ]
    assert coverage.records()[0]["requested"] == 1
    assert any(row["path"] == "/other" for row in all_records())

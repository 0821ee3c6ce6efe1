"""Whatever a document allows, the types that are read from it allow: random documents, and values that are valid.

The judge of validity is jsonschema-rs, the judge of types pydantic, on the module as it is written.
"""

from __future__ import annotations

import itertools
import sys
import types
from typing import Any, Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mockapi.openapi.schemas import Schemas
from query.api.generate.backend import read_backend
from query.api.generate.plan import make_plan
from query.api.generate.types_module import types_module
from query.openapi.documents import Document

COMPONENTS = ("A", "B-c", "None")
KEYS = ("id", "kind", "b-c", "class", "A")
_numbers = itertools.count()


PLAIN = (
    {"type": "string"},
    {"type": "integer"},
    {"type": "number"},
    {"type": "boolean"},
    {"enum": ["a", "b"]},
    {"type": "string", "enum": ["a", "it's", '"']},
    {"enum": [1, "1", None]},
    {},
    {"type": "object"},
    {"type": "array"},
)
REFERENCES = tuple({"$ref": f"#/components/schemas/{name}"} for name in COMPONENTS)
PLAIN_3_1 = ({"type": "null"}, {"const": "c"}, {"type": ["string", "null"]}, True)
KINDS = ("plain", "object", "choice", "array", "dict", "both")
TAGS = ({}, {}, {}, {"readOnly": True}, {"writeOnly": True}, {"title": "Some title"})


def schema_of(draw: Any, version: str, depth: int = 0, *, references: bool = True) -> Any:
    """A schema that a document may have.

    Args:
        draw: Draws from a strategy.
        version: Of OpenAPI.
        depth: How deep it lies in another one.
        references: Whether it may be a reference to a component. Components may not: one that is itself, or something
            else, is no schema of which validators could say what fits.
    """
    is_3_0 = version == "3.0.3"

    def pick(several: Any) -> Any:
        return draw(st.sampled_from(several))

    kind = pick(KINDS if depth < 3 else ("plain",))
    if kind == "plain":
        found = pick((*PLAIN, *(REFERENCES if references else ()), *(() if is_3_0 else PLAIN_3_1)))
        if not isinstance(found, dict):
            return found
    elif kind == "array":
        items = schema_of(draw, version, depth + 1)
        found = {"type": "array", **({"items": items} if is_3_0 or pick((True, False)) else {"prefixItems": [items]})}
    elif kind == "dict":
        found = {"type": "object", "additionalProperties": schema_of(draw, version, depth + 1)}
    else:
        found = {}
        if kind in ("object", "both"):
            names = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
            found |= {
                "type": "object",
                "properties": {name: schema_of(draw, version, depth + 1) for name in names},
                "required": draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True)),
            }
        if kind in ("choice", "both"):
            word, count = pick(("anyOf", "oneOf", "allOf")), draw(st.integers(1, 3))
            found[word] = [schema_of(draw, version, depth + 1, references=references) for _ in range(count)]
    return {**found, **pick(TAGS), **({"nullable": True} if is_3_0 and pick((False, False, True)) else {})}


def value_of(draw: Any, schema: Any, components: dict[str, Any], depth: int = 0) -> Any:
    """A value that a schema is likely to allow."""
    if not isinstance(schema, dict) or depth > 6:
        return draw(st.sampled_from([None, 1, "x", [], {}]))
    if "$ref" in schema:
        return value_of(draw, components[schema["$ref"].rpartition("/")[2]], components, depth + 1)
    if schema.get("nullable") and draw(st.booleans()):
        return None
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    if "const" in schema:
        return schema["const"]
    found: list[Any] = [
        value_of(draw, draw(st.sampled_from(schema[word])), components, depth + 1)
        for word in ("anyOf", "oneOf")
        if word in schema
    ]
    found += [value_of(draw, part, components, depth + 1) for part in schema.get("allOf", ())]
    if "properties" in schema:
        wanted = [name for name in KEYS if name in schema.get("required", ()) or draw(st.booleans())]
        properties = schema["properties"]
        found.append({name: value_of(draw, properties.get(name), components, depth + 1) for name in wanted})
    if found:
        return (
            {key: item for one in found for key, item in one.items()}
            if all(isinstance(one, dict) for one in found)
            else found[0]
        )
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = draw(st.sampled_from(kind))
    if kind == "array":
        inner = schema.get("items")
        first = [value_of(draw, one, components, depth + 1) for one in schema.get("prefixItems", ())]
        return first + [value_of(draw, inner, components, depth + 1) for _ in range(draw(st.integers(0, 2)))]
    if kind == "object":
        inner = schema.get("additionalProperties")
        return {name: value_of(draw, inner, components, depth + 1) for name in draw(st.sets(st.sampled_from(KEYS)))}
    plain = {"string": st.text(max_size=3), "integer": st.integers(), "number": st.floats(allow_nan=False)}
    return draw(plain.get(str(kind), st.booleans() if kind == "boolean" else st.none()))


def module_of(backend):
    """The module of types, as it is written and imported."""
    name = f"generated_types_{next(_numbers)}"
    module = types.ModuleType(name)
    sys.modules[name] = module
    exec(compile(types_module(make_plan(backend)), name, "exec"), vars(module))
    return module


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@settings(max_examples=60)
@given(data=st.data())
def test_a_valid_value_has_the_type_that_was_read(version, data):
    """For what is sent and for what is answered."""
    components = {name: schema_of(data.draw, version, references=False) for name in COMPONENTS}
    schema = schema_of(data.draw, version)
    direction = data.draw(st.sampled_from(["request", "response"]))
    content = {"content": {"application/json": {"schema": schema}}}
    document = {
        "openapi": version,
        "info": {"title": "T"},
        "paths": {"/x": {"post": {"requestBody": content, "responses": {"200": content}}}},
        "components": {"schemas": components},
    }
    backend = read_backend(document)
    (operation,) = backend.operations
    assert backend == read_backend(document)
    module = module_of(backend)
    try:
        expression = operation.body if direction == "request" else operation.response
        adapter = TypeAdapter(eval(str(expression), {**vars(module), "Literal": Literal}))
        value = value_of(data.draw, schema, components)
        node = Document(document, None, {}).root.at("paths", "/x", "post", "requestBody", "content", "application/json")
        assume(Schemas(direction, is_3_0=version == "3.0.3").schema(node.at("schema")).fits(value))
        adapter.validate_python(value)
    finally:
        del sys.modules[module.__name__]

"""Every type has a name out of the document, the same for the same document, and seldom another for a changed one."""

from __future__ import annotations

import pytest

from query.api.generate.backend import read_backend

STRING = {"type": "string"}
INTEGER = {"type": "integer"}


def fields(**properties):
    return {"type": "object", "properties": properties}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def backend_of(responses, components=None, **operation):
    """A backend whose operations answer so."""
    paths = {
        path: {
            "get": {
                "operationId": path.strip("/") + "-get",
                "responses": {"200": {"description": "x", "content": {"application/json": {"schema": schema}}}},
                **operation,
            }
        }
        for path, schema in responses.items()
    }
    document = {"openapi": "3.1.0", "info": {"title": "T"}, "paths": paths, "components": {"schemas": components or {}}}
    return read_backend(document)


def names(responses, components=None, **operation):
    return [one.name for one in backend_of(responses, components, **operation).types]


def test_components_keep_their_names():
    """Also two of the same shape: what a reference leads to is a word of the document."""
    components = {"order-line": fields(a=STRING), "Order_Item": fields(a=STRING)}
    assert names({"/a": ref("order-line"), "/b": ref("Order_Item")}, components) == ["OrderItem", "OrderLine"]


def test_two_components_that_would_be_one_name_keep_apart():
    """The one that is the name already keeps it, the other keeps its words apart."""
    components = {"order-line": fields(a=STRING), "OrderLine": fields(b=STRING), "order.line": fields(c=STRING)}
    responses = {"/a": ref("order-line"), "/b": ref("OrderLine"), "/c": ref("order.line")}
    backend = backend_of(responses, components)
    assert {one.name: one.fields[0].name for one in backend.types} == {
        "OrderLine": "b",
        "Order_Line": "a",
        "OrderLine2": "c",
    }


def test_what_is_written_out_has_the_name_of_the_component_of_its_shape():
    """Documents whose references were replaced still tell the names; descriptions and order make no difference."""
    components = {"Owner": fields(name=STRING, id=INTEGER), "Order": fields(owner=fields(name=STRING, id=INTEGER))}
    written = fields(owner={**fields(id={**INTEGER, "description": "x"}, name=STRING), "description": "y"})
    assert names({"/a": written, "/b": written}, components) == ["Order", "Owner"]


def test_what_has_no_name_is_called_by_the_operation_and_the_key():
    """With Item in a list and Value in a dict."""
    schema = fields(
        buyer=fields(a=STRING),
        lines={"type": "array", "items": fields(b=STRING)},
        prices={"type": "object", "additionalProperties": fields(c=STRING)},
    )
    assert names({"/orders": schema}) == [
        "OrdersGetResponse",
        "OrdersGetResponseBuyer",
        "OrdersGetResponseLinesItem",
        "OrdersGetResponsePricesValue",
    ]


def test_what_is_in_a_component_is_called_by_the_component():
    """Not by the operation that was read first."""
    components = {"Order": fields(buyer=fields(a=STRING))}
    assert names({"/a": ref("Order"), "/b": fields(x=fields(a=STRING))}, components) == [
        "BGetResponse",
        "Order",
        "OrderBuyer",
    ]


def test_equal_shapes_are_one_with_the_shortest_name():
    """A longer place of use that comes first, or is new, does not rename it."""
    shape = fields(**{f"a_rather_long_key_{letter}": STRING for letter in "abc"})
    assert names({"/a": fields(below=shape), "/long": {"type": "array", "items": shape}, "/b": shape}) == [
        "AGetResponse",
        "BGetResponse",
    ]


def test_a_small_object_that_several_operations_share_is_called_by_its_keys():
    """The name of one of them would be wrong for the others; in a component it is part of that."""
    shape = fields(message=STRING, code=INTEGER)
    assert names({"/a": shape, "/b": {"type": "array", "items": shape}}) == ["CodeMessageObject"]
    assert names({"/a": shape, "/b": ref("Fault")}, {"Fault": fields(cause=shape)}) == ["Fault", "FaultCause"]


def test_operations_without_a_name_are_called_by_method_and_path():
    """With the parameters of the path, so that one order and all orders are two."""
    schema = fields(a=STRING)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T"},
        "paths": {
            "/orders/{id}": {
                "put": {
                    "parameters": [{"name": "id", "in": "path", "required": True}],
                    "requestBody": {"content": {"application/json": {"schema": schema}}},
                    "responses": {},
                }
            }
        },
    }
    assert [one.name for one in read_backend(document).types] == ["PutOrdersByIdBody"]


def test_two_operations_of_one_name_fall_back_on_method_and_path():
    """A number would say nothing."""
    assert names({"/a": fields(a=STRING), "/b": fields(b=STRING)}, operationId="same") == [
        "GetBResponse",
        "SameResponse",
    ]


@pytest.mark.parametrize(
    ("branches", "suffixes"),
    [
        ([fields(kind={"const": "card"}, a=STRING), fields(kind={"enum": ["sepa"]}, a=STRING)], ["Card", "Sepa"]),
        ([{**fields(a=STRING), "title": "By mail"}, {**fields(b=STRING), "title": "By hand"}], ["ByHand", "ByMail"]),
        ([fields(id=STRING, mail=STRING), fields(id=STRING, phone=STRING)], ["WithMail", "WithPhone"]),
        ([fields(id=STRING), fields(id=STRING, phone=STRING)], ["", "WithPhone"]),
        ([fields(id=STRING), STRING], [""]),
    ],
)
def test_branches_of_a_choice_are_told_apart_by_what_they_are(branches, suffixes):
    """By a tag, a title or a key of their own; one alone needs no more."""
    assert names({"/a": {"oneOf": branches}}) == [f"AGetResponse{suffix}" for suffix in suffixes]


def test_a_name_that_is_taken_becomes_an_object():
    """The component is what is called so."""
    components = {"Order": fields(buyer=fields(a=STRING)), "OrderBuyer": fields(b=STRING)}
    assert names({"/a": ref("Order"), "/b": ref("OrderBuyer")}, components) == [
        "Order",
        "OrderBuyer",
        "OrderBuyerObject",
    ]


def test_names_of_very_nested_types_leave_out_what_is_between():
    """Else they would grow with every level."""
    schema = fields(end=STRING)
    for number in range(12):
        schema = fields(**{f"level_{number:02}": schema})
    found = names({"/a": schema})
    assert len(found) == 13
    assert max(map(len, found)) <= 80
    assert "AGetResponseLevel11Level10" in found
    assert "AGetResponseLevel03" in found


def test_what_is_said_of_a_type_and_its_keys_is_kept():
    """As one line; the component's own word before that of a place of use."""
    components = {
        "Order": {**fields(id={**INTEGER, "description": "Its\nnumber.\n\nMore."}), "description": "An order."},
        "State": {"enum": ["a"], "description": "x" * 300},
    }
    order, state = backend_of({"/a": ref("Order"), "/b": ref("State")}, components).types
    assert (order.doc, order.fields[0].doc) == ("An order.", "Its number.")
    assert state.doc == "x" * 197 + "..."

"""The plain data between the two halves of the generator."""

from __future__ import annotations

import msgspec
import pytest

from query.api.generate.model import Backend, Operation, Parameter, TypeAliasClass, TypedDictClass, TypedField

BACKEND = Backend(
    title="Shop",
    operations=(
        Operation(
            method="GET",
            pattern="/orders/$id",
            path=(Parameter(name="id", type="int", required=True),),
            response="Order",
        ),
    ),
    types=(
        TypeAliasClass(name="State", type='Literal["open", "paid"]'),
        TypedDictClass(name="Order", fields=(TypedField(name="state", type="State", required=True),)),
    ),
)


def test_what_is_known_of_a_backend_cannot_be_changed():
    """A writer may hand it on without a copy."""
    with pytest.raises(AttributeError):
        BACKEND.title = "Other"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def test_what_is_known_of_a_backend_is_equal_by_value_and_can_be_written_as_json():
    """Two readings of one document compare equal, and a diff can be made of plain data."""
    plain = msgspec.json.decode(msgspec.json.encode(BACKEND))

    assert plain["operations"][0]["path"] == [{"name": "id", "type": "int", "required": True, "doc": ""}]
    assert msgspec.structs.replace(BACKEND, title="Shop") == BACKEND

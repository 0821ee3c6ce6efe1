"""A small backend, as the reading half of the generator makes it."""

import pytest

from query.api.generate.model import Backend, Operation, Parameter, TypeAliasClass, TypedDictClass, TypedField


def text(name, type="str", required=True, doc=""):
    """A parameter."""
    return Parameter(name=name, type=type, required=required, doc=doc)


def typed_dict(name, doc="", /, **fields):
    """A TypedDict; a type with a question mark is of a key that need not be there."""
    return TypedDictClass(
        name=name,
        doc=doc,
        fields=tuple(
            TypedField(name=key, type=type_.rstrip("?"), required=not type_.endswith("?"))
            for key, type_ in fields.items()
        ),
    )


SLUG = (text("slug"),)
PAGES = (text("page", "int", required=False), text("sort", 'Literal["name", "date"]', required=False))

OPERATIONS = (
    Operation(method="GET", pattern="/projects/", query=PAGES, response="list[Project]", operation_id="list projects"),
    Operation(
        method="POST",
        pattern="/projects/",
        body="ProjectBody",
        body_required=True,
        body_media="application/json",
        response="Project",
        summary="Begin a project",
    ),
    Operation(method="DELETE", pattern="/projects/$slug/", path=SLUG, response="None", deprecated=True),
    Operation(method="GET", pattern="/projects/$slug/", path=SLUG, response="Project"),
    Operation(
        method="PATCH",
        pattern="/projects/$slug/",
        path=SLUG,
        body="ProjectBody",
        body_media="application/json",
        response="Project",
    ),
    Operation(
        method="GET",
        pattern="/projects/$slug/keys/$key_id/",
        path=(*SLUG, text("key_id", "int")),
        response="Node | None",
    ),
    Operation(method="POST", pattern="/restart/", response="None"),
    Operation(
        method="GET",
        pattern="/search/",
        query=(text("q"), text("per_page", "int", required=False)),
        response="list[Project]",
    ),
    Operation(method="PUT", pattern="/upload/$slug/", path=SLUG, body_media="image/png", response="object"),
)
TYPES = (
    TypeAliasClass(name="Node", type="str | list[Node]", doc="A tree."),
    typed_dict("Project", "What is worked on.", slug="str", size="int?", owner="User | None"),
    typed_dict("ProjectBody", name="str"),
    TypeAliasClass(name="State", type='Literal["on", "off"]'),
    typed_dict("User", **{"first-name": "str", "state": "State?", "class": "str"}),
)


@pytest.fixture
def backend():
    """The backend."""
    return Backend(title="Projects", version="1.2", source="openapi.json", operations=OPERATIONS, types=TYPES)

"""Names that people see in messages: made of keys where they are few, and never two things of one name."""

import pytest
from msgspec import structs

from query.api.generate.model import Operation, Parameter
from query.api.generate.plan import camel, make_plan


def plan_of(backend, *operations, **options):
    return make_plan(structs.replace(backend, operations=operations), **options)


def get(pattern, **parts):
    return Operation(method="GET", pattern=pattern, **parts)


def parameter(name, type="str", required=False):
    return Parameter(name=name, type=type, required=required)


def test_a_path_is_named_by_its_parameters(backend):
    """In the order of the alphabet, so that equal ones are one whatever their order."""
    (by_slug, by_key) = (one for one in make_plan(backend).parameters if one.name.endswith("Path"))
    assert (by_key.name, by_slug.name) == ("SlugPath", "KeyIdSlugPath")
    assert [(field.name, field.type) for field in by_slug.fields] == [("key_id", "int"), ("slug", "PathValue")]


def test_a_small_query_is_named_by_its_parameters_and_a_large_one_by_its_operation(backend):
    """Equal ones are one."""
    many = tuple(parameter(name) for name in "abcd")
    plan = plan_of(
        backend,
        get("/a/", query=(parameter("page", "int"), parameter("sort"))),
        get("/b/", query=(parameter("sort"), parameter("page", "int"))),
        get("/c/", query=many, operation_id="find-all"),
        get("/d/", query=many),
        get("/e/", query=(*many, parameter("e"))),
    )
    assert [url.queries["GET"] for url in plan.urls] == ["PageSortQuery"] * 2 + ["FindAllQuery"] * 2 + ["GetEQuery"]


def test_equal_names_of_different_things_are_told_apart(backend):
    """By the operation, then by number."""
    plan = plan_of(
        backend,
        get("/a/", query=(parameter("page", "int"),)),
        get("/b/", query=(parameter("page"),), operation_id="b"),
        get("/c/", query=(parameter("page", "bool"),), operation_id="b"),
        get("/d/$id/", path=(parameter("id", "int", required=True),)),
        get("/e/$id/", path=(parameter("id", required=True),)),
    )
    assert [url.queries["GET"] for url in plan.urls[:3]] == ["PageQuery", "BQuery", "BQuery2"]
    assert [url.path for url in plan.urls[3:]] == ["IdPath", "IdPath2"]


def test_no_name_of_the_document_is_taken(backend):
    """Nor one that the modules need."""
    operations = [get("/$project/", path=(parameter("project", required=True),)), get("/x/", query=(parameter("q"),))]
    types = [structs.replace(backend.types[1], name=name) for name in ("ProjectPath", "QQuery", "GetXQuery")]
    backend = structs.replace(backend, types=(*backend.types, *types))
    plan = plan_of(backend, *operations, reserved=["ProjectPath2"])
    assert (plan.urls[0].path, plan.urls[1].queries["GET"]) == ("ProjectPath3", "GetXQuery2")


def test_none_may_stand_for_a_parameter_that_need_not_be_there(backend):
    """It is left out, which is what calls with a value that may be None want."""
    plan = plan_of(
        backend, get("/x/", query=(parameter("a"), parameter("b", "int | None"), parameter("c", "int", True)))
    )
    assert [field.type for field in plan.parameters[0].fields] == ["str | None", "int | None", "int"]
    assert plan.demanding == {plan.parameters[0].name}


def test_only_urls_with_more_than_get_have_a_class(backend):
    """It is named by the URL."""
    assert {url.pattern: url.class_name for url in make_plan(backend).urls} == {
        "/projects/": "ProjectsEndpoint",
        "/projects/$slug/": "ProjectsSlugEndpoint",
        "/projects/$slug/keys/$key_id/": None,
        "/restart/": "RestartEndpoint",
        "/search/": None,
        "/upload/$slug/": "UploadSlugEndpoint",
    }


def test_urls_are_left_out_on_demand_and_methods_that_no_endpoint_has(backend):
    """HEAD and OPTIONS are no business of a table."""
    head = Operation(method="HEAD", pattern="/only-head/")
    plan = plan_of(backend, get("/a/"), get("/b/"), head, without=["/a/"])
    assert [url.pattern for url in plan.urls] == ["/b/"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("issue_id", "IssueId"), ("list projects", "ListProjects"), ("2fa", "X2fa"), ("", "X"), ("filter[é]", "Filter")],
)
def test_any_text_gives_a_name(text, name):
    """Of letters and digits."""
    assert camel(text) == name

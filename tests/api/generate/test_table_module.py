"""The module that runs: a table of URLs and methods."""

import pytest
from msgspec import structs

from query.api import EndpointTable, UnknownApiUrlError
from query.api.generate.model import Operation
from query.api.generate.plan import make_plan
from query.api.generate.table_module import table_module
from query.api.validation import NamedType


def run(source):
    module = {"__name__": "myapp.backend"}
    exec(compile(source, "backend.py", "exec"), module)
    return module


def test_the_module_holds_all_urls_with_their_methods(backend):
    """And nothing else that is public."""
    module = run(table_module(make_plan(backend)))
    assert module["__all__"] == ["api"]
    assert {url: endpoint.methods for url, endpoint in module["api"].items()} == {
        "/projects/": {"GET", "POST"},
        "/projects/$slug/": {"DELETE", "GET", "PATCH"},
        "/projects/$slug/keys/$key_id/": {"GET"},
        "/restart/": {"POST"},
        "/search/": {"GET"},
        "/upload/$slug/": {"PUT"},
    }


def test_answers_are_named_not_imported(backend):
    """With how to read them, where they are no JSON."""
    reads = [
        Operation(method="GET", pattern="/a/", response="str", response_media="text/plain"),
        Operation(method="GET", pattern="/b/", response="bytes", response_media="image/png"),
        Operation(method="GET", pattern="/c/", response="str", response_media="application/json; charset=utf-8"),
        Operation(method="GET", pattern="/d/", response='Literal["x"]', response_media="application/problem+json"),
    ]
    source = table_module(make_plan(structs.replace(backend, operations=(*backend.operations, *reads))))
    for line in (
        '"/a/": {"GET:text": "str"},',
        '"/b/": {"GET:bytes": "bytes"},',
        '"/c/": {"GET": "str"},',
        r'"/d/": {"GET": "Literal[\"x\"]"},',
        '"/projects/": {"GET": "list[Project]", "POST": "Project"},',
    ):
        assert f"        {line}\n" in source
    endpoint = run(source)["api"]["/projects/"]
    assert endpoint._answers["GET"].type == NamedType("myapp.backend_types", "list[Project]")


def test_both_styles_share_the_table(backend):
    """api_options refuses a URL that is not in it."""
    module = run(table_module(make_plan(backend), both=True))
    assert module["__all__"] == ["api", "api_options"]
    assert isinstance(module["api"], EndpointTable)
    with pytest.raises(UnknownApiUrlError):
        module["api_options"].as_(dict)("/project/", stale_time=0)


def test_a_companion_is_imported(backend):
    """From beside the module, as its stub does."""
    source = table_module(make_plan(backend), companion=(".manual", "Manual"))
    assert "from .manual import Manual\n" in source
    assert "    companion=Manual,\n)\n" in source

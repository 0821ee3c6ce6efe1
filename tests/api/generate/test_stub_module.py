"""The stub: a TypedDict whose keys are the URLs. What checkers say of it is tested in tests/typing."""

import ast

import pytest
from msgspec import structs

from query.api.generate.model import Operation, TypeAliasClass
from query.api.generate.plan import make_plan
from query.api.generate.stub_module import MAX_LITERALS, RESERVED, StubWriter


@pytest.fixture
def write(backend):
    """The text of the stub of the backend, or of a changed one."""

    def run(**options):
        changes = {name: options.pop(name) for name in ("operations", "types") if name in options}
        text = StubWriter(make_plan(structs.replace(backend, **changes), reserved=RESERVED), ".types", **options).text()
        ast.parse(text)
        return text

    return run


def test_each_url_has_the_type_of_its_endpoint(write):
    """By what it has: parameters, a query that is needed, more than GET."""
    text = write()
    for line in (
        '        "/projects/": ProjectsEndpoint,',
        '        "/projects/$slug/keys/$key_id/": Endpoint[KeyIdSlugPath, NoQuery, Node | None],',
        '        "/search/": FlatQueriedEndpoint[PerPageQQuery, list[Project]],',
        "class ProjectsEndpoint(FlatEndpoint[PageSortQuery, list[Project]]):",
        "    post: FlatApiMutation[NoQuery, ProjectBody, Project]",
        '    """Begin a project"""',
        "class ProjectsSlugEndpoint(Endpoint[SlugPath, NoQuery, Project]):",
        "    patch: ApiMutation[SlugPath, NoQuery, ProjectBody | None, Project]",
        "    delete: ApiMutation[SlugPath, NoQuery, None, None]",
        '    """Deprecated."""',
        "class RestartEndpoint(FlatApiUrl):",
        "class UploadSlugEndpoint(ApiUrl[SlugPath]):",
        "    put: ApiUpload[SlugPath, NoQuery, object]",
        "api: ApiTable",
    ):
        assert f"{line}\n" in text


def test_a_type_that_is_called_like_the_companion_gets_another_name(write):
    """Both are imported."""
    text = write(
        operations=(Operation(method="GET", pattern="/x/", response="Manual"),),
        types=(TypeAliasClass(name="Manual", type="str"),),
        companion=(".manual", "Manual"),
    )
    assert "    Manual as ManualType,\n" in text
    assert "FlatEndpoint[NoQuery, ManualType]," in text
    assert "class ApiTable(DocumentedTable, Manual): ...\n" in text


def test_a_uuid_in_a_body_is_imported(write):
    """As everything else that is used."""
    text = write(operations=(Operation(method="GET", pattern="/x/", response="dict[str, UUID]"),))
    assert "from uuid import UUID\n" in text


def test_only_what_is_used_is_imported(write):
    """From the types and from query.api."""
    text = write(operations=(Operation(method="GET", pattern="/x/", response="State"),))
    assert text == (
        "\nfrom typing_extensions import TypedDict\n\nfrom query.api import FlatEndpoint, NoQuery\n\n"
        "from .types import (\n    State,\n)\n\n\n"
        'ApiTable = TypedDict(\n    "ApiTable",\n    {\n        "/x/": FlatEndpoint[NoQuery, State],\n    },\n)\n'
        "\napi: ApiTable\n"
    )


def test_a_type_that_is_called_like_a_word_of_the_stub_gets_another_name_there(write):
    """An API may well have endpoints."""
    text = write(
        operations=(Operation(method="GET", pattern="/x/", response='list[Endpoint] | Literal["Endpoint"]'),),
        types=(TypeAliasClass(name="Endpoint", type="str"),),
    )
    assert "    Endpoint as EndpointType,\n" in text
    assert 'FlatEndpoint[NoQuery, list[EndpointType] | Literal["Endpoint"]],' in text


def test_a_companion_is_inherited(write):
    """So that one table has both."""
    text = write(companion=(".manual", "Manual"))
    assert "from .manual import Manual\n" in text
    assert 'DocumentedTable = TypedDict(\n    "DocumentedTable",\n' in text
    assert "class ApiTable(DocumentedTable, Manual): ...\n" in text


def test_the_second_style_groups_urls_by_what_they_take(write, backend):
    """The largest group first, and none larger than a checker reads."""
    reads = tuple(Operation(method="GET", pattern=f"/{number:03}/") for number in range(MAX_LITERALS + 1))
    text = write(operations=(*reads, *backend.operations), both=True)
    calls = [line for line in text.splitlines() if line.startswith("    def __call__")]
    assert [line.count('"/') for line in calls] == [MAX_LITERALS, 3, 1, 1] * 2
    assert text.count("    @overload\n") == len(calls)
    assert '"/projects/", "/search/"], *, query: QueryParams | None = None, headers' in text
    assert 'url: Literal["/projects/$slug/"], *, path: SlugPath | SkipToken, query: QueryParams' in text


def test_one_group_is_no_overload(write):
    """Which needs two."""
    text = write(operations=(Operation(method="GET", pattern="/x/"),), both=True)
    assert "@overload" not in text
    assert 'def __call__(self, url: Literal["/x/"], *' in text

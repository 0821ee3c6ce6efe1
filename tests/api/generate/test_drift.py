"""Drift: what changed for those who use the endpoints."""

import pytest
from msgspec import structs

from query.api.generate.drift import find_drift, type_facts, url_facts
from query.api.generate.files import GeneratedFile, write
from query.api.generate.model import Operation, TypeAliasClass
from query.api.generate.plan import make_plan
from query.api.generate.stub_module import RESERVED, StubWriter
from query.api.generate.table_module import table_module
from query.api.generate.types_module import types_module


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The three files of a backend, as they should be."""
    monkeypatch.chdir(tmp_path)

    def make(backend):
        plan = make_plan(backend, reserved=RESERVED)
        bodies = {
            "backend.py": table_module(plan),
            "backend.pyi": StubWriter(plan, "backend_types").text(),
            "backend_types.py": types_module(plan),
        }
        return [
            GeneratedFile(path=tmp_path / name, body=body, made_from=backend.title, command="x")
            for name, body in bodies.items()
        ]

    return make


def test_files_as_written_have_not_drifted(files, backend):
    """Nothing is said."""
    write(files(backend))
    assert find_drift(files(backend)) == []


def test_wording_is_no_drift(files, backend):
    """Neither descriptions nor the header count."""
    write(files(backend))
    operations = [structs.replace(one, summary=f"Another Literal {one.method}") for one in backend.operations]
    types = [structs.replace(one, doc="UUID") for one in backend.types]
    changed = structs.replace(backend, title="Renamed", operations=tuple(operations), types=tuple(types))
    assert find_drift(files(changed)) == []


def test_what_came_went_and_changed_is_told(files, backend):
    """By URL and method, and by type and key."""
    write(files(backend))
    operations = [one for one in backend.operations if one.pattern != "/restart/" and one.method != "DELETE"]
    operations = [
        structs.replace(one, response="list[User]") if one.operation_id == "list projects" else one
        for one in operations
    ]
    operations += [
        Operation(method="GET", pattern="/teams/", response="User"),
        Operation(method="PUT", pattern="/projects/", response="None"),
    ]
    node, project, body, _, user = backend.types
    types = (
        structs.replace(node, type="int | list[Node]"),
        structs.replace(
            project, fields=(project.fields[0], structs.replace(project.fields[1], type="str", required=True))
        ),
        TypeAliasClass(name="ProjectBody", type="str"),
        structs.replace(user, fields=(user.fields[2], *user.fields[:2])),
        TypeAliasClass(name="Team", type="str"),
    )
    operations.sort(key=lambda one: (one.pattern, one.method))
    changed = structs.replace(backend, operations=tuple(operations), types=types)
    assert find_drift(files(changed)) == [
        "backend.py: stale",
        "backend.pyi: stale",
        '  + "/teams/"',
        '  - "/restart/"   (callers break)',
        '  ~ "/projects/" GET: FlatEndpoint[PageSortQuery, list[Project]] -> FlatEndpoint[PageSortQuery, list[User]]',
        '  ~ "/projects/": + PUT',
        '  ~ "/projects/$slug/": - DELETE   (callers break)',
        "backend_types.py: stale",
        "  + type Team",
        "  - type State   (callers break)",
        "  ~ type Node: str | list[Node] -> int | list[Node]",
        "  ~ type Project: -owner, size: NotRequired[int] -> str",
        "  ~ type ProjectBody: TypedDict -> str",
        "  ~ type User: its keys are in another order",
    ]


def test_files_that_are_missing_foreign_or_edited_are_told_apart(files, backend, tmp_path):
    """An edit is told together with what changed."""
    write(files(backend))
    (tmp_path / "backend.py").unlink()
    stub = tmp_path / "backend.pyi"
    stub.write_text(stub.read_text().replace('"/restart/"', '"/restarted/"'))
    (tmp_path / "backend_types.py").write_text("x = 1\n")
    assert find_drift(files(backend)) == [
        "backend.py: missing",
        "backend.pyi: edited by hand",
        '  + "/restart/"',
        '  - "/restarted/"   (callers break)',
        "backend_types.py: not made by this program",
    ]


def test_an_edited_comment_is_an_edit(files, backend, tmp_path):
    """Though nothing changed for callers."""
    write(files(backend))
    path = tmp_path / "backend_types.py"
    path.write_text(path.read_text() + '"""Mine."""\n')
    assert find_drift(files(backend)) == ["backend_types.py: edited by hand"]


def test_every_url_and_type_is_seen(files, backend):
    """The comparison is not blind to one form of them."""
    _, stub, types = files(backend)
    facts = url_facts(stub.body)
    assert {url: set(methods) for url, methods in facts.items()} == {
        '"/projects/"': {"GET", "POST"},
        '"/projects/$slug/"': {"GET", "PATCH", "DELETE"},
        '"/projects/$slug/keys/$key_id/"': {"GET"},
        '"/restart/"': {"POST"},
        '"/search/"': {"GET"},
        '"/upload/$slug/"': {"PUT"},
    }
    assert type_facts(types.body) == {
        "KeyIdSlugPath": {"key_id": "int", "slug": "PathValue"},
        "Node": {"": "str | list[Node]"},
        "PageSortQuery": {
            "page": "NotRequired[int | None]",
            "sort": 'NotRequired[Literal["name", "date"] | None]',
        },
        "PerPageQQuery": {"q": "str", "per_page": "NotRequired[int | None]"},
        "Project": {"slug": "str", "size": "NotRequired[int]", "owner": "User | None"},
        "ProjectBody": {"name": "str"},
        "SlugPath": {"slug": "PathValue"},
        "State": {"": 'Literal["on", "off"]'},
        "User": {"first-name": "str", "state": "NotRequired[State]", "class": "str"},
    }

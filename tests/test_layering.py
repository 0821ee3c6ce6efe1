"""The floors of the house hold, and the guard that says so can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def layering(load_program):
    """The checker."""
    return load_program("tools/layering.py")


@pytest.fixture
def check(layering, tmp_path):
    """Build a small tree from ``{path: source}`` and return what is wrong with it."""

    def run(files):
        for name, source in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source)
        return layering.violations(tmp_path)

    return run


def test_the_house_keeps_its_floors(layering):
    """Every import of the two packages is one that docs/architecture.md draws."""
    wrong = layering.violations(ROOT)
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_walk_sees_the_house(layering):
    """The guard is not green because it looked at nothing."""
    modules, imports = layering.read_imports(ROOT)
    assert modules == {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in ("query", "mockapi")
        for p in (ROOT / package).rglob("*.py")
    }
    assert ("query.cache.query", "query.base.options") in {(i.source, i.target) for i in imports}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("query/runtime/clock.py", "from ..base.types import Duration"),
        ("query/runtime/clock.py", "from ..base import types"),
        ("query/observers/result.py", "from ..client.query_client import QueryClient"),
        ("query/api/fetch.py", "from query.base.types import UNSET"),
        ("query/api/generate/backend.py", "from ...openapi.documents import Node"),
        ("mockapi/openapi/routes.py", "from query.openapi.documents import Node"),
        ("query/sync.py", "from .observers.query_observer import QueryObserver"),
        ("query/ui/react/hooks.py", "from ...observers.query_observer import QueryObserver"),
        ("query/__init__.py", "from .observers.query_observer import QueryObserver"),
        ("mockapi/client.py", "import query\nfrom query.cache.query import Query\nimport query.api"),
        ("query/base/types.py", "import msgspec\nfrom typing_extensions import TypeVar\nimport collections.abc"),
        ("query/api/http_library.py", "import httpx"),
        ("mockapi/interception.py", "import respx"),
        ("mockapi/client.py", "import httpx"),
    ],
)
def test_an_import_along_the_arrows_is_allowed(check, path, source):
    """What the arrows draw is never complained about."""
    assert check({path: source}) == []


@pytest.mark.parametrize(
    ("path", "source", "said"),
    [
        ("query/base/a.py", "from ..runtime.clock import Clock", "base may import no other floor"),
        ("query/base/a.py", "def f():\n    from ..runtime import clock", "query/base/a.py:2 imports query.runtime"),
        (
            "query/base/a.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import query.cache.query",
            "a.py:3",
        ),
        ("query/runtime/a.py", "from query.cache import query_cache", "runtime may import base."),
        ("query/cache/a.py", "from ..client.query_client import QueryClient", "contracts.py and let client provide it"),
        ("query/client/a.py", "from .. import observers", "imports query.observers"),
        ("query/observers/a.py", "from ..api.fetch import api_fetch", "observers may import base, cache, client, run"),
        ("query/observers/a.py", "from ..sync import run", "imports query.sync"),
        ("query/api/a.py", "from ..runtime.clock import Clock", "api may import base, openapi."),
        ("query/openapi/a.py", "from ..api.url import get_api_url", "openapi may import base."),
        ("query/base/deep/down/a.py", "from ....runtime.clock import Clock", "base may import no other floor"),
        ("query/cache/__init__.py", "from ..client import defaults", "query/cache/__init__.py:1"),
        (
            "query/base/a.py",
            "import importlib\nimportlib.import_module('query.cache.query')",
            "a.py:2 imports query.cache",
        ),
    ],
)
def test_an_import_against_the_arrows_is_named_with_its_line(check, path, source, said):
    """One import up, of whatever form and at whatever depth, is one message that tells what to move."""
    floors = {f"query/{floor}/__init__.py": "" for floor in ("base", "runtime", "cache", "client", "observers", "api")}
    wrong = check({**floors, "query/runtime/clock.py": "", path: source})
    assert len(wrong) == 1
    assert said in wrong[0]
    assert "Move " in wrong[0]


@pytest.mark.parametrize("source", ["import query", "from query import QueryClient", "from .. import QueryClient"])
def test_the_front_door_is_not_used_from_inside(check, source):
    """It imports every floor, so every such import is a cycle."""
    (message,) = check({"query/__init__.py": "", "query/base/a.py": source})
    assert message.startswith("query/base/a.py:1 imports query: the front door is for users")


@pytest.mark.parametrize("source", ["from . import api", "from .api.fetch import api_fetch", "import query.api"])
def test_the_front_door_does_not_open_http(check, source):
    """``import query`` must not cost an HTTP library."""
    (message,) = check({"query/__init__.py": source, "query/api/__init__.py": ""})
    assert "the front door does not open HTTP" in message


def test_nothing_in_query_knows_the_test_plugin(check):
    """The product stands without the plugin."""
    (message,) = check({"query/observers/a.py": "def f():\n    import mockapi.client"})
    assert message.startswith("query/observers/a.py:2 imports mockapi.client: nothing in query may know")


def test_a_floor_that_is_not_planned_is_named(check):
    """A new folder needs a line in the table before it may exist."""
    (message,) = check({"query/helpers/a.py": "from ..cache.query import Query"})
    assert message.startswith("query/helpers: no such floor is planned.")


@pytest.mark.parametrize(
    ("path", "source", "said"),
    [
        ("query/base/a.py", "import anyio", "base holds the standard library, msgspec and typing_extensions only"),
        ("query/base/a.py", "import httpx", "only query/api/http_library.py loads it"),
        ("query/api/fetch.py", "def f():\n    import httpx2", "only query/api/http_library.py loads it"),
        (
            "mockapi/client.py",
            "def f():\n    from respx.router import Router",
            "only mockapi.interception, mockapi",
        ),
        ("query/api/http.py", "import respx", "mockapi.respx_routes touch respx"),
    ],
)
def test_a_package_stays_in_its_room(check, path, source, said):
    """msgspec below, httpx in one file of query, respx in three files of all."""
    (message,) = check({path: source})
    assert said in message


def test_a_cycle_is_shown_as_a_closed_walk(check):
    """The message names every file on the way round, typing imports included."""
    guarded = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .a import A"
    (message,) = check(
        {
            "query/cache/a.py": "from . import b",
            "query/cache/b.py": "from .c import C",
            "query/cache/c.py": guarded,
        }
    )
    assert message.startswith("query.cache.a -> query.cache.b -> query.cache.c -> query.cache.a: a cycle.")


def test_a_package_that_re_exports_is_in_the_cycle_of_its_files(check):
    """A file that asks its own package for a name asks for itself."""
    (message,) = check(
        {"mockapi/render/__init__.py": "from .html import page", "mockapi/render/html.py": "from . import x"}
    )
    assert message.startswith("mockapi.render -> mockapi.render.html -> mockapi.render: a cycle.")


@pytest.mark.parametrize(
    "files",
    [
        {"mockapi/plugin.py": "import httpx"},
        {"mockapi/__init__.py": "import query.api"},
        {"mockapi/plugin.py": "try:\n    import httpx2\nexcept ImportError:\n    pass"},
        {"mockapi/plugin.py": "class A:\n    import deepdiff"},
        {"mockapi/plugin.py": "from .messages import say", "mockapi/messages.py": "import deepdiff"},
    ],
)
def test_the_plugin_loads_nothing_heavy(check, files):
    """Neither at its own module level nor through a file that it imports there."""
    (message,) = check(files)
    assert "every pytest run pays for it" in message


def test_the_plugin_may_import_inside_functions_and_for_typing(check):
    """What runs later, or never, costs nothing at start-up."""
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import httpx\ndef f():\n    import query.api"
    assert check({"mockapi/plugin.py": source}) == []


def test_the_map_shows_the_files_that_exist():
    """docs/architecture.md names every file below its folder, and no other."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = set()
    for section in page.split("\n### ")[1:]:
        folder = section.split("`")[1]
        rows = [line for line in section.split("\n## ")[0].splitlines() if line.startswith("| `")]
        drawn |= {f"{folder}/{row.split('`')[1]}" for row in rows}
    there = {
        path.relative_to(ROOT).as_posix()
        for package in ("query", "mockapi")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py"
    }
    assert not there - drawn, f"docs/architecture.md lacks a line for {sorted(there - drawn)}"
    assert not drawn - there, f"docs/architecture.md has a line for {sorted(drawn - there)}, which is gone"


def test_the_drawn_arrows_are_those_that_are_held(layering):
    """The line of arrows on the page says what the checker's table says."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (arrows,) = [line for line in page.splitlines() if line.startswith("face -> ")]
    chain = [floor.strip() for floor in arrows.split("<-")[0].split("->")]
    for number, floor in enumerate(chain):
        assert layering.BELOW[floor] == set(chain[number + 1 :])
    assert f"{chain[-1]} <- openapi <- api" in arrows
    assert layering.BELOW["openapi"] == {chain[-1]}
    assert layering.BELOW["api"] == {chain[-1], "openapi"}

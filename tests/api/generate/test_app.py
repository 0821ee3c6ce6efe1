"""The document of an application: asked of the application itself."""

import sys

import pytest
from fastapi import FastAPI

from query.api.generate.app import document_of_app
from query.api.generate.errors import GenerateError

SOURCE = """
from fastapi import FastAPI
from starlette.applications import Starlette

app = FastAPI(title="Shop")

@app.get("/orders/{order_id}")
def read_order(order_id: int) -> dict[str, str]: ...

class inner:
    app = app

plain = Starlette()
def create_app(): ...
class Broken:
    def openapi(self): raise RuntimeError("no schema for you")
broken = Broken()
class Empty:
    def openapi(self): return None
empty = Empty()
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The module with the applications, in the folder in which the command runs; forgotten afterwards."""
    (tmp_path / "shop_server_module.py").write_text(SOURCE)
    (tmp_path / "failing_module.py").write_text("import no_such_package_at_all")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield "shop_server_module"
    for name in ("shop_server_module", "failing_module"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", ["app", "inner.app"])
def test_an_application_of_fastapi_writes_its_document(place, name):
    """No server runs."""
    document = document_of_app(f"{place}:{name}")
    assert document["info"]["title"] == "Shop"
    assert list(document["paths"]) == ["/orders/{order_id}"]
    assert document == FastAPI.openapi(sys.modules[place].app)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("app:", "is no place of an application; expected package.module:app"),
        ("shop_server_module", "expected package.module:app"),
        ("shop_server_module:a b", "expected package.module:app"),
        ("failing_module:app", "cannot be imported from .*: ModuleNotFoundError: No module named 'no_such_package"),
        ("shop_server_module:ap", "shop_server_module has no 'ap'. Name the variable"),
        ("shop_server_module:plain", r"a starlette\S+Starlette has no openapi\(\).* Write its document to a file"),
        ("shop_server_module:create_app", "a function has no openapi.* put what it returns into a variable"),
        ("shop_server_module:broken", r"openapi\(\) failed: RuntimeError: no schema for you"),
        ("shop_server_module:empty", r"openapi\(\) returned a NoneType; expected a dict"),
    ],
)
def test_what_is_no_such_application_is_refused(place, name, said):
    """With the reason and what to do."""
    with pytest.raises(GenerateError, match=said):
        document_of_app(name)

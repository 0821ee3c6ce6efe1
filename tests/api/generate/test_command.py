"""The command line: from a document to three files, and back to what has changed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from query.api.generate.command import main

ROOT = Path(__file__).resolve().parents[3]


def schema(**properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


def document(**paths):
    return {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": paths}


def answering(answer):
    return {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": answer}}}}}


ORDERS = {"/v1/orders/": {"get": answering(schema(total={"type": "number"}))}}
ADMIN = {"/v1/admin/": {"get": answering({"type": "string"})}}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs the command in an empty folder with a package and a document; gives its code and what it said."""
    monkeypatch.chdir(tmp_path)
    Path("myapp").mkdir()
    Path("myapp/__init__.py").touch()
    Path("openapi.json").write_text(json.dumps(document(**ORDERS, **ADMIN)))

    def command(*arguments, source="openapi.json", output="myapp/backend"):
        code = main([*([source] if source else []), "-o", output, *arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


def test_a_folder_that_is_no_package_is_told(run):
    """Else the stub imports its types from where they are not, and a checker takes all of them for Any."""
    said = run()[1]
    assert "__init__" not in said
    Path("myapp/__init__.py").unlink()
    code, said = run()
    assert code == 0
    assert said.splitlines()[-1] == (
        "myapp has no __init__.py, so this is a module by itself: from backend import api. For a module of the package "
        "myapp, make myapp/__init__.py and run this again."
    )


def test_three_files_are_written(run):
    """And named."""
    assert run() == (0, "wrote: myapp/backend.py\nwrote: myapp/backend.pyi\nwrote: myapp/backend_types.py\n")
    assert run() == (
        0,
        "as it was: myapp/backend.py\nas it was: myapp/backend.pyi\nas it was: myapp/backend_types.py\n",
    )
    assert sorted(path.name for path in Path("myapp").iterdir()) == [
        "__init__.py",
        "backend.py",
        "backend.pyi",
        "backend_types.py",
    ]


def test_the_module_runs_and_its_types_are_not_loaded(run):
    """In a process of its own, as a program imports it."""
    run()
    program = (
        "import sys; from myapp.backend import api; "
        "print(list(api), api['/v1/orders/'](stale_time=0).query_key, 'myapp.backend_types' in sys.modules); "
        "import myapp.backend_types"
    )
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}."}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == "['/v1/admin/', '/v1/orders/'] QueryKey('/v1/orders/') False\n"


@pytest.mark.parametrize("output", ["myapp/backend.py", "myapp/backend.pyi"])
def test_the_output_may_be_written_as_a_file(run, output):
    """It is the same module."""
    run()
    assert "wrote" not in run(output=output)[1]


def test_the_header_has_the_command_without_the_machine(run, tmp_path):
    """Also when paths are given whole."""
    run("--strip-prefix", "/v1", "--exclude", "/v1/admin/*", output=str(tmp_path / "myapp" / "backend"))
    lines = Path("myapp/backend.py").read_text().splitlines()
    assert lines[:2] == [
        '# Made by query.api.generate (format 1) from "Shop" 1 (openapi.json). Do not edit; run again:',
        "#     python -m query.api.generate openapi.json -o myapp/backend --exclude '/v1/admin/*' --strip-prefix /v1",
    ]
    assert any(line.startswith('        "/orders/": {"GET": "') for line in lines)
    assert not any("admin" in line for line in lines[2:])


def test_a_prefix_is_put_in_the_place_of_another(run):
    """The command in the header says so, too."""
    run("--strip-prefix", "/v1", "--add-prefix", "/v2")
    text = Path("myapp/backend.py").read_text()
    assert '"/v2/orders/"' in text
    assert "--strip-prefix /v1 --add-prefix /v2" in text


def test_only_included_paths_are_written(run):
    """As the document has them."""
    run("--include", "/v1/orders*")
    assert "admin" not in Path("myapp/backend.pyi").read_text()


def test_both_call_shapes_are_written_on_demand(run):
    """The second beside the first."""
    run("--style", "both")
    assert "api_options = TableApiOptions(api)" in Path("myapp/backend.py").read_text()


def test_check_is_silent_when_nothing_has_changed(run):
    """Also where nothing but a description has."""
    run()
    changed = document(**ORDERS, **ADMIN)
    changed["info"]["title"] = "Our shop"
    changed["paths"]["/v1/orders/"]["get"]["summary"] = "All orders"
    Path("openapi.json").write_text(json.dumps(changed))
    assert run("--check") == (0, "")


def test_check_tells_what_has_changed_and_how_to_bring_it_up_to_date(run):
    """With an exit code for CI; nothing is written."""
    run()
    before = {path: path.read_bytes() for path in Path("myapp").iterdir()}
    orders = {"/v1/orders/": {"get": answering(schema(total={"type": "integer"}))}}
    Path("openapi.json").write_text(json.dumps(document(**orders)))
    code, said = run("--check")
    assert code == 1
    assert said.splitlines() == [
        "myapp/backend.py: stale",
        "myapp/backend.pyi: stale",
        '  - "/v1/admin/"   (callers break)',
        "myapp/backend_types.py: stale",
        *[line for line in said.splitlines() if line.startswith("  ~ type ") and line.endswith("total: float -> int")],
        "To bring them up to date, run:",
        "  python -m query.api.generate openapi.json -o myapp/backend",
    ]
    assert "total: float -> int" in said
    assert {path: path.read_bytes() for path in Path("myapp").iterdir()} == before


def test_a_companion_decides_about_its_urls(run):
    """They leave the generated table, and come back by inheritance."""
    Path("myapp/manual.py").write_text(
        "from typing import TypedDict\nfrom query.api import FlatEndpoint, NoQuery\n"
        'Manual = TypedDict("Manual", {"/v1/admin/": FlatEndpoint[NoQuery, int], "/x/": FlatEndpoint[NoQuery, int]})\n'
    )
    run("--companion", "myapp/manual.py")
    stub, module = Path("myapp/backend.pyi").read_text(), Path("myapp/backend.py").read_text()
    assert "class ApiTable(DocumentedTable, Manual): ..." in stub
    assert '"/v1/admin/"' not in stub + module
    assert "--companion myapp/manual.py" in module


def test_an_application_is_asked_itself(run, monkeypatch):
    """The header says which."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    Path("command_app_module.py").write_text(
        f"class App:\n    def openapi(self): return {document(**ORDERS)!r}\napp = App()\n"
    )
    assert run("--from-app", "command_app_module:app", source=None)[0] == 0
    sys.modules.pop("command_app_module")
    head = Path("myapp/backend.py").read_text().splitlines()[:2]
    assert head[0].endswith('from "Shop" 1 (command_app_module:app). Do not edit; run again:')
    assert head[1].endswith("generate --from-app command_app_module:app -o myapp/backend")


def test_a_file_of_somebody_else_is_not_overwritten(run):
    """Unless that is what is wanted."""
    Path("myapp/backend.py").write_text("mine = 1\n")
    code, said = run()
    assert code == 2
    assert "myapp/backend.py would be overwritten, and is not made by this program" in said
    assert Path("myapp/backend.py").read_text() == "mine = 1\n"
    assert run("--force")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        ([], {"source": None}, "give either a document, such as openapi.json, or --from-app"),
        (["--from-app", "a:b"], {}, "give either a document"),
        ([], {"output": "myapp/back-end"}, "'back-end' is no name of a module"),
        ([], {"output": "myapp/class"}, "'class' is no name of a module"),
        ([], {"output": "other/backend"}, "there is no folder other. Make it first"),
        ([], {"source": "none.json"}, "none.json cannot be read"),
        (["--companion", "myapp/none.py"], {}, "the companion myapp/none.py cannot be read"),
        (["--from-app", "a"], {"source": None}, "expected package.module:app"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(run, arguments, options, said):
    """Nothing is written."""
    code, text = run(*arguments, **options)
    assert code == 2
    assert text.startswith("python -m query.api.generate: ")
    assert said in text
    assert len(text.splitlines()) == 1
    assert [path.name for path in Path("myapp").iterdir()] == ["__init__.py"]


def test_no_path_left_is_no_module(run):
    """It would be of no use."""
    code, text = run("--exclude", "*")
    assert code == 2
    assert "leaves out all" in text
    Path("openapi.json").write_text(json.dumps(document(**{"/x/": {"head": answering({})}})))
    code, text = run()
    assert code == 2
    assert "no path is left to write" in text


def test_help_shows_how_to_begin(capsys):
    """A command to copy, what it writes, and the exit codes."""
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    said = capsys.readouterr().out
    assert stopped.value.code == 0
    for text in ("openapi.json -o myapp/backend", "--from-app myserver.main:app", "myapp/backend.pyi", "exit code"):
        assert text in said


def test_the_table_with_odd_names_is_up_to_date(monkeypatch, capsys):
    """The static cases use it."""
    monkeypatch.chdir(ROOT)
    odd = "tests/typing/odd"
    code = main([f"{odd}/openapi.json", "-o", f"{odd}/backend", "--style", "both", "--check"])
    assert (code, capsys.readouterr().out) == (0, "")


def test_it_runs_as_a_program():
    """python -m query.api.generate; the table that the static cases use is up to date."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    shop = "tests/typing/shop"
    command = [sys.executable, "-m", "query.api.generate", f"{shop}/openapi.json", "-o", f"{shop}/backend"]
    options = ["--companion", f"{shop}/manual.py", "--style", "both", "--check"]
    done = subprocess.run([*command, *options], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")

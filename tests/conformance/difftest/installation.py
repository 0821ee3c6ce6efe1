"""Whether the oracle can run here: Node, and query-core beside oracle.mjs."""

from __future__ import annotations

import shutil
import subprocess

import msgspec

from .oracle import FOLDER

PACKAGE = FOLDER / "node_modules" / "@tanstack" / "query-core" / "package.json"


def pinned_version() -> str:
    """The version of query-core that the port is compared with."""
    manifest = msgspec.json.decode((FOLDER / "package.json").read_bytes())
    version: str = manifest["dependencies"]["@tanstack/query-core"]
    return version


def missing() -> str | None:
    """What keeps the oracle from running, in one line; None if nothing does."""
    if shutil.which("node") is None:
        return "there is no Node (no 'node' on the PATH)"
    if not PACKAGE.exists():
        return "query-core is not installed; 'make conformance' or 'npm ci' in tests/conformance does it"
    installed = msgspec.json.decode(PACKAGE.read_bytes())["version"]
    if installed != pinned_version():
        return f"query-core {installed} is installed, but {pinned_version()} is pinned; run 'npm ci'"
    return None


def install() -> str | None:
    """Install the pinned query-core if it is missing; what kept it from that, in one line, else None."""
    reason = missing()
    if reason is None or shutil.which("node") is None:
        return reason
    if shutil.which("npm") is None:
        return "there is no npm to install query-core with"
    quiet = ("--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts")
    patience = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
    try:
        done = subprocess.run(
            ["npm", "ci", *quiet, *patience], cwd=FOLDER, capture_output=True, text=True, timeout=180, check=False
        )
    except subprocess.TimeoutExpired:
        return "npm did not install query-core within 180 s"
    if done.returncode != 0:
        return f"npm could not install query-core: {_telling(done.stderr) or f'exit {done.returncode}'}"
    return missing()


def _telling(stderr: str) -> str:
    """The line of npm's error that says most: the one that names an error or a reason, else the first."""
    lines = [line.removeprefix("npm error").strip() for line in stderr.splitlines() if line.startswith("npm error")]
    return next((line for line in lines if "Error: " in line or "reason: " in line), lines[0] if lines else "")

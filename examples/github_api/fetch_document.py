"""Fetches the OpenAPI document of GitHub from npm, which the example is generated from: ``python fetch_document.py``.

The document is published as the npm package @octokit/openapi. Its version is fixed, and what comes is held against a
digest. It stays out of the repository: it is not ours, and it is large. A place for it may be given. The exit code is 0
if the document is there, 1 if not.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE / "document" / "github.json"

PACKAGE = "@octokit/openapi@23.0.2"
# npm's own form, "integrity" of the package's versions
SHA512 = "pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg=="
MEMBER = "package/generated/ghec.json"


class NotFetchedError(Exception):
    """The document could not be fetched; the text says why."""


def fetch(document: Path = DOCUMENT) -> bool:
    """Put the document in its place, unless it is there.

    Args:
        document: The place.

    Returns:
        Whether it had to be fetched.

    Raises:
        NotFetchedError: There is no npm, it failed, or what came is not what was expected.
    """
    if document.exists():
        return False
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetchedError("there is no npm on the PATH; install Node.js")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", PACKAGE, "--pack-destination", folder]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        packed = [*Path(folder).glob("*.tgz")]
        if done.returncode or len(packed) != 1:
            lines = [line for line in done.stderr.splitlines() if line.strip()]
            raise NotFetchedError(f"npm could not fetch {PACKAGE}: {lines[-1] if lines else 'it does not say why'}")
        content = packed[0].read_bytes()
        if base64.b64encode(hashlib.sha512(content).digest()).decode() != SHA512:
            raise NotFetchedError(f"{PACKAGE} is not what it was when its digest was written down")
        with tarfile.open(packed[0]) as archive:
            member = archive.extractfile(MEMBER)
            if member is None:
                raise NotFetchedError(f"{PACKAGE} has no {MEMBER}")
            text = member.read()
    document.parent.mkdir(parents=True, exist_ok=True)
    # in one step: what is there is whole
    made = document.with_suffix(".part")
    made.write_bytes(text)
    made.replace(document)
    return True


if __name__ == "__main__":
    try:
        fetch(*map(Path, sys.argv[1:2]))
    except NotFetchedError as error:
        print(f"GitHub's document: not there, {error}. The example that is generated from it will not run.")
        sys.exit(1)

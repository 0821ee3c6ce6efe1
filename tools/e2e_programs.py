"""Installs from Debian what ``make e2e`` needs and pip does not have: a browser and a terminal.

What is there already is left alone. Without the rights to install, it says what to ask for.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final

PACKAGES: Final = ("chromium", "tmux")
"""Each is a program and a package of the same name."""


class MissingProgramsError(Exception):
    """Programs are missing, and nobody here may install them."""

    def __init__(self, missing: Sequence[str], why: str) -> None:
        names = " and ".join(missing)
        super().__init__(
            f"make e2e needs {names}, and {why}. "
            f"Install them, on Debian with: apt-get install --no-install-recommends {' '.join(missing)}"
        )


def missing(packages: Sequence[str] = PACKAGES) -> list[str]:
    """Those that are not on the PATH.

    Args:
        packages: Names of programs.
    """
    return [name for name in packages if shutil.which(name) is None]


def prefix(packages: Sequence[str]) -> list[str]:
    """What to write before a command that installs them; empty for root.

    Args:
        packages: What is missing.

    Raises:
        MissingProgramsError: There is no apt-get, or neither root nor a sudo that asks for no password.
    """
    if shutil.which("apt-get") is None:
        raise MissingProgramsError(packages, "there is no apt-get to install them with")
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise MissingProgramsError(packages, "only root may install them")
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
        raise MissingProgramsError(packages, "sudo asks for a password")
    # sudo begins with an environment of its own
    return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]


def install(packages: Sequence[str], environ: Mapping[str, str]) -> None:
    """Install packages of Debian.

    Args:
        packages: Their names.
        environ: The environment.

    Raises:
        MissingProgramsError: That is not possible here, or went wrong.
    """
    before = prefix(packages)
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        ran = subprocess.run(
            [*before, "apt-get", "-q", *command], env={**environ, "DEBIAN_FRONTEND": "noninteractive"}, check=False
        )
        if ran.returncode:
            raise MissingProgramsError(packages, f"apt-get {command[0]} failed with code {ran.returncode}")


def main() -> int:
    """Install what is missing; 1 if that cannot be done."""
    names = missing()
    if not names:
        return 0
    try:
        install(names, os.environ)
    except MissingProgramsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Is the package ``query`` really ours? Its name is a common one for a module beside somebody's tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from .errors import QueryPackageError


def require_query() -> None:
    """Make sure that ``import query`` finds the package of this distribution.

    Raises:
        QueryPackageError: It finds another module; the message names its file.
    """
    __tracebackhide__ = True
    ours = Path(__file__).parent.parent / "query" / "__init__.py"
    module = sys.modules.get("query")
    if module is not None:
        found = getattr(module, "__file__", None)
    else:
        spec = importlib.util.find_spec("query")
        found = None if spec is None else spec.origin
    if found is None or not _same(Path(found), ours):
        raise QueryPackageError(
            f"'import query' finds {found or 'nothing'}, but pytest-mockapi needs its own package 'query' at "
            f"{ours.parent}. A module of yours has the same name and comes first on sys.path. Rename it, or put it "
            "into a package of your own. (--import-mode=importlib keeps pytest from putting the folder of your tests "
            "first.)"
        )


def _same(found: Path, ours: Path) -> bool:
    try:
        return found.samefile(ours)
    except OSError:
        return False

"""What is said when the framework of an adapter is not installed."""

from __future__ import annotations


def missing_extra(module: str, package: str, extra: str) -> ImportError:
    """The error of an adapter whose framework is missing or too old.

    Args:
        module: The adapter, such as ``"query.ui.reactpy"``.
        package: What it needs, such as ``"reactpy>=2.0.0b13"``.
        extra: The extra that brings it.
    """
    return ImportError(f"{module} needs {package}. Install it with: pip install 'pytest-mockapi[{extra}]'")

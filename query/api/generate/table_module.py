"""The text of the module that runs: URLs and methods, and nothing that takes time to import."""

from __future__ import annotations

import json

from .plan import Plan


def table_module(plan: Plan, *, companion: tuple[str, str] | None = None, both: bool = False) -> str:
    """The text of the module, without its header.

    Args:
        plan: What is written, named.
        companion: The module that holds the companion table, as it is imported, and the table's name.
        both: Whether ``api_options`` is written beside ``api``.
    """
    names = ["EndpointTable", "TableApiOptions"] if both else ["EndpointTable"]
    lines = [f"from query.api import {', '.join(names)}\n"]
    if companion is not None:
        lines.append(f"\nfrom {companion[0]} import {companion[1]}\n")
    public = '["api", "api_options"]' if both else '["api"]'
    lines.append(f"\n__all__ = {public}\n\napi = EndpointTable(\n    {{\n")
    lines.extend(f'        {json.dumps(url.pattern)}: "{" ".join(sorted(url.operations))}",\n' for url in plan.urls)
    lines.append("    },\n" + (f"    companion={companion[1]},\n" if companion is not None else "") + ")\n")
    if both:
        lines.append("api_options = TableApiOptions(api)\n")
    return "".join(lines)

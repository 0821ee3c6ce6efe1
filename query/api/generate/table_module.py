"""The text of the module that runs: URLs and methods, and nothing that takes time to import."""

from __future__ import annotations

import json
import re

from .model import Operation
from .plan import Plan, Url


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
    lines.extend(f"        {json.dumps(url.pattern)}: {_answers(url)},\n" for url in plan.urls)
    lines.append('    },\n    types=f"{__name__}_types",\n')
    lines.append((f"    companion={companion[1]},\n" if companion is not None else "") + ")\n")
    if both:
        lines.append("api_options = TableApiOptions(api)\n")
    return "".join(lines)


def _answers(url: Url) -> str:
    parts = [
        f"{json.dumps(method + _parse(operation))}: {json.dumps(operation.response)}"
        for method, operation in sorted(url.operations.items())
    ]
    return f"{{{', '.join(parts)}}}"


def _parse(operation: Operation) -> str:
    """How to read an answer that is no JSON."""
    if not operation.response_media or re.search(r"[/+]json\b", operation.response_media):
        return ""
    return {"str": ":text", "bytes": ":bytes"}.get(operation.response, "")

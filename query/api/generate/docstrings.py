"""Descriptions in generated files: docstrings of one line each, so that they can be told from what counts."""

from __future__ import annotations


def docstring(text: str, indent: str = "    ") -> str:
    """*text* as a line with a docstring; nothing for an empty one.

    Args:
        text: Anything; made one line.
        indent: What the line begins with.
    """
    if not text.strip():
        return ""
    safe = " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''")
    return f'{indent}"""{safe[:-1]}\\""""\n' if safe.endswith('"') else f'{indent}"""{safe}"""\n'


def without_docstrings(source: str) -> str:
    """A generated text without what is for people only.

    Args:
        source: The text.
    """
    return "".join(line for line in source.splitlines(keepends=True) if not line.lstrip().startswith('"""'))

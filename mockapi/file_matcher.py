"""The matcher of the files in a multipart form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .agreement import agrees, content_agrees
from .forms import SentFile
from .matchers import ABSENT, Mismatch, PartMatcher, checked_names
from .requests import RequestView, as_text

_PARTS = ("filename", "content", "content_type")
_SHAPES = (
    'its bytes or text, (filename, content), (filename, content, content_type), {"content_type": ...}, or a list of '
    "these for several files"
)


class FileMatcher(PartMatcher):
    """Compares the files of a multipart form.

    Args:
        wanted: Names of fields, each with ``ABSENT`` or a list of files; a file is the parts that count, or a value
            with its own ``==``.
    """

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        super().__init__("files", dict(wanted))

    def check(self, view: RequestView) -> bool | Mismatch:
        """Whether the request's files fit.

        Args:
            view: The request with its parts.
        """
        sent = view.files
        wanted: dict[str, Any] = self.wanted
        if not sent and all(files is ABSENT for files in wanted.values()):
            return True
        if sent is None:
            got = view.content_type if view.request.content else b""
            reason = "the body is no form" if view.request.content else "the body is empty"
            return Mismatch("files", reason, {name: _shown(files) for name, files in wanted.items()}, got)
        differing = [name for name, files in wanted.items() if not _files_agree(files, sent.get(name))]
        if not differing:
            return True
        name = differing[0]
        what = "was sent" if wanted[name] is ABSENT else "differs" if name in sent else "is missing"
        return Mismatch(
            "files",
            f"{name} {what}",
            {name: _shown(wanted[name]) for name in differing},
            {name: _sent(wanted[name], sent[name]) for name in differing if name in sent},
        )


def match_files(wanted: Mapping[str, Any]) -> FileMatcher:
    """A matcher of the files in a multipart form: the fields given are compared, others may be there.

    Args:
        wanted: Names of fields, each with its file: the bytes, or text in UTF-8; or a tuple ``(filename, content)`` or
            ``(filename, content, content_type)``, as httpx takes it; or a dict of those of the three that count; or
            what ``Call.files`` holds. A list is all files of a repeated field, in order; ``ABSENT`` must not be sent.
            Each part may be a regular expression, which must match the whole, or a value with its own ``==``, such as
            ``unittest.mock.ANY``. A content type without parameters agrees with any parameters.

    Raises:
        TypeError: Not a mapping, or a value that is none of these.
    """
    found = checked_names("match_files", wanted)
    for name, value in found.items():
        if value is not ABSENT:
            files = value if isinstance(value, list) else [value]
            found[name] = [_checked(file, name) for file in files]
    return FileMatcher(found)


def _checked(file: Any, name: str) -> Any:
    """A wanted file as the parts of it that count."""
    if isinstance(file, SentFile):
        return {part: getattr(file, part) for part in _PARTS}
    if isinstance(file, tuple) and len(file) in (2, 3):
        return dict(zip(_PARTS, file, strict=False))
    if isinstance(file, Mapping) and file and all(part in _PARTS for part in file):
        return dict(file)
    if isinstance(file, (bytes, bytearray, memoryview)):
        return {"content": bytes(file)}
    if isinstance(file, (str, re.Pattern)):
        return {"content": file}
    if file is None or file is ABSENT or isinstance(file, (tuple, Mapping, list, bool, int, float)):
        raise TypeError(f"match_files has {file!r} for {name!r}, which is no file; expected {_SHAPES}.")
    if hasattr(file, "read"):
        raise TypeError(f"match_files has the open file {file!r} for {name!r}; expected {_SHAPES}: read it first.")
    return file


def _files_agree(wanted: Any, sent: list[SentFile] | None) -> bool:
    if wanted is ABSENT:
        return not sent
    if sent is None or len(wanted) != len(sent):
        return False
    return all(_file_agrees(a, b) for a, b in zip(wanted, sent, strict=True))


def _file_agrees(wanted: Any, sent: SentFile) -> bool:
    if not isinstance(wanted, dict):
        return bool(wanted == sent)
    parts: dict[str, Any] = wanted
    return all(_part_agrees(part, value, sent) for part, value in parts.items())


def _part_agrees(part: str, wanted: Any, sent: SentFile) -> bool:
    if part == "content":
        return content_agrees(wanted, sent.content)
    got = getattr(sent, part)
    if part == "content_type" and isinstance(wanted, str) and isinstance(got, str):
        if ";" not in wanted:
            got = got.split(";")[0].strip()
        return wanted.lower() == got.lower()
    return agrees(wanted, got)


def _shown(files: Any) -> Any:
    """Wanted files for a message: one by itself, several as a list."""
    return files if files is ABSENT or len(files) != 1 else files[0]


def _sent(wanted: Any, sent: list[SentFile]) -> Any:
    """What was sent instead, with the parts that were asked for; what agrees is what was wanted."""
    found: list[Any] = []
    for position, file in enumerate(sent):
        parts = wanted[position] if wanted is not ABSENT and position < len(wanted) else None
        if isinstance(parts, dict):
            asked: dict[str, Any] = parts
            found.append(
                {p: value if _part_agrees(p, value, file) else _as_wanted(value, file, p) for p, value in asked.items()}
            )
        else:
            found.append({part: getattr(file, part) for part in _PARTS})
    return found[0] if len(found) == 1 else found


def _as_wanted(wanted: Any, file: SentFile, part: str) -> Any:
    """A part of a file, as text if it was wanted as text and is some."""
    value = getattr(file, part)
    if part != "content" or not isinstance(getattr(wanted, "pattern", wanted), str):
        return value
    text = as_text(value)
    return value if text is None else text

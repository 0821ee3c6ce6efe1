"""Which operations of a document are wanted: by the glob of their path, or of a tag."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

import msgspec

from ...openapi.documents import Node
from ...openapi.errors import DescriptionError

TAG = "tag:"
"""What a glob of tags begins with."""


class Candidate(msgspec.Struct, frozen=True):
    """An operation that may be wanted.

    Attributes:
        template: The document's path.
        method: In capitals.
        item: The place of the path.
        node: The place of the operation.
        tags: Its tags.
    """

    template: str
    method: str
    item: Node
    node: Node
    tags: tuple[str, ...]


def select(candidates: Sequence[Candidate], include: Iterable[str], exclude: Iterable[str]) -> list[Candidate]:
    """The operations that are wanted.

    Args:
        candidates: All of them.
        include: Globs: ``"/orders/*"`` of the document's paths, in which ``*`` stands for anything and also for
            slashes, and ``"tag:admin*"`` of tags. None at all includes everything.
        exclude: Globs of what to leave out of that.

    Raises:
        DescriptionError: A glob that fits nothing, or nothing that is left.
    """
    include, exclude = _globs("include", include), _globs("exclude", exclude)
    for option, globs in (("include", include), ("exclude", exclude)):
        for glob in globs:
            if not any(_fits(candidate, glob) for candidate in candidates):
                raise DescriptionError(_unfit(option, glob, candidates))
    found = [
        candidate
        for candidate in candidates
        if (not include or any(_fits(candidate, glob) for glob in include))
        and not any(_fits(candidate, glob) for glob in exclude)
    ]
    if candidates and not found:
        raise DescriptionError(f"exclude={list(exclude)} leaves out all that include={list(include) or '()'} takes in.")
    return found


def _globs(option: str, globs: Iterable[str]) -> tuple[str, ...]:
    # a text is a sequence of texts too, and would be taken letter by letter
    if isinstance(globs, str):
        raise TypeError(f'{option}={globs!r} is a text; expected several, such as {option}=["{globs}"].')
    return tuple(globs)


def _fits(candidate: Candidate, glob: str) -> bool:
    if glob.startswith(TAG):
        return any(fnmatchcase(tag, glob.removeprefix(TAG)) for tag in candidate.tags)
    return fnmatchcase(candidate.template, glob)


def _unfit(option: str, glob: str, candidates: Sequence[Candidate]) -> str:
    if glob.startswith(TAG):
        known = sorted({tag for candidate in candidates for tag in candidate.tags})
        near = difflib.get_close_matches(glob.removeprefix(TAG), known, n=3, cutoff=0.4) or known[:5]
        return f"{option}={glob!r} fits no tag of the document. It has {', '.join(near) or 'no tags'}."
    known = sorted({candidate.template for candidate in candidates})
    near = difflib.get_close_matches(glob, known, n=3, cutoff=0.4) or known[:3]
    return f"{option}={glob!r} fits no path of the document. It has {', '.join(near) or 'no paths'}."

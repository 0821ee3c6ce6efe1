"""What a call sends: JSON, a form, files, or raw bytes; files are opened for the call and closed after it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import IO, Any, Final, Protocol, TypeAlias, cast

from ..base.errors import OptionError

FileContent: TypeAlias = os.PathLike[str] | bytes | str | IO[bytes]
"""What is in a file: the path of one on this machine, its bytes, its text, or an open one."""
FileValue: TypeAlias = FileContent | tuple[str | None, FileContent] | tuple[str | None, FileContent, str | None]
"""A file of a form: its content alone, or with its name, or with its name and its content type."""
Files: TypeAlias = Mapping[str, FileValue | Sequence[FileValue]]
"""Files of a form by the name of their field; a list for several under one name."""
Content: TypeAlias = FileContent | Iterable[bytes] | AsyncIterable[bytes]
"""A raw body: one file, or pieces of bytes."""

PIECE: Final = 65536
"""Bytes of a file that are read at once."""


class BodyLike(Protocol):
    """The parts of a call that make its body."""

    @property
    def data(self) -> Any:
        """What is sent as JSON."""
        ...

    @property
    def form(self) -> Mapping[str, Any] | None:
        """The fields of a form."""
        ...

    @property
    def files(self) -> Files | None:
        """The files of a form."""
        ...

    @property
    def content(self) -> Content | None:
        """What is sent as it is."""
        ...


@contextlib.contextmanager
def sent_body(request: BodyLike, *, blocks: bool) -> Generator[dict[str, Any]]:
    """The options of the HTTP library that send the body of a call, for the length of the block.

    Args:
        request: The call.
        blocks: Whether the client blocks: it cannot wait for the pieces of an async iterable.

    Raises:
        OptionError: It would have to.
        OSError: A file that cannot be opened.
    """
    with ExitStack() as files:
        options: dict[str, Any] = {}
        if request.data is not None:
            options["json"] = request.data
        if request.form is not None:
            options["data"] = dict(request.form)
        if request.files is not None:
            options["files"] = [
                (name, _opened(value, files)) for name, given in request.files.items() for value in _several(given)
            ]
        if request.content is not None:
            options.update(_raw(request.content, files, blocks=blocks))
        yield options


def check_body(request: BodyLike) -> None:
    """Refuse a body that is of two kinds.

    Args:
        request: The call.

    Raises:
        OptionError: It is.
    """
    given = [name for name in ("data", "form", "content") if getattr(request, name) is not None]
    if request.files is not None and given != ["form"]:
        given.append("files")
    if len(given) > 1:
        raise OptionError(
            f"a call was given {' and '.join(given)}, but has one body. data= is sent as JSON, content= as it is; "
            "form= and files= go together.",
            option=given[-1],
        )


def _several(given: FileValue | Sequence[FileValue]) -> Sequence[FileValue]:
    return cast("Sequence[FileValue]", given) if isinstance(given, list) else [cast("FileValue", given)]


def _opened(value: FileValue, files: ExitStack) -> Any:
    name, content, *kind = value if isinstance(value, tuple) else (_NO_NAME, value)
    if isinstance(content, os.PathLike):
        name = os.path.basename(content) if name is _NO_NAME else name
        content = files.enter_context(open(content, "rb"))  # noqa: SIM115 - closed with the others
    if name is _NO_NAME:
        return content
    return (name, content, *kind)


_NO_NAME: Any = object()


def _raw(content: Content, files: ExitStack, *, blocks: bool) -> dict[str, Any]:
    if isinstance(content, (bytes, str)):
        return {"content": content}
    length: dict[str, Any] = {}
    if isinstance(content, os.PathLike):
        # many servers refuse a file whose length they are not told
        length = {"headers": {"Content-Length": str(os.stat(content).st_size)}}
        content = files.enter_context(open(content, "rb"))  # noqa: SIM115 - closed with the others
    if isinstance(content, AsyncIterable):
        if blocks:
            raise OptionError(
                "content= is an async iterable, which a client that blocks cannot wait for. Pass bytes, an open file "
                "or a plain iterable.",
                option="content",
            )
        return {"content": content}
    # a file is an iterable of lines, which may be of any length
    pieces = _pieces(cast("IO[bytes]", content)) if hasattr(content, "read") else content
    return {"content": pieces if blocks else _async(pieces), **length}


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


async def _async(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece

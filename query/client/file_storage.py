"""A storage in a folder: one file for each name, replaced as a whole."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import threading
from pathlib import Path
from urllib.parse import quote, unquote

_SUFFIX = ".item"
_LONGEST_NAME = 100


class FileStorage:
    """Keeps texts in the files of a folder, which is made when something is stored.

    A text is written beside the old one and put in its place in one step, so that readers, and whoever comes after a
    crash, find the old text or the new one, never half of it. Files are readable by their owner only. The work is
    done in threads: the event loop goes on. ::

        storage = FileStorage("~/.cache/my-program")
        await storage.set_item("projects", "[]")

    Args:
        directory: The folder; ``~`` means the user's home.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self._directory = Path(directory).expanduser()
        # threads may overtake one another; what was asked for last is what stays
        self._lock = threading.Lock()
        self._asked: dict[str, int] = {}
        self._last = 0

    @property
    def directory(self) -> Path:
        """The folder."""
        return self._directory

    async def get_item(self, key: str, /) -> str | None:
        """The text, None if there is none.

        Args:
            key: The name it was stored under.

        Raises:
            OSError: The file cannot be read.
        """
        return await asyncio.to_thread(self._read, key)

    async def set_item(self, key: str, value: str, /) -> None:
        """Store a text in place of the one before.

        Args:
            key: The name.
            value: The text.

        Raises:
            TypeError: It is no text.
            UnicodeEncodeError: It holds half a surrogate pair.
            OSError: The folder or the file cannot be written.
        """
        # somebody who does not check types must not find out when he reads it again
        text: object = value
        if not isinstance(text, str):
            raise TypeError(
                f"the value for {key!r} is a {type(text).__name__}, but files hold text. Serialise it to a str first."
            )
        await asyncio.to_thread(self._write, key, text, self._turn(key))

    async def remove_item(self, key: str, /) -> None:
        """Forget a text. Nothing happens if there is none.

        Args:
            key: The name it was stored under.

        Raises:
            OSError: The file cannot be removed.
        """
        await asyncio.to_thread(self._write, key, None, self._turn(key))

    async def entries(self) -> list[tuple[str, str]]:
        """All names and texts, sorted by the names of their files.

        Raises:
            OSError: The folder or a file cannot be read.
        """
        return await asyncio.to_thread(self._read_all)

    # -- in threads

    def _turn(self, key: str) -> int:
        self._last += 1
        self._asked[key] = self._last
        return self._last

    def _path(self, key: str) -> Path:
        # the readable part is for people; the digest tells apart what is cut off, or differs in upper and lower case
        readable = quote(key, safe=" ,=@()+", errors="replace")[:_LONGEST_NAME].rstrip("%. ")
        digest = hashlib.sha256(_quoted(key).encode()).hexdigest()[:16]
        return self._directory / f"{readable}-{digest}{_SUFFIX}"

    def _read(self, key: str) -> str | None:
        item = self._parse(self._path(key))
        return None if item is None else item[1]

    def _read_all(self) -> list[tuple[str, str]]:
        items = [self._parse(path) for path in sorted(self._directory.glob(f"*{_SUFFIX}"))]
        return [item for item in items if item is not None]

    def _parse(self, path: Path) -> tuple[str, str] | None:
        try:
            with self._lock:
                content = path.read_bytes()
        except FileNotFoundError:  # never written, or removed by another process meanwhile
            return None
        # whoever stored the text knows best what to do about a damaged one
        name, _, text = content.decode("utf-8", "replace").partition("\n")
        return unquote(name, errors="surrogatepass"), text

    def _write(self, key: str, text: str | None, turn: int) -> None:
        with self._lock:
            if self._asked.get(key) != turn:
                return
            del self._asked[key]
            path = self._path(key)
            if text is None:
                path.unlink(missing_ok=True)
                return
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(dir=self._directory, prefix=f"{path.stem}-", suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(f"{_quoted(key)}\n{text}".encode())
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(beside, path)
            except BaseException:
                os.unlink(beside)
                raise

    def __repr__(self) -> str:
        return f"FileStorage({str(self._directory)!r})"


def _quoted(key: str) -> str:
    # a key may hold half a surrogate pair, which is legal in a str and in JSON
    return quote(key, safe="", errors="surrogatepass")

"""What a file has recorded as mocks of a client: ``MockApiClient.load``."""

from __future__ import annotations

import functools
import re
import zipfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from query.base.types import UNSET

from ..answers import Answer, HeaderTypes
from ..body_matchers import match_content, match_data
from ..matchers import Matcher
from ..responses import ResponseMock
from ..text_matchers import match_query
from .cassette import parsed_yaml, read_cassette
from .har import HarEntry, read_har
from .masking import Masker
from .plan import PlannedMock, plan

MAX_NAMED = 3
"""URLs that a message names."""


class Registering(Protocol):
    """A mock client as this file sees it."""

    def add_mock_response(
        self, url: str, *, method: str, match: Sequence[Matcher], body: Any, status_code: int, headers: HeaderTypes
    ) -> ResponseMock:
        """Register one answer."""
        ...

    def add_sequence(self, url: str, *answers: Any, method: str, match: Sequence[Matcher]) -> ResponseMock:
        """Register several, in their order."""
        ...


def load(
    client: Registering,
    path: Path | str,
    *,
    base_url: str | None,
    urls: str | re.Pattern[str] | Iterable[str | re.Pattern[str]] | None,
    methods: str | Collection[str] | None,
) -> list[ResponseMock]:
    """Register what a HAR file or a cassette has recorded.

    Args:
        client: The mock client.
        path: The file.
        base_url: Where the client's paths belong.
        urls: Which entries: beginnings of URLs or paths, or regular expressions that are searched in the URL.
        methods: Which entries: those with these methods.

    Raises:
        ValueError: The file, or an entry of it, is not as it should be; or no entry is left.
        OSError: The file cannot be read.
        ImportError: A YAML file, and PyYAML is not installed.
    """
    path = Path(path)
    entries = _entries(path, base_url)
    if not entries:
        raise ValueError(
            f"{path.name} has no answer of a service. What was aborted, websockets, and what is no HTTP is left out."
        )
    rules = _checked_urls(urls)
    wanted = None if methods is None else {one.upper() for one in ([methods] if isinstance(methods, str) else methods)}
    chosen = [
        entry
        for entry in entries
        if (wanted is None or entry.method in wanted) and (rules is None or any(_fits(rule, entry) for rule in rules))
    ]
    if not chosen:
        there = ", ".join(f"{entry.method} {entry.url}" for entry in entries[:MAX_NAMED])
        more = f" and {len(entries) - MAX_NAMED} more" if len(entries) > MAX_NAMED else ""
        raise ValueError(
            f"{path.name}: none of its {len(entries)} answers fits urls={urls!r}, methods={methods!r}. "
            f"It has {there}{more}. A str is the beginning of a URL or of its path."
        )
    exchanges = [entry.exchange() for entry in chosen]
    return [register(client, mock) for mock in plan(exchanges, Masker(), is_masked=False, max_inline=float("inf"))]


def register(client: Registering, mock: PlannedMock) -> ResponseMock:
    """Register a planned mock whose answers are responses.

    Args:
        client: The mock client.
        mock: The plan, its bodies in place.
    """
    match: list[Matcher] = [
        matcher(wanted)
        for matcher, wanted in (
            (match_query, mock.query or UNSET),
            (match_data, mock.data),
            (match_content, mock.content),
        )
        if wanted is not UNSET
    ]
    answers = [Answer(answer.body, status_code=answer.status_code, headers=answer.headers) for answer in mock.answers]
    if len(answers) > 1:
        return client.add_sequence(mock.url, *answers, method=mock.method, match=match)
    (answer,) = mock.answers
    return client.add_mock_response(
        mock.url,
        method=mock.method,
        match=match,
        body=answer.body,
        status_code=answer.status_code,
        headers=answer.headers,
    )


def _entries(path: Path, base_url: str | None) -> list[HarEntry]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        inside = next((name for name in files if name.endswith(".har")), None)
        if inside is None:
            raise ValueError(f"{path.name} is an archive without a .har file; it has {', '.join(files) or 'nothing'}.")
        return read_har(files[inside], path.name, files.__getitem__, base_url)
    text = path.read_bytes()
    is_yaml = path.suffix.lower() in (".yaml", ".yml")
    data = parsed_yaml(text, path.name) if is_yaml else _cassette_in(text)
    if isinstance(data, dict) and isinstance(data.get("interactions"), list):
        return read_cassette(data, path.name, base_url)
    if is_yaml:
        raise ValueError(f"{path.name} is no cassette of vcrpy: it has no list of interactions.")
    return read_har(text, path.name, functools.partial(_read_beside, path.parent), base_url)


def _cassette_in(text: bytes) -> Any:
    if b'"interactions"' not in text:
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _read_beside(folder: Path, name: str) -> bytes:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise OSError("it lies outside of the file's folder")
    return path.read_bytes()


def _checked_urls(urls: Any) -> list[str | re.Pattern[str]] | None:
    if urls is None:
        return None
    rules = [urls] if isinstance(urls, (str, re.Pattern)) else list(urls)
    for rule in rules:
        if not (isinstance(rule, re.Pattern) or (isinstance(rule, str) and ("://" in rule or rule.startswith("/")))):
            raise ValueError(
                f"urls={urls!r} has {rule!r}; expected beginnings of URLs such as 'https://api.test/v1/' or '/v1/', "
                "or regular expressions."
            )
    return rules


def _fits(rule: str | re.Pattern[str], entry: HarEntry) -> bool:
    if isinstance(rule, re.Pattern):
        return rule.search(entry.url) is not None
    return entry.url.startswith(rule) if "://" in rule else urlsplit(entry.url).path.startswith(rule)

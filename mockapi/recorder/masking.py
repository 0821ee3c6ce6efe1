"""Secrets in what was recorded: found by name and by shape, and replaced wherever they stand.

All exchanges of a test are looked at first. A token that the service gave in one answer is then replaced by the same
placeholder in a later one, and in a path, so that a program which hands it on still works with the recording.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any
from unittest.mock import ANY
from urllib.parse import parse_qsl, quote, quote_plus, unquote

from query.base.types import UNSET

from ..secrets import is_secret
from .exchange import Exchange, Reply, as_json, media_type

MIN_LENGTH = 8
"""Characters that a secret must have to be replaced also where no name tells of it."""

# of these, a word of prose, a number or a whole object is no secret: "session" may be a talk at a conference
_WEAK = re.compile(r"session|cookie|signature", re.IGNORECASE)
_SHAPES = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # a JSON web token
    r"|\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|sk-|[sr]k_(?:live|test)_|npm_|pypi-|AIza)[\w-]{16,}"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----",
    re.DOTALL,
)
# with a digit in it, or long: "Basic authentication" is prose
_SCHEME = re.compile(r"\b(Bearer|Basic)(\s+|%20|\+)((?=[\w.~+/=-]*\d|[\w.~+/=-]{20})[\w.~+/=-]{6,})", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"masked-\d+(?!\w)")
_USERINFO = re.compile(r"(://)([^/@\s\"'<>?#]+)(@)")
_IN_URL = re.compile(r"(?<=[?&])([\w.~%\[\]-]+)=([^&#\s\"'<>]+)")
# from the beginning of a word on, else a long one would be tried from each of its letters
_IN_TEXT = re.compile(r"(?<![\w.-])([A-Za-z][\w.-]*)([\"']?\s{0,3}[=:]\s{0,3}[\"']?)([^\s\"'&,;<>{}\[\]()]+)")
_IN_HTML = re.compile(r"(\bname=[\"']([\w.-]+)[\"'][^<>]{0,200}?\b(?:value|content)=[\"'])([^\"'<>]+)")
_IN_XML = re.compile(r"<([A-Za-z][\w.:-]*)(\b[^<>]*)>([^<>]+)</")


class Masker:
    """Replaces the secrets of one recording: the same secret always by the same placeholder.

    Args:
        names: Names that hold secrets beside those that are known; ``*`` stands for anything.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._own = tuple(name.lower() for name in names)
        self._numbers: dict[str, int] = {}
        self._given: set[str] = set()
        self._known: re.Pattern[str] | None = None

    # -- finding

    def learn(self, exchanges: Iterable[Exchange]) -> None:
        """Find the secrets, so that each is known wherever it stands.

        Args:
            exchanges: What was recorded, in order.
        """
        for exchange in exchanges:
            for name, value in exchange.headers:
                self._learn_header(name, value)
            for name, values in exchange.query.items():
                if self.is_secret(name):
                    self._learn(values)
            self._learn_data(exchange.data)
            if isinstance(exchange.outcome, Reply):
                before = set(self._numbers)
                self._learn_reply(exchange.outcome)
                self._given |= set(self._numbers) - before
        texts = sorted((text for text in self._numbers if len(text) >= MIN_LENGTH), key=len, reverse=True)
        forms = [
            form
            for text in texts
            for form in dict.fromkeys((text, quote(text, safe=""), quote(text), quote_plus(text)))
        ]
        self._known = re.compile("|".join(map(re.escape, forms))) if forms else None

    def _learn_reply(self, reply: Reply) -> None:
        for name, value in reply.headers:
            self._learn_header(name, value)
        data = as_json(reply.content)
        if data is UNSET and media_type(reply.content_type) == "application/x-www-form-urlencoded":
            data = dict(parse_qsl(reply.content.decode("utf-8", "replace")))
        self._learn_data(data)

    def _learn_header(self, name: str, value: str) -> None:
        if name == "set-cookie":
            self._learn([value.partition(";")[0].partition("=")[2]])
        elif name == "cookie":
            self._learn([pair.partition("=")[2] for pair in value.split(";")])
        elif self.is_secret(name):
            scheme, _, rest = value.partition(" ")
            self._learn([rest.strip() or scheme])
            if scheme.lower() == "basic":
                try:
                    self._learn([base64.b64decode(rest).decode().partition(":")[2]])
                except (binascii.Error, UnicodeDecodeError):
                    return

    def _learn_data(self, data: Any, name: str = "", *, inherited: bool = False) -> None:
        if isinstance(data, dict):
            inherited = inherited or self._is_strong(name)
            for key, value in data.items():
                self._learn_data(value, str(key), inherited=inherited)
        elif isinstance(data, (list, tuple)):
            for item in data:
                self._learn_data(item, name, inherited=inherited)
        elif isinstance(data, str) and (inherited or self.is_secret(name)):
            self._learn([data])

    def _learn(self, texts: Iterable[str]) -> None:
        for text in texts:
            # half a surrogate pair cannot be sent, so it can stand nowhere else
            if text and text.isprintable():
                self._numbers.setdefault(text, len(self._numbers) + 1)

    # -- asking

    def is_secret(self, name: str) -> bool:
        """Whether what stands under a name is masked.

        Args:
            name: The name of a header, parameter or key.
        """
        return is_secret(name) or self._is_own(name)

    def _is_own(self, name: str) -> bool:
        return bool(self._own) and any(fnmatchcase(name.lower(), own) for own in self._own)

    def _is_strong(self, name: str) -> bool:
        return bool(name) and (is_secret(_WEAK.sub("", name)) or self._is_own(name))

    # -- replacing

    def placeholder(self, secret: str) -> str:
        """What stands for a secret: "masked-1" and so on.

        Args:
            secret: The secret.
        """
        return f"masked-{self._numbers.setdefault(secret, len(self._numbers) + 1)}"

    def answer(self, data: Any, name: str = "", *, inherited: bool = False) -> Any:
        """JSON data of an answer, masked; what is a number stays one.

        Args:
            data: The data.
            name: The name under which it stands.
            inherited: Whether all of it is secret.
        """
        if isinstance(data, dict):
            inherited = inherited or self._is_strong(name)
            return {self._shown(key): self.answer(value, key, inherited=inherited) for key, value in data.items()}
        if isinstance(data, list):
            return [self.answer(item, name, inherited=inherited) for item in data]
        if isinstance(data, str):
            secret = inherited or (bool(name) and self.is_secret(name))
            return self.placeholder(data) if secret and data else self.text(data)
        if isinstance(data, (int, float)) and not isinstance(data, bool) and (inherited or self._is_strong(name)):
            return type(data)(self._numbers.setdefault(str(data), len(self._numbers) + 1))
        return data

    def wanted(self, data: Any, name: str = "", *, inherited: bool = False) -> Any:
        """Data of a request as a matcher wants it: anything in the place of a secret.

        Args:
            data: Query, JSON or form.
            name: The name under which it stands.
            inherited: Whether all of it is secret.
        """
        if isinstance(data, dict):
            inherited = inherited or self._is_strong(name)
            if any(self._shown(key) != key for key in data):
                return ANY
            return {key: self.wanted(value, key, inherited=inherited) for key, value in data.items()}
        if isinstance(data, (list, tuple)):
            return [self.wanted(item, name, inherited=inherited) for item in data]
        if data is None or isinstance(data, bool):
            return data
        if isinstance(data, bytes):
            text = data.decode("utf-8", "replace")
            return ANY if self.content(data) != data or self.text(text) != text else data
        if isinstance(data, str):
            secret = inherited or (bool(name) and self.is_secret(name))
            return ANY if data and (secret or self.text(data) != data) else data
        return ANY if inherited or self._is_strong(name) else data

    def text(self, text: str) -> str:
        """Text of any kind, masked: known secrets, values of telling names in it, and what looks like a token.

        Args:
            text: The text.
        """
        text = _USERINFO.sub(lambda m: f"{m[1]}{self._hidden(m[2])}{m[3]}", text)
        text = _IN_URL.sub(lambda m: f"{m[1]}={self._hidden(m[2])}" if self.is_secret(unquote(m[1])) else m[0], text)
        text = _SCHEME.sub(lambda m: f"{m[1]}{m[2]}{self._hidden(m[3])}", text)
        text = _IN_TEXT.sub(lambda m: f"{m[1]}{m[2]}{self._hidden(m[3])}" if self._is_strong(m[1]) else m[0], text)
        text = _IN_HTML.sub(lambda m: f"{m[1]}{self._hidden(m[3])}" if self.is_secret(m[2]) else m[0], text)
        text = _IN_XML.sub(
            lambda m: f"<{m[1]}{m[2]}>{self._hidden(m[3])}</" if self._is_strong(m[1]) else m[0],
            text,
        )
        return self._shown(text)

    def _shown(self, text: str) -> str:
        """Text without the secrets that are known, and without what has the shape of one."""
        if self._known is not None:
            text = self._known.sub(lambda m: self._hidden(m[0]), text)
        return _SHAPES.sub(lambda m: self.placeholder(m[0]), text)

    def _hidden(self, found: str) -> str:
        if _PLACEHOLDER.match(found) or found.lower() in ("bearer", "basic"):
            return found
        plain = unquote(found)
        return self.placeholder(plain if plain in self._numbers else found)

    def header(self, name: str, value: str) -> str:
        """The value of a response's header, masked.

        Args:
            name: The name, in lower case.
            value: The value.
        """
        if name == "set-cookie":
            pair, semicolon, rest = value.partition(";")
            key, equals, secret = pair.partition("=")
            return f"{key}{equals}{self.placeholder(secret) if secret else ''}{semicolon}{rest}"
        return self.placeholder(value) if self.is_secret(name) else self.text(value)

    def path(self, path: str) -> str:
        """A path for a mock: a parameter in the place of a secret, unless it is one that the service gave itself.

        Args:
            path: The path, percent-encoded.
        """
        used: list[str] = []

        def replace(match: re.Match[str]) -> str:
            secret = unquote(match[0])
            if secret in self._given:
                return self.placeholder(secret)
            name = f"secret_{len(used) + 1}"
            used.append(name)
            return f"{{{name}}}"

        if self._known is not None:
            path = self._known.sub(replace, path)
        return _SHAPES.sub(replace, path)

    def content(self, content: bytes) -> bytes:
        """A body that is no text: known secrets are blotted out, its length stays.

        Args:
            content: The body.
        """
        for secret in self._numbers:
            if len(secret) >= MIN_LENGTH:
                content = content.replace(secret.encode(), b"*" * len(secret.encode()))
        return content

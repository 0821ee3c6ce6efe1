"""Matchers of the body: as data, or as it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .agreement import agrees, agrees_in_part, content_agrees, copied, pruned
from .matchers import ABSENT, Mismatch, PartMatcher, checked_names
from .requests import NOT_JSON, RequestView
from .text_matchers import refuse_absent


class ListMatcher(PartMatcher):
    """Compares a body that is a list.

    Args:
        wanted: All items, in order.
        deep: Whether dicts in it may have more keys than are given.
    """

    def __init__(self, wanted: list[Any], *, deep: bool = False) -> None:
        super().__init__("data", copied(wanted, _no_absent(deep)))
        self._deep = deep

    def check(self, view: RequestView) -> bool | Mismatch:
        """Whether the request's body fits.

        Args:
            view: The request with its parts.
        """
        if (agrees_in_part if self._deep else agrees)(self.wanted, view.json):
            return True
        if view.json is NOT_JSON:
            content = view.request.content
            what = "is no JSON" if content else "is empty"
            return Mismatch("data", f"the body {what}", self.wanted, content)
        got = pruned(self.wanted, view.json) if self._deep else view.json
        return Mismatch("data", "the body differs", self.wanted, got)


class DataMatcher(PartMatcher):
    """Compares keys of a body that is a JSON object or a form.

    Args:
        wanted: Keys and values.
        deep: Whether dicts among the values may have more keys than are given.
    """

    def __init__(self, wanted: Mapping[str, Any], *, deep: bool = False) -> None:
        check = _no_absent(deep)
        kept = {name: v if v is ABSENT else copied(v, check, f"[{name!r}]") for name, v in wanted.items()}
        super().__init__("data", kept)
        self._deep = deep

    def check(self, view: RequestView) -> bool | Mismatch:
        """Whether the request's body fits.

        Args:
            view: The request with its parts.
        """
        sent = data_of(view)
        wanted: dict[str, Any] = self.wanted
        if not isinstance(sent, dict):
            content = view.request.content
            if not content and all(value is ABSENT for value in wanted.values()):
                return True
            if not content:
                return Mismatch("data", "the body is empty", wanted, b"")
            return Mismatch(
                "data", "the body is no JSON object and no form", wanted, content if sent is NOT_JSON else sent
            )
        fits = agrees_in_part if self._deep else agrees
        for name, value in wanted.items():
            if value is ABSENT:
                if name not in sent:
                    continue
                what = "was sent"
            elif name in sent:
                if fits(value, sent[name]):
                    continue
                what = "differs"
            else:
                what = "is missing"
            shown = pruned(wanted, sent) if self._deep else {key: sent[key] for key in sent if key in wanted}
            return Mismatch("data", f"{name} {what}", wanted, shown)
        return True


class ContentMatcher(PartMatcher):
    """Compares the body as it is sent.

    Args:
        wanted: The bytes or the text.
    """

    def __init__(self, wanted: Any) -> None:
        super().__init__("content", wanted)

    def check(self, view: RequestView) -> bool | Mismatch:
        """Whether the request's body fits.

        Args:
            view: The request with its parts.
        """
        content = view.request.content
        if content_agrees(self.wanted, content, view.charset):
            return True
        is_bytes = isinstance(getattr(self.wanted, "pattern", self.wanted), bytes)
        got: Any = content if is_bytes or view.text is None else view.text
        return Mismatch("content", "the body differs" if content else "the body is empty", self.wanted, got)


def match_data(wanted: Mapping[str, Any] | list[Any], *, deep: bool = False) -> PartMatcher:
    """A matcher of the body, JSON object or form: the keys given are compared, others may be there.

    Args:
        wanted: Keys and values. A value is compared whole, and ``True`` is not 1; ``ABSENT`` as a value says that the
            key must not be sent; a value with its own ``==`` is asked, at any depth, and a regular expression must
            match the whole of a text. A file in a multipart form is its bytes. A list is compared with a JSON list,
            whole.
        deep: Whether dicts below the top may have more keys than are given, too, at any depth; ``ABSENT`` can stand in
            them then. Lists are compared item by item and must be of one length.

    Raises:
        TypeError: Neither a mapping nor a list, or ``ABSENT`` where it cannot stand.
    """
    if isinstance(wanted, list):
        return ListMatcher(wanted, deep=deep)
    return DataMatcher(checked_names("match_data", wanted), deep=deep)


def match_content(wanted: bytes | str | re.Pattern[str] | re.Pattern[bytes] | Any) -> PartMatcher:
    """A matcher of the whole body as it is sent.

    Args:
        wanted: Bytes; or text, in the charset of the content type, UTF-8 if it names none; or a regular expression for
            either, which must match the whole body. A value with its own ``==``, such as dirty-equals' ``IsStr``, is
            asked about the text and about the bytes.

    Raises:
        TypeError: Data, which is for ``match_data``, or None.
    """
    if wanted is None or wanted is ABSENT or isinstance(wanted, (Mapping, list, tuple, set, bool, int, float)):
        raise TypeError(
            f"match_content compares the body as it is sent, got {wanted!r}; expected bytes, str or a re.Pattern. "
            'For JSON and forms write match_data, for an empty body match_content(b"").'
        )
    return ContentMatcher(bytes(wanted) if isinstance(wanted, (bytearray, memoryview)) else wanted)


def data_of(view: RequestView) -> Any:
    """The body as data: a form, JSON, or ``NOT_JSON``.

    Args:
        view: The request with its parts.
    """
    form = view.form
    return view.json if form is None else form


def _no_absent(deep: bool) -> Callable[[Any, str], None]:
    def check(value: Any, place: str) -> None:
        refuse_absent("match_data", value, place, deep)

    return check

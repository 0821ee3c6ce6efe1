"""When a wanted value agrees with one that was sent. At any depth a value with an ``==`` of its own is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .matchers import ABSENT
from .requests import as_text


def agrees(wanted: Any, got: Any) -> bool:
    """Whether a wanted value agrees with the whole of one that was sent.

    ``True`` is not 1, while 1 is 1.0. At any depth a value with an ``==`` of its own, such as ``unittest.mock.ANY`` or
    ``pytest.approx(0.3)``, is asked, and a regular expression must match the whole of a text.

    Args:
        wanted: What was expected.
        got: JSON data or parts of a form.
    """
    if isinstance(wanted, dict) and isinstance(got, dict):
        names: Any = wanted
        return len(names) == len(got) and all(name in got and agrees(names[name], got[name]) for name in names)
    if isinstance(wanted, (list, tuple)) and isinstance(got, (list, tuple)):
        items: Any = wanted
        return len(items) == len(got) and all(map(agrees, items, got))
    return _leaf_agrees(wanted, got)


def agrees_in_part(wanted: Any, got: Any) -> bool:
    """The same, where dicts may have more keys than wanted, at any depth; ``ABSENT`` says that one must not be there.

    Lists are compared item by item and must be of one length.

    Args:
        wanted: What was expected.
        got: JSON data or parts of a form.
    """
    if isinstance(wanted, dict) and isinstance(got, dict):
        names: Any = wanted
        return all(
            name not in got if value is ABSENT else name in got and agrees_in_part(value, got[name])
            for name, value in names.items()
        )
    if isinstance(wanted, (list, tuple)) and isinstance(got, (list, tuple)):
        items: Any = wanted
        return len(items) == len(got) and all(map(agrees_in_part, items, got))
    return _leaf_agrees(wanted, got)


def _leaf_agrees(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, bool) or (isinstance(got, bool) and isinstance(wanted, (int, float))):
        return wanted is got
    return bool(wanted == got) or (isinstance(wanted, re.Pattern) and pattern_agrees(wanted, got))


def text_agrees(wanted: Any, got: Any) -> bool:
    """Whether a wanted value agrees with a text that was sent, or with the texts of a repeated name.

    Args:
        wanted: What was expected. An object that is no text, such as a date or ``approx(3)``, is asked about the text,
            compared by its own text, and asked about the number that the text is.
        got: The text; a list for a repeated name.
    """
    if isinstance(wanted, str) or bool(wanted == got):
        return bool(wanted == got)
    if not isinstance(got, str):
        return False
    if isinstance(wanted, re.Pattern):
        return pattern_agrees(wanted, got)
    if str(wanted) == got:
        return True
    for number in (int, float):
        try:
            return bool(wanted == number(got))
        except ValueError:
            continue
    return False


def content_agrees(wanted: Any, content: bytes, charset: str = "utf-8") -> bool:
    """Whether a wanted value agrees with bytes that were sent.

    Args:
        wanted: Bytes, or text that these bytes may be, or a regular expression for either. What has an ``==`` of its
            own is asked about the text and about the bytes.
        content: The bytes.
        charset: How text is encoded in them.
    """
    if isinstance(wanted, (bytes, bytearray, memoryview)):
        return wanted == content
    text = as_text(content, charset)
    if isinstance(wanted, re.Pattern):
        return pattern_agrees(wanted, content if isinstance(wanted.pattern, bytes) else text)
    return (text is not None and bool(wanted == text)) or (not isinstance(wanted, str) and bool(wanted == content))


def pattern_agrees(pattern: re.Pattern[Any], got: Any) -> bool:
    """Whether a regular expression matches the whole of a text.

    Args:
        pattern: An expression for str or bytes.
        got: Anything. What is not of the expression's own kind does not match.
    """
    return isinstance(got, type(pattern.pattern)) and pattern.fullmatch(got) is not None


def copied(value: Any, check: Callable[[Any, str], None], place: str = "") -> Any:
    """*value* with the dicts and lists in it copied, so that a later change of them changes nothing here.

    Args:
        value: Any value.
        check: Called with each value inside, and its place; raises if it cannot be there.
        place: Where *value* stands.
    """
    if place:
        check(value, place)
    if isinstance(value, Mapping):
        items: Any = value.items()
        return {name: copied(item, check, f"{place}[{name!r}]") for name, item in items}
    if isinstance(value, (list, tuple)):
        return [copied(item, check, f"{place}[{i}]") for i, item in enumerate(value)]
    return value


def pruned(wanted: Any, got: Any) -> Any:
    """What was sent, without the keys that were not asked for, at any depth: what is left is worth showing.

    Args:
        wanted: What was expected.
        got: What was sent.
    """
    if isinstance(wanted, dict) and isinstance(got, dict):
        return {name: pruned(wanted[name], value) for name, value in got.items() if name in wanted}
    if isinstance(wanted, list) and isinstance(got, list):
        items: Any = got
        return [pruned(a, b) for a, b in zip(wanted, items, strict=False)] + items[len(wanted) :]
    return got

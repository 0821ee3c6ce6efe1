"""How what was sent differs from what was wanted, in rows. deepdiff is loaded here, and only here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .agreement import agrees
from .matchers import ABSENT, Mismatch
from .secrets import MASK, is_secret, masked

MAX_TEXT = 300
"""Characters of a value that are shown."""
MAX_ROWS = 12
"""Rows of a difference that are shown."""
MAX_DIFF = 10_000
"""Characters of a value beyond which no difference is computed; a text is cut to as many around its difference."""

# subtrees that differ wholly are taken apart too, and names that begin with two underscores, such as __typename
_ALL_OF_IT: dict[str, Any] = {"threshold_to_diff_deeper": 0, "ignore_private_variables": False}
_OTHER = f"{MASK} (another)"


def difference(mismatch: Mismatch) -> list[str]:
    """What differs, one row for each place.

    Args:
        mismatch: What was expected and what was sent.
    """
    wanted, got = mismatch.wanted, mismatch.got
    if wanted is ABSENT and got is ABSENT:
        return [mismatch.reason]
    if isinstance(wanted, dict) and not isinstance(got, dict):
        return [f"{mismatch.reason}   expected {shown(wanted)}   got {shown(got)}"]
    wanted, got = _excerpts(_settled(wanted, got), got)
    if len(repr(wanted)) + len(repr(got)) > MAX_DIFF:
        return [f"{mismatch.reason} (too large to compare here: {shown(got)})"]
    rows = list(_rows(wanted, got))
    if not rows:
        return [mismatch.reason]
    more = [f"... and {len(rows) - MAX_ROWS} more"] if len(rows) > MAX_ROWS else []
    return rows[:MAX_ROWS] + more


def short(value: Any) -> str:
    """A value as a message shows it, cut if it is long.

    Args:
        value: The value, without secrets.
    """
    text = value if isinstance(value, str) and value in (MASK, _OTHER) else repr(value)
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}... ({len(text)} characters)"


def distance(mismatch: Mismatch) -> int:
    """How many keys differ at the top: enough to say which of many is nearest, without taking all of them apart.

    Args:
        mismatch: What was expected and what was sent.
    """
    wanted, got = mismatch.wanted, mismatch.got
    if not isinstance(wanted, dict):
        return 1
    if not isinstance(got, dict):
        return 1 + len(wanted)
    names: Any = wanted
    return sum(name in got if value is ABSENT else got.get(name) != value for name, value in names.items())


def shown(value: Any, name: str = "") -> str:
    """A value as a message shows it, without secrets.

    Args:
        value: The value.
        name: The name under which it stands.
    """
    if isinstance(value, (str, bytes)) and len(value) > MAX_DIFF:
        # secrets are looked for in what can be shown: a look at a megabyte takes longer than all the rest
        return f"{repr(masked(value[:MAX_DIFF], name))[:MAX_TEXT]}... ({len(value)} characters)"
    return short(masked(value, name))


def _rows(wanted: Any, got: Any) -> Iterable[str]:
    from deepdiff import DeepDiff

    found: list[tuple[list[Any], str, Any]] = [
        (entry.path(output_format="list"), kind, entry)
        for kind, entries in DeepDiff(wanted, got, view="tree", **_ALL_OF_IT).items()
        for entry in entries
    ]
    # deepdiff goes through sets of names, whose order differs from run to run
    for path, kind, entry in sorted(found, key=lambda row: [(str(type(step)), step) for step in row[0]]):
        place, name = _place(path)
        old = "nothing" if kind.endswith("_added") else shown(entry.t1, name)
        new = "nothing" if kind.endswith("_removed") else shown(entry.t2, name)
        yield f"{place}   expected {'absent' if entry.t1 is ABSENT else old}   got {new}"


def _settled(wanted: Any, got: Any) -> Any:
    """*wanted* with everything that equals its counterpart by its own ``==`` replaced by that."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        kept = {name: _settled(value, got[name]) if name in got else value for name, value in wanted.items()}
        return {name: value for name, value in kept.items() if name in got or value is not ABSENT}
    if isinstance(wanted, (list, tuple)) and isinstance(got, (list, tuple)) and len(wanted) == len(got):
        return [_settled(a, b) for a, b in zip(wanted, got, strict=True)]
    return got if agrees(wanted, got) else wanted


def _excerpts(wanted: Any, got: Any) -> tuple[Any, Any]:
    """Both, with secrets in texts masked, and long texts cut to where they begin to differ."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        pairs = {name: _excerpts(wanted[name], got[name]) for name in wanted if name in got}
        return (
            {name: pairs[name][0] if name in pairs else value for name, value in wanted.items()},
            {name: pairs[name][1] if name in pairs else value for name, value in got.items()},
        )
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        both = [_excerpts(a, b) for a, b in zip(wanted, got, strict=True)]
        return [a for a, _ in both], [b for _, b in both]
    if type(wanted) is not type(got) or type(wanted) not in (str, bytes) or wanted == got:
        return wanted, got
    a: Any = wanted
    b: Any = got
    before = 0
    if max(len(a), len(b)) > 2 * MAX_DIFF:
        at = _first_difference(a, b)
        before = max(0, at - MAX_DIFF)
        a, b = a[before : at + MAX_DIFF], b[before : at + MAX_DIFF]
    a, b = masked(a), masked(b)
    if a == b:
        return MASK, _OTHER
    if max(len(a), len(b)) <= MAX_TEXT and not before:
        return a, b
    start = _first_difference(a, b)
    return _excerpt(a, start), _excerpt(b, start)


def _first_difference(a: Any, b: Any) -> int:
    """The first position at which two texts, or bytes, differ."""
    same, most = 0, min(len(a), len(b))
    while same < most:
        middle = (same + most + 1) // 2
        if a[same:middle] == b[same:middle]:
            same = middle
        else:
            most = middle - 1
    return same


def _excerpt(text: Any, start: int) -> Any:
    """A text or bytes around a position."""
    first, last = max(0, start - MAX_TEXT // 10), start + MAX_TEXT // 3
    dots: Any = "..." if isinstance(text, str) else b"..."
    return (dots if first else dots[:0]) + text[first:last] + (dots if last < len(text) else dots[:0])


def _place(path: Sequence[Any]) -> tuple[str, str]:
    """A path of deepdiff as people write it, such as ``items[1].sku``, and the name that says whether it is secret."""
    text, name = "", ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else str(step)
            # all that stands below a secret is one
            name = name if is_secret(name) else str(step)
    return text or "all of it", name

"""What changed between the files that are there and those that should be, in the words of their users."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from .docstrings import without_docstrings
from .files import GeneratedFile, read_old, shown_path

Facts: TypeAlias = dict[str, dict[str, str]]
"""URLs with their methods, or types with their keys: {'"/projects/"': {"GET": "FlatEndpoint[...]"}}."""

_BREAK: Final = "   (callers break)"
_ROW = re.compile(r'^        ("(?:[^"\\]|\\.)*"): (.*),$', re.MULTILINE)
_CLASS = re.compile(r"^class (\w+)\((.*)\):\n((?:    .*\n)*)", re.MULTILINE)
_FUNCTIONAL = re.compile(r'^(\w+) = TypedDict\(\n    "\w+",\n    \{\n((?:        .*\n)*)', re.MULTILINE)
_ALIAS = re.compile(r"""^(?:    )?(\w+): TypeAlias = (?:["'](.*)["']|(.*))$""", re.MULTILINE)
_LINE = re.compile(r"^    (\w+): (.*)$", re.MULTILINE)


def find_drift(files: list[GeneratedFile]) -> list[str]:
    """What is wrong with the files that are there, as lines for people; none if they are up to date.

    Wording is no drift: neither descriptions nor the header count.

    Args:
        files: The files as they should be.

    Raises:
        GenerateError: A file cannot be read.
    """
    lines: list[str] = []
    for one in files:
        state, body = read_old(one.path)
        was, now = without_docstrings(body), without_docstrings(one.body)
        name = shown_path(one.path)
        if state == "missing":
            lines.append(f"{name}: missing")
        elif state == "foreign":
            lines.append(f"{name}: not made by this program")
        elif state == "edited":
            lines.append(f"{name}: edited by hand")
        elif was != now:
            lines.append(f"{name}: stale")
        if state in ("edited", "ours") and was != now:
            lines.extend(f"  {line}" for line in _changes(one, was, now))
    return lines


def _changes(one: GeneratedFile, was: str, now: str) -> list[str]:
    if one.path.suffix == ".pyi":
        return list(_changed_urls(url_facts(was), url_facts(now)))
    if one.path.stem.endswith("_types"):
        return list(_changed_types(type_facts(was), type_facts(now)))
    return []


def url_facts(stub: str) -> Facts:
    """The methods of each URL, as the stub types them.

    Args:
        stub: Its text.
    """
    own: Facts = {}
    for name, base, body in _CLASS.findall(stub):
        methods = {method.upper(): type_ for method, type_ in _LINE.findall(body)}
        own[name] = {"GET": base, **methods} if "Endpoint[" in base else methods
    return {url: own.get(type_, {"GET": type_}) for url, type_ in _ROW.findall(stub)}


def type_facts(module: str) -> Facts:
    """The keys of each type. An alias has one, without a name.

    Args:
        module: The text of the types module.
    """
    facts: Facts = {name: dict(_LINE.findall(body)) for name, _, body in _CLASS.findall(module)}
    for name, body in _FUNCTIONAL.findall(module):
        facts[name] = {key[1:-1]: type_[1:-1] for key, type_ in _ROW.findall(body)}
    for name, circular, plain in _ALIAS.findall(module):
        facts[name] = {"": plain or circular}
    return facts


def _changed_urls(was: Facts, now: Facts) -> Iterator[str]:
    yield from _come_and_gone(was, now, "")
    for url in sorted(was.keys() & now.keys()):
        for method in sorted(was[url].keys() | now[url].keys()):
            before, after = was[url].get(method), now[url].get(method)
            if before is None:
                yield f"~ {url}: + {method}"
            elif after is None:
                yield f"~ {url}: - {method}{_BREAK}"
            elif before != after:
                yield f"~ {url} {method}: {before} -> {after}"


def _changed_types(was: Facts, now: Facts) -> Iterator[str]:
    yield from _come_and_gone(was, now, "type ")
    for name in sorted(was.keys() & now.keys()):
        before, after = was[name], now[name]
        if list(before.items()) == list(after.items()):
            continue
        if "" in before or "" in after:
            yield f"~ type {name}: {before.get('', 'TypedDict')} -> {after.get('', 'TypedDict')}"
            continue
        parts = [f"-{key}" for key in before if key not in after]
        parts += [f"+{key}: {after[key]}" for key in after if key not in before]
        parts += [
            f"{key}: {before[key]} -> {after[key]}" for key in before if before[key] != after.get(key, before[key])
        ]
        yield f"~ type {name}: {', '.join(parts) or 'its keys are in another order'}"


def _come_and_gone(was: Facts, now: Facts, kind: str) -> Iterator[str]:
    yield from (f"+ {kind}{name}" for name in sorted(now.keys() - was.keys()))
    yield from (f"- {kind}{name}{_BREAK}" for name in sorted(was.keys() - now.keys()))

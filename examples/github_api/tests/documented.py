"""The examples that the document has of what its GET endpoints answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

DOCUMENT = Path(__file__).resolve().parent.parent / "document" / "github.json"


class Documented(msgspec.Struct, frozen=True):
    """One example of one answer.

    Attributes:
        pattern: The URL, as the table has it.
        path: A value for each parameter of it, which no other example has.
        status: The status of the answer.
        media: Its type.
        body: The example.
    """

    pattern: str
    path: dict[str, str]
    status: int
    media: str
    body: Any

    @property
    def is_json(self) -> bool:
        """Whether it is JSON, to which everything but a text in another type is taken."""
        return self.media.endswith("json") or not isinstance(self.body, str)


def documented_examples() -> tuple[list[Documented], int]:
    """All examples of 2xx answers, and how many GET endpoints there are."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    found: list[Documented] = []
    endpoints = 0
    for template, item in document["paths"].items():
        if "get" not in item:
            continue
        endpoints += 1
        # {enterprise-team} is $enterprise_team in the table
        names = [re.sub(r"\W", "_", name) for name in re.findall(r"\{(.+?)\}", template)]
        pattern = re.sub(r"\{.+?\}", "{}", template).format(*(f"${name}" for name in names))
        for status, media, body in _answers(document, item["get"]["responses"]):
            path = {name: f"{name}-{len(found)}" for name in names}
            found.append(Documented(pattern, path, status, media, body))
    return found, endpoints


def _answers(document: Any, responses: dict[str, Any]) -> Iterator[tuple[int, str, Any]]:
    for status, answer in responses.items():
        if not status.startswith("2"):
            continue
        for media, content in _resolved(document, answer).get("content", {}).items():
            examples = content.get("examples", {"": {"value": content["example"]}} if "example" in content else {})
            for example in examples.values():
                yield int(status), media, _resolved(document, example).get("value")


def _resolved(document: Any, node: Any) -> Any:
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node

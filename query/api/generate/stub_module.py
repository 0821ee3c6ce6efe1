"""The text of the stub: the table of endpoints as a TypedDict whose keys are the URLs.

A checker looks a key of a TypedDict up as it looks up an attribute, however many there are, names the nearest ones of a
key that is not there, and offers all of them for completion.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from .docstrings import docstring, without_docstrings
from .model import Operation
from .plan import WRITING, Plan, Url
from .types_module import IMPORTED as TYPE_IMPORTS
from .types_module import renamed, words_of

MAX_LITERALS: Final = 250
"""URLs of one overload. A checker takes a Literal of more than 256 for any text, and says nothing."""

FROM_API: Final = (
    "ApiInfiniteOptions",
    "ApiMutation",
    "ApiQueryOptions",
    "ApiUpload",
    "ApiUrl",
    "Endpoint",
    "FlatApiMutation",
    "FlatApiUpload",
    "FlatApiUrl",
    "FlatEndpoint",
    "FlatQueriedEndpoint",
    "NoQuery",
    "PageStrategy",
    "Parse",
    "QueriedEndpoint",
    "QueryParams",
    "SkipToken",
    "StaleTime",
    "Validate",
)
OWN: Final = frozenset(
    {
        "ApiTable",
        "DocumentedTable",
        "ApiOptions",
        "ApiOptionsFactory",
        "ApiInfiniteOptionsFactory",
        "api",
        "api_options",
    }
)
"""What the stub itself defines."""

RESERVED: Final = frozenset(
    {*FROM_API, *OWN, *TYPE_IMPORTS, "Generic", "Mapping", "TypeForm", "TypeVar", "overload", "T"}
)
"""Names that neither parameters nor endpoints get."""


class StubWriter:
    """Writes the stub of one plan.

    Args:
        plan: What is written, named.
        types: The module with the types, as it is imported: ".backend_types".
        companion: The module that holds the companion table, as it is imported, and the table's name.
        both: Whether ``api_options`` is written beside ``api``.
    """

    def __init__(self, plan: Plan, types: str, *, companion: tuple[str, str] | None = None, both: bool = False) -> None:
        self._plan = plan
        self._types = types
        self._companion = companion
        self._both = both
        # a type of the document may be called Endpoint: the stub then knows it by another name
        taken = RESERVED | {url.class_name for url in plan.urls} | {companion[1] if companion else None}
        self._renamed = {one.name: f"{one.name}Type" for one in plan.backend.types if one.name in taken}

    def text(self) -> str:
        """The text of the stub, without its header."""
        body = "".join([*self._classes(), *self._table(), *(self._options() if self._both else ())])
        return self._imports(body) + "\n" + body

    def _imports(self, body: str) -> str:
        used = frozenset(words_of(without_docstrings(body)))
        typing = [name for name in ("Generic", "Literal", "overload") if self._both or name == "Literal"]
        lines: list[str] = []
        if self._both:
            lines.append("from collections.abc import Mapping\n")
        if names := [name for name in typing if name in used]:
            lines.append(f"from typing import {', '.join(names)}\n")
        if "UUID" in used:
            lines.append("from uuid import UUID\n")
        more = ("TypedDict", "TypeForm", "TypeVar") if self._both else ("TypedDict",)
        lines.append(f"\nfrom typing_extensions import {', '.join(more)}\n")
        lines.append(f"\nfrom query.api import {', '.join(name for name in FROM_API if name in used)}\n\n")
        own = {one.name: "" for one in (*self._plan.backend.types, *self._plan.parameters)}
        from_types = sorted(name for name in own if self._renamed.get(name, name) in used)
        if from_types:
            parts = [f"{name} as {self._renamed[name]}" if name in self._renamed else name for name in from_types]
            lines.append(f"from {self._types} import (\n" + "".join(f"    {part},\n" for part in parts) + ")\n")
        if self._companion is not None:
            lines.append(f"from {self._companion[0]} import {self._companion[1]}\n")
        return "".join(lines)

    def _classes(self) -> Iterator[str]:
        for url in self._plan.urls:
            if url.class_name is None:
                continue
            methods = "".join(
                f"    {method.lower()}: {self._mutation(url, method)}\n" + docstring(_doc(url.operations[method]))
                for method in WRITING
                if method in url.operations
            )
            yield f"\nclass {url.class_name}({self._reading(url)}):\n{methods}"

    def _table(self) -> Iterator[str]:
        name = "ApiTable" if self._companion is None else "DocumentedTable"
        yield f'\n{name} = TypedDict(\n    "{name}",\n    {{\n'
        for url in self._plan.urls:
            yield f"        {json.dumps(url.pattern)}: {url.class_name or self._reading(url)},\n"
        yield "    },\n)\n"
        if self._companion is not None:
            yield f"\nclass ApiTable(DocumentedTable, {self._companion[1]}): ...\n"
        yield "\napi: ApiTable\n"

    def _reading(self, url: Url) -> str:
        operation = url.operations.get("GET")
        if operation is None:
            return "FlatApiUrl" if url.path is None else f"ApiUrl[{url.path}]"
        query = url.queries["GET"]
        kind = ("" if url.path else "Flat") + ("Queried" if query in self._plan.demanding else "") + "Endpoint"
        path = f"{url.path}, " if url.path else ""
        return f"{kind}[{path}{query or 'NoQuery'}, {self._expression(operation.response)}]"

    def _mutation(self, url: Url, method: str) -> str:
        operation = url.operations[method]
        answer = self._expression(operation.response)
        path = f"{url.path}, " if url.path else ""
        flat = "" if url.path else "Flat"
        query = url.queries[method] or "NoQuery"
        if operation.body is None and operation.body_media:
            return f"{flat}ApiUpload[{path}{query}, {answer}]"
        return f"{flat}ApiMutation[{path}{query}, {self._body(operation)}, {answer}]"

    def _body(self, operation: Operation) -> str:
        if operation.body is None:
            return "None"
        body = self._expression(operation.body)
        return body if operation.body_required or body.endswith("None") else f"{body} | None"

    def _expression(self, expression: str) -> str:
        return renamed(expression, self._renamed)

    def _options(self) -> Iterator[str]:
        yield '\nT = TypeVar("T")\n'
        yield from self._factory("ApiOptionsFactory", "ApiQueryOptions[T]", "")
        paging = "pages: PageStrategy = ..., max_pages: int | None = None, "
        yield from self._factory("ApiInfiniteOptionsFactory", "ApiInfiniteOptions[T]", paging)
        yield (
            "\nclass ApiOptions:\n"
            "    def as_(self, type_: TypeForm[T], /) -> ApiOptionsFactory[T]: ...\n"
            "    def as_infinite(self, type_: TypeForm[T], /) -> ApiInfiniteOptionsFactory[T]: ...\n\n"
            "api_options: ApiOptions\n"
        )

    def _factory(self, name: str, made: str, more: str) -> Iterator[str]:
        yield f"\nclass {name}(Generic[T]):\n"
        groups = list(_groups(self._plan))
        for path, urls in groups:
            literal = ", ".join(json.dumps(url) for url in urls)
            given = f"path: {path} | SkipToken, " if path else ""
            if len(groups) > 1:
                yield "    @overload\n"
            yield (
                f"    def __call__(self, url: Literal[{literal}], *, {given}"
                "query: QueryParams | None = None, headers: Mapping[str, str] | None = None, "
                "host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, "
                f"{more}stale_time: StaleTime) -> {made}: ...\n"
            )


def _groups(plan: Plan) -> Iterator[tuple[str | None, list[str]]]:
    """URLs that take the same path, the largest group first, for checkers try overloads in order.

    To tell queries apart, too, would double the overloads, and cost checkers three times the time.
    """
    groups: dict[str | None, list[str]] = {}
    for url in plan.urls:
        if "GET" in url.operations:
            groups.setdefault(url.path, []).append(url.pattern)
    chunks = [
        (path, urls[at : at + MAX_LITERALS])
        for path, urls in groups.items()
        for at in range(0, len(urls), MAX_LITERALS)
    ]
    return iter(sorted(chunks, key=lambda chunk: (-len(chunk[1]), chunk[1][0])))


def _doc(operation: Operation) -> str:
    return f"{operation.summary} Deprecated.".strip() if operation.deprecated else operation.summary

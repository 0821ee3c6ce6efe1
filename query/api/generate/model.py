"""What is known of a backend: its operations and the types of what they take and answer.

Everything is plain data, in a fixed order, and the same for the same document: what is written from it does not change
unless the document does.

Type expressions are Python source. They use the names of ``Backend.types``, the builtins ``str``, ``int``,
``float``, ``bool``, ``bytes``, ``list[...]``, ``dict[str, ...]``, ``tuple[...]``, ``object`` and ``None``,
``Literal[...]``, ``UUID`` (only in parameters of a path) and unions written with ``|``. They never use ``Any``: what
the document leaves open is ``object``, so that a checker finds who relies on what nobody described; ``.as_(T)`` says
what it is.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter of a path or of a query.

    Attributes:
        name: The key under which its value is given. For a query this is the name on the wire, such as ``"per_page"``
            or ``"filter[state]"``. For a path it is the name in the pattern, always an identifier: where the document's
            name is none, or two of them would be one, ``doc`` says what the document calls it.
        type: The type expression of its values. For a path one of what may stand in a URL: no bool, no float, no None.
        required: Whether it must be given. Always True in a path.
        doc: What the document says of it, as one line; empty if nothing.
    """

    name: str
    type: str
    required: bool
    doc: str = ""


class TypedField(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a JSON object.

    Attributes:
        name: The key as it is on the wire; it need not be an identifier.
        type: The type expression of its values.
        required: Whether the key must be there. False is ``NotRequired``.
        doc: What the document says of it, as one line; empty if nothing.
    """

    name: str
    type: str
    required: bool
    doc: str = ""


class TypedDictClass(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON object with known keys.

    Attributes:
        name: The name of the class: an identifier, no keyword, no builtin, nothing that the types module imports.
        fields: Its keys, in the document's order.
        doc: What the document says of it, as one line; empty if nothing.
    """

    name: str
    fields: tuple[TypedField, ...]
    doc: str = ""


class TypeAliasClass(msgspec.Struct, frozen=True, kw_only=True):
    """A name for a type that is no object with known keys: a union, a Literal, a list.

    Attributes:
        name: The name, as that of a class.
        type: The type expression. It may use the names of other aliases, also in a circle: the circle then leads
            through a ``list[...]``, a ``dict[...]`` or a TypedDict, so that checkers accept it.
        doc: What the document says of it, as one line; empty if nothing.
    """

    name: str
    type: str
    doc: str = ""


TypeDefinition: TypeAlias = TypedDictClass | TypeAliasClass


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """A method of a path.

    Attributes:
        method: In capitals: ``"GET"``.
        pattern: The URL, such as ``"/projects/$slug/"``. The grammar is that of ``query.api.get_api_url``.
        path: The parameters of the pattern, each once, in the order in which they stand there.
        query: The parameters of the query, in the document's order. An object of style ``deepObject`` or ``form`` is
            listed by the keys that go over the wire: ``filter[state]``. An array that is sent as one text, such as
            ``a,b``, is a ``str``; its doc names the separator.
        query_open: Whether the query may have keys that cannot be listed, such as those of a free-form object.
        body: The type expression of the request's JSON body; None if it takes none, or one that is no JSON.
        body_required: Whether there must be a body.
        body_media: Its media type: ``"application/json"``, or ``"multipart/form-data"`` with *body* None; empty
            without a body.
        response: The type expression of the JSON of the 2xx responses: ``"object"`` if it is not described, ``"None"``
            if there is no body, a union if several are described.
        response_status: The first of their statuses: ``"200"``, ``"2XX"``, ``"default"``; empty if none is described.
        response_media: The media type of that one; empty without a body. If it is no JSON, *response* is
            ``"str"`` for text and ``"bytes"`` for anything else.
        pages: Whether the document speaks of pages: a ``Link`` header, or a query parameter ``cursor`` or ``page``.
        operation_id: The document's name for it; empty if it has none.
        summary: What it does, as one line; empty if the document does not say.
        deprecated: Whether the document says that it is.
        place: Where it is described: ``"shop.yaml#/paths/~1orders/get"``.
    """

    method: str
    pattern: str
    path: tuple[Parameter, ...] = ()
    query: tuple[Parameter, ...] = ()
    query_open: bool = False
    body: str | None = None
    body_required: bool = False
    body_media: str = ""
    response: str = "object"
    response_status: str = ""
    response_media: str = ""
    pages: bool = False
    operation_id: str = ""
    summary: str = ""
    deprecated: bool = False
    place: str = ""


class Backend(msgspec.Struct, frozen=True, kw_only=True):
    """All of it.

    Attributes:
        title: The document's title.
        version: The version of the API, as the document says it.
        source: The file's name, or ``"package.module:app"``; empty for a dict.
        servers: The URLs of the document's servers, as they are written.
        operations: Sorted by pattern and method.
        types: What the operations use, directly or through one another. Sorted by name; no name is there twice.
    """

    title: str
    version: str = ""
    source: str = ""
    servers: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    types: tuple[TypeDefinition, ...] = ()

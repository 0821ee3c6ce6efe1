"""Bodies of requests and responses: which media types there may be, and what is in them."""

from __future__ import annotations

import json
from typing import Any

from query.openapi.documents import Node

from .faults import Fault, listed, shown
from .parameters import Reader
from .schemas import Schemas

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Media:
    """One media type of a body.

    Args:
        name: Such as "application/json", or a range such as "image/*".
        node: Its place in the description.
        schemas: Makes validators.
    """

    def __init__(self, name: str, node: Node, schemas: Schemas) -> None:
        self.name = name.split(";", maxsplit=1)[0].strip().lower()
        self.node = node
        self.schema = node.at("schema")
        self.reader = Reader(self.schema, schemas)

    def faults(self, data: bytes, place: str = "body") -> list[Fault]:
        """What is wrong with a body that is no form.

        Args:
            data: The body.
            place: What to call it.
        """
        if is_json(self.name):
            try:
                value = json.loads(data)
            except ValueError as error:
                reason = f"{shown(data.decode('utf-8', 'replace'))} is no JSON ({error})"
                return [Fault(place, reason, self.node.where)]
            return self.value_faults(value, place)
        if self.name.startswith("text/") and "string" in self.reader.kinds:
            return self.value_faults(data.decode("utf-8", "replace"), place)
        return []

    def value_faults(self, value: Any, place: str = "body") -> list[Fault]:
        """What is wrong with data.

        Args:
            value: JSON data.
            place: What to call it.
        """
        return self.reader.faults(value, place, "")

    def form_faults(self, form: dict[str, Any], place: str = "body") -> list[Fault]:
        """What is wrong with a form.

        Args:
            form: Its fields: texts, bytes for files, lists of them where a name repeats.
            place: What to call it.
        """
        properties = self.reader.properties
        value = {name: self._field(properties.get(name), field) for name, field in form.items()}
        return self.value_faults(value, place)

    def _field(self, reader: Reader | None, field: Any) -> Any:
        if isinstance(field, list):
            return [self._field(None if reader is None else reader.items, item) for item in field]
        if isinstance(field, bytes):
            # a file has no place in JSON: a text of its length stands for it
            field = field.decode("latin-1")
        if reader is None:
            return field
        if "object" in reader.kinds or ("array" in reader.kinds and field.startswith("[")):
            try:
                return json.loads(field)
            except ValueError:
                pass
        return reader.read([field] if reader.kinds == {"array"} else field)


class Content:
    """The media types of a body.

    Args:
        node: What holds the ``content``.
        schemas: Makes validators.
    """

    def __init__(self, node: Node, schemas: Schemas) -> None:
        self.node = node
        self.media = [Media(name, below, schemas) for name, below in node.mapping("content")]

    def of_type(self, content_type: str) -> Media | None:
        """What is said of a media type; ranges come after types.

        Args:
            content_type: Such as "application/json", without parameters.
        """
        main = content_type.split("/", maxsplit=1)[0]
        for name in (content_type, f"{main}/*", "*/*"):
            for media in self.media:
                if media.name == name:
                    return media
        return None

    @property
    def names(self) -> str:
        """The media types, for messages."""
        return listed(media.name for media in self.media)

    @property
    def preferred(self) -> Media | None:
        """The media type to make a body of: JSON if there is one."""
        return next((m for m in self.media if is_json(m.name)), self.media[0] if self.media else None)


def is_json(content_type: str) -> bool:
    """Whether a media type is JSON.

    Args:
        content_type: Without parameters.
    """
    return content_type == "application/json" or content_type.endswith("+json")

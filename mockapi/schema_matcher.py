"""A matcher of the body by a JSON schema. The validator is loaded when one is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .matchers import Mismatch, PartMatcher
from .requests import NOT_JSON, RequestView
from .secrets import masked

_VALUE = "\u241f"
_MAX_SHOWN = 80
_MAX_REASONS = 5


class SchemaMatcher(PartMatcher):
    """Holds a JSON body against a schema.

    Args:
        schema: A JSON schema.
    """

    def __init__(self, schema: Mapping[str, Any] | bool) -> None:
        from query.openapi.documents import require

        super().__init__("data", schema)
        library = require("jsonschema_rs", "match_schema")
        try:
            self._validator = library.validator_for(schema, validate_formats=True, mask=_VALUE, retriever=_nowhere)
        except (ValueError, library.ReferencingError) as error:
            text = str(error).replace(_VALUE, "it").splitlines()[0]
            raise ValueError(f"match_schema takes a JSON schema, and this is none: {text}") from None

    def check(self, view: RequestView) -> bool | Mismatch:
        """Whether the request's body fits.

        Args:
            view: The request with its parts.
        """
        if view.json is NOT_JSON:
            return Mismatch("data", "the body is no JSON" if view.request.content else "the body is empty")
        if self._validator.is_valid(view.json):
            return True
        reasons = [_words(error) for error in self._validator.iter_errors(view.json)]
        more = f", and {len(reasons) - _MAX_REASONS} more" if len(reasons) > _MAX_REASONS else ""
        return Mismatch("data", f"{'; '.join(reasons[:_MAX_REASONS])}{more}")

    def __repr__(self) -> str:
        return f"match_schema({masked(self.wanted)!r})"


def match_schema(schema: Mapping[str, Any] | bool) -> SchemaMatcher:
    """A matcher of a JSON body: it must be as a JSON schema says. Needs the extra "openapi".

    Args:
        schema: The schema, of 2020-12 unless its ``$schema`` says otherwise. References lead to places inside it.

    Raises:
        TypeError: Neither a mapping nor a bool.
        ValueError: No JSON schema.
        MissingExtraError: The extra is not installed.
    """
    if not isinstance(schema, (Mapping, bool)):
        raise TypeError(f"match_schema takes a JSON schema as a dict, got {schema!r}.")
    return SchemaMatcher(schema if isinstance(schema, bool) else dict(schema))


def _words(error: Any) -> str:
    steps = [str(step) for step in error.instance_path]
    name = next((step for step in reversed(steps) if not step.isdigit()), "")
    text = repr(masked(error.instance, name))
    shown = text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}... ({len(text)} characters)"
    place = "".join(f"/{step}" for step in steps)
    return f"{place + ': ' if place else ''}{error.message.replace(_VALUE, shown)}"


def _nowhere(uri: str) -> Any:
    raise ValueError(f"the reference {uri} leads out of the schema")

"""What is wrong with a document, or missing to read it."""

from __future__ import annotations


class DescriptionError(ValueError):
    """An OpenAPI description that cannot be used: missing, malformed, or of a version that is not known.

    Attributes:
        where: The place in it that is meant, such as "shop.yaml#/paths/~1orders"; empty if that is the whole of it.
    """

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message)
        self.where = where


class MissingExtraError(ImportError):
    """A package of an extra is not installed. The message names the extra."""

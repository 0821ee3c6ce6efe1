"""Which version of OpenAPI a document is of."""

from __future__ import annotations

from .documents import Node, is_object
from .errors import DescriptionError


def checked_version(root: Node) -> str:
    """The version that a document says, such as "3.0.3".

    Args:
        root: The whole document.

    Raises:
        DescriptionError: It says none, or one that is not known.
    """
    given = root.value
    if not is_object(given):
        raise DescriptionError(f"{root.document.name} is no OpenAPI description: it holds no object.")
    if "swagger" in given:
        raise DescriptionError(
            f"{root.document.name} is a description of OpenAPI {given['swagger']} (Swagger); 3.0 and 3.1 are known. "
            "Convert it, for instance with swagger2openapi or at https://converter.swagger.io."
        )
    version = str(given.get("openapi", ""))
    if not version.startswith(("3.0", "3.1", "3.2")):
        said = f"says openapi: {version}" if version else "has no 'openapi'"
        raise DescriptionError(f"{root.document.name} {said}; expected one of OpenAPI 3.0 or 3.1.")
    return version

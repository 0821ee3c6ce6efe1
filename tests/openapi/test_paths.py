"""Parameters in the paths of a document."""

from __future__ import annotations

import pytest

from query.openapi.paths import PARAM


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/orders/{orderId}", ["orderId"]),
        ("/compare/{base}...{head}", ["base", "head"]),
        ("/files/{file_path:path}", ["file_path:path"]),
        ("/{a}{b-c}/{}", ["a", "b-c"]),
        ("/plain", []),
    ],
)
def test_a_parameter_is_what_stands_in_braces(path, names):
    """Several may stand in one segment."""
    assert PARAM.findall(path) == names

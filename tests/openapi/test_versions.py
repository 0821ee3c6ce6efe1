"""A document says which version it is of, and one that nobody here can read is refused."""

from __future__ import annotations

import pytest

from query.openapi.documents import Document
from query.openapi.errors import DescriptionError
from query.openapi.versions import checked_version


@pytest.mark.parametrize("version", ["3.0.0", "3.0.3", "3.1.0", "3.2.0"])
def test_a_known_version_is_told(version):
    """As the document writes it."""
    assert checked_version(Document({"openapi": version}, None, {}).root) == version


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"swagger": "2.0"}, r"OpenAPI 2\.0 \(Swagger\); 3\.0 and 3\.1 are known\. Convert it, for instance with"),
        ({"openapi": "4.0.0"}, r"says openapi: 4\.0\.0; expected one of OpenAPI 3\.0 or 3\.1"),
        ({"info": {}}, "has no 'openapi'"),
        ([], "it holds no object"),
    ],
)
def test_what_cannot_be_read_is_refused(data, said):
    """With what was expected, and for Swagger with the way out."""
    with pytest.raises(DescriptionError, match=said):
        checked_version(Document(data, None, {}).root)

"""The paths of a document: which methods they may have, and how their parameters are written."""

from __future__ import annotations

import re
from typing import Final

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""The methods that a path may have."""

PARAM: Final = re.compile(r"\{([^{}/]+)\}")
"""A parameter in a path, such as "{orderId}"; its group is the name."""

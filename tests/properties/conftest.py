"""The tests of this folder share a model, and what makes the cache look like it."""

from __future__ import annotations

import sys
from pathlib import Path

# tests are imported one by one, without packages: their helpers need an address
sys.path.insert(0, str(Path(__file__).parent))

"""The planted bugs are a package of their own, which pytest would not find by itself."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

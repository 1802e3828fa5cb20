from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
for folder in (DOCS, DOCS / "steps"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

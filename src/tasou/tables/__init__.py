"""Data files to arrays: read a table, see what each column is, prepare it for a network, all of it as data.

```python
table = read("titanic.csv")
roles = infer(table, target="survived")
print(roles.table())
preparation = Preparation.fit(table, roles)
X, y = preparation.transform(table), preparation.target(table)
```
"""

from __future__ import annotations

from tasou.tables.inference import infer
from tasou.tables.preparation import Preparation
from tasou.tables.reading import FORMATS, read
from tasou.tables.role import ColumnRole, Seen
from tasou.tables.roles import Roles
from tasou.tables.splitting import split
from tasou.tables.table import Table
from tasou.text import aligned

__all__ = [
    "FORMATS",
    "ColumnRole",
    "Preparation",
    "Roles",
    "Seen",
    "Table",
    "aligned",
    "infer",
    "read",
    "split",
]

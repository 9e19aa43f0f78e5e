"""SQL with the meaning of an expression: for DuckDB, and for the engine that holds a team's users.

>>> import segdsl.sql
>>> segdsl.sql.compile('plan == "pro" and not isAdmin', dialect="sqlite").verdict
"`plan` COLLATE BINARY = 'pro' AND `isAdmin` <> TRUE"

Nothing here needs a database driver. `import segdsl` does not load it.
"""

from segdsl.sql.compiler import SqlCondition, compile  # noqa: A004  the name that users know
from segdsl.sql.dialects import DIALECTS
from segdsl.sql.mapping import Mapping

__all__ = ["DIALECTS", "Mapping", "SqlCondition", "compile"]

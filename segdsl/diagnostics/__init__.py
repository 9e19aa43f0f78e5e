"""Everything a person reads when something is wrong: one table of codes, the diagnostic, its renderings."""

from segdsl.diagnostics.codes import CODES, Code
from segdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix, Note

__all__ = ["CODES", "Code", "Diagnostic", "Edit", "Fix", "Note"]

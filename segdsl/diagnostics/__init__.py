"""Diagnostics: the table of codes, the diagnostic itself, and its renderings."""

from segdsl.diagnostics.codes import CODES, Code
from segdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix, Note

__all__ = ["CODES", "Code", "Diagnostic", "Edit", "Fix", "Note"]

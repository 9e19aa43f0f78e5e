"""User records out of files: lines of JSON, a JSON array, CSV, each also compressed; read one by one in flat memory."""

from segdsl.cli.users.opened import Input, opened
from segdsl.cli.users.reading import Form, form_of, read_records
from segdsl.cli.users.record import Malformed, Record, UnreadableError

__all__ = ["Form", "Input", "Malformed", "Record", "UnreadableError", "form_of", "opened", "read_records"]

"""How each host declares an integer and allows several segments: what a `needs-split` diagnostic advises."""

from segdsl.lowering.split_errors import Advice

PYTHON = Advice('declare `{key}` as "integer" in the schema', "take {count} segments with `segdsl.compile_all`")
CONFIG = Advice('declare `{key} = "integer"` under [{table}]', "allow {count} segments with `split = true`")
COMMAND_LINE = Advice('declare `{key} = "integer"` in the --schema file', "allow {count} segments with `--split`")

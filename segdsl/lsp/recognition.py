"""Which documents are configs of segments. The server ignores all others: an editor shows it every TOML file."""

import re
from collections.abc import Mapping
from pathlib import PurePath, PurePosixPath
from typing import Any

from segdsl.config.document import Format, FormatName
from segdsl.config.formats import EXTENSIONS, FORMATS

_NAMES = ("segments*", "*.segments.*")
_OTHER_NAMES = ("*.schema.json",)
_BEGINS_SEGMENTS: Mapping[FormatName, re.Pattern[str]] = {
    "toml": re.compile(r"^[ \t]*\[\[[ \t]*segment[ \t]*\]\]", re.MULTILINE),
    "yaml": re.compile(r"""^(["']?)segment\1[ \t]*:[ \t]*(?:#.*)?$""", re.MULTILINE),
    "json": re.compile(r'\A\s*\{(?:[^{}\[\]]*,)?\s*"segment"\s*:\s*\['),
}
"""How the list of segments begins in a file that cannot be read."""


def format_of_document(name: str, language: str) -> Format | None:
    """The format of a document, by the ending of its name, or by its language if it has no ending."""
    suffix = PurePath(name).suffix.lower()
    form = EXTENSIONS.get(suffix) if suffix else next((one for one in FORMATS if one == language), None)
    return FORMATS[form] if form else None


def is_named_as_config(name: str) -> bool:
    """Whether the name of a file says that it is a config."""
    path = PurePosixPath(PurePath(name).name)
    return any(map(path.match, _NAMES)) and not any(map(path.match, _OTHER_NAMES))


def holds_segments(text: str, form: FormatName, values: Any) -> bool:
    """Whether a file has a list `segment` at its top. `values` is None if the file cannot be read."""
    if values is None:
        return bool(_BEGINS_SEGMENTS[form].search(text))
    return isinstance(values, dict) and isinstance(values.get("segment"), list)

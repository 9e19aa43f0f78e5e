"""Replacing expressions inside a config file, leaving every other character of it as it was."""

from collections.abc import Sequence
from typing import Any

from segdsl.config.document import Path, Surroundings
from segdsl.config.model import Config, LocatedText
from segdsl.errors import ConfigError
from segdsl.source import Source

_BLANKS = " \t\r\n"


def expressions(config: Config) -> tuple[LocatedText, ...]:
    """Every expression of the file, definitions and segments, in the order in which they stand there."""
    texts = [*config.definitions.values(), *(segment.where for segment in config.segments)]
    return tuple(sorted(texts, key=lambda text: text.span))


def with_final_break(text: LocatedText, expression: str) -> str:
    """`expression` with the line break that ends the value of `text`, if one does.

    A closing `'''` on a line of its own, or a YAML block, has it; it is the file's layout and not the expression's.
    """
    blanks = text.value[len(text.value.rstrip(_BLANKS)) :]
    return expression + blanks[blanks.find("\n") :] if "\n" in blanks else expression


def rewrite(config: Config, edits: Sequence[tuple[LocatedText, str]]) -> str:
    """The text of the file with new values for some of its expressions; `config.to_bytes` makes the file of it.

    Quotes, blocks and line breaks stay of their kind where they can hold the new value. The result is read again:
    raises `ConfigError`, and changes nothing, unless it holds exactly the new values and all else as before.
    """
    source = config.source
    changed = sorted((edit for edit in edits if edit[1] != edit[0].value), key=lambda edit: edit[0].span)
    pieces, copied = [], 0
    for text, value in changed:
        pieces += [source.text[copied : text.span.start], _literal(config, text, value)]
        copied = text.span.end
    result = "".join([*pieces, source.text[copied:]])
    if changed and not _says(result, config, [(text.path, text.value, value) for text, value in changed]):
        raise ConfigError(f"{config.name}: cannot rewrite this file without changing more than its expressions")
    return result


def _literal(config: Config, text: LocatedText, value: str) -> str:
    source = config.source.text
    place = config.document.place(text.path)
    start, end = place.value.start, place.value.end
    surroundings = Surroundings(
        indent=config.source.position(place.key.start)[1] - 1,
        flow=place.flow,
        alone=source[end : end + 1] in ("", "\r", "\n"),
        newline="\r\n" if source[: source.find("\n") + 1].endswith("\r\n") else "\n",
    )
    return config.document.format.spell(value, source[start:end], surroundings)


def _says(text: str, config: Config, changes: Sequence[tuple[Path, str, str]]) -> bool:
    """Whether `text` has the new values, and with the old ones in their stead is the same as before."""
    try:
        config.to_bytes(text)
        values = config.document.format.read(Source(text, config.name)).values
        said = [_put_back(values, *change) for change in changes]
        return all(said) and bool(values == config.document.values)
    except UnicodeEncodeError:  # half a surrogate pair
        return False
    except (LookupError, TypeError):  # the shape is another, or there is none
        return False


def _put_back(values: Any, path: Path, old: str, new: str) -> bool:
    *parents, last = path
    for part in parents:
        values = values[part]
    said = bool(values[last] == new)
    values[last] = old
    return said

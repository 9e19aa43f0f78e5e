"""Replacing expressions in a config file: formatting them, for one. Every other character of the file stays."""

from collections.abc import Sequence
from typing import Any

from segdsl.config.comments import hiding_comments
from segdsl.config.document import LocatedText, Path, definition_label, relocate
from segdsl.config.model import Config
from segdsl.diagnostics import Diagnostic, Edit
from segdsl.diagnostics.diagnostic import with_edits
from segdsl.environment import Environment
from segdsl.errors import ConfigError, ParseError
from segdsl.semantics.schema import Schema
from segdsl.source import Source

_BLANKS = " \t\r\n"


def formatted_config(config: Config) -> str:
    """The text of the file with its expressions in canonical form. Formatting the result changes nothing.

    Raises as `formatting_edits` does.
    """
    return with_edits(config.source.text, formatting_edits(config))


def formatting_edits(config: Config) -> tuple[Edit, ...]:
    """The edits of the file that bring its expressions into canonical form, one for each that changes.

    Raises `ConfigError` with the errors of all expressions that do not parse or that a comment hides in part.
    """
    tidy = Environment(Schema(config.properties, config.conversation_properties)).format
    edits: list[tuple[LocatedText, str]] = []
    broken: list[Diagnostic] = []
    for text, label in _expressions(config):
        broken += hiding_comments(text, label)
        try:
            edits.append((text, _with_final_break(text, tidy(text.value))))
        except ParseError as error:
            broken += [relocate(problem, text, label, config.definitions) for problem in error.diagnostics]
    if broken:
        raise ConfigError(diagnostics=broken)
    return rewrite(config, edits)


def _expressions(config: Config) -> list[tuple[LocatedText, str]]:
    """The expressions of the file with the labels that diagnostics show for them, in the order of the file."""
    texts = [(text, definition_label(name)) for name, text in config.definitions.items()]
    texts += [(segment.where, segment.label) for segment in config.segments]
    return sorted(texts, key=lambda labelled: labelled[0].span)


def _with_final_break(text: LocatedText, expression: str) -> str:
    """`expression` with the line break that ends the value of `text`, if one does.

    Such a break comes from a closing `'''` on a line of its own, or from a YAML block: the layout of the file.
    """
    blanks = text.value[len(text.value.rstrip(_BLANKS)) :]
    return expression + blanks[blanks.find("\n") :] if "\n" in blanks else expression


def rewrite(config: Config, edits: Sequence[tuple[LocatedText, str]]) -> tuple[Edit, ...]:
    """The edits of the file that give some of its expressions new values: a new literal for each.

    The kinds of quotes, blocks and line breaks stay where they can hold the new value. The result is read again:
    raises `ConfigError` unless it holds exactly the new values, and everything else as before.
    """
    changed = sorted((edit for edit in edits if edit[1] != edit[0].value), key=lambda edit: edit[0].span)
    found = tuple(Edit(text.span, text.spelled(value)) for text, value in changed)
    result = with_edits(config.source.text, found)
    if changed and not _holds(result, config, [(text.path, text.value, value) for text, value in changed]):
        raise ConfigError(f"{config.name}: cannot rewrite this file without changing more than its expressions")
    return found


def _holds(text: str, config: Config, changes: Sequence[tuple[Path, str, str]]) -> bool:
    """Whether `text` holds the new values, and equals the file's values once the old ones are put back."""
    try:
        config.to_bytes(text)
        values = config.document.format.read(Source(text, config.name)).values
        replaced = [_put_back(values, *change) for change in changes]
    except UnicodeEncodeError:  # half a surrogate pair
        return False
    except (LookupError, TypeError):  # the shape is another, or nothing can be read
        return False
    return all(replaced) and repr(values) == repr(config.document.values)  # `==` takes 1 for true, and no nan for nan


def _put_back(values: Any, path: Path, old: str, new: str) -> bool:
    *parents, last = path
    for part in parents:
        values = values[part]
    replaced = bool(values[last] == new)
    values[last] = old
    return replaced

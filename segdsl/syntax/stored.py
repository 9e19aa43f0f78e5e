"""Trees as plain data, for storing them and for other languages: tagged by node, with a version.

Strings, numbers and booleans are JSON's; other literals, and all nodes, are objects with a `type`.
"""

from collections.abc import Callable
from typing import Any

from segdsl.errors import NestingError
from segdsl.limits import MAX_NESTING, MAX_TEXT_LENGTH
from segdsl.syntax.fold import fold
from segdsl.syntax.literals import shortened
from segdsl.syntax.nodes import (
    And,
    BareName,
    Between,
    Chain,
    Comparison,
    Date,
    Duration,
    Expression,
    Not,
    Or,
    Parameter,
    Reference,
)

VERSION = 1
"""Raised when readers have to change."""

_MOST_LEVELS = 2 * MAX_NESTING + 2
"""Levels of nodes in a tree: `and` and `or` may alternate between the levels of parentheses and `not`."""

_TYPES: dict[type, str] = {
    And: "and", Or: "or", Not: "not", Comparison: "comparison", Chain: "chain", Between: "between",
    BareName: "name", Reference: "reference", Duration: "duration", Date: "date", Parameter: "parameter",
}  # fmt: skip
_KINDS = {name: kind for kind, name in _TYPES.items()}
_KEYS = {"low_operator": "lowOperator", "high_operator": "highOperator"}
_LITERALS = ("duration", "date", "parameter")
_CLAUSES = {"during": "during", "from": "from_", "to": "to", "products": "products"}


# ── to plain data ──────────────────────────────────────────────────────────────────────────────────────────────────


def to_dict(expression: Expression) -> dict[str, Any]:
    """The tree as plain data; absent scope clauses are left out."""
    stored = {"version": VERSION, "condition": fold(expression.condition, _plain, _joined)}
    clauses = {key: getattr(expression, name) for key, name in _CLAUSES.items()}
    return stored | {key: _plain(value) for key, value in clauses.items() if value not in (None, ())}


def _joined(node: Any, operands: list[Any]) -> dict[str, Any]:
    inside = {"operand": operands[0]} if type(node) is Not else {"operands": operands}
    return {"type": _TYPES[type(node)], **inside}


def _plain(value: Any) -> Any:
    """A leaf or literal."""
    if type(value) is tuple:
        return [_plain(item) for item in value]
    name = _TYPES.get(type(value))
    if name is None:
        return value
    parts = {_KEYS.get(part, part): _plain(getattr(value, part)) for part in type(value).__match_args__}
    return {"type": name, **parts}


# ── from plain data ────────────────────────────────────────────────────────────────────────────────────────────────


def from_dict(stored: Any) -> Expression:
    """The tree. Raises `ValueError` with the place of the error, `NestingError` for a tree that is too deep."""
    parts = _object(stored, "expression")
    version = parts.pop("version", None)
    if version != VERSION or isinstance(version, bool):
        raise ValueError(f"version: this reads version {VERSION}, not {shortened(repr(version))}")
    if "condition" not in parts:
        raise ValueError("condition: it is missing")
    condition = _condition(parts.pop("condition"))
    clauses = {_CLAUSES[key]: _literal(value, key) for key, value in parts.items() if key in _CLAUSES}
    _no_others(parts, _CLAUSES, "expression")
    return Expression(condition, **clauses)


def _condition(root: Any) -> Any:
    """A condition and its parts, with its own stack, because the interpreter's may be nearly full."""
    done: list[Any] = []
    count = 0
    waiting: list[tuple[Any, str, int, Callable[[list[Any]], Any] | None]] = [(root, "condition", 1, None)]
    while waiting:
        value, path, level, build = waiting.pop()
        if build is not None:
            operands = done[len(done) - value :]
            del done[len(done) - value :]
            done.append(build(operands))
            continue
        count += 1
        if level > _MOST_LEVELS:
            raise NestingError(f"nested deeper than {MAX_NESTING} levels of parentheses and `not`")
        if count > MAX_TEXT_LENGTH:
            raise ValueError(f"condition: it has more than {MAX_TEXT_LENGTH:,} parts")
        parts = _object(value, path)
        kind = _kind(parts, path)
        if kind in (And, Or, Not):
            key = "operand" if kind is Not else "operands"
            inside = [parts.get(key)] if kind is Not else parts.get(key)
            if not isinstance(inside, list) or key not in parts:
                raise ValueError(f"{path}.{key}: it is missing, or not a list")
            _no_others(parts, (key,), path)
            waiting.append((len(inside), path, level, _builder(kind, path)))
            named = [(one, f"{path}.{key}" if kind is Not else f"{path}.{key}[{at}]") for at, one in enumerate(inside)]
            waiting += [(one, place, level + 1, None) for one, place in reversed(named)]
        else:
            done.append(_leaf(kind, parts, path))
    return done[0]


def _builder(kind: Any, path: str) -> Callable[[list[Any]], Any]:
    def build(operands: list[Any]) -> Any:
        if kind is Not:
            return Not(operands[0])
        if len(operands) < 2:
            raise ValueError(f"{path}.operands: `{_TYPES[kind]}` joins at least two")
        return kind(tuple(operands))

    return build


def _kind(parts: dict[str, Any], path: str) -> Any:
    name = parts.pop("type", None)
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None or name in _LITERALS:
        raise ValueError(f"{path}.type: {shortened(repr(name))} is not a type of condition")
    return kind


def _leaf(kind: Any, parts: dict[str, Any], path: str) -> Any:
    wanted = {_KEYS.get(part, part): part for part in kind.__match_args__}
    for key in wanted:
        if key not in parts:
            raise ValueError(f"{path}.{key}: it is missing")
    _no_others(parts, wanted, path)
    return kind(**{part: _literal(parts[key], f"{path}.{key}") for key, part in wanted.items()})


def _literal(value: Any, path: str) -> Any:
    """A literal, or a tuple of literals. The tree itself checks which literals are allowed where."""
    if isinstance(value, list):
        return tuple([_single(item, f"{path}[{at}]") for at, item in enumerate(value)])
    return _single(value, path)


def _single(value: Any, path: str) -> Any:
    if isinstance(value, str | bool | int | float):
        return value
    parts = _object(value, path)
    name = parts.pop("type", None)
    if not isinstance(name, str) or name not in _LITERALS:
        raise ValueError(f"{path}.type: {shortened(repr(name))} is not a type of literal")
    key = "name" if name == "parameter" else "text"
    if not isinstance(parts.get(key), str):
        raise ValueError(f"{path}.{key}: it is missing, or not a string")  # noqa: TRY004  as the others
    _no_others(parts, (key,), path)
    return _KINDS[name](parts[key])


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{path}: an object is needed, not {shortened(repr(value))}")  # noqa: TRY004  as the others
    return dict(value)


def _no_others(parts: dict[str, Any], known: Any, path: str) -> None:
    for key in parts:
        if key not in known:
            raise ValueError(f"{path}: there is no key {shortened(repr(key))}")

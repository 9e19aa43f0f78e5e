"""`include = ["common.toml"]`: properties, definitions and the source that a config takes from other files.

A path is relative to the file that includes it and stays inside its repository: the nearest folder above with `.git`,
or the folder of the first file if there is none.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

import msgspec

from segdsl.config.document import LocatedText, Path
from segdsl.config.model import Config, Loaded
from segdsl.config.reader import DECLARED
from segdsl.diagnostics import Diagnostic, Note
from segdsl.limits import MAX_INCLUDED_FILES


def with_includes(config: Config, read: Callable[[str], Loaded]) -> Loaded:
    """The config with the tables of its includes, and their problems, each at its place.

    `read` returns the config of one file, by the file's name. If an include cannot be used, the result is not
    `complete`, and its properties are unchecked. A circle is an error, but every file in it is used.
    """
    if not config.include:
        return config, ()
    walk = _Walk(config, read)
    walk.run()
    others = walk.others
    problems = [*walk.problems, *_conflicts((config, *others))]
    complete = config.complete and not (walk.failed or walk.closed) and all(other.complete for other in others)
    includes_all = not walk.failed and all(other.declares_all for other in others)
    is_declared = config.declares_all and includes_all
    return msgspec.structs.replace(
        config,
        complete=complete,
        includes_all=includes_all,
        definitions=_merged(other.definitions for other in (*others[::-1], config)),
        mapping=next((one.mapping for one in (config, *others) if one.mapping is not None), None),
        **{table: _declarations((*others[::-1], config), table) if is_declared else None for table in DECLARED},
    ), tuple(problems)


class _Step(NamedTuple):
    """A file on the way down, by its real path, and the includes of it that are still to be followed.

    `entry` is what includes it.
    """

    config: Config
    real: str
    entries: Iterator[LocatedText]
    entry: LocatedText | None


class _Walk:
    """Follows includes depth first, each file once. `others` are the files found, in that order.

    `failed` is true if one of them cannot be used, `closed` if they close a circle.
    """

    def __init__(self, config: Config, read: Callable[[str], Loaded]) -> None:
        self.others: list[Config] = []
        self.problems: list[Diagnostic] = []
        self.failed = self.closed = False
        self._read = read
        self._repository = _repository(config.name)
        self._seen: set[str] = set()
        self._steps: list[_Step] = []
        self._enter(config)

    def run(self) -> None:
        """Follows all includes."""
        while self._steps:
            entry = next(self._steps[-1].entries, None)
            if entry is None:
                self._steps.pop()
            else:
                self._follow(entry)

    def _enter(self, config: Config, entry: LocatedText | None = None) -> None:
        real = real_path(config.name)
        self._seen.add(real)
        self._steps.append(_Step(config, real, iter(config.include), entry))

    def _follow(self, entry: LocatedText) -> None:
        here = self._steps[-1].config
        name = os.path.normpath(os.path.join(os.path.dirname(here.name), entry.value))
        real = real_path(name)
        if real in (chain := [step.real for step in self._steps]):
            self.closed = True
            self.problems.append(_circle(self._steps[chain.index(real) :], entry))
            return
        reason = self._reason_against(entry.value, name, real)
        if reason is None and real not in self._seen:
            config, problems = self._read(name)
            if config is not None or problems[0].source.text:
                self.problems += problems
            else:
                reason = f"`{entry.value}` cannot be included: {problems[0].message}"
            if config is None:
                self.failed = True
            else:
                self.others.append(config)
                self._enter(config, entry)
        if reason is not None:
            self.failed = True
            self.problems.append(Diagnostic("bad-include", reason, entry.span, here.source))

    def _reason_against(self, written: str, name: str, real: str) -> str | None:
        """Why a file must not be included; None if it may."""
        if PurePath(written).is_absolute():
            return f"`{written}` cannot be included: write a path relative to this file"
        if not PurePath(real).is_relative_to(self._repository):
            return f"`{written}` cannot be included: it stands outside the repository"
        if len(self._seen) > MAX_INCLUDED_FILES:
            return f"more than {MAX_INCLUDED_FILES} files are included"
        return None


def _circle(steps: Sequence[_Step], last: LocatedText) -> Diagnostic:
    """The error of files that include one another; the same one from whichever file the walk began."""
    names = [step.config.name for step in steps]
    first = names.index(min(names))
    chain = [*names[first:], *names[:first], names[first]]
    entry = steps[first].entry if first else last
    assert entry is not None  # noqa: S101  only the file at which the walk begins has none
    return Diagnostic(
        "bad-include", f"this closes a circle: {' includes '.join(chain)}", entry.span, entry.document.source
    )


def real_path(name: str) -> str:
    """The path without links, which tells whether two names mean one file."""
    try:
        return os.path.realpath(name)
    except ValueError:  # a NUL or half a surrogate pair: there is no such file
        return name


def _repository(name: str) -> str:
    """The folder that included files must not leave."""
    folder = real_path(os.path.dirname(name))
    above = [folder, *map(str, PurePath(folder).parents)]
    return next((parent for parent in above if os.path.exists(os.path.join(parent, ".git"))), folder)


# ── bringing tables together ───────────────────────────────────────────────────────────────────────────────────────


def _declarations(configs: tuple[Config, ...], table: str) -> dict[str, Any] | None:
    tables = [found for config in configs if (found := getattr(config, table)) is not None]
    return _merged(tables) if tables else None


def _merged(tables: Any) -> dict[str, Any]:
    return {name: value for table in tables for name, value in table.items()}


def _conflicts(configs: tuple[Config, ...]) -> Iterator[Diagnostic]:
    """Names with different values in two files, at the first, with a note at the second."""
    holders = [config for config in configs if config.mapping is not None]
    for other in holders[1:]:
        if other.mapping != holders[0].mapping:
            yield _conflict(holders[0], other, ("source",))
    for table in (*DECLARED, "define"):
        first: dict[str, tuple[Config, Any]] = {}
        for config in configs:
            for name, value in _values(config, table).items():
                holder, before = first.setdefault(name, (config, value))
                if before != value:
                    yield _conflict(holder, config, (table, name))


def _values(config: Config, table: str) -> Mapping[str, Any]:
    if table == "define":
        return {name: text.value for name, text in config.definitions.items()}
    return getattr(config, table) or {}


def _conflict(holder: Config, other: Config, path: Path) -> Diagnostic:
    note = Note("the other value stands here", other.document.location(path).value, other.source)
    return Diagnostic(
        "duplicate-name",
        f"`{path[-1]}` has another value in {other.name}",
        holder.document.location(path).value,
        holder.source,
        notes=(note,),
        context=f"[{path[0]}]",
    )

"""The files of a studio: a config and its includes, read again when they change, and users."""

import os
import stat
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from segdsl.config.check import declared_in
from segdsl.config.load import Files
from segdsl.config.model import Config, Loaded
from segdsl.diagnostics import Diagnostic
from segdsl.limits import MAX_CONFIG_BYTES
from segdsl.semantics.advice import CONFIG
from segdsl.studio.runs import Run
from segdsl.studio.session import Content, NamedText, Session, answered
from segdsl.studio.users import Asked, LiveUsers

Contents = Mapping[str, bytes | None]
"""The contents of files, by name; None for one that cannot be read."""


class Workspace:
    """Answers questions about the present content of a file; threads may share it.

    A file that cannot be read keeps its last declarations, and its problems are reported.
    """

    def __init__(self, file: str | None, users: LiveUsers | None) -> None:
        self._file, self._users = file, users
        self._lock = threading.Lock()
        self._revision = -1
        self._contents: Contents = {}
        self._state: object = None
        self._config: Config | None = None
        self._current: tuple[Session, Asked] | None = None

    def answer(self, question: bytes, run: Run) -> str:
        """The answer to a question, both as JSON; `run` cancels a count."""
        session, asked = self._present()
        if self._users is not None:
            session = session.with_counting(partial(self._users.count, asked, run))
        return answered(session, question)[1]

    @property
    def session(self) -> Session:
        """The session for the present content of the file; it does not count."""
        return self._present()[0]

    def _present(self) -> tuple[Session, Asked]:
        with self._lock:
            state = self._users.state if self._users else None
            known = self._contents or ({} if self._file is None else {self._file: None})
            contents = {name: _content(name) for name in known}
            if self._current is None or contents != self._contents or state != self._state:
                self._contents, self._state = contents, state
                self._revision += 1
                self._current = self._read()
            return self._current

    def _read(self) -> tuple[Session, Asked]:
        problems: tuple[Diagnostic, ...] = ()
        if self._file is not None:
            config, problems = self._load(self._file)
            self._config = config or self._config
        content = _content_of(self._file, self._config, problems)
        if self._users is not None:
            content = replace(content, people=self._users.people(content.schema, content.mapping))
        session = Session(content, revision=self._revision)
        return session, Asked(session.environment, content.mapping, content.segments)

    def _load(self, file: str) -> Loaded:
        """The config, read from the remembered contents of its files, so that no change between two looks is missed."""
        contents = dict(self._contents)
        while True:
            files = Files({name: data for name, data in contents.items() if data is not None})
            loaded = files.load(file)
            unknown = [name for name in files.names if name not in contents]
            if not unknown:
                self._contents = {name: contents[name] for name in files.names}
                return loaded
            contents |= {name: _content(name) for name in unknown}


def _content(name: str) -> bytes | None:
    """The content of a file; None for one that cannot be read."""
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):
            return None
        with Path(name).open("rb") as file:
            data = file.read(MAX_CONFIG_BYTES + 1)
    except (OSError, ValueError):  # a path with a NUL in it is a ValueError
        return None
    return data if len(data) <= MAX_CONFIG_BYTES else None


def _content_of(file: str | None, config: Config | None, problems: tuple[Diagnostic, ...]) -> Content:
    if config is None:
        return Content(file=file, problems=problems, advice=CONFIG)
    schema, definitions = declared_in(config)
    return Content(
        file=file,
        schema=schema,
        definitions=tuple(NamedText(name, text) for name, text in definitions.items()),
        segments=tuple(NamedText(one.name, one.where.value) for one in config.segments),
        mapping=config.mapping,
        problems=problems,
        advice=CONFIG,
    )

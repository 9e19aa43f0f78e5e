"""A plan as values: for every segment of the config, and every custom one of the account, what is to be done."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType, to_builtins

from segdsl.wire.segment import Segment

VERSION = 1
"""Raised when a reader of the JSON would have to change; keys may be added without."""


class Difference(Struct, frozen=True):
    """One thing that is not the same: `key` is `where`, `description` or `icon`, with both sides as text.

    Where the remote filters are no expression, `key` is `filters` and the texts are JSON.
    """

    key: str
    local: str
    remote: str


class Create(Struct, frozen=True):
    """A segment that the account has not; `where` is its canonical expression."""

    segment: Segment
    where: str

    @property
    def name(self) -> str:
        """The name under which it is created."""
        return self.segment.name or ""

    def to_dict(self) -> dict[str, Any]:
        """The body to post, with the expression."""
        return {"name": self.name, "where": self.where} | self.segment.to_dict()


class Unchanged(Struct, frozen=True, rename="camel"):
    """A segment that exists as the config has it. `remote_name` is set when a part goes by another number there."""

    name: str
    id: str
    remote_name: str | UnsetType = UNSET


class Differs(Struct, frozen=True):
    """A segment whose name exists with something else in it; `ids` are all that bear it. The API cannot update."""

    name: str
    ids: tuple[str, ...]
    differences: tuple[Difference, ...]


class Unmanaged(Struct, frozen=True):
    """A custom segment that no segment of the config stands for; `note` says how it may be related to one."""

    name: str
    id: str
    note: str | UnsetType = UNSET


class Duplicate(Struct, frozen=True):
    """Several remote segments that say the same under one name; one would do."""

    name: str
    ids: tuple[str, ...]


class Plan(Struct, frozen=True):
    """What a push would do, and what it would not.

    `known_ids` are the ids of all segments of the account at the time of planning, for `Client.create_segment`.
    """

    create: tuple[Create, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()
    differs: tuple[Differs, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    known_ids: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether the account has everything as the config says; what is unmanaged or there twice does not count."""
        return not self.create and not self.differs

    @property
    def counts(self) -> dict[str, int]:
        """How many segments each kind of action is about."""
        return {key: len(getattr(self, key)) for key in ACTIONS}

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain data: `{"version": 1, "create": […], …, "summary": {"create": 0, …}}`."""
        listed = {key: plain(getattr(self, key)) for key in ACTIONS}
        listed["create"] = [action.to_dict() for action in self.create]
        return {"version": VERSION, **listed, "summary": self.counts}


def plain(value: Any) -> Any:
    """Actions as JSON data: tables and lists."""
    data = to_builtins(value)
    if isinstance(data, dict):
        return {key: plain(item) for key, item in data.items()}
    return [plain(item) for item in data] if isinstance(data, tuple | list) else data


ACTIONS = ("create", "unchanged", "differs", "unmanaged", "duplicates")
"""The kinds of action, in the order in which they are told."""

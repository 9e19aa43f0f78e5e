"""A plan as values: an action for each segment of the config and each custom segment of the account."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType, to_builtins

from segdsl.wire.rules import ConversationPropertyRule, PropertyRule
from segdsl.wire.segment import Segment

VERSION = 1
"""The version of the JSON. It is raised if readers have to change; keys may be added without."""

ACTIONS = ("create", "unchanged", "differs", "unreadable", "unmanaged", "duplicates")
"""The kinds of action, in the order in which they are shown."""


class Difference(Struct, frozen=True):
    """One difference between the config and the account: `key` is `where`, `description`, `icon` or `name`.

    `local` and `remote` are both sides as text. If the remote filters are not an expression, `key` is `filters` and the
    texts are JSON. `lines` is the diff for people: a sign (`-` only remote, `+` only local, blank for both) and a text.
    """

    key: str
    local: str
    remote: str
    lines: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, str]:
        """The difference as plain data, without the diff for people."""
        return {"key": self.key, "local": self.local, "remote": self.remote}


class Create(Struct, frozen=True):
    """A segment that the account does not have; `where` is its canonical expression.

    `part` is the name in the config of a part that gets another number, because a part of the account has its own.
    """

    segment: Segment
    where: str
    part: str = ""

    @property
    def name(self) -> str:
        """The name of the segment to create."""
        return self.segment.name or ""

    @property
    def excludes(self) -> tuple[str, ...]:
        """The properties that only negated conditions mention; users who lack one are not in the segment either."""
        operators: dict[str, set[str]] = {}
        for rule in self.segment.filters.rules:
            if isinstance(rule, PropertyRule | ConversationPropertyRule):
                space = "conversation." if isinstance(rule, ConversationPropertyRule) else ""
                operators.setdefault(space + rule.key, set()).add(rule.operator)
        return tuple(name for name, used in operators.items() if used == {"neq"})

    def to_dict(self) -> dict[str, Any]:
        """The body to post, with the expression."""
        return {"name": self.name, "where": self.where} | self.segment.to_dict()


class Unchanged(Struct, frozen=True, rename="camel"):
    """A segment that exists as in the config.

    `remote_name` is set if a part has another number in the account, `note` if the server's list does not show it yet.
    """

    name: str
    id: str
    remote_name: str | UnsetType = UNSET
    note: str | UnsetType = UNSET

    def to_dict(self) -> dict[str, Any]:
        """The action as plain data."""
        return plain(self)


class Differs(Struct, frozen=True):
    """A segment whose name exists with other content; `ids` are all segments of the name. The API cannot update.

    `part` is as in `Create`.
    """

    name: str
    ids: tuple[str, ...]
    differences: tuple[Difference, ...]
    part: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The action as plain data."""
        return {
            "name": self.name,
            "ids": list(self.ids),
            "differences": [difference.to_dict() for difference in self.differences],
        }


class Unreadable(Struct, frozen=True):
    """A segment that could not be compared, because remote segments of its name, `ids`, could not be read.

    It is not created: one of them may be it.
    """

    name: str
    ids: tuple[str, ...]
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """The action as plain data."""
        return plain(self)


class Unmanaged(Struct, frozen=True):
    """A custom segment that is not in the config; `note` says how it may be related to one that is."""

    name: str
    id: str
    note: str | UnsetType = UNSET

    def to_dict(self) -> dict[str, Any]:
        """The action as plain data."""
        return plain(self)


class Duplicate(Struct, frozen=True):
    """Several remote segments with one name and the same filters; one is enough."""

    name: str
    ids: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The action as plain data."""
        return plain(self)


class Plan(Struct, frozen=True):
    """What a push would do, and what it would leave alone.

    `known_ids` are the ids of all segments of the account at the time of planning, for `Client.create_segment`.
    """

    create: tuple[Create, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()
    differs: tuple[Differs, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    known_ids: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether the account has everything as in the config; unmanaged segments and duplicates do not count."""
        return not (self.create or self.differs or self.unreadable)

    @property
    def counts(self) -> dict[str, int]:
        """The number of segments for each kind of action."""
        return {key: len(getattr(self, key)) for key in ACTIONS}

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain data: `{"version": 1, "create": […], …, "summary": {"create": 0, …}}`."""
        listed = {key: [action.to_dict() for action in getattr(self, key)] for key in ACTIONS}
        return {"version": VERSION, **listed, "summary": self.counts}


def plain(value: Struct) -> dict[str, Any]:
    """A struct of texts and tuples of texts as JSON data."""
    data: dict[str, Any] = to_builtins(value)
    return {key: list(item) if isinstance(item, tuple) else item for key, item in data.items()}

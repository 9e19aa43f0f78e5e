"""Names: keywords, the canonical spelling of a property, and names that are refused."""

import re

from segdsl.catalogue import BUILT_INS, Kind, scale_of
from segdsl.limits import MAX_DURATION_DAYS
from segdsl.syntax.literals import shortened
from segdsl.syntax.memoize import memoize
from segdsl.syntax.tables import TERMINALS

KEYWORDS = frozenset(
    "and or not in contains between is true false within before during from to for product products all".split()
)
"""The words of the language, in lower case; a text may write them in any case."""

NEVER_NAMES = frozenset(["not", "true", "false"])
"""Keywords that are never names, not even directly before an operator."""

NO_NAMES_ALONE = KEYWORDS - NEVER_NAMES
"""Keywords that are names only directly before an operator: `from == "ads"`."""

NAMESPACES = ("user", "conversation")

NULL_WORDS = frozenset("null none nil undefined".split())
"""Words of other languages for a missing value, in any case: neither names, unless declared, nor unquoted values."""

PRESENCE, TIME, EVERYBODY, ORDER = "presence", "time", "everybody", "order"

NO_CONDITIONS: dict[str, str] = {
    **dict.fromkeys("empty blank missing set unset known unknown exists".split(), PRESENCE),
    **dict.fromkeys("today now yesterday tomorrow ago last past current previous".split(), TIME),
    **dict.fromkeys("any everyone everybody all anyone".split(), EVERYBODY),
    **dict.fromkeys("higher lower more less later earlier so thereabouts".split(), ORDER),
}
"""Words, in lower case, that are neither conditions by themselves nor unquoted values, each with its topic.

This holds in any case, unless the word is declared. Before an operator they are ordinary names: `last == "Smith"`.
"""

OPEN_ENDS: dict[str, str] = {
    **dict.fromkeys("more higher later above over up upwards greater bigger larger longer newer".split(), ">="),
    **dict.fromkeys("less lower earlier below under down downwards fewer smaller shorter older".split(), "<="),
}
"""Words, in lower case, that turn the comparison before them into a bound: `seats = 10 or more`."""

DEGREES: dict[str, str] = {
    **dict.fromkeys("low lower lowest bad poor small negative sad".split(), "<"),
    **dict.fromkeys("high higher highest good great big large positive happy strong".split(), ">"),
    **dict.fromkeys("neutral medium middling moderate average mixed".split(), ""),
}
"""Words, in lower case, for a small or large value of a metric, each with the operator of a bound; "" between both."""

LIST_NAMES = frozenset("tags labels roles groups permissions categories interests segments teams cohorts".split())
"""Names, in lower case, of properties that are lists in most products; the API compares no lists."""

_OF_BOOLEAN = re.compile("(?:is|has|can|was|did)[A-Z_-]")


def is_of_boolean(name: str) -> bool:
    """Whether a property with this name is true or false in most products: `isAdmin`, `user.has_paid`."""
    return _OF_BOOLEAN.match(name.rpartition(".")[2]) is not None


NUMBER_WORDS: dict[str, int] = {
    **{word: number for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )},
    **{word: number for number, word in zip(
        range(20, 110, 10), "twenty thirty forty fifty sixty seventy eighty ninety hundred".split(), strict=True
    )},
}  # fmt: skip
"""Numbers in words."""

ONLY_LAST_SEEN = "only `lastSeen` takes relative times, as in `lastSeen within 7d`; for a property write a fixed date"
"""The help wherever a property is compared with a relative time."""

KEY = re.compile(r"[A-Za-z0-9._-]+")
"""The key of a property, as the API takes it."""

WHICH_VALUES = "say which values are meant (`in`, `==`), or which are not (`!=`, `not in`)"
"""The help wherever people ask for texts that do not contain another one."""

_PRESENT = {
    "string": 'NAME != ""',
    "number": "NAME >= 0 or NAME < 0",
    "integer": "NAME >= 0 or NAME < 0",
    "boolean": "NAME in [true, false]",
    "date": "NAME >= 0001-01-01",
    Kind.METRIC: "NAME >= 1 or NAME < 1",
    Kind.FLAG: "NAME == true or NAME == false",
    Kind.COUNT: "NAME >= 1",
    Kind.LAST_SEEN: f"NAME within {MAX_DURATION_DAYS}d",
}


def present(name: str, type_: str) -> str:
    """The condition that holds for all values of a declared type or kind of built-in, or for all but the empty text."""
    return _PRESENT[type_].replace("NAME", name)


_DOTTED = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*")
_BRACKETED = r'(user|conversation)\["([A-Za-z0-9._-]+)"\]'


def bound_of(name: str, word: str, type_: str = "", *, negated: bool = False) -> str | None:
    """The help for `sentiment is low`, or for `is not low`: a bound, as an example; None if the name is no number.

    `type_` is the declared type of a property.
    """
    field = BUILT_INS.get(name)
    if type_ not in ("number", "integer") and (field is None or field.kind not in (Kind.METRIC, Kind.COUNT)):
        return None
    scale = scale_of(field) if field else None
    if scale is None and word.lower() not in DEGREES:
        return None
    low, high = (scale[0] + 0.3 * (scale[1] - scale[0]), scale[0] + 0.7 * (scale[1] - scale[0])) if scale else (3, 3)
    choice = f"the number, from {scale[0]} to {scale[1]}, is your choice" if scale else "the number is your choice"
    operator = DEGREES.get(word.lower(), ">")
    bound = {"<": f"< {low:g}", ">": f"> {high:g}", "": f"between {low:g} and {high:g}"}[operator]
    if negated and operator:
        bound = f">= {low:g}" if operator == "<" else f"<= {high:g}"
    return f"write a bound, such as `{name} {bound}`: {choice}"


def share_help(text: str) -> str | None:
    """The help for a per cent, `-5%` or `70 %`: the number as it is, and as a share; None for other texts."""
    found = re.fullmatch(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?) ?(?:%|percent|per cent)", text)
    return found and f"there is no `%`: write the share as the field has it, {found[1]} or {float(found[1]) / 100:g}"


def folded(name: str) -> str:
    """The name in the form in which near misses are compared: lower-case, without `_` and `-`."""
    return name.lower().replace("_", "").replace("-", "")


FOLDED_BUILT_INS = {folded(name): name for name in BUILT_INS}
"""The built-in names by their folded forms."""


def is_of_conversations(name: str) -> bool:
    """Whether this is the name of a property of conversations."""
    return name.startswith(("conversation.", "conversation["))


def spelling(namespace: str, key: str) -> str:
    """The canonical spelling of a property: `user.plan`, or `user["-x"]` if the key cannot follow a dot.

    `user.properties.plan` is read as a path in a record, so the key `properties.plan` needs brackets, too.
    """
    is_path = namespace == "user" and key.startswith("properties.")
    return f"{namespace}.{key}" if _DOTTED.fullmatch(key) and not is_path else f'{namespace}["{key}"]'


@memoize
def name_problem(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Why a text in the form of a plain name is not a name, as a message and help; None if it is one."""
    lowered = text.lower()
    namespace, _, rest = text.partition(".")
    if lowered in NEVER_NAMES:
        return f"`{text}` cannot be a name", (f'a property of that name is `user["{lowered}"]`',)
    if text in NAMESPACES:
        return f"`{text}` needs a key after it", (f'write `{text}.KEY` or `{text}["KEY"]`',)
    if rest and namespace.lower() in NAMESPACES and namespace not in NAMESPACES:
        return f"`{namespace}.` is written in lower case", (f"write `{namespace.lower()}.{shortened(rest)}`",)
    return None


def with_namespace(text: str) -> str | None:
    """The right name in place of one that `name_problem` refuses; None if it cannot be known."""
    namespace, _, rest = text.partition(".")
    return f"{namespace.lower()}.{rest}" if rest and namespace.lower() in NAMESPACES else None


@memoize
def is_canonical(text: str) -> bool:
    """Whether the text is a name in its canonical spelling, as in a tree."""
    if re.fullmatch(TERMINALS["NAME"], text):
        return name_problem(text) is None
    bracketed = re.fullmatch(_BRACKETED, text)
    return bracketed is not None and spelling(bracketed[1], bracketed[2]) == text


@memoize
def is_word(text: str) -> bool:
    """Whether the text can be the name of a parameter or definition, after `$` or `@`."""
    return re.fullmatch(TERMINALS["PARAMETER"], f"${text}") is not None

"""The syntax of the grammar file as shapes that can be drawn: sequence, choice, repetition.

The grammar is written for a parser: repetition is left recursion, and an option is a second production. Here they
become shapes for readers, without any knowledge of particular rules.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Word:
    """Text that is written as it stands."""

    text: str


@dataclass(frozen=True)
class Ref:
    """A name with its own diagram or description."""

    name: str


@dataclass(frozen=True)
class Seq:
    """One after the other; without parts, nothing."""

    parts: tuple["Shape", ...] = ()


@dataclass(frozen=True)
class Alt:
    """One of several."""

    options: tuple["Shape", ...]


@dataclass(frozen=True)
class Maybe:
    """The item, or nothing."""

    item: "Shape"


@dataclass(frozen=True)
class Many:
    """The item once or more, with the separator (if any) between."""

    item: "Shape"
    separator: "Shape" = Seq()


Shape = Word | Ref | Seq | Alt | Maybe | Many
Rules = Mapping[str, Iterable[tuple[str, ...]]]
"""For each rule its expansions, symbols by name."""

_SIGNS = ["".join(signs) for length in (1, 2) for signs in product("<>=!&|()[],", repeat=length)]


def terminal(name: str, pattern: str) -> Shape:
    """A terminal as the words that it matches; one that matches infinitely many, such as a number, by its name."""
    if re.search(r"[*+]\+|\{", pattern):
        return Ref(name)
    candidates = [*_SIGNS, *re.findall(r"[a-z]{2,}", pattern)]
    words = tuple(Word(word) for word in candidates if re.fullmatch(pattern, word))
    return words[0] if len(words) == 1 else Alt(words)


def shape_of(rule: str, rules: Rules, terminals: Mapping[str, Shape], shown: Iterable[str]) -> Shape:
    """The shape of a rule, with all rules and terminals that are not `shown` inserted."""
    shown = frozenset(shown)

    def symbol(name: str) -> Shape:
        if name in shown:
            return Ref(name)
        return terminals[name] if name in terminals else shape_of(name, rules, terminals, shown)

    first = [expansion for expansion in rules[rule] if expansion[0] != rule]
    again = [expansion[1:] for expansion in rules[rule] if expansion[0] == rule]
    start = choice([sequence(map(symbol, expansion)) for expansion in first])
    if not again:
        return start
    return sequence([start, Maybe(Many(choice([sequence(map(symbol, expansion)) for expansion in again])))])


def sequence(parts: Iterable[Shape]) -> Shape:
    """The parts one after the other; `a (s a)*` becomes `a` repeated with `s` between."""
    flat: list[Shape] = []
    for part in parts:
        flat += part.parts if isinstance(part, Seq) else [part]
    for at in range(1, len(flat)):
        item, more = flat[at - 1], flat[at]
        if isinstance(more, Maybe) and isinstance(more.item, Many) and more.item.separator == Seq():
            *separator, last = _parts(more.item.item)
            if last == item:
                return sequence([*flat[: at - 1], Many(item, sequence(separator)), *flat[at + 1 :]])
    return flat[0] if len(flat) == 1 else Seq(tuple(flat))


def choice(options: Iterable[Shape]) -> Shape:
    """One of the options, with their common parts drawn once."""
    found = list(dict.fromkeys(options))
    for step in (_without_first_of_many, _with_an_optional_word, _sharing_the_beginning, _sharing_the_end):
        shorter = step(found)
        if shorter is not None:
            return choice(shorter)
    if Seq() in found:
        found.remove(Seq())
        return Maybe(choice(found))
    if any(isinstance(option, Maybe) for option in found):
        return Maybe(choice([option.item if isinstance(option, Maybe) else option for option in found]))
    flat = [inner for option in found for inner in (option.options if isinstance(option, Alt) else (option,))]
    return flat[0] if len(flat) == 1 else Alt(tuple(flat))


def _without_first_of_many(options: list[Shape]) -> list[Shape] | None:
    """`a` or `a s a…` is `a` repeated."""
    for one in options:
        for other in options:
            *before, last = _parts(other) or (Seq(),)
            if isinstance(last, Many) and last.item == one and before == [one, *_parts(last.separator)]:
                return [last if option == one else option for option in options if option != other]
    return None


def _with_an_optional_word(options: list[Shape]) -> list[Shape] | None:
    """`a b` or `a word b` is `a`, perhaps a word, `b`."""
    for one in options:
        for other in options:
            parts = _parts(other)
            for at, part in enumerate(parts):
                if isinstance(part, Word) and len(parts) > 1 and parts[:at] + parts[at + 1 :] == _parts(one):
                    merged = sequence([*parts[:at], Maybe(part), *parts[at + 1 :]])
                    return [merged if option == one else option for option in options if option != other]
    return None


def _sharing_the_beginning(options: list[Shape]) -> list[Shape] | None:
    for one in options:
        same = [option for option in options if _parts(option)[:1] == _parts(one)[:1] != ()]
        if len(same) > 1:
            merged = sequence([_parts(one)[0], choice([sequence(_parts(option)[1:]) for option in same])])
            return [merged if option == one else option for option in options if option == one or option not in same]
    return None


def _sharing_the_end(options: list[Shape]) -> list[Shape] | None:
    """Only for equal lengths: options that differ more read better apart."""
    for one in options:
        end, length = _parts(one)[-1:], len(_parts(one))
        same = [option for option in options if _parts(option)[-1:] == end != () and len(_parts(option)) == length]
        if len(same) > 1:
            merged = sequence([choice([sequence(_parts(option)[:-1]) for option in same]), _parts(one)[-1]])
            return [merged if option == one else option for option in options if option == one or option not in same]
    return None


def _parts(shape: Shape) -> tuple[Shape, ...]:
    return shape.parts if isinstance(shape, Seq) else (shape,)

"""Explanations read the declared names once for an error, however many words it explains."""

from collections.abc import Iterator

from segdsl.syntax.parser import parse_repaired


class Declared(dict[str, str | tuple[str, ...]]):
    """Declared properties that count how often all their names are read."""

    reads = 0

    def __iter__(self) -> Iterator[str]:
        self.reads += 1
        return super().__iter__()


def reads_for(words: int) -> int:
    declared = Declared({f"p{number}": "string" for number in range(5)})
    text = "p1 in " + ", ".join(f"word{number}" for number in range(words))
    assert parse_repaired(text, declared=declared).problems
    return declared.reads


def test_more_words_do_not_read_the_declared_names_more_often() -> None:
    assert 0 < reads_for(3) == reads_for(60)

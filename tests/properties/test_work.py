"""Promises 2 and 3: a clause costs about the same in every family of texts, and no legal text is a cliff.

The work is the number of lines of Python that run; the unit is that of a clause in a flat text of the same size, whose
names were seen before. `make bench` measures the same families in seconds.
"""

import json
from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

import pytest

import segdsl
from benchmarks.families import CROSS_FIELD, DECLARED, ONE_FIELD, REPEATED, TOO_MANY, Case, Make, flat
from segdsl.semantics.resolution import UNCHECKED_RESOLVER
from tests.counted import lines_run

CLAUSE = 5
"""The most that a clause costs, in flat clauses."""

CROSS_FIELD_LINES = 220_000
"""The lines that an `or` that mixes fields may run beyond `CLAUSE` for each of its clauses: about 20 milliseconds."""

REFUSAL = 12
"""The most that a clause of too many segments costs, in flat clauses: it is parsed again, for its place."""

REFUSAL_LINES = 900_000
"""The lines that a refusal of too many segments may run beyond that: a text with stairs runs most."""

RATIO = 3.0
"""Between linear, 2, and quadratic, 4."""

KNOWN: dict[str, Make] = {**REPEATED, **DECLARED, **ONE_FIELD}


def outcome(case: Case) -> int | str:
    """The number of segments, or the code of the refusal."""
    try:
        return len([filters.to_json() for filters in segdsl.compile_all(case.text, **case.options)])
    except (segdsl.ParseError, segdsl.CompileError) as refused:
        return refused.diagnostics[0].code


LINES_OF_A_FLAT_CLAUSE = {10: 182, 50: 140, 200: 136, 1_000: 109}
"""By the number of clauses, as counted where the names were seen before and the values were not."""


def allowed(clauses: int, each: int = CLAUSE) -> int:
    """The lines that the clauses may run, each like `each` flat ones."""
    nearest = next((size for size in LINES_OF_A_FLAT_CLAUSE if size >= clauses), 1_000)
    return each * clauses * LINES_OF_A_FLAT_CLAUSE[nearest]


def counted(case: Case, at_most: int) -> tuple[int | str, int]:
    """The outcome, and the lines that it took; fails when they pass `at_most`."""
    found: list[int | str] = []
    lines = lines_run(lambda: found.append(outcome(case)), at_most)
    return found[0], lines


@pytest.fixture(autouse=True)
def _room_for_names() -> None:
    """The cache of names is emptied when it is full; other tests fill it, and no count shall meet that moment."""
    UNCHECKED_RESOLVER.clear()


@pytest.mark.parametrize("size", LINES_OF_A_FLAT_CLAUSE)
def test_a_flat_clause_is_the_unit_of_work(size: int) -> None:
    outcome(flat(Random(1), 1_000))
    segments, _ = counted(flat(Random(2), size), allowed(size, 1) * 3 // 2)  # some names are new
    assert segments == 1


# ── families ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [10, 50, 1_000])
@pytest.mark.parametrize("name", KNOWN)
def test_a_clause_costs_at_most_five_flat_ones(name: str, size: int) -> None:
    outcome(KNOWN[name](Random(0), size))
    case = KNOWN[name](Random(size), size)
    segments, _ = counted(case, allowed(case.clauses))
    assert isinstance(segments, int)


@pytest.mark.parametrize("name", KNOWN)
def test_twice_the_clauses_take_about_twice_the_work(name: str) -> None:
    make = KNOWN[name]
    _, half = counted(make(Random(1), 300), 10 * allowed(300))
    _, whole = counted(make(Random(2), 600), 10 * allowed(600))
    assert whole < RATIO * half


@pytest.mark.parametrize("name", CROSS_FIELD)
def test_an_or_that_mixes_fields_costs_little(name: str) -> None:
    make, size = CROSS_FIELD[name]
    case = make(Random(size), size)
    segments, _ = counted(case, CROSS_FIELD_LINES + allowed(case.clauses))
    assert isinstance(segments, int)


@pytest.mark.parametrize("name", TOO_MANY)
def test_too_many_segments_are_refused_with_little_work(name: str) -> None:
    make, size = TOO_MANY[name]
    case = make(Random(size), size)
    code, _ = counted(case, REFUSAL_LINES + allowed(case.clauses, REFUSAL))
    assert code == "too-many-segments"


# ── legal texts at the size limit ──────────────────────────────────────────────────────────────────────────────────


class Large(NamedTuple):
    """A legal text, how many clauses it has, and the number of segments that it needs, or the code of its refusal."""

    text: str
    clauses: int
    outcome: int | str
    options: Mapping[str, Any] = {}


def all_of(part: str, count: int) -> str:
    """Parts with their numbers, `{i}`."""
    return " and ".join(part.replace("{i}", str(number)) for number in range(count))


def any_of(part: str, count: int) -> str:
    return " or ".join(part.replace("{i}", str(number)) for number in range(count))


def listed(count: int, prefix: str = "v") -> str:
    return json.dumps([f"{prefix}{number}" for number in range(count)])


def chained(count: int) -> dict[str, str]:
    """Definitions that each are the next one `or` another condition."""
    return {f"d{i}": f"@d{i + 1} and a{i}" for i in range(count)} | {f"d{count}": "z"}


LARGE: dict[str, Large] = {
    # no plain conjunction is refused for its work
    "an exact count and 612 fields": Large(f"conversationCount == 5 and {all_of('p{i} == {i}', 612)}", 613, 1),
    "a count and 612 fields": Large(f"{all_of('p{i} == {i}', 612)} and conversationCount > 5", 613, 1),
    "one comparison 2,000 times": Large(" and ".join(["conversationCount == 5"] * 2_000), 2_000, 1),
    "a list of mixed types and 612 fields": Large(f'{all_of("p{i} == {i}", 612)} and q in ["a", 1] and q != 1', 615, 1),
    "one or beside 611 others": Large(f"(q or r) and {all_of('p{i} == {i}', 611)}", 613, 2),
    "two disjuncts of 434": Large(f"({all_of('p{i} == {i}', 434)}) or ({all_of('q{i} == {i}', 434)})", 868, 2),
    "432 ors with a common part": Large(all_of("(q == 1 or p{i} == 1)", 432), 864, 2),
    "307 ranges": Large(all_of("1 < conversation.c{i} < 5", 307), 614, 1),
    "1,024 absorbed alternatives": Large(f"x or {any_of('(x and y{i})', 1_024)}", 2_049, 1),
    "1,230 alternatives": Large(any_of("a{i}", 1_230), 1_230, 1_230, {"max_segments": 1_230}),
    # no cliffs
    "600 alternatives": Large(any_of("a{i}", 600), 600, 600, {"max_segments": 600}),
    "five string bounds, or none of 160": Large(
        f'{" and ".join(f"""p < "w{i}" """ for i in range(5))} or p not in {listed(160)}', 165, 2
    ),
    "five string bounds, and none of 3,000": Large(
        f'{" and ".join(f"""p < "w{i}" """ for i in range(5))} and p not in {listed(3_000)}', 3_005, 1
    ),
    "eight ors": Large(all_of("(a{i} or b{i})", 8), 16, "too-many-segments"),
    "eight ors and 200 others": Large(
        f"{all_of('(a{i} or b{i})', 8)} and {all_of('p{i} == {i}', 200)}", 216, "too-many-segments"
    ),
    "16 disjuncts of 125": Large(" or ".join(f"({all_of(f'p{i}_{{i}} == {{i}}', 125)})" for i in range(16)), 2_000, 16),
    "eight contains on each of 60 properties": Large(
        " and ".join(all_of(f'p{i} contains "{{i}}"', 8) for i in range(60)), 480, 1
    ),
    "2,000 definitions in a chain": Large("@d0", 2_001, 1, {"definitions": chained(2_000)}),
    "200 definitions chained by or, none used": Large(
        "x == 1", 401, 1, {"definitions": {f"d{i}": f"@d{i + 1} or a{i}" for i in range(200)} | {"d200": "z"}}
    ),
}
BEYOND = 500_000
"""Lines that a large text may run beyond five flat clauses for each of its own."""


@pytest.mark.parametrize("name", LARGE)
def test_large_texts_are_no_cliffs(name: str) -> None:
    text, clauses, expected, options = LARGE[name]
    found, _ = counted(Case(text, clauses, options), BEYOND + allowed(clauses))
    assert found == expected


MATCHED = (
    "2,000 definitions in a chain",
    "600 alternatives",
    "five string bounds, and none of 3,000",
    "16 disjuncts of 125",
)
"""A matcher lowers nothing: one text of each structure will do."""


@pytest.mark.parametrize(
    ("name", "use"), [*((name, "check") for name in LARGE), *((name, "matcher") for name in MATCHED)]
)
def test_large_texts_are_no_cliffs_elsewhere(name: str, use: str) -> None:
    text, clauses, _, options = LARGE[name]

    def used() -> None:
        if use == "check":
            segdsl.check(text, **options)
        else:
            segdsl.matcher(text, definitions=options.get("definitions"))({})

    lines_run(used, 2 * (BEYOND + allowed(clauses)))

"""Promise 5, stable: the bytes do not depend on the hash seed, the thread, or earlier compilations."""

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain

import segdsl
from tests.conformance.cases import topics

PROGRAM = """
import json, sys, segdsl

def answer(text):
    try:
        return [filters.to_json().decode() for filters in segdsl.compile_all(text, max_segments=64)]
    except segdsl.SegdslError as refused:
        return str(refused)

json.dump([answer(text) for text in json.load(sys.stdin)], sys.stdout)
"""


def texts() -> list[str]:
    """Every short text of the conformance corpus, accepted or refused, and some that combine two of them."""
    short = [
        case["text"]
        for case in chain.from_iterable(topics().values())
        if isinstance(case["text"], str) and len(case["text"]) < 1_000
    ]
    joined = [f"({one}) or ({other})" for one, other in zip(short[::3], short[7::3], strict=False)]
    return short + joined


@cache
def answers() -> list[list[str] | str]:
    """The answers of this process, which has another hash seed."""
    return [answer(text) for text in texts()]


def answer(text: str) -> list[str] | str:
    try:
        return [filters.to_json().decode() for filters in segdsl.compile_all(text, max_segments=64)]
    except segdsl.SegdslError as refused:
        return str(refused)


def test_the_hash_seed_does_not_matter() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(texts()),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "4711", "PYTHONIOENCODING": "utf-8"},
    )
    assert json.loads(done.stdout) == answers()


def test_neither_threads_nor_order_matter() -> None:
    shuffled = texts()
    random.Random(5).shuffle(shuffled)
    alone = dict(zip(texts(), answers(), strict=True))
    with ThreadPoolExecutor(8) as pool:
        assert dict(zip(shuffled, pool.map(answer, shuffled), strict=True)) == alone

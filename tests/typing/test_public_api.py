"""`public_api.py` uses every public name; `make types` finds not one error in it, by mypy and by basedpyright."""

import re
from pathlib import Path

import segdsl

USES = Path(__file__).with_name("public_api.py")


def test_nothing_public_is_left_out() -> None:
    used = set(re.findall(r"\bsegdsl\.(\w+)", USES.read_text(encoding="utf-8")))
    assert set(segdsl.__all__) - used == set()

"""How hard the tests that draw by plain `random` try: by the profile of hypothesis, as the others (see conftest)."""

import os
from random import Random

PROFILE = os.environ.get("SEGDSL_HYPOTHESIS_PROFILE", "ci")
IS_DEEP = PROFILE == "deep"


def rounds(*, dev: int, ci: int, deep: int) -> int:
    """So many rounds under the profile."""
    return {"dev": dev, "ci": ci, "deep": deep}[PROFILE]


def seeded(seed: int) -> Random:
    """The same numbers in each run, but new ones in each deep run, whose failures show their whole input."""
    return Random(None if IS_DEEP else seed)

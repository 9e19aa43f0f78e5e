"""The surviving mutants by function and change, with the reason why no test can or should notice them.

In survivors.toml `changes` may be `["*"]`, for every change of a function that mutmut cannot try.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from mutation.mutants import Mutant

FILE = Path(__file__).with_name("survivors.toml")
ANY = "*"
Key = tuple[str, str]
"""A function and a change."""


def known() -> dict[Key, str]:
    """The survivors in the file, each with its reason."""
    listed = tomllib.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    found: dict[Key, str] = {}
    for one in listed.get("survivor", []):
        for change in one["changes"]:
            found[one["function"], change.strip()] = one["reason"]
    return found


def unlisted(mutants: Iterable[Mutant]) -> list[Mutant]:
    """The survivors that are not in the file."""
    listed = known()
    return [
        one for one in mutants if one.survives and not {(one.function, one.change), (one.function, ANY)} & listed.keys()
    ]


def killed_after_all(mutants: Iterable[Mutant], packages: Iterable[str]) -> list[Key]:
    """The entries of the file that were killed or no longer exist."""
    listed = known()
    functions = {function for function, _ in listed}
    living = [one for one in mutants if not one.is_killed and one.function in functions]
    left = {(one.function, change) for one in living for change in (one.change, ANY)}
    chosen = tuple(f"{package}." for package in packages)
    return [key for key in listed if key not in left and key[0].startswith(chosen)]

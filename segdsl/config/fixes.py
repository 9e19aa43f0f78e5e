"""Applying the fixes of diagnostics to config files, round by round: each result is checked for the next round."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from segdsl.config.check import check_files
from segdsl.config.load import read_data
from segdsl.config.model import Config
from segdsl.diagnostics import Diagnostic, Edit, Fix
from segdsl.diagnostics.diagnostic import overlap, with_edits
from segdsl.limits import MAX_FIX_ROUNDS


class AppliedFix(Struct, frozen=True):
    """A fix, and the diagnostic that it was made for; its place is that in the text before the fix."""

    problem: Diagnostic
    fix: Fix


class FixedFiles(Struct, frozen=True):
    """The contents of the files after the fixes, and the remaining problems.

    `changed` has the bytes before and after, by name; nothing is written yet.
    """

    configs: tuple[Config, ...]
    problems: tuple[Diagnostic, ...]
    applied: tuple[AppliedFix, ...]
    changed: Mapping[str, tuple[bytes, bytes]]


def fix_files(names: Sequence[str], *, unsafe: bool) -> FixedFiles:
    """Applies the preferred fixes that are safe, or with `unsafe` all of them, to the files of these names.

    Files that they include stay as they are. Fixes that overlap are applied in later rounds, if they are still offered
    then. A fix that makes a file unreadable is not applied.
    """
    data: dict[str, bytes] = {}
    before: dict[str, bytes] = {}
    applied: list[AppliedFix] = []
    refused: set[tuple[str, str, str]] = set()
    for _ in range(MAX_FIX_ROUNDS):
        configs, problems = check_files(names, data)
        progress = False
        for config in configs:
            found = _chosen(config, problems, refused, unsafe=unsafe)
            text, made = _applied(config, found)
            refused |= {_identity(one.problem) for one in found[:1] if not made}
            if made:
                before.setdefault(config.name, config.to_bytes(config.source.text))
                data[config.name] = config.to_bytes(text)
                applied += made
            progress = progress or bool(found)
        if not progress:
            break
    else:
        configs, problems = check_files(names, data)
    changed = {name: (old, data[name]) for name, old in before.items() if old != data[name]}
    return FixedFiles(configs, problems, tuple(applied), changed)


def _chosen(
    config: Config, problems: Iterable[Diagnostic], refused: set[tuple[str, str, str]], *, unsafe: bool
) -> list[AppliedFix]:
    """The preferred fixes of one file, as many as do not overlap, in its order."""
    chosen: list[AppliedFix] = []
    taken: list[Edit] = []
    for problem in problems:
        fix = problem.fixes[0] if problem.fixes else None
        if fix is None or not (fix.safe or unsafe) or problem.source != config.source or _identity(problem) in refused:
            continue
        if not any(overlap(edit, other) for edit in fix.edits for other in taken):
            chosen.append(AppliedFix(problem, fix))
            taken += fix.edits
    return chosen


def _identity(problem: Diagnostic) -> tuple[str, str, str]:
    return problem.code, problem.message, problem.source_name


def _applied(config: Config, fixes: Sequence[AppliedFix]) -> tuple[str, Sequence[AppliedFix]]:
    """The text with all fixes, or with the first one, whichever can be read; and the fixes in it."""
    for some in (fixes, fixes[:1]):
        text = with_edits(config.source.text, [edit for one in some for edit in one.fix.edits])
        if some and read_data(config.to_bytes(text), config.name)[0] is not None:
            return text, some
    return config.source.text, ()

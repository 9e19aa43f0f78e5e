"""`python -m release`: builds wheel and sdist into dist/, checks their contents, installs and tries them."""

import subprocess
import sys
from pathlib import Path

from release.distributions import build, files_of_sdist, files_of_wheel, problems, sizes
from release.installing import VERSIONS, WITH_ALL_EXTRAS, WITH_NO_EXTRA, extras, fresh_environment, interpreters

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Returns 0 if both can be published."""
    wheel, sdist = build(ROOT / "dist")
    for artefact, files, depth in ((wheel, files_of_wheel(wheel), 2), (sdist, files_of_sdist(sdist), 1)):
        print(f"{artefact.name}: {artefact.stat().st_size:,} bytes")
        for folder, count, size in sizes(files, depth):
            print(f"  {folder:<32} {count:>5} files {size:>12,} bytes")
    wrong = [*problems(wheel, sdist), *_failures(wheel, sdist)]
    for problem in wrong:
        print(f"wrong: {problem}")
    print(f"{len(wrong)} problems" if wrong else "ready to be published")
    return bool(wrong)


def _failures(wheel: Path, sdist: Path) -> list[str]:
    """The installations that failed; prints a line for each interpreter."""
    found = interpreters()
    print(f"interpreters: {', '.join(found)}; not on this machine: {', '.join(set(VERSIONS) - set(found)) or 'none'}")
    tries = [(sdist, "", next(iter(found.values())))]
    tries += [(wheel, choice, python) for python in found.values() for choice in ("", extras())]
    failed = []
    for artefact, choice, python in tries:
        try:
            _try(artefact, choice, python)
        except subprocess.CalledProcessError as error:
            failed.append(
                f"{artefact.name}{choice} on {python}: {' '.join(map(str, error.cmd))} ended with {error.returncode}"
            )
    return failed


def _try(artefact: Path, choice: str, python: str) -> None:
    with fresh_environment(python) as environment:
        environment.install(f"{artefact}{choice}")
        environment.try_commands(WITH_NO_EXTRA + (WITH_ALL_EXTRAS if choice else ()))
        ours, larks = environment.import_times("segdsl", "lark")
    print(
        f"{artefact.name}{choice} on {python}: works; import {1000 * ours:.0f} ms, {ours / larks:.2f} of `import lark`"
    )


if __name__ == "__main__":
    sys.exit(main())

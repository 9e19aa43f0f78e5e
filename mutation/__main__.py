"""`python -m mutation [PACKAGE …]`: tries mutants that are not killed yet; lists survivors without a reason."""

import argparse
import sys

from mutation.mutants import Mutant, mutants, run
from mutation.report import BARS, share, write
from mutation.survivors import killed_after_all, unlisted


def main() -> int:
    """Returns 0 if every package reaches its bar and every survivor has a reason."""
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__)
    parser.add_argument("packages", nargs="*", choices=[*BARS, []], metavar="PACKAGE", help=", ".join(BARS))
    parser.add_argument("--children", type=int, default=2, help="processes at a time (default: 2)")
    parser.add_argument("--sample", type=int, metavar="SIZE", help="mutants of each package to try (default: all)")
    parser.add_argument("--report", action="store_true", help="report the last run, try nothing")
    arguments = parser.parse_args()
    packages = arguments.packages or list(BARS)
    if not arguments.report:
        run(packages, arguments.children, arguments.sample)
    made = [one for one in mutants() if one.package in packages]
    write(made, packages)
    return int(_complaints(made, packages))


def _complaints(made: list[Mutant], packages: list[str]) -> bool:
    """Prints all problems."""
    shares = {package: share([one for one in made if one.package == package]) for package in packages}
    below = [package for package in packages if shares[package] < BARS[package]]
    without_reason = unlisted(made)
    for one in without_reason:
        print(f"\n{one.function} ({one.state}; mutmut show {one.name})\n{one.change}")
    for function, change in killed_after_all(made, packages):
        print(f"\nnot a survivor any more: {function}\n{change}")
    for package in packages:
        print(f"{package}: {shares[package]:.1f} % killed")
    print(f"{len(without_reason)} survivors without a reason" + "".join(f"; {one} is below its bar" for one in below))
    return bool(below or without_reason)


if __name__ == "__main__":
    sys.exit(main())

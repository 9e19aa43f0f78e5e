"""The entry of the command line, and of `python -m segdsl`: Ctrl-C ends it quietly even during its imports."""

import sys


def main() -> None:
    """Runs `segdsl` with the arguments of the process."""
    try:
        from segdsl.cli.main import main as command_line  # noqa: PLC0415  its import is what may be interrupted

        command_line()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

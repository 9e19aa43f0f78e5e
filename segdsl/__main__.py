"""`python -m segdsl`: the command line where no script is installed."""

from segdsl.cli.main import main

if __name__ == "__main__":
    main()

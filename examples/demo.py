"""`make demo`: the segments of examples/segments.toml created over real HTTP, on this machine alone.

Starts the sandbox, a local server of the API's segment endpoints, on a free port; counts the members among made-up
users; pushes the config to it with the command line, twice; shows its segments; and always stops it.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import segdsl
from segdsl import sandbox
from segdsl.sandbox import RunningSandbox

ROOT = Path(__file__).resolve().parents[1]
CONFIG = "examples/segments.toml"
USERS = ["--users", "examples/users.parquet", "--now", "2026-06-01"]
"""Made-up users, and the day for which they are made up."""

COMMAND_SECONDS = 60
"""Seconds that one command may take, so that the demo cannot hang."""


def main() -> int:
    """Runs the demo; returns the exit code of the first command that failed, else 0."""
    requests: list[str] = []
    with sandbox.running(log=requests.append) as server:
        environment = {**os.environ, "GREENFLASH_BASE_URL": server.base_url, "GREENFLASH_API_KEY": server.api_key}
        print(f"A sandbox of the API listens on {server.base_url}; nothing leaves this machine.")
        for arguments in (["check", CONFIG], ["test", CONFIG], ["count", CONFIG, *USERS], ["push", CONFIG, "--yes"]):
            if code := segdsl_command(arguments, environment):
                return code
        print("\nAgain, as CI would: existing segments are not created twice.")
        if code := segdsl_command(["push", CONFIG, "--yes"], environment):
            return code
        show_segments(server)
    print(f"\nThe sandbox has answered {len(requests)} requests and is stopped. Your own segment as JSON:\n")
    print("""    .venv/bin/segdsl compile 'plan == "pro" and not lastSeen within 30d'""")
    return 0


def segdsl_command(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Shows the command, runs it in its own process, as a person would, and returns its exit code."""
    print("\n$ segdsl", *arguments, flush=True)
    command = [sys.executable, "-m", "segdsl", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, timeout=COMMAND_SECONDS, check=False).returncode


def show_segments(server: RunningSandbox) -> None:
    """Lists every custom segment on the server: its name and id, and its filters as JSON."""
    print("\nThe segments on the server (GET /segments, then GET /segments/ID):")
    with segdsl.Client(server.api_key, server.base_url) as client:
        for summary in client.list_segments():
            if summary.is_custom:
                filters = client.get_segment(summary.id).parsed_filters()
                print(f"\n  {summary.name}  ({summary.id})")
                print(f"    {filters.to_json().decode() if filters else 'no filters that segdsl knows'}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Interrupted; the sandbox is stopped.")

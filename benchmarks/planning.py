"""`segdsl plan` of 1,000 segments against an account that has them all, on a server 20 ms away."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.config_check import write_config
from benchmarks.processes import cost
from benchmarks.report import Section, table

SECONDS_AWAY = 0.02
SERVER = Path(__file__).with_name("slow_server.py")


def planning(command: Path) -> Section:
    """Wall-clock time, processor time and peak memory of the whole command, and its requests to the server."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_config(Path(folder))
        with subprocess.Popen(
            [sys.executable, str(SERVER), str(path), str(SECONDS_AWAY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            reach = {"GREENFLASH_API_KEY": "a-key-for-measuring", "GREENFLASH_BASE_URL": f"http://127.0.0.1:{port}"}
            started = time.perf_counter()
            spent = cost([str(command), "plan", str(path)], reach)
            elapsed = time.perf_counter() - started
            requests = server.communicate()[0].strip()
    rows = [
        ["on the clock, s", f"{elapsed:.2f}"],
        ["processor time, s", f"{spent.seconds:.2f}"],
        ["peak memory, MB", f"{spent.bytes / 1e6:.0f}"],
        ["requests", f"{int(requests):,}"],
    ]
    text = "\n\n".join(
        [
            "1,000 segments in the config, the same 1,000 in the account, each answer after 20 ms. The listing carries "
            "no filters, so each segment is fetched; nothing is to be created.",
            table(["", "`segdsl plan`"], rows),
        ]
    )
    return Section("Planning", text, {"plan seconds": elapsed, "plan bytes": spent.bytes})

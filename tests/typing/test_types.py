"""What type checkers make of the public names: `public_api.py` has not one error by mypy and by basedpyright.

`make test` runs mypy over it with all other code.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import segdsl

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
USES = HERE / "public_api.py"


def test_basedpyright_finds_nothing_wrong(tmp_path: Path) -> None:
    config = tmp_path / "pyrightconfig.json"
    settings = {
        "include": [str(USES)],
        "extraPaths": [str(ROOT)],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "reportUnusedExpression": "none",
        "reportUnnecessaryTypeIgnoreComment": "error",
        "enableTypeIgnoreComments": False,  # those are mypy's
    }
    config.write_text(json.dumps(settings), encoding="utf-8")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "basedpyright",
        "--project",
        config,
        "--pythonpath",
        sys.executable,
        "--outputjson",
    ]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    report = json.loads(ran.stdout)
    assert [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in report["generalDiagnostics"]] == []
    assert report["summary"]["filesAnalyzed"] == 1


def test_nothing_public_is_left_out() -> None:
    used = set(re.findall(r"\bsegdsl\.(\w+)", USES.read_text(encoding="utf-8")))
    assert set(segdsl.__all__) - used == set()

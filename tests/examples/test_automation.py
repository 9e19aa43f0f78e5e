"""The example workflow and the pre-commit hooks: files of the right form, whose commands are run here as they stand."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import segdsl
from segdsl import sandbox

ROOT = Path(__file__).parents[2]
WORKFLOW = yaml.safe_load((ROOT / "examples" / "ci" / "segdsl.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ON = True
"""What YAML 1.1 reads the key `on` as."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with the example config, another config below it, and a file beside it that is no config."""
    shutil.copy(ROOT / "examples" / "segments.toml", tmp_path / "segments.toml")
    (tmp_path / "crm" / "segments").mkdir(parents=True)
    (tmp_path / "crm" / "segments-eu.yaml").write_text('segment:\n  - name: Europe\n    where: region == "eu"\n')
    (tmp_path / "segments.toml.orig").write_text("no config")
    return tmp_path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A search path on which `segdsl` is this checkout's."""
    programs = tmp_path_factory.mktemp("bin")
    program = programs / "segdsl"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m segdsl "$@"\n')
    program.chmod(0o755)
    return f"{programs}:{os.environ['PATH']}"


@pytest.fixture
def run(folder: Path, path: str) -> Callable[..., tuple[int, str]]:
    """Runs a command like a workflow; returns its exit code and its output."""

    def running(command: str, **variables: str) -> tuple[int, str]:
        ran = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", command],
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1", "PATH": path, **WORKFLOW["env"], **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return ran.returncode, ran.stdout.decode()

    return running


# ── the workflow ───────────────────────────────────────────────────────────────────────────────────────────────────


def steps(job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = WORKFLOW["jobs"][job]["steps"]
    return found


def segdsl_commands(job: str) -> list[str]:
    return [step["run"] for step in steps(job) if step.get("run", "").startswith("segdsl ")]


def test_pull_requests_are_checked_and_main_is_pushed() -> None:
    assert set(WORKFLOW[ON]) == {"pull_request", "push"}
    assert WORKFLOW[ON]["push"]["branches"] == ["main"]
    push = WORKFLOW["jobs"]["push"]
    assert push["if"] == "github.event_name == 'push'"
    assert push["needs"] == "check"


def test_pushes_come_one_at_a_time_and_none_is_cancelled_half_way() -> None:
    assert WORKFLOW["jobs"]["push"]["concurrency"] == {"group": "segdsl-push", "cancel-in-progress": False}


def test_the_key_is_seen_by_the_plan_and_the_push_alone() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    seeing = [step for job in WORKFLOW["jobs"] for step in steps(job) if "secrets." in str(step)]
    assert [step["run"].split()[:2] for step in seeing] == [["segdsl", "plan"], ["segdsl", "push"]]
    assert all(step["env"] == {"GREENFLASH_API_KEY": "${{ secrets.GREENFLASH_API_KEY }}"} for step in seeing)
    assert "secrets." not in str({**WORKFLOW, "jobs": {}})


def test_forks_get_no_plan_and_no_job_but_the_plan_may_comment() -> None:
    plan = WORKFLOW["jobs"]["plan"]
    assert plan["if"].endswith("github.event.pull_request.head.repo.full_name == github.repository")
    assert plan["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert [job for job in WORKFLOW["jobs"] if "permissions" in WORKFLOW["jobs"][job]] == ["plan"]


def test_every_step_uses_a_released_action_or_runs_something() -> None:
    every = [step for job in WORKFLOW["jobs"] for step in steps(job)]
    assert all(("uses" in step) != ("run" in step) for step in every)
    assert all(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", step["uses"]) for step in every if "uses" in step)
    assert all(isinstance(job["timeout-minutes"], int) for job in WORKFLOW["jobs"].values())


@pytest.mark.parametrize("command", segdsl_commands("check"))
def test_the_checks_pass_for_the_example(run: Callable[..., tuple[int, str]], command: str) -> None:
    code, output = run(command)
    assert code == 0, output


def test_a_mistake_becomes_an_annotation_and_fails_the_check(folder: Path, run: Callable[..., tuple[int, str]]) -> None:
    config = folder / "segments.toml"
    config.write_text(config.read_text("utf-8").replace("commercialIntent >= 0.6", "comercialIntent >= 0.6"), "utf-8")
    first, *_ = segdsl_commands("check")
    code, output = run(first)
    assert code == 1
    assert output.startswith("::error file=segments.toml,line=")


def test_the_plan_becomes_a_comment_whether_there_is_something_to_do_or_not(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    (plan,) = segdsl_commands("plan")
    (comment,) = [step["run"] for step in steps("plan") if step.get("run", "").startswith("gh ")]
    assert "--body-file plan.md" in comment
    (push,) = segdsl_commands("push")
    with sandbox.running() as server:
        account = {"GREENFLASH_BASE_URL": server.base_url, "GREENFLASH_API_KEY": server.api_key}
        for command in (plan, push, plan):
            code, output = run(command, **account)
            assert code == 0, output
            if command == plan:
                done = len(server.store.custom())
                title = "14 unchanged" if done else "14 to create"
                assert (folder / "plan.md").read_text().startswith(f"### Segments: {title}\n")
        code, output = run(plan, **account | {"GREENFLASH_BASE_URL": "http://127.0.0.1:9", "SEGMENTS": "nowhere.toml"})
        assert code == 1


def test_the_push_creates_the_segments_and_again_nothing(run: Callable[..., tuple[int, str]]) -> None:
    (push,) = segdsl_commands("push")
    with sandbox.running() as server:
        for _ in range(2):
            code, output = run(push, GREENFLASH_BASE_URL=server.base_url, GREENFLASH_API_KEY=server.api_key)
            assert code == 0, output
        assert len(server.store.custom()) == 14


NAMES = {
    "segments.toml": True,
    "crm/segments.json": True,
    "segments.yaml": True,
    "segments-eu.yml": True,
    "crm/segments_of_support.toml": True,
    "other-segments.toml": False,
    "segments.toml.orig": False,
    "segments/notes.toml": False,
}


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern of GitHub means this path: `*` is any text without `/`, `**/` is any folders."""
    parts = re.split(r"(\*\*/|\*\*|\*)", pattern)
    meanings = {"**/": "(.*/)?", "**": ".*", "*": "[^/]*"}
    return re.fullmatch("".join(meanings.get(part, re.escape(part)) for part in parts), name) is not None


@pytest.mark.parametrize(("name", "is_config"), NAMES.items())
def test_the_workflow_runs_for_each_config(name: str, is_config: bool) -> None:
    for event in ("pull_request", "push"):
        assert any(matches(pattern, name) for pattern in WORKFLOW[ON][event]["paths"]) is is_config, event


@pytest.mark.parametrize("event", ["pull_request", "push"])
def test_the_workflow_runs_for_a_file_that_configs_include(event: str) -> None:
    for name in ("common.toml", "crm/common.toml"):
        assert any(matches(pattern, name) for pattern in WORKFLOW[ON][event]["paths"])


# ── the hooks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_two_hooks_with_the_keys_that_pre_commit_asks_for() -> None:
    assert [hook["id"] for hook in HOOKS] == ["segdsl-check", "segdsl-fmt"]
    keys = {"id", "name", "description", "entry", "language", "additional_dependencies", "files"}
    for hook in HOOKS:
        assert set(hook) - {"args", "pass_filenames"} == keys
        assert hook["language"] == "python"


def hook_run(run: Callable[..., tuple[int, str]], hook: dict[str, Any], *changed: str) -> tuple[int, str] | None:
    """Runs a hook after a change of files like pre-commit; None if it is skipped."""
    matching = [name for name in changed if re.search(hook["files"], name)]
    if not matching:
        return None
    names = matching if hook.get("pass_filenames", True) else []
    return run(shlex.join([*shlex.split(hook["entry"]), *hook.get("args", []), *names]))


def test_the_check_sees_every_file_whichever_changed(folder: Path, run: Callable[..., tuple[int, str]]) -> None:
    check = HOOKS[0]
    assert hook_run(run, check, "README.md", "segments.toml.orig") is None
    assert hook_run(run, check, "pyproject.toml") == (0, "13 segments in 2 files: no problems\n")
    (folder / "crm" / "segments-us.toml").write_text('[[segment]]\nname = "Europe"\nwhere = "a == 1"\n')
    code, output = hook_run(run, check, "crm/segments-us.toml") or (0, "skipped")
    assert (code, "duplicate-name" in output) == (1, True)
    (folder / "crm" / "segments-us.toml").unlink()
    (folder / "crm" / "segments-eu.yaml").write_text(
        'include: [common.toml]\nsegment:\n  - name: Europe\n    where: region == "eu"\n'
    )
    (folder / "crm" / "common.toml").write_text("[properties]\nregion = 5\n")
    code, output = hook_run(run, check, "crm/common.toml") or (0, "skipped")
    assert (code, "common.toml:2" in output) == (1, True)


def test_fmt_is_given_the_segments_that_changed(run: Callable[..., tuple[int, str]]) -> None:
    hook = HOOKS[1]
    assert {name: bool(re.search(hook["files"], name)) for name in NAMES} == NAMES
    code, output = hook_run(run, hook, "segments.toml") or (1, "skipped")
    assert code == 0, output


def test_the_example_of_pre_commit_pins_both_hooks() -> None:
    (repository,) = yaml.safe_load((ROOT / "examples/ci/pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert repository["rev"] == f"v{segdsl.__version__}"
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in HOOKS]

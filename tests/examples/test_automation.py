"""The example workflow and the pre-commit hooks: files of the right form, whose commands are run here as they stand."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from segdsl import sandbox

ROOT = Path(__file__).parents[2]
WORKFLOW = yaml.safe_load((ROOT / "examples" / "ci" / "segdsl.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ON = True
"""What YAML 1.1 reads the key `on` as."""


@pytest.fixture
def folder(tmp_path):
    """A repository with the example config as its own."""
    shutil.copy(ROOT / "examples" / "segments.toml", tmp_path / "segments.toml")
    return tmp_path


def run(command, folder, **variables):
    """Runs `segdsl …` as a workflow would, and returns its exit code and what it wrote."""
    program, *arguments = shlex.split(command)
    assert program == "segdsl"
    ran = subprocess.run(
        [sys.executable, "-m", "segdsl", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return ran.returncode, ran.stdout.decode()


# ── the workflow ───────────────────────────────────────────────────────────────────────────────────────────────────


def steps(job):
    return WORKFLOW["jobs"][job]["steps"]


def segdsl_commands(job):
    return [step["run"] for step in steps(job) if step.get("run", "").startswith("segdsl ")]


def test_pull_requests_are_checked_and_main_is_pushed():
    assert set(WORKFLOW[ON]) == {"pull_request", "push"}
    assert WORKFLOW[ON]["push"]["branches"] == ["main"]
    push = WORKFLOW["jobs"]["push"]
    assert push["if"] == "github.event_name == 'push'"
    assert push["needs"] == "check"


def test_pushes_come_one_at_a_time_and_none_is_cancelled_half_way():
    assert WORKFLOW["jobs"]["push"]["concurrency"] == {"group": "segdsl-push", "cancel-in-progress": False}


def test_the_key_is_seen_by_the_push_alone():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    (seeing,) = [step for job in WORKFLOW["jobs"] for step in steps(job) if "secrets." in str(step)]
    assert seeing["run"].startswith("segdsl push ")
    assert seeing["env"] == {"GREENFLASH_API_KEY": "${{ secrets.GREENFLASH_API_KEY }}"}
    assert "secrets." not in str({**WORKFLOW, "jobs": {}})


def test_every_step_uses_a_released_action_or_runs_something():
    every = [step for job in WORKFLOW["jobs"] for step in steps(job)]
    assert all(("uses" in step) != ("run" in step) for step in every)
    assert all(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", step["uses"]) for step in every if "uses" in step)
    assert all(isinstance(job["timeout-minutes"], int) for job in WORKFLOW["jobs"].values())


@pytest.mark.parametrize("command", segdsl_commands("check"))
def test_the_checks_pass_for_the_example(folder, command):
    code, output = run(command, folder)
    assert code == 0, output


def test_a_mistake_becomes_an_annotation_and_fails_the_check(folder):
    config = folder / "segments.toml"
    config.write_text(config.read_text("utf-8").replace("commercialIntent >= 0.6", "comercialIntent >= 0.6"), "utf-8")
    first, *_ = segdsl_commands("check")
    code, output = run(first, folder)
    assert code == 1
    assert output.startswith("::error file=segments.toml,line=")


def test_the_push_creates_the_segments_and_again_nothing(folder):
    (push,) = segdsl_commands("push")
    with sandbox.running() as server:
        for _ in range(2):
            code, output = run(push, folder, GREENFLASH_BASE_URL=server.base_url, GREENFLASH_API_KEY=server.api_key)
            assert code == 0, output
        assert len(server.store.custom()) == 13


# ── the hooks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_two_hooks_with_the_keys_that_pre_commit_asks_for():
    assert [hook["id"] for hook in HOOKS] == ["segdsl-check", "segdsl-fmt"]
    for hook in HOOKS:
        assert set(hook) == {"id", "name", "description", "entry", "language", "files"}
        assert hook["language"] == "python"


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_is_given_the_segments_and_runs_on_them(folder, hook):
    assert re.search(hook["files"], "segments.toml")
    assert re.search(hook["files"], "crm/segments.json")
    assert not re.search(hook["files"], "other-segments.toml")
    assert not re.search(hook["files"], "segments.toml.orig")
    code, output = run(f"{hook['entry']} segments.toml", folder)
    assert code == 0, output

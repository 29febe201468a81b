"""The hooks of pre-commit and the GitHub Action say what they are said to say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
BAD = "# Logs\n\n```sh\n$ oc logs <pod>\n```\n"


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A checkout with a bad runbook, and the program where the action's installation puts it."""
    program = tmp_path / "temp" / "runbook-ls" / "bin" / "runbook-ls"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m runbook_ls "$@"\n')
    program.chmod(0o755)
    (tmp_path / "repo" / "my docs").mkdir(parents=True)
    (tmp_path / "repo" / "a.md").write_text(BAD)
    (tmp_path / "repo" / "b.md").write_text("# Fine\n")
    return tmp_path


def lint_step(runner: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the last step as GitHub does: `bash --noprofile --norc -eo pipefail`."""
    action = yaml.safe_load((PROJECT / "action.yml").read_text())
    given = {name: value["default"] for name, value in action["inputs"].items()} | inputs
    step = action["runs"]["steps"][-1]
    assert "${{" not in step["run"]  # an input in a script would be run
    environment = {
        name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, value in step["env"].items()
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=runner / "repo",
        env=os.environ | environment | {"RUNNER_TEMP": str(runner / "temp"), "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_action_annotates_and_fails(runner: Path):
    done = lint_step(runner)
    assert done.returncode == 1
    assert [line.split(",")[0] for line in done.stdout.splitlines()] == [
        "::warning file=a.md",
        "::error file=a.md",
    ]
    assert lint_step(runner, paths="b.md\n").returncode == 0
    assert lint_step(runner, arguments="--ignore RB102,RB104").returncode == 0
    assert lint_step(runner, paths="nowhere.md").returncode == 2


def test_the_action_writes_sarif_and_still_annotates(runner: Path):
    done = lint_step(runner, sarif="out.sarif")
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 2)
    assert len(json.loads((runner / "repo" / "out.sarif").read_text())["runs"][0]["results"]) == 2


def test_the_inputs_of_the_action_are_no_commands(runner: Path):
    lint_step(runner, paths="a.md; touch $(echo pwned) `touch pwned`", arguments="--ignore;touch pwned")
    assert not (runner / "repo" / "pwned").exists()
    assert not (runner / "repo" / "*").exists()


def test_the_hooks_are_commands_that_there_are(runner: Path):
    hooks = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks] == ["runbook-ls", "runbook-ls-fix"]
    for hook in hooks:
        assert (hook["language"], hook["types"]) == ("python", ["markdown"])
        program, *arguments = hook["entry"].split()
        assert program == "runbook-ls"
        done = subprocess.run(
            [sys.executable, "-m", "runbook_ls", *arguments, *hook["args"], "b.md"],
            cwd=runner / "repo",
            check=False,
        )
        assert done.returncode == 0

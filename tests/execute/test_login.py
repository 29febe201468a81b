"""The environment of a login shell."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from runbook_ls.execute import login
from runbook_ls.values import RunbookError


@pytest.mark.parametrize(
    ("shell", "profile"),
    [("bash", ".bash_profile"), ("zsh", ".zprofile"), ("dash", ".profile"), ("bash", ".bashrc")],
)
def test_what_the_profile_sets(tmp_path: Path, shell: str, profile: str):
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"needs {shell}, which is not installed")
    (tmp_path / profile).write_text(
        "echo noise; export TOOLS=$'a\\nb' PATH=/opt/tools:$PATH; cd /\n".replace("$'a\\nb'", "'a b'")
    )
    if profile == ".bashrc":
        (tmp_path / ".bash_profile").write_text(". ~/.bashrc\n")
    found = login.environment(
        {"SHELL": program, "HOME": str(tmp_path), "PATH": f"/given:{os.environ['PATH']}", "KEPT": "1"}
    )

    assert found["TOOLS"] == "a b"
    folders = found["PATH"].split(":")
    assert folders.index("/opt/tools") < folders.index("/given")
    assert found["KEPT"] == "1"
    assert not {"PWD", "SHLVL", "_"} & set(found)


@pytest.mark.parametrize("shell", ["/no/such/bash", "/bin/false", "vim"])
def test_a_shell_that_cannot_be_asked(shell: str):
    with pytest.raises(RunbookError, match=r"cannot be asked"):
        login.environment({"SHELL": shell, "HOME": "/"})


def test_a_profile_that_hangs(tmp_path: Path):
    (tmp_path / ".profile").write_text("sleep 1000\n")
    shell = shutil.which("dash") or "/bin/sh"

    with pytest.raises(RunbookError, match=r"did not tell its environment within 0\.2 seconds"):
        login.environment({"SHELL": shell, "HOME": str(tmp_path)}, seconds=0.2)

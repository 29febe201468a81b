"""Emacs with eglot, by configuration alone: a problem is seen and fixed, a cell runs, nothing is left."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def test_a_problem_is_fixed_and_a_cell_runs(folder: Path, path: str, tmp_path: Path, pictures: Path) -> None:
    emacs = shutil.which("emacs")
    if emacs is None:
        pytest.skip("there is no Emacs on this machine")
    if subprocess.run(
        [emacs, "-q", "--batch", "--eval", "(progn (package-initialize) (require 'eglot))"]
    ).returncode:
        pytest.skip("this Emacs has no eglot")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (tmp_path / ".emacs.d").mkdir()
    environment = os.environ | {
        "HOME": str(tmp_path),
        "PATH": path,
        "RUNBOOK_LS_HOME": str(tmp_path / "runbook-ls"),
    }
    story = Path(__file__).parent / "emacs.el"
    server = Path(sys.executable).parent / "runbook-ls"
    done = subprocess.run(
        [emacs, "-q", "--batch", "-l", str(story), "--", str(server), str(folder / "operations.md")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode:
        (pictures / "failed-emacs.txt").write_text(done.stdout + done.stderr)
    assert done.stdout.splitlines() == ["saw the problem", "fixed it", "ran the cell", "ended"], done.stderr[
        -3000:
    ]

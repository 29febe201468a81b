from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """Run `runbook-ls` as a person would, in a folder of its own."""

    def run(*arguments: str, input: str = "", cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:  # noqa: A002
        return subprocess.run(
            [sys.executable, "-m", "runbook_ls", *arguments],
            input=input,
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )

    return run

"""Real runbooks of other people: every file is listed and linted without a crash."""

from __future__ import annotations

import json
import subprocess
import sys

from .conftest import shared


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "runbook_ls", *arguments], capture_output=True, text=True, check=False
    )


def test_ls_and_lint_go_over_the_whole_corpus() -> None:
    corpus = shared("corpus")
    files = {str(file) for pattern in ("*.md", "*.markdown", "*.mdx") for file in corpus.rglob(pattern)}
    assert files
    listed = run("ls", "--json", *sorted(files))
    assert listed.returncode == 0, listed.stderr
    assert len(json.loads(listed.stdout)) > 1000
    linted = run("lint", "--format", "json", *sorted(files))
    assert linted.returncode == 1, linted.stderr
    assert "Traceback" not in listed.stderr + linted.stderr
    assert {finding["file"] for finding in json.loads(linted.stdout)} <= files

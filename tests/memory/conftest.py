"""A journal in an empty directory, and short ways to say a lesson and a run."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Lesson, Outcome, Run, new_id


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal may be made; the directory is not there yet."""
    return tmp_path / "data" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal.open(path) as opened:
        yield opened


@pytest.fixture
def teach(journal: Journal) -> Callable[..., Outcome]:
    """`teach("list the pods", "kubectl get pods", workspace="/w")`, in a transaction of its own."""

    def teach(intent: str, command: str, **more: Any) -> Outcome:
        return taught(journal, intent, command, **more)

    return teach


def taught(journal: Journal, intent: str, command: str, **more: Any) -> Outcome:
    with journal.writing() as writing:
        return writing.teach(lesson(intent, command, **more))


def lesson(intent: str, command: str, **more: Any) -> Lesson:
    return Lesson(**{"intent": intent, "command": command, "source": "hand-written", **more})


def a_run(**more: Any) -> Run:
    plain: dict[str, Any] = {
        "id": new_id(),
        "time": time.time(),
        "file": "/w/runbook.md",
        "cell": "pods",
        "line": 4,
        "language": "sh",
        "intent": "list the pods",
        "executed": "kubectl get pods",
        "exit_code": 0,
    }
    return Run(**{**plain, **more})


def python(code: str, *arguments: object) -> str:
    """What this code prints, run by another Python process; its arguments are in `sys.argv[1:]`."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def bytes_on_disk(path: Path, *texts: str) -> list[str]:
    """Which of these texts stand anywhere in the journal's files, as another process reads them: opening the file
    here would drop SQLite's locks."""
    code = """
import glob, sys
content = b"".join(open(name, "rb").read() for name in glob.glob(sys.argv[1] + "*"))
print("\\n".join(text for text in sys.argv[2:] if text.encode() in content))
"""
    return python(code, path, *texts).split()

"""What several processes, a killed one and a full disk do to the journal: nothing that was acknowledged is lost."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from runbook_ls.memory.journal import Journal
from runbook_ls.values import RunbookError
from tests.memory.conftest import a_run, lesson, python, taught

WRITER = """
import os, sys, time
from pathlib import Path
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Lesson, Run
name, count = sys.argv[2], int(sys.argv[3])
with Journal.open(Path(sys.argv[1])) as journal:
    print("open", flush=True)
    for number in range(count):
        run = Run(f"{name}-{number}", time.time(), "/w/a.md", "pods", 1, "sh", f"intent {name} {number}", "x" * 3000)
        with journal.writing() as writing:
            outcome = writing.teach(Lesson(run.intent, run.executed, "corrected", run_id=run.id))
            writing.add_run(run)
        os.write(1, f"{run.id} {outcome.example_id}\\n".encode())  # acknowledged: whole lines only
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)], stdout=subprocess.PIPE, text=True
    )


def assert_kept(journal: Journal, acknowledged: list[str]) -> None:
    runs = {run.id for run in journal.runs(1_000_000)}
    examples = {example.id for example in journal.examples()}
    for line in acknowledged:
        run_id, example_id = line.split()
        assert run_id in runs
        assert example_id in examples
    assert runs == {
        f"{example.intent.split()[1]}-{example.intent.split()[2]}" for example in journal.examples()
    }
    with journal.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_four_writers_at_once_lose_nothing(path: Path) -> None:
    writers = [writer(path, f"writer{number}", 100) for number in range(4)]
    acknowledged = [line for each in writers for line in each.communicate(timeout=60)[0].splitlines()[1:]]
    assert [each.returncode for each in writers] == [0] * 4
    assert len(acknowledged) == 400
    with Journal.open(path) as journal:
        assert_kept(journal, acknowledged)


def test_killed_in_mid_write_it_keeps_what_it_acknowledged(path: Path) -> None:
    acknowledged: list[str] = []
    for number in range(8):
        killed = writer(path, f"killed{number}", 100_000)
        assert killed.stdout is not None
        assert killed.stdout.readline() == "open\n"
        for _ in range(random.Random(number).randrange(20)):
            acknowledged.append(killed.stdout.readline())
        killed.kill()
        acknowledged += killed.communicate()[0].splitlines()
        with Journal.open(path) as journal:
            assert journal.notices == ()
    with Journal.open(path) as journal:
        assert_kept(journal, acknowledged)


def test_a_full_disk_is_one_sentence_and_keeps_what_was_there(path: Path) -> None:
    with Journal.open(path) as journal:
        taught(journal, "list the pods", "kubectl get pods")
    told = python(
        """
import resource, sys
from pathlib import Path
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Lesson
from runbook_ls.values import RunbookError
with Journal.open(Path(sys.argv[1])) as journal:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    try:
        with journal.writing() as writing:
            writing.teach(Lesson("a large one", "x" * 10_000_000, "taught"))
    except RunbookError as error:
        print(error)
    print([example.command for example in journal.examples()])
    with journal.writing() as writing:
        writing.teach(Lesson("list the nodes", "kubectl get nodes", "taught"))
""",
        path,
    )
    sentence, commands = told.splitlines()
    assert sentence.startswith(f"cannot write the journal {path}: ")
    assert commands == "['kubectl get pods']"
    with Journal.open(path) as journal:
        assert len(journal.examples()) == 2


def test_damage_found_later_is_told_and_mended_at_the_next_start(path: Path) -> None:
    with Journal.open(path) as journal:
        for number in range(200):
            with journal.writing() as writing:
                writing.add_run(a_run(executed="x" * 2_000))
                writing.teach(lesson(f"intent {number}", f"command {number}"))
    with Journal.open(path) as journal:
        size = path.stat().st_size
        damage = (
            "import sys; f = open(sys.argv[1], 'r+b'); f.seek(8192); f.write(b'\\xa5' * int(sys.argv[2]))"
        )
        python(damage, path, size - 8192)
        with pytest.raises(RunbookError, match=f"the journal {path} is damaged"):
            journal.runs(1_000)
    with Journal.open(path) as journal:
        assert "damaged" in journal.notices[0]
        assert journal.runs() == []


def test_a_disk_too_full_for_a_new_journal_is_one_sentence(path: Path) -> None:
    told = python(
        """
import resource, sys
from pathlib import Path
from runbook_ls.memory.journal import Journal
from runbook_ls.values import RunbookError
resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, resource.RLIM_INFINITY))
try:
    Journal.open(Path(sys.argv[1]))
except RunbookError as error:
    print(error)
""",
        path,
    )
    assert told.startswith(f"cannot write the journal {path}: ")
    assert "rollback" not in told

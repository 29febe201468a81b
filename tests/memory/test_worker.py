"""The worker process: real processes, killed and misled."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runbook_ls.memory import wire
from runbook_ls.memory.client import WorkerMemory
from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.retrieval import Recollection
from tests.memory.conftest import lesson, python, taught

WORDS_ONLY = "memory goes by words only: its worker process failed"


@pytest.fixture
def worker(journal: Journal) -> Iterator[WorkerMemory]:
    """Without a model, so that it starts fast."""
    memory = WorkerMemory(journal, "hashing")
    yield memory
    memory.close()


def workers(path: Path) -> list[int]:
    """The ids of the worker processes of this journal."""
    found = subprocess.run(
        ["pgrep", "-f", f"runbook_ls.memory.worker {path}"], capture_output=True, text=True
    )
    return [int(line) for line in found.stdout.split()]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def commands(found: Recollection) -> list[str]:
    return [candidate.example.command for candidate in found.candidates]


def test_asks_and_is_topped_up(worker: WorkerMemory, journal: Journal) -> None:
    assert worker.recall("list the pods") == Recollection(())
    taught(journal, "list the pods", "kubectl get pod")
    taught(journal, "list the nodes", "kubectl get nodes")
    assert commands(worker.recall("list the pods", limit=1)) == ["kubectl get pod"]
    taught(journal, "list the pods", "kubectl get pods")
    assert commands(worker.recall("list the pods", limit=1)) == ["kubectl get pods"]
    journal.forget(journal.examples()[0].id)
    assert commands(worker.recall("list the pods")) == ["kubectl get nodes"]


def test_exact_search_answers_until_chroma_is_filled_and_then_chroma(journal: Journal, path: Path) -> None:
    """The worker's own jobs, step by step: no answer changes on the way from exact search to Chroma."""
    from runbook_ls.memory.direct import DirectMemory
    from runbook_ls.memory.index import ChromaIndex
    from runbook_ls.memory.worker import _jobs

    with journal.writing() as writing:
        for number in range(100):
            writing.teach(lesson(f"list the pods of team {number}", f"kubectl get pods -n team-{number}"))
    memory = DirectMemory(journal, "hashing", embed_at_most=32)
    jobs = _jobs(memory)
    kinds, steps, pause = set(), 0, 0.0
    while pause is not None:
        pause = next(jobs)
        steps += 1
        if pause == 0.0:
            assert commands(memory.recall("list the pods of team 42", limit=1)) == [
                "kubectl get pods -n team-42"
            ]
        if memory._following is not None:
            kinds.add(type(memory._following.index).__name__)
        if steps == 3:  # while exact search answers; how many steps there are is up to how fast Chroma loads
            taught(journal, "bake a loaf of bread", "oven --on")
    assert kinds == {"ExactIndex", "ChromaIndex"}
    assert isinstance(memory._following.index, ChromaIndex)
    assert len(memory._following.index) == 101
    assert commands(memory.recall("bake bread", limit=1)) == ["oven --on"]
    assert journal.counts().vectors == {"hashing-512+masked": 101}


def test_the_real_model(journal: Journal) -> None:
    taught(journal, "show what runs in the cluster", "kubectl get pods")
    taught(journal, "bake a loaf of bread", "oven --on")
    memory = WorkerMemory(journal, patience=60)
    memory.start()
    found = memory.recall("list all kubernetes workloads")
    memory.close()
    assert commands(found)[0] == "kubectl get pods"
    assert found.notes == ()


def test_killed_in_mid_query_it_is_asked_again(worker: WorkerMemory, journal: Journal, path: Path) -> None:
    taught(journal, "list the pods", "kubectl get pods")
    worker.recall("list the pods")
    (first,) = workers(path)
    os.kill(first, signal.SIGSTOP)
    asked = [worker.recall_async("list the pods") for _ in range(5)]
    os.kill(first, signal.SIGKILL)
    for answer in asked:
        assert commands(answer.result(20)) == ["kubectl get pods"]
        assert answer.result().notes == ()
    assert first not in workers(path)


def test_one_that_always_dies_leaves_words(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    taught(journal, "list the pods", "kubectl get pods")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    memory = WorkerMemory(journal)
    for _ in range(3):
        found = memory.recall("list the pods")
        assert commands(found) == ["kubectl get pods"]
        assert found.notes == (f"{WORDS_ONLY}, it ended unexpectedly",)
    memory.close()


def test_one_that_cannot_be_started_leaves_words(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    taught(journal, "list the pods", "kubectl get pods")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    memory = WorkerMemory(journal)
    found = memory.recall("list the pods")
    memory.close()
    assert commands(found) == ["kubectl get pods"]
    assert found.notes == (f"{WORDS_ONLY}, it cannot be started (No such file or directory)",)


def test_one_of_another_version_leaves_words(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program was replaced while the server ran: the answers have other fields."""
    taught(journal, "list the pods", "kubectl get pods")
    program = tmp_path / "python"
    program.write_text(
        '#!/bin/sh\nread line\necho \'{"id": 1, "candidates": [{"rank": 1}], "notes": []}\'\ncat\n'
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    memory = WorkerMemory(journal)
    found = memory.recall("list the pods")
    memory.close()
    assert commands(found) == ["kubectl get pods"]
    assert found.notes == (f"{WORDS_ONLY}, it is of another version; restart the editor",)


def test_one_that_hangs_is_replaced(journal: Journal, path: Path) -> None:
    taught(journal, "list the pods", "kubectl get pods")
    memory = WorkerMemory(journal, "hashing", patience=2.0)
    until(lambda: memory.recall("list the pods").notes == ())
    (first,) = workers(path)
    os.kill(first, signal.SIGSTOP)
    # More than a pipe holds: whoever writes to it must not wait for a reader that sleeps.
    asked = [memory.recall_async(f"list the pods {'x' * 1_900}") for _ in range(100)]
    for answer in asked:
        assert commands(answer.result(20)) == ["kubectl get pods"]
    until(lambda: first not in workers(path))
    until(lambda: memory.recall("list the pods").notes == ())
    memory.close()


def test_a_question_can_be_taken_back(worker: WorkerMemory, journal: Journal, path: Path) -> None:
    taught(journal, "list the pods", "kubectl get pods")
    worker.recall("list the pods")
    (pid,) = workers(path)
    os.kill(pid, signal.SIGSTOP)
    asked = [worker.recall_async("list the pods") for _ in range(20)]
    assert all(answer.cancel() for answer in asked[:-1])
    os.kill(pid, signal.SIGCONT)
    assert commands(asked[-1].result(20)) == ["kubectl get pods"]


def test_it_ends_when_idle_and_comes_back(journal: Journal, path: Path) -> None:
    taught(journal, "list the pods", "kubectl get pods")
    memory = WorkerMemory(journal, "hashing", idle_seconds=0.01)
    assert commands(memory.recall("list the pods")) == ["kubectl get pods"]
    until(lambda: workers(path) == [])
    found = memory.recall("list the pods")
    assert (commands(found), found.notes) == (["kubectl get pods"], ())
    memory.close()


def test_closing_answers_what_waits_and_leaves_no_process(
    worker: WorkerMemory, journal: Journal, path: Path
) -> None:
    taught(journal, "list the pods", "kubectl get pods")
    asked = [worker.recall_async("list the pods") for _ in range(3)]
    worker.close()
    assert all(commands(answer.result(0)) == ["kubectl get pods"] for answer in asked)
    assert workers(path) == []


def test_it_does_not_outlive_a_killed_server(path: Path) -> None:
    Journal.open(path).close()
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            """
import sys
from pathlib import Path
from runbook_ls.memory.client import WorkerMemory
from runbook_ls.memory.journal import Journal
memory = WorkerMemory(Journal.open(Path(sys.argv[1])), "hashing")
memory.recall("list the pods")
print("ready", flush=True)
sys.stdin.read()
""",
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    assert len(workers(path)) == 1
    server.kill()
    server.communicate()
    until(lambda: workers(path) == [])


def test_no_setting_of_chroma_or_telemetry_reaches_it(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = tmp_path / "opened"
    hostile.mkdir()
    hostile.joinpath(".env").write_text("CHROMA_OTEL_COLLECTION_ENDPOINT=http://evil.example:4317\n")
    monkeypatch.chdir(hostile)
    monkeypatch.setenv("CHROMA_OTEL_COLLECTION_ENDPOINT", "http://evil.example:4317")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://evil.example:4317")
    told = tmp_path / "told"
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{{ pwd; env; ls -A; }} > {told}.part\nmv {told}.part {told}\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with Journal.open(path) as journal:
        memory = WorkerMemory(journal)
        memory.recall("list the pods")
        memory.close()
    text = told.read_text()
    assert text.startswith(f"{path.parent / 'worker'}\n")
    assert "evil.example" not in text
    assert ".env" not in text.splitlines()
    assert "ORT_DISABLE_TELEMETRY=1" in text
    assert (path.parent / "worker").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs Linux's /proc")
def test_no_connection_is_made_to_an_endpoint_that_an_opened_folder_names(
    journal: Journal, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = {"CHROMA_OTEL_COLLECTION_ENDPOINT": endpoint, "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
        settings |= {"CHROMA_OTEL_GRANULARITY": "all"}
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        monkeypatch.chdir(tmp_path)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        taught(journal, "list the pods", "kubectl get pods")
        memory = WorkerMemory(journal, "hashing")
        memory.recall("list the pods")
        (pid,) = workers(path)
        until(lambda: "chromadb_rust_bindings" in Path(f"/proc/{pid}/maps").read_text())
        for _ in range(20):
            assert commands(memory.recall("list the pods")) == ["kubectl get pods"]
        memory.close()
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_without_chroma_it_searches_exactly_and_says_so(path: Path, tmp_path: Path) -> None:
    (tmp_path / "chromadb.py").write_text("raise OSError('libfoo.so: cannot open')\n")
    code = """
import sys
from pathlib import Path
from runbook_ls.memory.client import WorkerMemory
from runbook_ls.memory.journal import Journal
with Journal.open(Path(sys.argv[1])) as journal:
    memory = WorkerMemory(journal, "hashing")
    while not (found := memory.recall("list the pods")).notes:
        pass
    print(found.candidates[0].example.command, found.candidates[0].similarity > 0.9, *found.notes, sep="|")
    memory.close()
"""
    with Journal.open(path) as journal:
        taught(journal, "list the pods", "kubectl get pods")
    os.environ["PYTHONPATH"], before = str(tmp_path), os.environ.get("PYTHONPATH")
    try:
        told = python(code, path)
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
    assert told == (
        "kubectl get pods|True|chromadb cannot be loaded (libfoo.so: cannot open); memory searches without it\n"
    )


def test_what_goes_over_the_wire_comes_back() -> None:
    example = Example("01", "é — 🦦\n\udc80", "a\n\tb", "corrected", "/w", "/w/a.md", 3, 1.5, 2)
    sent = Recollection((Candidate(example, 0.5, 0.25),), ("a note",))
    line = wire.answer(7, sent)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert line.isascii()
    import json

    assert wire.recollection(json.loads(line)) == sent

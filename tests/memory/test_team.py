"""A team's memory on a real Chroma server, started here, on loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from runbook_ls.memory import team
from runbook_ls.memory.client import WorkerMemory
from runbook_ls.memory.direct import DirectMemory
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.retrieval import Recollection
from runbook_ls.memory.team import Server
from tests.memory.conftest import taught


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    directory, port = tmp_path_factory.mktemp("chroma"), free_port()
    chroma = Path(sys.executable).with_name("chroma")
    process = subprocess.Popen(
        [chroma, "run", "--host", "127.0.0.1", "--port", str(port), "--path", directory],
        cwd=directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    while True:
        assert process.poll() is None
        try:
            urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=1).close()
            break
        except (urllib.error.URLError, OSError):
            pass
    yield Server(url, author="ana@laptop", patience=20.0)  # a busy machine is no server that is away
    process.terminate()
    process.wait()


def member(directory: Path, server: Server) -> tuple[Journal, DirectMemory]:
    journal = Journal.open(directory / "journal.db")
    memory = DirectMemory(journal, "hashing")
    memory.join(server)
    return journal, memory


def commands(found: Recollection) -> list[str]:
    return [candidate.example.command for candidate in found.candidates]


def send_all(memory: DirectMemory) -> None:
    memory.recall("")  # embeds what is new
    while memory.work() or memory.exchange():
        pass


def test_what_one_shares_another_is_suggested(server: Server, tmp_path: Path) -> None:
    ana, anas = member(tmp_path / "ana", server)
    ben, bens = member(tmp_path / "ben", replace(server, author="ben@desk"))
    with ana, ben:
        pods = taught(
            ana, "list the pods", "kubectl get pods", workspace="/home/ana/w", file="/home/ana/w/a.md", line=3
        )
        taught(ana, "my private thing", "private")
        with ana.writing() as writing:
            assert writing.share([pods.example_id]) == 1
        assert commands(bens.recall("list the pods")) == []
        send_all(anas)

        (found,) = bens.recall("list the pods").candidates
        assert found.example.command == "kubectl get pods"
        assert (found.example.author, found.example.origin) == ("ana@laptop", server.url)
        assert (found.example.workspace, found.example.file, found.example.line) == (
            "/home/ana/w",
            "/home/ana/w/a.md",
            3,
        )
        assert found.similarity == pytest.approx(1.0, abs=1e-3)
        assert commands(bens.recall("my private thing")) == [
            "kubectl get pods"
        ]  # nothing but what was shared
        assert commands(anas.recall("list the pods")).count("kubectl get pods") == 1
        assert ben.examples() == []

        # One's own comes first, and what one had forgotten is not suggested by others.
        taught(ben, "list the pods", "oc get pods")
        assert commands(bens.recall("list the pods")) == ["oc get pods", "kubectl get pods"]

        # Forgetting reaches the server.
        ana.forget(pods.example_id)
        send_all(anas)
        assert commands(bens.recall("list the pods")) == ["oc get pods"]


def test_what_is_superseded_is_taken_back(server: Server, tmp_path: Path) -> None:
    ana, anas = member(tmp_path / "ana", server)
    with ana:
        first = taught(ana, "drain the node", "kubectl drain")
        with ana.writing() as writing:
            writing.share([first.example_id])
        send_all(anas)
        taught(ana, "drain the node", "kubectl drain --force")
        send_all(anas)
        ben, bens = member(tmp_path / "ben", server)
        with ben:
            assert commands(bens.recall("drain the node")) == []


def test_a_read_only_member_sends_nothing(server: Server, tmp_path: Path) -> None:
    ana, anas = member(tmp_path / "ana", replace(server, read_only=True))
    with ana:
        outcome = taught(ana, "cordon the node", "kubectl cordon")
        with ana.writing() as writing:
            writing.share([outcome.example_id])
        send_all(anas)
        ben, bens = member(tmp_path / "ben", server)
        with ben:
            assert "kubectl cordon" not in commands(bens.recall("cordon the node"))


def test_while_it_is_away_ones_own_memory_goes_on_and_nothing_is_lost(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team, "_REST_SECONDS", 0.0)
    away = f"http://127.0.0.1:{free_port()}"
    ana, anas = member(tmp_path / "ana", Server(away))
    with ana:
        outcome = taught(ana, "reboot the node", "reboot")
        with ana.writing() as writing:
            writing.share([outcome.example_id])
        while not (found := anas.recall("reboot the node")).notes:
            pass
        assert commands(found) == ["reboot"]
        (note,) = found.notes
        assert note.startswith(f"the team's memory at {away} is away (")
        again = DirectMemory(ana, "hashing")
        again.join(server)
        send_all(again)
        ben, bens = member(tmp_path / "ben", server)
        with ben:
            assert "reboot" in commands(bens.recall("reboot the node"))


def test_through_the_worker(server: Server, tmp_path: Path) -> None:
    ben, bens = member(tmp_path / "ben", server)
    with Journal.open(tmp_path / "ana" / "journal.db") as ana, ben:
        outcome = taught(ana, "scale the web", "kubectl scale web")
        memory = WorkerMemory(ana, "hashing", server=server, patience=60)
        memory.recall("scale the web")
        with ana.writing() as writing:
            writing.share([outcome.example_id])
        memory.share()
        while "kubectl scale web" not in commands(bens.recall("scale the web")):
            pass
        memory.close()

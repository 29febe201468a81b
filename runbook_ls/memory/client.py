"""The server's end of the memory worker: starts it, asks it, restarts it when it dies. The caller never waits."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from runbook_ls.memory import wire
from runbook_ls.memory.embedder import EmbedderName
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.remote import Remote
from runbook_ls.memory.retrieval import Recollection, recall, shortened
from runbook_ls.memory.team import Server
from runbook_ls.values import RunbookError

_LONGEST_PAUSE_SECONDS = 60.0
_ASKED_AT_MOST = 2


class WorkerMemory:
    """Memory in a worker process.

    One thread, the keeper, owns the process and all that is waiting; everyone else only puts things into its queue.
    When the worker dies, what was asked is asked once more of a new one; when that fails too, or takes longer than
    `patience` seconds, the answer comes from here, by words only, with a note. The worker ends itself after
    `idle_seconds` without a question, and comes back with the next one.
    """

    def __init__(
        self,
        journal: Journal,
        embedder: EmbedderName | Remote = "minilm",
        *,
        idle_seconds: float = 900.0,
        patience: float = 10.0,
        log: Path | None = None,
        server: Server | None = None,
    ) -> None:
        self._journal = journal
        self._command = (
            *(sys.executable, "-m", "runbook_ls.memory.worker"),
            *(str(journal.path), embedder if isinstance(embedder, str) else "remote", str(idle_seconds)),
        )
        self._remote = None if isinstance(embedder, str) else embedder
        self._patience = patience
        self._log = log
        self._server = server
        self._inbox: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._keeper = threading.Thread(target=self._keep, name="memory-keeper", daemon=True)
        self._keeper_started = threading.Lock()

    def start(self) -> None:
        """Start the worker, if it does not run yet, so that the first question finds it warm."""
        self._send(_Start())

    def share(self) -> None:
        """Send the team's server what waits for it, as `Writing.share` and `Journal.forget` left it."""
        self._send(_Share())

    def recall_async(self, intent: str, *, workspace: str = "", limit: int = 24) -> Future[Recollection]:
        """Ask; returns at once. Cancelling the future takes the question back."""
        question = _Question(shortened(intent), workspace, limit, time.monotonic() + self._patience)

        def take_back(answer: Future[Recollection]) -> None:
            if answer.cancelled():
                self._send(_Withdrawn(question))

        question.answer.add_done_callback(take_back)
        self._send(question)
        return question.answer

    def recall(self, intent: str, *, workspace: str = "", limit: int = 24) -> Recollection:
        """Ask, and wait for the answer."""
        return self.recall_async(intent, workspace=workspace, limit=limit).result()

    def close(self) -> None:
        """End the worker. What is still waiting is answered by words."""
        self._send(_Stop())
        self._keeper.join()

    def _send(self, event: _Event) -> None:
        with self._keeper_started:
            if self._keeper.ident is None:
                self._keeper.start()
        self._inbox.put(event)

    # The keeper's thread

    def _keep(self) -> None:
        desk = _Desk(self._journal, self._command, self._log, self._remote, self._server, self._inbox)
        while True:
            try:
                event = self._inbox.get(timeout=desk.seconds_to_deadline())
            except queue.Empty:
                desk.give_up_late_worker()
                continue
            if isinstance(event, _Stop):
                desk.close()
                return
            desk.handle(event)


@dataclass(eq=False, slots=True)
class _Question:
    intent: str
    workspace: str
    limit: int
    deadline: float  # time.monotonic()
    answer: Future[Recollection] = field(default_factory=Future)
    asked: int = 0

    def message(self, number: int) -> bytes:
        return wire.line(
            {"id": number, "intent": self.intent, "workspace": self.workspace, "limit": self.limit}
        )


@dataclass(frozen=True, slots=True)
class _Withdrawn:
    question: _Question


@dataclass(frozen=True, slots=True)
class _Answered:
    message: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Ended:
    process: subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class _Start:
    pass


@dataclass(frozen=True, slots=True)
class _Share:
    pass


@dataclass(frozen=True, slots=True)
class _Stop:
    pass


_Event = _Question | _Withdrawn | _Answered | _Ended | _Start | _Share | _Stop


class _Desk:
    """What the keeper keeps: the process, and the questions that wait for it, by number."""

    def __init__(
        self,
        journal: Journal,
        command: tuple[str, ...],
        log: Path | None,
        remote: Remote | None,
        server: Server | None,
        inbox: queue.SimpleQueue[_Event],
    ) -> None:
        self._journal = journal
        self._command = command
        self._log = log
        self._remote = remote
        self._server = server
        self._inbox = inbox
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: dict[int, _Question] = {}
        self._number = 0
        self._failures = 0
        self._rest_until = 0.0
        self._trouble = ""

    def handle(self, event: _Event) -> None:
        if isinstance(event, _Answered):
            self._pass_on(event.message)
        elif isinstance(event, _Question):
            self._ask(event)
        elif isinstance(event, _Withdrawn):
            self._withdraw(event.question)
        elif isinstance(event, _Ended):
            if event.process is self._process:
                self._bury("it ended unexpectedly")
        elif isinstance(event, _Start):
            self._running()
        elif isinstance(event, _Share) and self._running():
            self._tell(wire.line({"share": True}))

    def _pass_on(self, message: Mapping[str, Any]) -> None:
        try:
            number, found = message["id"], wire.recollection(message)
        except (KeyError, TypeError, ValueError):
            # The program was replaced under a running server: the worker is of the new version.
            self._give_up("it is of another version; restart the editor")
            return
        self._failures = 0
        if (question := self._waiting.pop(number, None)) is not None:
            _resolve(question, found)

    def seconds_to_deadline(self) -> float | None:
        if not self._waiting:
            return None
        return max(0.0, min(question.deadline for question in self._waiting.values()) - time.monotonic())

    def give_up_late_worker(self) -> None:
        """End a worker that took too long; what was asked of it is answered by words."""
        self._give_up("it did not answer in time")

    def _give_up(self, why: str) -> None:
        for question in self._waiting.values():
            question.asked = _ASKED_AT_MOST
        if self._process is not None:
            self._process.kill()
            self._bury(why)

    def close(self) -> None:
        self._trouble = "memory goes by words only: it is being closed"
        if self._process is not None:
            self._end()
        for question in self._waiting.values():
            self._answer_by_words(question)

    def _ask(self, question: _Question) -> None:
        if question.answer.cancelled():
            return
        process = self._running() if question.asked < _ASKED_AT_MOST else None
        if process is None:
            self._answer_by_words(question)
            return
        question.asked += 1
        self._number += 1
        self._waiting[self._number] = question
        self._tell(question.message(self._number))

    def _withdraw(self, question: _Question) -> None:
        for number, waiting in list(self._waiting.items()):
            if waiting is question:
                del self._waiting[number]
                self._tell(wire.line({"cancel": number}))

    def _tell(self, message: bytes) -> None:
        """Write to the worker. One that has stopped reading is ended: the keeper must not wait for it."""
        if self._process is None or self._process.stdin is None:
            return
        with suppress(OSError):  # it is dead; its listener will say so
            if self._process.stdin.write(message) != len(message):
                self._process.kill()

    def _running(self) -> subprocess.Popen[bytes] | None:
        if self._process is None and time.monotonic() >= self._rest_until:
            try:
                # A key must not stand on a command line, where everybody can read it.
                where = wire.line({"remote": self._remote.message()}) if self._remote else b""
                self._process = _spawn(self._command, self._journal.path.parent / "worker", self._log)
            except RunbookError as error:
                self._fail(str(error))
            except OSError as error:
                self._fail(f"it cannot be started ({error.strerror or error})")
            else:
                assert self._process.stdin is not None
                os.set_blocking(self._process.stdin.fileno(), False)
                threading.Thread(
                    target=_listen, args=(self._process, self._inbox), name="memory-answers", daemon=True
                ).start()
                if where:
                    self._tell(where)
                if self._server is not None:
                    self._tell(wire.line({"join": asdict(self._server)}))
        return self._process

    def _bury(self, what: str) -> None:
        """The worker is gone. Ask a new one what this one did not answer, each question once more."""
        assert self._process is not None
        code = self._end()
        left, self._waiting = list(self._waiting.values()), {}
        if left or code != 0:  # else it was idle
            self._fail(what)
        for question in left:
            self._ask(question)

    def _fail(self, what: str) -> None:
        self._failures += 1
        if self._failures > 1:
            self._rest_until = time.monotonic() + min(_LONGEST_PAUSE_SECONDS, 0.5 * 2.0**self._failures)
        self._trouble = f"memory goes by words only: its worker process failed, {what}"

    def _end(self) -> int:
        """Close the worker's stdin, at which it ends; returns its exit code."""
        process, self._process = self._process, None
        assert process is not None
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()
        try:
            return process.wait(1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _answer_by_words(self, question: _Question) -> None:
        try:
            found = recall(self._journal, question.intent, workspace=question.workspace, limit=question.limit)
            _resolve(question, Recollection(found, (self._trouble,)))
        except RunbookError as error:
            _resolve(question, Recollection((), (str(error),)))


def _resolve(question: _Question, found: Recollection) -> None:
    if question.answer.set_running_or_notify_cancel():
        question.answer.set_result(found)


def _spawn(command: tuple[str, ...], directory: Path, log: Path | None) -> subprocess.Popen[bytes]:
    """Start the worker in a directory of ours: Chroma reads a `.env` where it stands, telemetry endpoint included,
    so neither an opened folder nor the environment may speak to it."""
    directory.mkdir(mode=0o700, exist_ok=True)
    environment = {
        name: value for name, value in os.environ.items() if not name.upper().startswith(("CHROMA_", "OTEL_"))
    }
    environment |= {"ORT_DISABLE_TELEMETRY": "1", "ANONYMIZED_TELEMETRY": "False"}
    stderr = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if log else None
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if stderr is None else stderr,
            cwd=directory,
            env=environment,
            bufsize=0,
        )
    finally:
        if stderr is not None:
            os.close(stderr)


def _listen(process: subprocess.Popen[bytes], inbox: queue.SimpleQueue[_Event]) -> None:
    """Pass on the worker's answers until it ends. Each worker has a thread of its own for this."""
    assert process.stdout is not None
    # The pipe itself is unbuffered, and would be read byte by byte.
    with open(process.stdout.fileno(), "rb", closefd=False) as stream, suppress(OSError, ValueError):
        for line in stream:
            inbox.put(_Answered(json.loads(line)))
    process.stdout.close()
    inbox.put(_Ended(process))

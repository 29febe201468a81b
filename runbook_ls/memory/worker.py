"""The memory worker: the one process that holds the embedder and Chroma, so that their locks are not the server's.

A plain child of the server: `python -m runbook_ls.memory.worker JOURNAL EMBEDDER IDLE_SECONDS`, questions on stdin,
answers on stdout (see `wire`). Where the embedder is `remote`, the first line says where that is. It ends with its
stdin, so it cannot outlive a killed server, and by itself when idle.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from runbook_ls.memory import wire
from runbook_ls.memory.direct import DirectMemory
from runbook_ls.memory.embedder import EmbedderName
from runbook_ls.memory.index import ChromaIndex
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.remote import Remote, of_message
from runbook_ls.memory.retrieval import Recollection
from runbook_ls.memory.team import Server
from runbook_ls.values import RunbookError

_POLL_SECONDS = 0.02
_EMBEDDED_WITH_A_QUESTION = 2  # the newest, such as a correction just made; the rest waits for a pause
_PATIENCE_SECONDS = 60.0


class _Inbox:
    """Messages as they come in, read by a thread of their own, which ends the process at end-of-file."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def next(self, seconds: float) -> dict[str, Any] | None:
        """The next message that is still wanted; None if none comes in time."""
        while True:
            try:
                message = self._waiting.get(timeout=seconds) if seconds else self._waiting.get_nowait()
            except queue.Empty:
                return None
            if message.get("id") not in self._cancelled:
                return message
            self._cancelled.discard(message["id"])

    def _read(self) -> None:
        with open(self._descriptor, "rb", closefd=False) as stream:
            for line in stream:
                message = json.loads(line)
                if "cancel" in message:
                    self._cancelled.add(message["cancel"])
                else:
                    self._waiting.put(message)
        os._exit(0)  # the main thread may be deep in native code


def main(arguments: list[str]) -> int:
    """Answer until stdin ends or no question came for the idle time. Returns the exit code."""
    journal_path, idle_seconds = Path(arguments[0]), float(arguments[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the server
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not land among the answers
    inbox = _Inbox(0)
    with Journal.open(journal_path) as journal:
        memory = DirectMemory(
            journal, _embedder(arguments[1], inbox), embed_at_most=_EMBEDDED_WITH_A_QUESTION, at_once=False
        )
        jobs = _jobs(memory)
        pause: float | None = 0.0
        while True:
            message = inbox.next(idle_seconds if pause is None else pause)
            if message is not None:
                pause = 0.0
                if "join" in message:
                    memory.join(Server(**message["join"]))
                elif "id" in message:
                    answers.write(_answer(memory, message))
                    answers.flush()
            elif pause is not None:
                pause = next(jobs)
            else:
                memory.close()
                return 0


def _embedder(name: str, inbox: _Inbox) -> EmbedderName | Remote:
    if name != "remote":
        return cast(EmbedderName, name)
    first = None
    while first is None:
        first = inbox.next(_PATIENCE_SECONDS)
    return of_message(first["remote"])


def _answer(memory: DirectMemory, question: dict[str, Any]) -> bytes:
    try:
        found = memory.recall(question["intent"], workspace=question["workspace"], limit=question["limit"])
    except RunbookError as error:
        found = Recollection((), (str(error),))
    return wire.answer(question["id"], found)


def _jobs(memory: DirectMemory) -> Iterator[float | None]:
    """The work between questions, for ever. Each step gives the seconds to wait for a question before the next
    one; None when there is nothing to do until a question comes."""
    yield 0.0  # a question that is waiting already goes first
    memory.load()
    yield 0.0
    while memory.work():
        yield 0.0
    with ThreadPoolExecutor(1) as executor:
        loading = executor.submit(ChromaIndex)
        while not loading.done():
            yield _POLL_SECONDS
    try:
        index = loading.result()
    except RunbookError as error:
        memory.note(str(error))
    else:
        following = memory.following(index)
        if following is not None:
            following.top_up()
            while following.deepen():
                yield 0.0
            memory.use(following)
    while True:
        yield 0.0 if memory.work() else _POLL_SECONDS if memory.exchange() else None


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # a thread may still wait for a server that is away

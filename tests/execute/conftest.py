"""Real cells, run by real programs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from runbook_ls.execute import processes
from runbook_ls.execute.execution import Execution, Request, Stream
from runbook_ls.execute.interpreters import resolve


@dataclass
class Cells:
    """Runs cells in a directory and remembers what they wrote, in its order."""

    directory: Path
    language: str = "bash"
    pieces: list[tuple[Stream, str]] = field(default_factory=list)
    cancel: threading.Event = field(default_factory=threading.Event)
    on_text: Callable[[str], None] = lambda text: None

    def request(self, body: str, **changes: Any) -> Request:
        request = Request(resolve(self.language), body, self.directory, dict(os.environ))
        return replace(request, **changes)

    def run(self, body: str, **changes: Any) -> Execution:
        return processes.run(self.request(body, **changes), self.take, self.cancel)

    def take(self, stream: Stream, text: str) -> None:
        self.pieces.append((stream, text))
        self.on_text(text)

    @property
    def order(self) -> list[tuple[Stream, str]]:
        """What was written, pieces of one stream that follow each other joined."""
        found: list[tuple[Stream, str]] = []
        for stream, text in self.pieces:
            if found and found[-1][0] == stream:
                text = found.pop()[1] + text
            found.append((stream, text))
        return found


@pytest.fixture
def cells(tmp_path: Path) -> Cells:
    return Cells(tmp_path)


class Life:
    """A named pipe that the processes of a cell hold open: its end-of-file says that all of them are gone.

    A cell takes part by `exec 9>"$LIFE"`. Waiting for it needs no polling and no sleeping.
    """

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        # Opened without blocking, then read with it: the cell need not be there yet.
        self._reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(self._reading, True)

    def wait(self) -> bytes:
        """Everything that was written to it, when the last process has closed it."""
        found = b""
        while piece := os.read(self._reading, 4096):
            found += piece
        return found

    def close(self) -> None:
        os.close(self._reading)


@pytest.fixture
def life(tmp_path: Path):
    life = Life(tmp_path / "life")
    yield life
    life.close()

"""A program in a terminal, as a person sees it: keys go in, a screen of text comes out."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyte

_PATIENCE_SECONDS = 30.0


class Terminal:
    """The screen of one program. Waiting is for something to appear on it."""

    def __init__(
        self,
        program: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        columns: int = 110,
        rows: int = 40,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.recorded: list[tuple[float, bytes]] = []
        self._begun = time.monotonic()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(program[0], list(program), {**environment, "TERM": "xterm-256color"})
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, keys: str) -> None:
        """Send keys: text, and control characters such as `\\x1b` for Escape."""
        os.write(self._master, keys.encode())

    def see(self, words: str, *, gone: bool = False, patience: float = _PATIENCE_SECONDS) -> None:
        """Wait until the words are on the screen, or have gone from it; AssertionError after `patience` seconds."""
        end = time.monotonic() + patience
        while (words in self.text) is gone:
            assert time.monotonic() < end, (
                f"{words!r} is {'still' if gone else 'not'} on the screen:\n{self.text}"
            )
            self._read(0.1)

    def settle(self) -> None:
        """Wait until the screen has been still for a moment, as a person does before the next key."""
        while self._read(0.3):
            pass

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGHUP)
        while self._read(0.2):
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        os.close(self._master)

    def _read(self, seconds: float) -> bool:
        """Take in what the program writes within a time; whether it wrote anything."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.recorded.append((time.monotonic() - self._begun, data))
        self._stream.feed(data)
        return bool(data)

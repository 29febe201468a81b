"""A terminal with somebody at it: starts a program, waits for what it shows, types."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_TAKE = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


@dataclass
class Terminal:
    """`shown` is all that the program has shown so far."""

    master: int
    process: subprocess.Popen[bytes]
    shown: str = ""
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def until(self, text: str, *, since: int = 0) -> None:
        """Wait until the program shows the text (after the first `since` characters). Fails at its end."""
        while text not in self.shown[since:]:
            piece = self._read()
            assert piece, f"{text!r} was never shown: {self.shown}"
            self.shown += piece

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def end(self) -> int:
        """Read to the end; the exit code."""
        while piece := self._read():
            self.shown += piece
        return self.process.wait()

    def _read(self) -> str:
        try:
            while piece := os.read(self.master, 4096):
                if text := self._decoder.decode(piece):  # "": a part of a character
                    return text
        except OSError:  # Linux: the other end is closed
            pass
        return ""


@contextlib.contextmanager
def terminal(*arguments: str, cwd: Path, **environment: str) -> Iterator[Terminal]:
    """`runbook-ls` on a terminal of its own, 100 columns wide."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, b"\x28\0\x64\0\0\0\0\0")
    given = {name: value for name, value in os.environ.items() if name != "CI"}
    process = subprocess.Popen(
        [sys.executable, "-c", _TAKE, sys.executable, "-m", "runbook_ls", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=cwd,
        env={**given, "TERM": "xterm", **environment},
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        process.kill()
        process.wait()
        os.close(master)

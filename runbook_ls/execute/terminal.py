"""Running an interactive cell: it gets a terminal of its own that this process's terminal is joined to.

What is typed goes to the cell, Ctrl-C included; what it prints goes to the terminal as it is, and cleaned to the
record of the run. Both streams are one on a terminal: it is kept as stdout.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import threading
import time
import tty
from collections.abc import Iterator
from typing import Literal

from runbook_ls.execute import watchdog
from runbook_ls.execute.execution import Request
from runbook_ls.execute.output import Bounded, Cleaner
from runbook_ls.execute.output_file import OutputFile
from runbook_ls.values import RunbookError

_CHUNK = 1 << 16
_LOOK_SECONDS = 0.05
_LAST_LOOKS = 64  # chunks that are read after the end: a background child may write for ever

# A session gets a controlling terminal by its leader's asking for it; then the cell takes its place.
_TAKE_TERMINAL = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


class Joined:
    """One interactive cell. `command` is the whole command line; `limit` characters are kept of head and tail."""

    def __init__(
        self,
        request: Request,
        command: list[str],
        cancel: threading.Event,
        keep: OutputFile | None,
        limit: int,
    ) -> None:
        self.request = request
        self.command = command
        self.cancel = cancel
        self.keep = keep
        self.kept = Bounded(limit)
        self.cleaner = Cleaner()
        self.ended_by: Literal["cancel", "timeout"] | None = None
        self.begun = time.monotonic()

    def until_end(self) -> subprocess.Popen[bytes]:
        """Run it; the ended process. Raises RunbookError if this process has no terminal, or it cannot start."""
        if not (os.isatty(0) and os.isatty(1)):
            raise RunbookError("the cell is interactive, and there is no terminal")
        master, slave = pty.openpty()
        try:
            _copy_size(0, master)
            with _started(self.request, self.command, slave) as process, _raw(0), _resized(master):
                os.close(slave)
                slave = -1
                self._join(process, master)
                return process
        finally:
            os.close(master)
            if slave >= 0:
                os.close(slave)

    def _join(self, process: subprocess.Popen[bytes], master: int) -> None:
        kill_at: float | None = None
        reading = [0, master]
        while process.poll() is None:
            for ready in select.select(reading, [], [], _LOOK_SECONDS)[0]:
                if ready == 0:
                    typed = os.read(0, _CHUNK)
                    if typed:
                        os.write(master, typed)
                    else:
                        reading.remove(0)
                elif not self._take(master):
                    reading.remove(master)
            now = time.monotonic()
            if self.ended_by is None and (why := self._asked_to_end(now)):
                self.ended_by = why
                watchdog.signal_session(process.pid, signal.SIGTERM)
                kill_at = now + self.request.grace
            elif kill_at is not None and now >= kill_at:
                watchdog.signal_session(process.pid, signal.SIGKILL)
        for _ in range(_LAST_LOOKS):
            if master not in reading or not select.select([master], [], [], 0)[0] or not self._take(master):
                break
        self._keep(self.cleaner.feed(b"", final=True))

    def _asked_to_end(self, now: float) -> Literal["cancel", "timeout"] | None:
        if self.cancel.is_set():
            return "cancel"
        timeout = self.request.timeout
        return "timeout" if timeout is not None and now >= self.begun + timeout else None

    def _take(self, master: int) -> bool:
        """Pass one chunk on; False where the other end is closed (on Linux an error says so)."""
        try:
            data = os.read(master, _CHUNK)
        except OSError:
            return False
        view = memoryview(data)
        while view:
            view = view[os.write(1, view) :]
        self._keep(self.cleaner.feed(data))
        return bool(data)

    def _keep(self, text: str) -> None:
        text = text.replace("\r\n", "\n")
        if text:
            self.kept.add(text)
            if self.keep is not None:
                self.keep.write("stdout", text)


@contextlib.contextmanager
def _started(request: Request, command: list[str], slave: int) -> Iterator[subprocess.Popen[bytes]]:
    keeper = request.watched_by
    none: contextlib.AbstractContextManager[dict[str, str]] = contextlib.nullcontext({})
    try:
        with keeper.starting() if keeper else none as marked:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL, *command],
                cwd=request.directory,
                env={**request.environment, **marked},
                stdin=slave,
                stdout=slave,
                stderr=slave,
                pass_fds=request.descriptors,
                start_new_session=True,
            )
            if keeper:
                keeper.watch(process.pid)
    except (OSError, ValueError) as error:
        raise RunbookError(f"cannot start {command[0]} in {request.directory}: {error}") from error
    try:
        yield process
    finally:
        if process.poll() is None:
            watchdog.signal_session(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def _raw(terminal: int) -> Iterator[None]:
    """Every key goes to the cell while it runs."""
    before = termios.tcgetattr(terminal)
    tty.setraw(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


@contextlib.contextmanager
def _resized(master: int) -> Iterator[None]:
    """The cell's terminal has the size of ours. Only the main thread can be told of a change."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGWINCH, lambda *_: _copy_size(0, master))
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)


def _copy_size(source: int, target: int) -> None:
    with contextlib.suppress(OSError):
        fcntl.ioctl(target, termios.TIOCSWINSZ, fcntl.ioctl(source, termios.TIOCGWINSZ, b"\0" * 8))

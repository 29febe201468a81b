"""One small process that ends running cells when their server is gone, even by SIGKILL.

The server tells it process groups on a pipe; at the pipe's end-of-file it kills those that still live. It is started
as a plain script with the interpreter's isolated mode, imports nothing of this package, and leads its own session, so
that a signal to the server's group does not reach it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

GRACE_SECONDS = 1.0  # between TERM and KILL, once the server is gone


class Watchdog:
    """The server's end. Started with the first group; safe to use from several threads."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._groups: set[int] = set()
        self._lock = threading.Lock()

    def watch(self, group: int) -> None:
        """From now on `group` does not outlive this process."""
        with self._lock:
            self._groups.add(group)
            self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """`group` has ended; its number may be given to others."""
        with self._lock:
            self._groups.discard(group)
            self._tell(f"-{group}\n")

    def close(self) -> None:
        """End the groups that are still watched, and the watchdog. Blocks until both are gone."""
        with self._lock:
            process, self._process = self._process, None
            self._groups.clear()
        if process is not None:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()

    def _tell(self, message: str) -> None:
        if self._process is None or self._process.poll() is not None:
            if not self._groups:
                return
            self._process = _start()
            message = "".join(f"+{group}\n" for group in self._groups)
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(message.encode())
            self._process.stdin.flush()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
        close_fds=True,
        start_new_session=True,
    )


def main() -> None:
    """The watchdog's own life: follow the groups on standard input, end the rest at end-of-file."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    for number in (signal.SIGTERM, signal.SIGKILL):
        for group in sorted(groups):
            try:
                os.killpg(group, number)
            except (ProcessLookupError, PermissionError):
                groups.discard(group)
        end = time.monotonic() + GRACE_SECONDS
        while groups and number == signal.SIGTERM and time.monotonic() < end:
            time.sleep(0.02)
            groups = {group for group in groups if _lives(group)}


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()

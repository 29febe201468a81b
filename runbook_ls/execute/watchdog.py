"""Ending what cells started, also when this process is killed.

A cell leads a session of its own. What ends it reaches its process group and every other group of that session (job
control and daemons that do not `setsid`). The watchdog is one small process that is told the sessions on a pipe; at
end-of-file it ends those that live and removes the private directory. It runs this file as a script in isolated mode,
so the first half of it imports nothing of this package.

A session has no number before its first process is there, and this process may be killed just then. So the watchdog
is told of a cell before it is started, by a mark that the cell has in its environment.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

GRACE_SECONDS = 1.5  # between TERM and KILL: nothing lives two seconds after it was told to end
_WATCHDOG_GRACE_SECONDS = 1.0
_ASK_AGAIN_SECONDS = 0.01
_STARTING_SECONDS = 1.0  # from the fork of a cell until its environment can be read
_MARK_DIGITS = 16
MARK = "RUNBOOK_LS_CELL"  # the variable that marks the processes of one cell


def members(session: int) -> list[int]:
    """The ids of the processes of a session, but for zombies."""
    found = []
    for process in _processes():
        with contextlib.suppress(OSError):
            if os.getsid(process) == session and not _is_zombie(process):
                found.append(process)
    return found


def lives(session: int) -> bool:
    """True if a process of the session still runs."""
    return bool(members(session))


def signal_session(session: int, number: signal.Signals) -> None:
    """Send a signal to the group of that id and to the session's other processes."""
    with contextlib.suppress(OSError):
        os.killpg(session, number)
    for process in members(session):
        with contextlib.suppress(OSError):
            if os.getpgid(process) != session:
                os.kill(process, number)


def end_sessions(sessions: set[int], grace: float = GRACE_SECONDS) -> None:
    """TERM to all of these, and KILL after `grace` seconds to those that live on. Blocks until they are gone."""
    left = {session for session in sessions if lives(session)}
    for session in left:
        signal_session(session, signal.SIGTERM)
    kill_what_stays(left, grace)


def kill_what_stays(sessions: set[int], grace: float) -> None:
    """Wait `grace` seconds for the end of sessions that were told to end, then KILL. Blocks until they are gone."""
    left = _wait(sessions, grace)
    for session in left:
        signal_session(session, signal.SIGKILL)
    _wait(left, GRACE_SECONDS)


def _wait(sessions: set[int], seconds: float) -> set[int]:
    """Those that live on after at most that time."""
    end = time.monotonic() + seconds
    while left := {session for session in sessions if lives(session)}:
        if time.monotonic() >= end:
            break
        time.sleep(_ASK_AGAIN_SECONDS)
    return left


def _find_started(marks: set[str]) -> set[int]:
    """The sessions of the cells with these marks. Looks for a while: a process just forked has no mark yet."""
    found: set[int] = set()
    left = {f"{MARK}={mark}".encode() for mark in marks}
    end = time.monotonic() + _STARTING_SECONDS
    while left and time.monotonic() < end:
        for process in _processes():
            with contextlib.suppress(OSError):
                if seen := left & set(_environment(process)):
                    found.add(os.getsid(process))
                    left -= seen
        time.sleep(_ASK_AGAIN_SECONDS)
    return found


def _environment(process: int) -> list[bytes]:
    """`NAME=value` of each variable a process began with; on macOS among other words, and not of Apple's programs."""
    try:
        return Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    except FileNotFoundError:
        if Path("/proc/self").exists():  # the process has ended
            return []
        command = ["/bin/ps", "-E", "-ww", "-o", "command=", "-p", str(process)]
        return subprocess.run(command, capture_output=True, check=False).stdout.split()


def _processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208
    except OSError:  # no /proc, as on macOS
        listed = subprocess.run(["/bin/ps", "-A", "-o", "pid="], capture_output=True, check=False).stdout
        return [int(word) for word in listed.split()]


def _is_zombie(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[:1] == [b"Z"]
    except OSError:
        return False


class Watchdog:
    """The server's end. The process starts with the first session that is watched. Safe in several threads."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._known: set[str] = set()  # sessions, and marks of cells that are being started
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def starting(self) -> Iterator[dict[str, str]]:
        """While a cell is started with the environment that this gives, it does not outlive this process."""
        mark = secrets.token_hex(_MARK_DIGITS // 2)
        self._add(mark)
        try:
            yield {MARK: mark}
        finally:
            self._drop(mark)

    def watch(self, session: int) -> None:
        """From now on `session` does not outlive this process."""
        self._add(str(session))

    def forget(self, session: int) -> None:
        """`session` has ended; its number may be given to others."""
        self._drop(str(session))

    def _add(self, known: str) -> None:
        with self._lock:
            self._known.add(known)
            self._tell(f"+{known}\n")

    def _drop(self, known: str) -> None:
        with self._lock:
            self._known.discard(known)
            self._tell(f"-{known}\n")

    def close(self) -> None:
        """End the sessions that are still watched, and the watchdog. Blocks until both are gone."""
        with self._lock:
            process, self._process = self._process, None
            self._known.clear()
        if process is not None:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()

    def _tell(self, message: str) -> None:
        if self._process is None or self._process.poll() is not None:
            if not self._known:
                return
            if self._process is not None and self._process.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    self._process.stdin.close()
            self._process = self._start()
            message = "".join(f"+{known}\n" for known in self._known)
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(message.encode())
            self._process.stdin.flush()

    def _start(self) -> subprocess.Popen[bytes]:
        from runbook_ls.execute import private  # not at the top: the watchdog itself must not need it

        return subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(private.directory())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
        )


def main(private: str) -> None:
    """The watchdog's own life: follow the sessions on standard input, end the rest at end-of-file."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    known: set[str] = set()
    for line in sys.stdin:
        (known.add if line[0] == "+" else known.discard)(line[1:-1])
    marks = {word for word in known if len(word) == _MARK_DIGITS}
    sessions = {int(word) for word in known - marks} | _find_started(marks)
    end_sessions(sessions, _WATCHDOG_GRACE_SECONDS)
    shutil.rmtree(private, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])

"""Ending what cells started, also when this process is killed.

A cell leads a session of its own. What ends it reaches its process group and every other group of that session (job
control and daemons that do not `setsid`). The watchdog is one small process that is told the sessions on a pipe; at
end-of-file it ends those that live and removes the private directory. It runs this file as a script in isolated mode,
so the first half of it imports nothing of this package.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

GRACE_SECONDS = 2.0  # between TERM and KILL
_WATCHDOG_GRACE_SECONDS = 1.0
_ASK_AGAIN_SECONDS = 0.01


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
        self._sessions: set[int] = set()
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Start the process, if it is not there, so that it is ready before the first session is."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = self._start()

    def watch(self, session: int) -> None:
        """From now on `session` does not outlive this process."""
        with self._lock:
            self._sessions.add(session)
            self._tell(f"+{session}\n")

    def forget(self, session: int) -> None:
        """`session` has ended; its number may be given to others."""
        with self._lock:
            self._sessions.discard(session)
            self._tell(f"-{session}\n")

    def close(self) -> None:
        """End the sessions that are still watched, and the watchdog. Blocks until both are gone."""
        with self._lock:
            process, self._process = self._process, None
            self._sessions.clear()
        if process is not None:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()

    def _tell(self, message: str) -> None:
        if self._process is None or self._process.poll() is not None:
            if not self._sessions:
                return
            if self._process is not None and self._process.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    self._process.stdin.close()
            self._process = self._start()
            message = "".join(f"+{session}\n" for session in self._sessions)
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
    sessions: set[int] = set()
    for line in sys.stdin:
        (sessions.add if line[0] == "+" else sessions.discard)(int(line[1:]))
    end_sessions(sessions, _WATCHDOG_GRACE_SECONDS)
    shutil.rmtree(private, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])

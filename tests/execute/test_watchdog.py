"""What cells started ends with the process that runs them, however that ends."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runbook_ls.execute import private
from runbook_ls.execute.watchdog import Watchdog, end_sessions, lives

from .conftest import Cells, Life

# Stands for the server: runs one cell in a thread, as it does.
SERVER = """
import os, sys, threading
from pathlib import Path
from runbook_ls.execute.interpreters import resolve
from runbook_ls.execute.execution import Request
from runbook_ls.execute.processes import run
from runbook_ls.execute.watchdog import Watchdog

watchdog = Watchdog()
request = Request(resolve("bash"), sys.argv[1], Path.cwd(), dict(os.environ), watched_by=watchdog)
thread = threading.Thread(target=run, args=(request, lambda stream, text: print(text, end="", flush=True), threading.Event()), daemon=True)
thread.start()
sys.stdin.read()
"""


def start(cell: str, folder: Path) -> subprocess.Popen[str]:
    """A server that runs a cell; returns when the cell has written `ready`."""
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, cell],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment,
    )
    assert server.stdout is not None
    assert server.stdout.readline() == "ready\n"
    return server


HARD_TO_END = 'exec 9>"{life}"; trap "" TERM HUP INT; set -m; sleep 1000 & (sleep 1000 &) ; echo ready; while :; do wait; done'


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name
)
def test_cells_end_with_a_server_that_is_killed(tmp_path: Path, life: Life, number: signal.Signals):
    server = start(HARD_TO_END.format(life=life.path), tmp_path)
    server.send_signal(number)
    server.communicate()

    assert life.wait() == b""


def test_cells_end_when_the_editor_closes_the_pipe(tmp_path: Path, life: Life):
    server = start(HARD_TO_END.format(life=life.path), tmp_path)
    server.communicate()

    assert life.wait() == b""


# Is killed when it has started a cell and not yet learned its number.
KILLED_EARLY = """
import os, signal, subprocess, sys
from runbook_ls.execute.watchdog import Watchdog

with Watchdog().starting() as marked:
    subprocess.Popen(["bash", "-c", sys.argv[1]], env={**os.environ, **marked}, start_new_session=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="reads the environment of processes in /proc"
)
def test_a_cell_ends_that_was_just_started(tmp_path: Path, life: Life):
    cell = f'exec 9>"{life.path}"; exec sleep 1000'
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", KILLED_EARLY, cell], env=environment, check=False)

    assert life.wait() == b""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for the watchdog by a process descriptor")
def test_the_private_directory_goes_too(tmp_path: Path, life: Life):
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    server = start(f'exec 9>"{life.path}"; echo ready; sleep 1000', runtime)
    assert len(list(runtime.glob("runbook-ls-run-*"))) == 1
    server.kill()
    server.communicate()
    life.wait()
    watchdog_gone(runtime)

    assert list(runtime.iterdir()) == []


def watchdog_gone(runtime: Path) -> None:
    """Wait for the watchdog of that folder: it is told apart by its last argument."""
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            arguments = Path(f"/proc/{process}/cmdline").read_bytes()
            descriptor = os.pidfd_open(int(process))
        except OSError:
            continue
        if b"watchdog.py" in arguments and os.fsencode(runtime) in arguments:
            select.select([descriptor], [], [])
        os.close(descriptor)


def test_close_ends_what_is_watched_and_nothing_else(tmp_path: Path):
    watched, forgotten = (subprocess.Popen(["sleep", "1000"], start_new_session=True) for _ in range(2))
    watchdog = Watchdog()
    watchdog.watch(watched.pid)
    watchdog.watch(forgotten.pid)
    watchdog.forget(forgotten.pid)
    watchdog.close()

    assert watched.wait() == -signal.SIGTERM
    assert forgotten.poll() is None
    forgotten.kill()
    forgotten.wait()


def test_a_watchdog_that_was_killed_is_started_again():
    watched = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    watchdog = Watchdog()
    watchdog.watch(watched.pid)
    process = watchdog._process
    assert process is not None
    process.kill()
    process.wait()
    watchdog.watch(watched.pid)
    watchdog.close()

    assert watched.wait() == -signal.SIGTERM


def test_closing_what_never_began_is_nothing():
    Watchdog().close()
    watchdog = Watchdog()
    watchdog.forget(1)
    watchdog.close()


def test_sessions_are_ended_with_a_grace(cells: Cells, life: Life):
    # It ends when its child is up: one that is ended before has not said so.
    execution = cells.run(
        f'exec 9>"{life.path}"; mkfifo up; (trap "" TERM; echo up >&9; echo > up; sleep 1000) & (sleep 1000 &); read -r < up'
    )
    assert execution.group is not None
    end_sessions({execution.group}, grace=0.1)

    assert life.wait() == b"up\n"
    assert not lives(execution.group)


def test_what_a_killed_process_left_is_swept(tmp_path: Path):
    gone = subprocess.Popen(["true"])
    gone.wait()
    left, ours, other = (
        tmp_path / f"runbook-ls-run-{name}" for name in (f"{gone.pid}-x", f"{os.getpid()}-x", "what")
    )
    for folder in (left, ours, other):
        (folder / "inside").mkdir(parents=True)
    (tmp_path / "runbook-ls-run-1-link").symlink_to(other)
    private.sweep(tmp_path)

    assert not left.exists()
    assert ours.exists()
    assert other.exists()

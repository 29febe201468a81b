"""However the server ends, nothing that it started lives on."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .wire import Wire

CELL = "Wait\n\n```sh\necho $$ > pid; exec sleep 600\n```\n"


def ends(process: int, seconds: float = 30) -> bool:
    """Wait for the end of a process that is no child of ours."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes as Linux can")
@pytest.mark.parametrize("how", ["eof", "SIGINT", "SIGTERM", "SIGKILL", "exit"])
def test_a_running_cell_ends_with_its_server(tmp_path: Path, how: str) -> None:
    os.mkfifo(tmp_path / "pid")
    uri = (tmp_path / "a.md").as_uri()
    wire = Wire(tmp_path)
    document = {"uri": uri, "languageId": "markdown", "version": 1, "text": CELL}
    wire.send("textDocument/didOpen", None, {"textDocument": document})
    wire.send(
        "workspace/executeCommand", 2, {"command": "runbook.runCell", "arguments": [{"uri": uri, "line": 3}]}
    )
    pid = int((tmp_path / "pid").read_text())
    assert wire.process.stdin is not None
    if how == "eof":
        wire.process.stdin.close()
    elif how == "exit":
        wire.send("exit", None, None)
    else:
        wire.process.send_signal(signal.Signals[how])
    code = wire.process.wait(timeout=30)
    assert wire.process.stdout is not None
    wire.process.stdout.read()  # to its end: no child keeps our pipe
    wire.process.stdout.close()
    if not wire.process.stdin.closed:
        wire.process.stdin.close()
    assert ends(pid)
    assert code == {"eof": 1, "exit": 1, "SIGINT": 130, "SIGTERM": 143, "SIGKILL": -9}[how]


def test_shutdown_then_exit_is_zero(tmp_path: Path) -> None:
    assert Wire(tmp_path).close() == 0


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes as Linux can")
def test_the_server_ends_with_its_editor(tmp_path: Path) -> None:
    waits = [sys.executable, "-c", "input()"]
    with subprocess.Popen(waits, stdin=subprocess.PIPE) as parent:
        wire = Wire(tmp_path, process=parent.pid)
        parent.kill()
    assert wire.process.wait(timeout=30) == 1
    wire.process.communicate()

"""However the server ends, nothing that it started lives on."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CELL = "Wait\n\n```sh\necho $$ > pid; exec sleep 600\n```\n"


class Wire:
    """A server, spoken to in bare JSON-RPC."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "runbook_ls", "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
        )
        folders = [{"uri": folder.as_uri(), "name": "x"}]
        options = {"trusted": True, "memory.learn_workspace": False}
        self.send("initialize", 1, {"capabilities": {}, "processId": None, "rootUri": None,
                  "workspaceFolders": folders, "initializationOptions": options})  # fmt: skip
        assert self.receive()["id"] == 1
        self.send("initialized", None, {})

    def send(self, method: str, number: int | None, params: object) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message | ({"id": number} if number is not None else {})).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def receive(self) -> dict[str, object]:
        assert self.process.stdout is not None
        length = 0
        while (header := self.process.stdout.readline().strip()) or not length:
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        return json.loads(self.process.stdout.read(length))


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
    wire = Wire(tmp_path)
    wire.send("shutdown", 2, None)
    while wire.receive().get("id") != 2:
        pass
    wire.send("exit", None, None)
    assert wire.process.wait(timeout=30) == 0
    wire.process.communicate()

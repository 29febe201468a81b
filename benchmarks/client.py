"""A language client in bare JSON-RPC, for the benchmarks of the server: no library's time is in the figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

OURS = (sys.executable, "-m", "runbook_ls", "serve")


class Client:
    """A server process. Messages are stamped with the time their last byte was read (`time.perf_counter`)."""

    def __init__(self, command: Sequence[str] = OURS, home: Path | None = None) -> None:
        environment = {**os.environ, "RUNBOOK_LS_LLM": "off"}
        environment["RUNBOOK_LS_HOME"] = str(home or tempfile.mkdtemp(prefix="runbook-ls-bench-"))
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        self.number = 0
        self.answers: dict[int, tuple[float, dict[str, Any]]] = {}
        self.published: dict[tuple[str, int], float] = {}
        self.came = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not line:
                return
            message = json.loads(stream.read(length))
            now = time.perf_counter()
            with self.came:
                if "method" in message and "id" in message:
                    self._put({"id": message["id"], "result": None})
                elif "id" in message:
                    self.answers[message["id"]] = now, message
                elif message.get("method") == "textDocument/publishDiagnostics":
                    params = message["params"]
                    self.published.setdefault((params["uri"], params.get("version", 0)), now)
                self.came.notify_all()

    def _put(self, message: Mapping[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def tell(self, method: str, params: object) -> None:
        """Send a notification."""
        self._put({"method": method, "params": params})

    def ask(self, method: str, params: object) -> int:
        """Send a request; its number."""
        self.number += 1
        self._put({"method": method, "params": params, "id": self.number})
        return self.number

    def answer(self, number: int, seconds: float = 120) -> tuple[float, dict[str, Any]]:
        """When the answer came, and what it is."""
        with self.came:
            assert self.came.wait_for(lambda: number in self.answers, seconds), f"no answer to {number}"
            return self.answers.pop(number)

    def timed(self, method: str, params: object) -> float:
        """Milliseconds from asking to the answer."""
        begun = time.perf_counter()
        return (self.answer(self.ask(method, params))[0] - begun) * 1000

    def initialize(self, folder: Path, **options: object) -> float:
        """Milliseconds from the start of the process to the answer."""
        params = {
            "capabilities": {"textDocument": {"publishDiagnostics": {"versionSupport": True}}},
            "processId": os.getpid(),
            "rootUri": folder.as_uri(),
            "workspaceFolders": [{"uri": folder.as_uri(), "name": "x"}],
            "initializationOptions": {"trusted": True, "memory.learn_workspace": False, **options},
        }
        at = self.answer(self.ask("initialize", params))[0]
        self.tell("initialized", {})
        return (at - self.begun) * 1000

    def open(self, uri: str, text: str) -> None:
        """Open a markdown document."""
        item = {"uri": uri, "languageId": "markdown", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})

    def until_published(self, uri: str, version: int, seconds: float = 120) -> float:
        """When diagnostics of this version were published."""
        with self.came:
            found = self.came.wait_for(lambda: (uri, version) in self.published, seconds)
            assert found, f"no diagnostics for version {version}"
            return self.published[uri, version]

    def change(
        self, uri: str, version: int, line: int, column: int, end: tuple[int, int], text: str
    ) -> float:
        """Make an edit; milliseconds until its diagnostics were read to their last byte."""
        where = {"start": {"line": line, "character": column}, "end": {"line": end[0], "character": end[1]}}
        begun = time.perf_counter()
        self.tell(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": version},
                "contentChanges": [{"range": where, "text": text}],
            },
        )
        return (self.until_published(uri, version) - begun) * 1000

    def memory(self) -> float:
        """Resident MB of the server and all that it started."""
        return sum(_resident(process) for process in _family(self.process.pid))

    def close(self) -> None:
        """Shut down."""
        self.answer(self.ask("shutdown", None))
        self.tell("exit", None)
        self.process.wait(30)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _family(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task").glob("*/children")
    found = [process]
    for file in children:
        for child in file.read_text().split():
            found += _family(int(child))
    return found


def _resident(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().split("\n")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)

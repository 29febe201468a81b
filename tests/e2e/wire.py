"""A server, spoken to in bare JSON-RPC."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Wire:
    """A server process and its pipes. `initialize` is False to leave that to the test."""

    def __init__(
        self,
        folder: Path,
        *,
        initialize: bool = True,
        capabilities: Mapping[str, object] | None = None,
        options: Mapping[str, object] | None = None,
        process: int | None = None,
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "runbook_ls", "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
        )
        self.params = {
            "capabilities": capabilities or {},
            "processId": process,
            "rootUri": None,
            "workspaceFolders": [{"uri": folder.as_uri(), "name": "x"}],
            "initializationOptions": {"trusted": True, "memory.learn_workspace": False, **(options or {})},
        }
        self.notifications: list[dict[str, Any]] = []
        self.last = 0
        if initialize:
            assert "result" in self.ask("initialize", self.params)
            self.send("initialized", None, {})

    def send(self, method: str, number: int | None, params: object) -> None:
        """Send a request (with a number) or a notification."""
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        self.put(json.dumps(message | ({"id": number} if number is not None else {})).encode())

    def put(self, body: bytes) -> None:
        """Send any bytes as a message."""
        self.raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def raw(self, data: bytes) -> None:
        """Send any bytes at all."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        """The next message of the server."""
        assert self.process.stdout is not None
        length = 0
        while (header := self.process.stdout.readline().strip()) or not length:
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        return json.loads(self.process.stdout.read(length))  # type: ignore[no-any-return]

    def ask(self, method: str, params: object) -> dict[str, Any]:
        """The answer to a request; what comes before it is kept, and requests of the server get null."""
        self.last += 1
        self.send(method, self.last, params)
        return self.answer(self.last)

    def answer(self, number: int | None) -> dict[str, Any]:
        """The answer with this id."""
        while True:
            message = self.receive()
            if "method" not in message and message.get("id") == number:
                return message
            if "method" in message and "id" in message:
                self.put(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": None}).encode())
            self.notifications.append(message)

    def close(self) -> int:
        """Shut the server down; its exit code."""
        self.ask("shutdown", None)
        self.send("exit", None, None)
        code = self.process.wait(timeout=30)
        self.process.communicate()
        return code

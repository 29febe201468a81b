"""What a client sees of a running cell as it runs: `runbook/cellStarted`, `cellOutput` and `cellFinished`.

Only for clients that set the capability `experimental.runbook.cellOutput`. Output is gathered for a moment and, of
a flood, only head and tail are sent, so that a cell that prints a gigabyte fills no pipe.
"""

from __future__ import annotations

import asyncio
import threading

from runbook_ls.document.runbook import Cell
from runbook_ls.execute.execution import Stream
from runbook_ls.execute.output import Bounded, without_colours
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench import open as opening
from runbook_ls.workbench.session import Session

_GATHER_SECONDS = 0.03
_AT_ONCE = 32 * 1024  # characters of head, and of tail, of one message


class CellOutput:
    """The notifications about one run of a cell; does nothing for clients that did not ask for them.

    `output` may be called from any thread, the rest on the loop.
    """

    def __init__(self, server: RunbookServer, session: Session, uri: str, cell: Cell, run_id: str) -> None:
        self._server = server
        self._wanted, self._colours = server.shows("cellOutput"), server.shows("colours")
        self._cell = {"key": opening.key_of(session, uri, cell), "name": cell.name, "line": cell.start_line}
        self._uri = uri
        self._id = run_id
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._gathered: list[tuple[Stream, Bounded]] = []
        self._due = False

    def started(self) -> None:
        """Say that the cell runs."""
        if self._wanted:
            params = {"uri": self._uri, "cell": self._cell, "executionId": self._id}
            self._server.protocol.notify("runbook/cellStarted", params)

    def output(self, stream: Stream, text: str) -> None:
        """Send on what the cell printed: the first of it at once, then what gathers in a moment."""
        if not self._wanted or not text:
            return
        with self._lock:
            if not self._gathered or self._gathered[-1][0] != stream:
                self._gathered.append((stream, Bounded(_AT_ONCE)))
            self._gathered[-1][1].add(text)
            due, self._due = self._due, True
        if not due:
            self._loop.call_soon_threadsafe(self._send)

    def finished(self, exit_code: int | None, duration_ms: int, outcome: str, receipt: str) -> None:
        """Say how it ended, after all of its output. `outcome` says it in words: `exit 1`, `timed out`, `not started`."""
        if self._wanted:
            self._flush()
            params = {
                "executionId": self._id,
                "exitCode": exit_code,
                "durationMs": duration_ms,
                "outcome": outcome,
                "receipt": receipt,
            }
            self._server.protocol.notify("runbook/cellFinished", params)

    def _send(self) -> None:
        if self._flush():
            self._loop.call_later(_GATHER_SECONDS, self._send)
            return
        with self._lock:
            self._due = bool(self._gathered)
        if self._due:
            self._loop.call_soon(self._send)

    def _flush(self) -> bool:
        """Send what has gathered; whether there was anything."""
        with self._lock:
            gathered, self._gathered = self._gathered, []
        for stream, bounded in gathered:
            text = bounded.text()
            params = {
                "executionId": self._id,
                "stream": stream,
                "text": text if self._colours else without_colours(text),
            }
            self._server.protocol.notify("runbook/cellOutput", params)
        return bool(gathered)
